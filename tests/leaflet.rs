//! The leaflet as a clinic prints it: all signs and all pictures are on it, nothing is fetched from elsewhere, and a real browser makes
//! pages of it that can be held in hand.
//!
//! `SHOW=folder cargo test --test leaflet` writes the files and their PDF there, to be looked at.

#![allow(clippy::expect_used, clippy::pedantic, clippy::unwrap_used)] // a test that cannot go on fails

use std::fs;
use std::path::Path;
use std::process::{Command, Output};
use std::sync::{Arc, OnceLock};

use backcare::dialogue::{Kind, Level};
use backcare::media::Gallery;
use backcare::service::library::Library;
use backcare::source::{Files, Loaded};

mod browser;
mod shipped;

use browser::Browser;
use browser::driver::Window;

/// Pages that somebody still picks up and reads.
const MOST_PAGES: usize = 10;

/// The shipped book in all its languages: as an operator sends it by default, and with translations that nobody has checked.
fn libraries() -> &'static [Arc<Library>; 2] {
    static LIBRARIES: OnceLock<[Arc<Library>; 2]> = OnceLock::new();
    LIBRARIES.get_or_init(|| {
        let read = || {
            let files = Files::read(&Path::new(env!("CARGO_MANIFEST_DIR")).join("dialogues"));
            let Loaded { book, languages, .. } = files.load();
            let others = languages.translations.into_iter().map(|each| (each.language, each.edition.unwrap().book));
            (book.unwrap(), others.collect::<Vec<_>>(), Gallery::new(files.pictures()))
        };
        let ((own, others, gallery), (same, again, pictures)) = (read(), read());
        [Library::cautious(own, others, gallery).into(), Library::new(same, again, pictures).into()]
    })
}

fn made(library: &Arc<Library>, language: &str, region: Option<&str>, link: Option<&str>) -> String {
    library.volume(Some(language)).leaflet(region, link).expect("the book has a leaflet").content
}

fn leaflet(language: &str, region: Option<&str>) -> String {
    made(&libraries()[0], language, region, None)
}

fn shown(language: &str, region: Option<&str>) -> String {
    made(&libraries()[1], language, region, None)
}

/// Words as HTML writes them.
fn escaped(words: &str) -> String {
    words.replace('&', "&amp;").replace('"', "&quot;").replace('<', "&lt;").replace('>', "&gt;")
}

#[test]
fn all_signs_of_the_triage_are_on_it_each_under_whom_to_call() {
    let (book, file) = (shipped::book(), leaflet("en", Some("gb")));
    let under = |level: Level| {
        let from =
            file.find(&format!("<article class=\"signs\" data-level=\"{level}\"")).unwrap_or_else(|| panic!("no {level}"));
        &file[from..from + file[from..].find("</article>").unwrap()]
    };
    for (_, list, _) in book.checklists() {
        for sign in list.signs.values() {
            assert!(under(sign.level).contains(&escaped(&sign.label)), "{}", sign.label);
        }
    }
    let Kind::Question { text, .. } = &book.node(book.help().unwrap()).kind else { panic!("help asks nothing") };
    let asked = text.fill(|_| None).words;
    let asked: Vec<&str> = asked.lines().filter_map(|line| line.strip_prefix("• ")).collect();
    assert!(asked.len() > 3, "{asked:?}");
    for sign in asked {
        assert!(under(Level::Emergency).contains(&escaped(sign)), "{sign}");
    }
    assert!(under(Level::Emergency).contains("Call 999 now"), "{}", under(Level::Emergency));
    assert!(under(Level::Now).contains("maternity unit"));
    assert!(!body(&file).contains("You ticked") && !body(&file).contains('{'));
}

/// What a reader sees: all but the style.
fn body(file: &str) -> &str {
    &file[file.find("<body>").unwrap()..]
}

