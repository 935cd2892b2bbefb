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

    /// Where some bytes of a scalar stand in the file: exact for blocks written with `|` and for texts on one line, else the scalar.
    pub fn locate(&self, tree: &Tree, at: &Range<usize>) -> Span {
        let What::Scalar { raw, style } = &tree.what else { return tree.span };
        let found = match style {
            ScalarStyle::Literal => in_block(self.text, tree.span, raw, at),
            _ => in_line(self.text, tree.span, raw, at),
        };
        found.or_else(|| the_same_words(self.text, tree.span, raw.get(at.clone())?)).unwrap_or(tree.span)
    }
}

/// Where the words stand first: good enough for texts that YAML folded or unescaped.
fn the_same_words(text: &str, span: Span, words: &str) -> Option<Span> {
    let found = text.get(span.from..span.to)?.find(words)?;
    Some(Span::new(span.from + found, span.from + found + words.len()))
}

/// The same bytes of a text that was written as it reads, with or without quotes.
fn in_line(text: &str, span: Span, raw: &str, at: &Range<usize>) -> Option<Span> {
    let source = text.get(span.from..span.to)?;
    let shift = source.find(raw)?;
    Some(Span::new(span.from + shift + at.start, span.from + shift + at.end))
}

/// A block scalar is its lines without their indentation, so the same line and the same distance from its end is the same place.
fn in_block(text: &str, span: Span, raw: &str, at: &Range<usize>) -> Option<Span> {
    // The span begins with the first line that is not empty.
    let skipped = raw.bytes().take_while(|byte| *byte == b'\n').count();
    let number = raw.get(..at.start)?.bytes().filter(|byte| *byte == b'\n').count().checked_sub(skipped)?;
    let line_from = raw.get(..at.start)?.rfind('\n').map_or(0, |found| found + 1);
    let line = raw.get(line_from..)?.lines().next()?;
    let first = text.get(..span.from)?.rfind('\n').map_or(0, |found| found + 1);
    let mut source_from = first;
    let mut lines = text.get(first..)?.split_inclusive('\n');
    for _ in 0..number {
        source_from += lines.next()?.len();
    }
    let source = lines.next()?.trim_end_matches(['\n', '\r']);
    let indent = source.len().checked_sub(line.len()).filter(|_| source.ends_with(line))?;
    let from = source_from + indent + (at.start - line_from);
    let to = from + (at.end - at.start).min(line.len().saturating_sub(at.start - line_from));
    Some(Span::new(from, to))
}
