//! What was meant: signs count first, then what examples say, and how sure all of it is.

use indexmap::IndexMap;

use super::asks::as_f32;
use super::index::Index;
use super::lexicon::Said;
use super::signs::{self, Found};
use super::{Goal, Reading, Understood, Verdict, tongue};
use crate::dialogue::NodeId;

/// From here on the page is shown without a question.
pub(super) const SURE: f32 = 0.62;
/// From here on it is shown with two others beside it.
const NEARLY: f32 = 0.34;
/// Below this a page is not worth suggesting.
const MAYBE: f32 = 0.10;
/// What speaks for a sign by its examples alone, all signs together: from here on the sign's page is shown,
const ALARMED: f32 = 0.4;
/// and from here on it is among the suggestions.
const UNEASY: f32 = 0.22;
/// By fewer known words than this, examples alone raise no alarm.
const TELLING: usize = 3;
/// What a sign that was denied or is past leaves of what its examples say.
const DISCLAIMED: f32 = 0.1;
/// From here on it lies beyond the book.
const BEYOND_FROM: f32 = 0.3;
/// Where another language is written and fewer than one word in so many is known, nothing is a sign.
const STRANGE: usize = 3;
/// How sharply scores become shares.
const SHARPNESS: f32 = 7.0;
/// Of so few words that the book knows nothing can be told.
const KNOWN: f32 = 0.34;

impl Index {
    /// The page for what somebody typed, and why.
    pub fn read(&self, typed: &str) -> Reading {
        let said = self.lexicon.read(typed);
        let week = self.weeks.mentioned(&said);
        let spans = self.lexicon.spans(&said);
        let found = signs::find(&self.signs, &said, &spans, week);
        let other = self.in_other_language(typed, &said);
        // In a text of another language, words that look like a sign are chance.
        let known = said.words.iter().filter(|word| word.is_known()).count();
        let strange = other.is_some() && known * STRANGE < said.words.len();
        let counts = found.iter().find(|found| found.verdict == Verdict::Counts).filter(|_| !strange);
        let scores = self.asks().weigh(&said, &spans);
        let top = (0..).zip(&scores).max_by(|(_, a), (_, b)| a.total_cmp(b)).map(|(class, _)| class);
        let mut ranked = self.ranked(&scores);
        let understood = match counts {
            Some(found) => Understood::Sign(self.signs[found.sign].page),
            None => match self.exactly.get(&self.plain(typed)) {
                Some(Goal::Beyond) => Understood::Unsure(Vec::new()),
                Some(goal) => Understood::Sure(*goal),
                None => other.unwrap_or_else(|| self.without_sign(&said, &found, &mut ranked)),
            },
        };
        Reading { understood, ranked, week, said, found, top }
    }

    /// Shares of all goals, best first.
    fn ranked(&self, scores: &[f32]) -> Vec<(Goal, f32)> {
        let best = scores.iter().copied().fold(f32::NEG_INFINITY, f32::max);
        let mut by_goal: IndexMap<Goal, f32> = IndexMap::new();
        for (goal, score) in self.goals.iter().zip(scores) {
            let share = by_goal.entry(*goal).or_default();
            *share = share.max((SHARPNESS * (score - best)).exp());
        }
        let all: f32 = by_goal.values().sum();
        let mut ranked: Vec<(Goal, f32)> = by_goal.into_iter().map(|(goal, share)| (goal, share / all)).collect();
        ranked.sort_by(|(_, a), (_, b)| b.total_cmp(a));
        ranked
    }

    fn in_other_language(&self, typed: &str, said: &Said) -> Option<Understood> {
        let page = self.other_language?;
        tongue::other(typed, said, &self.language).map(|language| Understood::OtherLanguage(page, language))
    }

