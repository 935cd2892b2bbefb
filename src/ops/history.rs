//! What was, for the plots: two rings of fixed size, in memory alone, empty at every start.
//!
//! Messages are kept for each minute of a day, subscribers for each hour of sixty days: 1440 numbers of four bytes each, 11,520 bytes
//! in all, however long the bot runs.

use std::collections::VecDeque;

/// Minutes of a day; hours of sixty days.
pub const KEPT: usize = 1440;

/// The newest numbers, oldest first.
#[derive(Debug)]
pub struct Ring(VecDeque<u32>);

impl Default for Ring {
    fn default() -> Ring {
        Ring(VecDeque::with_capacity(KEPT))
    }
}

impl Ring {
    pub fn push(&mut self, number: u64) {
        if self.0.len() == KEPT {
            self.0.pop_front();
        }
        self.0.push_back(u32::try_from(number).unwrap_or(u32::MAX));
    }

    pub fn numbers(&self) -> Vec<u32> {
        self.0.iter().copied().collect()
    }
}

#[derive(Debug, Default)]
pub struct History {
    /// For each minute.
    pub messages: Ring,
    /// For each hour.
    pub subscribers: Ring,
    /// All messages up to the last full minute.
    counted: u64,
    minutes: u64,
}

impl History {
    /// A minute is over, and `all` messages were answered so far. True once an hour: then subscribers are wanted too.
    pub fn minute(&mut self, all: u64) -> bool {
        self.messages.push(all.saturating_sub(self.counted));
        self.counted = all;
        self.minutes += 1;
        self.minutes.is_multiple_of(60)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_ring_keeps_the_newest_and_never_grows() {
        let mut history = History::default();
        let room = history.messages.0.capacity();
        let hours = (1..=3000_u64).filter(|minute| history.minute(minute * 2)).count();
        assert_eq!((history.messages.numbers().len(), history.messages.0.capacity(), hours), (KEPT, room, 50));
        assert!(history.messages.numbers().iter().all(|each| *each == 2));
        (0..2000).for_each(|hour| history.subscribers.push(hour));
        assert_eq!((history.subscribers.numbers()[0], history.subscribers.numbers()[KEPT - 1]), (560, 1999));
    }
}
