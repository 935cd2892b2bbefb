//! Readers and what they signed up for: rows to [`Reader`] and back.
//!
//! The reader's week lies sealed, by the table's name and the chat. One that cannot be opened counts as not known, and is kept as it
//! lies: with a wrong key readers can still stop, and with the right one their week is back.

use jiff::Timestamp;
use jiff::civil::Weekday;
use sqlx::sqlite::{SqliteConnection, SqliteRow};
use sqlx::{Connection, Row};

use crate::dialogue::weekly::{Slot, Subscription};
use crate::dialogue::{Ratings, Reader};
use crate::store::exercises::END;
use crate::store::ratings;
use crate::store::row::{
    asked_number, asked_of, broken, day_of, days, open_number, open_pages, open_week, row_of, seal_number, seal_pages,
    seal_week, time_of,
};
use crate::store::seal::DataKey;

/// Any number of readers by a list of chats, strangers among them.
const READ: &str = "SELECT c.value AS chat, region, language, asked, unit_number, seen, zone, day, hour, week_zero, paused_until, sent, last_at, next_on, next_at, \
     p.sealed AS saved, \
     (SELECT json_group_array(json_array(page, value, missing)) FROM ratings WHERE chat = c.value) AS ratings FROM json_each(?) AS c LEFT JOIN readers AS r ON r.chat = c.value \
     LEFT JOIN subscriptions AS s ON s.chat = c.value LEFT JOIN saved_pages AS p ON p.chat = c.value";
const WRITE_READER: &str = "INSERT INTO readers (chat, region, language, asked, unit_number, seen) VALUES (?, ?, ?, ?, ?, ?) \
     ON CONFLICT (chat) DO UPDATE SET region = excluded.region, language = excluded.language, asked = excluded.asked, \
     unit_number = excluded.unit_number, seen = excluded.seen";
const KEEP_PAGES: &str =
    "INSERT INTO saved_pages (chat, sealed) VALUES (?, ?) ON CONFLICT (chat) DO UPDATE SET sealed = excluded.sealed";
const FORGET_PAGES: &str = "DELETE FROM saved_pages WHERE chat = ?";
/// A day of a visit alone is no reason for a row.
const FORGET_EMPTY: &str = "DELETE FROM readers WHERE chat = ?1 AND region IS NULL AND language IS NULL AND asked IS NULL AND unit_number IS NULL \
     AND NOT EXISTS (SELECT 1 FROM subscriptions WHERE chat = ?1) AND NOT EXISTS (SELECT 1 FROM saved_pages WHERE chat = ?1) \
     AND NOT EXISTS (SELECT 1 FROM ratings WHERE chat = ?1)";
/// Whatever is written, a lease on what was there before has no meaning any more.
const WRITE_SUBSCRIPTION: &str = "INSERT INTO subscriptions \
     (chat, zone, day, hour, week_zero, paused_until, sent, last_at, next_on, next_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) \
     ON CONFLICT (chat) DO UPDATE SET zone = excluded.zone, day = excluded.day, hour = excluded.hour, \
     week_zero = excluded.week_zero, paused_until = excluded.paused_until, sent = excluded.sent, last_at = excluded.last_at, \
     next_on = excluded.next_on, next_at = excluded.next_at, leased_until = 0";
const END_SUBSCRIPTION: &str = "DELETE FROM subscriptions WHERE chat = ?";
const FORGET_DELIVERIES: &str = "DELETE FROM deliveries WHERE chat = ?";
/// What an earlier subscription left while its last tip is on its way: a new one begins afresh.
const FORGET_EARLIER: &str = "DELETE FROM deliveries WHERE chat = ?1 AND leased_until IS NULL \
     AND NOT EXISTS (SELECT 1 FROM subscriptions WHERE chat = ?1)";

/// A reader, and their week as it lies, so that it is written back unchanged where nothing about it changed.
pub(super) struct Stored {
    pub(super) chat: i64,
    pub(super) reader: Reader,
    week: Option<Vec<u8>>,
}

impl Stored {
    /// There is a week that this key does not open.
    pub(super) fn week_is_closed(&self) -> bool {
        self.week.is_some() && self.reader.weekly.as_ref().is_some_and(|weekly| weekly.week_zero.is_none())
    }
}

pub(super) async fn read(connection: &mut SqliteConnection, key: &DataKey, chat: i64) -> Result<Stored, sqlx::Error> {
    let row = sqlx::query(READ).bind(super::list(&[chat])).fetch_one(connection).await?;
    from_row(key, &row)
}

