//! Readers and what they signed up for: rows to [`Reader`] and back.
//!
//! Who reads before writing holds the chat first ([`hold`]), so that turns and tips of one chat come one after another, from whichever
//! replica; those of other chats don't wait. A week that cannot be opened is kept as it lies, as in SQLite.

use jiff::Timestamp;
use jiff::civil::Weekday;
use sqlx::postgres::{PgConnection, PgRow};
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

/// Until the transaction ends. A lock on a row would not do: a stranger has none.
const HOLD: &str = "SELECT pg_advisory_xact_lock($1)";
/// Any number of readers by a list of chats, strangers among them.
const READ: &str = "SELECT c.chat, region, language, asked, unit_number, seen - date '1970-01-01' AS seen, zone, day, hour, week_zero, paused_until - date '1970-01-01' AS paused_until, sent, \
     extract(epoch FROM last_at)::bigint AS last_at, next_on - date '1970-01-01' AS next_on, \
     extract(epoch FROM next_at)::bigint AS next_at, p.sealed AS saved, \
     (SELECT json_agg(json_build_array(page, value, missing))::text FROM ratings AS g WHERE g.chat = c.chat) AS ratings FROM unnest($1::bigint[]) AS c(chat) \
     LEFT JOIN readers AS r ON r.chat = c.chat LEFT JOIN subscriptions AS s ON s.chat = c.chat \
     LEFT JOIN saved_pages AS p ON p.chat = c.chat";
const WRITE_READER: &str = "INSERT INTO readers (chat, region, language, asked, unit_number, seen) \
     VALUES ($1, $2, $3, $4, $5, date '1970-01-01' + $6::bigint::integer) \
     ON CONFLICT (chat) DO UPDATE SET region = excluded.region, language = excluded.language, asked = excluded.asked, \
     unit_number = excluded.unit_number, seen = excluded.seen";
const KEEP_PAGES: &str =
    "INSERT INTO saved_pages (chat, sealed) VALUES ($1, $2) ON CONFLICT (chat) DO UPDATE SET sealed = excluded.sealed";
const FORGET_PAGES: &str = "DELETE FROM saved_pages WHERE chat = $1";
/// A day of a visit alone is no reason for a row.
const FORGET_EMPTY: &str = "DELETE FROM readers WHERE chat = $1 AND region IS NULL AND language IS NULL AND asked IS NULL AND unit_number IS NULL \
     AND NOT EXISTS (SELECT 1 FROM subscriptions WHERE chat = $1) AND NOT EXISTS (SELECT 1 FROM saved_pages WHERE chat = $1) \
     AND NOT EXISTS (SELECT 1 FROM ratings WHERE chat = $1)";
/// Whatever is written, a lease on what was there before has no meaning any more.
const WRITE_SUBSCRIPTION: &str = "INSERT INTO subscriptions \
     (chat, zone, day, hour, week_zero, paused_until, sent, last_at, next_on, next_at) VALUES ($1, $2, $3, $4, $5, \
     date '1970-01-01' + $6::bigint::integer, $7, to_timestamp($8::bigint), date '1970-01-01' + $9::bigint::integer, to_timestamp($10::bigint)) \
     ON CONFLICT (chat) DO UPDATE SET zone = excluded.zone, day = excluded.day, hour = excluded.hour, \
     week_zero = excluded.week_zero, paused_until = excluded.paused_until, sent = excluded.sent, last_at = excluded.last_at, \
     next_on = excluded.next_on, next_at = excluded.next_at, leased_until = '-infinity'";
const END_SUBSCRIPTION: &str = "DELETE FROM subscriptions WHERE chat = $1";
const FORGET_DELIVERIES: &str = "DELETE FROM deliveries WHERE chat = $1";
/// What an earlier subscription left while its last tip is on its way: a new one begins afresh.
const FORGET_EARLIER: &str = "DELETE FROM deliveries WHERE chat = $1 AND leased_until IS NULL \
     AND NOT EXISTS (SELECT 1 FROM subscriptions WHERE chat = $1)";

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

