//! `backcare diff`: what a reader would see differently, and what becomes of buttons in old chats.

#![allow(clippy::expect_used, clippy::pedantic, clippy::unwrap_used)] // a test that cannot go on fails

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use backcare::author::diff::{ButtonChange, Difference, Fate, diff};
use backcare::dialogue::Book;
use backcare::source;

const BOOK: &str = "home:
  title: Home
  text: |
    Hello. **What** would help?
  links: [ask, help, tip]

ask:
  title: A question
  question: Does it hurt?
  answers:
    \"yes\": {label: It does, goto: list}
    \"no\": {label: Not at all, goto: tip}

list:
  checklist: Any of these?
  signs:
    fever: {label: Fever, level: today}
    numb: {label: Numb legs, level: now}
  none: None
  unsure: not sure
  then: out

out:
  outcome: {worst: {emergency: help, now: help, today: help, soon: help, self-care: tip}}

help:
  title: Get help
  advice: emergency
  text: Call {unit}.

tip:
  title: A tip
  text: Move a little, often.
  links: [ask]
";

/// The small book of the bad books with these pages, and whatever else is changed in its files.
fn book(pages: &str, changes: &[(&str, &str, &str)]) -> Book {
    let base = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/bad/base");
    let mut files: Vec<(String, String)> = ["book.yaml", "words.yaml", "weekly.yaml", "signs.yaml"]
        .map(|name| (name.to_owned(), fs::read_to_string(base.join(name)).unwrap()))
        .into();
    files.push(("pages.yaml".into(), format!("source: house\n{pages}")));
    for (file, old, new) in changes {
        let text = &mut files.iter_mut().find(|(name, _)| name == file).unwrap().1;
        assert!(text.contains(old), "{file} does not hold {old:?}");
        *text = text.replace(old, new);
    }
    let loaded = source::load_files(files);
    loaded.book.unwrap_or_else(|| panic!("{}", loaded.report))
}

fn between(new_pages: &str, changes: &[(&str, &str, &str)]) -> Difference {
    diff(&book(BOOK, &[]), &book(new_pages, changes))
}

fn fates(difference: &Difference) -> Vec<(&str, Fate)> {
    difference.buttons.iter().map(|ButtonChange { button, fate, .. }| (button.as_str(), *fate)).collect()
}

#[test]
fn the_same_book_differs_in_nothing() {
    let difference = between(BOOK, &[]);
    assert!(difference.is_empty(), "{difference}");
    assert_eq!(difference.to_string(), "Readers would see no difference.\n");
}

#[test]
fn a_text_is_shown_before_and_after_by_the_way_to_it() {
    let difference = between(&BOOK.replace("Move a little, often.", "Move a **lot**."), &[]);
    let told = difference.to_string();
    assert!(
        told.contains("> /start [A tip]  (tip)\n  - Move a little, often.\n  + Move a **lot**.\n    [A question]"),
        "{told}"
    );
    assert_eq!((difference.changed.len(), difference.lost()), (1, 0), "{told}");
}

#[test]
fn the_nearest_screen_comes_first() {
    let difference = between(&BOOK.replace("Any of these?", "Any of those?").replace("Hello.", "Hi."), &[]);
    let pages: Vec<&str> = difference.changed.iter().map(|change| change.page.as_str()).collect();
    assert_eq!(pages, ["home", "list"]);
}

#[test]
fn a_label_on_a_button_is_seen_on_the_page_that_has_it() {
    let difference = between(&BOOK.replace("label: Not at all", "label: Never"), &[]);
    assert_eq!(difference.changed.len(), 1);
    assert!(difference.changed[0].after.contains("[Never]"));
    assert_eq!(difference.reworded, ["ask.no"], "its author is asked for the edition");
    let raised = between(
        &BOOK.replace("label: Not at all", "label: Never").replace("Does it hurt?", "Does it hurt?\n  edition: 2"),
        &[],
    );
    assert_eq!(raised.reworded, [] as [&str; 0]);
    assert!(fates(&raised).contains(&("ask.no", Fate::AskedAgain)), "{raised}");
}

#[test]
fn a_page_that_vanishes_takes_its_buttons_with_it() {
    let without = BOOK.replace("links: [ask, help, tip]", "links: [ask, help]").replace("goto: tip", "goto: help");
    let without = without.replace("self-care: tip", "self-care: help");
    let (kept, _) = without.split_once("tip:\n").unwrap();
    let weekly = [("weekly.yaml", "from: tip", "from: home")];
    let lost = between(kept, &weekly);
    assert_eq!((lost.vanished.as_slice(), lost.lost()), (&["tip".to_owned()][..], 1), "{lost}");
    assert!(fates(&lost).contains(&("tip", Fate::Lost)) && fates(&lost).contains(&("ask.no", Fate::Changed)), "{lost}");
    let moved = between(kept, &[weekly[0], ("book.yaml", "regions:\n", "moved:\n  tip: help\nregions:\n")]);
    assert_eq!((moved.moved.as_slice(), moved.lost()), (&[("tip".to_owned(), "help".to_owned())][..], 0), "{moved}");
}

