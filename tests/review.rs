//! A book and its reviewers: what they are given, what they send back, what becomes of it as the book goes on; and files that nobody
//! should have sent.

#![allow(clippy::expect_used, clippy::pedantic, clippy::unwrap_used)] // a test that cannot go on fails

use std::collections::{BTreeMap, HashMap};
use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use backcare::author::review::{FORMAT, Merged, Returned, Reviewer, Said, Sent, Shows, merge, read, sheets, written};
use backcare::dialogue::{Book, Reader, Screen, Unreviewed, View};
use backcare::lint;
use backcare::source::{self, Loaded};
use jiff::civil::{Date, date};
use proptest::prelude::*;

const CHECKED: &str = "unchecked: No clinician has checked it yet.\nchecked: Checked by {name}, on {date}.\n";

/// A book in memory.
#[derive(Clone)]
struct Folder(BTreeMap<String, String>);

impl Folder {
    /// The small book, with the words that a reviewed one needs.
    fn small() -> Folder {
        let base = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/bad/base");
        let files = fs::read_dir(base).unwrap().map(|entry| entry.unwrap().path());
        let read = |path: std::path::PathBuf| {
            (path.file_name().unwrap().to_str().unwrap().to_owned(), fs::read_to_string(&path).unwrap())
        };
        let mut folder = Folder(files.map(read).collect());
        folder.edit("words.yaml", "unchecked: No clinician has checked it yet.\n", CHECKED);
        folder
    }

    /// The shipped book, in its own language.
    fn shipped() -> Folder {
        let files = source::folder::texts(Path::new("dialogues"), "yaml").unwrap();
        let own = files.into_iter().filter_map(|(path, text)| {
            let name = path.strip_prefix("dialogues").unwrap().to_str().unwrap().to_owned();
            (!name.contains('/')).then_some((name, text))
        });
        let mut folder = Folder(own.collect());
        folder.edit("book.yaml", "id: backcare\n", "id: small\n");
        folder
    }

    fn edit(&mut self, file: &str, from: &str, to: &str) {
        let text = self.0.get_mut(file).unwrap_or_else(|| panic!("no {file}"));
        assert!(text.contains(from), "{file} has no {from:?}:\n{text}");
        *text = text.replacen(from, to, 1);
    }

    fn reviews(&self) -> &str {
        self.0.get("reviews.yaml").map_or("", String::as_str)
    }

    fn put_reviews(&mut self, text: &str) {
        self.0.insert(String::from("reviews.yaml"), text.to_owned());
    }

    fn loaded(&self) -> Loaded {
        source::load_files(self.0.clone().into_iter().collect())
    }

    fn book(&self) -> Book {
        let loaded = self.loaded();
        loaded.book.unwrap_or_else(|| panic!("{}", loaded.report))
    }

    /// What the checker says: place, rule, message.
    fn told(&self) -> Vec<String> {
        let (_, report) = lint::check_files(self.0.clone().into_iter().collect());
        let told = report.findings().iter();
        told.map(|found| format!("{} {}: {}", report.address(found.place), found.rule.name, found.message)).collect()
    }

    /// A review of the book as it stands, by somebody who says this of its pages.
    fn review(&self, by: (&str, &str), on: Date, said: &[(&str, bool, &str)]) -> Returned {
        let loaded = self.loaded();
        let fingerprints: HashMap<&str, u32> =
            sheets(&loaded, None).iter().map(|sheet| (sheet.id, sheet.fingerprint)).collect();
        let pages = said.iter().map(|(id, right, comment)| {
            let of = fingerprints.get(id).copied().map(written).unwrap_or_default();
            ((*id).to_owned(), Said { of, right: *right, comment: (*comment).to_owned() })
        });
        let reviewer = Reviewer { name: by.0.to_owned(), role: by.1.to_owned() };
        let made = Returned { format: FORMAT, book: "small".into(), exported: on, reviewer, on, pages: pages.collect() };
        // As it goes through the mail.
        let mailed = serde_json::to_string(&made).unwrap();
        read(&mailed, "small", TODAY).unwrap()
    }

    /// `backcare review`, and what came of it.
    fn merge(&mut self, files: &[&Returned]) -> Merged {
        let loaded = self.loaded();
        assert_eq!(loaded.report.errors(), 0, "{}", loaded.report);
        let sent = (1..).zip(files).map(|(n, returned)| Sent { file: format!("{n}.json"), returned: (*returned).clone() });
        let merged = merge(&loaded, loaded.book.as_ref().unwrap(), sent.collect());
        if let Some(text) = &merged.text {
            self.put_reviews(text);
        }
        let after = self.loaded();
        assert_eq!(after.report.errors(), 0, "what was written is read again:\n{}\n{}", after.report, self.reviews());
        merged
    }
}

const TODAY: Date = date(2026, 11, 28);
const ANN: (&str, &str) = ("Ann Lee", "midwife");
const BO: (&str, &str) = ("Bo Kim", "physiotherapist");

