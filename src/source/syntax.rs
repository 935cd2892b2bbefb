//! Reading a file to a tree with whatever can be saved of it, and saying in plain words why YAML could not be read.
//!
//! A file that cannot be read whole is read again page by page, so that one broken page hides no other. What a page means is not
//! known here.

use serde_saphyr::granit_parser::ErrorKind;

use super::finding::{FileId, Finding, Place, Span};
use super::left_open;
use super::rule;
use super::tree::{self, Entry, Refusal, Refused, Stop, Tree, What};

/// Reads a file. What cannot be read is reported, and stands in the tree as [`What::Broken`] under its key.
pub fn read(text: &str, file: FileId, findings: &mut Vec<Finding>) -> Tree {
    match tree::parse(text, 0) {
        Ok((tree, refused)) => {
            findings.extend(refused.iter().map(|refusal| refused_finding(refusal, text, file)));
            tree
        }
        Err(stop) => by_page(text, file, &stop, findings),
    }
}

/// Reads each part between two keys in column 0 on its own.
fn by_page(text: &str, file: FileId, whole: &Stop, findings: &mut Vec<Finding>) -> Tree {
    let mut entries = Vec::new();
    let mut stopped = false;
    for part in parts(text) {
        let source = text.get(part.from..part.to).unwrap_or_default();
        match tree::parse(source, part.from) {
            Ok((tree, refused)) => {
                findings.extend(refused.iter().map(|refusal| refused_finding(refusal, text, file)));
                match tree.what {
                    What::Map { entries: found, .. } => entries.extend(found),
                    What::Nothing => {}
                    _ => {
                        stopped = true;
                        findings.push(no_key(text, file, part));
                        entries.extend(broken_entry(text, part));
                    }
                }
            }
            Err(stop) => {
                stopped = true;
                findings.push(explain(text, file, part, &stop));
                entries.extend(broken_entry(text, part));
            }
        }
    }
    let all = Span::new(0, text.len());
    if !stopped {
        // Each part is fine by itself, so the mistake is in how they stand together.
        findings.push(explain(text, file, all, whole));
        return Tree::broken(all);
    }
    Tree { span: all, what: What::Map { entries, flow: false } }
}

/// The file cut before each line that begins with a key in column 0; what stands before the first is a part too.
fn parts(text: &str) -> Vec<Span> {
    let mut parts = Vec::new();
    let mut from = 0;
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        if at > from && starts_a_page(line) {
            parts.push(Span::new(from, at));
            from = at;
        }
        at += line.len();
    }
    parts.push(Span::new(from, text.len()));
    parts
}

fn starts_a_page(line: &str) -> bool {
    let Some(first) = line.chars().next() else { return false };
    if !(first.is_alphanumeric() || matches!(first, '"' | '\'' | '_')) {
        return false;
    }
    key_of(line).is_some()
}

/// The key that a line begins with, and where it stands in the line. `key:text` counts: its space was forgotten.
fn key_of(line: &str) -> Option<(&str, Span)> {
    let colon = line.find(':')?;
    let bare = line.get(..colon)?.trim_end();
    let key = bare.trim_matches(['"', '\'']);
    let plain = |char: char| char.is_alphanumeric() || matches!(char, '-' | '_' | ' ' | '.');
    (!key.is_empty() && key.len() <= 100 && key.chars().all(plain)).then(|| (key, Span::new(0, bare.len())))
}

fn broken_entry(text: &str, part: Span) -> Option<Entry> {
    let source = text.get(part.from..part.to)?;
    if !starts_a_page(source) {
        return None;
    }
    let (key, span) = key_of(source.lines().next()?)?;
    let key_span = Span::new(part.from + span.from, part.from + span.to);
    Some(Entry { key: key.to_owned(), key_span, value: Tree::broken(part) })
}