/// Those that can be read. One damaged row must not hold up all others.
pub(super) async fn read_many(
    connection: &mut SqliteConnection,
    key: &DataKey,
    chats: &[i64],
) -> Result<Vec<Stored>, sqlx::Error> {
    let rows = sqlx::query(READ).bind(super::list(chats)).fetch_all(connection).await?;
    let readable = rows.iter().filter_map(|row| match from_row(key, row) {
        Ok(stored) => Some(stored),
        Err(error) => {
            log::error!("a reader's row cannot be read and is passed over: {error}");
            None
        }
    });
    Ok(readable.collect())
}

/// Everything at once; ends the subscription of a reader who has none.
pub(super) async fn save(
    connection: &mut SqliteConnection,
    key: &DataKey,
    chat: i64,
    reader: &Reader,
) -> Result<(), sqlx::Error> {
    let mut transaction = connection.begin_with("BEGIN IMMEDIATE").await?;
    match &reader.weekly {
        Some(weekly) => {
            sqlx::query(FORGET_EARLIER).bind(chat).execute(&mut *transaction).await?;
            let week = weekly.week_zero.map(|zero| seal_week(key, chat, zero)).transpose()?;
            write_subscription(&mut transaction, chat, weekly, week).await?;
        }
        None => end(&mut transaction, chat).await?,
    }
    // Nothing is to be remembered: not even how far an exercise is.
    if reader.is_stranger() {
        sqlx::query(END).bind(chat).execute(&mut *transaction).await?;
    }
    keep_pages(&mut transaction, key, chat, &reader.saved).await?;
    sqlx::query(ratings::FORGET).bind(chat).execute(&mut *transaction).await?;
    keep_ratings(&mut transaction, chat, &Ratings::new(), &reader.ratings).await?;
    write(&mut transaction, key, chat, reader).await?;
    transaction.commit().await
}

/// What differs between `before` and `after`, if it can still be written.
pub(super) async fn change(
    connection: &mut SqliteConnection,
    key: &DataKey,
    chat: i64,
    before: &Reader,
    after: &Reader,
) -> Result<bool, sqlx::Error> {
    let mut transaction = connection.begin_with("BEGIN IMMEDIATE").await?;
    if before.weekly != after.weekly {
        if after.weekly.is_none() {
            end(&mut transaction, chat).await?;
        } else {
            let stored = read(&mut transaction, key, chat).await?;
            if stored.reader.weekly != before.weekly {
                return Ok(false);
            }
            sqlx::query(FORGET_EARLIER).bind(chat).execute(&mut *transaction).await?;
            replace(&mut transaction, key, stored, after.weekly.as_ref()).await?;
        }
    }
    if before.saved != after.saved {
        keep_pages(&mut transaction, key, chat, &after.saved).await?;
    }
    keep_ratings(&mut transaction, chat, &before.ratings, &after.ratings).await?;
    if row_of(before) != row_of(after) {
        write(&mut transaction, key, chat, after).await?;
    }
    transaction.commit().await?;
    Ok(true)
}

/// The pages that they saved; none leave no row.
async fn keep_pages(connection: &mut SqliteConnection, key: &DataKey, chat: i64, pages: &[String]) -> Result<(), sqlx::Error> {
    let query = match seal_pages(key, chat, pages)? {
        Some(sealed) => sqlx::query(KEEP_PAGES).bind(chat).bind(sealed),
        None => sqlx::query(FORGET_PAGES).bind(chat),
    };
    query.execute(connection).await.map(drop)
}

/// What differs in what they thought of pages.
async fn keep_ratings(
    connection: &mut SqliteConnection,
    chat: i64,
    before: &Ratings,
    after: &Ratings,
) -> Result<(), sqlx::Error> {
    for page in ratings::gone(before, after) {
        sqlx::query(ratings::FORGET_ONE).bind(chat).bind(page).execute(&mut *connection).await?;
    }
    for (page, rated) in ratings::changed(before, after) {
        let query = sqlx::query(ratings::KEEP).bind(chat).bind(page).bind(rated.value).bind(&rated.missing);
        query.execute(&mut *connection).await?;
    }
    Ok(())
}

