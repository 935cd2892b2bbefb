//! What is counted in weeks is for a book to say: which there are, whether a date tells one, and whether anybody is asked at all. A book
//! without weeks needs no word for them, and shows none.

#![allow(clippy::expect_used, clippy::pedantic, clippy::unwrap_used)] // a test that cannot go on fails

use std::fs;
use std::path::Path;

use backcare::dialogue::words::{FormLabel, FormText};
use backcare::dialogue::{Book, Button, Event, Hash, Reader, weekly};
use backcare::lint;
use backcare::source::Report;
use backcare::walk::{Chat, Walk};

mod shipped;

type Files = Vec<(String, String)>;

fn read(path: &str) -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(path)).unwrap()
}

/// The smallest whole book, with the shipped book's words, a sign-up, and tips.
fn files(tips: &str, words: &str) -> Files {
    let home = read("tests/bad/base/home.yaml").replace("links: [help, tip]", "links: [help, tip, weekly]");
    let book = read("tests/bad/base/book.yaml");
    let gb = "    name: Britain\n";
    let book = book.replace(gb, &format!("{gb}    zones: {{Europe/London: UK time}}\n"));
    let files = [
        ("book.yaml", book),
        ("home.yaml", format!("{home}\nweekly:\n  form: weekly\n  title: Weekly tips\n  asks: [weekly tips]\n")),
        ("weekly.yaml", format!("source: house\ntips:\n{tips}")),
        ("words.yaml", words.to_owned()),
    ];
    files.map(|(name, text)| (name.to_owned(), text)).into()
}

const FOR_EVERYBODY: &str = "  one: {from: tip, text: Move a little.}\n";
const FOR_SOME: &str =
    "  one: {from: tip, text: Move a little.}\n  two: {from: tip, weeks: \"2..5\", text: Bend it a little.}\n";

/// The shipped words, but for those that are there for the reader's week.
fn without_weeks() -> String {
    let labels = FormLabel::ALL.iter().filter(|label| label.is_for_weeks()).map(|label| label.name());
    let texts = FormText::ALL.iter().filter(|text| text.is_for_weeks()).map(|text| text.name());
    let gone: Vec<String> = labels.chain(texts).chain(["week-words"]).map(|name| format!("  {name}:")).collect();
    let mut kept = String::new();
    let mut going = false;
    for line in read("dialogues/words.yaml").lines() {
        going = gone.iter().any(|name| line.starts_with(name.as_str())) || (going && line.starts_with("    "));
        if !going {
            kept.push_str(line);
            kept.push('\n');
        }
    }
    kept
}

fn checked(files: Files) -> (Option<Book>, Report) {
    lint::check_files(files)
}

fn book(files: Files) -> Book {
    let (book, report) = checked(files);
    assert!(report.is_empty(), "{report}");
    book.unwrap()
}

fn with(mut files: Files, file: &str, change: impl Fn(&str) -> String) -> Files {
    for (_, text) in files.iter_mut().filter(|(name, _)| name == file) {
        *text = change(text);
    }
    files
}

#[test]
fn a_book_without_weeks_needs_no_words_for_them() {
    let words = without_weeks();
    for word in ["Fit my week", "your pregnancy", "due date", "week-words"] {
        assert!(!words.contains(word), "{word}");
    }
    book(files(FOR_EVERYBODY, &words));
}

#[test]
fn a_tip_for_some_weeks_needs_all_of_them() {
    let (none, report) = checked(files(FOR_SOME, &without_weeks()));
    let report = report.to_string();
    assert!(none.is_none());
    for name in
        ["fit-my-week", "forget-week", "keep-week", "dont-know", "rather-not", "consent", "week", "week-again", "week-left"]
    {
        assert!(report.contains(&format!("`{name}` is missing under `weekly`.")), "{name}:\n{report}");
    }
    assert!(report.contains("`week-words` is missing"), "{report}");
    assert!(report.contains("because a tip in weekly.yaml has `weeks`"), "{report}");
    assert!(report.contains("10 errors, 0 warnings"), "{report}");
    book(files(FOR_SOME, &read("dialogues/words.yaml")));
}

#[test]
fn without_weeks_the_sign_up_asks_for_none() {
    let book = book(files(FOR_EVERYBODY, &without_weeks()));
    let walk = "region: gb\n> /start\n[Weekly tips]\n[Yes please]\nDone.\n![Fit my week]\n[Change time]\n[Another hour]\n[6 pm]\n\
                Weekly tips are on.\n![Fit my week]\n[Pause]\n[2 weeks]\n[End the pause]\n![Fit my week]\n[Stop the tips]\nStopped.\n";
    Walk::read(walk).play(&book, shipped::noon()).unwrap_or_else(|error| panic!("{error}"));
}

