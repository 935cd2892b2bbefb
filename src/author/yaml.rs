//! Values as YAML that people read and write on: what is written here is read again as the same. Which keys a file has is for others.

use std::fmt::Write as _;

/// More characters than these in one line are read sooner below their key.
const LONGEST_LINE: usize = 90;

pub fn key(way: &str) -> String {
    let plain = |char: char| char.is_ascii_alphanumeric() || matches!(char, '.' | '-' | '_' | '/');
    let is_plain = way.starts_with(|char: char| char.is_ascii_alphanumeric()) && way.chars().all(plain);
    if is_plain { way.to_owned() } else { quoted(way) }
}

/// A value in the form that people read most easily: as it is, in a block of its own, or in quotes.
pub fn scalar(out: &mut String, indent: &str, key: &str, text: &str) {
    let is_short = !text.contains('\n') && text.chars().count() <= LONGEST_LINE;
    if is_short || text.chars().any(|char| char != '\n' && is_odd(char)) {
        let _ = writeln!(out, "{indent}{key}: {}", line(text));
    } else {
        let _ = writeln!(out, "{indent}{key}: |");
        for line in text.split('\n') {
            let _ = if line.is_empty() { writeln!(out) } else { writeln!(out, "{indent}  {line}") };
        }
    }
}

/// A value on one line.
pub fn line(text: &str) -> String {
    let plain =
        |char: char| char.is_alphanumeric() || matches!(char, ' ' | '.' | ',' | '!' | '?' | '\'' | '(' | ')' | '-' | '…');
    let is_short = text.chars().count() <= LONGEST_LINE;
    let is_plain = is_short && text.starts_with(char::is_alphabetic) && text.chars().all(plain);
    if is_plain { text.to_owned() } else { quoted(text) }
}

/// JSON's quotes and escapes are YAML's too.
fn quoted(text: &str) -> String {
    serde_json::to_string(text).unwrap_or_default()
}

/// What no comment and no block holds as it is.
pub fn is_odd(char: char) -> bool {
    char.is_control() || matches!(char, '\u{2028}' | '\u{2029}' | '\u{feff}' | '\u{fffe}' | '\u{ffff}')
}
