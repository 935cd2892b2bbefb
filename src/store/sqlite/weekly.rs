//! Weekly tips: who is due, what was begun, what is out.
//!
//! A claim is a lease: whoever claims next passes over what is leased, and a process that died is followed up when its leases run out.
//! Nothing here looks at readers who are not due; the test below holds each plan of SQLite's to that.

use std::collections::HashMap;

use jiff::Timestamp;
use jiff::civil::Date;
use sqlx::sqlite::SqliteConnection;
use sqlx::{Connection, Row};

use super::readers;
use crate::dialogue::Reader;
use crate::dialogue::weekly::Begun;
use crate::store::Due;
use crate::store::row::{day_of, days};
use crate::store::seal::DataKey;

const LOG_GROWS: &str = "PRAGMA wal_autocheckpoint = 0";
/// As SQLite has it when it is opened.
const LOG_FOLDS: &str = "PRAGMA wal_autocheckpoint = 1000";
const CLAIM_BEGUN: &str = "UPDATE deliveries SET leased_until = ?2 WHERE (chat, day) IN \
     (SELECT chat, day FROM deliveries WHERE leased_until <= ?1 ORDER BY leased_until LIMIT ?3) RETURNING chat, day, tip, zone, hour";
/// A reader whose last tip is begun and not out waits for that one: two at once would be a backlog.
const CLAIM_DUE: &str = "UPDATE subscriptions SET leased_until = ?2 WHERE chat IN \
     (SELECT chat FROM subscriptions AS s WHERE next_at <= ?1 AND leased_until <= ?1 AND NOT EXISTS \
     (SELECT 1 FROM deliveries AS d WHERE d.chat = s.chat AND d.leased_until IS NOT NULL) ORDER BY next_at LIMIT ?3) RETURNING chat";
const SEEN: &str = "SELECT c.value, (SELECT json_group_array(tip) FROM \
     (SELECT tip FROM deliveries WHERE chat = c.value AND leased_until IS NULL ORDER BY day)) FROM json_each(?) AS c";
const BEGIN: &str = "INSERT INTO deliveries (chat, day, tip, leased_until, zone, hour) VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (chat, day) DO NOTHING";
const FORGET_ENDED: &str =
    "DELETE FROM deliveries WHERE chat = ?1 AND NOT EXISTS (SELECT 1 FROM subscriptions WHERE chat = ?1)";
const DELIVERED: &str = "UPDATE deliveries SET leased_until = NULL, zone = NULL, hour = NULL WHERE chat = ? AND day = ?";
const RESTS_FROM: &str = "UPDATE subscriptions SET last_at = ? WHERE chat = ?";
const DUE: &str = "SELECT (SELECT count(*) FROM subscriptions WHERE next_at <= ?) \
     + (SELECT count(*) FROM deliveries WHERE leased_until IS NOT NULL)";
const RATE: &str = "UPDATE deliveries SET helpful = ?, missing = ? WHERE chat = ? AND tip = ?";

pub(super) async fn claim(
    connection: &mut SqliteConnection,
    key: &DataKey,
    now: Timestamp,
    lease: Timestamp,
    most: usize,
) -> Result<Vec<Due>, sqlx::Error> {
    // A claim writes to a hundred places at once. Folding the log into the file is left to the small writes after it, so that no batch
    // waits for the disk.
    sqlx::query(LOG_GROWS).execute(&mut *connection).await?;
    let claimed = claim_now(connection, key, now, lease, most).await;
    sqlx::query(LOG_FOLDS).execute(connection).await?;
    claimed
}

