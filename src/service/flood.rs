//! How much of one chat is answered: a bucket for each chat that was heard of late. When it is empty the chat is told so once, and then
//! it is quiet there until the bucket is half full again.
//!
//! Never here: what leads to help, which is answered all the same; a clock; memory that grows with the number of chats.

use std::convert::Infallible;
use std::sync::{Mutex, PoisonError};

use quick_cache::unsync::Cache;
use tokio::time::Instant;

use super::pacer::Bucket;

/// So many chats are remembered, those heard last and most: about two megabytes. Who was forgotten begins with a full bucket.
const CHATS: usize = 16_384;

/// The limit of every chat.
pub struct Flood {
    chats: Mutex<Cache<i64, Chat>>,
    /// Updates a second; 0: no limit.
    rate: f64,
    burst: f64,
}

struct Chat {
    bucket: Bucket,
    state: State,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    Answered,
    /// Its bucket was empty.
    Limited,
    /// It was told so.
    Told,
}

impl Flood {
    /// So many updates a minute, and half a minute's at once.
    pub fn new(a_minute: u32) -> Flood {
        let rate = f64::from(a_minute) / 60.0;
        Flood { chats: Mutex::new(Cache::new(CHATS)), rate, burst: (rate * 30.0).max(1.0) }
    }

    /// Whether one more update of this chat is within its measure.
    pub fn allows(&self, chat: i64, now: Instant) -> bool {
        if self.rate <= 0.0 {
            return true;
        }
        let mut chats = self.chats.lock().unwrap_or_else(PoisonError::into_inner);
        let unknown = || Ok::<_, Infallible>(Chat { bucket: Bucket::new(self.rate, self.burst, now), state: State::Answered });
        let Ok(Some(mut chat)) = chats.get_mut_or_insert_with(&chat, unknown) else { return true };
        let wanted = if chat.state == State::Answered { 1.0 } else { (self.burst / 2.0).max(1.0) };
        if chat.bucket.level(now) < wanted {
            if chat.state == State::Answered {
                chat.state = State::Limited;
            }
            return false;
        }
        chat.state = State::Answered;
        chat.bucket.take(0.0, now);
        true
    }

    /// Whether a chat that is over its measure has to be told so now: the first time that this is asked.
    pub fn is_news(&self, chat: i64) -> bool {
        let mut chats = self.chats.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(mut chat) = chats.get_mut(&chat).filter(|chat| chat.state == State::Limited) else { return false };
        chat.state = State::Told;
        true
    }

    /// How many chats are remembered.
    pub fn len(&self) -> usize {
        self.chats.lock().unwrap_or_else(PoisonError::into_inner).len()
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn a_fast_thumb_never_meets_it() {
        let flood = Flood::new(60);
        let begun = Instant::now();
        // Three a second for ten seconds, then one a second for ever.
        let taps = (0..30).map(|tap| 0.33 * f64::from(tap)).chain((10..600).map(f64::from));
        for tap in taps {
            assert!(flood.allows(7, begun + Duration::from_secs_f64(tap)), "after {tap} s");
        }
    }

    #[test]
    fn a_flood_is_told_once_then_met_with_silence_and_forgiven() {
        let flood = Flood::new(60);
        let begun = Instant::now();
        let at = |seconds: f64| begun + Duration::from_secs_f64(seconds);
        assert_eq!((0..100).filter(|_| flood.allows(7, begun)).count(), 30);
        assert_eq!((0..5).filter(|_| flood.is_news(7)).count(), 1);
        assert!(flood.allows(8, begun) && !flood.is_news(8), "nobody else is meant");
        assert!(!flood.allows(7, at(14.0)) && !flood.is_news(7));
        assert!(flood.allows(7, at(15.5)), "what was passed over does not lengthen it");
        assert!(!flood.is_news(7));
    }

    #[test]
    fn a_flood_that_never_ends_is_told_so_now_and_then() {
        let flood = Flood::new(60);
        let begun = Instant::now();
        let (mut answered, mut told) = (0, 0);
        for tenth in 0..6000 {
            let allowed = flood.allows(7, begun + Duration::from_millis(100 * tenth));
            answered += u32::from(allowed);
            told += u32::from(!allowed && flood.is_news(7));
        }
        assert!((600..=631).contains(&answered) && (10..=41).contains(&told), "{answered} answered, {told} told");
    }

    #[test]
    fn zero_is_no_limit() {
        let (flood, now) = (Flood::new(0), Instant::now());
        assert!((0..1000).all(|_| flood.allows(7, now)) && flood.is_empty());
    }

    #[test]
    fn a_million_chats_take_no_more_room_than_a_few_and_hide_no_flood() {
        let (flood, now) = (Flood::new(60), Instant::now());
        let mut answered = 0;
        for chat in 1..=1_000_000 {
            assert!(flood.allows(chat, now));
            // One of them floods all the while.
            answered += u32::from(chat % 10 == 0 && flood.allows(-1, now));
        }
        assert!(flood.len() <= CHATS, "{} are remembered", flood.len());
        assert_eq!(answered, 30, "whoever is heard often is not forgotten");
    }
}
