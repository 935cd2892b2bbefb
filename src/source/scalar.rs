//! From bytes of a scalar, as YAML reads it, back to the bytes of the file. What the words mean is for others to say.

use std::ops::Range;

use serde_saphyr::granit_parser::ScalarStyle;

use super::finding::Span;
use super::tree::{Tree, What};

/// Where some bytes of a scalar stand in the file: exact for blocks written with `|` and for texts on one line, else the scalar.
pub fn locate(text: &str, tree: &Tree, at: &Range<usize>) -> Span {
    let What::Scalar { raw, style } = &tree.what else { return tree.span };
    let found = match style {
        ScalarStyle::Literal => in_block(text, tree.span, raw, at),
        _ => in_line(text, tree.span, raw, at),
    };
    let same_words = || the_same_words(text, tree.span, raw.get(at.clone())?);
    found.or_else(same_words).unwrap_or(tree.span)
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
