//! A book in another language, as a translator comes to it: begun, translated, overtaken by the book, mended; and whatever happens,
//! no word that somebody translated is lost.

#![allow(clippy::expect_used, clippy::pedantic, clippy::unwrap_used)] // a test that cannot go on fails

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use backcare::author::translate::{Translated, translate};
use backcare::dialogue::{Book, Effect, Event, Input, Press, Reader, Screen, step};
use backcare::lint;
use backcare::source::{self, Edition, draft_files, fingerprint};
use backcare::walk::Walk;
use jiff::Timestamp;
use proptest::prelude::*;

fn noon() -> Timestamp {
    "2026-11-23T12:00:00Z".parse().unwrap()
}

/// A book in memory, with the folders of its languages.
#[derive(Clone)]
struct Folder(BTreeMap<String, String>);

impl Folder {
    /// The small book, which speaks Spanish beside its own language, and has not one word of it.
    fn small() -> Folder {
        let base = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/bad/base");
        let files = fs::read_dir(base).unwrap().map(|entry| entry.unwrap().path());
        let read = |path: std::path::PathBuf| {
            (path.file_name().unwrap().to_str().unwrap().to_owned(), fs::read_to_string(&path).unwrap())
        };
        let mut folder = Folder(files.map(read).collect());
        folder.edit("book.yaml", "home: home\n", "languages: [en, es]\nhome: home\n");
        folder
    }

    fn files(&self) -> Vec<(String, String)> {
        self.0.clone().into_iter().collect()
    }

    fn edit(&mut self, file: &str, from: &str, to: &str) {
        let text = self.0.get_mut(file).unwrap_or_else(|| panic!("no {file}"));
        assert!(text.contains(from), "{file} has no {from:?}:\n{text}");
        *text = text.replacen(from, to, 1);
    }

    fn put(&mut self, file: &str, text: &str) {
        self.0.insert(file.to_owned(), text.to_owned());
    }

    /// What stands in a file under a way, to its last line.
    fn entry(&self, file: &str, way: &str) -> &str {
        let (_, rest) = self.0[file].split_once(&format!("\n{way}:\n")).unwrap_or_else(|| panic!("{file} has no {way}"));
        rest.split("\n\n").next().unwrap().trim_end()
    }

    /// `backcare translate es`, and what it did.
    fn translate(&mut self, accept: &[&str]) -> Translated {
        let draft = draft_files(self.files(), "es").unwrap_or_else(|report| panic!("{report}"));
        let accept: Vec<String> = accept.iter().map(|way| (*way).to_owned()).collect();
        let done = translate(draft, &accept).unwrap();
        for (path, text) in &done.files {
            self.put(path.to_str().unwrap(), text);
        }
        done
    }

    fn say(&mut self, file: &str, way: &str, words: &str) {
        self.edit(file, &format!("\n{way}:\n  say:\n"), &format!("\n{way}:\n  say: {words}\n"));
    }

    /// Says every text in a language of its own: Spanish, to who knows neither.
    fn say_all(&mut self) {
        self.translate(&[]);
        let draft = draft_files(self.files(), "es").unwrap();
        for page in draft.pages {
            let said = page.texts.iter().filter(|text| text.is_needed).map(|text| {
                format!("{}: {{say: {}}}\n", text.way, serde_json::to_string(&format!("Lo {}", text.words)).unwrap())
            });
            self.put(page.path.to_str().unwrap(), &said.collect::<String>());
        }
        assert_eq!(self.translate(&[]).to_string(), "es: 54 texts, 0 missing, 0 stale");
    }

    /// What the checker says, each with its place.
    fn told(&self) -> Vec<String> {
        let (_, report) = lint::check_files(self.files());
        report.findings().iter().map(|finding| format!("{}: {}", report.address(finding.place), finding.message)).collect()
    }