#[test]
fn every_exercise_has_its_pictures_steps_and_doses() {
    let (book, file) = (shipped::book(), leaflet("en", Some("gb")));
    let mut exercises = 0;
    for (_, id, node) in book.nodes() {
        let Kind::Steps(steps) = &node.kind else { continue };
        exercises += 1;
        for step in &steps.steps {
            let alt = &step.image.as_ref().unwrap().alt;
            assert!(file.contains(&format!("alt=\"{}\"", escaped(alt))), "{id}: {alt}");
        }
    }
    assert!(exercises >= 5);
    for said in ["Hold for 5 seconds", "Do it 10 times in all", "Stop, and call.", "Before you start"] {
        assert!(file.contains(said), "{said}");
    }
    assert_eq!(file.matches("<img ").count(), file.matches("src=\"data:image/").count());
}

#[test]
fn it_is_whole_in_itself_and_says_who_stands_for_it() {
    let file = made(&libraries()[0], "en", Some("gb"), Some("https://t.me/backcare_bot"));
    for foreign in ["<script", "<link", "url(", "@import", "src=\"http", "srcset"] {
        assert!(!file.contains(foreign), "{foreign}");
    }
    for said in [
        "No clinician has checked it",
        "last reviewed 5 February 2015",
        "last checked on 23 November 2026",
        "t.me/backcare_bot",
    ] {
        assert!(file.contains(said), "{said}");
    }
    assert!(!leaflet("en", Some("gb")).contains("t.me/"), "nobody knows where the bot is");
    assert!(file.len() < 400_000, "{} bytes", file.len());
}

#[test]
fn whoever_names_no_country_reads_the_numbers_of_all() {
    let file = leaflet("en", None);
    assert!(file.contains("your local emergency number") && file.contains("UK 999 · Ireland 112 or 999"));
    assert!(!leaflet("en", Some("us")).contains("UK 999") && leaflet("en", Some("us")).contains("Call 911 now"));
}

#[test]
fn arabic_runs_from_right_to_left_and_says_that_nobody_checked_it() {
    let file = shown("ar", Some("gb"));
    assert!(file.contains("<html lang=\"ar\" dir=\"rtl\">"));
    assert!(!file.contains("When to call somebody"));
    let polish = shown("pl", Some("gb"));
    assert!(polish.contains("<html lang=\"pl\" dir=\"ltr\">") && polish.contains("Kiedy zadzwonić"));
}

/// A wrong word there costs more than a foreign one.
#[test]
fn advice_that_nobody_has_checked_stays_in_the_books_own_language() {
    let file = leaflet("es", Some("us"));
    let signs = &file[file.find("<section>").unwrap()..file.find("Cada día").expect("tips are in Spanish")];
    assert!(
        signs.contains("lang=\"en\" dir=\"ltr\"")
            && signs.contains("Call 911 now")
            && signs.contains("Any bleeding or spotting")
    );
    assert!(!signs.contains("Llama"), "{signs}");
    assert!(file.contains("Stop, and call.") && !file.contains("sangrado o manchado"));
    let file = shown("es", Some("us"));
    assert!(file.contains("Llama ahora al 911") && !file.contains("Call 911"));
}

/// Variables of the environment.
type Settings<'s> = &'s [(&'s str, &'s str)];

fn backcare(dialogues: &str, words: &str, settings: Settings) -> Output {
    let mut bot = Command::new(env!("CARGO_BIN_EXE_backcare"));
    bot.env_remove("UNCHECKED_TRANSLATIONS").envs(settings.iter().copied());
    bot.args(["--dialogues", dialogues, "leaflet"]).args(words.split_whitespace());
    bot.current_dir(env!("CARGO_MANIFEST_DIR")).output().unwrap()
}

#[test]
fn a_clinic_writes_the_same_file() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("leaflet.html");
    let words = format!("--language es --region us --bot @backcare_bot --out {}", file.display());
    let done = backcare("dialogues", &words, &[("UNCHECKED_TRANSLATIONS", "on")]);
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    let same = made(&libraries()[1], "es", Some("us"), Some("https://t.me/backcare_bot"));
    assert!(fs::read_to_string(&file).unwrap() == same);
    let done = backcare("dialogues", "--language es", &[]);
    assert!(String::from_utf8(done.stdout).unwrap() == leaflet("es", None));
}