fn lines(merged: &Merged) -> String {
    merged.came.iter().map(ToString::to_string).collect()
}

/// What More says of a page.
fn more(book: &Book, id: &str) -> String {
    let screen = Screen { view: View::Sources, ..Screen::of(book.find(id).unwrap()) };
    book.compose(&screen, &Reader::default()).text.words
}

// --- stories ---------------------------------------------------------------------------------------------------------------------------

#[test]
fn a_review_goes_out_and_comes_back() {
    let mut folder = Folder::small();
    assert_eq!(folder.book().unreviewed(), Unreviewed { pages: 3, of: 3 });
    assert!(more(&folder.book(), "tip").contains("No clinician has checked it yet."));

    let all = [("home", true, ""), ("help", true, ""), ("tip", true, "Say how often, too.")];
    let review = folder.review(ANN, date(2026, 11, 27), &all);
    let merged = folder.merge(&[&review]);
    assert_eq!(lines(&merged), "1.json: Ann Lee, midwife, 2026-11-27: 3 pages reviewed, 1 comment\n");
    assert_eq!(merged.left, Unreviewed { pages: 0, of: 3 });

    let book = folder.book();
    assert_eq!(book.unreviewed(), Unreviewed { pages: 0, of: 3 });
    let said = more(&book, "tip");
    assert!(said.contains("Checked by Ann Lee, midwife, on 27 November 2026.") && !said.contains("No clinician"), "{said}");
    // The comment waits for the author, at its place.
    assert_eq!(
        folder.told(),
        ["reviews.yaml:20:13 review-comment: Ann Lee, midwife (2026-11-27) says of `tip`: \"Say how often, too.\""]
    );
    folder.edit("reviews.yaml", "    - by: Ann Lee, midwife\n      on: 2026-11-27\n      says: Say how often, too.\n", "");
    assert_eq!(folder.told(), [] as [&str; 0], "an empty `comments` is no mistake:\n{}", folder.reviews());
}

#[test]
fn a_page_that_changes_has_to_be_reviewed_again() {
    let mut folder = Folder::small();
    let before = folder.clone();
    let review = folder.review(ANN, date(2026, 11, 20), &[("tip", true, ""), ("help", true, "")]);
    folder.merge(&[&review]);
    folder.edit("home.yaml", "Move a little, often.", "Move a little, every hour.");
    let stale = "`tip` has changed since it was reviewed by Ann Lee, midwife, on 2026-11-20.";
    assert_eq!(folder.told(), [format!("reviews.yaml:9:16 review-stale: {stale}")], "{}", folder.reviews());
    assert!(more(&folder.book(), "tip").contains("No clinician has checked it yet."));
    assert_eq!(folder.book().unreviewed(), Unreviewed { pages: 2, of: 3 });

    // What she ticked before the change is told, and not kept.
    let late = before.review(BO, date(2026, 11, 21), &[("tip", true, "Good."), ("home", true, "")]);
    let merged = folder.merge(&[&late]);
    assert_eq!(
        lines(&merged),
        "1.json: Bo Kim, physiotherapist, 2026-11-21: 1 page reviewed, 1 comment\n  \
         `tip` has changed since it was exported on 2026-11-21; its tick is not kept.\n"
    );
    assert!(folder.told().iter().any(|told| told.ends_with(stale)));
    // Reviewed again, as it stands now.
    let again = folder.review(ANN, date(2026, 11, 22), &[("tip", true, "")]);
    assert_eq!(folder.merge(&[&again]).came[0].reviewed, 1);
    assert_eq!(folder.told().len(), 1, "only the comment is left: {:?}", folder.told());
    assert_eq!(folder.book().unreviewed().pages, 0);
}

#[test]
fn the_same_file_twice_changes_nothing() {
    let mut folder = Folder::small();
    let said = [("tip", true, "One.\n\nTwo: {half} *bold* # and - so on"), ("help", false, "Three."), ("gone", false, "Four.")];
    let review = folder.review(ANN, date(2026, 11, 20), &said);
    let other = folder.review(BO, date(2026, 11, 20), &[("tip", true, "Five."), ("home", true, "")]);
    folder.merge(&[&review, &other]);
    let once = folder.reviews().to_owned();
    let merged = folder.merge(&[&other, &review]);
    assert_eq!((merged.text.as_deref(), folder.reviews()), (None, once.as_str()));
    assert!(lines(&merged).starts_with("1.json: Bo Kim, physiotherapist, 2026-11-20: nothing new, 3 known before\n"));
    assert!(lines(&merged).contains("There is no page `gone`; not kept: \"Four.\"."), "what is lost is told again");
}

