//! Free text to a page: warning phrases first, then the pages' own asks and titles.
//!
//! Whole words are compared after folding case, accents and punctuation. What is not understood is said to be so; nothing that was
//! typed leaves this room.

use std::collections::{BTreeSet, HashMap};

use indexmap::IndexMap;
use unicode_normalization::UnicodeNormalization;

use super::ids::NodeId;
use super::node::Node;

/// Words longer than any page needs are not read: the work for one message stays bounded.
const LONGEST: usize = 4096;

/// From here on a page is the one that was meant.
const SURE: f32 = 0.75;
/// Below this a page is not worth suggesting.
const MAYBE: f32 = 0.2;

/// What was understood.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Understood {
    /// A warning phrase, or words that belong to one page.
    Page(NodeId),
    /// The pages that came nearest, best first; at most two.
    Unsure(Vec<NodeId>),
}

/// Another name for a word of the book.
type Word = u32;

/// What all pages want to be asked by, folded once when the book is built. Only phrases that share a word with what was typed are
/// looked at.
#[derive(Debug, Default)]
pub struct Index {
    words: HashMap<String, Word>,
    /// Warning phrases, the most urgent first.
    signs: Vec<(Vec<Word>, NodeId)>,
    /// Which of them begin with a word.
    signs_from: HashMap<Word, Vec<usize>>,
    asks: Vec<Ask>,
    /// Which of them hold a word.
    asks_with: HashMap<Word, Vec<usize>>,
    /// What few pages use tells more: by word, from 0 to 1.
    weights: Vec<f32>,
}

/// One way to ask for a page.
#[derive(Debug)]
struct Ask {
    phrase: Vec<Word>,
    /// Of its distinct words together.
    weight: f32,
    page: NodeId,
}

impl Index {
    pub(super) fn new(signs: &[(NodeId, Vec<String>)], nodes: &IndexMap<String, Node>) -> Index {
        let mut index = Index::default();
        for (page, phrases) in signs {
            for phrase in phrases {
                let phrase = index.learn(phrase);
                if let Some(first) = phrase.first() {
                    index.signs_from.entry(*first).or_default().push(index.signs.len());
                    index.signs.push((phrase, *page));
                }
            }
        }
        let mut pages_with: HashMap<Word, u16> = HashMap::new();
        for (page, node) in (0..).map(NodeId).zip(nodes.values()) {
            let asks: Vec<_> = node.asks.iter().chain(&node.title).map(|ask| index.learn(ask)).collect();
            for word in distinct(asks.iter().flatten()) {
                *pages_with.entry(word).or_default() += 1;
            }
            index.asks.extend(asks.into_iter().filter(|ask| !ask.is_empty()).map(|phrase| Ask { phrase, weight: 0.0, page }));
        }
        index.weights =
            (0..).take(index.words.len()).map(|word| pages_with.get(&word).map_or(1.0, |n| 1.0 / f32::from(*n))).collect();
        for at in 0..index.asks.len() {
            let words = distinct(&index.asks[at].phrase);
            index.asks[at].weight = words.iter().map(|word| index.weight(*word)).sum();
            for word in words {
                index.asks_with.entry(word).or_default().push(at);
            }
        }
        index
    }

    /// A phrase in the index' own words.
    fn learn(&mut self, phrase: &str) -> Vec<Word> {
        let mut learned = Vec::new();
        for word in fold(phrase) {
            let next = Word::try_from(self.words.len()).unwrap_or(Word::MAX);
            learned.push(*self.words.entry(word).or_insert(next));
        }
        learned
    }

    fn weight(&self, word: Word) -> f32 {
        self.weights.get(word as usize).copied().unwrap_or(1.0)
    }

    /// The page for what somebody typed.
    pub fn read(&self, typed: &str) -> Understood {
        let typed = fold(typed);
        let words: Vec<Option<Word>> = typed.iter().map(|word| self.words.get(word).copied()).collect();
        if let Some(page) = self.sign(&words) {
            return Understood::Page(page);
        }
        match self.likeliest(&words).as_slice() {
            [(score, page), rest @ ..] if *score >= SURE && rest.first().is_none_or(|(next, _)| next < score) => {
                Understood::Page(*page)
            }
            found => Understood::Unsure(found.iter().take(2).map(|(_, page)| *page).collect()),
        }
    }

