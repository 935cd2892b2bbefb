//! How much there is of what in a store: numbers for whoever keeps the bot running, and nothing about anybody.
//!
//! The questions stand here for every store: they are plain enough for any database, bind nothing, and open nothing sealed.

use std::collections::BTreeMap;

use serde::ser::SerializeStruct;
use serde::{Serialize, Serializer};

/// Region, language and how many, for [`Counts::add_readers`].
pub(super) const READERS: &str = "SELECT region, language, count(*) FROM readers GROUP BY region, language";
/// Zone, day from 1, region and how many, for [`Counts::add_subscribers`].
pub(super) const SUBSCRIBERS: &str = "SELECT s.zone, CAST(s.day AS bigint), r.region, count(*) \
     FROM subscriptions AS s LEFT JOIN readers AS r ON r.chat = s.chat GROUP BY s.zone, s.day, r.region";
/// Tip, what was thought of it, what was missing and how many, for [`Counts::add_tips`].
pub(super) const TIPS: &str =
    "SELECT tip, helpful, missing, count(*) FROM deliveries WHERE leased_until IS NULL GROUP BY tip, helpful, missing";
/// Page, what was thought of it, what was missing and how many, for [`Counts::add_ratings`].
pub(super) const RATINGS: &str =
    "SELECT page, CAST(value AS bigint), missing, count(*) FROM ratings GROUP BY page, value, missing";
pub(super) const INBOX: &str = "SELECT count(*) FROM inbox";

/// What a store holds at an instant.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Counts {
    /// Of whom something is remembered.
    pub readers: u64,
    /// By id; the empty one is of those who have chosen none.
    pub readers_by_region: BTreeMap<String, u64>,
    /// By two letters; the empty one is of those who have chosen none and read in the language of their Telegram.
    pub readers_by_language: BTreeMap<String, u64>,
    /// Who have weekly tips.
    pub subscribers: u64,
    pub subscribers_by_region: BTreeMap<String, u64>,
    /// By IANA name.
    pub subscribers_by_zone: BTreeMap<String, u64>,
    /// Monday first.
    pub subscribers_by_day: [u64; 7],
    /// Tips that are due or begun and not out.
    pub due: u64,
    /// Updates that wait to be answered.
    pub inbox: u64,
    /// By id. What went to people who have ended their tips is forgotten, and not in here.
    pub tips: BTreeMap<String, TipCount>,
    /// What readers thought of pages, by id.
    pub ratings: BTreeMap<String, PageCount>,
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct TipCount {
    pub sent: u64,
    pub helpful: u64,
    pub not_helpful: u64,
    /// What was missing in it, by id.
    pub missing: BTreeMap<String, u64>,
}

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PageCount {
    /// How many said 1, 2 and so on; a yes is the last, a no the first.
    pub values: [u64; 5],
    /// What was missing, by id.
    pub missing: BTreeMap<String, u64>,
}

impl PageCount {
    pub fn count(&self) -> u64 {
        self.values.iter().sum()
    }

    /// In tenths, rounded: from 10 to 50. 0 where nobody has said anything.
    fn average_in_tenths(&self) -> u32 {
        let sum: u64 = (1..).zip(self.values).map(|(value, many)| value * many).sum();
        let count = self.count();
        let tenths = (sum * 10 + count / 2).checked_div(count).unwrap_or(0);
        u32::try_from(tenths).unwrap_or(0)
    }

    /// As it is read: 4.2.
    pub fn average(&self) -> String {
        let tenths = self.average_in_tenths();
        format!("{}.{}", tenths / 10, tenths % 10)
    }
}

impl Serialize for PageCount {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut fields = serializer.serialize_struct("PageCount", 4)?;
        fields.serialize_field("count", &self.count())?;
        fields.serialize_field("average", &(f64::from(self.average_in_tenths()) / 10.0))?;
        fields.serialize_field("values", &self.values)?;
        fields.serialize_field("missing", &self.missing)?;
        fields.end()
    }
}

impl Counts {
    pub(super) fn add_readers(&mut self, region: Option<String>, language: Option<String>, many: i64) {
        self.readers += whole(many);
        *self.readers_by_language.entry(language.unwrap_or_default()).or_default() += whole(many);
        *self.readers_by_region.entry(region.unwrap_or_default()).or_default() += whole(many);
    }

    pub(super) fn add_subscribers(&mut self, zone: String, day: i64, region: Option<String>, many: i64) {
        self.subscribers += whole(many);
        *self.subscribers_by_region.entry(region.unwrap_or_default()).or_default() += whole(many);
        *self.subscribers_by_zone.entry(zone).or_default() += whole(many);
        let day = usize::try_from(day - 1).ok().and_then(|day| self.subscribers_by_day.get_mut(day));
        if let Some(day) = day {
            *day += whole(many);
        }
    }

    pub(super) fn add_tips(&mut self, tip: String, helpful: Option<bool>, missing: Option<String>, many: i64) {
        let count = self.tips.entry(tip).or_default();
        count.sent += whole(many);
        match helpful {
            Some(true) => count.helpful += whole(many),
            Some(false) => count.not_helpful += whole(many),
            None => {}
        }
        if let Some(missing) = missing {
            *count.missing.entry(missing).or_default() += whole(many);
        }
    }

    pub(super) fn add_ratings(&mut self, page: String, value: i64, missing: Option<String>, many: i64) {
        let count = self.ratings.entry(page).or_default();
        if let Some(value) = usize::try_from(value - 1).ok().and_then(|at| count.values.get_mut(at)) {
            *value += whole(many);
        }
        if let Some(missing) = missing {
            *count.missing.entry(missing).or_default() += whole(many);
        }
    }

    /// What was missing, in pages and in tips, by id.
    pub fn missing(&self) -> BTreeMap<String, u64> {
        let mut all = BTreeMap::new();
        let pages = self.ratings.values().map(|page| &page.missing);
        for (id, many) in pages.chain(self.tips.values().map(|tip| &tip.missing)).flatten() {
            *all.entry(id.clone()).or_default() += many;
        }
        all
    }

    pub fn tips_sent(&self) -> u64 {
        self.tips.values().map(|tip| tip.sent).sum()
    }
}

/// All counts over a connection of any kind of database; `due` is its own, for it compares times.
macro_rules! count_over {
    ($connection:ident, $due:expr) => {{
        use $crate::store::counts::{Counts, INBOX, RATINGS, READERS, SUBSCRIBERS, TIPS};
        let mut counts = Counts::default();
        for (region, language, many) in sqlx::query_as(READERS).fetch_all(&mut *$connection).await? {
            counts.add_readers(region, language, many);
        }
        for (zone, day, region, many) in sqlx::query_as(SUBSCRIBERS).fetch_all(&mut *$connection).await? {
            counts.add_subscribers(zone, day, region, many);
        }
        for (tip, helpful, missing, many) in sqlx::query_as(TIPS).fetch_all(&mut *$connection).await? {
            counts.add_tips(tip, helpful, missing, many);
        }
        for (page, value, missing, many) in sqlx::query_as(RATINGS).fetch_all(&mut *$connection).await? {
            counts.add_ratings(page, value, missing, many);
        }
        let inbox: i64 = sqlx::query_scalar(INBOX).fetch_one(&mut *$connection).await?;
        counts.inbox = inbox.unsigned_abs();
        counts.due = $due.await?;
        Ok(counts)
    }};
}
pub(super) use count_over;

/// A count is never below zero, whatever type a database has for it.
fn whole(many: i64) -> u64 {
    u64::try_from(many).unwrap_or(0)
}
