//! Words of the book that mean the same, and where they stand in what was typed.
//!
//! A meaning is a list of phrases; each is compared by the stems of its words, so that `bleed` finds `bleeding`. Words with a slip of the
//! pen are read as the nearest word that matters.

use std::collections::{HashMap, HashSet};

use super::arabic;
use super::normal::{Break, Spelling, Token, stem, tokens, unstretched};

/// Another name for a stem.
pub type Word = u32;

/// A place in the list of meanings.
pub type Meaning = u16;

/// A word that no phrase of the book holds.
pub const UNKNOWN: Word = Word::MAX;

/// Words shorter than this are too near to each other to be a slip of the pen.
const SLIPS_FROM: usize = 5;
/// From here on two slips are read as well.
const TWO_SLIPS_FROM: usize = 9;

/// A text, cut into words that the book knows.
#[derive(Debug, Default)]
pub struct Said {
    pub words: Vec<SaidWord>,
}

#[derive(Debug, Clone)]
pub struct SaidWord {
    pub text: String,
    pub word: Word,
    pub after: Break,
    /// The number that it is.
    pub number: Option<f32>,
    /// It was read as the nearest word, and may be none.
    pub is_slip: bool,
}

impl SaidWord {
    pub fn is_known(&self) -> bool {
        self.word != UNKNOWN && !self.is_slip
    }
}

/// Words in a row, and what they mean.
type Phrase = (Box<[Word]>, Meaning);

/// A phrase that was found: from its first word to behind its last.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Span {
    pub from: usize,
    pub to: usize,
    pub meaning: Meaning,
}

#[derive(Debug, Default)]
pub struct Lexicon {
    spelling: Spelling,
    /// Words that stand for themselves alone, whatever others share their stem.
    whole_only: HashSet<String>,
    units: Vec<String>,
    words: HashMap<String, Word>,
    /// Words of phrases, whole, by first letter: what a slip of the pen may have meant.
    whole: HashMap<char, Vec<(String, Word)>>,
    /// Words that stand in the book as they are, so that none is taken for a slip.
    known: HashSet<String>,
    /// Phrases by their first word.
    phrases: HashMap<Word, Vec<Phrase>>,
    /// Words of phrases.
    in_phrases: HashSet<Word>,
    /// Numbers that mean something: from, to.
    numbers: Vec<(f32, f32, Meaning)>,
}

impl Lexicon {
    /// `units` are words behind a number that make it no number of its own.
    pub fn new(spelling: &[(String, String)], units: &[String]) -> Lexicon {
        let spelt = |(short, long): &(String, String)| {
            let none = Spelling::new();
            let word = |text: &str| tokens(text, &none).into_iter().map(|token| token.word).collect::<Vec<_>>();
            let short = if short.is_ascii() { word(short).concat() } else { short.clone() };
            (short, word(long))
        };
        let spelling: Spelling = spelling.iter().map(spelt).collect();
        let itself = |(short, long): (&String, &Vec<String>)| (long.len() == 1 && long[0] == *short).then(|| short.clone());
        let whole_only = spelling.iter().filter_map(itself).collect();
        Lexicon { spelling, whole_only, units: units.to_vec(), ..Lexicon::default() }
    }

    /// A phrase that has this meaning; `38..42.9` is any number from here to there.
    pub fn means(&mut self, phrase: &str, meaning: Meaning) {
        if let Some((from, to)) = phrase.split_once("..")
            && let (Ok(from), Ok(to)) = (from.parse(), to.parse())
        {
            self.numbers.push((from, to, meaning));
            return;
        }
        let mut words = Vec::new();
        for token in tokens(phrase, &self.spelling) {
            let word = self.learn(&token.word);
            let first = token.word.chars().next().unwrap_or(' ');
            let whole = self.whole.entry(first).or_default();
            if token.word.len() >= SLIPS_FROM && !whole.iter().any(|(known, _)| *known == token.word) {
                whole.push((token.word, word));
            }
            words.push(word);
        }
        self.in_phrases.extend(&words);
        if let Some(first) = words.first() {
            // Forms of one word are one phrase.
            let phrases = self.phrases.entry(*first).or_default();
            let phrase = (words.into_boxed_slice(), meaning);
            if !phrases.contains(&phrase) {
                phrases.push(phrase);
            }
        }
    }

