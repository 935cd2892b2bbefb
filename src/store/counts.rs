//! How much there is of what in a store: numbers for whoever keeps the bot running, and nothing about anybody.
//!
//! The questions stand here for every store. They are plain enough for any database, bind one value at most, and open nothing sealed.

use std::collections::BTreeMap;

use jiff::Timestamp;
use sqlx::{ColumnIndex, Database, Decode, Row, Type};

/// Readers of whom something is remembered, by region.
pub(super) const READERS: &str = "SELECT region, count(*) FROM readers GROUP BY region";
/// Who has weekly tips, by clock, day and region; the last column counts those who pause.
pub(super) const SUBSCRIBERS: &str = "SELECT s.zone, s.day, r.region, count(*), count(s.paused_until) \
     FROM subscriptions AS s LEFT JOIN readers AS r ON r.chat = s.chat GROUP BY s.zone, s.day, r.region";
/// Tips that are out, of those who still have them.
pub(super) const TIPS: &str =
    "SELECT tip, helpful, count(*) FROM deliveries WHERE leased_until IS NULL GROUP BY tip, helpful";
pub(super) const INBOX: &str = "SELECT count(*) FROM inbox";

/// What a store holds at an instant.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize)]
pub struct Counts {
    /// Of whom something is remembered.
    pub readers: u64,
    /// By region; the empty one is of those who have not chosen any.
    pub readers_by_region: BTreeMap<String, u64>,
    /// Who have weekly tips.
    pub subscribers: u64,
    pub paused: u64,
    pub subscribers_by_region: BTreeMap<String, u64>,
    /// By IANA name.
    pub subscribers_by_zone: BTreeMap<String, u64>,
    /// Monday first.
    pub subscribers_by_day: [u64; 7],
    /// Tips that are due or begun and not out.
    pub due: u64,
    /// Updates that wait to be answered.
    pub inbox: u64,
    /// By id, of those who still have them.
    pub tips: BTreeMap<String, TipCount>,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, serde::Serialize)]
pub struct TipCount {
    pub sent: u64,
    pub helpful: u64,
    pub not_helpful: u64,
}

impl Counts {
    /// Adds a row of [`READERS`].
    pub(super) fn add_readers<'r, R>(&mut self, row: &'r R) -> Result<(), sqlx::Error>
    where
        R: Row,
        usize: ColumnIndex<R>,
        Option<String>: Decode<'r, R::Database> + Type<R::Database>,
        i64: Decode<'r, R::Database> + Type<R::Database>,
    {
        let count = number(row, 1)?;
        self.readers += count;
        *self.readers_by_region.entry(row.try_get::<Option<String>, _>(0)?.unwrap_or_default()).or_default() += count;
        Ok(())
    }
}

fn number<'r, R>(row: &'r R, at: usize) -> Result<u64, sqlx::Error>
where
    R: Row,
    usize: ColumnIndex<R>,
    i64: Decode<'r, R::Database> + Type<R::Database>,
{
    Ok(u64::try_from(row.try_get::<i64, _>(at)?).unwrap_or(0))
}