/// What is remembered of everybody; a reader of whom that is nothing has no row. After all else of theirs was written or ended.
async fn write(connection: &mut SqliteConnection, key: &DataKey, chat: i64, reader: &Reader) -> Result<(), sqlx::Error> {
    let Reader { region, language, asked, unit_number, seen, weekly: _, saved: _, ratings: _ } = reader;
    let sealed = seal_number(key, chat, unit_number.as_deref())?;
    let query = sqlx::query(WRITE_READER).bind(chat).bind(region).bind(language).bind(asked.map(asked_number));
    query.bind(sealed).bind(seen.map(days)).execute(&mut *connection).await?;
    // Of a stranger that is nothing; and the tips may have ended since the turn began.
    forget_empty(connection, chat).await
}

async fn forget_empty(connection: &mut SqliteConnection, chat: i64) -> Result<(), sqlx::Error> {
    sqlx::query(FORGET_EMPTY).bind(chat).execute(connection).await.map(drop)
}

/// The subscription as it stands next; `None` leaves no row, but what was delivered.
pub(super) async fn replace(
    connection: &mut SqliteConnection,
    key: &DataKey,
    stored: Stored,
    after: Option<&Subscription>,
) -> Result<(), sqlx::Error> {
    let Some(after) = after else {
        sqlx::query(END_SUBSCRIPTION).bind(stored.chat).execute(&mut *connection).await?;
        return forget_empty(connection, stored.chat).await;
    };
    let known = stored.reader.weekly.and_then(|weekly| weekly.week_zero);
    let week = match after.week_zero {
        same if same == known => stored.week,
        Some(zero) => Some(seal_week(key, stored.chat, zero)?),
        None => None,
    };
    write_subscription(connection, stored.chat, after, week).await
}

/// The subscription with all that belongs to it. In a transaction of the caller's.
pub(super) async fn end(connection: &mut SqliteConnection, chat: i64) -> Result<(), sqlx::Error> {
    sqlx::query(END_SUBSCRIPTION).bind(chat).execute(&mut *connection).await?;
    sqlx::query(FORGET_DELIVERIES).bind(chat).execute(&mut *connection).await?;
    forget_empty(connection, chat).await
}

async fn write_subscription(
    connection: &mut SqliteConnection,
    chat: i64,
    subscription: &Subscription,
    week: Option<Vec<u8>>,
) -> Result<(), sqlx::Error> {
    let Subscription { zone, day, hour, week_zero: _, paused_until, sent, last, next } = subscription;
    let query = sqlx::query(WRITE_SUBSCRIPTION).bind(chat).bind(zone).bind(day.to_monday_one_offset()).bind(hour).bind(week);
    let query = query.bind(paused_until.map(days)).bind(sent).bind(last.map(Timestamp::as_second));
    query.bind(days(next.on)).bind(next.at.as_second()).execute(connection).await.map(drop)
}

fn from_row(key: &DataKey, row: &SqliteRow) -> Result<Stored, sqlx::Error> {
    let chat = row.try_get("chat")?;
    let week: Option<Vec<u8>> = row.try_get("week_zero")?;
    let weekly = match row.try_get::<Option<String>, _>("zone")? {
        Some(zone) => Some(Subscription {
            zone,
            day: Weekday::from_monday_one_offset(row.try_get("day")?).map_err(broken)?,
            hour: row.try_get("hour")?,
            week_zero: week.as_ref().and_then(|sealed| open_week(key, chat, sealed)),
            paused_until: row.try_get::<Option<i64>, _>("paused_until")?.map(day_of).transpose()?,
            sent: row.try_get("sent")?,
            last: row.try_get::<Option<i64>, _>("last_at")?.map(time_of).transpose()?,
            next: Slot { on: day_of(row.try_get("next_on")?)?, at: time_of(row.try_get("next_at")?)? },
        }),
        None => None,
    };
    let asked = row.try_get::<Option<u16>, _>("asked")?.map(asked_of);
    let (region, language) = (row.try_get("region")?, row.try_get("language")?);
    let seen = row.try_get::<Option<i64>, _>("seen")?.map(day_of).transpose()?;
    let pages: Option<Vec<u8>> = row.try_get("saved")?;
    let saved = pages.map(|sealed| open_pages(key, chat, &sealed)).unwrap_or_default();
    let number: Option<Vec<u8>> = row.try_get("unit_number")?;
    let unit_number = number.and_then(|sealed| open_number(key, chat, &sealed));
    let ratings = ratings::of_json(row.try_get("ratings")?)?;
    Ok(Stored { chat, reader: Reader { region, language, weekly, asked, saved, unit_number, ratings, seen }, week })
}
