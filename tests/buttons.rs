//! Buttons never go stale: what one book wrote, a later book answers, and never with advice that the answer did not lead to.

#![allow(clippy::expect_used, clippy::pedantic, clippy::unwrap_used)] // a test that cannot go on fails

use std::fs;
use std::path::Path;

use backcare::dialogue::{Book, Effect, Event, Input, Kind, Level, Press, Reader, Screen, step};
use jiff::{SignedDuration, Timestamp};

mod shipped;

/// The shipped book after an author's edits: file, what stands there, what it becomes.
fn edited(edits: &[(&str, &str, &str)]) -> Book {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("dialogues");
    let mut names: Vec<_> =
        fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    let mut files = Vec::new();
    for name in names.into_iter().filter(|name| name.ends_with(".yaml")) {
        let mut text = fs::read_to_string(folder.join(&name)).unwrap();
        for (_, from, to) in edits.iter().filter(|(file, ..)| *file == name) {
            assert!(text.contains(from), "{name} no longer says {from:?}; mend this test");
            text = text.replace(from, to);
        }
        files.push((name, text));
    }
    let loaded = backcare::source::load_files(files);
    loaded.book.unwrap_or_else(|| panic!("{}", loaded.report))
}

fn press(book: &Book, token: &str, at: Timestamp) -> Screen {
    let turn = step(book, Reader::default(), &Input { at, event: Event::Pressed(token.to_owned()) });
    match turn.effects.as_slice() {
        [Effect::Show(screen) | Effect::Send(screen)] => screen.clone(),
        other => panic!("one screen, not {other:?}"),
    }
}

/// The token of a button, found by how its label begins, tick marks aside.
fn token(book: &Book, screen: &Screen, label: &str) -> String {
    let page = book.compose(screen, &Reader::default());
    let key = page.rows.iter().flatten().find(|key| backcare::dialogue::without_tick(book, &key.label).starts_with(label));
    match key.unwrap_or_else(|| panic!("no [{label}] on {:?}", page.text.words)).press.clone() {
        Press::Token(token) => token,
        Press::Share { page, .. } => panic!("[{label}] offers {page}"),
        Press::Url(url) => panic!("[{label}] opens {url}"),
    }
}

fn go(book: &Book, from: &Screen, label: &str, at: Timestamp) -> Screen {
    press(book, &token(book, from, label), at)
}

fn page(book: &Book, id: &str) -> Screen {
    Screen::of(book.find(id).unwrap())
}

fn advice(book: &Book, screen: &Screen) -> Option<Level> {
    match book.node(screen.node).kind {
        Kind::Advice { level, .. } => Some(level),
        _ => None,
    }
}

/// Home to the first checklist, 20 to 27 weeks.
fn first_list(book: &Book) -> Screen {
    let weeks = go(book, &page(book, "doctor"), "None", shipped::noon());
    go(book, &weeks, "20 to 27", shipped::noon())
}

#[test]
fn a_renamed_page_is_found_by_its_old_button() {
    let old = token(shipped::book(), &page(shipped::book(), "tips"), "Easing the pain");
    let (file, moved) = ("home.yaml", "moved: {soothing: easing}\n");
    let mut edits = vec![
        (file, "\nsoothing:\n", "\neasing:\n"),
        (file, ", soothing]", ", easing]"),
        ("asks.yaml", "\nsoothing:\n", "\neasing:\n"),
    ];
    let book = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("dialogues/book.yaml")).unwrap();
    assert!(!book.contains("\nmoved:"), "the shipped book has moves of its own; mend this test");
    let with_moved = format!("id: backcare\n{moved}");
    edits.push(("book.yaml", "id: backcare\n", &with_moved));
    let new = edited(&edits);
    let screen = press(&new, &old, shipped::noon());
    assert_eq!(new.name(screen.node), "easing");
    assert_eq!(screen.notice, None);
}

#[test]
fn a_page_that_is_gone_leads_home_with_a_notice() {
    let old = "1AAAAAAA";
    let screen = press(shipped::book(), old, shipped::noon());
    assert_eq!(screen.node, shipped::book().home());
    assert!(screen.notice.is_some());
}

#[test]
fn a_removed_answer_asks_its_question_again() {
    let old = token(shipped::book(), &page(shipped::book(), "doctor"), "Not sure");
    let new = edited(&[("triage.yaml", "    maybe: {label: Not sure, goto: call-now-not-sure}\n", "")]);
    let screen = press(&new, &old, shipped::noon());
    assert_eq!(new.name(screen.node), "doctor");
    assert!(screen.notice.is_some());
}