#[test]
fn what_cannot_be_is_said_in_a_line() {
    let on = [("UNCHECKED_TRANSLATIONS", "maybe")];
    let cases: [(&str, &str, Settings, &str); 4] = [
        ("examples/knee", "--language xx", &[], "the book speaks en"),
        ("examples/knee", "--region atlantis", &[], "the book knows gb"),
        ("examples/knee", "", &[], "The book has no leaflet"),
        ("examples/knee", "", &on, "UNCHECKED_TRANSLATIONS: is neither on nor off"),
    ];
    for (dialogues, words, settings, why) in cases {
        let done = backcare(dialogues, words, settings);
        let said = String::from_utf8_lossy(&done.stderr).into_owned();
        assert!(done.status.code() == Some(2) && said.contains(why) && said.lines().count() == 1, "{words}: {said}");
    }
}

/// Chromium lays it on A4.
#[test]
fn a_browser_prints_it_on_a_few_pages() {
    let Some(browser) = Browser::find() else { return };
    let keep = std::env::var_os("SHOW");
    let dir = tempfile::tempdir().unwrap();
    let dir = keep.as_deref().map_or(dir.path(), Path::new);
    fs::create_dir_all(dir).unwrap();
    for (name, language, region) in
        [("en", "en", Some("gb")), ("en-unknown", "en", None), ("es", "es", Some("us")), ("ar", "ar", Some("gb"))]
    {
        let (html, pdf) = (dir.join(format!("{name}.html")), dir.join(format!("{name}.pdf")));
        fs::write(&html, shown(language, region)).unwrap();
        let url = format!("file://{}", html.display());
        let (seen, complaints) = browser.page(&url);
        assert!(seen.contains("<article") && complaints.is_empty(), "{complaints:?}");
        browser.pdf(&url, &pdf);
        let printed = fs::read(&pdf).unwrap();
        let printed = String::from_utf8_lossy(&printed);
        let pages = printed.matches("/Type /Page\n").count();
        assert!((3..=MOST_PAGES).contains(&pages), "{name}: {pages} pages");
        assert!(printed.contains("595") && printed.contains("841"), "{name} is not on A4");
        if keep.is_some() {
            browser.screenshot(&url, (390, 1400), &dir.join(format!("{name}-phone.png")));
        }
    }
}

/// Read on a phone and on a desk, by people who see, hear and point differently.
#[tokio::test]
async fn nothing_stands_in_the_way_of_whoever_reads_it_otherwise() {
    let dir = tempfile::tempdir().unwrap();
    let url = |name: &str| format!("file://{}", dir.path().join(format!("{name}.html")).display());
    fs::write(dir.path().join("en.html"), made(&libraries()[1], "en", Some("gb"), Some("https://t.me/backcare_bot"))).unwrap();
    // Mixed: what nobody has checked stays English.
    fs::write(dir.path().join("ar.html"), leaflet("ar", None)).unwrap();
    let Some(window) = Window::open(&url("en")).await else { return };
    for (name, width, is_dark) in [("en", 1280, false), ("en", 390, true), ("ar", 390, false), ("ar", 1280, true)] {
        window.visit(&url(name)).await;
        window.size(width, 844).await;
        if is_dark {
            window.dark().await
        } else {
            window.light().await
        }
        assert_eq!(window.axe().await, [""; 0], "{name}, {width} wide, dark: {is_dark}");
        assert_eq!(window.eval("document.documentElement.scrollWidth").await, width, "{name} is wider than the window");
        if let Some(folder) = std::env::var_os("SHOW") {
            window.size(width, 5000).await;
            window.screenshot(&Path::new(&folder).join(format!("{name}-{width}.png"))).await;
        }
    }
    assert_eq!(window.complaints().await, [""; 0]);
}
