//! What the shipped book has to say, and what it must never say.
//!
//! Every row of the first document, an NHS page on backache in pregnancy, is carried by a page: `dialogues/COVERAGE.md` says which.
//! Pages name the rows that they carry by `covers: [S4]`. After a change, read what differs and write the file anew:
//! `UPDATE=1 cargo test --test coverage`.

#![allow(clippy::expect_used, clippy::pedantic, clippy::unwrap_used)] // a test that cannot go on fails

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use backcare::dialogue::{Book, Kind, Level, Reader, Screen, Stage, View};

mod shipped;

/// Rows that some page has to carry, and what each says, in short.
const NEEDED: [(&str, &str); 44] = [
    ("S1", "Ligaments soften and stretch in pregnancy, to get ready for labour"),
    ("S2", "That can strain the joints of the lower back and the pelvis"),
    ("S3", "Don't lift heavy things"),
    ("S4", "Lift with bent knees and a straight back"),
    ("S5", "Turn with the feet, not with the spine"),
    ("S6", "Flat shoes spread the weight"),
    ("S7", "Work at a height where nobody has to stoop"),
    ("S8", "Two bags of the same weight"),
    ("S9", "Sit straight and well supported"),
    ("S10", "Rest enough, most of all later on"),
    ("S11", "A firm mattress can help"),
    ("S12", "A board under one that is too soft"),
    ("S13", "Massage can help"),
    ("S14", "The exercise: what it is for"),
    ("S15", "The exercise: where it starts, on all fours"),
    ("S16", "The exercise: tummy in, back up"),
    ("S17", "The exercise: elbows stay loose"),
    ("S18", "The exercise: hold, then back slowly"),
    ("S19", "The exercise: the back never hollows"),
    ("S20", "The exercise: ten times, slowly"),
    ("S21", "The exercise: only as far as is comfortable"),
    ("S22", "Water, massage and back care classes might help"),
    ("S23", "Aquanatal classes with trained teachers"),
    ("S24", "Ask at the leisure centre"),
    ("S25", "Water holds the weight up"),
    ("S26", "Very painful: ask for a physiotherapist"),
    ("S27", "What a physiotherapist does"),
    ("S28", "To read on: backs at work"),
    ("S29", "To read on: common problems in pregnancy"),
    ("S30", "To read on: pain in the pelvic joints"),
    ("S31", "To read on: interviews about pelvic pain"),
    ("S32", "To read on: exercise in pregnancy"),
    ("S33", "To read on: healthy eating"),
    ("S34", "To read on: the antenatal team"),
    ("S35", "To read on: the Pelvic Partnership"),
    ("S37", "To read on: antenatal classes"),
    ("S41", "To read on: exercises for back pain"),
    ("S42", "To read on: weight and pregnancy"),
    ("S43", "To plan: where to give birth"),
    ("S44", "To plan: antenatal care"),
    ("S45", "To plan: a long-term condition"),
    ("S46", "To plan: a birth plan"),
    ("S47", "To plan: a to-do list"),
    ("S48", "To plan: when the baby is due"),
];

/// What the first document's page let a reader do; the bot does something in its place, on a page or of itself.
const BESIDE: [(&str, &str); 12] = [
    ("S36", "Weekly e-mails"),
    ("S38 S49", "When page and media were reviewed"),
    ("S39 S40", "Services near you, by place and from A to Z"),
    ("S50", "Share, save, print"),
    ("S51", "How helpful is this page"),
    ("S52", "Forum"),
    ("S53 S54 S55", "Finding the way on the site"),
    ("S56 S60 S62", "Newsletters, social channels, contact, the evidence"),
    ("S57", "Privacy, terms, accessibility"),
    ("S58 S59", "Sister sites, the organisation"),
    ("S61", "Other languages"),
    ("S63", "A mark of quality, which this bot has not earned"),
];

/// The pages that carry one of some rows: id and title.
fn carriers<'a>(book: &'a Book, rows: &str) -> Vec<(&'a str, &'a str)> {
    let pages = book.nodes().filter(|(_, _, node)| node.covers.iter().any(|covered| rows.split(' ').any(|row| row == covered)));
    pages.map(|(_, id, node)| (id, node.title.as_deref().unwrap_or(id))).collect()
}

fn table(book: &Book, rows: &[(&str, &str)], nobody: &str) -> String {
    let mut table = String::from("| row | what it says | pages that carry it |\n|---|---|---|\n");
    for (row, says) in rows {
        let pages: Vec<_> = carriers(book, row).iter().map(|(id, title)| format!("{title} (`{id}`)")).collect();
        let pages = if pages.is_empty() { nobody.to_owned() } else { pages.join(", ") };
        let _ = writeln!(table, "| {} | {says} | {pages} |", row.replace(' ', ", "));
    }
    table
}

