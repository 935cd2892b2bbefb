//! What was typed becomes plain words: case, accents, styled letters, invisible characters, stretched and spaced-out letters, emoji
//! and short forms are one thing afterwards, and where a sentence or a part of it ends is kept.
//!
//! Never here: what a word means.

use std::collections::HashMap;

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use super::arabic;

/// No message is longer; what is, is read up to here, so that the work for one stays bounded.
const LONGEST: usize = 16_384;
/// So many letters that stand alone in a row are one word, spaced out.
const SPACED_OUT: usize = 4;

/// Where a word stands in its sentence.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Break {
    /// The word before goes on into this one.
    None,
    /// A comma, a bracket, a dash.
    Part,
    /// A full stop, a question mark, a new line.
    Sentence,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Token {
    pub word: String,
    /// What ended before it.
    pub after: Break,
}

/// Short forms and emoji, and what they stand for.
pub type Spelling = HashMap<String, Vec<String>>;

/// The words of a text, in order.
pub fn tokens(text: &str, spelling: &Spelling) -> Vec<Token> {
    let mut cutter = Cutter { tokens: Vec::new(), word: String::new(), next: Break::Sentence, ended: Break::Sentence };
    let mut chars = text.chars().filter(|char| !is_invisible(*char)).take(LONGEST).peekable();
    let mut buffer = [0; 4];
    while let Some(char) = chars.next() {
        if !char.is_ascii()
            && let Some(words) = spelling.get(&*char.encode_utf8(&mut buffer))
        {
            cutter.end(Break::None);
            for word in words {
                word.chars().for_each(|char| cutter.char(char, ' '));
                cutter.end(Break::None);
            }
            continue;
        }
        let next = chars.peek().copied().unwrap_or(' ');
        if char.is_ascii() {
            cutter.char(char.to_ascii_lowercase(), next);
        } else {
            let letters = std::iter::once(char).nfkd().flat_map(char::to_lowercase).filter(|char| !is_combining_mark(*char));
            for char in letters.filter_map(folded) {
                cutter.char(char, next);
            }
        }
    }
    cutter.end(Break::None);
    let tokens: Vec<_> = cutter.tokens.into_iter().flat_map(|token| unit_apart(token, spelling)).collect();
    joined(&tokens).into_iter().flat_map(|token| spelt_out(token, spelling)).collect()
}

/// Letters that people write for one another, and that no decomposition makes one; digits and marks of Arabic as Latin has them.
fn folded(char: char) -> Option<char> {
    Some(match char {
        'ł' => 'l',
        'ة' => 'ه',
        'ى' | 'ی' => 'ي',
        'ٱ' => 'ا',
        'ک' | 'گ' => 'ك',
        // A stroke that only makes a word longer.
        '\u{640}' => return None,
        '٠'..='٩' => char::from_digit(u32::from(char) - u32::from('٠'), 10)?,
        '۰'..='۹' => char::from_digit(u32::from(char) - u32::from('۰'), 10)?,
        '؟' => '?',
        '،' => ',',
        '؛' => ';',
        '۔' | '٫' => '.',
        char => char,
    })
}

struct Cutter {
    tokens: Vec<Token>,
    word: String,
    /// What ended before the word that is being read.
    next: Break,
    /// What ended since then.
    ended: Break,
}

impl Cutter {
    fn char(&mut self, char: char, next: char) {
        let inside_number = next.is_ascii_digit() && self.word.ends_with(|last: char| last.is_ascii_digit());
        match char {
            '\'' | '\u{2019}' | '\u{2018}' | '`' | '\u{b4}' => {}
            char if char.is_alphanumeric() => {
                if self.word.is_empty() {
                    self.next = std::mem::replace(&mut self.ended, Break::None);
                }
                self.word.push(char);
            }
            '.' | ',' | ':' | '+' | '/' if inside_number => self.word.push(char),
            '.' | '!' | '?' | ';' | '\n' | '\u{2026}' => self.end(Break::Sentence),
            ',' | '(' | ')' | ':' | '/' | '\u{2013}' | '\u{2014}' | '|' | '*' => self.end(Break::Part),
            '-' if next == ' ' || self.word.is_empty() => self.end(Break::Part),
            _ => self.end(Break::None),
        }
    }

