//! What is wrong with a book that could be read: one rule, one file, one id.
//!
//! To add a rule, write its file, give it a row in [`RULES`], and put a small book that breaks it into `tests/bad/<name>`. Nothing
//! here changes a book or reads a file; rules see the finished book, and say where by a way that [`Spans`] resolves.

mod advice_without_source;
mod ask_astray;
mod asked;
mod beyond_telegram;
mod dead_end;
mod deleted_unasked;
mod exits;
mod hard_to_read;
mod hash_collision;
mod help_too_far;
mod id_vanished;
mod image_broken;
mod image_missing;
mod image_too_large;
mod image_unused;
mod keyboards;
mod leaflet_lacks_signs;
mod literal_number;
mod long_label;
mod no_help;
mod no_source;
mod no_way_out;
mod nothing_turned_off;
mod over_budget;
mod promises;
pub mod proof;
mod prose;
mod review_comment;
mod review_due;
mod review_stale;
mod said;
mod same_ask;
mod same_label;
mod sign_without_advice;
mod sign_without_example;
mod text_too_long;
mod texts;
mod tip_never_sent;
mod too_many_rows;
mod too_many_ticks;
mod translation_astray;
mod translation_missing;
mod translation_stale;
mod unreachable;
mod unsafe_wording;
mod week_without_tip;
mod weeks_twice;

use std::path::Path;
use std::sync::OnceLock;
use std::thread;

use indexmap::IndexMap;
use jiff::civil::Date;

pub use asked::name;
use proof::Ways;
pub use unreachable::unreached;

use crate::dialogue::Book;
use crate::source::rule as reading;
use crate::source::{self, Edition, Files, Finding, Languages, Loaded, Report, Reviews, Rule, Shelf, Spans, Translation};

/// What a rule looks at.
#[derive(Debug, Clone, Copy)]
pub struct Case<'a> {
    pub book: &'a Book,
    pub spans: &'a Spans,
    /// What lies beside the book's files: pictures, and the list of published ids.
    pub shelf: &'a Shelf,
    /// What it says in other languages.
    pub languages: &'a Languages,
    /// What clinicians said of its pages.
    pub reviews: &'a Reviews,
    /// The day on which the book is looked at; `None` where dates don't matter.
    pub today: Option<Date>,
    /// Every way through the book, found when a rule first asks.
    ways: &'a OnceLock<Ways<'a>>,
}

impl<'a> Case<'a> {
    /// Every way through the book.
    pub fn ways(&self) -> &'a Ways<'a> {
        self.ways.get_or_init(|| Ways::all(self.book, self.book.limits().screens.unwrap_or(proof::MOST)))
    }
}

/// What a rule does: looks at the book and writes down what it finds.
pub type Check = fn(&Case, &mut Vec<Finding>);

/// A rule, and how it is checked: `None` if it is found while the book is read.
#[derive(Debug, Clone, Copy)]
pub struct Row {
    pub rule: &'static Rule,
    pub check: Option<Check>,
    /// Whether it looks at words, which each language has its own.
    of_words: bool,
}

const fn read(rule: &'static Rule) -> Row {
    Row { rule, check: None, of_words: false }
}

const fn checked(rule: &'static Rule, check: Check) -> Row {
    Row { rule, check: Some(check), of_words: false }
}

const fn worded(rule: &'static Rule, check: Check) -> Row {
    Row { of_words: true, ..checked(rule, check) }
}