fn no_key(text: &str, file: FileId, part: Span) -> Finding {
    let source = text.get(part.from..part.to).unwrap_or_default();
    let skipped: usize = source.split_inclusive('\n').take_while(|line| is_blank(line)).map(str::len).sum();
    let from = part.from + skipped;
    let line = text.get(from..part.to).and_then(|rest| rest.lines().next()).unwrap_or_default();
    let place = Place { file, span: Span::new(from, from + line.len()) };
    if let Some(finding) = missing_space(line, from, file) {
        return finding;
    }
    Finding::new(&rule::SYNTAX, place, "This line is neither a key nor part of a text.", "A key ends with a colon and a space.")
}

fn is_blank(line: &str) -> bool {
    let line = line.trim();
    line.is_empty() || line.starts_with('#')
}

fn refused_finding(refusal: &Refusal, text: &str, file: FileId) -> Finding {
    let (message, hint) = match refusal.what {
        Refused::Alias => {
            let message = "A text can't start with `*` unless it is in quotes or in a block.";
            return Finding::new(&rule::SYNTAX, Place { file, span: refusal.span }, message, BLOCK_OR_QUOTES);
        }
        Refused::Anchor => ("`&` at the start of a value has a meaning in YAML that books do without.", BLOCK_OR_QUOTES),
        Refused::Tag => ("`!` at the start of a value has a meaning in YAML that books do without.", BLOCK_OR_QUOTES),
        Refused::Merge => ("`<<` is not used in books.", "Write the keys out where they are needed."),
        Refused::SecondDocument => ("`---` starts a second document, which books do without.", "Take the line out."),
        Refused::OddKey => ("This key is not a word.", "Keys are words; a text that starts with a bracket needs quotes."),
    };
    let line = text.get(refusal.span.from..).and_then(|rest| rest.lines().next()).unwrap_or_default();
    let span = Span::new(refusal.span.from, refusal.span.to.min(refusal.span.from + line.len()));
    Finding::new(&rule::REFUSED, Place { file, span }, message, hint)
}

pub const BLOCK_OR_QUOTES: &str = "Put the text in double quotes, or write `|` here and the text below it, indented.";

/// A line of the file around the place where reading stopped.
struct Line<'a> {
    text: &'a str,
    from: usize,
    /// Where reading stopped, counted from the start of the line.
    at: usize,
}

/// One plain sentence for each mistake that people really make; the parser's own words for the others.
fn explain(text: &str, file: FileId, part: Span, stop: &Stop) -> Finding {
    let at = stop.at.clamp(part.from, part.to);
    let line = line_at(text, at);
    let finding = |span: Span, message: &str, hint: &str| Finding::new(&rule::SYNTAX, Place { file, span }, message, hint);
    let here = Span::new(line.from + line.at, line.from + line.text.trim_end().len());

    if let Some(tab) = tab_near(text, &line, &stop.kind) {
        return finding(
            Span::new(tab, tab + 1),
            "There is a tab here; lines are indented with spaces only.",
            "Put two spaces there.",
        );
    }
    match stop.kind {
        ErrorKind::UnclosedQuotedScalar => {
            return finding(here, "This quote is never closed.", "Put the same sign at the end of the text, or quote nothing.");
        }
        ErrorKind::InvalidTrailingSingleQuotedScalar | ErrorKind::InvalidTrailingDoubleQuotedScalar => {
            if let Some(quote) = left_open::quote(text, part, at) {
                return finding(quote, "This quote is not closed on its line.", left_open::CLOSE_QUOTE);
            }
            return finding(here, "Something stands after the closing quote.", after_quote(&line));
        }
        ErrorKind::UnclosedFlowCollection { open } => {
            return finding(here, &format!("This `{open}` is never closed."), left_open::CLOSE_BRACKET);
        }
        ErrorKind::CommentInterceptedScalar => {
            let hint = "Put the whole text in double quotes, or write `|` after the key and the text below it, indented.";
            return finding(here, "`#` starts a note here and cuts the text in two.", hint);
        }
        ErrorKind::UnknownQuotedScalarEscape => {
            return finding(
                here,
                "A backslash has a meaning of its own inside double quotes.",
                "Write `\\\\` for one backslash.",
            );
        }
        ErrorKind::RecursionLimitExceeded => {
            let place = Place { file, span: here };
            return Finding::new(&rule::REFUSED, place, "This is nested too deeply for a book.", "Close some of the brackets.");
        }
        _ => {}
    }
    if let Some(found) = missing_space_before(text, part, at, file) {
        return found;
    }
    if let Some((span, message)) = bad_start(&line) {
        return finding(span, &message, BLOCK_OR_QUOTES);
    }
    if line.text.get(line.at..).is_some_and(|rest| rest.starts_with(':')) {
        if let Some(bracket) = left_open::bracket_above(text, part, line.from) {
            let sign = text.get(bracket.from..=bracket.from).unwrap_or("[");
            return finding(bracket, &format!("This `{sign}` is never closed."), left_open::CLOSE_BRACKET);
        }
        return colon(&line, file);
    }
    match stop.kind {
        ErrorKind::SimpleKeyExpected => finding(
            here,
            "This line is neither a key nor part of a text.",
            "A key ends with a colon and a space. A text that goes on here must be indented deeper than its key.",
        ),
        ErrorKind::ExpectedBlockMappingKey | ErrorKind::InvalidIndentation | ErrorKind::ExpectedBlockSequenceEntry => {
            let hint = "Keys that belong together start in the same column; a text in a block is indented deeper than its key.";
            finding(here, "This line does not line up with the lines above it.", hint)
        }
        ErrorKind::ExpectedFlowMappingSeparator | ErrorKind::ExpectedFlowSequenceSeparator => finding(
            here,
            "A comma or a closing bracket is missing before this.",
            "A text with commas, colons or brackets needs double quotes.",
        ),
        ref other => finding(here, &format!("This is not readable as YAML: {other}."), "Compare it with a page that works."),
    }
}