/// Presses and words that an earlier version of the book gave a meaning.
#[test]
fn what_an_earlier_book_asked_of_weeks_is_answered_with_where_things_stand() {
    let with_weeks = book(files(FOR_SOME, &read("dialogues/words.yaml")));
    let later = book(files(FOR_EVERYBODY, &without_weeks()));
    let mut chat = Chat::new(&with_weeks, shipped::noon());
    Walk::read("region: gb\n").play(&with_weeks, shipped::noon()).unwrap();
    chat.reader.region = Some("gb".into());
    for press in ["/start", "Weekly tips", "Yes please", "Fit my week", "Keep my week"] {
        match chat.key(press).map(|key| key.press.clone()) {
            Some(backcare::dialogue::Press::Token(token)) => chat.press(&token),
            _ => chat.say(press),
        }
    }
    assert!(chat.reader.asked.is_some(), "{}", chat.screen());
    let reader = chat.reader.clone();
    let tokens = ["Consent", "Week", "WeekAgain", "WeekLeft"].map(|name| {
        let text = FormText::ALL.iter().copied().find(|text| format!("{text:?}") == name).unwrap();
        let deed = backcare::dialogue::button::Deed::Form(weekly::Act::See(text));
        Button { deed, ..Button::open(Hash::of("weekly")) }.token()
    });
    for token in tokens {
        let mut chat = Chat::new(&later, shipped::noon());
        chat.reader = reader.clone();
        chat.press(&token);
        assert!(chat.screen().starts_with("Weekly tips are on."), "{}", chat.screen());
        assert_eq!(chat.reader.asked, None, "{}", chat.screen());
        assert!(chat.keys().all(|key| !key.label.is_empty()), "{}", chat.screen());
    }
    let mut chat = Chat::new(&later, shipped::noon());
    chat.reader = reader;
    chat.say("3 weeks");
    let kept = chat.reader.weekly.as_ref().and_then(|weekly| weekly.week_zero);
    assert_eq!((kept, chat.reader.asked), (None, None), "{}", chat.screen());
}

/// A week that was kept goes with the first tip of a book that needs none.
#[test]
fn a_week_that_no_tip_needs_is_not_kept() {
    let later = book(files(FOR_EVERYBODY, &without_weeks()));
    let mut subscription = weekly::Subscription::begin("Europe/London".into(), jiff::civil::Weekday::Monday, 9);
    subscription.week_zero = Some(jiff::civil::date(2026, 10, 1));
    let mut chat = Chat::new(&later, shipped::noon());
    chat.reader = Reader { weekly: Some(subscription), ..Reader::default() };
    chat.turn(&Event::TipDue { reader: 1, seen: Vec::new() });
    assert_eq!(chat.reader.weekly.and_then(|weekly| weekly.week_zero), None);
}

#[test]
fn a_week_beyond_the_book_is_told() {
    let told = |files: Files| checked(files).1.to_string();
    let words = read("dialogues/words.yaml");
    let tip = told(files(&FOR_SOME.replace("2..5", "2..50"), &words));
    assert!(tip.contains("There is no week 50: the book counts up to week 41."), "{tip}");
    let weeks = "weeks: {from: 1, to: 41, due: 40}";
    let counted = |count: &str| told(with(files(FOR_SOME, &words), "book.yaml", |book| book.replace(weeks, count)));
    assert!(counted("weeks: {from: 20, to: 10}").contains("These weeks end before they begin: 20 to 10."));
    assert!(counted("weeks: {from: 3}").contains("`to` is missing."), "{}", counted("weeks: {from: 3}"));
    assert!(counted("weeks: {from: 3, to: 300}").contains("from 0 to 200, not `300`"));
    let (_, report) = checked(with(files(FOR_SOME, &words), "book.yaml", |book| book.replace(weeks, "")));
    assert!(report.is_empty(), "a book need not say it:\n{report}");
}

/// 3/12 is 12 March where the region says so, and 3 December elsewhere; no region is known by its name.
#[test]
fn which_comes_first_in_a_date_is_for_the_region_to_say() {
    let words = read("dialogues/words.yaml");
    let week = |month_first: bool| {
        let book = book(with(files(FOR_SOME, &words), "book.yaml", |book| {
            book.replace("    name: Britain\n", &format!("    name: Britain\n    month-first: {month_first}\n"))
        }));
        let mut chat = Chat::new(&book, shipped::noon());
        chat.reader.region = Some("gb".into());
        chat.turn(&Event::Started(Some("weekly".into())));
        for label in ["Yes please", "Fit my week", "Keep my week"] {
            let Some(backcare::dialogue::Press::Token(token)) = chat.key(label).map(|key| key.press.clone()) else {
                panic!("{}", chat.screen())
            };
            chat.press(&token);
        }
        chat.say("3/12");
        chat.screen()
    };
    assert!(week(true).contains("They fit week 24."), "{}", week(true));
    assert!(week(false).contains("They fit week 38."), "{}", week(false));
}

/// The engine knows no placeholder by its name: numbers stand under the one that the book names.
#[test]
fn numbers_stand_under_the_placeholder_that_they_are_for() {
    let told = |numbers: &str, page: &str| {
        let book = book(with(files(FOR_EVERYBODY, &without_weeks()), "book.yaml", |book| {
            book.replace("numbers: {emergency: UK 999 · EU 112}", &format!("numbers: {numbers}"))
        }));
        let mut chat = Chat::new(&book, shipped::noon());
        chat.turn(&Event::Started(Some(page.into())));
        chat.screen()
    };
    assert!(told("{emergency: Numbers for all}", "help").contains("Numbers for all"));
    assert!(told("{unit: Numbers for all}", "help").contains("Numbers for all"));
    assert!(!told("{unit: Numbers for all}", "tip").contains("Numbers for all"));
}
