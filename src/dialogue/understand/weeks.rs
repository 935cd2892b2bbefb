//! The week that somebody mentions beside something else.

use super::lexicon::Said;
use crate::dialogue::WeekCount;

/// What says a week, and which there are: both are the book's.
#[derive(Debug, Default)]
pub struct Weeks {
    pub words: Vec<String>,
    pub count: WeekCount,
}

impl Weeks {
    /// `30 weeks`, `week 30`, `30+2`. Of a book without words for a week, nobody mentions one.
    pub fn mentioned(&self, said: &Said) -> Option<u8> {
        if self.words.is_empty() {
            return None;
        }
        let words = &said.words;
        let week = |text: &str| text.parse().ok().filter(|week| self.count.holds(i64::from(*week)));
        let is_week = |at: usize| words.get(at).is_some_and(|word| self.words.contains(&word.text));
        (0..words.len()).find_map(|at| {
            let text = words[at].text.as_str();
            let with_days = text.split_once('+').and_then(|(weeks, _)| week(weeks));
            let named = || week(text).filter(|_| is_week(at + 1) || (at > 0 && is_week(at - 1)));
            with_days.or_else(named)
        })
    }
}