    fn end(&mut self, ended: Break) {
        if !self.word.is_empty() {
            self.tokens.push(Token { word: std::mem::take(&mut self.word), after: self.next });
            self.next = Break::None;
        }
        self.ended = self.ended.max(ended);
    }
}

/// Zero-width characters, marks of direction, selectors of style.
fn is_invisible(char: char) -> bool {
    matches!(char, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{fe00}'..='\u{fe0f}'
        | '\u{feff}' | '\u{1f3fb}'..='\u{1f3ff}')
}

/// Numbers and the letters behind them are words of their own, unless they are a short form together.
fn unit_apart(token: Token, spelling: &Spelling) -> Vec<Token> {
    let digits = token.word.find(|char: char| !char.is_ascii_digit()).unwrap_or(0);
    let (number, unit) = token.word.split_at(digits);
    if number.is_empty() || !unit.starts_with(char::is_alphabetic) || spelling.contains_key(&token.word) {
        return vec![token];
    }
    with_break([number, unit].map(str::to_owned).into_iter(), token.after)
}

/// `b l e e d i n g` is one word, and so is `b.l.e.e.d.i.n.g`: letters alone are no sentences.
fn joined(tokens: &[Token]) -> Vec<Token> {
    let alone = |token: &Token| token.word.chars().count() == 1 && token.word.chars().all(char::is_alphabetic);
    let mut out: Vec<Token> = Vec::with_capacity(tokens.len());
    for run in tokens.chunk_by(|one, next| alone(one) && alone(next)) {
        if run.len() >= SPACED_OUT {
            out.push(Token { word: run.iter().map(|token| token.word.as_str()).collect(), after: run[0].after });
        } else {
            out.extend_from_slice(run);
        }
    }
    out
}

/// A short form becomes what it stands for.
fn spelt_out(token: Token, spelling: &Spelling) -> Vec<Token> {
    match spelling.get(&token.word) {
        Some(words) => with_break(words.iter().cloned(), token.after),
        None => vec![token],
    }
}

fn with_break(words: impl Iterator<Item = String>, after: Break) -> Vec<Token> {
    let after = std::iter::once(after).chain(std::iter::repeat(Break::None));
    words.zip(after).map(|(word, after)| Token { word, after }).collect()
}

/// Runs of one letter shortened: to two, and to one. `heeelp` may be `heelp` or `help`.
pub fn unstretched(word: &str) -> Option<[String; 2]> {
    let (mut two, mut one, mut run, mut last) = (String::new(), String::new(), 0, None);
    let mut stretched = false;
    for char in word.chars() {
        run = if last == Some(char) { run + 1 } else { 1 };
        last = Some(char);
        stretched |= run > 2;
        if run <= 2 {
            two.push(char);
        }
        if run == 1 {
            one.push(char);
        }
    }
    (stretched && !word.starts_with(|char: char| char.is_ascii_digit())).then_some([two, one])
}