/// All rules by id.
pub static RULES: &[Row] = &[
    read(&reading::UNREADABLE),
    read(&reading::MISSING_FILE),
    read(&reading::SYNTAX),
    read(&reading::REFUSED),
    read(&reading::CUT_TEXT),
    read(&reading::UNKNOWN_KEY),
    read(&reading::REPEATED_KEY),
    read(&reading::MISSING_KEY),
    read(&reading::WRONG_TYPE),
    read(&reading::WRONG_VALUE),
    read(&reading::EMPTY),
    read(&reading::BAD_ID),
    read(&reading::REPEATED_PAGE),
    read(&reading::UNKNOWN_PAGE),
    read(&reading::UNKNOWN_SOURCE),
    read(&reading::UNKNOWN_PLACEHOLDER),
    read(&reading::MARKDOWN),
    read(&reading::UNLABELLED),
    read(&reading::NO_HOME),
    read(&reading::UNCLEAR_KIND),
    checked(&hash_collision::RULE, hash_collision::check),
    checked(&too_many_ticks::RULE, too_many_ticks::check),
    worded(&text_too_long::RULE, text_too_long::check),
    checked(&beyond_telegram::RULE, beyond_telegram::check),
    worded(&over_budget::RULE, over_budget::check),
    checked(&no_source::RULE, no_source::check),
    checked(&weeks_twice::RULE, weeks_twice::check),
    checked(&no_help::RULE, no_help::check),
    checked(&unreachable::RULE, unreachable::check),
    checked(&tip_never_sent::RULE, tip_never_sent::check),
    checked(&week_without_tip::RULE, week_without_tip::check),
    read(&reading::UNKNOWN_MEANING),
    checked(&same_ask::RULE, same_ask::check),
    checked(&ask_astray::RULE, ask_astray::check),
    checked(&sign_without_example::RULE, sign_without_example::check),
    checked(&id_vanished::RULE, id_vanished::check),
    read(&nothing_turned_off::RULE),
    checked(&promises::BROKEN, promises::check),
    checked(&promises::STOPPED, promises::check_all_tried),
    checked(&help_too_far::RULE, help_too_far::check),
    checked(&translation_missing::RULE, translation_missing::check),
    checked(&translation_stale::RULE, translation_stale::check),
    checked(&translation_astray::RULE, translation_astray::check),
    checked(&dead_end::RULE, dead_end::check),
    checked(&no_way_out::RULE, no_way_out::check),
    worded(&same_label::RULE, same_label::check),
    worded(&long_label::RULE, long_label::check),
    checked(&too_many_rows::RULE, too_many_rows::check),
    checked(&sign_without_advice::RULE, sign_without_advice::check),
    checked(&advice_without_source::RULE, advice_without_source::check),
    checked(&unsafe_wording::RULE, unsafe_wording::check),
    worded(&literal_number::RULE, literal_number::check),
    checked(&hard_to_read::RULE, hard_to_read::check),
    checked(&review_due::RULE, review_due::check),
    checked(&image_missing::RULE, image_missing::check),
    checked(&image_too_large::RULE, image_too_large::check),
    checked(&image_unused::RULE, image_unused::check),
    checked(&deleted_unasked::RULE, deleted_unasked::check),
    checked(&image_broken::RULE, image_broken::check),
    read(&reading::SERVICES_COLUMNS),
    read(&reading::SERVICE_ROW),
    checked(&leaflet_lacks_signs::RULE, leaflet_lacks_signs::check),
    checked(&review_stale::RULE, review_stale::check),
    checked(&review_comment::RULE, review_comment::check),
];

/// A book in its other languages, by their two letters.
pub type Editions = IndexMap<String, Edition>;

/// What came of checking a book.
#[derive(Debug)]
pub struct Checked {
    /// The book, if it may go live.
    pub book: Option<Book>,
    /// The same in its other languages; none if the book may not go live.
    pub editions: Editions,
    pub report: Report,
    /// What its own rules were proved over; `None` if there was no book, or nothing to prove.
    pub proof: Option<Proof>,
}

/// How much was tried to prove the book's `rules`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Proof {
    pub rules: usize,
    pub screens: usize,
    pub taps: usize,
}

/// The book in a folder, and everything that is to be said of it. On a day, reviews that were due by then are told too.
pub fn examine(dir: &Path, today: Option<Date>) -> Checked {
    examine_read(&Files::read(dir), today)
}

/// The same for files that were read already.
pub fn examine_read(files: &Files, today: Option<Date>) -> Checked {
    finish(files.load(), today)
}

