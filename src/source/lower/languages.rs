//! `languages` in `book.yaml`: which the book speaks, its own first. What a language's folder says is for `overlay.rs`.

use super::BOOK_FILE;
use super::Leaf;
use super::desk::Desk;
use super::keys::LANGUAGES;
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
    let Some(What::List { items, .. }) = list.map(|list| &list.value.what) else { return vec![OWN_LANGUAGE.to_owned()] };
    let mut codes: Vec<String> = Vec::with_capacity(items.len());
    for item in items {
        if let What::Scalar { raw, .. } = &item.what
            && is_language(raw.trim())
            && !codes.iter().any(|code| code == raw.trim())
        {
            codes.push(raw.trim().to_owned());
        }
    }
    codes
}

impl Desk<'_> {
    /// The book's own language: the first of the list.
    pub fn language(&mut self, tree: Option<&Tree>) -> String {
        let Some(tree) = tree else { return OWN_LANGUAGE.to_owned() };
        let mut codes: Vec<&str> = Vec::new();
        for item in self.list(tree, LANGUAGES.name).unwrap_or_default() {
            let Some(code) = self.raw(item, LANGUAGES.name) else { continue };
            if !is_language(code) {
                let message = format!("`{code}` isn't a language.");
                self.add(&rule::WRONG_VALUE, item.span, message, "Name it by two small letters, as in `languages: [en, es]`.");
            } else if codes.contains(&code) {
                self.add(&rule::WRONG_VALUE, item.span, format!("`{code}` stands here twice."), "Keep one of them.");
            }
            codes.push(code);
        }
        codes.first().copied().unwrap_or(OWN_LANGUAGE).to_owned()
    }
}
