//! `languages` in `book.yaml`: which the book speaks, its own first. What a language's folder says is for `overlay.rs`.

use indexmap::IndexMap;

use super::BOOK_FILE;
use super::Leaf;
use super::desk::Desk;
use super::keys::LANGUAGES;
use crate::source::finding::Span;
use crate::source::rule;
use crate::source::tree::{Tree, What};

/// What a book speaks that does not say so.
const OWN_LANGUAGE: &str = "en";

/// Two small letters, as ISO 639-1 has them.
pub fn is_language(code: &str) -> bool {
    code.len() == 2 && code.bytes().all(|letter| letter.is_ascii_lowercase())
}

/// The languages that a book lists and that are well made, its own first; what is wrong with the list is told where it is lowered.
pub fn languages(leaves: &[Leaf]) -> Vec<String> {
    let list = leaves.iter().find(|leaf| leaf.name == BOOK_FILE).and_then(|leaf| leaf.tree.get(LANGUAGES.name));
    let Some(list) = list else { return vec![OWN_LANGUAGE.to_owned()] };
    let mut codes: Vec<String> = Vec::new();
    for (code, _, _) in listed(&list.value) {
        if is_language(code) && !codes.iter().any(|known| known == code) {
            codes.push(code.to_owned());
        }
    }
    codes
}

/// What stands in a list of languages, or in a map of them with their names.
fn listed(tree: &Tree) -> Vec<(&str, Span, Option<&Tree>)> {
    match &tree.what {
        What::List { items, .. } => items
            .iter()
            .filter_map(|item| match &item.what {
                What::Scalar { raw, .. } => Some((raw.trim(), item.span, None)),
                _ => None,
            })
            .collect(),
        What::Map { entries, .. } => {
            entries.iter().map(|entry| (entry.key.as_str(), entry.key_span, Some(&entry.value))).collect()
        }
        _ => Vec::new(),
    }
}

impl Desk<'_> {
    /// The languages with their names, the book's own first. One without a name is called by its letters.
    pub fn languages(&mut self, tree: Option<&Tree>) -> IndexMap<String, String> {
        let mut languages = IndexMap::new();
        if let Some(tree) = tree {
            if !matches!(tree.what, What::Map { .. }) {
                for item in self.list(tree, LANGUAGES.name).unwrap_or_default() {
                    let _ = self.raw(item, LANGUAGES.name);
                }
            }
            for (code, span, name) in listed(tree) {
                if !is_language(code) {
                    let message = format!("`{code}` isn't a language.");
                    let hint = "Name it by two small letters, as in `languages: {en: English, es: Español}`.";
                    self.add(&rule::WRONG_VALUE, span, message, hint);
                } else if languages.contains_key(code) && name.is_none() {
                    self.add(&rule::WRONG_VALUE, span, format!("`{code}` stands here twice."), "Keep one of them.");
                }
                let name = name.and_then(|name| self.words(name, code)).unwrap_or_else(|| code.to_owned());
                languages.entry(code.to_owned()).or_insert(name);
            }
        }
        if languages.is_empty() {
            languages.insert(OWN_LANGUAGE.to_owned(), OWN_LANGUAGE.to_owned());
        }
        languages
    }
}