#[test]
fn two_reviewers_keep_what_each_has_said() {
    let mut folder = Folder::small();
    let ann = folder.review(ANN, date(2026, 11, 20), &[("tip", true, "From Ann."), ("help", false, "Ann again.")]);
    let bo = folder.review(BO, date(2026, 11, 21), &[("tip", true, "From Bo."), ("home", true, "")]);
    let merged = folder.merge(&[&bo, &ann]);
    // Who was first stands there, in whatever order the files are named.
    assert_eq!(folder.loaded().reviews.current("tip").unwrap().by, "Ann Lee, midwife");
    assert_eq!(folder.loaded().reviews.current("home").unwrap().by, "Bo Kim, physiotherapist");
    let says = |folder: &Folder| -> Vec<String> {
        folder.loaded().reviews.pages["tip"].comments.iter().map(|comment| comment.says.clone()).collect()
    };
    assert_eq!(says(&folder), ["From Ann.", "From Bo."]);
    assert_eq!(
        merged.came.iter().map(|came| (came.reviewed, came.comments, came.known)).collect::<Vec<_>>(),
        [(1, 2, 0), (1, 1, 1)]
    );
    // Her second word replaces her first, where she has one; an older file doesn't bring the first back.
    let later = folder.review(("ann lee", "Midwife"), date(2026, 11, 25), &[("tip", false, "From Ann, later.")]);
    folder.merge(&[&later]);
    assert_eq!(says(&folder), ["From Ann, later.", "From Bo."]);
    assert_eq!(folder.loaded().reviews.pages["help"].comments[0].says, "Ann again.");
    assert_eq!(folder.merge(&[&ann]).text, None);
    assert_eq!(says(&folder), ["From Ann, later.", "From Bo."]);
}

#[test]
fn what_somebody_wrote_by_hand_stays() {
    let mut folder = Folder::small();
    let tip = written(folder.loaded().reviews.fingerprint("tip").unwrap());
    let by_hand = format!(
        "# Our reviewers.\n\nhelp:   # asked in August\n  comments: [{{by: Jo, on: 2026-08-01, says: \"Longer?\"}}]\n\
         # Ann came in autumn.\ntip:\n  # She read it twice.\n  reviewed-by: Ann Lee, midwife\n  reviewed-on: 2026-10-01\n  of: {tip}\n\n# The end."
    );
    folder.put_reviews(&by_hand);
    assert_eq!(folder.told().len(), 1, "{:?}", folder.told());
    let review = folder.review(BO, date(2026, 11, 21), &[("help", false, "Not longer."), ("home", true, "")]);
    folder.merge(&[&review]);
    let home = written(folder.loaded().reviews.fingerprint("home").unwrap());
    assert_eq!(
        folder.reviews(),
        format!(
            "# Our reviewers.\n\nhelp:\n  comments:\n    - by: Jo\n      on: 2026-08-01\n      says: Longer?\n    \
             - by: Bo Kim, physiotherapist\n      on: 2026-11-21\n      says: Not longer.\n\
             # Ann came in autumn.\ntip:\n  # She read it twice.\n  reviewed-by: Ann Lee, midwife\n  reviewed-on: 2026-10-01\n  of: {tip}\n\n# The end.\n\n\
             home:\n  reviewed-by: Bo Kim, physiotherapist\n  reviewed-on: 2026-11-21\n  of: {home}\n"
        )
    );
    // What stands behind a comment of several lines is no part of it.
    let says = "  comments:\n    - by: Jo\n      on: 2026-08-01\n      says: |\n        One.\n\n        # Two.\n";
    folder.put_reviews(&format!("help:\n{says}# Between.\n\n  # And so.\nhome:\n{says}\n# The end.\n"));
    let review = folder.review(BO, date(2026, 11, 21), &[("help", false, "Three."), ("home", false, "Four.\n\nFive.")]);
    folder.merge(&[&review]);
    let more = "    - by: Bo Kim, physiotherapist\n      on: 2026-11-21\n      says: ";
    let expected = format!(
        "help:\n{says}{more}Three.\n# Between.\n\n  # And so.\nhome:\n{says}{more}|\n        Four.\n\n        Five.\n\n# The end.\n"
    );
    assert_eq!(folder.reviews(), expected);
    // A file in one line is written anew, and says the same.
    folder.put_reviews(&format!("{{tip: {{reviewed-by: Ann, reviewed-on: 2026-10-01, of: {tip}}}}}\n"));
    folder.merge(&[&review]);
    assert_eq!(folder.loaded().reviews.pages.len(), 3, "{}", folder.reviews());
    assert!(folder.loaded().reviews.current("tip").is_some());
}

#[test]
fn a_page_with_another_name_keeps_its_review() {
    let mut folder = Folder::small();
    let review = folder.review(ANN, date(2026, 11, 20), &[("tip", true, "Short.")]);
    folder.merge(&[&review]);
    folder.edit("home.yaml", "links: [help, tip]", "links: [help, move]");
    folder.edit("home.yaml", "\ntip:\n", "\nmove:\n");
    folder.edit("weekly.yaml", "from: tip", "from: move");
    assert!(folder.told()[0].contains("unknown-page: There is no page `tip`."), "{:?}", folder.told());
    folder.edit("book.yaml", "home: home\n", "home: home\nmoved: {tip: move}\n");
    assert_eq!(folder.told().len(), 1, "the comment alone: {:?}", folder.told());
    assert!(more(&folder.book(), "move").contains("Checked by Ann Lee"));
    // A file from before finds it too.
    assert_eq!(folder.merge(&[&review]).text, None);
    let twice = format!("{}move: {{comments: [{{by: Jo, on: 2026-08-01, says: Hm}}]}}\n", folder.reviews());
    folder.put_reviews(&twice);
    assert!(folder.told().iter().any(|told| told.contains("`tip` and `move` are the same page today: `move`.")));
}

