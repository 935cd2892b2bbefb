//! From trees to a book: first the names of all files, then, page by page, what they mean.
//!
//! Written by hand, so that each mistake gets its own sentence and its own place. It opens no files.

mod choices;
mod desk;
mod front;
mod gathered;
mod image;
pub mod keys;
mod languages;
mod leaflet;
mod moved;
mod names;
mod never_say;
mod off;
mod overlay;
mod page;
pub mod phrases;
mod rating;
mod regions;
mod reviews;
mod rich;
mod safety;
pub mod takes;
mod understanding;
mod weekly;
pub mod weekly_words;
mod weeks;

use std::collections::HashMap;

use indexmap::IndexMap;

use self::desk::Desk;
pub use self::desk::nearest;
use self::keys::{HOLD, Key, PACE, RESERVED, STEP_PACE, STEPS};
use self::keys::{SAVED, UNIT_NUMBER};
pub use self::languages::{is_language, languages};
use self::names::{Names, PageName};
pub use self::overlay::{Credits, Overlay, Translated};
use self::phrases::SaidOf;
pub use self::reviews::{Comment, PageReview, Reviewed, Reviews};
use super::finding::{FileId, Finding, Place, SourceFile, Span};
use super::rule::{self, Severity};
use super::tree::{Entry, Tree, What};
use crate::dialogue::weekly::Tips;
use crate::dialogue::{Book, Node, NodeId, Parts, WeekCount};

/// The files with a meaning of their own; all others hold pages.
pub const BOOK_FILE: &str = "book.yaml";
pub const WORDS_FILE: &str = "words.yaml";
pub const UNDERSTANDING_FILE: &str = "understanding.yaml";
pub const SIGNS_FILE: &str = "signs.yaml";
pub const ASKS_FILE: &str = "asks.yaml";
pub const WEEKLY_FILE: &str = "weekly.yaml";
pub const REVIEWS_FILE: &str = "reviews.yaml";
/// How people say things; a language has its own beside the words for texts.
pub const UNDERSTANDING_FILES: [&str; 3] = [UNDERSTANDING_FILE, SIGNS_FILE, ASKS_FILE];
/// All of them, in the order in which they are reported.
pub const OWN_FILES: [&str; 7] = [BOOK_FILE, WORDS_FILE, UNDERSTANDING_FILE, SIGNS_FILE, ASKS_FILE, WEEKLY_FILE, REVIEWS_FILE];

/// A file and its tree; the tree of a file that could not be opened is broken.
#[derive(Debug)]
pub struct Leaf {
    pub file: FileId,
    /// The file's name without its folder.
    pub name: String,
    pub tree: Tree,
}

/// What the book is made of, if nothing is wrong with it.
pub fn lower(leaves: &[Leaf], files: &[SourceFile], findings: &mut Vec<Finding>) -> Option<Parts> {
    let mut lowering = Lowering { files, findings, weeks: WeekCount::default() };
    let mut names = Names::default();
    let ids = lowering.collect(leaves, &mut names);
    let parts = lowering.parts(leaves, &mut names);
    let nodes = lowering.pages(leaves, &ids, &names);
    gathered::gather(lowering.findings, files, &names);
    let is_sound = lowering.findings.iter().all(|finding| finding.rule.severity != Severity::Error);
    // The home page was resolved, so there is at least one page; and with no error, no page is left out.
    let parts = parts.filter(|parts| is_sound && (parts.home.0 as usize) < nodes.len() && nodes.len() == ids.len())?;
    Some(Parts { nodes, ..parts })
}

/// What clinicians said of the pages of a book, and which of it holds of them as they stand. Without a book, nobody knows its pages.
pub fn reviews(leaves: &[Leaf], files: &[SourceFile], book: Option<&Book>, findings: &mut Vec<Finding>) -> Reviews {
    let Some(leaf) = leaves.iter().find(|leaf| leaf.name == REVIEWS_FILE) else { return Reviews::of(leaves) };
    desk(leaf.file, files, findings).reviews_file(leaf, book, Reviews::of(leaves))
}

