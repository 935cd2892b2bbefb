//! The week of pregnancy that somebody mentions beside something else.

use super::lexicon::Said;

/// Nobody knows of a pregnancy sooner, and none lasts longer.
const WEEKS: std::ops::RangeInclusive<u8> = 3..=42;

/// `30 weeks`, `week 30`, `30+2`; the words for a week are the book's.
pub fn mentioned(said: &Said, week_words: &[String]) -> Option<u8> {
    let words = &said.words;
    let number = |at: usize| words.get(at).and_then(|word| word.text.parse().ok()).filter(|week| WEEKS.contains(week));
    let is_week = |at: usize| words.get(at).is_some_and(|word| week_words.contains(&word.text));
    (0..words.len()).find_map(|at| {
        let with_days =
            words[at].text.split_once('+').and_then(|(weeks, _)| weeks.parse().ok()).filter(|week| WEEKS.contains(week));
        let named = || number(at).filter(|_| is_week(at + 1) || (at > 0 && is_week(at - 1)));
        with_days.or_else(named)
    })
}
