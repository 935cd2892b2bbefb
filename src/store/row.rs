//! What every store writes the same way: days as numbers, the question that was asked, the sealed week of pregnancy.
//!
//! Because they are the same bytes under the same names, a row can move from one kind of store to another without being opened.
//!
//! Never here: SQL.

use std::sync::Once;

use jiff::civil::{Date, date};
use jiff::{Span, Timestamp};

use super::seal::{DataKey, SealError};
use crate::dialogue::{Asked, Reader};

/// The table's name where weeks are sealed.
pub(super) const SUBSCRIPTIONS: &str = "subscriptions";
/// The inbox's name where its rows are sealed.
pub(super) const INBOX: &str = "inbox";
const EPOCH: Date = date(1970, 1, 1);

/// What stands of a reader in the table of readers.
pub(super) fn row_of(reader: &Reader) -> impl PartialEq {
    let Reader { region, language, asked, unit_number, seen, weekly: _, saved: _, ratings: _ } = reader;
    (region, language, asked, unit_number, seen)
}

/// Beyond all numbers of tries.
const UNIT_NUMBER: u16 = 1000;

pub(super) fn asked_number(asked: Asked) -> u16 {
    match asked {
        Asked::Zone => 0,
        Asked::Week { tries } => 1 + u16::from(tries),
        Asked::UnitNumber => UNIT_NUMBER,
    }
}

pub(super) fn asked_of(number: u16) -> Asked {
    match number {
        0 => Asked::Zone,
        UNIT_NUMBER => Asked::UnitNumber,
        more => Asked::Week { tries: u8::try_from(more - 1).unwrap_or(u8::MAX) },
    }
}

pub(super) fn seal_week(key: &DataKey, chat: i64, week_zero: Date) -> Result<Vec<u8>, sqlx::Error> {
    let sealed = key.seal(SUBSCRIPTIONS, chat, &days(week_zero).to_be_bytes());
    sealed.map_err(|error| sqlx::Error::Encode(error.into()))
}

/// The table's name where saved pages are sealed.
pub(super) const SAVED_PAGES: &str = "saved_pages";

/// The ids of the saved pages, the newest first; `None` if there are none.
pub(super) fn seal_pages(key: &DataKey, chat: i64, pages: &[String]) -> Result<Option<Vec<u8>>, sqlx::Error> {
    let plain = pages.join("\n");
    let seal = || key.seal(SAVED_PAGES, chat, plain.as_bytes()).map_err(|error| sqlx::Error::Encode(error.into()));
    (!pages.is_empty()).then(seal).transpose()
}

/// Pages that cannot be opened count as none.
pub(super) fn open_pages(key: &DataKey, chat: i64, sealed: &[u8]) -> Vec<String> {
    let plain = key.open(SAVED_PAGES, chat, sealed).ok().and_then(|plain| String::from_utf8(plain).ok());
    if plain.is_none() {
        static TOLD: Once = Once::new();
        TOLD.call_once(|| {
            log::error!("saved pages could not be opened: something else than the bot changed them. They count as none.");
        });
    }
    plain.unwrap_or_default().lines().map(str::to_owned).collect()
}

/// The table's name where numbers of units are sealed.
pub(super) const READERS: &str = "readers";

pub(super) fn seal_number(key: &DataKey, chat: i64, number: Option<&str>) -> Result<Option<Vec<u8>>, sqlx::Error> {
    let seal = |number: &str| key.seal(READERS, chat, number.as_bytes()).map_err(|error| sqlx::Error::Encode(error.into()));
    number.map(seal).transpose()
}

/// A number that cannot be opened counts as none.
pub(super) fn open_number(key: &DataKey, chat: i64, sealed: &[u8]) -> Option<String> {
    let number = key.open(READERS, chat, sealed).ok().and_then(|plain| String::from_utf8(plain).ok());
    if number.is_none() {
        static TOLD: Once = Once::new();
        TOLD.call_once(|| {
            log::error!("numbers of units could not be opened: something else than the bot changed them. They count as none.");
        });
    }
    number
}

/// A week that cannot be opened counts as not known.
pub(super) fn open_week(key: &DataKey, chat: i64, sealed: &[u8]) -> Option<Date> {
    let plain = key.open(SUBSCRIPTIONS, chat, sealed).ok();
    let week_zero = plain.and_then(|plain| plain.try_into().ok()).and_then(|bytes| day_of(i64::from_be_bytes(bytes)).ok());
    if week_zero.is_none() {
        static TOLD: Once = Once::new();
        TOLD.call_once(|| {
            log::warn!(
                "weeks in the database cannot be opened and count as not known: they were changed by something else than the bot"
            );
        });
    }
    week_zero
}

pub(super) fn seal_updates(key: &DataKey, updates: &[(i64, Vec<u8>)]) -> Result<Vec<(i64, Vec<u8>)>, SealError> {
    updates.iter().map(|(id, plain)| Ok((*id, key.seal(INBOX, *id, plain)?))).collect()
}

pub(super) fn open_update(key: &DataKey, id: i64, sealed: &[u8]) -> Option<(i64, Vec<u8>)> {
    key.open(INBOX, id, sealed).ok().map(|plain| (id, plain))
}

/// Days since 1970-01-01.
pub(super) fn days(date: Date) -> i64 {
    date.duration_since(EPOCH).as_hours() / 24
}

pub(super) fn day_of(days: i64) -> Result<Date, sqlx::Error> {
    Span::new().try_days(days).and_then(|days| EPOCH.checked_add(days)).map_err(broken)
}

pub(super) fn time_of(second: i64) -> Result<Timestamp, sqlx::Error> {
    Timestamp::from_second(second).map_err(broken)
}

pub(super) fn broken(error: jiff::Error) -> sqlx::Error {
    sqlx::Error::Decode(error.into())
}
