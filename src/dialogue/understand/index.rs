//! All that the book knows of how people say things, learned once when the book is built.

use std::collections::{HashMap, HashSet};
use std::sync::OnceLock;

use indexmap::IndexMap;

use super::asks::{Asks, Class};
use super::lexicon::{Lexicon, Meaning};
use super::signs::{Need, OWN_MEANINGS, Sign};
use super::weeks::Weeks;
use super::{Goal, Item, Link, Parts};
use crate::dialogue::NodeId;

/// What all pages want to be asked by, learned once when the book is built.
#[derive(Debug, Default)]
pub struct Index {
    pub(super) lexicon: Lexicon,
    pub(super) meanings: Vec<String>,
    pub(super) signs: Vec<Sign>,
    pub(super) sign_names: Vec<String>,
    /// Every example with the class it speaks for: what is learned from when the first text is weighed.
    examples: Vec<(Class, String)>,
    learned: OnceLock<Asks>,
    pub(super) goals: Vec<Goal>,
    /// The pages of warning signs.
    pub(super) grave: HashSet<Goal>,
    /// Asks as they stand, in plain words.
    pub(super) exactly: HashMap<String, Goal>,
    pub(super) help: Option<NodeId>,
    pub(super) other_language: Option<NodeId>,
    pub(super) language: String,
    pub(super) weeks: Weeks,
}

impl Index {
    pub(in crate::dialogue) fn new(book: &crate::dialogue::Parts) -> Index {
        let parts = &book.understanding;
        let mut lexicon = Lexicon::new(&parts.spelling, &book.words.weekly.week_words);
        for (cue, phrases) in &parts.cues {
            for phrase in phrases {
                lexicon.means(phrase, *cue as Meaning);
            }
        }
        for (meaning, phrases) in (OWN_MEANINGS..).zip(parts.meanings.values()) {
            for phrase in phrases {
                lexicon.means(phrase, meaning);
            }
        }
        let mut index = Index {
            lexicon,
            meanings: parts.meanings.keys().cloned().collect(),
            help: book.help,
            other_language: parts.other_language,
            language: book.language.clone(),
            weeks: Weeks { words: book.words.weekly.week_words.clone(), count: book.weeks },
            ..Index::default()
        };
        index.learn_signs(parts);
        let titled = (0..).map(NodeId).zip(book.nodes.values());
        let of_pages = titled.map(|(page, node)| (Goal::Page(page), node.asks.iter().chain(&node.title)));
        let mut examples: IndexMap<Goal, Vec<&str>> = IndexMap::new();
        for (goal, asks) in of_pages {
            examples.entry(goal).or_default().extend(asks.map(String::as_str));
        }
        for (goal, asks) in &parts.asks {
            examples.entry(*goal).or_default().extend(asks.iter().map(String::as_str));
        }
        index.learn_asks(&examples, parts);
        index
    }

    fn learn_signs(&mut self, parts: &Parts) {
        let mut own = OWN_MEANINGS + Meaning::try_from(parts.meanings.len()).unwrap_or(Meaning::MAX);
        for (name, sign) in &parts.signs {
            let mut meaning_of = |item: &Item| match item {
                Item::Meaning(name) => {
                    let at = parts.meanings.get_index_of(name).and_then(|at| Meaning::try_from(at).ok());
                    at.map_or(Meaning::MAX, |at| OWN_MEANINGS + at)
                }
                Item::Words(words) => {
                    self.lexicon.means(words, own);
                    own += 1;
                    own - 1
                }
            };
            let mut need = |(link, item): &(Link, Item)| Need { meaning: meaning_of(item), link: *link };
            let says = sign.says.iter().map(|says| says.iter().map(&mut need).collect()).collect();
            self.signs.push(Sign {
                page: sign.page,
                weeks: sign.weeks,
                past_counts: sign.past_counts,
                asked_counts: sign.asked_counts,
                says,
            });
            self.sign_names.push(name.clone());
        }
    }

    fn learn_asks(&mut self, examples: &IndexMap<Goal, Vec<&str>>, parts: &Parts) {
        let signs =
            parts.signs.values().map(|sign| (Goal::Page(sign.page), true, sign.examples.iter().map(String::as_str).collect()));
        let asks = examples.iter().map(|(goal, asks)| (*goal, false, asks.clone()));
        self.grave = parts.signs.values().map(|sign| Goal::Page(sign.page)).collect();
        for (goal, of_a_sign, texts) in signs.chain(asks).collect::<Vec<(Goal, bool, Vec<&str>)>>() {
            if texts.is_empty() {
                continue;
            }
            let class = Class::try_from(self.goals.len()).unwrap_or(Class::MAX);
            for text in texts {
                let tokens = self.lexicon.tokens(text);
                if !of_a_sign {
                    let plain: Vec<&str> = tokens.iter().map(|token| token.word.as_str()).collect();
                    if !plain.is_empty() {
                        self.exactly.entry(plain.join(" ")).or_insert(goal);
                    }
                }
                // What the book has nothing about teaches no words: a slip of the pen may still be meant for a word that matters.
                if goal != Goal::Beyond {
                    for token in &tokens {
                        self.lexicon.learn(&token.word);
                    }
                }
                self.examples.push((class, text.to_owned()));
            }
            self.goals.push(goal);
        }
    }

    /// What the examples teach. Learning takes longer than all the rest of a book, and a checker needs none of it: so it waits for the
    /// first text, or for [`Index::learn`].
    pub(super) fn asks(&self) -> &Asks {
        self.learned.get_or_init(|| Asks::learn(&self.lexicon, &self.examples))
    }

    /// Learns now, so that nobody's first message waits for it.
    pub fn learn(&self) {
        self.asks();
    }

    /// About how many bytes it takes.
    pub fn bytes(&self) -> usize {
        self.asks().bytes()
    }
}
