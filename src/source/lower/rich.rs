//! Texts of the book: Markdown out of a scalar, with every complaint at its place inside the YAML.

use std::ops::Range;

use super::desk::{Desk, listed};
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
        self.add(&rule::UNKNOWN_PLACEHOLDER, span, format!("Nothing fills {{{slot}}} here."), hint);
    }

    /// Where some bytes of a scalar stand in the file.
    pub fn locate(&self, tree: &Tree, at: &Range<usize>) -> Span {
        scalar::locate(self.text, tree, at)
    }
}
