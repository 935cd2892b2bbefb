//! Every conversation in `tests/walks`, played on the shipped book; and what `backcare test` makes of walks.

#![allow(clippy::expect_used, clippy::pedantic, clippy::unwrap_used)] // a test that cannot go on fails

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use backcare::author::walks::{Coverage, Named, Reached, fill, play, updated};
use backcare::service::with_place;
use backcare::source::folder;
use backcare::walk::{Fault, Line, Walk, noon};
use proptest::prelude::*;

mod shipped;

fn walks() -> Vec<Named> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/walks");
    let walks = folder::texts(&folder, "walk").unwrap();
    walks.into_iter().map(|(path, text)| Named { name: path.display().to_string(), text }).collect()
}

fn named(text: &str) -> Named {
    Named { name: "a.walk".to_owned(), text: text.to_owned() }
}

#[test]
fn every_walk_arrives() {
    let walks = walks();
    assert!(walks.len() > 60, "the walks are gone");
    let results = play(shipped::book(), &walks, with_place);
    assert!(results.all_arrive(), "{results}");
}

/// What must never be missed is walked: every answer of the triage, and every warning sign in somebody's own words.
#[test]
fn every_answer_and_every_warning_sign_is_walked() {
    let results = play(shipped::book(), &walks(), with_place);
    let coverage = Coverage::of(shipped::book(), &results.reached);
    for kind in ["answers", "signs"] {
        assert!(coverage.missed(kind).is_empty(), "{coverage}");
    }
}

// --- a walk that does not hold -------------------------------------------------------------------------------------------------------

#[test]
fn a_walk_that_strays_says_where_and_what_it_saw() {
    let walk = Walk::read("# a comment\n> /start\n[It hurts now]\nLie on your back\n");
    let strayed = walk.play(shipped::book(), noon()).unwrap_err();
    assert_eq!(strayed.line, 4);
    assert!(strayed.shown.contains("Get help"), "{}", strayed.shown);
    let got = "Lie on your side, a pillow between your knees. Breathe out slowly.";
    assert_eq!(strayed.fault, Fault::Unsaid { expected: "Lie on your back".into(), got: got.into() });
    let walk = Walk::read("> /start\n![It hurts now]\n");
    assert_eq!(walk.play(shipped::book(), noon()).unwrap_err().line, 2);
}

#[test]
fn what_is_not_said_hides_nothing_that_comes_after_it() {
    let results = play(
        shipped::book(),
        &[named("> /start\nGood day\n![Exercises]\n[Exercises]\nJump!\n[Nowhere]\nNever looked at\n")],
        with_place,
    );
    let lines: Vec<usize> = results.strayed[0].1.iter().map(|strayed| strayed.line).collect();
    assert_eq!(lines, [2, 3, 5, 6], "{results}");
    assert!(results.to_string().ends_with("1 walk, 1 of them don't arrive\n"), "{results}");
}

#[test]
fn update_writes_what_is_said_and_leaves_what_is_pressed() {
    let text = "# keep me\n> /start\n  Hello. A sore back hurts.\n[Exercises]\n[Gone]\n";
    let results = play(shipped::book(), &[named(text)], with_place);
    let fresh = updated(text, &results.strayed[0].1).unwrap();
    let greeting = "Hello. A sore back wears you out. I have things to try, gentle exercises, and when to call somebody.";
    assert_eq!(fresh, format!("# keep me\n> /start\n  {greeting}\n[Exercises]\n[Gone]\n"));
    let again = play(shipped::book(), &[named(&fresh)], with_place);
    assert_eq!(again.strayed[0].1.len(), 1, "only the button is missing");
    assert_eq!(updated(&fresh, &again.strayed[0].1), None);
}

#[test]
fn time_and_tips_are_lines_of_a_walk() {
    let walk = "at: 2026-12-01T10:00:00Z\nregion: gb\n> /weekly\n[Yes please]\nMonday 7 December\ntip: bend-your-knees\n[Get help]\nAny of these right now?\n";
    let results = play(shipped::book(), &[named(walk)], with_place);
    assert!(results.all_arrive(), "{results}");
    assert!(results.reached.tips.contains("bend-your-knees"));
    // Past the hours that a triage is trusted, a list asks again.
    let late = "> /help\n[None of these]\n[20 to 27]\nat: 2026-11-24T12:00:00Z\n[None of these]\nasked again\n";
    let strayed = Walk::read(late).run(backcare::walk::Chat::new(shipped::book(), noon()), &mut |_, _| {});
    assert!(matches!(&strayed[0].fault, Fault::Unsaid { got, .. } if !got.is_empty()), "{strayed:?}");
    assert!(!strayed[0].shown.contains("And any of these?"), "the memory outlived its hours: {}", strayed[0].shown);
}

// --- what no walk reaches ------------------------------------------------------------------------------------------------------------