/// The book in a folder, if it may go live, and everything that is to be said of it.
pub fn check_dir(dir: &Path) -> (Option<Book>, Report) {
    let Checked { book, report, .. } = examine(dir, None);
    (book, report)
}

/// The same for a book that is in memory: file names and texts.
pub fn check_files(files: Vec<(String, String)>) -> (Option<Book>, Report) {
    let Checked { book, report, .. } = finish(source::load_files(files), None);
    (book, report)
}

/// All that is to be said of a book that was read, whether it may go live or not.
pub fn report(loaded: &Loaded, today: Option<Date>) -> Report {
    let mut report = loaded.report.clone();
    if let Some(book) = &loaded.book {
        report.add(look(book, loaded, today).0);
    }
    report
}

fn finish(loaded: Loaded, today: Option<Date>) -> Checked {
    let (findings, proof) = loaded.book.as_ref().map(|book| look(book, &loaded, today)).unwrap_or_default();
    let Loaded { book, languages, mut report, .. } = loaded;
    report.add(findings);
    let Some(book) = book.filter(|_| report.errors() == 0) else {
        return Checked { book: None, editions: IndexMap::new(), report, proof };
    };
    let editions = languages.translations.into_iter().filter_map(|each| Some((each.language, each.edition?)));
    Checked { book: Some(book), editions: editions.collect(), report, proof }
}

fn look(book: &Book, loaded: &Loaded, today: Option<Date>) -> (Vec<Finding>, Option<Proof>) {
    let Loaded { spans, shelf, languages, reviews, .. } = loaded;
    let ways = OnceLock::new();
    let case = Case { book, spans, shelf, languages, reviews, today, ways: &ways };
    let mut findings = check(&case);
    unreachable::sift(&mut findings);
    let of_words: Vec<Finding> = languages.translations.iter().flat_map(|each| in_words(&case, each, &findings)).collect();
    findings.extend(of_words);
    let findings = nothing_turned_off::sift(&case, findings);
    let proof = ways.get().map(|ways| Proof { rules: book.rules().len(), screens: ways.states.len(), taps: ways.taps() });
    (findings, proof)
}

/// What the rules about words find in another language, but for what they have said of the book's own words.
fn in_words(case: &Case, translation: &Translation, said: &[Finding]) -> Vec<Finding> {
    let Some(Edition { book, .. }) = &translation.edition else { return Vec::new() };
    let ways = OnceLock::new();
    let case = Case { book, spans: &translation.spans, ways: &ways, ..*case };
    let mut findings = Vec::new();
    for check in RULES.iter().filter(|row| row.of_words).filter_map(|row| row.check) {
        check(&case, &mut findings);
    }
    for finding in &mut findings {
        finding.place = translation.place(finding.place);
    }
    findings.retain(|finding| !said.iter().any(|own| (own.rule, own.place) == (finding.rule, finding.place)));
    findings
}

/// Everything that the rules find. Each runs in a thread of its own: some of them read every ask of the book, or try every way through
/// it. The order of what they say stays that of the rules.
fn check(case: &Case) -> Vec<Finding> {
    thread::scope(|scope| {
        let checks = RULES.iter().filter_map(|row| row.check).map(|check| {
            scope.spawn(move || {
                let mut findings = Vec::new();
                check(case, &mut findings);
                findings
            })
        });
        let checks: Vec<_> = checks.collect();
        let finding = |check: thread::ScopedJoinHandle<'_, Vec<Finding>>| match check.join() {
            Ok(findings) => findings,
            // A rule that breaks is a bug, and no reason to let a book pass.
            Err(broken) => std::panic::resume_unwind(broken),
        };
        checks.into_iter().flat_map(finding).collect()
    })
}

/// Writes the list of published ids of a book that may go live.
///
/// # Errors
/// A file that cannot be written.
pub fn write_lock(dir: &Path, book: &Book) -> std::io::Result<()> {
    let before = source::Shelf::read(dir).lock;
    source::folder::write(&dir.join(source::LOCK_FILE), &id_vanished::lock(book, before.as_deref()))
}
