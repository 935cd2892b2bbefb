//! Quotes and brackets that were left open: YAML reads on past them, and stops far below the line that is wrong.

use super::finding::Span;

pub const CLOSE_QUOTE: &str = "Put the same sign at the end of the text.";
pub const CLOSE_BRACKET: &str = "Close it on the same line; a text that starts with it needs quotes.";

/// The opening of the quoted text that ended just before `at`, if it began on an earlier line.
pub fn quote(text: &str, part: Span, at: usize) -> Option<Span> {
    let before = text.get(part.from..at)?;
    let closing = before.rfind(['"', '\''])?;
    let sign = before.get(closing..)?.chars().next()?;
    let inside = before.get(..closing)?;
    let is_escaped = |at: usize| sign == '"' && inside.get(..at).is_some_and(|before| before.ends_with('\\'));
    let opening = inside.rmatch_indices(sign).map(|(at, _)| at).find(|at| !is_escaped(*at))?;
    let rest = inside.get(opening..)?;
    let line = rest.find('\n')?;
    Some(Span::new(part.from + opening, part.from + opening + line))
}

/// A bracket at the start of a value that is still open at the end of its line, on the last line above `line_from` that says something.
pub fn bracket_above(text: &str, part: Span, line_from: usize) -> Option<Span> {
    let above = text.get(part.from..line_from)?.trim_end();
    let from = above.rfind('\n').map_or(0, |found| found + 1);
    let line = above.get(from..)?;
    let value = line.find(": ").map_or_else(|| line.len() - line.trim_start().len(), |colon| colon + 2);
    let value = value + line.get(value..)?.len() - line.get(value..)?.trim_start_matches([' ', '-']).len();
    let mut open = Vec::new();
    let mut quoted = None;
    for (at, sign) in line.char_indices().skip_while(|(at, _)| *at < value) {
        match (quoted, sign) {
            (Some(quote), _) => quoted = (sign != quote).then_some(quote),
            (None, '"') => quoted = Some(sign),
            (None, '[' | '{') if at == value || !open.is_empty() => open.push(at),
            (None, ']' | '}') => drop(open.pop()),
            (None, _) if open.is_empty() => return None,
            _ => {}
        }
    }
    let opening = part.from + from + open.last()?;
    Some(Span::new(opening, part.from + above.len()))
}