    fn editions(&self) -> (Book, Edition) {
        let loaded = source::load_files(self.files());
        let book = loaded.book.unwrap_or_else(|| panic!("{}", loaded.report));
        let edition = loaded.languages.translations.into_iter().next().unwrap().edition;
        (book, edition.unwrap_or_else(|| panic!("{}", loaded.report)))
    }
}

// --- stories ---------------------------------------------------------------------------------------------------------------------------

#[test]
fn a_language_begins_with_every_text_and_no_words() {
    let mut folder = Folder::small();
    assert_eq!(folder.told(), ["book.yaml:5:12: es: 54 of 54 texts are missing; the first is `title`."]);
    let done = folder.translate(&[]);
    assert_eq!(done.to_string(), "es: 54 texts, 54 missing, 0 stale");
    let names: Vec<&str> = folder.0.keys().filter_map(|name| name.strip_prefix("es/")).collect();
    assert_eq!(names, ["book.yaml", "home.yaml", "weekly.yaml", "words.yaml"]);
    let home = &folder.0["es/home.yaml"];
    let ways: Vec<&str> = home.lines().filter(|line| !line.starts_with(['#', ' ']) && !line.is_empty()).collect();
    assert_eq!(ways, ["home.title:", "home.text:", "help.title:", "help.text:", "tip.title:", "tip.text:"]);
    assert!(home.contains("\n# **Call {unit}.** In an emergency, call {emergency}.\nhelp.text:\n  say:\n"), "{home}");
    assert_eq!(folder.told(), ["es/book.yaml:5:1: es: 54 of 54 texts are missing; the first is `title`."]);
    assert_eq!(folder.translate(&[]).files, []);
}

/// Signs and numbers are the same everywhere, and are not copied by hand.
#[test]
fn what_has_no_words_is_not_translated() {
    let mut folder = Folder::small();
    folder.translate(&[]);
    assert!(!folder.0["es/words.yaml"].contains("ticked:"), "{}", folder.0["es/words.yaml"]);
    assert!(!folder.0["es/book.yaml"].contains("say.emergency:\n  say:\n\n# your early unit"));
    assert!(folder.0["es/book.yaml"].contains("\nregions.gb.say.unit.1:\n"));
    // Whoever wants another sign can have it.
    folder.0.get_mut("es/words.yaml").unwrap().push_str("\nticked: {say: ✔}\n");
    assert_eq!(folder.translate(&[]).astray, 0);
    assert_eq!(folder.entry("es/words.yaml", "ticked"), format!("  of: {:08x}\n  say: \"✔\"", fingerprint("☑")));
}

#[test]
fn words_are_stamped_and_a_text_that_changes_is_told() {
    let mut folder = Folder::small();
    folder.translate(&[]);
    folder.say("es/home.yaml", "tip.text", "Muévete un poco, a menudo.");
    folder.say("es/home.yaml", "tip.title", "Un consejo\n  note: Consejo, not truco.");
    assert_eq!(folder.translate(&[]).to_string(), "es: 54 texts, 52 missing, 0 stale");
    let stamp = format!("{:08x}", fingerprint("Move a little, often."));
    assert_eq!(folder.entry("es/home.yaml", "tip.text"), format!("  of: {stamp}\n  say: Muévete un poco, a menudo."));
    assert!(folder.entry("es/home.yaml", "tip.title").ends_with("say: Un consejo\n  note: Consejo, not truco."));

    folder.edit("home.yaml", "Move a little, often.", "Move a little, every hour.");
    let stale = "es: 1 of 54 texts has changed since they were translated; the first is `tip.text`.";
    assert!(folder.told().iter().any(|told| told.starts_with("es/home.yaml:") && told.ends_with(stale)), "{:?}", folder.told());
    // The words stay until somebody mends them, and the new text stands above them.
    assert_eq!(folder.translate(&[]).to_string(), "es: 54 texts, 52 missing, 1 stale");
    let changed = format!(
        "# CHANGED since it was translated. It says now:\n# Move a little, every hour.\ntip.text:\n  of: {stamp}\n  say: Muévete"
    );
    assert!(folder.0["es/home.yaml"].contains(&changed), "{}", folder.0["es/home.yaml"]);
    assert_eq!(folder.translate(&[]).files, []);
    assert_eq!(folder.editions().1.book.find("tip"), folder.editions().0.find("tip"));

    let mut mended = folder.clone();
    mended.edit("es/home.yaml", &format!("  of: {stamp}\n  say: Muévete un poco, a menudo."), "  say: Muévete cada hora.");
    assert_eq!(mended.translate(&[]).stale, 0);
    let today = format!("{:08x}", fingerprint("Move a little, every hour."));
    assert_eq!(mended.entry("es/home.yaml", "tip.text"), format!("  of: {today}\n  say: Muévete cada hora."));

    assert_eq!(folder.translate(&["tip.text", "tip.title"]).stale, 0);
    assert_eq!(folder.entry("es/home.yaml", "tip.text"), format!("  of: {today}\n  say: Muévete un poco, a menudo."));
}

