//! Where everything stands: a way from a page's id and keys back to the file, for findings that are made on the finished book.
//!
//! A way is symbolic, as `["links", "2"]`, and becomes a place only when something is reported there.

use std::collections::HashMap;
use std::ops::Range;
use std::sync::Arc;

use super::finding::{Place, SourceFile, Span};
use super::lower::{ASKS_FILE, BOOK_FILE, Leaf, OWN_FILES, REVIEWS_FILE, SIGNS_FILE, WEEKLY_FILE, WORDS_FILE};
use super::scalar;
use super::tree::{Entry, Tree, What};

/// Where a way begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Root<'a> {
    /// A page, by its id.
    Page(&'a str),
    /// `book.yaml`.
    Book,
    /// `words.yaml`.
    Words,
    /// `weekly.yaml`.
    Weekly,
}

/// The trees of the book, kept beside it.
#[derive(Debug, Default)]
pub struct Spans {
    leaves: Vec<Leaf>,
    /// The texts of the files, to find words in them.
    texts: Vec<Arc<str>>,
    /// File and entry of each page.
    pages: HashMap<String, (usize, usize)>,
}

impl Spans {
    pub fn new(leaves: Vec<Leaf>, files: &[SourceFile]) -> Spans {
        let mut pages = HashMap::new();
        for (number, leaf) in leaves.iter().enumerate() {
            if OWN_FILES.contains(&leaf.name.as_str()) {
                continue;
            }
            for (at, entry) in entries(&leaf.tree).iter().enumerate() {
                pages.entry(entry.key.clone()).or_insert((number, at));
            }
        }
        let texts = files.iter().map(|file| Arc::clone(&file.text)).collect();
        Spans { leaves, texts, pages }
    }

    /// The id of a page, where it is given.
    pub fn page(&self, id: &str) -> Place {
        self.at(id, &[])
    }

    /// The place inside a page that a way leads to: keys by name, list items by number from 0. Where the way ends early, the last
    /// place on it.
    pub fn at(&self, page: &str, way: &[&str]) -> Place {
        let found =
            self.entry(page).map(|(leaf, entry)| Place { file: leaf.file, span: follow(&entry.value, entry.key_span, way) });
        found.unwrap_or_else(|| self.in_book(&[]))
    }

    /// The ids of the pages that stand in a file of the book, by its name without `.yaml`; `None` if it has no such file of pages.
    pub fn pages_of(&self, subject: &str) -> Option<Vec<&str>> {
        let leaf = self.subject_leaves().find(|(_, name)| *name == subject)?.0;
        let here = |id: &&Entry| self.pages.get(&id.key).is_some_and(|(of, _)| *of == leaf);
        let entries = self.leaves.get(leaf).map(|leaf| entries(&leaf.tree)).unwrap_or_default();
        Some(entries.iter().filter(here).map(|entry| entry.key.as_str()).collect())
    }

    /// The files of pages, by their names without `.yaml`.
    pub fn subjects(&self) -> impl Iterator<Item = &str> {
        self.subject_leaves().map(|(_, name)| name)
    }

    fn subject_leaves(&self) -> impl Iterator<Item = (usize, &str)> {
        let leaves = self.leaves.iter().enumerate().filter(|(_, leaf)| !OWN_FILES.contains(&leaf.name.as_str()));
        leaves.map(|(number, leaf)| (number, leaf.name.trim_end_matches(".yaml").trim_end_matches(".yml")))
    }

    /// The same, from any root.
    pub fn from(&self, root: Root, way: &[&str]) -> Place {
        match root {
            Root::Page(page) => self.at(page, way),
            Root::Book => self.in_book(way),
            Root::Words => self.in_words(way),
            Root::Weekly => self.in_weekly(way),
        }
    }