fn line_at(text: &str, at: usize) -> Line<'_> {
    let mut at = at.min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    let from = text.get(..at).and_then(|before| before.rfind('\n')).map_or(0, |found| found + 1);
    let to = text.get(at..).and_then(|after| after.find('\n')).map_or(text.len(), |found| at + found);
    Line { text: text.get(from..to).unwrap_or_default(), from, at: at - from }
}

/// A tab where spaces belong: on this line, or near it if the parser complains of tabs.
fn tab_near(text: &str, line: &Line, kind: &ErrorKind) -> Option<usize> {
    let indent = |line: &Line| {
        let blank = line.text.len() - line.text.trim_start().len();
        line.text.get(..blank).and_then(|blank| blank.find('\t')).map(|tab| line.from + tab)
    };
    let complains = matches!(
        kind,
        ErrorKind::TabNotAllowed
            | ErrorKind::TabInBlockIndentation
            | ErrorKind::TabAtBlockScalarStart
            | ErrorKind::TabInIndentation
            | ErrorKind::TabInPlainScalar
    );
    let beside = || {
        let above = line.from.checked_sub(1).map(|end| line_at(text, end));
        let below = line_at(text, (line.from + line.text.len() + 1).min(text.len()));
        let on_it = line.text.find('\t').map(|tab| line.from + tab);
        on_it.or_else(|| above.and_then(|above| indent(&above))).or_else(|| indent(&below))
    };
    indent(line).or_else(|| complains.then(beside)?)
}

fn after_quote(line: &Line) -> &'static str {
    let apostrophe = line.text.get(..line.at).is_some_and(|before| before.contains('\''));
    if apostrophe && !line.text.get(..line.at).is_some_and(|before| before.contains('"')) {
        "An apostrophe ends a text in single quotes: put it in double quotes."
    } else {
        "Quote the whole text. A quote mark inside double quotes is written `\\\"`."
    }
}

/// `key:text` where reading stopped, on the line above, or at the start of the page: what lies between may be any text.
fn missing_space_before(text: &str, part: Span, at: usize, file: FileId) -> Option<Finding> {
    let mut from = part.from;
    let own = line_at(text, at);
    let above = own.from.checked_sub(1).filter(|end| *end > part.from).map(|end| line_at(text, end));
    let first = text.get(part.from..part.to)?.split_inclusive('\n').find(|line| {
        let found = !is_blank(line);
        from += if found { 0 } else { line.len() };
        found
    })?;
    let around = [Some(own), above].into_iter().flatten();
    missing_space(first, from, file).or_else(|| around.into_iter().find_map(|line| missing_space(line.text, line.from, file)))
}