fn coverage(book: &Book) -> String {
    format!(
        "# What the book carries of its first document\n\n\
         Written by `UPDATE=1 cargo test --test coverage` from the `covers:` keys of the pages; don't edit it by hand.\n\
         The first document is the NHS Choices page \"Backache in pregnancy\" (reviewed on 5 February 2015, due again on 5 February\n\
         2017). Where today's guidance differs, the pages follow that. Rows are numbered in the order of the document.\n\n\
         ## Its advice and its links\n\n{}\n## What its site could do\n\n\
         Some of these the bot does itself, without a page, and some are still to come; where a page answers one, it is named.\n\n{}",
        table(book, &NEEDED, "**nobody**"),
        table(book, &BESIDE, "no page"),
    )
}

#[test]
fn every_row_of_the_first_document_is_carried() {
    let missing: Vec<_> = NEEDED.iter().filter(|(row, _)| carriers(shipped::book(), row).is_empty()).collect();
    assert!(missing.is_empty(), "no page covers {missing:?}: add `covers: [..]` to the page that says it");
}

#[test]
fn no_page_covers_a_row_that_is_none() {
    let known = |row: &str| NEEDED.iter().chain(&BESIDE).any(|(known, _)| known.split(' ').any(|known| known == row));
    let covers = shipped::book().nodes().flat_map(|(_, id, node)| node.covers.iter().map(move |row| (id, row)));
    let unknown: Vec<_> = covers.filter(|(_, row)| !known(row)).collect();
    assert!(unknown.is_empty(), "the first document has no such rows: {unknown:?}");
}

#[test]
fn the_table_says_what_the_pages_say() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("dialogues/COVERAGE.md");
    let fresh = coverage(shipped::book());
    if std::env::var_os("UPDATE").is_some() {
        fs::write(&path, &fresh).unwrap();
    }
    let kept = fs::read_to_string(&path).unwrap_or_default();
    assert!(kept == fresh, "dialogues/COVERAGE.md is behind the book: UPDATE=1 cargo test --test coverage");
}

// --- what it must never say, and must always say -----------------------------------------------------------------------------------------

/// Every screen of every page in every region: the page's id, the region, what is read.
fn screens() -> Vec<(&'static str, Option<&'static str>, String)> {
    let book = shipped::book();
    let mut screens = Vec::new();
    for region in book.regions().keys().map(String::as_str).map(Some).chain([None]) {
        let reader = Reader { region: region.map(str::to_owned), ..Reader::default() };
        for (at, id, node) in book.nodes() {
            let steps = if let Kind::Steps(steps) = &node.kind { steps.steps.len() } else { 0 };
            let views = (0..steps).filter_map(|step| u8::try_from(step).ok()).map(View::Step).chain([View::Whole]);
            for view in views {
                let page = book.compose(&Screen { view, ..Screen::of(at) }, &reader);
                screens.push((id, region, page.text.words));
            }
        }
    }
    screens
}

/// The bot names what to do, never what it isn't.
#[test]
fn no_page_calls_a_sign_harmless() {
    const NEVER: [&str; 9] = [
        "nothing serious",
        "nothing to worry",
        "no need to worry",
        "don't worry",
        "you're fine",
        "you are fine",
        "not an emergency",
        "harmless",
        "perfectly normal",
    ];
    for (id, _, words) in screens() {
        let words = words.to_lowercase().replace('’', "'");
        for never in NEVER {
            assert!(!words.contains(never), "{id} says \"{never}\"");
        }
    }
}

#[test]
fn every_advice_ends_with_call_without_a_reason() {
    let book = shipped::book();
    for (id, region, words) in screens() {
        let Some(at) = book.find(id) else { panic!("{id} is gone") };
        if matches!(book.node(at).kind, Kind::Advice { .. }) {
            assert!(words.contains("Worried? Call. You don't need a reason."), "{id} in {region:?} ends otherwise:\n{words}");
        }
    }
}

#[test]
fn every_emergency_page_names_the_number() {
    let book = shipped::book();
    for (id, region, words) in screens() {
        let Some(at) = book.find(id) else { panic!("{id} is gone") };
        if matches!(book.node(at).kind, Kind::Advice { level: Level::Emergency, .. }) {
            let number = book.say(region, Stage::Unknown, "emergency").unwrap_or_default();
            assert!(!number.is_empty() && words.contains(number), "{id} in {region:?} names no number:\n{words}");
            let labelled = region.is_some_and(|region| region != "unknown")
                || (words.contains("UK 999") && words.contains("US and Canada 911"));
            assert!(labelled, "{id} shows no labelled numbers to somebody whose country is unknown:\n{words}");
        }
    }
}

/// Whoever comes back home may have lost a pregnancy.
#[test]
fn home_names_no_pregnancy() {
    let book = shipped::book();
    let page = book.compose(&Screen::of(book.home()), &Reader::default());
    let labels = page.rows.iter().flatten().map(|key| key.label.as_str());
    for words in labels.chain([page.text.words.as_str()]) {
        for never in ["baby", "bump", "pregnan", "birth"] {
            assert!(!words.to_lowercase().contains(never), "home says \"{never}\": {words}");
        }
    }
}
