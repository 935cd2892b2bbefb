//! A file of a language: the words for texts of the book, each under the text's way, and who wrote and checked them. Which ways there
//! are is not known here.

use indexmap::IndexMap;
use jiff::civil::Date;

use super::desk::Desk;
use super::front::top;
use super::keys::{CHECKED_BY, CHECKED_ON, NOTE, OF, SAID, TRANSLATED, TRANSLATION};
use crate::source::finding::Span;
use crate::source::rule;
use crate::source::tree::{Entry, Tree, What};

const FITS: &str = "Take the line out if these words fit the text as it is now; `backcare translate` writes it anew.";

/// Who stands for the words of a file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Credits {
    /// `machine`, or a name.
    pub translated: Option<String>,
    pub checked_by: Option<String>,
    pub checked_on: Option<Date>,
}

#[derive(Debug, Default)]
pub struct Overlay {
    pub credits: Credits,
    pub entries: IndexMap<String, Translated>,
}

/// A text in another language.
#[derive(Debug)]
pub struct Translated {
    pub key_span: Span,
    /// The fingerprint of what was translated; without one, it was translated just now.
    pub of: Option<u32>,
    /// The words, if there are some.
    pub say: Option<Tree>,
    pub note: Option<String>,
    /// Something in it has been reported: nothing more is to be said of it.
    pub is_broken: bool,
}

impl Translated {
    pub fn words(&self) -> Option<&str> {
        match &self.say.as_ref()?.what {
            What::Scalar { raw, .. } => Some(raw.trim()),
            _ => None,
        }
    }
}

impl Desk<'_> {
    pub fn overlay_file(&mut self, tree: &Tree) -> Overlay {
        let mut overlay = Overlay::default();
        if matches!(tree.what, What::Broken | What::Nothing) {
            return overlay;
        }
        let Some((entries, _)) = self.map(tree, top(tree), "a language's file") else { return overlay };
        for entry in entries {
            let value = &entry.value;
            match &entry.key {
                key if key == TRANSLATED.name => overlay.credits.translated = self.words(value, key),
                key if key == CHECKED_BY.name => overlay.credits.checked_by = self.words(value, key),
                key if key == CHECKED_ON.name => overlay.credits.checked_on = self.date(value),
                key => {
                    let translated = self.translated(entry);
                    overlay.entries.entry(key.clone()).or_insert(translated);
                }
            }
        }
        overlay
    }

    fn translated(&mut self, entry: &Entry) -> Translated {
        let before = self.findings.len();
        let mut translated = Translated { key_span: entry.key_span, of: None, say: None, note: None, is_broken: false };
        if entry.value.what == What::Nothing {
            return translated;
        }
        if let Some(fields) = self.fields(&entry.value, entry.key_span, &TRANSLATION) {
            translated.of = fields.get(&OF).filter(|tree| !is_empty(tree)).and_then(|tree| self.fingerprint(tree, FITS));
            // Words that a note has cut would be lost when the file is written anew.
            let say = fields.get(&SAID).filter(|tree| !is_empty(tree));
            translated.say = say.filter(|tree| self.text(tree, SAID.name).is_some()).cloned();
            let note = fields.get(&NOTE).filter(|tree| !is_empty(tree));
            translated.note = note.and_then(|tree| self.text(tree, NOTE.name).map(str::to_owned));
        }
        translated.is_broken = self.findings.len() > before || entry.value.what == What::Broken;
        translated
    }

    /// The fingerprint of a text or a page, as it is written; `hint` says what to do about one that is none.
    pub fn fingerprint(&mut self, tree: &Tree, hint: &str) -> Option<u32> {
        let raw = self.raw(tree, OF.name)?;
        let of =
            u32::from_str_radix(raw, 16).ok().filter(|_| raw.len() == 8 && raw.bytes().all(|byte| byte.is_ascii_hexdigit()));
        if of.is_none() {
            self.add(&rule::WRONG_VALUE, tree.span, format!("`{raw}` isn't a fingerprint."), hint);
        }
        of
    }
}

fn is_empty(tree: &Tree) -> bool {
    match &tree.what {
        What::Nothing => true,
        What::Scalar { raw, .. } => raw.trim().is_empty(),
        _ => false,
    }
}