/// The shipped book, as if all of it were checked one day: nothing says any more that nobody has.
#[test]
fn a_book_is_reviewed_once_every_page_is() {
    let mut folder = Folder::shipped();
    let of = folder.book().unreviewed().of;
    let ids: Vec<String> = {
        let loaded = folder.loaded();
        let wanted = sheets(&loaded, None).into_iter().filter(|sheet| sheet.wants_review).map(|sheet| sheet.id.to_owned());
        wanted.collect()
    };
    assert_eq!(ids.len(), of);
    let said: Vec<(&str, bool, &str)> = ids.iter().map(|id| (id.as_str(), true, "")).collect();
    let mut review = folder.review(ANN, date(2026, 11, 20), &said);
    let last = review.pages.remove_entry("lifting").unwrap();
    let notices = |folder: &Folder| {
        let book = folder.book();
        book.leaflet_for(&book, Some("gb")).unwrap().notices.len()
    };
    assert_eq!((folder.merge(&[&review]).left.pages, folder.book().unreviewed().pages, notices(&folder)), (1, 1, 1));
    review.pages = BTreeMap::from([last]);
    assert_eq!((folder.merge(&[&review]).left.pages, folder.book().unreviewed().pages, notices(&folder)), (0, 0, 0));
}

/// A review is of the book's own words.
#[test]
fn a_translation_says_that_nobody_has_checked_it() {
    let mut folder = Folder::small();
    let review = folder.review(ANN, date(2026, 11, 20), &[("tip", true, ""), ("home", true, "")]);
    folder.merge(&[&review]);
    folder.edit("book.yaml", "home: home\n", "languages: [en, es]\nhome: home\n");
    folder.0.insert("es/home.yaml".into(), "translated: machine\ntip.text: {say: Muévete un poco.}\n".into());
    let loaded = folder.loaded();
    let spanish = &loaded.languages.translations[0].edition.as_ref().unwrap().book;
    let (tip, home) = (more(spanish, "tip"), more(spanish, "home"));
    assert!(tip.contains("Checked by Ann Lee, midwife") && tip.contains("Translated by machine, not yet checked"), "{tip}");
    assert!(home.contains("Checked by Ann Lee, midwife") && !home.contains("Translated by machine"), "{home}");
    let shown = spanish.compose(&Screen::of(spanish.find("tip").unwrap()), &Reader::default()).text.words;
    assert!(shown.contains("Translated by machine, not yet checked"), "{shown}");
}

// --- fingerprints ----------------------------------------------------------------------------------------------------------------------