fn missing_space(line: &str, from: usize, file: FileId) -> Option<Finding> {
    let trimmed = line.trim_start();
    let indent = line.len() - trimmed.len();
    let (key, span) = key_of(trimmed)?;
    let after = trimmed.get(span.to + 1..)?.chars().next()?;
    let starts_as_key = key.chars().next().is_some_and(char::is_alphabetic);
    if after.is_whitespace() || after == '/' || key.contains(' ') || !starts_as_key {
        return None;
    }
    let colon = from + indent + span.to;
    let place = Place { file, span: Span::new(colon, colon + 1) };
    Some(Finding::new(&rule::SYNTAX, place, format!("A space is missing after `{key}:`."), "Write a space after the colon."))
}

/// Signs that mean something to YAML where a value begins.
const SIGNS: &str = "*&!%@`{[]}|>?-,";

/// A value before the place where reading stopped that begins with one of [`SIGNS`].
fn bad_start(line: &Line) -> Option<(Span, String)> {
    let start = value_start(line.text, line.at)?;
    let sign = line.text.get(start..)?.chars().next().filter(|sign| SIGNS.contains(*sign))?;
    // A bracket that is still open where reading stopped is a list or a mapping, not a text.
    if start > line.at {
        return None;
    }
    let span = Span::new(line.from + start, line.from + line.text.trim_end().len());
    Some((span, format!("A text can't start with `{sign}` unless it is in quotes or in a block.")))
}

/// Where the value begins that `at` lies in: after the key, or after the last comma or colon of an open bracket.
fn value_start(line: &str, at: usize) -> Option<usize> {
    let mut start = line.len() - line.trim_start().len();
    let mut open: Vec<usize> = Vec::new();
    let mut quote = None;
    let bytes = line.as_bytes();
    for (here, char) in line.char_indices().take_while(|(here, _)| *here < at) {
        let next_is_blank = bytes.get(here + 1).is_none_or(u8::is_ascii_whitespace);
        if let Some(sign) = quote {
            quote = (sign != char).then_some(sign);
            continue;
        }
        let begins_a_value = match char {
            '{' | '[' if here == start => {
                open.push(start);
                true
            }
            ',' => !open.is_empty(),
            ':' => next_is_blank && (!open.is_empty() || is_key(line.get(start..here)?)),
            // The sign of a list item.
            '-' => here == start && next_is_blank && open.is_empty() && is_first(line, here),
            _ => false,
        };
        match char {
            _ if begins_a_value => start = next_value(line, here + 1),
            '"' | '\'' if here == start => quote = Some(char),
            '}' | ']' if !open.is_empty() => start = open.pop()?,
            _ => {}
        }
    }
    Some(start)
}

fn next_value(line: &str, from: usize) -> usize {
    line.get(from..).map_or(line.len(), |rest| from + rest.len() - rest.trim_start().len())
}

fn is_first(line: &str, at: usize) -> bool {
    line.get(..at).is_some_and(|before| before.trim().is_empty())
}

fn is_key(words: &str) -> bool {
    !words.is_empty() && words.chars().all(|char| char.is_alphanumeric() || matches!(char, '-' | '_' | '.'))
}

/// A colon where no key can be: in the middle of a text, or after a key that is indented like a text.
fn colon(line: &Line, file: FileId) -> Finding {
    let before = line.text.get(..line.at).unwrap_or_default();
    let place = |from: usize, to: usize| Place { file, span: Span::new(line.from + from, line.from + to) };
    let indent = before.len() - before.trim_start().len();
    if is_key(before.trim()) {
        return Finding::new(
            &rule::SYNTAX,
            place(indent, line.at + 1),
            "This line looks like a key, but it is indented as if the text above went on.",
            "Line it up with the keys around it. If it belongs to the text, put that text in a block: `|` after its key, the text below.",
        );
    }
    Finding::new(
        &rule::SYNTAX,
        place(line.at, line.at + 1),
        "A colon and a space inside a text without quotes.",
        BLOCK_OR_QUOTES,
    )
}