#[test]
fn what_cannot_be_accepted_is_said() {
    let folder = Folder::small();
    let accept = |way: &str| translate(draft_files(folder.files(), "es").unwrap(), &[way.to_owned()]).unwrap_err();
    assert_eq!(accept("tip.text"), "tip.text has no words in this language yet.");
    assert_eq!(accept("tip.txet"), "The book has no text tip.txet. Did you mean tip.text?");
    assert_eq!(accept("shower.text"), "The book has no text shower.text.");
}

/// How a text is set is not what it says.
#[test]
fn other_line_ends_and_another_form_change_no_fingerprint() {
    let mut folder = Folder::small();
    folder.say_all();
    folder.edit("home.yaml", "text: |\n    Hello. What would help?", "text: Hello. What would help?");
    for text in folder.0.values_mut() {
        *text = text.replace('\n', "\r\n");
    }
    assert_eq!(folder.told(), Vec::<String>::new());
}

#[test]
fn words_of_a_page_that_has_another_name_are_kept() {
    let mut folder = Folder::small();
    folder.say_all();
    folder.edit("home.yaml", "links: [help, tip]", "links: [help, tipp]");
    folder.edit("home.yaml", "\ntip:\n", "\ntipp:\n");
    folder.edit("weekly.yaml", "from: tip", "from: tipp");
    let told = folder.told();
    assert_eq!(told.len(), 3, "{told:?}");
    assert!(told[0].ends_with("es: 2 of 54 texts are missing; the first is `tipp.title`."), "{told:?}");
    assert!(told[1].ends_with("The book has no text `tip.title`."), "{told:?}");
    assert_eq!(folder.translate(&[]).to_string(), "es: 54 texts, 2 missing, 0 stale, 2 astray");
    let home = &folder.0["es/home.yaml"];
    let (_, kept) = home.split_once("# --- The book has none of these texts here.").unwrap();
    assert!(kept.contains("tip.title:\n") && kept.contains("say: Lo Move a little, often."), "{kept}");
    assert_eq!(folder.translate(&[]).files, []);
    // It comes back with its name.
    folder.edit("home.yaml", "links: [help, tipp]", "links: [help, tip]");
    folder.edit("home.yaml", "\ntipp:\n", "\ntip:\n");
    folder.edit("weekly.yaml", "from: tipp", "from: tip");
    assert_eq!(folder.translate(&[]).to_string(), "es: 54 texts, 0 missing, 0 stale");
    assert_eq!(folder.told(), Vec::<String>::new());
}