#[test]
fn one_word_changes_a_fingerprint_and_its_setting_does_not() {
    let prints = |folder: &Folder| {
        let loaded = folder.loaded();
        let book = loaded.book.as_ref().unwrap_or_else(|| panic!("{}", loaded.report));
        book.nodes().map(|(_, id, _)| (id.to_owned(), loaded.reviews.fingerprint(id).unwrap())).collect::<BTreeMap<_, _>>()
    };
    let page = "ask:\n  title: Ask\n  source: house\n  question: |\n    Does it hurt?\n  answers:\n    yes: {label: \"Yes\", goto: help}\n    \
                no: {label: \"No\", goto: tip}\n  image: {file: a.svg, alt: A chair}\n  asks: [how much]\n";
    let mut folder = Folder::small();
    folder.0.insert("ask.yaml".into(), page.into());
    let before = prints(&folder);
    let changed = |edits: &[(&str, &str, &str)]| -> Vec<String> {
        let mut other = folder.clone();
        for (file, from, to) in edits {
            other.edit(file, from, to);
        }
        let after = prints(&other);
        before.iter().filter(|(id, print)| after.get(*id) != Some(print)).map(|(id, _)| id.clone()).collect()
    };
    // What a reader sees, and where it leads.
    for (file, from, to, page) in [
        ("ask.yaml", "Does it hurt?", "Does it hurt much?", "ask"),
        ("ask.yaml", "Does it hurt?", "Does it hurt", "ask"),
        ("ask.yaml", "title: Ask", "title: Asked", "ask"),
        ("ask.yaml", "label: \"Yes\"", "label: \"Yes!\"", "ask"),
        ("ask.yaml", "goto: help", "goto: home", "ask"),
        (
            "ask.yaml",
            "    yes: {label: \"Yes\", goto: help}\n    no: {label: \"No\", goto: tip}",
            "    no: {label: \"No\", goto: tip}\n    yes: {label: \"Yes\", goto: help}",
            "ask",
        ),
        ("ask.yaml", "a.svg", "b.svg", "ask"),
        ("ask.yaml", "A chair", "A table", "ask"),
        ("home.yaml", "advice: now", "advice: today", "help"),
        ("home.yaml", "links: [help, tip]", "links: [tip, help]", "home"),
        ("home.yaml", "links: [help, tip]", "links: [help]", "home"),
        ("home.yaml", "**Call {unit}.**", "**Call {emergency}.**", "help"),
        ("weekly.yaml", "Get up now and then.", "Get up each hour.", "tip"),
        ("weekly.yaml", "    from: tip", "    weeks: \"16..\"\n    from: tip", "tip"),
    ] {
        assert_eq!(changed(&[(file, from, to)]), [page], "{from:?} became {to:?}");
    }
    // How it is set, and what is not for readers.
    for (file, from, to) in [
        ("ask.yaml", "  question: |\n    Does it hurt?\n", "  question:   'Does it\n      hurt?'   # really\n"),
        ("ask.yaml", "  title: Ask\n  source: house\n", "  source: [house]\n  # A note.\n  title: \"Ask\"\n"),
        ("ask.yaml", "    yes: {label: \"Yes\", goto: help}", "    yes:\n        goto: help\n        label: 'Yes'"),
        ("ask.yaml", "asks: [how much]", "asks: [how much, how long]\n  covers: [S1]\n  unrated: true\n  edition: 2"),
        ("home.yaml", "links: [help, tip]", "links:\n    - help\n    - tip"),
        ("home.yaml", "    Hello. What would help?", "        Hello.\n        What   would help?\n\n"),
        ("weekly.yaml", "policy: {hour: 9, quiet: \"21..8\"}\n", ""),
    ] {
        assert_eq!(changed(&[(file, from, to)]), [] as [&str; 0], "{from:?} became {to:?}");
    }
}

/// Fingerprints lie in files of authors: another way to take them would make all of their reviews stale.
#[test]
fn fingerprints_stay_what_they_are() {
    let loaded = Folder::small().loaded();
    let prints: Vec<String> = ["home", "help", "tip"].map(|id| written(loaded.reviews.fingerprint(id).unwrap())).into();
    assert_eq!(prints, ["507e4f9b", "14f18ef1", "a7c48b3f"]);
}

// --- what a clinician is given -----------------------------------------------------------------------------------------------------------

#[test]
fn a_sheet_shows_all_that_readers_see() {
    let loaded = source::load(Path::new("dialogues"));
    let book = loaded.book.as_ref().unwrap();
    let sheets = sheets(&loaded, Some("gb"));
    assert_eq!(sheets.len(), book.len());
    let sheet = |id: &str| sheets.iter().find(|sheet| sheet.id == id).unwrap_or_else(|| panic!("no {id}"));
    let words = |id: &str| sheet(id).faces.iter().map(|face| face.page.text.words.as_str()).collect::<Vec<_>>().join("\n");
    let all_fours = sheet("all-fours");
    let steps = all_fours.faces.iter().filter(|face| matches!(face.shows, Shows::Step(_))).count();
    assert!(steps > 1 && all_fours.faces.iter().any(|face| face.page.image.is_some()));
    assert!(words("call-now").contains("999"), "{}", words("call-now"));
    let nearby = sheets.iter().find(|sheet| sheet.faces.iter().any(|face| face.shows == Shows::Found)).unwrap();
    let told: Vec<&str> = nearby.faces.iter().map(|face| face.page.text.words.as_str()).collect();
    assert!(told.len() == 3 && told[0] != told[1] && told[1] != told[2], "{told:?}");
    let tips = sheets.iter().flat_map(|sheet| &sheet.faces).filter(|face| matches!(face.shows, Shows::Tip(_))).count();
    assert_eq!(tips, book.tips().unwrap().tips.values().filter(|tip| !tip.withdrawn).count(), "each tip is on one sheet");
    for sheet in &sheets {
        let is_seen = sheet.faces.iter().all(|face| !face.page.text.words.is_empty() && !face.page.rows.is_empty());
        assert!(is_seen && (sheet.kind.is_none() || !sheet.faces.is_empty()), "{} has an empty screen", sheet.id);
        let (file, line) = sheet.at.rsplit_once(':').unwrap();
        let text = fs::read_to_string(file).unwrap();
        assert!(text.lines().nth(line.parse::<usize>().unwrap() - 1).unwrap().starts_with(sheet.id), "{}", sheet.at);
        assert!(!sheet.wants_review || sheet.sources.iter().all(|(_, source)| !source.clinically_reviewed));
    }
}

// --- what nobody should have sent --------------------------------------------------------------------------------------------------------

