//! Names as they are compared: plain small letters, single spaces, short words written one way.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// No place has a longer name; what lies behind is not read.
const LONGEST: usize = 200;

/// The words of a name. `data/make.py` folds the names of the tables in the same way.
pub(super) fn fold(text: &str) -> Vec<String> {
    let mut plain = String::new();
    for char in text.chars().take(LONGEST).flat_map(char::to_lowercase).nfkd() {
        match char {
            '\'' | '\u{2019}' | '\u{2018}' | '`' | '\u{2bb}' => {}
            char if is_combining_mark(char) => {}
            // Letters that are no other letter with a mark on it.
            'ß' => plain.push_str("ss"),
            'æ' => plain.push_str("ae"),
            'œ' => plain.push_str("oe"),
            'þ' => plain.push_str("th"),
            'ø' => plain.push('o'),
            'ł' => plain.push('l'),
            'đ' | 'ð' => plain.push('d'),
            'ı' => plain.push('i'),
            char if char.is_alphanumeric() => plain.push(char),
            _ => plain.push(' '),
        }
    }
    let word = |word: &str| match word {
        "saint" | "sainte" => "st".to_owned(),
        "ft" => "fort".to_owned(),
        "mt" => "mount".to_owned(),
        word => word.to_owned(),
    };
    let mut words: Vec<String> = Vec::new();
    let mut letters = false;
    for one in plain.split_whitespace() {
        let letter = one.chars().nth(1).is_none();
        // "N.Y.C." and "D. C."
        match words.last_mut().filter(|_| letter && letters) {
            Some(last) => last.push_str(one),
            None => words.push(word(one)),
        }
        letters = letter;
    }
    words
}