#[test]
fn words_follow_a_page_into_another_file() {
    let mut folder = Folder::small();
    folder.say_all();
    let home = folder.0["home.yaml"].clone();
    let (rest, tip) = home.split_once("\ntip:\n").unwrap();
    folder.put("home.yaml", rest);
    folder.put("tips.yaml", &format!("source: house\ntip:\n{tip}"));
    assert!(folder.told().iter().any(|told| told.ends_with("`tip.title` stands in another file of the book.")));
    let done = folder.translate(&[]);
    assert_eq!(done.to_string(), "es: 54 texts, 0 missing, 0 stale");
    // They stand in their new file before they leave the old one.
    let written: Vec<&str> = done.files.iter().map(|(path, _)| path.to_str().unwrap()).collect();
    assert_eq!(written, ["es/tips.yaml", "es/home.yaml"]);
    assert_eq!(folder.told(), Vec::<String>::new());
}

#[test]
fn who_translated_and_who_checked_is_kept() {
    let mut folder = Folder::small();
    folder.put(
        "es/home.yaml",
        "translated: machine\nchecked-by: a midwife\nchecked-on: 2026-11-23\ntip.title: {say: Un consejo}\n",
    );
    folder.translate(&[]);
    assert!(folder.0["es/home.yaml"].contains("\ntranslated: machine\nchecked-by: a midwife\nchecked-on: \"2026-11-23\"\n"));
    let credits = &folder.editions().1.credits["home.yaml"];
    assert_eq!((credits.translated.as_deref(), credits.checked_by.as_deref()), (Some("machine"), Some("a midwife")));
    assert_eq!(credits.checked_on, Some(jiff::civil::date(2026, 11, 23)));
}

/// A key of a file's head must never be a way of the book.
#[test]
fn no_phrase_is_called_like_a_key_of_the_head() {
    let mut folder = Folder::small();
    let shipped = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("dialogues/words.yaml")).unwrap();
    folder.put("words.yaml", &shipped.replace("{unit}", "your unit"));
    let draft = draft_files(folder.files(), "es").unwrap();
    let ways: Vec<&str> = draft.pages.iter().flat_map(|page| &page.texts).map(|text| text.way.as_str()).collect();
    assert!(ways.contains(&"weekly.hours.24") && ways.contains(&"months.12") && ways.contains(&"weekly.week-words.1"));
    assert!(["translated", "checked-by", "checked-on"].iter().all(|key| !ways.contains(key)));
}

// --- mistakes --------------------------------------------------------------------------------------------------------------------------

#[test]
fn a_mistake_in_a_translation_is_told_in_its_file() {
    let mut complete = Folder::small();
    complete.say_all();
    let text = "\"Lo **Call {unit}.** In an emergency, call {emergency}.\"";
    for (words, at, told) in [
        ("Llama a {unidad}.", "help.text", "Nothing fills {unidad} here."),
        ("\"> Llama\"", "help.text", "`>` at the start of a line, for a quotation, is not used here."),
        ("\"Llama a {unit\"", "help.text", "A brace opens here, but no placeholder follows."),
        ("Llama #ahora", "help.text", "`#` ends the text here."),
        ("[Llama]", "help.text", "A text can't start with `[` unless it is in quotes or in a block."),
    ] {
        let mut folder = complete.clone();
        folder.edit("es/home.yaml", &format!("say: {text}"), &format!("say: {words}"));
        let line = folder.0["es/home.yaml"].lines().position(|line| line == format!("{at}:")).unwrap() + 3;
        let found = folder.told();
        assert_eq!(found.len(), 1, "{words}: {found:?}");
        assert!(found[0].starts_with(&format!("es/home.yaml:{line}:")) && found[0].ends_with(told), "{words}: {found:?}");
        assert!(lint::check_files(folder.files()).0.is_none(), "a book with a mistake in a language does not go live");
    }
}