#[test]
fn a_question_with_a_new_meaning_is_asked_again_but_an_emergency_is_not() {
    let doctor = page(shipped::book(), "doctor");
    let [none, any] = ["None", "Yes"].map(|label| token(shipped::book(), &doctor, label));
    let new = edited(&[("triage.yaml", "doctor:\n", "doctor:\n  edition: 2\n")]);
    let asked = press(&new, &none, shipped::noon());
    assert_eq!(new.name(asked.node), "doctor");
    assert!(asked.notice.is_some());
    assert_eq!(advice(&new, &press(&new, &any, shipped::noon())), Some(Level::Emergency));
}

#[test]
fn another_list_drops_the_ticks_and_keeps_the_worst_level() {
    let old = shipped::book();
    let ticked = go(old, &first_list(old), "Any bleeding", shipped::noon());
    let done = token(old, &ticked, "Done");
    assert_eq!(advice(old, &press(old, &done, shipped::noon())), Some(Level::Now));
    let new = edited(&[("triage.yaml", "baby-signs:\n", "baby-signs:\n  edition: 2\n")]);
    let asked = press(&new, &done, shipped::noon());
    assert_eq!(new.name(asked.node), "baby-signs");
    assert!(asked.notice.is_some());
    let memory = asked.trail.visit.clone().unwrap();
    assert_eq!((memory.ticks, memory.floor), (0, Level::Now));
    // Nothing ticked this time, and still the worst level that was reached counts.
    assert_eq!(advice(&new, &go(&new, &asked, "None", shipped::noon())), Some(Level::Now));
}

#[test]
fn twelve_hours_later_the_list_is_asked_again() {
    let book = shipped::book();
    let ticked = go(book, &first_list(book), "Any bleeding", shipped::noon());
    let done = token(book, &ticked, "Done");
    let within = press(book, &done, shipped::noon() + SignedDuration::from_hours(12));
    assert_eq!(advice(book, &within), Some(Level::Now));
    let late = press(book, &done, shipped::noon() + SignedDuration::from_hours(13));
    assert_eq!(book.name(late.node), "baby-signs");
    assert!(late.notice.is_some());
}

#[test]
fn a_raised_level_counts_for_old_ticks() {
    let old = shipped::book();
    let mut screen = first_list(old);
    for _ in 0..2 {
        screen = go(old, &screen, "None", shipped::noon());
    }
    let ticked = go(old, &screen, "Pelvis", shipped::noon());
    let done = token(old, &ticked, "Done");
    assert_eq!(advice(old, &press(old, &done, shipped::noon())), Some(Level::Soon));
    let (soon, today) = ("\"Pelvis or pubic bone hurts\", level: soon", "\"Pelvis or pubic bone hurts\", level: today");
    let new = edited(&[("triage.yaml", soon, today)]);
    assert_eq!(advice(&new, &press(&new, &done, shipped::noon())), Some(Level::Today));
}

#[test]
fn ticks_come_off_again_and_take_their_level_with_them() {
    let book = shipped::book();
    let mut screen = first_list(book);
    screen = go(book, &screen, "Any bleeding", shipped::noon());
    screen = go(book, &screen, "Any bleeding", shipped::noon());
    for _ in 0..3 {
        screen = go(book, &screen, "None", shipped::noon());
    }
    assert_eq!(advice(book, &screen), Some(Level::SelfCare));
}

#[test]
fn not_sure_counts_as_the_worst_row_of_its_list() {
    let book = shipped::book();
    assert_eq!(advice(book, &go(book, &first_list(book), "Not sure", shipped::noon())), Some(Level::Now));
}

#[test]
fn help_returns_to_the_page_it_was_asked_from() {
    let book = shipped::book();
    let lifting =
        press(book, &backcare::dialogue::Button::open(book.hash(book.find("lifting").unwrap())).token(), shipped::noon());
    let mut screen = go(book, &lifting, "Get help", shipped::noon());
    screen = go(book, &screen, "None", shipped::noon());
    screen = go(book, &screen, "20 to 27", shipped::noon());
    for _ in 0..3 {
        screen = go(book, &screen, "None", shipped::noon());
    }
    assert_eq!(advice(book, &screen), Some(Level::SelfCare));
    assert_eq!(book.name(go(book, &screen, "Back", shipped::noon()).node), "lifting");
}

#[test]
fn a_withdrawn_page_says_so_and_leads_to_help() {
    let old = token(shipped::book(), &page(shipped::book(), "soothing"), "Heat pad");
    let new = edited(&[("pain-relief.yaml", "heat-pad:\n", "heat-pad:\n  withdrawn: It was unclear.\n")]);
    let screen = press(&new, &old, shipped::noon());
    let shown = new.compose(&screen, &Reader::default());
    assert!(shown.text.words.contains("It was unclear."), "{}", shown.text.words);
    assert_eq!(new.name(go(&new, &screen, "Get help", shipped::noon()).node), "doctor");
}
