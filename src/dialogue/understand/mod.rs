//! Free text to a page: warning phrases first, then the pages' own asks and titles.
//!
//! Whole words are compared after folding case, accents and punctuation. What is not understood is said to be so; nothing that was
//! typed leaves this room.

use std::collections::{HashMap, HashSet};

use unicode_normalization::UnicodeNormalization;

use super::book::{NodeId, Parts};

/// Words longer than any page needs are not read: the work for one message stays bounded.
const LONGEST: usize = 4096;

/// What was understood.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Understood {
    /// A warning phrase, or words that belong to one page.
    Page(NodeId),
    /// The pages that came nearest, best first; at most two.
    Unsure(Vec<NodeId>),
}

/// What all pages want to be asked by, folded once when the book is built.
#[derive(Debug, Default)]
pub struct Index {
    /// Phrase and page, the most urgent first.
    signs: Vec<(Vec<String>, NodeId)>,
    /// Asks and titles, folded.
    phrases: Vec<(Vec<String>, NodeId)>,
    /// How many pages use a word: what few use tells more.
    pages_with: HashMap<String, f32>,
}

impl Index {
    pub(super) fn new(parts: &Parts) -> Index {
        let signs = parts.signs.iter().flat_map(|(node, phrases)| phrases.iter().map(|phrase| (fold(phrase), *node)));
        let mut phrases = Vec::new();
        let mut pages_with: HashMap<String, f32> = HashMap::new();
        for (at, node) in (0..).map(NodeId).zip(parts.nodes.values()) {
            let own = node.asks.iter().chain(&node.title).map(|ask| (fold(ask), at)).filter(|(words, _)| !words.is_empty());
            let own: Vec<_> = own.collect();
            let distinct: HashSet<&String> = own.iter().flat_map(|(words, _)| words).collect();
            for word in distinct {
                *pages_with.entry(word.clone()).or_default() += 1.0;
            }
            phrases.extend(own);
        }
        Index { signs: signs.filter(|(words, _)| !words.is_empty()).collect(), phrases, pages_with }
    }

    /// The page for what somebody typed.
    pub fn read(&self, typed: &str) -> Understood {
        let words = fold(typed);
        if let Some((_, page)) = self.signs.iter().find(|(phrase, _)| contains_in_order(&words, phrase)) {
            return Understood::Page(*page);
        }
        let mut best: Vec<(f32, NodeId)> = Vec::new();
        for (phrase, page) in &self.phrases {
            let score = if *phrase == words { 2.0 } else { self.likeness(&words, phrase) };
            match best.iter_mut().find(|(_, known)| known == page) {
                Some((known, _)) => *known = known.max(score),
                None => best.push((score, *page)),
            }
        }
        best.retain(|(score, _)| *score > 0.2);
        best.sort_by(|(a, p), (b, q)| b.total_cmp(a).then(p.cmp(q)));
        match best.as_slice() {
            [(score, page), rest @ ..] if *score >= 0.75 && rest.first().is_none_or(|(next, _)| next < score) => {
                Understood::Page(*page)
            }
            found => Understood::Unsure(found.iter().take(2).map(|(_, page)| *page).collect()),
        }
    }

    /// From 0 to 1: the weight of the shared words against that of all words of both.
    fn likeness(&self, typed: &[String], phrase: &[String]) -> f32 {
        let weight = |word: &String| 1.0 / self.pages_with.get(word).copied().unwrap_or(1.0);
        let shared: f32 = phrase.iter().filter(|word| typed.contains(word)).map(weight).sum();
        let all: f32 = phrase.iter().map(weight).sum::<f32>()
            + typed.iter().filter(|word| !phrase.contains(word)).map(weight).sum::<f32>();
        if all > 0.0 { shared / all } else { 0.0 }
    }
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

fn contains_in_order(words: &[String], phrase: &[String]) -> bool {
    words.windows(phrase.len().max(1)).any(|window| window == phrase)
}