#[test]
fn other_mistakes_are_told_in_their_file_too() {
    let mut complete = Folder::small();
    complete.say_all();
    let long = "palabra ".repeat(600);
    for (file, from, to, told) in [
        ("home", "say: Lo Get help", "say: \"Lo\\nGet help\"", "`title` takes one line."),
        ("home", "say: Lo Get help", "say: Lo A tip", "Two buttons of `home` say \"Lo A tip\" and lead to different places."),
        ("home", "say: Lo Move a little, often.", "say: Llama al 999.", "999 is what {emergency} says in gb."),
        ("home", "say: Lo Move a little, often.", &format!("say: {long}"), "This text comes to 4"),
        ("home", "  say: Lo Get help", "  sya: Lo Get help", "`sya` isn't a key of a translated text."),
        ("home", "  say: Lo Get help", "  say: [", "This `[` is never closed."),
        ("home", "\nhelp.title:\n", "\nhome.title:\n", "`home.title` stands here a second time."),
        ("book", "say: Lo Britain", "say: {a: b}", "A text can't start with `{`"),
        ("words", "say: Lo January", "say: \"**Enero**\"", "`months` takes plain words, so the stars would be seen."),
    ] {
        let mut folder = complete.clone();
        let name = format!("es/{file}.yaml");
        folder.edit(&name, from, to);
        let found = folder.told();
        assert!(found.iter().any(|found| found.starts_with(&name) && found.contains(told)), "{to}: {found:?}");
        assert!(found.iter().all(|found| found.starts_with(&name)), "{to}: {found:?}");
    }
}

/// A name that is missing is told once, with all its places, and these are places in the language's file.
#[test]
fn places_in_a_hint_are_those_of_the_translation() {
    let mut folder = Folder::small();
    folder.say_all();
    folder.edit("es/home.yaml", "say: Lo Hello. What would help?", "say: Lo {x}");
    folder.edit("es/home.yaml", "say: Lo Move a little, often.", "say: Lo {x}");
    let line = folder.0["es/home.yaml"].lines().enumerate().filter(|(_, line)| line.contains("{x}")).nth(1).unwrap().0 + 1;
    let (_, report) = lint::check_files(folder.files());
    let [finding] = report.findings() else { panic!("{report}") };
    let hint = finding.hint.as_deref().unwrap();
    assert!(hint.ends_with(&format!("The same at es/home.yaml:{line}.")), "{hint}");
}

/// What is wrong with the book is told once, however many languages it has; what is wrong with a language is told beside it.
#[test]
fn a_mistake_of_the_book_is_told_once() {
    let mut folder = Folder::small();
    folder.say_all();
    folder.edit("home.yaml", "Move a little, often.", "Move {a-little}.");
    folder.edit("es/home.yaml", "say: Lo Get help", "say: Lo {help}");
    let told = folder.told();
    assert_eq!(told.len(), 2, "{told:?}");
    assert!(told[0].starts_with("home.yaml:") && told[1].starts_with("es/home.yaml:"), "{told:?}");
}

/// A rule that finds nothing in the book's own words may find something in those of a language that stand beside them.
#[test]
fn words_that_a_language_says_in_its_own_way_are_measured_with_it() {
    let mut folder = Folder::small();
    let long = "word ".repeat(780);
    folder.edit("home.yaml", "    **Call {unit}.** In", &format!("    {long} **Call {{unit}}.** In"));
    folder.put("es/book.yaml", &format!("regions.gb.say.unit.2: {{say: {}}}\n", "hospital ".repeat(20)));
    let told = folder.told();
    assert!(told.iter().any(|told| told.starts_with("home.yaml:") && told.contains("for the region `gb`")), "{told:?}");
}

#[test]
fn languages_are_two_small_letters_and_none_stands_twice() {
    for (list, told) in [
        ("[english]", "`english` isn't a language."),
        ("[en, ES]", "`ES` isn't a language."),
        ("[en, es, es]", "`es` stands here twice."),
        ("[]", "`languages` has nothing in it."),
    ] {
        let mut folder = Folder::small();
        folder.edit("book.yaml", "[en, es]", list);
        assert!(folder.told().iter().any(|found| found.ends_with(told)), "{list}: {:?}", folder.told());
    }
}

