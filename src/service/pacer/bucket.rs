//! Tokens that come back with time, as every limit here is counted.
//!
//! Never here: what a token is for.

use std::time::Duration;

use tokio::time::Instant;

/// Tokens that come back with time.
#[derive(Debug, Clone)]
pub struct Bucket {
    pub(super) tokens: f64,
    at: Instant,
    rate: f64,
    most: f64,
}

impl Bucket {
    pub fn new(rate: f64, most: f64, now: Instant) -> Bucket {
        Bucket { tokens: most, at: now, rate, most }
    }

    pub fn level(&self, now: Instant) -> f64 {
        let since = now.saturating_duration_since(self.at).as_secs_f64();
        (self.tokens + since * self.rate).min(self.most)
    }

    /// When there will be `tokens`; later than `now`, for what is missing may be less than a clock can show.
    pub fn when(&self, tokens: f64, now: Instant) -> Instant {
        let missing = (tokens - self.level(now)).max(0.0);
        now.max(self.at) + Duration::from_secs_f64(missing / self.rate) + Duration::from_nanos(1)
    }

    /// Takes one, into debt if there is none, but never below `floor`.
    pub fn take(&mut self, floor: f64, now: Instant) {
        self.tokens = (self.level(now) - 1.0).max(floor);
        self.at = self.at.max(now);
    }

    pub fn give(&mut self, tokens: f64, now: Instant) {
        self.tokens = (self.level(now) + tokens).min(self.most);
        self.at = self.at.max(now);
    }

    /// Nothing in it until then.
    pub(super) fn empty_until(&mut self, until: Instant) {
        self.tokens = 0.0;
        self.at = until;
    }

    /// Fills at another rate from now on, to another brim.
    pub(super) fn becomes(&mut self, rate: f64, most: f64, now: Instant) {
        self.tokens = self.level(now).min(most);
        self.at = self.at.max(now);
        (self.rate, self.most) = (rate, most);
    }
}
