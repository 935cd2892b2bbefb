//! What people type, and where it leads: signs before anything else, ends that end, harmless talk without an alarm, and any text at all
//! without a panic. Sentences with labels lie in `tests/utterances/`; the floors are what the shipped book reaches, less what chance moves.

#![allow(clippy::unwrap_used)] // a failed unwrap is a failed test

mod shipped;

use std::collections::HashMap;
use std::path::Path;

use backcare::dialogue::understand::{Goal, Understood};
use backcare::dialogue::weekly::{Subscription, first_slot};
use backcare::dialogue::{Book, Event, Input, Reader, step};
use jiff::civil::Weekday;
use proptest::prelude::*;

fn file(name: &str) -> String {
    std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/utterances").join(name)).unwrap()
}

fn name(book: &Book, goal: Goal) -> &str {
    match goal {
        Goal::Page(page) => book.name(page),
        Goal::Weekly(wish) => wish.name(),
        Goal::Beyond => "beyond",
    }
}

/// The pages that are shown first and beside it, by name.
fn shown(text: &str) -> Vec<&'static str> {
    let book = shipped::book();
    book.index().read(text).top().into_iter().map(|(goal, _)| name(book, goal)).collect()
}

fn first(text: &str) -> &'static str {
    shown(text).first().copied().unwrap_or("-")
}

const WARNINGS: [&str; 5] = ["call-now", "call-unit", "call-today", "suicide", "violence"];

/// A reader with weekly tips says something; whether the tips are still on.
fn tips_stay_on_after(text: &str) -> bool {
    let mut weekly = Subscription::begin("Europe/London".into(), Weekday::Monday, 9);
    weekly.next = first_slot(&weekly, shipped::noon());
    let reader = Reader { weekly: Some(weekly), ..Reader::default() };
    let event = Event::Said { words: text.to_owned(), message: 1 };
    step(shipped::book(), reader, &Input { at: shipped::noon(), event }).reader.weekly.is_some()
}

#[test]
fn a_sign_wins_over_everything_else_that_is_said() {
    for (text, page) in [
        ("my back is killing me and i cant feel my left leg", "call-now"),
        ("any good pillows? also i cant feel when i wipe", "call-now"),
        ("stop these msgs. im bleeding heavily", "call-now"),
        ("thanks! oh and i fainted in the shower this morning", "call-now"),
        ("no bleeding, but baby hasnt moved since last night", "call-unit"),
        ("hi, my wife is 31 weeks and her waters just broke", "call-unit"),
        ("weekly tips please. it stings when i pee", "call-today"),
        ("🤒 39.1", "call-today"),
        ("is it normal that my legs are numb", "call-now"),
        ("i dont want to be here any more, my back hurts so much", "suicide"),
        ("my boyfriend pushed me down the stairs and now my back hurts", "violence"),
    ] {
        assert_eq!(first(text), page, "{text}");
    }
}

/// "Can't feel" and "won't stop" are the sign; "no bleeding" is none.
#[test]
fn two_kinds_of_no() {
    for text in
        ["it wont stop bleeding", "hasnt stopped bleeding", "baby isnt moving", "havent weed all day", "no feeling in my legs"]
    {
        assert!(WARNINGS.contains(&first(text)), "{text}: {}", first(text));
    }
    for text in [
        "no bleeding, no fever, just sore after work",
        "i dont have any numbness or tingling, only an ache in my back",
        "no bleeding or leaking or dizziness, can i do the exercises",
        "never had contractions, just a stiff back",
    ] {
        assert!(!WARNINGS.contains(&first(text)), "{text}: {}", first(text));
    }
}

#[test]
fn past_asked_about_and_other_peoples_signs_are_no_alarm() {
    for text in [
        "what if i start bleeding",
        "at what temperature should i ring",
        "i fainted once as a teenager, is yoga ok now",
        "my aunt bled a lot with her first, years ago",
        "bleeding radiators, which way do i turn the key",
        "im dying for a foot rub, is massage ok",
        "this sofa is murder on my back",
    ] {
        assert!(!WARNINGS.contains(&first(text)), "{text}: {}", first(text));
    }
    assert_eq!(first("what if i start bleeding"), "doctor");
}

#[test]
fn words_in_any_dress_are_understood() {
    for text in [
        "I CAN'T FEEL MY LEGS",
        "i can\u{2019}t feel my legs",
        "i ca\u{200b}nt fe\u{200d}el my legs",
        "\u{1d422} \u{1d41c}\u{1d41a}\u{1d427}\u{1d42d} \u{1d41f}\u{1d41e}\u{1d41e}\u{1d425} \u{1d426}\u{1d432} \u{1d425}\u{1d41e}\u{1d420}\u{1d42c}",
        "i cant f e e l my leeeegs",
        "i cnt feel my legs",
        "my legs are nummmb",
        "bleedng heavly",
        "🩸 loads of it",
    ] {
        assert_eq!(first(text), "call-now", "{text}");
    }
}

#[test]
fn commands_work_said_in_words() {
    for (text, goal) in [
        ("sign me up for the weekly tips", "weekly"),
        ("stop these msgs", "weekly.stop"),
        ("can they come on thursdays instead", "weekly.change"),
        ("im 24 weeks", "weekly.week"),
        ("do you speak polish", "language"),
        ("delete all my data", "forget"),
        ("send me a copy of my data", "export"),
        ("i want to talk to a human", "person"),
        ("where is the nearest maternity unit", "services"),
        ("main menu please", "home"),
        ("thank you so much", "thanks"),
        ("hiya", "greeting"),
        ("when should i see a doctor", "doctor"),
        ("necesito hablar con una matrona", "other-language"),
    ] {
        assert_eq!(first(text), goal, "{text}");
    }
    assert!(!tips_stay_on_after("stop these msgs"));
}