#[test]
fn what_is_no_review_is_refused_in_one_plain_line() {
    let good = r#"{"format": 1, "book": "small", "exported": "2026-11-20", "on": "2026-11-21", "reviewer": {"name": "Ann"}}"#;
    assert!(read(good, "small", TODAY).is_ok());
    for (from, to, why) in [
        ("{", "", "it is no review"),
        ("{", "<!doctype html>{", "it is a web page"),
        (good, "", "it is no review"),
        (good, "[]", "it is no review"),
        (good, "\"x\"", "it is no review"),
        ("1,", "2,", "it is a review of format 2, and this program reads format 1"),
        ("\"format\": 1,", "", "it is no review"),
        ("small", "large", "it is a review of the book `large`, and this one is `small`"),
        ("small", "la\\u001b[31mrge\\n", "it is a review of the book `la [31mrge`, and this one is `small`"),
        ("2026-11-21", "2026-11-29", "it is from 2026-11-29, a day that has not come yet"),
        ("2026-11-20", "2027-01-01", "it is from 2027-01-01"),
        ("2026-11-21", "tomorrow", "it is no review"),
        ("\"Ann\"", "\"\\n\\u0007\"", "it does not say whose review it is"),
        ("\"Ann\"", "{}", "it is no review"),
        ("{\"name\": \"Ann\"}", "null", "it is no review"),
    ] {
        let text = good.replacen(from, to, 1);
        let refused = read(&text, "small", TODAY).unwrap_err();
        assert!(refused.starts_with(why) && !refused.contains('\n'), "{text}\n{refused}");
    }
    let deep = good.replacen("{", &format!("{{\"x\": {}", "[".repeat(100_000)), 1);
    assert!(read(&deep, "small", TODAY).is_err());
}

#[test]
fn what_does_no_harm_is_let_pass() {
    let odd = "\u{feff} {\"format\": 1, \"book\": \"small\", \"exported\": \"2026-11-20T09:30:00Z\", \"on\": \"2026-11-21\", \"more\": [1],
        \"reviewer\": {\"name\": \"  Ann \\n Lee \", \"role\": null, \"mail\": \"x\"},
        \"pages\": {\"tip\": {\"right\": true, \"comment\": null}, \"home\": {}, \"help\": {\"comment\": \" \\r\\n\", \"right\": null}}} ";
    let read = read(odd, "small", TODAY).unwrap();
    assert_eq!((read.by().as_str(), read.pages.len()), ("Ann Lee", 1));
    assert!(read.pages["tip"].right);
}

#[test]
fn a_hostile_file_does_no_harm() {
    let mut folder = Folder::small();
    let evil =
        "x: y\n- [*a, &b]\n\ttab # note\r\n\u{202e}turned\u{0}\u{1b}[2J\n---\n{unit} `tip`\n\"quoted\" 'so' \\n\u{2028}end: |";
    let long = "far too long ".repeat(800_000);
    let name = ("Ann: \n- [evil]\u{1b}[31m {unit} **x**", "mid\u{202e}wife\n\ntip:\n  of: 0");
    let said = [
        ("tip", true, evil),
        ("help", true, long.as_str()),
        ("../../etc", true, evil),
        ("a\nb: c", false, "Hm."),
        ("", true, ""),
    ];
    let review = folder.review(name, date(2026, 11, 20), &said);
    let merged = folder.merge(&[&review]);
    assert_eq!(review.by(), "Ann: - [evil] [31m (unit) x, midwife tip: of: 0");
    let told = lines(&merged);
    assert!(!told.chars().any(|char| char.is_control() && char != '\n') && told.lines().count() == 4, "{told}");
    assert!(told.contains("There is no page `../../etc`"), "{told}");
    let loaded = folder.loaded();
    let pages: Vec<&String> = loaded.reviews.pages.keys().collect();
    assert_eq!(pages, ["help", "tip"]);
    assert_eq!(
        loaded.reviews.pages["tip"].comments[0].says,
        "x: y\n- [*a, &b]\n tab # note\nturned  [2J\n---\n{unit} `tip`\n\"quoted\" 'so' \\n\nend: |"
    );
    assert!(loaded.reviews.pages["help"].comments[0].says.chars().count() <= 4001);
    assert!(
        more(loaded.book.as_ref().unwrap(), "tip")
            .contains("Checked by Ann: - [evil] [31m (unit) x, midwife tip: of: 0, on 20")
    );
    assert!(folder.told().iter().all(|told| told.len() < 400 && !told.chars().any(char::is_control)), "{:?}", folder.told());
    assert_eq!(folder.merge(&[&review]).text, None);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    /// Whatever lies in a file, it is a review or one plain line.
    #[test]
    fn anything_is_a_review_or_refused(text in "\\PC{0,80}|[\\[\\]{}\":,a-z0-9 .\\-]{0,80}", value in "null|true|-1|1e999|\"\"|\"x\"|\\[\\]|\\{\\}") {
        for (from, to) in [("1,", value.as_str()), ("\"small\"", &value), ("{\"name\": \"Ann\"}", &value), ("{}", &value), ("", &text)] {
            let good = r#"{"format": 1, "book": "small", "exported": "2026-11-20", "on": "2026-11-21", "reviewer": {"name": "Ann"}, "pages": {}}"#;
            let comma = if from.ends_with(',') { "," } else { "" };
            if let Err(why) = read(&good.replacen(from, &format!("{to}{comma}"), 1), "small", TODAY) {
                prop_assert!(!why.contains('\n') && why.len() < 400);
            }
        }
    }

    /// Whatever is sent, the book is as sound as before, and the same once more changes nothing.
    #[test]
    fn whatever_is_said_is_read_again(
        name in "\\PC{0,20}|[a-z:#\\-{}*'\"\n ]{0,20}", role in "[\\PC\n]{0,20}", says in prop::collection::vec("[\\PC\n]{0,60}|[a-z:#|>\\-{}*&!%@`'\"\n\t ]{0,60}", 3),
        later in "[\\PC\n]{0,60}",
    ) {
        let mut folder = Folder::small();
        let first = [("home", true, says[0].as_str()), ("help", false, &says[1]), ("tip", true, &says[2])];
        let name = format!("A{name}");
        let review = folder.review((&name, &role), date(2026, 11, 20), &first);
        let again = folder.review((&name, &role), date(2026, 11, 21), &[("help", true, &later)]);
        folder.merge(&[&review]);
        let read = |folder: &Folder, id: &str| -> Vec<String> {
            let loaded = folder.loaded();
            loaded.reviews.pages.get(id).into_iter().flat_map(|page| page.comments.iter().map(|each| each.says.clone())).collect()
        };
        for (id, said) in &review.pages {
            prop_assert_eq!(read(&folder, id).join("|"), said.comment.clone());
        }
        folder.merge(&[&again]);
        let merged = folder.merge(&[&review, &again]);
        prop_assert_eq!(merged.text, None);
        prop_assert_eq!(folder.book().unreviewed().pages, 0);
    }
}