/// The part of a word that its forms share: plural, past and -ing fall away. Words of both sides go through it, so it need not be a word.
pub fn stem(word: &str) -> String {
    let mut rest = word;
    if !word.is_ascii() {
        let bare = if arabic::is_arabic(word) { arabic::stem(word) } else { word };
        return bare.to_owned();
    }
    for (ending, kept) in [("ies", "y"), ("ing", ""), ("ed", ""), ("es", ""), ("s", "")] {
        if let Some(before) = rest.strip_suffix(ending)
            && before.len() >= 3
            && !(ending == "s" && before.ends_with(['s', 'u', 'i']))
            && !(ending == "ed" && before.ends_with('e'))
            && before.contains(['a', 'e', 'i', 'o', 'u', 'y'])
        {
            if kept == "y" {
                return format!("{before}i");
            }
            rest = before;
            break;
        }
    }
    if rest.len() > 3 {
        rest = rest.strip_suffix('e').unwrap_or(rest);
    }
    if rest.len() > 3
        && let Some(rest) = rest.strip_suffix('y')
    {
        return format!("{rest}i");
    }
    let bytes = rest.as_bytes();
    if let [.., a, b] = bytes
        && a == b
        && bytes.len() > 3
        && !b"aeiou".contains(a)
    {
        rest = &rest[..rest.len() - 1];
    }
    rest.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> String {
        let spelling: Spelling = [("🩸", "blood"), ("wks", "weeks"), ("w", "weeks"), ("cnt", "cant")]
            .into_iter()
            .map(|(short, long)| (short.to_owned(), vec![long.to_owned()]))
            .collect();
        let mut said = String::new();
        for token in tokens(text, &spelling) {
            said.push_str(match token.after {
                Break::None => " ",
                Break::Part => " , ",
                Break::Sentence => " . ",
            });
            said.push_str(&token.word);
        }
        said.trim_start_matches(" . ").to_owned()
    }

    #[test]
    fn dressed_up_words_are_the_same_words() {
        for text in [
            "I can't feel it",
            "i can\u{2019}t feel it",
            "\u{ff29} \u{ff43}\u{ff41}\u{ff4e}'\u{ff54} \u{ff46}\u{ff45}\u{ff45}\u{ff4c} it",
            "i \u{1d41c}\u{1d41a}\u{1d427}\u{1d42d} feel it",
            "i ca\u{200b}n\u{200d}t feel it",
            "I CÁNT fe\u{301}el it",
            "i cant f e e l it",
            "i cant f.e.e.l it",
            "i cant f/e/e/l it",
            "i cnt feel it",
        ] {
            assert_eq!(words(text), "i cant feel it", "{text}");
        }
    }

    #[test]
    fn parts_and_sentences_end_where_they_are_written() {
        assert_eq!(words("Sore, very sore. 30wks - help! 🩸🩸"), "sore , very sore . 30 weeks , help . blood blood");
        assert_eq!(words("38.5 at 7:30, 20+3 or 11/10"), "38.5 at 7:30 , 20+3 or 11/10");
    }

    #[test]
    fn plain_words_stay_as_they_are() {
        for (text, plain) in [
            ("/s/s/s/s/start", "ssss start"),
            ("a. b. c. d.", "abcd"),
            ("x 3a b c d", "x 3 abcd"),
            ("30w 4 r", "30 weeks 4 r"),
            ("3cnt", "3 cant"),
        ] {
            let once = words(text).replace(" , ", " ").replace(" . ", " ");
            assert_eq!(once, plain, "{text}");
            assert_eq!(words(&once), plain, "{text}");
        }
    }

    #[test]
    fn forms_of_a_word_share_a_stem() {
        for forms in [
            &["bleed", "bleeds", "bleeding"][..],
            &["move", "moves", "moved", "moving"],
            &["stop", "stops", "stopped", "stopping"],
            &["tingle", "tingling", "tingled"],
            &["worry", "worries"],
            &["leg", "legs"],
        ] {
            let stems: std::collections::BTreeSet<String> = forms.iter().map(|form| stem(form)).collect();
            assert_eq!(stems.len(), 1, "{stems:?}");
        }
        assert_eq!(stem("pelvis"), "pelvis");
    }

    #[test]
    fn stretched_words_are_shortened() {
        assert_eq!(unstretched("heeeelp"), Some(["heelp".to_owned(), "help".to_owned()]));
        assert_eq!(unstretched("bleeding"), None);
    }
}
