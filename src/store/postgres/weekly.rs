//! Weekly tips: who is due, what was begun, what is out.
//!
//! A claim is a lease, as in SQLite. Replicas claim side by side: each passes over the rows that another has its hands on.

use std::collections::HashMap;

use jiff::Timestamp;
use jiff::civil::Date;
use sqlx::postgres::PgConnection;
use sqlx::{Connection, Row};

use super::readers;
use crate::dialogue::Reader;
use crate::dialogue::weekly::Begun;
use crate::store::Due;
use crate::store::row::{day_of, days};
use crate::store::seal::DataKey;

const CLAIM_BEGUN: &str = "UPDATE deliveries AS d SET leased_until = to_timestamp($2::bigint) FROM \
     (SELECT chat, day FROM deliveries WHERE leased_until <= to_timestamp($1::bigint) ORDER BY leased_until LIMIT $3 \
     FOR UPDATE SKIP LOCKED) AS free WHERE d.chat = free.chat AND d.day = free.day \
     RETURNING d.chat, d.day - date '1970-01-01', d.tip, d.zone, d.hour";
const LOCK_DUE: &str = "SELECT chat FROM subscriptions AS s WHERE next_at <= to_timestamp($1::bigint) \
     AND leased_until <= to_timestamp($1::bigint) AND NOT EXISTS \
     (SELECT 1 FROM deliveries AS d WHERE d.chat = s.chat AND d.leased_until IS NOT NULL) \
     ORDER BY next_at LIMIT $2 FOR UPDATE OF s SKIP LOCKED";
/// A reader whose last tip is begun and not out waits for that one: two at once would be a backlog. Asked once more than in SQLite:
/// what another replica began between the look and the lock is seen only by a second look.
const CLAIM_DUE: &str = "UPDATE subscriptions AS s SET leased_until = to_timestamp($2::bigint) WHERE chat = ANY($1) AND NOT EXISTS \
     (SELECT 1 FROM deliveries AS d WHERE d.chat = s.chat AND d.leased_until IS NOT NULL) RETURNING chat";
const SEEN: &str =
    "SELECT chat, array_agg(tip ORDER BY day) FROM deliveries WHERE chat = ANY($1) AND leased_until IS NULL GROUP BY chat";
const BEGIN: &str = "INSERT INTO deliveries (chat, day, tip, leased_until, zone, hour) VALUES \
     ($1, date '1970-01-01' + $2::bigint::integer, $3, to_timestamp($4::bigint), $5, $6) ON CONFLICT (chat, day) DO NOTHING";
const FORGET_ENDED: &str =
    "DELETE FROM deliveries WHERE chat = $1 AND NOT EXISTS (SELECT 1 FROM subscriptions WHERE chat = $1)";
const DELIVERED: &str = "UPDATE deliveries SET leased_until = NULL, zone = NULL, hour = NULL \
     WHERE chat = $1 AND day = date '1970-01-01' + $2::bigint::integer";
const RESTS_FROM: &str = "UPDATE subscriptions SET last_at = to_timestamp($1::bigint) WHERE chat = $2";
const DUE: &str = "SELECT (SELECT count(*) FROM subscriptions WHERE next_at <= to_timestamp($1::bigint)) \
     + (SELECT count(*) FROM deliveries WHERE leased_until IS NOT NULL)";
const RATE: &str = "UPDATE deliveries SET helpful = $1, missing = $2 WHERE chat = $3 AND tip = $4";

pub(super) async fn claim(
    connection: &mut PgConnection,
    key: &DataKey,
    now: Timestamp,
    lease: Timestamp,
    most: usize,
) -> Result<Vec<Due>, sqlx::Error> {
    let (now, lease) = (now.as_second(), lease.as_second());
    let limit = |most: usize| i64::try_from(most).unwrap_or(i64::MAX);
    let mut transaction = connection.begin().await?;

    let rows = sqlx::query(CLAIM_BEGUN).bind(now).bind(lease).bind(limit(most)).fetch_all(&mut *transaction).await?;
    let mut begun: HashMap<i64, Begun> = HashMap::new();
    for row in &rows {
        let hour = i8::try_from(row.try_get::<i16, _>(4)?).map_err(|error| sqlx::Error::Decode(error.into()))?;
        let (on, tip) = (day_of(row.try_get::<i32, _>(1)?.into())?, row.try_get(2)?);
        begun.insert(row.try_get(0)?, Begun { on, tip, zone: row.try_get(3)?, hour });
    }
    let mut chats: Vec<i64> = begun.keys().copied().collect();
    if rows.len() < most {
        let locked = sqlx::query_scalar(LOCK_DUE).bind(now).bind(limit(most - rows.len()));
        let locked: Vec<i64> = locked.fetch_all(&mut *transaction).await?;
        if !locked.is_empty() {
            let due = sqlx::query_scalar(CLAIM_DUE).bind(locked).bind(lease);
            chats.append(&mut due.fetch_all(&mut *transaction).await?);
        }
    }
    if chats.is_empty() {
        return Ok(Vec::new());
    }

    let claimed = readers::read_many(&mut transaction, key, &chats).await?;
    let rows = sqlx::query(SEEN).bind(&chats).fetch_all(&mut *transaction).await?;
    let mut seen: HashMap<i64, Vec<String>> = HashMap::with_capacity(rows.len());
    for row in &rows {
        seen.insert(row.try_get(0)?, row.try_get(1)?);
    }
    transaction.commit().await?;
    Ok(crate::store::in_order(claimed.into_iter().map(|stored| Due {
        seen: seen.remove(&stored.chat).unwrap_or_default(),
        begun: begun.remove(&stored.chat),
        chat: stored.chat,
        reader: stored.reader,
    })))
}