// --- mistakes in reviews.yaml ------------------------------------------------------------------------------------------------------------

#[test]
fn a_mistake_in_the_file_is_told_at_its_place() {
    let whole = "tip:\n  reviewed-by: Ann\n  reviewed-on: 2026-11-20\n  of: 01234567\n  comments:\n    - {by: Jo, on: 2026-11-20, says: Hm}\n";
    for (from, to, told) in [
        ("tip:", "tpi:", "reviews.yaml:1:1 unknown-page: There is no page `tpi`."),
        ("tip:", "Tip top:", "reviews.yaml:1:1 unknown-page: There is no page `Tip top`."),
        ("reviewed-by", "reviewed_by", "reviews.yaml:2:3 unknown-key: `reviewed_by` isn't a key of a page's review."),
        ("  reviewed-on: 2026-11-20\n", "", "reviews.yaml:1:1 missing-key: `reviewed-on` is missing."),
        ("  of: 01234567\n", "", "reviews.yaml:1:1 missing-key: `of` is missing."),
        ("2026-11-20", "20 November", "reviews.yaml:3:16 wrong-value: `20 November` isn't a date."),
        ("01234567", "yes", "reviews.yaml:4:7 wrong-value: `yes` isn't a fingerprint."),
        ("by: Jo, ", "", "reviews.yaml:6:7 missing-key: `by` is missing."),
        ("says: Hm", "sais: Hm", "reviews.yaml:6:32 unknown-key: `sais` isn't a key of a comment."),
        ("says: Hm", "says: ", "reviews.yaml:6:36 empty: `says` is empty."),
        (
            "    - {by: Jo, on: 2026-11-20, says: Hm}\n",
            "    Hm\n",
            "reviews.yaml:6:5 wrong-type: `comments` is a list, but here are just words.",
        ),
        ("Ann", "Ann\n  reviewed-by: Bo", "reviews.yaml:3:3 repeated-key: `reviewed-by` stands here a second time."),
        (whole, "- tip\n", "reviews.yaml:1:1 wrong-type: Reviews.yaml has keys of its own, but here is a list."),
    ] {
        let mut folder = Folder::small();
        folder.put_reviews(&whole.replacen(from, to, 1));
        let found = folder.told();
        assert!(found.iter().any(|each| each == told), "{from:?} became {to:?}: {found:#?}");
    }
    for fine in ["", "# Nobody yet.\n", "tip:\n", "tip: {comments: []}\n"] {
        let mut folder = Folder::small();
        folder.put_reviews(fine);
        assert_eq!(folder.told(), [] as [&str; 0], "{fine:?}");
    }
    // The hint says what the page's fingerprint is.
    let mut folder = Folder::small();
    folder.put_reviews("tip: {reviewed-by: Ann, reviewed-on: 2026-11-20}\n");
    let (_, report) = lint::check_files(folder.0.clone().into_iter().collect());
    let tip = written(folder.loaded().reviews.fingerprint("tip").unwrap());
    assert!(report.to_string().contains(&format!("write `of: {tip}`.")), "{report}");
}