async fn claim_now(
    connection: &mut SqliteConnection,
    key: &DataKey,
    now: Timestamp,
    lease: Timestamp,
    most: usize,
) -> Result<Vec<Due>, sqlx::Error> {
    let (now, lease) = (now.as_second(), lease.as_second());
    let limit = |most: usize| i64::try_from(most).unwrap_or(i64::MAX);
    let mut transaction = connection.begin_with("BEGIN IMMEDIATE").await?;

    let rows = sqlx::query(CLAIM_BEGUN).bind(now).bind(lease).bind(limit(most)).fetch_all(&mut *transaction).await?;
    let mut begun: HashMap<i64, Begun> = HashMap::new();
    for row in &rows {
        let (on, tip) = (day_of(row.try_get(1)?)?, row.try_get(2)?);
        begun.insert(row.try_get(0)?, Begun { on, tip, zone: row.try_get(3)?, hour: row.try_get(4)? });
    }
    let mut chats: Vec<i64> = begun.keys().copied().collect();
    if rows.len() < most {
        let due = sqlx::query_scalar(CLAIM_DUE).bind(now).bind(lease).bind(limit(most - rows.len()));
        chats.append(&mut due.fetch_all(&mut *transaction).await?);
    }
    if chats.is_empty() {
        return Ok(Vec::new());
    }

    let claimed = readers::read_many(&mut transaction, key, &chats).await?;
    let rows = sqlx::query(SEEN).bind(super::list(&chats)).fetch_all(&mut *transaction).await?;
    let mut seen: HashMap<i64, Vec<String>> = HashMap::with_capacity(rows.len());
    for row in &rows {
        let tips = serde_json::from_str(row.try_get(1)?).map_err(|error| sqlx::Error::Decode(error.into()))?;
        seen.insert(row.try_get(0)?, tips);
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
    connection: &mut SqliteConnection,
    key: &DataKey,
    delivery: Delivery<'_>,
    claimed: &Reader,
    after: &Reader,
) -> Result<bool, sqlx::Error> {
    let Delivery { chat, on, tip, lease } = delivery;
    let mut transaction = connection.begin_with("BEGIN IMMEDIATE").await?;
    let stored = readers::read(&mut transaction, key, chat).await?;
    let Some(weekly) = stored.reader.weekly.as_ref().filter(|weekly| Some(*weekly) == claimed.weekly.as_ref()) else {
        return Ok(false);
    };
    let insert = sqlx::query(BEGIN).bind(chat).bind(days(on)).bind(tip).bind(lease.as_second());
    if insert.bind(&weekly.zone).bind(weekly.hour).execute(&mut *transaction).await?.rows_affected() == 0 {
        return Ok(false);
    }
    readers::replace(&mut transaction, key, stored, after.weekly.as_ref()).await?;
    transaction.commit().await?;
    Ok(true)
}

pub(super) async fn put_off(
    connection: &mut SqliteConnection,
    key: &DataKey,
    chat: i64,
    claimed: &Reader,
    after: &Reader,
) -> Result<bool, sqlx::Error> {
    let mut transaction = connection.begin_with("BEGIN IMMEDIATE").await?;
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
    connection: &mut SqliteConnection,
    chat: i64,
    on: Date,
    late: Option<Timestamp>,
) -> Result<(), sqlx::Error> {
    // In this order no transaction is needed: the days of rest count from a tip that stays begun too, and of a subscription that has
    // ended, the deletion alone leaves nothing.
    if let Some(at) = late {
        sqlx::query(RESTS_FROM).bind(at.as_second()).bind(chat).execute(&mut *connection).await?;
    }
    sqlx::query(FORGET_ENDED).bind(chat).execute(&mut *connection).await?;
    sqlx::query(DELIVERED).bind(chat).bind(days(on)).execute(connection).await.map(drop)
}

pub(super) async fn gone(connection: &mut SqliteConnection, chat: i64) -> Result<(), sqlx::Error> {
    let mut transaction = connection.begin_with("BEGIN IMMEDIATE").await?;
    readers::end(&mut transaction, chat).await?;
    transaction.commit().await
}

pub(super) async fn due(connection: &mut SqliteConnection, now: Timestamp) -> Result<u64, sqlx::Error> {
    sqlx::query_scalar(DUE).bind(now.as_second()).fetch_one(connection).await
}

pub(super) async fn rate(
    connection: &mut SqliteConnection,
    chat: i64,
    tip: &str,
    helpful: bool,
    missing: Option<&str>,
) -> Result<(), sqlx::Error> {
    sqlx::query(RATE).bind(helpful).bind(missing).bind(chat).bind(tip).execute(connection).await.map(drop)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)] // a failed unwrap is a failed test

    use sqlx::{AssertSqlSafe, SqliteConnection};

    use super::*;

    /// What SQLite would do, a line a step.
    async fn plan(connection: &mut SqliteConnection, sql: &str) -> Vec<String> {
        let asked = AssertSqlSafe(format!("EXPLAIN QUERY PLAN {sql}"));
        let rows = sqlx::query(asked).fetch_all(connection).await.unwrap();
        rows.iter().map(|row| row.get("detail")).collect()
    }

    #[tokio::test]
    async fn nothing_is_looked_at_that_is_not_due() {
        let mut connection = SqliteConnection::connect("sqlite::memory:").await.unwrap();
        sqlx::migrate!("migrations/sqlite").run(&mut connection).await.unwrap();
        let searches = [
            (CLAIM_DUE, "s USING COVERING INDEX subscriptions_due (next_at<?)"),
            (CLAIM_DUE, "subscriptions USING PRIMARY KEY (chat=?)"),
            (CLAIM_DUE, "d USING PRIMARY KEY (chat=?)"),
            (CLAIM_BEGUN, "deliveries USING COVERING INDEX deliveries_begun (leased_until<?)"),
            (CLAIM_BEGUN, "deliveries USING PRIMARY KEY (chat=? AND day=?)"),
            (SEEN, "deliveries USING PRIMARY KEY (chat=?)"),
            (DUE, "subscriptions USING COVERING INDEX subscriptions_due (next_at<?)"),
        ];
        for (sql, step) in searches {
            let plan = plan(&mut connection, sql).await;
            assert!(plan.contains(&format!("SEARCH {step}")), "{sql}\n{plan:#?}");
        }
        for sql in [CLAIM_BEGUN, CLAIM_DUE, SEEN, BEGIN, FORGET_ENDED, DELIVERED, DUE, RATE] {
            for step in plan(&mut connection, sql).await {
                // The chats that were asked for, a row without a table, and the index of what is begun right now.
                let is_small =
                    ["VIRTUAL TABLE", "CONSTANT ROW", "INDEX deliveries_begun"].iter().any(|small| step.contains(small));
                let is_sub = step.starts_with("SCAN (subquery") || step.starts_with("CO-ROUTINE");
                assert!(!step.starts_with("SCAN") || is_small || is_sub, "{sql}\n{step}");
                assert!(sql == SEEN || !step.contains("TEMP B-TREE"), "sorted instead of read in order: {sql}\n{step}");
            }
        }
    }
}
