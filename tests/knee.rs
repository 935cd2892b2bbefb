//! The example book, about sore knees: a second subject is a folder and nothing else. Whatever the engine took for granted of backs or of
//! pregnancy would show here.

#![allow(clippy::expect_used, clippy::pedantic, clippy::unwrap_used)] // a test that cannot go on fails

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::OnceLock;

use backcare::author::plan::{Scene, plan};
use backcare::author::walks::{Named, play};
use backcare::dialogue::{Book, Event, Key, Press};
use backcare::lint;
use backcare::service::with_place;
use backcare::source::folder;
use backcare::walk::{Chat, noon};
use jiff::civil::date;

/// What has no place in a book about knees.
const OF_ANOTHER_SUBJECT: [&str; 14] = [
    "pregnan",
    "baby",
    "babies",
    "bump",
    "midwi",
    "birth",
    "natal",
    "labour",
    "due date",
    "trimester",
    "womb",
    "matern",
    "fit my week",
    "how many weeks",
];

fn dir() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/knee")
}

fn book() -> &'static Book {
    static BOOK: OnceLock<Book> = OnceLock::new();
    BOOK.get_or_init(|| {
        let (book, report) = lint::check_dir(&dir());
        book.unwrap_or_else(|| panic!("the example does not load:\n{report}"))
    })
}

/// What the program says, as somebody at a terminal gets it.
fn backcare(arguments: &[&str], typed: &str) -> String {
    let mut bot = Command::new(env!("CARGO_BIN_EXE_backcare"));
    bot.args(["--dialogues", "examples/knee"]).args(arguments).current_dir(env!("CARGO_MANIFEST_DIR"));
    let mut bot = bot.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    bot.stdin.take().unwrap().write_all(typed.as_bytes()).unwrap();
    let done = bot.wait_with_output().unwrap();
    let (said, wrong) = (String::from_utf8(done.stdout).unwrap(), String::from_utf8(done.stderr).unwrap());
    assert!(done.status.success(), "{arguments:?} ended with {}\n{said}{wrong}", done.status);
    said
}

#[test]
fn the_checker_finds_nothing_and_proves_what_the_book_promises() {
    let said = backcare(&["check", "--deny", "warnings", "--today", "2026-11-23"], "");
    assert!(said.contains("nothing to mend\n11 rules proved"), "{said}");
    let lock = fs::read_to_string(dir().join("ids.lock")).unwrap();
    assert!(lock.lines().any(|id| id == "now-signs.no-weight"), "its ids are published");
    assert!(book().sources().values().all(|source| !source.clinically_reviewed), "no clinician has checked it");
}

#[test]
fn every_walk_arrives() {
    let walks = folder::texts(&dir().join("walks"), "walk").unwrap();
    let walks: Vec<Named> = walks.into_iter().map(|(path, text)| Named { name: path.display().to_string(), text }).collect();
    assert!(walks.len() >= 10, "the walks are gone");
    let results = play(book(), &walks, with_place);
    assert!(results.all_arrive(), "{results}");
    let said = backcare(&["test"], "");
    assert!(said.contains(&format!("{} walks, all arrive", walks.len())), "its own folder is played:\n{said}");
}

#[test]
fn a_conversation_in_the_terminal() {
    let said = backcare(&["chat", "--region", "gb"], "1\nstairs hurt\ncant put weight on my leg\n/weekly\nYes please\n");
    let told = [
        "Sore knees slow you down",
        "Take the weight off it",
        "Up with the good leg, down with the sore one",
        "Call now, day or night: 111",
        "One short tip, Mondays at 9 am",
        "Done. First one: Monday",
    ];
    let mut rest = said.as_str();
    for words in told {
        let at = rest.find(words).unwrap_or_else(|| panic!("\"{words}\" is missing or too early:\n{said}"));
        rest = &rest[at..];
    }
}