/// A file of a language.
pub fn overlay(leaf: &Leaf, files: &[SourceFile], findings: &mut Vec<Finding>) -> Overlay {
    desk(leaf.file, files, findings).overlay_file(&leaf.tree)
}

fn desk<'a>(file: FileId, files: &'a [SourceFile], findings: &'a mut Vec<Finding>) -> Desk<'a> {
    let source = files.get(file.0);
    Desk { file, source, text: source.map_or("", |source| &source.text), findings, weeks: WeekCount::default() }
}

/// Page ids in the order of the files; a page that stands twice counts once.
type Ids<'t> = HashMap<(FileId, usize), &'t str>;

struct Lowering<'a> {
    files: &'a [SourceFile],
    findings: &'a mut Vec<Finding>,
    weeks: WeekCount,
}

impl Lowering<'_> {
    fn desk(&mut self, file: FileId) -> Desk<'_> {
        Desk { weeks: self.weeks, ..desk(file, self.files, self.findings) }
    }

    /// The ids of all pages, those of broken pages too, so that nothing that leads to them is called wrong.
    fn collect<'t>(&mut self, leaves: &'t [Leaf], names: &mut Names<'t>) -> Ids<'t> {
        let mut ids = Ids::new();
        for leaf in leaves.iter().filter(|leaf| holds_pages(leaf)) {
            let entries = match &leaf.tree.what {
                What::Map { entries, .. } => entries.as_slice(),
                What::Nothing => &[],
                What::Broken => {
                    names.pages_are_missing = true;
                    &[]
                }
                _ => {
                    names.pages_are_missing = true;
                    let hint = "A page is an id in the first column, a colon, and below it, indented, its keys.";
                    self.desk(leaf.file).add(
                        &rule::WRONG_TYPE,
                        leaf.tree.span,
                        "A file of pages holds pages, but here is none.",
                        hint,
                    );
                    &[]
                }
            };
            for (at, entry) in entries.iter().enumerate().filter(|(_, entry)| !RESERVED.contains(&entry.key.as_str())) {
                if self.is_new(entry, leaf.file, names) {
                    let node = NodeId(u32::try_from(ids.len()).unwrap_or(u32::MAX));
                    let key = Place { file: leaf.file, span: entry.key_span };
                    names.pages.insert(&entry.key, PageName { node, key, tree: &entry.value });
                    ids.insert((leaf.file, at), &entry.key);
                }
            }
        }
        ids
    }

    fn is_new(&mut self, entry: &Entry, file: FileId, names: &Names) -> bool {
        let Some(first) = names.pages.get(entry.key.as_str()).map(|page| page.key) else {
            self.desk(file).id(&entry.key, entry.key_span);
            return true;
        };
        let known = self.files.get(first.file.0);
        let address = known.map(|known| known.address_of(first.span.from)).unwrap_or_default();
        let message = format!("There are two pages `{}`.", entry.key);
        let hint = format!("The first is at {address}. Give one of them another id.");
        self.desk(file).add(&rule::REPEATED_PAGE, entry.key_span, message, hint);
        false
    }

    /// All but the pages.
    fn parts(&mut self, leaves: &[Leaf], names: &mut Names) -> Option<Parts> {
        let find = |name: &str| leaves.iter().find(|leaf| leaf.name == name);
        if let Some(leaf) = find(BOOK_FILE) {
            self.weeks = self.desk(leaf.file).week_count(&leaf.tree);
        }
        let parts = find(BOOK_FILE).and_then(|leaf| {
            let front = self.desk(leaf.file).front(&leaf.tree, names);
            self.desk(leaf.file).rest_of_front(front, &leaf.tree, names)
        });
        let tips = find(WEEKLY_FILE).and_then(|leaf| self.desk(leaf.file).weekly_file(&leaf.tree, names));
        let fit_weeks = tips.as_ref().is_some_and(Tips::fit_weeks);
        let rating = parts.as_ref().and_then(|parts: &Parts| parts.rating.as_ref());
        let said = SaidOf {
            weeks: fit_weeks,
            languages: languages(leaves).len() > 1,
            counts: leaves.iter().any(counts),
            saved: names.has_page_with(&SAVED),
            unit_number: names.has_page_with(&UNIT_NUMBER),
            scale: rating.map(|rating| rating.scale),
            missing: rating.is_some_and(|rating| !rating.missing.is_empty()),
            reviews: find(REVIEWS_FILE).is_some_and(reviews::has_any),
        };
        let words = find(WORDS_FILE).and_then(|leaf| self.desk(leaf.file).phrases_file(&leaf.tree, said, names));
        let understanding = find(UNDERSTANDING_FILE).map(|leaf| self.desk(leaf.file).understanding_file(&leaf.tree, names));
        let mut understanding = understanding.unwrap_or_default();
        let signs = find(SIGNS_FILE).map(|leaf| self.desk(leaf.file).signs_file(&leaf.tree, &understanding.meanings, names));
        understanding.signs = signs.unwrap_or_default();
        understanding.asks = find(ASKS_FILE).map(|leaf| self.desk(leaf.file).asks_file(&leaf.tree, names)).unwrap_or_default();
        Some(Parts { weeks: self.weeks, words: words?, understanding, tips, ..parts? })
    }

    fn pages(&mut self, leaves: &[Leaf], ids: &Ids, names: &Names) -> IndexMap<String, Node> {
        let mut nodes = IndexMap::with_capacity(ids.len());
        for leaf in leaves.iter().filter(|leaf| holds_pages(leaf)) {
            let What::Map { entries, .. } = &leaf.tree.what else { continue };
            let above = self.head(leaf, entries, names);
            for (at, entry) in entries.iter().enumerate().filter(|(_, entry)| !RESERVED.contains(&entry.key.as_str())) {
                let node = self.desk(leaf.file).node(entry, &above, names);
                if let (Some(node), Some(id)) = (node, ids.get(&(leaf.file, at))) {
                    nodes.insert((*id).to_owned(), node);
                }
            }
        }
        nodes
    }

    /// What a file says of all its pages: their sources.
    fn head(&mut self, leaf: &Leaf, entries: &[Entry], names: &Names) -> Vec<String> {
        let mut above = Vec::new();
        let mut first: Option<Span> = None;
        let mut desk = self.desk(leaf.file);
        for entry in entries.iter().filter(|entry| RESERVED.contains(&entry.key.as_str())) {
            if entry.key != keys::SOURCE.name {
                let hint = "It belongs in book.yaml, or under a page; it can't be a page's id.";
                desk.add(
                    &rule::UNKNOWN_KEY,
                    entry.key_span,
                    format!("`{}` can't stand in the first column here.", entry.key),
                    hint,
                );
            } else if first.is_some() {
                let hint = "One `source` stands for all pages of the file; a page can have its own.";
                desk.add(&rule::REPEATED_KEY, entry.key_span, "`source` stands here a second time.", hint);
            } else {
                first = Some(entry.key_span);
                above = desk.sources(&entry.value, names);
            }
        }
        above
    }
}

/// Whether a file has an exercise with something to count.
fn counts(leaf: &Leaf) -> bool {
    let has = |tree: &Tree, keys: &[&Key]| keys.iter().any(|key| tree.get(key.name).is_some());
    let What::Map { entries, .. } = &leaf.tree.what else { return false };
    let mut steps = entries.iter().filter_map(|page| Some((&page.value, &page.value.get(STEPS.name)?.value)));
    holds_pages(leaf)
        && steps.any(|(page, steps)| {
            let What::List { items, .. } = &steps.what else { return false };
            has(page, &[&PACE]) || items.iter().any(|step| has(step, &[&HOLD, &STEP_PACE]))
        })
}

pub fn holds_pages(leaf: &Leaf) -> bool {
    !OWN_FILES.contains(&leaf.name.as_str())
}