    /// The word's stem from now on has a name, and the word is no slip of the pen.
    pub fn learn(&mut self, word: &str) -> Word {
        let next = Word::try_from(self.words.len()).unwrap_or(UNKNOWN);
        if !self.known.contains(word) {
            self.known.insert(word.to_owned());
        }
        let stem = self.stem(word);
        *self.words.entry(stem).or_insert(next)
    }

    fn stem(&self, word: &str) -> String {
        // The equals sign is in no word, so nothing else has this stem.
        if self.whole_only.contains(word) { format!("={word}") } else { stem(word) }
    }

    pub fn tokens(&self, text: &str) -> Vec<Token> {
        tokens(text, &self.spelling)
    }

    /// Reads a text into words with names.
    pub fn read(&self, text: &str) -> Said {
        let mut words = Vec::new();
        for token in self.tokens(text) {
            let number =
                token.word.starts_with(|char: char| char.is_ascii_digit()).then(|| token.word.replace(',', ".").parse());
            let (text, word, is_slip) = self.named(token.word);
            words.push(SaidWord { text, word, after: token.after, number: number.and_then(Result::ok), is_slip });
        }
        Said { words }
    }

    fn named(&self, typed: String) -> (String, Word, bool) {
        if let Some(word) = self.words.get(&self.stem(&typed)) {
            return (typed, *word, false);
        }
        // "goin", "feelin": the last letter is swallowed.
        if typed.ends_with("in") {
            let whole = format!("{typed}g");
            if let Some(word) = self.words.get(&self.stem(&whole)) {
                return (whole, *word, false);
            }
        }
        if let Some(shorter) = unstretched(&typed) {
            for word in shorter {
                if let Some(named) = self.words.get(&self.stem(&word)) {
                    return (word, *named, false);
                }
            }
        }
        if arabic::is_arabic(&typed)
            && let Some((bare, word)) = self.bare(&typed)
        {
            return (bare, word, false);
        }
        match self.slip(&typed) {
            Some((meant, word)) => (meant, word, true),
            None => (typed, UNKNOWN, false),
        }
    }

    /// A word of a phrase under what Arabic writes onto words.
    fn bare(&self, typed: &str) -> Option<(String, Word)> {
        let known = |bare: String| Some((*self.words.get(&self.stem(&bare))?, bare));
        let found = arabic::bare(typed).into_iter().filter_map(known).find(|(word, _)| self.in_phrases.contains(word));
        found.map(|(word, bare)| (bare, word))
    }

    /// The word that matters and is nearest to an unknown one.
    fn slip(&self, typed: &str) -> Option<(String, Word)> {
        let length = typed.len();
        if length < SLIPS_FROM || !typed.is_ascii() || self.known.contains(typed) || typed.bytes().any(|b| b.is_ascii_digit()) {
            return None;
        }
        let most = if length >= TWO_SLIPS_FROM { 2 } else { 1 };
        let near = self.whole.get(&typed.chars().next()?)?.iter().filter(|(whole, _)| whole.len().abs_diff(length) <= most);
        let mut best: Option<(usize, &str, Word)> = None;
        for (whole, word) in near {
            let slips = strsim::osa_distance(whole, typed);
            if slips <= most && best.is_none_or(|(least, ..)| slips < least) {
                best = Some((slips, whole, *word));
            }
        }
        best.map(|(_, whole, word)| (whole.to_owned(), word))
    }

    /// All phrases in it, by where they begin.
    pub fn spans(&self, said: &Said) -> Vec<Span> {
        let mut spans = Vec::new();
        for (from, said_word) in said.words.iter().enumerate() {
            let counted = || said.words.get(from + 1).is_some_and(|next| self.units.contains(&next.text));
            if let Some(number) = said_word.number.filter(|_| !counted()) {
                let meant = self.numbers.iter().filter(|(least, most, _)| (*least..=*most).contains(&number));
                spans.extend(meant.map(|(_, _, meaning)| Span { from, to: from + 1, meaning: *meaning }));
            }
            for (phrase, meaning) in self.phrases.get(&said_word.word).into_iter().flatten() {
                let to = from + phrase.len();
                let Some(there) = said.words.get(from..to) else { continue };
                let same = there.iter().zip(phrase).all(|(said, word)| said.word == *word);
                let whole = there.iter().skip(1).all(|said| said.after < Break::Sentence);
                if same && whole {
                    spans.push(Span { from, to, meaning: *meaning });
                }
            }
        }
        spans
    }
}
