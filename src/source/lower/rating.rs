//! `rating` in `book.yaml`: how readers rate pages, and what may have been missing.

use indexmap::IndexMap;

use super::desk::{Desk, listed};
use super::keys::{CHOICES, RATING_MAP, SCALE};
use crate::dialogue::{Rating, Scale};
use crate::source::rule;
use crate::source::tree::Tree;

/// More choices than these and nobody reads them at night.
const MOST_CHOICES: usize = 6;

impl Desk<'_> {
    /// How pages are rated; `None` if something in it was reported.
    pub fn rating(&mut self, tree: &Tree) -> Option<Rating> {
        let fields = self.fields(tree, tree.span, &RATING_MAP)?;
        let scale = self.need(&fields, &SCALE).and_then(|tree| self.scale(tree));
        let missing = fields.get(&CHOICES).map(|tree| self.choices_of_missing(tree)).unwrap_or_default();
        Some(Rating { scale: scale?, missing })
    }

    fn scale(&mut self, tree: &Tree) -> Option<Scale> {
        let raw = self.raw(tree, SCALE.name)?;
        let scale = Scale::ALL.into_iter().find(|scale| scale.name() == raw);
        if scale.is_none() {
            let names = || Scale::ALL.iter().map(|scale| scale.name());
            let hint = match self.guess(raw, names()) {
                Some(near) => format!("Did you mean `{near}`?"),
                None => format!("It is one of {}; without `rating`, nothing is rated.", listed(names())),
            };
            self.add(&rule::WRONG_VALUE, tree.span, format!("`{raw}` isn't a way to rate pages."), hint);
        }
        scale
    }

    fn choices_of_missing(&mut self, tree: &Tree) -> IndexMap<String, String> {
        let entries = self.ids(tree, tree.span, "`missing`");
        if let Some(beyond) = entries.get(MOST_CHOICES) {
            let message = format!("`missing` has {} choices; {MOST_CHOICES} fit on the screen of a phone.", entries.len());
            self.add(&rule::WRONG_VALUE, beyond.key_span, message, "Keep those that readers need most.");
        }
        let choice = |entry: &&crate::source::tree::Entry| {
            let label = self.words(&entry.value, &entry.key)?;
            Some((entry.key.clone(), label))
        };
        entries.iter().filter_map(choice).collect()
    }
}