#[test]
fn what_lies_beyond_the_book_is_said_to_be_so() {
    for text in ["suggest a film", "qwpoeiruty", "🐶🐶", "what is the capital of france", ""] {
        assert_eq!(shown(text), Vec::<&str>::new(), "{text}");
    }
}

/// A week beside a sign tells whom to call: early on another unit than later.
#[test]
fn a_week_that_is_mentioned_is_used() {
    let book = shipped::book();
    let gb = || Reader { region: Some("gb".into()), ..Reader::default() };
    let said = |words: &str| {
        let event = Event::Said { words: words.to_owned(), message: 1 };
        let turn = step(book, gb(), &Input { at: shipped::noon(), event });
        assert_eq!(Reader { seen: None, ..turn.reader.clone() }, gb(), "a week is kept nowhere");
        match &turn.effects[..] {
            [backcare::dialogue::Effect::Send(screen)] => book.compose(screen, &turn.reader).text.words,
            other => panic!("{other:?}"),
        }
    };
    assert_ne!(said("8 weeks and im spotting"), said("30 weeks and im spotting"));
    assert_ne!(said("30 weeks and im spotting"), said("im spotting"));
}

#[test]
fn a_loss_or_a_birth_ends_the_tips_and_a_fear_does_not() {
    let mut counts: HashMap<(String, bool), usize> = HashMap::new();
    let mut wrong = Vec::new();
    for line in file("ends.tsv").lines().skip(1) {
        let (meaning, text) = line.split_once('\t').unwrap();
        let ends = matches!(meaning, "loss" | "birth");
        let right = tips_stay_on_after(text) != ends;
        *counts.entry((if ends { "ends" } else { "stays" }.to_owned(), right)).or_default() += 1;
        if !right {
            wrong.push(format!("{meaning}: {text}"));
        }
    }
    let share = |kind: &str| {
        let of = |right| counts.get(&(kind.to_owned(), right)).copied().unwrap_or(0);
        of(true) * 100 / (of(true) + of(false))
    };
    assert!(share("ends") >= 60 && share("stays") >= 85, "{} % and {} %:\n{}", share("ends"), share("stays"), wrong.join("\n"));
}

/// Intents of the labelled sentences that are warnings, with the pages that stand for them.
fn is_warning(intent: &str) -> bool {
    intent.starts_with("redflag") || intent == "selfharm_or_abuse"
}

#[test]
fn sentences_of_all_kinds_reach_what_the_book_promises() {
    let (mut grave, mut warned, mut safe, mut harmless, mut alarms) = (0, 0, 0, 0, 0);
    for line in file("ours.tsv").lines().skip(1) {
        let [intent, text, note] = line.split('\t').collect::<Vec<_>>()[..] else { panic!("{line}") };
        let shown = shown(text);
        let first = shown.first().copied().unwrap_or("-");
        if is_warning(intent) {
            grave += 1;
            warned += usize::from(WARNINGS.contains(&first));
            safe += usize::from(first == "doctor" || shown.iter().any(|page| WARNINGS.contains(page)));
        } else if !note.contains("redflag") && !note.contains("selfharm") {
            harmless += 1;
            alarms += usize::from(WARNINGS.contains(&first));
        }
    }
    assert!(grave > 400 && harmless > 900, "{grave} and {harmless} sentences");
    assert!(warned * 100 >= grave * 90, "a warning first: {warned} of {grave}");
    assert!(safe * 100 >= grave * 95, "a warning or help: {safe} of {grave}");
    assert!(alarms * 100 <= harmless * 4, "false alarms: {alarms} of {harmless}");
}

#[test]
fn a_megabyte_of_anything_is_read() {
    let index = shipped::book().index();
    assert!(index.bytes() < 10 * 1024 * 1024, "what was learned takes {} bytes", index.bytes());
    for piece in ["a", "bleeding heavily leg numb no ", "\u{202e}مرحبا ", "🩸", "\u{200b}", "1.5+2/", "ab, ", "\0", "i "]
    {
        let text = piece.repeat(1024 * 1024 / piece.len());
        let _ = index.read(&text);
        let _ = index.read(&text).why(index);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 128, ..ProptestConfig::default() })]

    #[test]
    fn any_text_has_an_answer(text in "\\PC{0,200}") {
        let book = shipped::book();
        let reading = book.index().read(&text);
        prop_assert!(reading.top().len() <= 3);
        prop_assert!(reading.ranked.iter().all(|(_, share)| (0.0..=1.0).contains(share)));
    }

    /// Whatever is said around a sign in sentences of its own, the sign wins.
    #[test]
    fn nothing_around_a_sign_hides_it(before in "[a-z ,]{0,60}", after in "[a-z ,]{0,60}") {
        let book = shipped::book();
        let text = format!("{before}. i cant feel my legs. {after}");
        let is_sign = matches!(book.index().read(&text).understood, Understood::Sign(_));
        // Letters at random may be another language.
        let is_strange = matches!(book.index().read(&text).understood, Understood::OtherLanguage(..));
        prop_assert!(is_sign || is_strange, "{}", text);
    }
}