#[test]
fn own_words_find_their_page() {
    let asked = [
        ("knees hurt going up the steps", "stairs"),
        ("which shoes should i buy for sore knees", "walking"),
        ("frozen peas or a hot bottle", "cold"),
        ("can i take ibuprofen gel", "painkiller"),
        ("show me something to make my legs stronger", "exercises"),
        ("i fell off my bike and cant walk", "call-line"),
        ("my foot has gone blue and cold", "call-now"),
        ("one calf is swollen and hot", "call-today"),
        ("it gives way under me, my knee", "see-someone"),
        ("is this serious", "help"),
    ];
    let typed: String = asked.iter().map(|(words, _)| format!("{words}\n")).collect();
    let said = backcare(&["understand"], &typed);
    for (line, (words, page)) in said.lines().zip(asked) {
        assert!(line.contains(&format!("\"top\":[{{\"node\":\"{page}\"")), "{words} should lead to {page}:\n{line}");
    }
}

#[test]
fn a_subscriber_gets_every_tip_before_any_comes_again() {
    let scene = Scene {
        zone: "Europe/London".into(),
        day: None,
        hour: None,
        week: None,
        from: date(2026, 11, 23),
        until: date(2027, 11, 22),
        outages: Vec::new(),
        pauses: Vec::new(),
    };
    let plan = plan(book(), &scene).unwrap();
    assert_eq!((plan.tips.len(), plan.skipped.len()), (26, 0), "as many as its policy says, and then silence");
    let all = book().tips().unwrap().tips.len();
    let first: std::collections::BTreeSet<&str> = plan.tips.iter().take(all).map(|tip| tip.tip.as_str()).collect();
    assert_eq!(first.len(), all);
    assert!(plan.tips.iter().all(|tip| !tip.why.contains("week")), "{plan}");
    assert!(backcare(&["plan", "--from", "2026-11-23"], "").ends_with("26 tips, 0 skipped\n"));
}

/// The words on a screen and on its buttons, each of them there.
fn words(page: &backcare::dialogue::Page) -> String {
    let labels: Vec<&str> = page.rows.iter().flatten().map(|key| key.label.as_str()).collect();
    assert!(!page.text.words.trim().is_empty() && labels.iter().all(|label| !label.trim().is_empty()), "{page:?}");
    format!("{}\n{}", page.text.words, labels.join("\n")).to_lowercase()
}

fn is_about_knees(said: &str) {
    for word in OF_ANOTHER_SUBJECT {
        assert!(!said.contains(word), "\"{word}\" in:\n{said}");
    }
}

/// Every button of every screen that taps reach, the sign-up's too.
#[test]
fn no_reader_meets_a_word_of_another_subject() {
    let mut chat = Chat::new(book(), noon());
    chat.turn(&Event::Started(None));
    let mut waiting = vec![chat];
    let mut known = std::collections::HashSet::new();
    while let Some(chat) = waiting.pop() {
        let shown = words(chat.page.as_ref().unwrap());
        is_about_knees(&shown);
        let signed_up = chat.reader.weekly.is_some();
        let keys: Vec<Key> = chat.keys().cloned().collect();
        for key in keys {
            let Press::Token(token) = &key.press else { continue };
            let mut next = Chat::new(book(), noon());
            next.reader = chat.reader.clone();
            next.press(token);
            let screen = words(next.page.as_ref().unwrap());
            // Screens are told apart by what they show; ticks multiply them, so a bound keeps the test short.
            if known.len() < 3000 && known.insert((screen, signed_up)) {
                waiting.push(next);
            }
        }
    }
    assert!(known.len() > 100, "only {} screens", known.len());
}

#[test]
fn its_files_are_about_knees() {
    for entry in fs::read_dir(dir()).unwrap() {
        let path = entry.unwrap().path();
        if path.is_file() {
            is_about_knees(&fs::read_to_string(&path).unwrap().to_lowercase());
        }
    }
}
