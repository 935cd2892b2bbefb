//! The lines of a walk: how an author writes them, and how they are written for an author.

use std::fmt;

use jiff::Timestamp;

/// What one line of a walk says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Line {
    /// `region: gb`: who reads.
    Region(String),
    /// `at: 2026-11-23T12:00:00Z`: what time it is from here on.
    At(Timestamp),
    /// `tip: lifting`: this weekly tip comes.
    Tip(String),
    /// `later: 5s`: so much time passes, and what is due meanwhile comes.
    Later(u32),
    /// `> text`: what is typed.
    Say(String),
    /// `[label]`: what is pressed.
    Press(String),
    /// `?[label]`: what must be there, wherever it leads.
    There(String),
    /// `![label]`: what must not be there.
    Absent(String),
    /// Anything else: what the newest screen must say.
    Expect(String),
}

impl Line {
    pub fn read(line: &str) -> Line {
        let bracketed = |text: &str| text.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).map(str::to_owned);
        let under = |key: &str| line.strip_prefix(key).map(str::trim);
        if let Some(region) = under("region:") {
            Line::Region(region.to_owned())
        } else if let Some(at) = under("at:").and_then(|at| at.parse().ok()) {
            Line::At(at)
        } else if let Some(tip) = under("tip:").filter(|tip| !tip.contains(char::is_whitespace)) {
            Line::Tip(tip.to_owned())
        } else if let Some(seconds) = under("later:").and_then(|time| time.strip_suffix('s')?.parse().ok()) {
            Line::Later(seconds)
        } else if let Some(said) = under(">") {
            Line::Say(said.to_owned())
        } else if let Some(label) = bracketed(line) {
            Line::Press(label)
        } else if let Some(label) = line.strip_prefix('?').and_then(bracketed) {
            Line::There(label)
        } else if let Some(label) = line.strip_prefix('!').and_then(bracketed) {
            Line::Absent(label)
        } else {
            Line::Expect(line.to_owned())
        }
    }

    /// Whether something happens in the chat, beside looking at it.
    pub fn is_turn(&self) -> bool {
        matches!(self, Line::Say(_) | Line::Press(_) | Line::Tip(_) | Line::Later(_))
    }
}

impl fmt::Display for Line {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Line::Region(region) => write!(f, "region: {region}"),
            Line::At(at) => write!(f, "at: {at}"),
            Line::Tip(tip) => write!(f, "tip: {tip}"),
            Line::Later(seconds) => write!(f, "later: {seconds}s"),
            // A walk has one line for each message.
            Line::Say(words) => write!(f, "> {}", words.split_whitespace().collect::<Vec<_>>().join(" ")),
            Line::Press(label) => write!(f, "[{label}]"),
            Line::There(label) => write!(f, "?[{label}]"),
            Line::Absent(label) => write!(f, "![{label}]"),
            Line::Expect(words) => f.write_str(words),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Line;

    #[test]
    fn what_is_written_is_read_again() {
        for line in [
            "region: gb",
            "at: 2026-11-23T12:00:00Z",
            "tip: lifting",
            "later: 13s",
            "> i lost my baby",
            "[Back]",
            "?[Share]",
            "![Menu]",
            "Call 999.",
        ] {
            assert_eq!(Line::read(line).to_string(), line);
        }
    }

    #[test]
    fn words_that_look_like_a_line_of_another_kind_are_words() {
        for line in ["at: the shop", "tip: don't twist", "later: today", "[half"] {
            assert_eq!(Line::read(line), Line::Expect(line.to_owned()));
        }
    }
}
