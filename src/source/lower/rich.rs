//! Texts of the book: Markdown out of a scalar, with every complaint at its place inside the YAML.

use std::ops::Range;

use serde_saphyr::granit_parser::ScalarStyle;

use super::desk::{Desk, listed};
use super::keys::KINDS;
use super::names::Names;
use crate::dialogue::Rich;
use crate::source::finding::Span;
use crate::source::markdown;
use crate::source::rule;
use crate::source::scalar;
use crate::source::tree::{Tree, What};

/// The placeholder for what was ticked. The engine fills it where an advice is read.
pub const TICKED: &str = "ticked";
/// The placeholder for what is said when a page has ended the weekly tips.
pub const ENDED: &str = "ended";

impl Desk<'_> {
    /// A text in Markdown. Its placeholders are those of the regions, and the `own` ones of its place.
    pub fn rich(&mut self, tree: &Tree, name: &str, own: &[&str], names: &Names) -> Option<Rich> {
        let raw = self.text(tree, name)?;
        let What::Scalar { raw: whole, .. } = &tree.what else { return None };
        let before = self.findings.len();
        if let Some(key) = self.key_inside(tree, whole) {
            let message = "This line looks like a key, but it is indented as if the text above went on.";
            self.add(&rule::SYNTAX, key, message, "Line it up with the keys around it.");
            return None;
        }
        // The parser sees the text as it was read, so that its places can be found again.
        let parsed = markdown::parse(whole);
        for problem in parsed.problems {
            let span = self.locate(tree, &problem.at);
            self.add(problem.rule, span, problem.message, problem.hint);
        }
        for (slot, at) in &parsed.slots {
            self.slot(tree, slot, at, own, names);
        }
        if self.findings.len() > before {
            return None;
        }
        if raw.is_empty() || parsed.rich.is_empty() {
            self.add(&rule::EMPTY, tree.span, format!("`{name}` says nothing."), "Write what people should read.");
            return None;
        }
        Some(parsed.rich)
    }

    /// A line of a block that is a key of pages with its value: indented too far, it would be read out with the text.
    fn key_inside(&self, tree: &Tree, whole: &str) -> Option<Span> {
        if !matches!(&tree.what, What::Scalar { style: ScalarStyle::Literal, .. }) {
            return None;
        }
        let mut from = 0;
        let key = whole.split_inclusive('\n').find_map(|line| {
            let start = from + line.len() - line.trim_start().len();
            from += line.len();
            let (key, value) = line.trim().split_once(':')?;
            let is_key = KINDS.iter().flat_map(|(_, shape)| shape.all()).any(|known| known.name == key);
            // "text: how it was" may be a sentence; a list or nothing behind the colon is none.
            let is_value = value.is_empty() || value.starts_with(" [") || value.starts_with(" {") || value == " true";
            (is_key && is_value).then(|| start..start + key.len() + 1)
        })?;
        Some(self.locate(tree, &key))
    }

    fn slot(&mut self, tree: &Tree, slot: &str, at: &Range<usize>, own: &[&str], names: &Names) {
        let Some(known) = &names.placeholders else { return };
        if own.contains(&slot) || known.iter().any(|name| name == slot) {
            return;
        }
        let span = self.locate(tree, at);
        let all = || known.iter().map(String::as_str).chain(own.iter().copied());
        let hint = match self.guess(slot, all()) {
            Some(name) => format!("Did you mean {{{name}}}?"),
            None if slot == TICKED => String::from("It is filled in the `text` of pages and of advice pages."),
            None if all().next().is_none() => {
                String::from("Placeholders are words that book.yaml says under `regions`, `unknown`, `say`.")
            }
            None => format!("Here can stand {}. More are made in book.yaml, under `regions`, `unknown`, `say`.", listed(all())),
        };
        let message = format!("Nothing fills {{{slot}}} here.");
        // Those that the bot fills in some places are known, and wrong in each other place by itself.
        if [TICKED, ENDED].contains(&slot) {
            self.add(&rule::UNKNOWN_PLACEHOLDER, span, message, hint);
        } else {
            self.add_about(&rule::UNKNOWN_PLACEHOLDER, span, message, hint, slot);
        }
    }

    /// Where some bytes of a scalar stand in the file.
    pub fn locate(&self, tree: &Tree, at: &Range<usize>) -> Span {
        scalar::locate(self.text, tree, at)
    }
}