#[test]
fn what_is_reached_is_counted_by_kind() {
    let book = shipped::book();
    let walk = "> /help\n[None of these]\n[20 to 27]\n[Any bleeding or spotting]\n[Done]\n> my waters broke\n";
    let reached = play(book, &[named(walk)], with_place).reached;
    for answer in ["doctor.none", "weeks.w20", "baby-signs.bleeding"] {
        assert!(reached.answers.contains(answer), "{answer}: {:?}", reached.answers);
    }
    assert!(reached.signs.contains("waters"), "{:?}", reached.signs);
    assert!(reached.pages.contains("call-unit"));
    let coverage = Coverage::of(book, &reached);
    assert!(coverage.to_string().contains("no walk reaches these tips: "), "{coverage}");
    assert!(!coverage.missed("answers").contains(&"weeks.w20".to_owned()));
    assert_eq!(Coverage::of(book, &Reached::all(book)).missed("pages"), &[] as &[String]);
}

/// Filled from nothing, everything is reached, and every walk that was written holds.
#[test]
fn fill_reaches_all_and_what_it_writes_arrives() {
    let book = shipped::book();
    let filled = fill(book, &Coverage::of(book, &Reached::default()));
    let results = play(book, &filled, with_place);
    assert!(results.all_arrive(), "{results}");
    let coverage = Coverage::of(book, &results.reached);
    assert!(coverage.kinds.iter().all(|(_, _, missed)| missed.is_empty()), "{coverage}");
    assert!(fill(book, &coverage).is_empty());
}

// --- the commands ----------------------------------------------------------------------------------------------------------------------

fn backcare(arguments: &[&str], typed: &str) -> Output {
    use std::io::Write as _;
    let mut bot = Command::new(env!("CARGO_BIN_EXE_backcare"));
    bot.args(["--dialogues", "dialogues"]).args(arguments).current_dir(env!("CARGO_MANIFEST_DIR"));
    let mut bot = bot.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    bot.stdin.take().unwrap().write_all(typed.as_bytes()).unwrap();
    bot.wait_with_output().unwrap()
}

fn in_folder(texts: &[(&str, &str)]) -> (tempfile::TempDir, Vec<PathBuf>) {
    let folder = tempfile::tempdir().unwrap();
    let paths = texts.iter().map(|(name, text)| {
        let path = folder.path().join(name);
        fs::write(&path, text).unwrap();
        path
    });
    let paths = paths.collect();
    (folder, paths)
}

#[test]
fn a_conversation_is_recorded_and_played_again() {
    let (folder, _) = in_folder(&[]);
    let file = folder.path().join("new.walk");
    let file = file.to_str().unwrap();
    let typed = "Weekly tips\nYes please\nAustralia\nSomewhere else\nLeeds\n/help\n1\n";
    assert!(backcare(&["chat", "--record", file], typed).status.success());
    let walk = fs::read_to_string(file).unwrap();
    for line in ["> /start", "[Weekly tips]", "[Australia]", "> Leeds", "[Yes, any of these]"] {
        assert!(walk.lines().any(|known| known == line), "{line} is missing:\n{walk}");
    }
    let tested = backcare(&["test", "--walks", folder.path().to_str().unwrap(), "new"], "");
    assert!(tested.status.success(), "{}", String::from_utf8_lossy(&tested.stdout));
    let replayed = backcare(&["chat", "--replay", file], "");
    let told = String::from_utf8(replayed.stdout).unwrap();
    assert!(replayed.status.success() && told.contains("> Leeds") && told.contains("now."), "{told}");
}

#[test]
fn test_ends_with_one_where_a_walk_does_not_arrive_and_with_two_where_none_is_meant() {
    let (folder, paths) = in_folder(&[("good.walk", "> /start\nHello.\n"), ("bad.walk", "> /start\nGood day\n")]);
    let folder = folder.path().to_str().unwrap();
    let run = |more: &[&str]| backcare(&[&["test", "--walks", folder], more].concat(), "");
    let all = run(&[]);
    assert_eq!(all.status.code(), Some(1));
    let told = String::from_utf8(all.stdout).unwrap();
    assert!(told.contains("bad.walk:2\n    expected: Good day\n         got: Hello."), "{told}");
    assert!(told.contains("2 walks, 1 of them don't arrive"), "{told}");
    assert_eq!(run(&["good"]).status.code(), Some(0));
    assert_eq!(run(&["nothing-of-the-kind"]).status.code(), Some(2));
    run(&["--update"]);
    assert!(fs::read_to_string(&paths[1]).unwrap().starts_with("> /start\nHello. A sore back"));
    assert_eq!(run(&[]).status.code(), Some(0));
}

#[test]
fn replay_says_where_a_walk_leaves_its_path() {
    let (_folder, paths) = in_folder(&[("bad.walk", "> /start\n[Exercises]\nJump!\n")]);
    let replayed = backcare(&["chat", "--replay", paths[0].to_str().unwrap()], "");
    assert_eq!(replayed.status.code(), Some(1));
    let told = String::from_utf8(replayed.stderr).unwrap();
    assert!(told.contains("bad.walk:line 3: expected: Jump!"), "{told}");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    /// Any text is a walk, and what is written of it is read as the same.
    #[test]
    fn any_text_is_a_walk(text in "(\\PC{0,40}\n){0,12}") {
        let walk = Walk::read(&text);
        for (_, line) in &walk.0 {
            let again = Line::read(line.to_string().trim());
            prop_assert!(again.to_string() == line.to_string(), "{line:?} {again:?}");
        }
    }
}
