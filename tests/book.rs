//! The reader of books and its rules: each bad book beside the report that its author gets.
//!
//! `UPDATE=1 cargo test --test book` writes the reports anew; read them before you keep them.

#![allow(clippy::expect_used, clippy::pedantic, clippy::unwrap_used)] // a test that cannot go on fails

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use backcare::channel::terminal::{Drawer, Look, converse};
use backcare::dialogue::WeekRange;
use backcare::dialogue::weekly::{Policy, Tip};
use backcare::lint::{self, RULES, Row};
use backcare::service::library::Library;
use backcare::source::{self, Severity};
use jiff::civil::Weekday;
use proptest::prelude::*;

fn bad(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/bad").join(name)
}

fn files_in(dir: &Path) -> Vec<PathBuf> {
    let mut files: Vec<PathBuf> = fs::read_dir(dir).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    files
}

/// The small whole book that each bad book is laid over, so that a bad book holds only what is wrong with it.
fn base() -> Vec<(String, String)> {
    let read = |path: PathBuf| (path.file_name().unwrap().to_str().unwrap().to_owned(), fs::read_to_string(&path).unwrap());
    files_in(&bad("base")).into_iter().map(read).collect()
}

/// The files of a bad book, those of its folders too, over what is there.
fn copy(from: &Path, to: &Path) {
    for file in files_in(from) {
        let name = file.file_name().unwrap();
        if file.is_dir() {
            fs::create_dir_all(to.join(name)).unwrap();
            copy(&file, &to.join(name));
        } else if !["expected.txt", "without", "large"].iter().any(|own| name == *own) {
            fs::copy(&file, to.join(name)).unwrap();
        }
    }
}

/// The report on a bad book. A file `without` lists files of the small book that are left out; a file `large` names files and how many
/// bytes they are filled up to, so that nobody has to keep them.
fn report(name: &str) -> String {
    let book = tempfile::tempdir().unwrap();
    let without = fs::read_to_string(bad(name).join("without")).unwrap_or_default();
    for (file, text) in base().into_iter().filter(|(file, _)| !without.lines().any(|line| line == file)) {
        fs::write(book.path().join(file), text).unwrap();
    }
    copy(&bad(name), book.path());
    for line in fs::read_to_string(bad(name).join("large")).unwrap_or_default().lines() {
        let (file, bytes) = line.split_once(": ").unwrap();
        let path = book.path().join(file);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, vec![b' '; bytes.parse().unwrap()]).unwrap();
    }
    let mut report = lint::examine(book.path(), Some(jiff::civil::date(2026, 11, 23))).report;
    let services = book.path().join("services.csv");
    if services.exists() {
        report = report.and(source::services(&services).report);
    }
    report.to_string().replace(&format!("{}/", book.path().display()), "")
}