/// Waits for whoever else works on this chat. In a transaction of the caller's.
pub(super) async fn hold(connection: &mut PgConnection, chat: i64) -> Result<(), sqlx::Error> {
    sqlx::query(HOLD).bind(chat).execute(connection).await.map(drop)
}

pub(super) async fn read(connection: &mut PgConnection, key: &DataKey, chat: i64) -> Result<Stored, sqlx::Error> {
    let row = sqlx::query(READ).bind(vec![chat]).fetch_one(connection).await?;
    from_row(key, &row)
}

/// Those that can be read. One damaged row must not hold up all others.
pub(super) async fn read_many(connection: &mut PgConnection, key: &DataKey, chats: &[i64]) -> Result<Vec<Stored>, sqlx::Error> {
    let rows = sqlx::query(READ).bind(chats).fetch_all(connection).await?;
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
pub(super) async fn save(connection: &mut PgConnection, key: &DataKey, chat: i64, reader: &Reader) -> Result<(), sqlx::Error> {
    let mut transaction = connection.begin().await?;
    hold(&mut transaction, chat).await?;
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

/// What differs between `before` and `after`, if it can still be written. What stands already is not refused: this may be the second
/// attempt of a turn whose first one arrived, while the word of it got lost.
pub(super) async fn change(
    connection: &mut PgConnection,
    key: &DataKey,
    chat: i64,
    before: &Reader,
    after: &Reader,
) -> Result<bool, sqlx::Error> {
    let mut transaction = connection.begin().await?;
    hold(&mut transaction, chat).await?;
    if before.weekly != after.weekly {
        if after.weekly.is_none() {
            end(&mut transaction, chat).await?;
        } else {
            let stored = read(&mut transaction, key, chat).await?;
            if stored.reader.weekly == before.weekly {
                sqlx::query(FORGET_EARLIER).bind(chat).execute(&mut *transaction).await?;
                replace(&mut transaction, key, stored, after.weekly.as_ref()).await?;
            } else if stored.reader.weekly != after.weekly {
                return Ok(false);
            }
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
async fn keep_pages(connection: &mut PgConnection, key: &DataKey, chat: i64, pages: &[String]) -> Result<(), sqlx::Error> {
    let query = match seal_pages(key, chat, pages)? {
        Some(sealed) => sqlx::query(KEEP_PAGES).bind(chat).bind(sealed),
        None => sqlx::query(FORGET_PAGES).bind(chat),
    };
    query.execute(connection).await.map(drop)
}

/// What differs in what they thought of pages.
async fn keep_ratings(connection: &mut PgConnection, chat: i64, before: &Ratings, after: &Ratings) -> Result<(), sqlx::Error> {
    for page in ratings::gone(before, after) {
        sqlx::query(ratings::FORGET_ONE).bind(chat).bind(page).execute(&mut *connection).await?;
    }
    for (page, rated) in ratings::changed(before, after) {
        let query = sqlx::query(ratings::KEEP).bind(chat).bind(page).bind(i16::from(rated.value)).bind(&rated.missing);
        query.execute(&mut *connection).await?;
    }
    Ok(())
}

/// What is remembered of everybody; a reader of whom that is nothing has no row. After all else of theirs was written or ended.
async fn write(connection: &mut PgConnection, key: &DataKey, chat: i64, reader: &Reader) -> Result<(), sqlx::Error> {
    let Reader { region, language, asked, unit_number, seen, weekly: _, saved: _, ratings: _ } = reader;
    let sealed = seal_number(key, chat, unit_number.as_deref())?;
    let query = sqlx::query(WRITE_READER)
        .bind(chat)
        .bind(region)
        .bind(language)
        .bind(asked.map(|asked| asked_number(asked).cast_signed()));
    query.bind(sealed).bind(seen.map(days)).execute(&mut *connection).await?;
    // Of a stranger that is nothing; and the tips may have ended since the turn began.
    forget_empty(connection, chat).await
}

async fn forget_empty(connection: &mut PgConnection, chat: i64) -> Result<(), sqlx::Error> {
    sqlx::query(FORGET_EMPTY).bind(chat).execute(connection).await.map(drop)
}

/// The subscription as it stands next; `None` leaves no row, but what was delivered.
pub(super) async fn replace(
    connection: &mut PgConnection,
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
pub(super) async fn end(connection: &mut PgConnection, chat: i64) -> Result<(), sqlx::Error> {
    sqlx::query(END_SUBSCRIPTION).bind(chat).execute(&mut *connection).await?;
    sqlx::query(FORGET_DELIVERIES).bind(chat).execute(&mut *connection).await?;
    forget_empty(connection, chat).await
}

async fn write_subscription(
    connection: &mut PgConnection,
    chat: i64,
    subscription: &Subscription,
    week: Option<Vec<u8>>,
) -> Result<(), sqlx::Error> {
    let Subscription { zone, day, hour, week_zero: _, paused_until, sent, last, next } = subscription;
    let query = sqlx::query(WRITE_SUBSCRIPTION).bind(chat).bind(zone).bind(i16::from(day.to_monday_one_offset()));
    let query = query.bind(i16::from(*hour)).bind(week).bind(paused_until.map(days)).bind(i32::from(*sent));
    let query = query.bind(last.map(Timestamp::as_second)).bind(days(next.on)).bind(next.at.as_second());
    query.execute(connection).await.map(drop)
}

fn from_row(key: &DataKey, row: &PgRow) -> Result<Stored, sqlx::Error> {
    let chat = row.try_get("chat")?;
    let week: Option<Vec<u8>> = row.try_get("week_zero")?;
    let weekly = match row.try_get::<Option<String>, _>("zone")? {
        Some(zone) => Some(Subscription {
            zone,
            day: Weekday::from_monday_one_offset(small(row, "day")?).map_err(broken)?,
            hour: small(row, "hour")?,
            week_zero: week.as_ref().and_then(|sealed| open_week(key, chat, sealed)),
            paused_until: row.try_get::<Option<i32>, _>("paused_until")?.map(|days| day_of(days.into())).transpose()?,
            sent: u16::try_from(row.try_get::<i32, _>("sent")?).map_err(|error| sqlx::Error::Decode(error.into()))?,
            last: row.try_get::<Option<i64>, _>("last_at")?.map(time_of).transpose()?,
            next: Slot { on: day_of(row.try_get::<i32, _>("next_on")?.into())?, at: time_of(row.try_get("next_at")?)? },
        }),
        None => None,
    };
    let asked = row.try_get::<Option<i16>, _>("asked")?.map(|number| asked_of(number.cast_unsigned()));
    let (region, language) = (row.try_get("region")?, row.try_get("language")?);
    let seen = row.try_get::<Option<i32>, _>("seen")?.map(|days| day_of(days.into())).transpose()?;
    let pages: Option<Vec<u8>> = row.try_get("saved")?;
    let saved = pages.map(|sealed| open_pages(key, chat, &sealed)).unwrap_or_default();
    let number: Option<Vec<u8>> = row.try_get("unit_number")?;
    let unit_number = number.and_then(|sealed| open_number(key, chat, &sealed));
    let ratings = ratings::of_json(row.try_get("ratings")?)?;
    Ok(Stored { chat, reader: Reader { region, language, weekly, asked, saved, unit_number, ratings, seen }, week })
}

fn small(row: &PgRow, column: &str) -> Result<i8, sqlx::Error> {
    i8::try_from(row.try_get::<i16, _>(column)?).map_err(|error| sqlx::Error::Decode(error.into()))
}
