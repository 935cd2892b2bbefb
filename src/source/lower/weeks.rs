//! Weeks: which the book counts, and ranges of them.

use super::desk::Desk;
use super::keys::{BOOK_WEEKS, COUNT_FROM, COUNT_MAP, COUNT_TO, DUE_WEEK};
use crate::dialogue::{WeekCount, WeekRange};
use crate::source::finding::Span;
use crate::source::rule;
use crate::source::tree::Tree;

impl Desk<'_> {
    /// What the book counts in weeks: known before everything else, so that no week anywhere lies beyond it.
    pub fn week_count(&mut self, tree: &Tree) -> WeekCount {
        let usual = WeekCount::default();
        let Some(tree) = tree.get(BOOK_WEEKS.name).map(|entry| &entry.value) else { return usual };
        let Some(fields) = self.fields(tree, tree.span, &COUNT_MAP) else { return usual };
        let from = self.need(&fields, &COUNT_FROM).and_then(|tree| self.number(tree, &COUNT_FROM));
        let to = self.need(&fields, &COUNT_TO).and_then(|tree| self.number(tree, &COUNT_TO));
        let due = fields.get(&DUE_WEEK).and_then(|tree| self.number(tree, &DUE_WEEK));
        let (Some(from), Some(to)) = (from, to) else { return usual };
        if from > to {
            let message = format!("These weeks end before they begin: {from} to {to}.");
            self.add(&rule::WRONG_VALUE, tree.span, message, "Write the lower week first.");
            return usual;
        }
        // Each was held to its bounds above.
        let week = |week: u32| u8::try_from(week).unwrap_or(usual.to);
        WeekCount { from: week(from), to: week(to), due: due.map(week) }
    }

    pub fn range(&mut self, from: Option<u32>, to: Option<u32>, at: Span) -> Option<WeekRange> {
        if let (Some(from), Some(to)) = (from, to)
            && from > to
        {
            self.add(
                &rule::WRONG_VALUE,
                at,
                format!("These weeks end before they begin: {from} to {to}."),
                "Write the lower week first.",
            );
            return None;
        }
        if from.max(to).is_some_and(|week| self.is_beyond(week, at)) {
            return None;
        }
        let week = |week: Option<u32>| week.and_then(|week| u8::try_from(week).ok());
        Some(WeekRange { from: week(from), to: week(to) })
    }

    /// Whether a week lies beyond those that the book counts, which is told.
    pub fn is_beyond(&mut self, week: u32, at: Span) -> bool {
        let last = self.weeks.to;
        let is_beyond = week > u32::from(last);
        if is_beyond {
            let hint = "Write a week that the book counts: `weeks` in book.yaml says which.";
            self.add(&rule::WRONG_VALUE, at, format!("There is no week {week}: the book counts up to week {last}."), hint);
        }
        is_beyond
    }

    /// Weeks as `16..`, `..14`, `20..36`.
    pub fn weeks(&mut self, tree: &Tree) -> Option<WeekRange> {
        let raw = self.raw(tree, "weeks")?;
        let week = |digits: &str| match digits.trim() {
            "" => Some(None),
            digits if !digits.bytes().all(|byte| byte.is_ascii_digit()) => None,
            digits => digits.parse().ok().map(Some),
        };
        let ends = raw.split_once("..").and_then(|(from, to)| Some((week(from)?, week(to)?)));
        match ends {
            Some((from, to)) if from.or(to).is_some() => self.range(from, to, tree.span),
            _ => {
                let message = format!("`{raw}` does not say which weeks.");
                self.add(
                    &rule::WRONG_VALUE,
                    tree.span,
                    message,
                    "Write \"16..\" for from 16 on, \"..14\" for up to 14, \"20..36\" for both.",
                );
                None
            }
        }
    }
}
