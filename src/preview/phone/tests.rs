//! What the phone does with turns, editions of the book, and what is recorded of it.

use super::*;
use crate::source::{Files, Loaded, load_files};
use crate::walk::{Walk, noon};

const WORDS: &str = include_str!("../../../examples/knee/words.yaml");

/// A book of three pages, one of them a question; `more` is another file of it.
fn edition(text: &str, more: &str) -> Edition {
    let front = "format: 1\nregions:\n  unknown: {name: Elsewhere, say: {emergency: your local emergency number}}\nid: small\ntitle: Small\nhome: home\nsources:\n  house: {title: House, clinically-reviewed: true}\n";
    let pages = format!(
        "source: house\nhome:\n  title: Home\n  text: {text}\n  links: [legs, ask]\nlegs:\n  title: Legs\n  text: Put them up.\n  links: [home]\n\
         ask:\n  title: Ask me\n  question: Well?\n  answers:\n    good: {{label: Good, goto: legs}}\n{more}"
    );
    let files = [("book.yaml", front), ("words.yaml", WORDS), ("home.yaml", &pages)];
    let loaded: Arc<Loaded> = Arc::new(load_files(files.map(|(name, text)| (name.to_owned(), text.to_owned())).into()));
    assert!(loaded.book.is_some(), "{}", loaded.report);
    Edition::of(&loaded, &Files::read(std::path::Path::new("no such folder")), None).unwrap()
}

fn begun(edition: &Edition) -> Phone {
    let mut phone = Phone::new(Setting::default(), noon(), edition.book(None));
    phone.act(edition, &Act::Say(String::from("/start")));
    phone
}

fn press(phone: &mut Phone, edition: &Edition, label: &str) {
    let Some((message, Press::Token(token))) = phone.key(edition, label) else { panic!("no button {label}") };
    assert!(phone.act(edition, &Act::Press { message, token }));
}

fn newest(phone: &Phone) -> (&str, &str) {
    let shown = phone.newest().unwrap();
    (&shown.id, shown.page.text.words.lines().next().unwrap())
}

#[test]
fn a_press_changes_the_message_and_words_bring_a_new_one() {
    let edition = edition("Hello.", "");
    let mut phone = begun(&edition);
    assert_eq!(phone.messages().len(), 2);
    press(&mut phone, &edition, "Legs");
    assert_eq!((phone.messages().len(), newest(&phone)), (2, ("legs", "Put them up.")));
    phone.act(&edition, &Act::Open(String::from("home")));
    assert_eq!((phone.messages().len(), newest(&phone)), (4, ("home", "Hello.")));
}

#[test]
fn another_edition_says_its_own_words_where_the_conversation_stands() {
    let before = edition("Hello.", "");
    let mut phone = begun(&before);
    press(&mut phone, &before, "Ask me");
    phone.act(&before, &Act::Open(String::from("home")));
    phone.go_on_with(&edition("Good evening.", ""));
    assert_eq!(newest(&phone), ("home", "Good evening."));
    let pages = phone.messages().iter().filter_map(|message| match &message.what {
        What::Page(shown) => Some(shown.id.as_str()),
        _ => None,
    });
    assert_eq!(pages.collect::<Vec<_>>(), ["ask", "home"]);
}

#[test]
fn a_page_that_is_gone_stays_as_it_was_and_comes_back_with_its_words() {
    let (with, without) = (edition("Hello.", "rest:\n  title: Rest\n  text: Lie down.\n"), edition("Hello.", ""));
    let mut phone = begun(&with);
    phone.act(&with, &Act::Open(String::from("rest")));
    phone.go_on_with(&without);
    assert!(phone.newest().unwrap().is_gone);
    assert_eq!(newest(&phone), ("rest", "Lie down."));
    phone.go_on_with(&edition("Hello.", "rest:\n  title: Rest\n  text: Sit down.\n"));
    assert!(!phone.newest().unwrap().is_gone);
    assert_eq!(newest(&phone), ("rest", "Sit down."));
}

#[test]
fn what_was_held_plays_as_a_walk_and_an_earlier_button_is_no_part_of_one() {
    let edition = edition("Hello.", "");
    let mut phone = begun(&edition);
    let first = phone.key(&edition, "Legs").unwrap();
    press(&mut phone, &edition, "Ask me");
    press(&mut phone, &edition, "Good");
    phone.act(&edition, &Act::Say(String::from("hello")));
    let walk = phone.walk().unwrap();
    assert!(walk.contains("[Ask me]") && walk.contains("> hello"), "{walk}");
    Walk::read(&walk).play(edition.book(None), noon()).unwrap();
    let (message, Press::Token(token)) = first else { panic!("a button that is pressed") };
    // The message has changed since, so it no longer has that button: as in Telegram, nobody can press it.
    assert!(!phone.act(&edition, &Act::Press { message, token }));
    let earlier = phone.messages().iter().find(|each| matches!(each.what, What::Page(_))).unwrap().number;
    let What::Page(shown) = &phone.messages().iter().find(|each| each.number == earlier).unwrap().what else { panic!() };
    let token = shown.page.rows.iter().flatten().find_map(|key| match &key.press {
        Press::Token(token) => Some(token.clone()),
        _ => None,
    });
    assert!(phone.act(&edition, &Act::Press { message: earlier, token: token.unwrap() }));
    assert!(phone.walk().is_err());
}

#[test]
fn a_count_goes_on_by_ticks_of_its_own_turn_alone() {
    let steps = "bend:\n  title: Bend\n  steps:\n    - {text: Bend., hold: 5s}\n  repeat: 2\n  then: home\n";
    let edition = edition("Hello.", steps);
    let mut phone = begun(&edition);
    phone.act(&edition, &Act::Open(String::from("bend")));
    let together = phone.newest().unwrap().page.rows[0][0].label.clone();
    press(&mut phone, &edition, &together);
    let (seconds, turn) = phone.due().unwrap();
    assert!(!phone.act(&edition, &Act::Tick { turn: turn + 1 }));
    assert!(phone.act(&edition, &Act::Tick { turn }));
    assert!(phone.due().is_some() && phone.at() == noon() + SignedDuration::from_secs(seconds.into()));
    assert!(!phone.act(&edition, &Act::Tick { turn }), "it belongs to a turn before");
}