    /// Whether a warning phrase was typed, whatever else it may answer.
    pub fn is_sign(&self, typed: &str) -> bool {
        let words: Vec<Option<Word>> = fold(typed).iter().map(|word| self.words.get(word).copied()).collect();
        self.sign(&words).is_some()
    }

    /// The pages of all warning phrases that were typed, the most urgent first.
    pub fn signs(&self, typed: &str) -> Vec<NodeId> {
        let words: Vec<Option<Word>> = fold(typed).iter().map(|word| self.words.get(word).copied()).collect();
        let said: BTreeSet<usize> = self.said(&words).collect();
        said.into_iter().map(|sign| self.signs[sign].1).collect()
    }

    /// The page of the most urgent warning phrase that was typed.
    fn sign(&self, words: &[Option<Word>]) -> Option<NodeId> {
        self.said(words).min().map(|sign| self.signs[sign].1)
    }

    /// The warning phrases among the words, in no order.
    fn said(&self, words: &[Option<Word>]) -> impl Iterator<Item = usize> {
        let begun = words.iter().enumerate().filter_map(|(at, word)| Some((at, self.signs_from.get(&(*word)?)?)));
        begun.flat_map(move |(at, signs)| signs.iter().copied().filter(move |sign| self.is_said(*sign, &words[at..])))
    }

    fn is_said(&self, sign: usize, words: &[Option<Word>]) -> bool {
        let phrase = &self.signs[sign].0;
        words.len() >= phrase.len() && phrase.iter().zip(words).all(|(wanted, word)| *word == Some(*wanted))
    }

    /// Pages by how much of what was typed and of one of their asks is the same, from 0 to 1; 2 where all of it is.
    fn likeliest(&self, words: &[Option<Word>]) -> Vec<(f32, NodeId)> {
        let known = distinct(words.iter().flatten());
        let unknown = words.iter().filter(|word| word.is_none()).count();
        let mut shared = vec![0.0f32; self.asks.len()];
        for word in &known {
            for ask in self.asks_with.get(word).into_iter().flatten() {
                shared[*ask] += self.weight(*word);
            }
        }
        // A word that no page uses weighs as much as one that a single page uses.
        let unknown = f32::from(u16::try_from(unknown).unwrap_or(u16::MAX));
        let typed = known.iter().map(|word| self.weight(*word)).sum::<f32>() + unknown;
        let mut best: HashMap<NodeId, f32> = HashMap::new();
        for (ask, shared) in self.asks.iter().zip(shared) {
            let same = ask.phrase.iter().map(|word| Some(*word)).eq(words.iter().copied());
            let score = if same { 2.0 } else { shared / (ask.weight + typed - shared) };
            if score <= MAYBE {
                continue;
            }
            let known = best.entry(ask.page).or_default();
            *known = known.max(score);
        }
        let mut best: Vec<_> =
            best.into_iter().map(|(page, score)| (score, page)).filter(|(score, _)| *score > MAYBE).collect();
        best.sort_by(|(a, p), (b, q)| b.total_cmp(a).then(p.cmp(q)));
        best
    }
}

fn distinct<'a>(words: impl IntoIterator<Item = &'a Word>) -> BTreeSet<Word> {
    words.into_iter().copied().collect()
}

/// Lower case, without accents, apostrophes and punctuation, cut into words.
fn fold(text: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let chars = text.chars().take(LONGEST).flat_map(char::to_lowercase).nfkd();
    for char in chars.take(2 * LONGEST) {
        match char {
            '\'' | '\u{2019}' => {}
            char if char.is_alphanumeric() => words.iter_mut().next_back().into_iter().for_each(|word| word.push(char)),
            char if unicode_normalization::char::is_combining_mark(char) => {}
            _ if words.last().is_some_and(String::is_empty) => {}
            _ => words.push(String::new()),
        }
    }
    words.retain(|word| !word.is_empty());
    words
}