// --- the command -------------------------------------------------------------------------------------------------------------------------

fn backcare(book: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_backcare"));
    command.arg("--dialogues").arg(book).args(arguments).current_dir(book).output().unwrap()
}

fn said(output: &Output) -> (Option<i32>, String, String) {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    (output.status.code(), text(&output.stdout), text(&output.stderr))
}

#[test]
fn the_command_takes_in_several_files_and_says_how_it_went() {
    let dir = tempfile::tempdir().unwrap();
    let mut folder = Folder::small();
    let write = |folder: &Folder| folder.0.iter().for_each(|(name, text)| fs::write(dir.path().join(name), text).unwrap());
    write(&folder);
    let put = |name: &str, review: &Returned| fs::write(dir.path().join(name), serde_json::to_string(review).unwrap()).unwrap();
    put("ann.json", &folder.review(ANN, date(2026, 11, 20), &[("tip", true, ""), ("home", true, "Fine.")]));
    put("bo.json", &folder.review(BO, date(2026, 11, 21), &[("help", true, "")]));
    let (code, out, err) = said(&backcare(dir.path(), &["review", "ann.json", "bo.json"]));
    let path = dir.path().join("reviews.yaml");
    assert_eq!(
        (code, out.as_str(), err.as_str()),
        (
            Some(0),
            format!(
                "ann.json: Ann Lee, midwife, 2026-11-20: 2 pages reviewed, 1 comment\n\
                 bo.json: Bo Kim, physiotherapist, 2026-11-21: 1 page reviewed\n\
                 {} was written. 3 of 3 pages are reviewed, 0 are left.\n",
                path.display()
            )
            .as_str(),
            ""
        )
    );
    let once = fs::read_to_string(&path).unwrap();
    let (code, out, _) = said(&backcare(dir.path(), &["review", "bo.json", "ann.json"]));
    assert!(code == Some(0) && out.contains("stays as it is") && fs::read_to_string(&path).unwrap() == once, "{out}");
    let (code, out, _) = said(&backcare(dir.path(), &["check"]));
    assert!(code == Some(0) && out.contains("Ann Lee, midwife (2026-11-20) says of `home`: \"Fine.\""), "{out}");

    // The book goes on; what comes too late is told.
    let late = folder.review(ANN, date(2026, 11, 22), &[("tip", true, "")]);
    put("late.json", &late);
    folder.edit("home.yaml", "Move a little", "Move much");
    write(&folder);
    let (code, out, _) = said(&backcare(dir.path(), &["review", "late.json"]));
    assert!(code == Some(1) && out.contains("`tip` has changed since it was exported"), "{code:?} {out}");

    // What is no review keeps nobody else's out.
    fs::write(dir.path().join("holiday.json"), "{\"beach\": true}").unwrap();
    fs::write(dir.path().join("huge.json"), vec![b' '; 5 << 20]).unwrap();
    put("later.json", &folder.review(BO, date(2026, 11, 23), &[("tip", true, "")]));
    let (code, out, err) = said(&backcare(dir.path(), &["review", "holiday.json", "huge.json", "none.json", "later.json"]));
    assert_eq!(code, Some(2), "{out}{err}");
    assert!(out.contains("later.json: Bo Kim, physiotherapist, 2026-11-23: 1 page reviewed"), "{out}");
    for line in ["holiday.json: it is no review", "huge.json: it is larger than 4 MB.", "none.json: it is not there."] {
        assert!(err.lines().any(|told| told.starts_with(line)), "{err}");
    }
}

#[test]
fn nothing_is_written_over_what_could_not_be_read() {
    let dir = tempfile::tempdir().unwrap();
    let folder = Folder::small();
    let review = folder.review(ANN, date(2026, 11, 20), &[("tip", true, "")]);
    folder.0.iter().for_each(|(name, text)| fs::write(dir.path().join(name), text).unwrap());
    fs::write(dir.path().join("ann.json"), serde_json::to_string(&review).unwrap()).unwrap();
    let path = dir.path().join("reviews.yaml");
    fs::write(&path, "tip:\n  coments: [x]\n").unwrap();
    let (code, _, err) = said(&backcare(dir.path(), &["review", "ann.json"]));
    assert!(code == Some(1) && err.contains("`coments`") && err.contains("Nothing was written"), "{err}");
    assert_eq!(fs::read_to_string(&path).unwrap(), "tip:\n  coments: [x]\n");
    // Readers are told who has checked a page: the words for that come first.
    fs::remove_file(&path).unwrap();
    let words = folder.0["words.yaml"].replace("checked: Checked by {name}, on {date}.\n", "");
    fs::write(dir.path().join("words.yaml"), words).unwrap();
    let (code, _, err) = said(&backcare(dir.path(), &["review", "ann.json"]));
    assert!(code == Some(1) && err.contains("`checked: Checked by {name}, on {date}.`") && !path.exists(), "{err}");
}
