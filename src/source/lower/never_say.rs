//! `never-say` in `book.yaml`: words that never reach a reader. Who looks for them is `lint`.

use super::desk::Desk;
use super::keys::{BECAUSE, NEVER_SAID, NEVER_SAY, NEVER_WORDS};
use crate::dialogue::book::NeverSay;
use crate::source::finding::Span;
use crate::source::rule;
use crate::source::tree::{Tree, What};

impl Desk<'_> {
    pub fn never_say(&mut self, tree: &Tree) -> Vec<NeverSay> {
        let items = self.list(tree, NEVER_SAY.name).unwrap_or_default();
        items.iter().filter_map(|item| self.never(item)).collect()
    }

    /// Words alone, or with a reason.
    fn never(&mut self, item: &Tree) -> Option<NeverSay> {
        let What::Map { .. } = item.what else {
            return self.never_words(item).map(|words| NeverSay { words, because: None });
        };
        let fields = self.fields(item, Span::new(item.span.from, item.span.from), &NEVER_SAID)?;
        let because = fields.get(&BECAUSE).and_then(|tree| self.words(tree, BECAUSE.name));
        let words = self.need(&fields, &NEVER_WORDS).and_then(|tree| self.never_words(tree))?;
        Some(NeverSay { words, because })
    }

    fn never_words(&mut self, tree: &Tree) -> Option<String> {
        let words = self.words(tree, NEVER_SAY.name)?;
        if !words.chars().any(char::is_alphanumeric) {
            self.add(&rule::WRONG_VALUE, tree.span, "There is no word in this.", "Write the words as they would be read.");
            return None;
        }
        Some(words)
    }
}
