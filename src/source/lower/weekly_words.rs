//! `weekly:` in `words.yaml`: the words of the weekly sign-up. A book without weekly tips leaves it out.

use super::desk::{Desk, nearest};
use super::names::Names;
use crate::dialogue::words::{FormLabel, FormText, FormWords};
use crate::source::rule;
use crate::source::tree::Tree;

const WEEKDAYS: &str = "weekdays";
const HOURS: &str = "hours";
const WEEK_WORDS: &str = "week-words";
/// What the texts of the sign-up can say beside the words of a region.
const SLOTS: [&str; 4] = ["next", "day", "hour", "week"];

fn names() -> impl Iterator<Item = &'static str> {
    let labels = FormLabel::ALL.iter().map(|label| label.name());
    labels.chain(FormText::ALL.iter().map(|text| text.name())).chain([WEEKDAYS, HOURS, WEEK_WORDS])
}

impl Desk<'_> {
    /// All of them, or findings.
    pub fn weekly_words(&mut self, tree: &Tree, known: &Names) -> FormWords {
        let Some((entries, _)) = self.map(tree, tree.span, "`weekly`") else { return FormWords::default() };
        for entry in entries.iter().filter(|entry| !names().any(|name| name == entry.key)) {
            let hint = match nearest(&entry.key, names()) {
                Some(near) => format!("Did you mean `{near}`?"),
                None => String::from("The names of its words are fixed: take this one out."),
            };
            self.add(&rule::UNKNOWN_KEY, entry.key_span, format!("The sign-up has no word `{}`.", entry.key), hint);
        }
        let need = |desk: &mut Self, name: &'static str| {
            let found = tree.get(name).map(|entry| &entry.value);
            if found.is_none() {
                desk.add(&rule::MISSING_KEY, tree.span, format!("`{name}` is missing under `weekly`."), "The sign-up says it.");
            }
            found
        };
        let labels = FormLabel::ALL.iter().map(|label| {
            let value = need(self, label.name());
            value.and_then(|value| self.words(value, label.name())).unwrap_or_default()
        });
        let labels = labels.collect();
        let texts = FormText::ALL.iter().map(|text| {
            let value = need(self, text.name());
            value.and_then(|value| self.rich(value, text.name(), &SLOTS, known)).unwrap_or_default()
        });
        let texts = texts.collect();
        let weekdays = need(self, WEEKDAYS).map(|tree| self.so_many(tree, WEEKDAYS, 7)).unwrap_or_default();
        let hours = need(self, HOURS).map(|tree| self.so_many(tree, HOURS, 24)).unwrap_or_default();
        let week_words = need(self, WEEK_WORDS);
        let week_words = self.phrases(week_words, WEEK_WORDS);
        FormWords { labels, texts, weekdays, hours, week_words }
    }

    /// A list of words of a fixed length.
    pub fn so_many(&mut self, tree: &Tree, name: &str, count: usize) -> Vec<String> {
        let Some(items) = self.list(tree, name) else { return Vec::new() };
        let words: Vec<String> = items.iter().filter_map(|item| self.words(item, name)).collect();
        if items.len() != count {
            let message = format!("`{name}` names {count}, not {}.", items.len());
            self.add(&rule::WRONG_VALUE, tree.span, message, "Name them all, in order.");
        }
        words
    }
}