#[test]
fn an_answer_that_vanishes_is_lost_and_one_that_moved_is_not() {
    let renamed = BOOK.replace("\"no\":", "never:");
    let lost = between(&renamed, &[]);
    assert_eq!(fates(&lost), [("ask.no", Fate::Lost)], "{lost}");
    assert!(lost.to_string().contains("ask.no: nothing: a notice and the nearest page"), "{lost}");
    let moved = between(&renamed, &[("book.yaml", "regions:\n", "moved:\n  ask.no: ask.never\nregions:\n")]);
    assert_eq!(fates(&moved), [], "{moved}");
}

#[test]
fn an_answer_that_leads_elsewhere_and_a_sign_that_counts_otherwise_are_told() {
    let difference = between(&BOOK.replace("goto: list", "goto: help").replace("level: today", "level: now, weeks: 16.."), &[]);
    let told = difference.to_string();
    assert!(told.contains("ask.yes: leads to list; now leads to help"), "{told}");
    assert!(told.contains("list.fever: counts as today; now counts as now, weeks 16.."), "{told}");
    assert_eq!(difference.lost(), 0);
}

#[test]
fn a_page_with_a_new_name_is_no_other_page() {
    let renamed = BOOK.replace("list", "signs-list").replace("checksigns-list:", "checklist:");
    let difference = between(&renamed, &[("book.yaml", "regions:\n", "moved:\n  list: signs-list\nregions:\n")]);
    assert_eq!((difference.buttons.len(), difference.appeared.len(), difference.changed.len()), (0, 0, 0), "{difference}");
    assert_eq!(difference.moved, [("list".to_owned(), "signs-list".to_owned())]);
}

#[test]
fn tips_and_the_words_of_regions_are_told() {
    let difference = between(
        BOOK,
        &[
            ("weekly.yaml", "Get up now and then.", "Get up often."),
            ("weekly.yaml", "tips:\n", "tips:\n  new-one:\n    from: home\n    weeks: 20..\n    text: New\n"),
            ("book.yaml", "say: your unit}", "say: your ward}"),
        ],
    );
    let told = difference.to_string();
    for line in [
        "new-one: new, for weeks 20..",
        "tip: said \"Get up now and then.\", says \"Get up often.\"",
        "gb: {unit} was \"your early unit / your unit\", is \"your early unit / your ward\"",
    ] {
        assert!(told.contains(line), "{line}\n{told}");
    }
}

#[test]
fn a_page_taken_back_is_told() {
    let difference = between(&BOOK.replace("  title: A tip\n", "  title: A tip\n  withdrawn: It was wrong.\n"), &[]);
    assert_eq!(fates(&difference), [("tip", Fate::Changed)]);
    assert!(
        difference.changed.iter().any(|change| change.page == "tip" && change.after.contains("It was wrong.")),
        "{difference}"
    );
}

// --- the command -----------------------------------------------------------------------------------------------------------------------

fn run(folder: &Path, program: &str, arguments: &[&str]) -> Output {
    Command::new(program).args(arguments).current_dir(folder).output().unwrap()
}

fn lay(folder: &Path, pages: &str) {
    let base = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/bad/base");
    fs::create_dir_all(folder).unwrap();
    for name in ["book.yaml", "words.yaml"] {
        fs::copy(base.join(name), folder.join(name)).unwrap();
    }
    fs::write(folder.join("pages.yaml"), format!("source: house\n{pages}")).unwrap();
}

#[test]
fn books_are_compared_from_folders_and_from_revisions() {
    let home = tempfile::tempdir().unwrap();
    let home = home.path();
    lay(&home.join("dialogues"), BOOK);
    let git = |arguments: &[&str]| {
        let identity = ["-c", "user.name=A", "-c", "user.email=a@example.org"];
        assert!(run(home, "git", &[&identity, arguments].concat()).status.success(), "{arguments:?}");
    };
    git(&["init", "-q"]);
    git(&["add", "."]);
    git(&["commit", "-q", "-m", "One"]);
    let backcare = |arguments: &[&str]| run(home, env!("CARGO_BIN_EXE_backcare"), arguments);
    let same = backcare(&["diff", "HEAD"]);
    assert_eq!(String::from_utf8_lossy(&same.stdout), "Readers would see no difference.\n", "{same:?}");
    assert_eq!(same.status.code(), Some(0));

    lay(&home.join("dialogues"), &BOOK.replace("\"no\":", "never:"));
    let lost = backcare(&["diff", "HEAD"]);
    assert_eq!(lost.status.code(), Some(1), "{lost:?}");
    assert!(String::from_utf8_lossy(&lost.stdout).contains("LOSE their meaning"));

    lay(&home.join("other"), BOOK);
    assert_eq!(backcare(&["diff", "HEAD", "other"]).status.code(), Some(0));
    assert_eq!(backcare(&["diff", "other", "dialogues"]).status.code(), Some(1));
    for nothing in ["no-such-revision", "--output=x"] {
        let none = backcare(&["diff", "--", nothing]);
        assert_eq!(none.status.code(), Some(2), "{none:?}");
        assert!(!none.stderr.is_empty());
    }
}