#[test]
fn each_bad_book_gets_the_report_beside_it() {
    let mut wrong = Vec::new();
    for dir in files_in(&bad("")).into_iter().filter(|dir| dir.is_dir() && !dir.ends_with("base")) {
        let name = dir.file_name().unwrap().to_str().unwrap();
        let (found, expected) = (report(name), dir.join("expected.txt"));
        if std::env::var_os("UPDATE").is_some() {
            fs::write(&expected, &found).unwrap();
        } else if fs::read_to_string(&expected).unwrap_or_default() != found {
            wrong.push(format!("--- {name}\n{found}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn each_rule_has_its_bad_book() {
    for row in RULES {
        let expected = fs::read_to_string(bad(row.rule.name).join("expected.txt")).unwrap_or_default();
        let told = format!("{}[{} {}]", row.rule.severity.name(), row.rule.id, row.rule.name);
        assert!(expected.contains(&told), "tests/bad/{} does not show {told}", row.rule.name);
    }
}

/// The page of all checks: each with what is wrong in its bad book, and what its author is told.
fn checks() -> String {
    let mut page = String::from(concat!(
        "# Checks\n\nEverything that `backcare check` looks at, by id. An error keeps a book from going live; a warning can be turned off with a ",
        "reason:\n\n```yaml\noff:\n  BC0054:\n    nhs-backache: Kept for its facts; newer sources go before it.\n```\n\n",
        "Each example is a book of the tests with only what is wrong in it, and the report is what its author gets. ",
        "This page is written by `UPDATE=1 cargo test --test book`.\n\n| id | name | |\n|---|---|---|\n",
    ));
    for Row { rule, .. } in RULES {
        page += &format!("| [{0}](#{1}-{2}) | {2} | {3} |\n", rule.id, rule.id.to_lowercase(), rule.name, rule.severity.name());
    }
    for Row { rule, .. } in RULES {
        page += &format!("\n## {} {}\n\n{}: {}\n", rule.id, rule.name, rule.severity.name(), rule.summary);
        let dir = bad(rule.name);
        let report = fs::read_to_string(dir.join("expected.txt")).unwrap();
        // The first finding of this rule, and the file that it is about.
        let told = report.split("\n\n").find(|told| told.contains(&format!("[{} {}]", rule.id, rule.name))).unwrap();
        let file = told.lines().find_map(|line| line.trim_start().strip_prefix("--> ")).unwrap();
        let (file, line) = (file.split(':').next().unwrap(), file.split(':').nth(1).unwrap().parse::<usize>().unwrap());
        if let Ok(text) = fs::read_to_string(dir.join(file)) {
            let language = if file.ends_with(".csv") { "text" } else { "yaml" };
            page += &format!("\n```{language}\n# {file}\n{}\n```\n", around(&text, line));
        }
        page += &format!("\n```text\n{}\n```\n", told.trim_end());
    }
    page
}

/// The lines of a file around one of them, long ones cut: an example is looked at, not read.
fn around(text: &str, line: usize) -> String {
    let from = line.saturating_sub(5);
    let lines = text.lines().skip(from).take(9).map(|line| match line.char_indices().nth(140) {
        Some((at, _)) => format!("{}…", &line[..at]),
        None => line.to_owned(),
    });
    lines.collect::<Vec<_>>().join("\n").trim_matches('\n').to_owned()
}

#[test]
fn the_page_of_checks_is_that_of_the_rules() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/checks.md");
    let fresh = checks();
    if std::env::var_os("UPDATE").is_some() {
        fs::write(&path, &fresh).unwrap();
    }
    assert!(
        fs::read_to_string(&path).unwrap_or_default() == fresh,
        "docs/checks.md is behind: UPDATE=1 cargo test --test book"
    );
}

#[test]
fn ids_and_names_of_rules_are_used_once_and_in_order() {
    let ids: Vec<&str> = RULES.iter().map(|row| row.rule.id).collect();
    assert!(ids.is_sorted(), "{ids:?}");
    let names: BTreeMap<&str, &str> = RULES.iter().map(|row| (row.rule.name, row.rule.id)).collect();
    assert_eq!(names.len(), RULES.len());
    assert!(ids.windows(2).all(|pair| pair[0] != pair[1]));
    assert!(RULES.iter().all(|row| row.rule.summary.ends_with('.')));
}

#[test]
fn the_small_book_has_no_findings() {
    let (book, report) = lint::check_files(base());
    assert_eq!(report.to_string(), "");
    assert_eq!(book.unwrap().len(), 3);
}

#[test]
fn the_shipped_book_has_no_findings() {
    let (book, report) = lint::check_dir(&Path::new(env!("CARGO_MANIFEST_DIR")).join("dialogues"));
    assert_eq!(report.to_string(), "");
    assert!(book.is_some());
}

/// On a day: what is past its review is kept for a reason that the book gives.
#[test]
fn nothing_in_the_shipped_book_is_overdue() {
    let day = jiff::civil::date(2026, 11, 25);
    let report = lint::examine(&Path::new(env!("CARGO_MANIFEST_DIR")).join("dialogues"), Some(day)).report;
    assert_eq!(report.to_string(), "");
}

/// A list is easily thinned out by accident; what it says was decided with care.
#[test]
fn the_shipped_book_never_says_what_could_keep_somebody_from_calling() {
    let (book, _) = lint::check_dir(&Path::new(env!("CARGO_MANIFEST_DIR")).join("dialogues"));
    let book = book.unwrap();
    let never: Vec<&str> = book.never_say().iter().map(|never| never.words.as_str()).collect();
    for words in [
        "nothing serious",
        "you're fine",
        "not an emergency",
        "don't worry",
        "harmless",
        "completely safe",
        "NICE advises",
        "unstable pelvis",
    ] {
        assert!(never.contains(&words), "{words} may be said");
    }
    assert!(book.never_say().iter().all(|never| never.because.is_some()), "an author is told why");
}

/// The texts of the weekly tips of the shipped book, one paragraph after the other, and what fills their placeholders left out.
fn shipped_tips() -> Vec<(String, String)> {
    let (book, _) = lint::check_dir(&Path::new(env!("CARGO_MANIFEST_DIR")).join("dialogues"));
    let book = book.unwrap();
    let said = |tip: &Tip| tip.text.fill(|slot| Some(format!("{{{slot}}}").into())).words;
    book.tips().unwrap().tips.iter().map(|(id, tip)| (id.clone(), said(tip))).collect()
}

#[test]
fn the_shipped_book_has_a_tip_for_each_number_of_the_list() {
    let text = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("dialogues/weekly.yaml")).unwrap();
    let mut numbers: Vec<u32> = text.lines().filter_map(|line| line.strip_prefix("  # ")?.parse().ok()).collect();
    numbers.sort_unstable();
    assert_eq!(numbers, (1..=34).collect::<Vec<_>>());
    assert_eq!(shipped_tips().len(), 34);
}

/// A notification shows the start of a message to whoever looks at the phone.
#[test]
fn no_tip_gives_anything_away_in_its_first_line() {
    for (id, words) in shipped_tips() {
        let first = words.lines().next().unwrap().to_lowercase();
        for never in
            ["baby", "bump", "pregnan", "birth", "natal", "labour", "weeks", "bleed", "waters", "midwi", "womb", "pelvi", "{"]
        {
            assert!(!first.contains(never), "{id} begins with \"{never}\": {first}");
        }
    }
}

#[test]
fn tips_say_no_number_to_call_by_themselves_and_warnings_say_whom() {
    for (id, words) in shipped_tips() {
        for never in ["999", "112", "911", "111", "000"] {
            assert!(!words.contains(never), "{id} says {never}");
        }
        if ["early-ache", "ache-in-waves", "come-and-go"].contains(&id.as_str()) {
            assert!(words.contains("{unit}") && words.contains("{emergency}"), "{id} does not say whom to call");
        }
    }
}

#[test]
fn a_book_without_weekly_tips_is_fine() {
    let (book, report) = lint::check_files(base().into_iter().filter(|(name, _)| name != "weekly.yaml").collect());
    assert_eq!(report.to_string(), "");
    assert!(book.unwrap().tips().is_none());
}

#[test]
fn tips_are_read_as_they_are_written() {
    let text = "policy: {day: friday, hour: 20, late: 3h, quiet: 22..7, last-week: 40, most: 12}\ntips:\n  \
                any: {from: tip, source: [house], text: Hello}\n  \
                late: {from: help, source: house, weeks: 28.., text: \"**Hello**\", withdrawn: Not now}\n";
    let (book, report) = lint::check_files(with("weekly.yaml", text.into()));
    assert_eq!(report.to_string(), "");
    let book = book.unwrap();
    let tips = book.tips().unwrap();
    let policy = Policy { day: Weekday::Friday, hour: 20, late_hours: 3, quiet_from: 22, quiet_to: 7, last_week: 40, most: 12 };
    assert_eq!(tips.policy, policy);
    let (any, late) = (&tips.tips["any"], &tips.tips["late"]);
    assert_eq!((any.weeks, book.name(any.from), any.withdrawn), (None, "tip", false));
    assert_eq!((any.sources.as_slice(), any.text.fill(|_| None).words.as_str()), (&["house".to_owned()][..], "Hello"));
    let from_28 = WeekRange { from: Some(28), to: None };
    assert_eq!((late.weeks, book.name(late.from), late.withdrawn), (Some(from_28), "help", true));
}

/// What a `weekly.yaml` is told whose `policy` or whole is wrong in a way that no other mistake of a bad book can stand beside.
#[test]
fn a_weekly_file_is_told_what_it_lacks() {
    let tips = "source: house\ntips: {any: {from: tip, text: Hello}}\n";
    let cases = [
        ("", "`weekly.yaml` has nothing in it."),
        ("# only a note\n", "`weekly.yaml` has nothing in it."),
        ("source: house\n", "`tips` is missing."),
        ("tips:\n", "`tips` has nothing in it."),
        ("tips: [a]\n", "`tips` has keys of its own, but here is a list."),
        ("just words\n", "`weekly.yaml` has keys of its own, but here are just words."),
        (&format!("{tips}policy: {{hour: 22}}\n"), "Tips would be due at 22, which is quiet: no tip comes from 21 until 8."),
        (&format!("{tips}policy: {{hour: 8, quiet: 6..9}}\n"), "Tips would be due at 8, which is quiet"),
        (&format!("{tips}policy: {{quiet: 8..10}}\n"), "Tips would be due at 9, which is quiet"),
        (&format!("{tips}policy: {{quiet: 8..8}}\n"), "`8..8` does not say which hours are quiet."),
        (&format!("{tips}policy: {{quiet: ..8}}\n"), "`..8` does not say which hours are quiet."),
        (&format!("{tips}policy: {{quiet: 21..24}}\n"), "`21..24` does not say which hours are quiet."),
        (&format!("{tips}policy: {{late: 25h}}\n"), "`late` is written as `5h`, from 1h to 24h, not `25h`."),
    ];
    for (text, told) in cases {
        let (book, report) = lint::check_files(with("weekly.yaml", text.into()));
        assert!(book.is_none() && report.errors() == 1 && report.to_string().contains(told), "{text}\n{report}");
    }
    for fine in ["hour: 8", "hour: 20", "hour: 0, quiet: 1..5", "hour: 5, quiet: 1..5", "quiet: 23..0"] {
        let (_, report) = lint::check_files(with("weekly.yaml", format!("{tips}policy: {{{fine}}}\n")));
        assert_eq!(report.to_string(), "", "{fine}");
    }
}

/// A page that only a weekly tip leads to is read by those who get the tip.
#[test]
fn a_tip_leads_to_its_page() {
    let page = ("more.yaml".to_owned(), "source: house\nmore:\n  title: More\n  text: Hello\n".to_owned());
    let weekly = |from: &str| format!("source: house\ntips: {{any: {{from: {from}, text: Hello}}}}\n");
    for (from, warnings) in [("tip", 1), ("more", 0)] {
        let mut files = with("weekly.yaml", weekly(from));
        files.push(page.clone());
        assert_eq!(lint::check_files(files).1.warnings(), warnings, "{from}");
    }
}

#[test]
fn a_folder_that_is_not_there_is_a_finding() {
    let (book, report) = lint::check_dir(Path::new("no/such/folder"));
    assert!(book.is_none());
    assert_eq!(report.errors(), 1);
    assert!(
        report
            .to_string()
            .starts_with("error[BC0001 unreadable-file]: The folder no/such/folder can't be opened: it is not there.")
    );
}

#[test]
fn one_finding_hides_no_other() {
    let mut files = base();
    files.push(("more.yaml".into(), "a:\n  txet: x\n\nb: [\n\nc:\n  text: x\n  links: [nowhere, b]\n".into()));
    let loaded = source::load_files(files);
    let names: Vec<&str> = loaded.report.findings().iter().map(|finding| finding.rule.name).collect();
    assert_eq!(names, ["unknown-key", "syntax", "unknown-page"], "{}", loaded.report);
}

#[test]
fn a_finding_is_told_as_a_line_and_a_column() {
    let mut files = base();
    files.push(("more.yaml".into(), "more:\n  title: Ünïcode\n  text: a{zz}\n".into()));
    let loaded = source::load_files(files);
    let finding = &loaded.report.findings()[0];
    assert_eq!((finding.rule.severity, loaded.report.address(finding.place).as_str()), (Severity::Error, "more.yaml:3:10"));
}

#[test]
fn the_order_of_files_does_not_matter() {
    let mut turned = base();
    turned.reverse();
    let ids = |files| source::load_files(files).book.unwrap().nodes().map(|(_, id, _)| id.to_owned()).collect::<Vec<_>>();
    assert_eq!(ids(base()), ids(turned));
}

#[test]
fn windows_line_ends_change_nothing() {
    let files = base().into_iter().map(|(name, text)| (name, format!("\u{feff}{}", text.replace('\n', "\r\n"))));
    let (book, report) = lint::check_files(files.collect());
    assert_eq!(report.to_string(), "");
    assert!(book.is_some());
}

/// The small book with more pages and more of a front page: what its findings say.
fn told(pages: &str, front: &str) -> Vec<String> {
    let mut files = base();
    files.iter_mut().filter(|(name, _)| name == "book.yaml").for_each(|(_, text)| text.push_str(front));
    files.push(("more.yaml".into(), format!("source: house\n{pages}")));
    let (_, report) = lint::check_files(files);
    report.findings().iter().map(|finding| format!("{}: {}", report.address(finding.place), finding.message)).collect()
}

fn page(text: &str) -> String {
    format!("more:\n  text: {text}\n  title: More\n  asks: [more of it]\n")
}

#[test]
fn words_that_are_never_said_are_found_in_any_dress() {
    let front = "never-say: [you're fine]\n";
    for (text, at) in [
        ("YOU\u{2019}RE fine", "3:9"),
        ("so **you**'re *fi*ne", "3:14"),
        ("\"well, you're fine\"", "3:16"),
        // The quote is doubled for YAML, so that the place is no longer sure: the whole text is shown.
        ("'you''re fine'", "3:9"),
        ("|\n    See? You're\n    fine.", "4:10"),
        (">\n    Or you're\n    fine.", "4:5"),
    ] {
        assert_eq!(told(&page(text), front), [format!("more.yaml:{at}: The bot never says \"you're fine\".")], "{text}");
    }
    for text in
        ["You're finest", "Are you? You're. Fine.", "so you're {unit} fine", "see [it](https://example.org/you're/fine)"]
    {
        assert_eq!(told(&page(text), front), Vec::<String>::new(), "{text}");
    }
}

#[test]
fn ordinary_numbers_are_no_phone_numbers() {
    for fine in [
        "150 minutes",
        "24 weeks",
        "in 2026",
        "999 steps",
        "page 999",
        "1,999",
        "9990",
        "0999 123",
        "see [a](https://a.org/999)",
    ] {
        assert_eq!(told(&page(fine), ""), Vec::<String>::new(), "{fine}");
    }
    for wrong in ["call 999", "999", "(999)", "9-9-9", "+999", "999 24 hours a day"] {
        let told = told(&page(wrong), "");
        assert!(told.len() == 1 && told[0].ends_with("9 is what {emergency} says in gb."), "{wrong}: {told:?}");
    }
}

/// Another language would need another measure.
#[test]
fn reading_ages_are_told_of_english_alone() {
    let long = page(&"administered interventions demonstrably alleviate discomfort ".repeat(5));
    assert_eq!(told(&long, "limits: {reading-age: 11}\n").len(), 1);
    assert_eq!(told(&long, "limits: {reading-age: 11}\nlanguages: [de]\n"), Vec::<String>::new());
    assert_eq!(told(&long, ""), Vec::<String>::new());
}

/// A picture belongs to one page or one step; where it can't be seen, it is told.
#[test]
fn a_picture_is_told_in_a_terminal() {
    let pages = "source: house\nlift:\n  title: Lifting\n  text: Bend your knees.\n  \
                 image: {file: lifting.svg, alt: Somebody lifts a box with bent knees}\n  links: [moves]\n  asks: [how to lift]\n\
                 moves:\n  title: Moves\n  steps:\n    - {text: Stand up.}\n    \
                 - {text: Sit down., image: {file: sitting.png, alt: Somebody sits on a chair}}\n  then: tip\n";
    let mut files = base();
    files.push(("more.yaml".into(), pages.into()));
    let loaded = source::load_files(files);
    let book = loaded.book.unwrap_or_else(|| panic!("{}", loaded.report));
    let mut told = Vec::new();
    let typed = "how to lift\nMoves\nNext\nPrevious\n";
    let volume = Arc::new(Library::of(book)).volume(None);
    let drawer = Drawer { walk: None, file: &mut |_| panic!("no file is sent") };
    converse(volume, || None, None, drawer, typed.as_bytes(), &mut told, Look { person: false, colour: false }).unwrap();
    let told = String::from_utf8(told).unwrap();
    let said: Vec<&str> = told.lines().filter(|line| line.ends_with('.') || line.starts_with('(')).collect();
    assert_eq!(
        said,
        [
            "Bend your knees.",
            "(Picture: Somebody lifts a box with bent knees)",
            "Stand up.",
            "Sit down.",
            "(Picture: Somebody sits on a chair)",
            "Stand up."
        ],
        "{told}"
    );
}

/// A book of 3,000 pages is read without work that grows with the square of it; the bound is wide, for slow machines.
#[test]
fn a_large_book_is_read_in_time() {
    let page = |n: u32| {
        format!(
            "page-{n}:\n  title: Page {n}\n  text: |\n    **Bold** words for {{unit}}.\n  links: [page-{}]\n\n",
            (n + 1) % 3000
        )
    };
    let good: String = (0..3000).map(page).collect();
    let bad = good.replace("links: [page", "links: [pgae").replace("title", "tilte");
    for (text, errors) in [(good, 0), (bad, 6000)] {
        let mut files = base();
        files.push(("many.yaml".into(), format!("source: house\n{text}")));
        let begun = std::time::Instant::now();
        let (_, report) = lint::check_files(files);
        assert_eq!(report.errors(), errors);
        assert!(begun.elapsed().as_secs() < 60, "{:?}", begun.elapsed());
    }
}

/// Text that looks enough like a book to go deep into the reader.
fn almost_yaml() -> impl Strategy<Value = String> {
    let word = prop_oneof![
        Just("title: ".to_owned()),
        Just("text: |\n    ".to_owned()),
        Just("\n  ".to_owned()),
        Just("\n".to_owned()),
        Just("home:\n  ".to_owned()),
        Just("links: [".to_owned()),
        Just("tips:\n  tip:\n    ".to_owned()),
        Just("policy: {hour: ".to_owned()),
        Just("quiet: \"".to_owned()),
        Just("from: tip\n".to_owned()),
        Just("- ".to_owned()),
        Just("{to: home, label: ".to_owned()),
        Just("**".to_owned()),
        Just("{emergency}".to_owned()),
        Just("# ".to_owned()),
        Just("\t".to_owned()),
        Just("&a ".to_owned()),
        Just("*a".to_owned()),
        Just("---\n".to_owned()),
        "[-a-z0-9:{}\\[\\],\"'|>#*&!%@` \n\u{e9}\u{1f98b}]{0,12}",
    ];
    prop::collection::vec(word, 0..40).prop_map(|words| words.concat())
}

const FILES: [&str; 6] = ["book.yaml", "words.yaml", "signs.yaml", "weekly.yaml", "home.yaml", "other.yaml"];

fn with(file: &str, text: String) -> Vec<(String, String)> {
    let mut files = base();
    files.retain(|(name, _)| name != file);
    files.push((file.to_owned(), text));
    files
}

/// Reads and reports, and checks what holds of every report.
fn survives(files: Vec<(String, String)>) {
    let (book, report) = lint::check_files(files);
    assert_eq!(book.is_none(), report.errors() > 0, "{report}");
    let _ = report.render(true);
    for finding in report.findings() {
        let file = report.file(finding.place.file).unwrap();
        assert!(finding.place.span.to <= file.text.len(), "{report}");
        assert!(
            file.text.is_char_boundary(finding.place.span.from) && file.text.is_char_boundary(finding.place.span.to),
            "{report}"
        );
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_text_gets_a_report(file in prop::sample::select(&FILES[..]), text in "\\PC{0,300}") {
        survives(with(file, text));
    }

    #[test]
    fn any_bytes_get_a_report(file in prop::sample::select(&FILES[..]), bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        survives(with(file, String::from_utf8_lossy(&bytes).into_owned()));
    }

    #[test]
    fn anything_like_yaml_gets_a_report(file in prop::sample::select(&FILES[..]), text in almost_yaml()) {
        survives(with(file, text));
    }

    #[test]
    fn a_changed_book_gets_a_report(
        file in prop::sample::select(&FILES[..5]), at in 0.0..1.0f64, gone in 0usize..20, new in almost_yaml(),
    ) {
        let text = base().into_iter().find(|(name, _)| name == file).unwrap().1;
        let chars: Vec<char> = text.chars().collect();
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, clippy::cast_precision_loss)]
        let at = (at * chars.len() as f64) as usize;
        let after = (at + gone).min(chars.len());
        let text: String = chars[..at].iter().copied().chain(new.chars()).chain(chars[after..].iter().copied()).collect();
        survives(with(file, text));
    }
}