    fn without_sign(&self, said: &Said, found: &[Found], ranked: &mut [(Goal, f32)]) -> Understood {
        if let (true, Some(help)) = (found.iter().any(|found| found.verdict == Verdict::Asked), self.help) {
            let rest = ranked.iter().map(|(goal, _)| *goal).filter(|goal| *goal != Goal::Page(help));
            return Understood::Nearly(Goal::Page(help), rest.filter(|goal| *goal != Goal::Beyond).take(2).collect());
        }
        let words = || said.words.iter().filter(|word| word.number.is_none());
        let known = words().filter(|word| word.is_known()).count();
        if said.words.is_empty() || as_f32(known) < KNOWN * as_f32(words().count()) {
            return Understood::Unsure(Vec::new());
        }
        self.by_examples(found, known, ranked)
    }

    fn by_examples(&self, found: &[Found], known: usize, ranked: &mut [(Goal, f32)]) -> Understood {
        let is_grave = |goal: &Goal| self.grave.contains(goal);
        if !found.is_empty() {
            // What was denied or long ago is still named, so examples of signs speak louder than they should.
            ranked.iter_mut().filter(|(goal, _)| is_grave(goal)).for_each(|(_, share)| *share *= DISCLAIMED);
            ranked.sort_by(|(_, a), (_, b)| b.total_cmp(a));
        }
        let grave: f32 = ranked.iter().filter(|(goal, _)| is_grave(goal)).map(|(_, share)| share).sum();
        let gravest = ranked.iter().map(|(goal, _)| *goal).find(is_grave);
        if let (Some(Goal::Page(page)), true) = (gravest, grave >= ALARMED && known >= TELLING) {
            return Understood::Sign(page);
        }
        // Too little for an alarm, too much for silence: the way to help first, the sign's page among the others.
        let uneasy = gravest.filter(|_| grave >= UNEASY);
        let mut harmless = ranked.iter().filter(|(goal, _)| !is_grave(goal)).copied();
        let Some((top, share)) = harmless.next() else { return Understood::Unsure(uneasy.into_iter().collect()) };
        let next = harmless.map(|(goal, _)| goal);
        let others = |most: usize| -> Vec<Goal> {
            uneasy.into_iter().chain(next.filter(|goal| *goal != Goal::Beyond)).take(most).collect()
        };
        let help = self.help.map(Goal::Page);
        match top {
            _ if uneasy.is_some() && grave > share => {
                Understood::Unsure(help.into_iter().chain(uneasy).chain([top]).filter(|goal| *goal != Goal::Beyond).collect())
            }
            Goal::Beyond if share >= BEYOND_FROM => Understood::Unsure(Vec::new()),
            Goal::Beyond => Understood::Unsure(others(2)),
            _ if share >= SURE && uneasy.is_none() => Understood::Sure(top),
            _ if share >= NEARLY => Understood::Nearly(top, others(2)),
            _ if share >= MAYBE => Understood::Unsure(std::iter::once(top).chain(others(1)).collect()),
            _ => Understood::Unsure(Vec::new()),
        }
    }

    /// What was typed in plain words: two texts with the same are the same ask.
    pub fn plain(&self, typed: &str) -> String {
        let words: Vec<String> = self.lexicon.tokens(typed).into_iter().map(|token| token.word).collect();
        words.join(" ")
    }

    /// The page of the most urgent warning sign that is named and counts.
    pub fn sign_in(&self, typed: &str) -> Option<NodeId> {
        let counts = self.signs_in(typed).into_iter().find(|found| found.verdict == Verdict::Counts);
        counts.map(|found| self.signs[found.sign].page)
    }

    /// Whether this sign is named by the words that make it one, and counts.
    pub fn names_sign(&self, typed: &str, sign: &str) -> bool {
        self.signs_in(typed).iter().any(|found| found.verdict == Verdict::Counts && self.sign_names[found.sign] == sign)
    }

    fn signs_in(&self, typed: &str) -> Vec<Found> {
        let said = self.lexicon.read(typed);
        signs::find(&self.signs, &said, &self.lexicon.spans(&said), self.weeks.mentioned(&said))
    }
}