// --- talk ------------------------------------------------------------------------------------------------------------------------------

#[test]
fn a_complete_language_talks() {
    let mut folder = Folder::small();
    folder.say_all();
    assert_eq!(folder.told(), Vec::<String>::new());
    let (_, Edition { book, .. }) = folder.editions();
    assert_eq!(book.language(), "es");
    let walk = "region: gb\n> /start\nLo Hello. What would help?\n[Lo A tip]\nLo Move a little, often.\n[Lo Back]\n[Lo Get help]\n\
                Lo Call Lo your unit. In an emergency, call 999.\n![Get help]\n> i have heavy bleeding\nLo Call Lo your unit.\n";
    Walk::read(walk).play(&book, noon()).unwrap_or_else(|strayed| panic!("{strayed}"));
}

/// What is not translated yet is said in the book's own language.
#[test]
fn a_language_that_is_only_begun_talks_too() {
    let mut folder = Folder::small();
    folder.put("es/home.yaml", "home.text: {say: \"¿Qué ayudaría?\"}\n");
    let walk = Walk::read("> /start\n¿Qué ayudaría?\n[A tip]\nMove a little, often.\n");
    walk.play(&folder.editions().1.book, noon()).unwrap_or_else(|strayed| panic!("{strayed}"));
}

/// A button of one language means the same in every other.
#[test]
fn buttons_are_the_same_in_all_languages() {
    let mut folder = Folder::small();
    folder.say_all();
    let (own, Edition { book: other, .. }) = folder.editions();
    assert_eq!(own.fingerprint(), other.fingerprint());
    let page = own.compose(&Screen::of(own.home()), &Reader::default());
    let mut pressed = 0;
    for key in page.rows.iter().flatten() {
        let Press::Token(token) = &key.press else { continue };
        let shown = |book: &Book| {
            let turn = step(book, Reader::default(), &Input { at: noon(), event: Event::Pressed(token.clone()) });
            match turn.effects.as_slice() {
                [Effect::Show(screen) | Effect::Send(screen)] => (book.name(screen.node).to_owned(), screen.view.clone()),
                other => panic!("one screen, not {other:?}"),
            }
        };
        assert_eq!(shown(&own), shown(&other), "{}", key.label);
        pressed += 1;
    }
    assert!(pressed >= 2);
}

// --- the command -----------------------------------------------------------------------------------------------------------------------

fn run(folder: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_backcare"));
    command.arg("--dialogues").arg(folder).args(arguments).output().unwrap()
}