/// An occurrence of one chat's tip, to be written down before it is sent.
pub(super) struct Delivery<'a> {
    pub(super) chat: i64,
    pub(super) on: Date,
    pub(super) tip: &'a str,
    pub(super) lease: Timestamp,
}

pub(super) async fn begin(
    connection: &mut PgConnection,
    key: &DataKey,
    delivery: &Delivery<'_>,
    claimed: &Reader,
    after: &Reader,
) -> Result<bool, sqlx::Error> {
    let Delivery { chat, on, tip, lease } = *delivery;
    let mut transaction = connection.begin().await?;
    readers::hold(&mut transaction, chat).await?;
    let stored = readers::read(&mut transaction, key, chat).await?;
    let Some(weekly) = stored.reader.weekly.as_ref().filter(|weekly| Some(*weekly) == claimed.weekly.as_ref()) else {
        return Ok(false);
    };
    let insert = sqlx::query(BEGIN).bind(chat).bind(days(on)).bind(tip).bind(lease.as_second());
    if insert.bind(&weekly.zone).bind(i16::from(weekly.hour)).execute(&mut *transaction).await?.rows_affected() == 0 {
        return Ok(false);
    }
    readers::replace(&mut transaction, key, stored, after.weekly.as_ref()).await?;
    transaction.commit().await?;
    Ok(true)
}

pub(super) async fn put_off(
    connection: &mut PgConnection,
    key: &DataKey,
    chat: i64,
    claimed: &Reader,
    after: &Reader,
) -> Result<bool, sqlx::Error> {
    let mut transaction = connection.begin().await?;
    readers::hold(&mut transaction, chat).await?;
    let stored = readers::read(&mut transaction, key, chat).await?;
    if stored.reader.weekly.is_none() || stored.reader.weekly != claimed.weekly {
        return Ok(false);
    }
    match &after.weekly {
        Some(_) => readers::replace(&mut transaction, key, stored, after.weekly.as_ref()).await?,
        None => readers::end(&mut transaction, chat).await?,
    }
    transaction.commit().await?;
    Ok(true)
}

pub(super) async fn delivered(
    connection: &mut PgConnection,
    chat: i64,
    on: Date,
    late: Option<Timestamp>,
) -> Result<(), sqlx::Error> {
    let mut transaction = connection.begin().await?;
    readers::hold(&mut transaction, chat).await?;
    if let Some(at) = late {
        sqlx::query(RESTS_FROM).bind(at.as_second()).bind(chat).execute(&mut *transaction).await?;
    }
    sqlx::query(FORGET_ENDED).bind(chat).execute(&mut *transaction).await?;
    sqlx::query(DELIVERED).bind(chat).bind(days(on)).execute(&mut *transaction).await?;
    transaction.commit().await
}

pub(super) async fn gone(connection: &mut PgConnection, chat: i64) -> Result<(), sqlx::Error> {
    let mut transaction = connection.begin().await?;
    readers::hold(&mut transaction, chat).await?;
    readers::end(&mut transaction, chat).await?;
    transaction.commit().await
}

pub(super) async fn due(connection: &mut PgConnection, now: Timestamp) -> Result<u64, sqlx::Error> {
    let due: i64 = sqlx::query_scalar(DUE).bind(now.as_second()).fetch_one(connection).await?;
    Ok(due.unsigned_abs())
}

pub(super) async fn rate(
    connection: &mut PgConnection,
    chat: i64,
    tip: &str,
    helpful: bool,
    missing: Option<&str>,
) -> Result<(), sqlx::Error> {
    sqlx::query(RATE).bind(helpful).bind(missing).bind(chat).bind(tip).execute(connection).await.map(drop)
}