    /// The place of some words of a text: `find` is given the text as YAML reads it, and says which of its bytes they are. Where it
    /// finds none, the place of the whole text.
    pub fn words_at(&self, root: Root, way: &[&str], find: impl FnOnce(&str) -> Option<Range<usize>>) -> Place {
        let whole = self.from(root, way);
        let tree = match root {
            Root::Page(page) => self.entry(page).map(|(_, entry)| &entry.value),
            Root::Book => self.leaf(BOOK_FILE).map(|leaf| &leaf.tree),
            Root::Words => self.leaf(WORDS_FILE).map(|leaf| &leaf.tree),
            Root::Weekly => self.leaf(WEEKLY_FILE).map(|leaf| &leaf.tree),
        };
        let Some(tree) = tree.and_then(|tree| reach(tree, way)) else { return whole };
        let What::Scalar { raw, .. } = &tree.what else { return whole };
        let Some((at, text)) = find(raw).zip(self.texts.get(whole.file.0)) else { return whole };
        Place { span: scalar::locate(text, tree, &at), ..whole }
    }

    fn entry(&self, page: &str) -> Option<(&Leaf, &Entry)> {
        let (leaf, entry) = self.pages.get(page)?;
        let leaf = self.leaves.get(*leaf)?;
        Some((leaf, entries(&leaf.tree).get(*entry)?))
    }

    fn leaf(&self, name: &str) -> Option<&Leaf> {
        self.leaves.iter().find(|leaf| leaf.name == name)
    }

    /// A place in `book.yaml`.
    pub fn in_book(&self, way: &[&str]) -> Place {
        self.in_file(BOOK_FILE, way)
    }

    /// A place in `words.yaml`.
    pub fn in_words(&self, way: &[&str]) -> Place {
        self.in_file(WORDS_FILE, way)
    }

    /// A place in `signs.yaml`.
    pub fn in_signs(&self, way: &[&str]) -> Place {
        self.in_file(SIGNS_FILE, way)
    }

    /// A place in `asks.yaml`.
    pub fn in_asks(&self, way: &[&str]) -> Place {
        self.in_file(ASKS_FILE, way)
    }

    /// A place in `reviews.yaml`.
    pub fn in_reviews(&self, way: &[&str]) -> Place {
        self.in_file(REVIEWS_FILE, way)
    }

    /// A place in `weekly.yaml`.
    pub fn in_weekly(&self, way: &[&str]) -> Place {
        self.in_file(WEEKLY_FILE, way)
    }

    fn in_file(&self, name: &str, way: &[&str]) -> Place {
        let leaf = self.leaf(name).or(self.leaves.first());
        leaf.map_or_else(
            || Place { file: super::FileId(0), span: Span::default() },
            |leaf| {
                let start = entries(&leaf.tree).first().map_or(leaf.tree.span, |entry| entry.key_span);
                Place { file: leaf.file, span: follow(&leaf.tree, start, way) }
            },
        )
    }
}

fn entries(tree: &Tree) -> &[Entry] {
    match &tree.what {
        What::Map { entries, .. } => entries,
        _ => &[],
    }
}

/// What stands at the end of a way, if all of the way is there.
fn reach<'t>(tree: &'t Tree, way: &[&str]) -> Option<&'t Tree> {
    way.iter().try_fold(tree, |tree, step| match &tree.what {
        What::Map { entries, .. } => entries.iter().find(|entry| entry.key == *step).map(|entry| &entry.value),
        What::List { items, .. } => items.get(step.parse::<usize>().ok()?),
        _ => None,
    })
}

/// A mapping is shown by its key, for that is what tells it from its neighbours; everything else by itself.
fn follow(tree: &Tree, key: Span, way: &[&str]) -> Span {
    let shown = match tree.what {
        What::Map { .. } | What::List { flow: false, .. } => key,
        _ => tree.span,
    };
    let Some((step, rest)) = way.split_first() else { return key };
    match &tree.what {
        What::Map { entries, .. } => match entries.iter().find(|entry| entry.key == *step) {
            Some(entry) if rest.is_empty() => value_or_key(entry),
            Some(entry) => follow(&entry.value, entry.key_span, rest),
            None => shown,
        },
        What::List { items, .. } => match step.parse().ok().and_then(|at: usize| items.get(at)) {
            Some(item) if rest.is_empty() => item.span,
            Some(item) => follow(item, item.span, rest),
            None => shown,
        },
        _ => shown,
    }
}

fn value_or_key(entry: &Entry) -> Span {
    match entry.value.what {
        What::Map { .. } | What::List { flow: false, .. } | What::Nothing => entry.key_span,
        _ => entry.value.span,
    }
}
