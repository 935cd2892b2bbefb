//! Which page was asked for, by examples: each page has some, and what was typed is weighed against all of them.
//!
//! Words, pairs of words, pieces of words and meanings are counted by page; what is rare elsewhere tells most (complement naive Bayes,
//! Rennie and others 2003). It is one pass over the examples, the same in every run, and it knows nothing but the book.

use std::collections::HashMap;

use xxhash_rust::xxh3::xxh3_64_with_seed;

use super::lexicon::{Lexicon, Said, Span};
use super::normal::stem;
use super::signs::OWN_MEANINGS;

/// Smoothing: how much an example that was not written counts.
const UNSEEN: f32 = 0.3;
/// Pieces of words are so many letters long.
const PIECES: [usize; 2] = [3, 4];
/// A meaning of the book tells less than the words themselves.
const OF_A_MEANING: f32 = 0.7;

/// A page, or a command said in words; its place in the list of those that have examples.
pub type Class = u16;

/// Kinds of features, so that a piece is never taken for a word.
const WORD: u64 = 1;
const PAIR: u64 = 2;
const PIECE: u64 = 3;
const MEANING: u64 = 4;

#[derive(Debug, Clone, Copy)]
struct Feature {
    /// What few examples have tells more.
    rarity: f32,
    from: u32,
    to: u32,
}

#[derive(Debug, Default)]
pub struct Asks {
    features: HashMap<u64, Feature, Same>,
    /// How much a feature speaks for a class, by feature.
    speaks_for: Vec<(Class, f32)>,
    /// How much anything speaks for a class.
    bias: Vec<f32>,
}

/// A feature's name is a hash already.
#[derive(Debug, Default, Clone, Copy)]
pub struct Same;

impl std::hash::BuildHasher for Same {
    type Hasher = SameHasher;
    fn build_hasher(&self) -> SameHasher {
        SameHasher(0)
    }
}

#[derive(Debug)]
pub struct SameHasher(u64);

impl std::hash::Hasher for SameHasher {
    fn finish(&self) -> u64 {
        self.0
    }
    fn write(&mut self, bytes: &[u8]) {
        self.0 = xxh3_64_with_seed(bytes, self.0);
    }
    fn write_u64(&mut self, number: u64) {
        self.0 = number;
    }
    fn write_u16(&mut self, number: u16) {
        self.0 ^= u64::from(number).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    }
}

impl Asks {
    /// Learns from examples; classes count from 0.
    pub fn learn(lexicon: &Lexicon, examples: &[(Class, String)]) -> Asks {
        let read: Vec<(Class, Vec<(u64, f32)>)> = examples
            .iter()
            .map(|(class, text)| {
                let said = lexicon.read(text);
                let spans = lexicon.spans(&said);
                (*class, features(&said, &spans))
            })
            .collect();
        let classes = read.iter().map(|(class, _)| usize::from(*class) + 1).max().unwrap_or(0);

        let mut in_examples: HashMap<u64, usize, Same> = HashMap::default();
        for (feature, _) in read.iter().flat_map(|(_, features)| features) {
            *in_examples.entry(*feature).or_default() += 1;
        }
        let all = as_f32(read.len());
        let mut names: Vec<u64> = in_examples.keys().copied().collect();
        names.sort_unstable();
        let mut asks = Asks { bias: vec![0.0; classes], ..Asks::default() };
        asks.features.reserve(names.len());
        for name in &names {
            let count = in_examples.get(name).copied().unwrap_or(1);
            let rarity = ((1.0 + all) / (1.0 + as_f32(count))).ln() + 1.0;
            asks.features.insert(*name, Feature { rarity, from: 0, to: 0 });
        }

        let mut counted: HashMap<(u64, Class), f32, Same> = HashMap::default();
        let mut of_class = vec![0.0; classes];
        let mut of_feature: HashMap<u64, f32, Same> = HashMap::default();
        for (class, features) in &read {
            for (feature, weight) in asks.weighed(features) {
                *counted.entry((feature, *class)).or_default() += weight;
                *of_feature.entry(feature).or_default() += weight;
                of_class[usize::from(*class)] += weight;
            }
        }
        let total: f32 = of_class.iter().sum();
        let unseen = UNSEEN * as_f32(names.len());
        for (bias, of_class) in asks.bias.iter_mut().zip(&of_class) {
            *bias = (unseen + total - of_class).ln();
        }
        let mut counted: Vec<((u64, Class), f32)> = counted.into_iter().collect();
        counted.sort_unstable_by_key(|(key, _)| *key);
        for ((name, class), count) in counted {
            let everywhere = UNSEEN + of_feature.get(&name).copied().unwrap_or(0.0);
            let Some(feature) = asks.features.get_mut(&name) else { continue };
            let at = u32::try_from(asks.speaks_for.len()).unwrap_or(u32::MAX);
            if feature.to == 0 {
                feature.from = at;
            }
            feature.to = at + 1;
            asks.speaks_for.push((class, everywhere.ln() - (everywhere - count).max(UNSEEN).ln()));
        }
        asks
    }