fn on_disk(folder: &Folder) -> tempfile::TempDir {
    let dir = tempfile::tempdir().unwrap();
    for (name, text) in &folder.0 {
        let path = dir.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    dir
}

fn all(dir: &Path) -> BTreeMap<String, String> {
    let files = fs::read_dir(dir).unwrap().map(|entry| entry.unwrap().path());
    files.map(|path| (path.display().to_string(), fs::read_to_string(&path).unwrap())).collect()
}

#[test]
fn the_command_writes_the_folder_and_counts() {
    let mut folder = Folder::small();
    folder.edit("book.yaml", "languages: [en, es]\n", "");
    let dir = on_disk(&folder);
    let out = run(dir.path(), &["translate", "es"]);
    assert!(out.status.success());
    let said = String::from_utf8(out.stdout).unwrap();
    assert_eq!(
        said,
        "es: 54 texts, 54 missing, 0 stale\nThe book doesn't speak it yet: write `languages: [en, es]` into book.yaml.\n"
    );
    assert_eq!(all(&dir.path().join("es")).len(), 4);
    assert_eq!(run(dir.path(), &["translate", "en"]).status.code(), Some(2));
    assert_eq!(run(dir.path(), &["translate", "Spanish"]).status.code(), Some(2));
    assert_eq!(run(dir.path(), &["translate", "es", "--accept", "tip.text"]).status.code(), Some(2));
}

/// Neither a broken file nor a broken book may cost a word.
#[test]
fn nothing_is_written_over_what_could_not_be_read() {
    let mut complete = Folder::small();
    complete.say_all();
    complete.edit("home.yaml", "Move a little, often.", "Move a little.");
    for (file, from, to) in [
        ("es/home.yaml", "say: Lo Get help", "say: [Lo"),
        ("es/home.yaml", "say: Lo Get help", "say: Lo Get #help"),
        ("es/home.yaml", "say: Lo Get help", "say: Lo Get help\n  saying: Lo"),
        ("es/home.yaml", "\nhelp.title:\n", "\nhome.title:\n"),
        ("home.yaml", "title: A tip", "title: [A tip"),
        ("home.yaml", "title: A tip", "tilte: A tip"),
    ] {
        let mut folder = complete.clone();
        folder.edit(file, from, to);
        let dir = on_disk(&folder);
        let before = all(&dir.path().join("es"));
        let out = run(dir.path(), &["translate", "es"]);
        let said = String::from_utf8(out.stderr).unwrap();
        assert_eq!(out.status.code(), Some(1), "{to}");
        assert!(said.contains(file) && said.contains("Nothing was written"), "{to}: {said}");
        assert_eq!(all(&dir.path().join("es")), before, "{to}");
    }
    let dir = on_disk(&complete);
    assert_eq!(run(dir.path(), &["translate", "es"]).stdout, b"es: 54 texts, 0 missing, 1 stale\n");
}

#[test]
fn a_chat_is_held_in_a_language_of_the_book() {
    let mut folder = Folder::small();
    folder.say_all();
    let dir = on_disk(&folder);
    let out = run(dir.path(), &["chat", "--lang", "es"]);
    assert!(String::from_utf8(out.stdout).unwrap().starts_with("Lo Hello. What would help?"));
    let out = run(dir.path(), &["chat", "--lang", "fr"]);
    assert_eq!(
        (out.status.code(), String::from_utf8(out.stderr).unwrap().as_str()),
        (Some(2), "--lang fr: the book speaks en, es.\n")
    );
}

// --- whatever stands in a folder -------------------------------------------------------------------------------------------------------

/// Words as people and programs may leave them.
fn words() -> impl Strategy<Value = String> {
    prop_oneof![
        "\\PC{0,20}",
        "[a-zé .,:#|>{}*'\"-]{0,30}",
        "[ a-z\n]{0,120}",
        "[a-z ]{80,110}",
        any::<String>(),
        Just("- one\n- two\n\n  three  \n \nfour\t\n".to_owned()),
        Just("a\u{85}b\u{2028}c\r\nd\u{feff}".to_owned()),
    ]
}

#[derive(Debug, Clone)]
struct Given {
    file: &'static str,
    way: String,
    of: Option<&'static str>,
    say: Option<String>,
    note: Option<String>,
}

fn given() -> impl Strategy<Value = Given> {
    let file = prop::sample::select(&["es/home.yaml", "es/words.yaml", "es/weekly.yaml", "es/gone.yaml"][..]);
    let way = prop_oneof![
        prop::sample::select(
            &["home.title", "home.text", "tip.text", "back", "months.3", "ticked", "tips.tip.text", "old.text"][..]
        )
        .prop_map(str::to_owned),
        "[a-zé:# \"\\.-]{1,12}",
    ];
    let of = prop::option::of(prop::sample::select(&["00000000", "1234abcd"][..]));
    (file, way, of, prop::option::of(words()), prop::option::of(words())).prop_map(|(file, way, of, say, note)| Given {
        file,
        way,
        of,
        say,
        note,
    })
}

/// A file as a program would write it: quotes throughout.
fn as_json(all: &[&Given]) -> String {
    let quoted = |text: &String| serde_json::to_string(text).unwrap();
    let line = |given: &&Given| {
        let mut line = format!("{}: {{", quoted(&given.way));
        given.of.iter().for_each(|of| line.push_str(&format!("of: \"{of}\", ")));
        line.push_str(&format!("say: {}, ", quoted(&given.say.clone().unwrap_or_default())));
        given.note.iter().for_each(|note| line.push_str(&format!("note: {}, ", quoted(note))));
        format!("{line}}}\n")
    };
    all.iter().map(line).collect()
}

/// All that anybody wrote.
#[derive(Default)]
struct Kept {
    /// With their way.
    words: BTreeSet<(String, String)>,
    /// Those that were translated before, with their fingerprint.
    stamped: BTreeSet<(String, u32, String)>,
    notes: Vec<String>,
}

fn kept(folder: &Folder) -> Kept {
    let draft = draft_files(folder.files(), "es").unwrap_or_else(|report| panic!("{report}"));
    let mut kept = Kept::default();
    for (way, entry) in draft.pages.into_iter().flat_map(|page| page.entries) {
        kept.stamped.extend(entry.of.zip(entry.say.clone()).map(|(of, say)| (way.clone(), of, say)));
        kept.words.extend(entry.say.map(|say| (way.clone(), say)));
        kept.notes.extend(entry.note);
    }
    kept
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 120, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn nothing_is_lost_and_the_second_time_nothing_changes(all in prop::collection::vec(given(), 0..12)) {
        let mut folder = Folder::small();
        let mut seen = BTreeSet::new();
        let all: Vec<&Given> = all.iter().filter(|given| seen.insert((given.file, &given.way))).collect();
        for file in ["es/home.yaml", "es/words.yaml", "es/weekly.yaml", "es/gone.yaml"] {
            let of_file: Vec<&Given> = all.iter().filter(|given| given.file == file).copied().collect();
            folder.put(file, &as_json(&of_file));
        }
        let begun = kept(&folder);
        let said: BTreeSet<(String, String)> = all
            .iter()
            .filter_map(|given| Some((given.way.clone(), given.say.as_deref()?.trim().replace("\r\n", "\n"))))
            .filter(|(_, say)| !say.is_empty())
            .collect();
        prop_assert_eq!(&begun.words, &said);
        let done = folder.translate(&[]);
        let after = kept(&folder);
        prop_assert_eq!(&begun.words, &after.words);
        prop_assert!(begun.stamped.is_subset(&after.stamped), "{:?} is not all in {:?}", begun.stamped, after.stamped);
        for note in &begun.notes {
            prop_assert!(after.notes.iter().any(|kept| kept.contains(note.as_str())), "{note:?} is not in {:?}", after.notes);
        }
        let again = folder.translate(&[]);
        prop_assert_eq!(&again.files, &[]);
        prop_assert_eq!((again.missing, again.stale, again.astray), (done.missing, done.stale, done.astray));
    }

    /// Whatever stands in a language's file, what is said of it has a place that can be shown.
    #[test]
    fn any_file_of_a_language_gets_a_report(begin in 0usize..400, text in prop_oneof!["\\PC{0,80}", words()], end in 0usize..400) {
        let mut folder = Folder::small();
        folder.say_all();
        let whole: Vec<char> = folder.0["es/home.yaml"].chars().collect();
        let (begin, end) = (begin.min(whole.len()), (begin + end).min(whole.len()));
        let text: String = whole[..begin].iter().copied().chain(text.chars()).chain(whole[end..].iter().copied()).collect();
        folder.put("es/home.yaml", &text);
        let (book, report) = lint::check_files(folder.files());
        prop_assert_eq!(book.is_none(), report.errors() > 0, "{}", report);
        let _ = report.render(true);
        for finding in report.findings() {
            let file = report.file(finding.place.file).unwrap();
            let (from, to) = (finding.place.span.from, finding.place.span.to);
            prop_assert!(file.name.starts_with("es/") && file.text.get(from..to).is_some(), "{}", report);
        }
    }
}
