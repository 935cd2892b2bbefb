//! Readers with weekly tips, and what a process does with theirs.

use backcare::dialogue::Reader;
use backcare::dialogue::weekly::{Begun, Slot, Subscription};
use backcare::store::{Due, Store};
use jiff::civil::{Date, Weekday, date};
use jiff::{SignedDuration, Timestamp, ToSpan};

/// The Monday on which everybody's first tip is due.
pub const MONDAY: Date = date(2026, 11, 23);
pub const NOBODY: [i64; 0] = [];
pub const WEEK_ZERO: Date = date(2026, 7, 9);

/// So many seconds after nine on Monday.
pub fn at(seconds: i64) -> Timestamp {
    nine(MONDAY) + SignedDuration::from_secs(seconds)
}

pub fn nine(day: Date) -> Timestamp {
    day.at(9, 0, 0, 0).in_tz("UTC").unwrap().timestamp()
}

pub fn slot(on: Date) -> Slot {
    Slot { on, at: nine(on) }
}

pub fn subscribed(on: Date) -> Reader {
    let weekly = Subscription {
        zone: "Pacific/Chatham".into(),
        day: Weekday::Monday,
        hour: 9,
        week_zero: Some(WEEK_ZERO),
        paused_until: None,
        sent: 0,
        last: None,
        next: slot(on),
    };
    Reader { region: Some("gb".into()), weekly: Some(weekly), ..Reader::default() }
}

/// The same reader after the tip of their slot.
pub fn sent(reader: &Reader, now: Timestamp) -> Reader {
    let mut after = reader.clone();
    let weekly = after.weekly.as_mut().unwrap();
    weekly.sent += 1;
    weekly.last = Some(now);
    weekly.next = slot(weekly.next.on + 7.days());
    after
}

pub fn on(reader: &Reader) -> Date {
    reader.weekly.as_ref().unwrap().next.on
}

/// A tip of somebody [`subscribed`] that was begun.
pub fn begun(on: Date, tip: &str) -> Begun {
    let weekly = subscribed(on).weekly.unwrap();
    Begun { on, tip: tip.into(), zone: weekly.zone, hour: weekly.hour }
}

pub fn without(reader: &Reader) -> Reader {
    Reader { weekly: None, ..reader.clone() }
}

pub async fn begin(store: &dyn Store, due: &Due, tip: &str, now: Timestamp) -> bool {
    let lease = now + SignedDuration::from_secs(60);
    store.begin(due.chat, on(&due.reader), tip, &due.reader, &sent(&due.reader, now), lease).await.unwrap()
}

pub async fn claim(store: &dyn Store, now: i64, most: usize) -> Vec<Due> {
    store.claim(at(now), at(now + 60), most).await.unwrap()
}

pub fn chats(due: &[Due]) -> Vec<i64> {
    due.iter().map(|due| due.chat).collect()
}
