//! A text as its words and sentences, placeholders among them; and where the same words stand in the text as the author wrote it.
//!
//! Words are told apart in the same way in both, markup left aside, so the number of a word is its number there too.

use std::ops::Range;

use crate::dialogue::Rich;
use crate::dialogue::text::{Piece, What};

/// Ends a sentence where no full stop does: a list item, a headline.
const END: char = '\u{2029}';

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Word {
    pub at: Range<usize>,
    /// A placeholder, its braces included.
    pub is_slot: bool,
    /// A sentence ends behind it.
    pub ends: bool,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Prose {
    /// What is read, placeholders in braces.
    pub text: String,
    pub words: Vec<Word>,
}

impl Prose {
    pub fn of(rich: &Rich) -> Prose {
        let mut text = String::new();
        for block in &rich.blocks {
            let mut before: Option<&Piece> = None;
            for piece in &block.pieces {
                push(&mut text, piece, before);
                before = Some(piece);
            }
            text.push(END);
            text.push('\n');
        }
        Prose { words: split(&text), text }
    }

    pub fn plain(text: &str) -> Prose {
        Prose { words: split(text), text: text.to_owned() }
    }

    /// A word as words are compared: small letters, and one kind of apostrophe.
    pub fn word(&self, number: usize) -> Option<String> {
        let word = self.words.get(number).filter(|word| !word.is_slot)?;
        Some(compared(self.text.get(word.at.clone())?))
    }

    /// The words from one to another as they are read.
    pub fn say(&self, words: Range<usize>) -> &str {
        bytes(&self.words, words).and_then(|at| self.text.get(at)).unwrap_or_default()
    }

    /// The sentences, each as the numbers of its words.
    pub fn sentences(&self) -> Vec<Range<usize>> {
        let mut from = 0;
        let mut sentences = Vec::new();
        for (number, word) in self.words.iter().enumerate() {
            if word.ends || number + 1 == self.words.len() {
                sentences.push(from..number + 1);
                from = number + 1;
            }
        }
        sentences
    }

    /// Where some of the words stand in the text as it was written.
    pub fn bytes_in(&self, raw: &str, words: Range<usize>) -> Option<Range<usize>> {
        let written = split(raw);
        if written.len() == self.words.len() { bytes(&written, words) } else { None }
    }
}

/// A piece; what is styled and followed by a colon is a headline.
fn push(text: &mut String, piece: &Piece, before: Option<&Piece>) {
    let is_styled = |piece: &Piece| piece.style.bold || piece.style.italic;
    match &piece.what {
        What::Slot(name) => {
            text.push('{');
            text.push_str(name);
            text.push('}');
        }
        What::Words(words) => {
            let after_headline = before.is_some_and(is_styled) && !is_styled(piece);
            match words.strip_prefix(':').filter(|_| after_headline) {
                Some(rest) => {
                    text.push(':');
                    text.push(END);
                    text.push_str(rest);
                }
                None => text.push_str(words),
            }
            if is_styled(piece) && words.trim_end().ends_with(':') {
                text.push(END);
            }
        }
    }
}

pub fn compared(word: &str) -> String {
    let plain = word.chars().filter(|char| !is_mark(*char)).map(|char| if is_apostrophe(char) { '\'' } else { char });
    plain.flat_map(char::to_lowercase).collect()
}

fn bytes(of: &[Word], words: Range<usize>) -> Option<Range<usize>> {
    let (first, last) = (of.get(words.start)?, of.get(words.end.checked_sub(1)?)?);
    Some(first.at.start..last.at.end)
}

fn is_apostrophe(char: char) -> bool {
    matches!(char, '\'' | '’' | 'ʼ')
}

/// Marks of bold and italic words, which can stand inside a word.
fn is_mark(char: char) -> bool {
    matches!(char, '*' | '_')
}

/// The words of a text. The address of a link and the marks of Markdown are no words.
pub fn split(text: &str) -> Vec<Word> {
    let mut words: Vec<Word> = Vec::new();
    // Looked for once, so that a text of open brackets alone is not searched to its end from each of them.
    let (last_brace, last_bracket) = (text.rfind('}').unwrap_or(0), text.rfind(')').unwrap_or(0));
    let mut at = 0;
    while let Some(char) = text.get(at..).and_then(|rest| rest.chars().next()) {
        let rest = text.get(at..).unwrap_or_default();
        let mut length = char.len_utf8();
        if char == '{'
            && at < last_brace
            && let Some(end) = rest.find('}')
        {
            length = end + 1;
            words.push(Word { at: at..at + length, is_slot: true, ends: false });
        } else if rest.starts_with("](") && at < last_bracket {
            length = rest.find(')').map_or(length, |end| end + 1);
        } else if char.is_alphanumeric() {
            length = word_length(rest);
            words.push(Word { at: at..at + length, is_slot: false, ends: false });
        } else if let Some(last) = words.last_mut().filter(|last| ends_sentence(rest) && !numbers_an_item(rest, text, last)) {
            last.ends = true;
        }
        at += length;
    }
    words
}

fn word_length(rest: &str) -> usize {
    let mut length = 0;
    let mut after_apostrophe = false;
    for (at, char) in rest.char_indices() {
        if char.is_alphanumeric() {
            length = at + char.len_utf8();
            after_apostrophe = false;
        } else if is_apostrophe(char) && !after_apostrophe {
            after_apostrophe = true;
        } else if !is_mark(char) {
            break;
        }
    }
    length
}

/// Whether a sentence ends with what `rest` begins with: a full stop with a space behind it, a colon at the end of a line.
fn ends_sentence(rest: &str) -> bool {
    let mut chars = rest.chars();
    match chars.next() {
        Some(END) => true,
        Some(':') => chars.next() == Some('\n'),
        Some('.' | '!' | '?') => {
            let closed = chars.find(|char| !is_mark(*char) && !matches!(char, '"' | '”' | '’' | '\'' | ')'));
            closed.is_none_or(|char| char.is_whitespace() || char == END)
        }
        _ => false,
    }
}

/// Whether the full stop belongs to the number of a list's item.
fn numbers_an_item(rest: &str, text: &str, word: &Word) -> bool {
    let is_number = text.get(word.at.clone()).is_some_and(|word| word.bytes().all(|byte| byte.is_ascii_digit()));
    let before = text.get(..word.at.start).unwrap_or_default().trim_end_matches(' ');
    rest.starts_with('.') && is_number && (before.is_empty() || before.ends_with(['\n', END]))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> Vec<&str> {
        split(text).into_iter().map(|word| &text[word.at]).collect()
    }

    fn sentences(text: &str) -> Vec<String> {
        let prose = Prose::plain(text);
        prose.sentences().into_iter().map(|sentence| prose.say(sentence).to_owned()).collect()
    }

    #[test]
    fn marks_and_addresses_are_no_words() {
        assert_eq!(
            words("**You’re** *fine*, [the NHS](https://nhs.uk/a.b) {unit}."),
            ["You’re", "fine", "the", "NHS", "{unit}"]
        );
        assert_eq!(words("'don't' low-dose 38.5 A&E"), ["don't", "low", "dose", "38", "5", "A", "E"]);
        assert_eq!(words("**h**armless you're* fine"), ["h**armless", "you're", "fine"]);
        assert_eq!(compared("H**arm**LESS"), "harmless");
        assert_eq!(compared("You’re"), "you're");
    }

    #[test]
    fn sentences_end_with_a_stop_and_a_space() {
        assert_eq!(sentences("One two. \"Three!\" 38.5 four? Five"), ["One two", "Three", "38.5 four", "Five"]);
        assert_eq!(sentences("Two kinds:\none: a, b"), ["Two kinds", "one: a, b"]);
        assert_eq!(sentences("1. Go there.\n2. Come"), ["1. Go there", "2. Come"]);
        assert!(sentences("?!").is_empty());
    }
}