    /// Features with weights: words and pieces of words of one length each, whatever the length of the text.
    fn weighed(&self, features: &[(u64, f32)]) -> Vec<(u64, f32)> {
        let mut weighed = Vec::with_capacity(features.len());
        let mut squares = [0.0f32; 2];
        for (name, count) in features {
            if let Some(feature) = self.features.get(name) {
                let weight = count * feature.rarity;
                squares[usize::from(kind(*name) == PIECE)] += weight * weight;
                weighed.push((*name, weight));
            }
        }
        let lengths = squares.map(|square| square.sqrt().max(f32::MIN_POSITIVE));
        for (name, weight) in &mut weighed {
            *weight /= lengths[usize::from(kind(*name) == PIECE)];
        }
        weighed
    }

    /// How much a text speaks for each class; comparable within one text.
    pub fn weigh(&self, said: &Said, spans: &[Span]) -> Vec<f32> {
        let features = features(said, spans);
        let weighed = self.weighed(&features);
        let total: f32 = weighed.iter().map(|(_, weight)| weight).sum();
        let mut scores: Vec<f32> = self.bias.iter().map(|bias| bias * total).collect();
        let least = scores.iter().copied().fold(f32::INFINITY, f32::min);
        for score in &mut scores {
            *score -= least;
        }
        for (name, weight) in weighed {
            for (class, speaks) in self.postings(name) {
                scores[usize::from(*class)] += weight * speaks;
            }
        }
        scores
    }

    fn postings(&self, name: u64) -> &[(Class, f32)] {
        let Some(feature) = self.features.get(&name) else { return &[] };
        self.speaks_for.get(feature.from as usize..feature.to as usize).unwrap_or_default()
    }

    /// How much each word alone speaks for a class, its pieces and pairs left out.
    pub fn words_for(&self, said: &Said, class: Class) -> Vec<(String, f32)> {
        let speaks = |word: &str| {
            let name = named(WORD, stem(word).as_bytes());
            let rarity = self.features.get(&name).map_or(0.0, |feature| feature.rarity);
            self.postings(name).iter().find(|(known, _)| *known == class).map_or(0.0, |(_, speaks)| rarity * speaks)
        };
        let mut words: Vec<(String, f32)> = said.words.iter().map(|word| (word.text.clone(), speaks(&word.text))).collect();
        words.retain(|(_, speaks)| *speaks > 0.0);
        words.sort_by(|(_, a), (_, b)| b.total_cmp(a));
        words
    }

    /// About how many bytes it takes.
    pub fn bytes(&self) -> usize {
        self.features.capacity() * (size_of::<(u64, Feature)>() + 1) + self.speaks_for.capacity() * size_of::<(Class, f32)>()
    }
}

/// A count as a weight: what is lost beyond sixteen million is nothing to a logarithm.
#[allow(clippy::cast_precision_loss)]
pub(super) fn as_f32(count: usize) -> f32 {
    count as f32
}

/// The lowest bits of a name tell its kind.
fn kind(name: u64) -> u64 {
    name & 7
}

fn named(kind: u64, bytes: &[u8]) -> u64 {
    xxh3_64_with_seed(bytes, kind) & !7 | kind
}

/// What a text is made of, each with a weight that grows slowly with its count.
fn features(said: &Said, spans: &[Span]) -> Vec<(u64, f32)> {
    let mut names = Vec::with_capacity(said.words.len() * 10);
    let mut before: Option<String> = None;
    let mut padded = String::new();
    for word in &said.words {
        let stem = stem(&word.text);
        names.push(named(WORD, stem.as_bytes()));
        if let Some(mut pair) = before.take() {
            pair.push(' ');
            pair.push_str(&stem);
            names.push(named(PAIR, pair.as_bytes()));
        }
        before = Some(stem);
        padded.clear();
        padded.push(' ');
        padded.push_str(&word.text);
        padded.push(' ');
        let edges: Vec<usize> = padded.char_indices().map(|(at, _)| at).chain([padded.len()]).collect();
        for length in PIECES {
            for window in edges.windows(length + 1) {
                names.push(named(PIECE, &padded.as_bytes()[window[0]..window[length]]));
            }
        }
    }
    let meant = spans.iter().filter(|span| span.meaning >= OWN_MEANINGS).map(|span| span.meaning);
    names.extend(meant.map(|meaning| named(MEANING, &meaning.to_be_bytes())));
    names.sort_unstable();
    let mut features: Vec<(u64, f32)> = Vec::with_capacity(names.len());
    for same in names.chunk_by(|a, b| a == b) {
        let weight = if kind(same[0]) == MEANING { OF_A_MEANING } else { 1.0 };
        features.push((same[0], weight * (1.0 + as_f32(same.len()).ln())));
    }
    features
}
