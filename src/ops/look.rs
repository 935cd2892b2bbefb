//! What there is to see at one instant: of the bot, of its book, of its readers as numbers.

use std::sync::Arc;

use indexmap::IndexMap;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};

use crate::dialogue::{Book, Unreviewed};
use crate::store::Counts;

#[derive(Debug, Clone)]
pub struct Look {
    pub version: &'static str,
    pub now: Timestamp,
    pub since: Timestamp,
    /// Why it is not ready; none if it is.
    pub not_ready: Vec<String>,
    pub book: BookLook,
    /// `None` if the store has not answered yet.
    pub counts: Option<Arc<Counts>>,
    /// For each minute, the newest last.
    pub messages: Vec<u32>,
    /// For each hour, now last.
    pub subscribers: Vec<u32>,
    /// Messages since the start.
    pub answered: u64,
    pub in_hand: i64,
    /// Weekly tips since the start.
    pub tips_out: u64,
    /// Titles of the most shown pages, and how often, since the start.
    pub pages: Vec<(String, u64)>,
    /// Advice shown since the start, least urgent first.
    pub advice: [u64; 5],
}

/// What an operator wants to know of the book.
#[derive(Debug, Clone, Default)]
pub struct BookLook {
    pub title: String,
    pub id: String,
    pub pages: usize,
    pub read: Timestamp,
    /// Pages that no clinician has checked.
    pub unreviewed: Unreviewed,
    /// Titles of sources whose review was due, and when.
    pub reviews_due: Vec<(String, Date)>,
    /// Names of regions that were not checked within a year, and when they were.
    pub checks_due: Vec<(String, Option<Date>)>,
    /// By id.
    pub regions: Vec<(String, String)>,
    /// By their two letters, each by its name for itself.
    pub languages: Vec<(String, String)>,
    /// What may have been missing, by id.
    pub missing: Vec<(String, String)>,
}

impl BookLook {
    pub fn of(book: &Book, read: Timestamp, now: Timestamp) -> BookLook {
        let today = now.to_zoned(TimeZone::UTC).date();
        let year_ago = today.saturating_sub(1.year());
        let sources = book.sources().values();
        let regions = book.regions();
        BookLook {
            title: book.title().to_owned(),
            id: book.id().to_owned(),
            pages: book.len(),
            read,
            unreviewed: book.unreviewed(),
            reviews_due: sources.filter_map(|each| Some((each.title.clone(), each.due.filter(|due| *due < today)?))).collect(),
            checks_due: regions
                .values()
                .filter(|region| region.checked.is_none_or(|checked| checked < year_ago))
                .map(|region| (region.name.clone(), region.checked))
                .collect(),
            regions: regions.iter().map(|(id, region)| (id.clone(), region.name.clone())).collect(),
            missing: book.rating().map_or_else(Vec::new, |rating| named(&rating.missing)),
            languages: named(book.languages()),
        }
    }
}

fn named(names: &IndexMap<String, String>) -> Vec<(String, String)> {
    names.iter().map(|(id, name)| (id.clone(), name.clone())).collect()
}

/// The name of what the store knows by an id: it may know what the book has no more.
pub fn name_of<'a>(names: &'a [(String, String)], id: &str) -> &'a str {
    match names.iter().find(|(known, _)| known == id) {
        Some((_, name)) => name,
        None if id.is_empty() => "none chosen",
        None => "not in the book any more",
    }
}
