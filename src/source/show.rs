//! A report as text for a terminal: each finding with its id, its address, the line with a caret under the place, and the hint.

use std::fmt::Write as _;
use std::io::IsTerminal;

use unicode_width::UnicodeWidthStr;

use super::finding::{Finding, Place, Report, SourceFile, Span};
use super::rule::Severity;

/// Longer lines are cut around the caret; authors write whole paragraphs in one line.
const WIDEST: usize = 100;
/// How much is shown before the caret when a line is cut.
const BEFORE: usize = 40;

/// Whether a report on standard output should have colours: only for a terminal, and not where `NO_COLOR` asks for none.
pub fn colour_wanted() -> bool {
    std::io::stdout().is_terminal() && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty())
}

#[derive(Clone, Copy)]
struct Paint(bool);

impl Paint {
    fn with(self, code: &str, words: &str) -> String {
        if self.0 { format!("\x1b[{code}m{words}\x1b[0m") } else { words.to_owned() }
    }

    fn severity(self, severity: Severity, words: &str) -> String {
        self.with(if severity == Severity::Error { "1;31" } else { "1;33" }, words)
    }

    fn faint(self, words: &str) -> String {
        self.with("34", words)
    }

    fn strong(self, words: &str) -> String {
        self.with("1", words)
    }
}

impl Report {
    /// All findings and a line that counts them; nothing at all if there are none.
    pub fn render(&self, colour: bool) -> String {
        let paint = Paint(colour);
        let mut out = String::new();
        for finding in self.findings() {
            self.finding(&mut out, finding, paint);
            out.push('\n');
        }
        if !self.is_empty() {
            let counted = |n: usize, word: &str| format!("{n} {word}{}", if n == 1 { "" } else { "s" });
            // Writing to a String cannot fail, here and below.
            let _ = writeln!(out, "{}, {}", counted(self.errors(), "error"), counted(self.warnings(), "warning"));
        }
        out
    }

    /// The first few errors, each in one line with its place, and how many more there are: for a log and a short message.
    pub fn brief(&self, most: usize) -> Vec<String> {
        let errors = self.findings().iter().filter(|finding| finding.rule.severity == Severity::Error);
        let line = |finding: &Finding| {
            let message = visible(&finding.message);
            format!("{}: {message} ({} {})", self.address(finding.place), finding.rule.id, finding.rule.name)
        };
        let mut lines: Vec<String> = errors.take(most).map(line).collect();
        if let more @ 1.. = self.errors().saturating_sub(most) {
            lines.push(format!("and {more} more: `backcare check` shows all"));
        }
        lines
    }

    /// The line on which a place begins; `None` if there is nothing to see on it.
    pub fn snippet(&self, place: Place) -> Option<Snippet> {
        Snippet::of(self.file(place.file)?, place.span)
    }

    fn finding(&self, out: &mut String, finding: &Finding, paint: Paint) {
        let rule = finding.rule;
        let head = paint.severity(rule.severity, &format!("{}[{} {}]", rule.severity.name(), rule.id, rule.name));
        let _ = writeln!(out, "{head}{}", paint.strong(&format!(": {}", finding.message)));
        let (number, snippet) = match self.file(finding.place.file) {
            Some(file) => (file.line_of(finding.place.span.from) + 1, Snippet::of(file, finding.place.span)),
            None => (1, None),
        };
        let number = number.to_string();
        let margin = " ".repeat(number.len());
        let _ = writeln!(out, "{margin}{} {}", paint.faint("-->"), self.address(finding.place));
        if let Some(snippet) = snippet {
            let carets = paint.severity(rule.severity, &"^".repeat(snippet.carets));
            let _ = writeln!(out, "{margin} {}", paint.faint("|"));
            let _ = writeln!(out, "{} {}", paint.faint(&format!("{number} |")), snippet.line);
            let _ = writeln!(out, "{margin} {} {}{carets}", paint.faint("|"), " ".repeat(snippet.indent));
        }
        if let Some(hint) = &finding.hint {
            let _ = writeln!(out, "{margin} {} {hint}", paint.faint("= hint:"));
        }
        if let Some(walk) = &finding.walk {
            let _ = writeln!(out, "{margin} {}", paint.faint("= see for yourself:"));
            for line in walk.lines() {
                let _ = writeln!(out, "{margin}     {line}");
            }
        }
    }
}

/// The line of a place, ready to be shown, and which columns of it are meant.
pub struct Snippet {
    /// As editors count it, from 1.
    pub number: usize,
    pub line: String,
    /// Columns before the place.
    pub indent: usize,
    /// Columns of it.
    pub carets: usize,
}

impl Snippet {
    /// The line on which `span` begins, ready to be printed; `None` if there is nothing to see on it.
    fn of(file: &SourceFile, span: Span) -> Option<Snippet> {
        let number = file.line_of(span.from) + 1;
        let line = file.line(number - 1);
        let text = &file.text;
        let from = span.from.clamp(line.from, line.to);
        let to = span.to.clamp(from, line.to);
        let (before, inside, after) = (text.get(line.from..from)?, text.get(from..to)?.trim_end(), text.get(to..line.to)?);
        if before.trim().is_empty() && inside.is_empty() && after.trim().is_empty() {
            return None;
        }
        let mut shown = visible(before);
        if shown.width() > BEFORE && visible(text.get(line.from..line.to)?).width() > WIDEST {
            let kept: Vec<char> = shown.chars().rev().take(BEFORE).collect();
            shown = std::iter::once('…').chain(kept.into_iter().rev()).collect();
        }
        let indent = shown.width();
        let mut line = shown;
        line.push_str(&visible(inside));
        line.push_str(&visible(text.get(from + inside.len()..to)?));
        line.push_str(&visible(after));
        let carets = visible(inside).width().max(1);
        let (line, carets) = cut(line, indent, carets);
        Some(Snippet { number, line: line.trim_end().to_owned(), indent, carets })
    }
}

/// Cuts what goes beyond the widest line, and the carets with it.
fn cut(line: String, indent: usize, carets: usize) -> (String, usize) {
    if line.width() <= WIDEST {
        return (line, carets);
    }
    let mut short = String::new();
    let mut width = 0;
    for char in line.chars() {
        width += unicode_width::UnicodeWidthChar::width(char).unwrap_or(0);
        if width > WIDEST {
            break;
        }
        short.push(char);
    }
    short.push('…');
    (short, carets.min(WIDEST.saturating_sub(indent)).max(1))
}

/// A tab as an arrow, so that it can be seen; other control characters as a box, so that they do nothing to the terminal.
fn visible(text: &str) -> String {
    let safe = |char: char| match char {
        '\t' => '→',
        char if char.is_control() => '\u{fffd}',
        char => char,
    };
    text.chars().map(safe).collect()
}
