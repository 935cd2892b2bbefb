//! What the whole book knows by name before any page is read: page ids of all files, sources, placeholders.
//!
//! Where a part could not be read, its names count as unknown to us, and nothing that uses them is called wrong.

use std::collections::{HashMap, HashSet};

use super::desk::{Desk, nearest};
use super::keys::{Key, TITLE};
use crate::dialogue::NodeId;
use crate::source::finding::Place;
use crate::source::rule;
use crate::source::tree::{Tree, What};

/// Whether a page has a title, or one that could not be read: a slip of the pen in the key is told as that, and as nothing else.
pub fn is_titled(page: &Tree) -> bool {
    match &page.what {
        What::Map { entries, .. } => entries.iter().any(|entry| nearest(&entry.key, std::iter::once(TITLE.name)).is_some()),
        What::Broken => true,
        _ => false,
    }
}

/// A page as the others see it.
#[derive(Debug, Clone, Copy)]
pub struct PageName<'t> {
    pub node: NodeId,
    pub key: Place,
    pub tree: &'t Tree,
}

impl PageName<'_> {
    /// Whether buttons that lead here have words of their own; of a broken page nobody knows.
    pub fn is_titled(&self) -> bool {
        is_titled(self.tree)
    }

    /// Whether it has an answer or a row of that key; of a page without readable ones nobody knows.
    pub fn answers(&self, key: &str) -> bool {
        let lists: Vec<&Tree> =
            ["answers", "signs"].iter().filter_map(|list| self.tree.get(list)).map(|entry| &entry.value).collect();
        let unknown = self.tree.what == What::Broken || lists.iter().any(|list| list.what == What::Broken);
        unknown || lists.iter().any(|list| list.get(key).is_some())
    }

    pub fn answer_keys(&self) -> impl Iterator<Item = &str> {
        let lists = ["answers", "signs"].into_iter().filter_map(|list| self.tree.get(list));
        let entries = lists.flat_map(|list| match &list.value.what {
            What::Map { entries, .. } => entries.as_slice(),
            _ => &[],
        });
        entries.map(|entry| entry.key.as_str())
    }
}

#[derive(Debug, Default)]
pub struct Names<'t> {
    pub pages: HashMap<&'t str, PageName<'t>>,
    /// A page file could not be read at all: a page that is not found may be in there.
    pub pages_are_missing: bool,
    /// `None` where the book's list of sources could not be read.
    pub sources: Option<HashSet<String>>,
    /// `None` where the regions could not be read.
    pub placeholders: Option<Vec<String>>,
    /// There is something to print; nobody knows it of a front page that could not be read.
    pub has_leaflet: bool,
    /// Old page ids, for a hint.
    pub moved: HashMap<String, String>,
}

impl Names<'_> {
    /// Whether the book has a page of the kind that this key tells.
    pub fn has_page_with(&self, key: &Key) -> bool {
        self.pages.values().any(|page| page.tree.get(key.name).is_some())
    }
}

impl Desk<'_> {
    /// The page that a value names.
    pub fn page(&mut self, tree: &Tree, name: &str, names: &Names) -> Option<NodeId> {
        let id = self.raw(tree, name)?.to_owned();
        self.page_named(&id, tree, names)
    }

    pub fn page_named(&mut self, id: &str, tree: &Tree, names: &Names) -> Option<NodeId> {
        if let Some(page) = names.pages.get(id) {
            return Some(page.node);
        }
        if names.pages_are_missing {
            return None;
        }
        let hint = match (names.moved.get(id), self.guess(id, names.pages.keys().copied())) {
            (Some(today), _) => format!("It has moved: write `{today}`."),
            (None, Some(near)) => format!("Did you mean `{near}`?"),
            (None, None) => String::from("Write the id of a page: the key above its text, in the first column of a file."),
        };
        self.add_about(&rule::UNKNOWN_PAGE, tree.span, format!("There is no page `{id}`."), hint, id);
        None
    }

    /// One source or a list of them.
    pub fn sources(&mut self, tree: &Tree, names: &Names) -> Vec<String> {
        let items = match &tree.what {
            What::List { items, .. } => items.as_slice(),
            _ => std::slice::from_ref(tree),
        };
        let mut found = Vec::with_capacity(items.len());
        for item in items {
            let Some(id) = self.raw(item, "source").map(str::to_owned) else { continue };
            if let Some(known) = names.sources.as_ref().filter(|known| !known.contains(&id)) {
                let hint = match self.guess(&id, known.iter().map(String::as_str)) {
                    Some(near) => format!("Did you mean `{near}`?"),
                    None => String::from("List it in book.yaml, under `sources`."),
                };
                self.add_about(&rule::UNKNOWN_SOURCE, item.span, format!("There is no source `{id}`."), hint, &id);
            }
            found.push(id);
        }
        found
    }
}
