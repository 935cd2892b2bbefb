//! What was understood, and why: for the core, for scripts and for authors.

use super::asks::Class;
use super::index::Index;
use super::judge::SURE;
use super::lexicon::{Said, Span};
use super::signs::{Found, OWN_MEANINGS};
use super::{Goal, Understood, Verdict};
use crate::dialogue::NodeId;

/// What was understood, and all that led to it.
#[derive(Debug)]
pub struct Reading {
    pub understood: Understood,
    /// Goals with their shares of all that was said, best first.
    pub ranked: Vec<(Goal, f32)>,
    /// The week that was mentioned.
    pub week: Option<u8>,
    pub(super) said: Said,
    pub(super) found: Vec<Found>,
    pub(super) top: Option<Class>,
}

impl Reading {
    /// The pages of all warning signs that were typed, the most urgent first.
    pub fn signs<'a>(&'a self, index: &'a Index) -> impl Iterator<Item = NodeId> + 'a {
        self.found.iter().filter(|found| found.verdict == Verdict::Counts).map(|found| index.signs[found.sign].page)
    }

    /// What would be shown, best first, each with its share; nothing if it was not understood.
    pub fn top(&self) -> Vec<(Goal, f32)> {
        let share = |goal: Goal| self.ranked.iter().find(|(known, _)| *known == goal).map_or(0.0, |(_, share)| *share);
        let shown: Vec<Goal> = match &self.understood {
            Understood::Sign(page) => vec![Goal::Page(*page)],
            Understood::Sure(goal) => vec![*goal],
            Understood::Nearly(goal, others) => std::iter::once(*goal).chain(others.iter().copied()).collect(),
            Understood::Unsure(goals) => goals.clone(),
            Understood::OtherLanguage(page, _) => return vec![(Goal::Page(*page), 1.0)],
        };
        let sure = matches!(self.understood, Understood::Sign(_) | Understood::Sure(_));
        let rest = self.ranked.iter().map(|(goal, _)| *goal).filter(|goal| *goal != Goal::Beyond && !shown.contains(goal));
        // Behind what is shown stands what would be next: scripts look at three.
        let next: Vec<Goal> = rest.take(if shown.is_empty() { 0 } else { 3usize.saturating_sub(shown.len()) }).collect();
        let mut top: Vec<(Goal, f32)> = shown.into_iter().chain(next).map(|goal| (goal, share(goal))).collect();
        if let (true, Some((_, share))) = (sure, top.first_mut()) {
            *share = share.max(SURE);
        }
        top
    }

    /// Which words counted, for authors.
    pub fn why(&self, index: &Index) -> Why {
        let text = |span: &Span| {
            self.said.words[span.from..span.to].iter().map(|word| word.text.as_str()).collect::<Vec<_>>().join(" ")
        };
        let signs = self.found.iter().map(|found| {
            let words = found.spans.iter().map(text).collect();
            (index.sign_names[found.sign].clone(), found.verdict, words)
        });
        let spans = index.lexicon.spans(&self.said);
        let meant = spans.iter().filter_map(|span| {
            let name = index.meanings.get(usize::from(span.meaning.checked_sub(OWN_MEANINGS)?))?.clone();
            Some((text(span), name))
        });
        let words = self.top.map(|class| index.asks().words_for(&self.said, class)).unwrap_or_default();
        Why {
            signs: signs.collect(),
            meanings: meant.collect(),
            words,
            nearest: self.top.map(|class| index.goals[usize::from(class)]),
        }
    }
}

/// What led to an understanding.
#[derive(Debug)]
pub struct Why {
    /// Signs that were named, whether each counts, and by which words.
    pub signs: Vec<(String, Verdict, Vec<String>)>,
    /// Words and what they mean.
    pub meanings: Vec<(String, String)>,
    /// Words that speak for the nearest page, the loudest first.
    pub words: Vec<(String, f32)>,
    pub nearest: Option<Goal>,
}
