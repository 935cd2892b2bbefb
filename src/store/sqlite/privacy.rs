//! One reader's data: all of it for themselves, and none of it once nobody has come for long.

use jiff::civil::Date;
use sqlx::sqlite::SqliteConnection;
use sqlx::{Connection, Row};

use super::{exercises, readers};
use crate::store::kept::{Kept, KeptTip, Unseen};
use crate::store::row::{day_of, days};
use crate::store::seal::DataKey;

const TIPS: &str = "SELECT day, tip, zone, hour, helpful, missing FROM deliveries WHERE chat = ? ORDER BY day";
const DATE: &str =
    "UPDATE readers SET seen = ?1 WHERE chat IN (SELECT chat FROM readers WHERE seen IS NULL LIMIT ?2) RETURNING chat";
const UNSEEN: &str = "SELECT chat FROM readers WHERE seen < ?1 ORDER BY seen LIMIT ?2";
const FORGET: [&str; 6] = [
    "DELETE FROM exercises WHERE chat IN (SELECT value FROM json_each(?))",
    "DELETE FROM deliveries WHERE chat IN (SELECT value FROM json_each(?))",
    "DELETE FROM ratings WHERE chat IN (SELECT value FROM json_each(?))",
    "DELETE FROM saved_pages WHERE chat IN (SELECT value FROM json_each(?))",
    "DELETE FROM subscriptions WHERE chat IN (SELECT value FROM json_each(?))",
    "DELETE FROM readers WHERE chat IN (SELECT value FROM json_each(?))",
];

pub(super) async fn kept(connection: &mut SqliteConnection, key: &DataKey, chat: i64) -> Result<Kept, sqlx::Error> {
    // Both looks at one moment, whatever another process does.
    let mut transaction = connection.begin().await?;
    let stored = readers::read(&mut transaction, key, chat).await?;
    let rows = sqlx::query(TIPS).bind(chat).fetch_all(&mut *transaction).await?;
    let tip = |row: &sqlx::sqlite::SqliteRow| {
        let (zone, hour): (Option<String>, Option<i8>) = (row.try_get("zone")?, row.try_get("hour")?);
        Ok(KeptTip {
            on: day_of(row.try_get("day")?)?,
            tip: row.try_get("tip")?,
            on_its_way: zone.zip(hour),
            helpful: row.try_get("helpful")?,
            missing: row.try_get("missing")?,
        })
    };
    let tips = rows.iter().map(tip).collect::<Result<_, sqlx::Error>>()?;
    let exercise = exercises::of(&mut transaction, chat).await?;
    Ok(Kept { week_is_closed: stored.week_is_closed(), reader: stored.reader, tips, exercise })
}

pub(super) async fn forget_unseen(
    connection: &mut SqliteConnection,
    since: Date,
    today: Date,
    most: usize,
) -> Result<Unseen, sqlx::Error> {
    let most = i64::try_from(most).unwrap_or(i64::MAX);
    let mut transaction = connection.begin_with("BEGIN IMMEDIATE").await?;
    let dated = sqlx::query_scalar(DATE).bind(days(today)).bind(most).fetch_all(&mut *transaction).await?;
    let unseen = sqlx::query_scalar(UNSEEN).bind(days(since)).bind(most);
    let forgotten: Vec<i64> = unseen.fetch_all(&mut *transaction).await?;
    if !forgotten.is_empty() {
        for forget in FORGET {
            sqlx::query(forget).bind(super::list(&forgotten)).execute(&mut *transaction).await?;
        }
    }
    transaction.commit().await?;
    Ok(Unseen { forgotten, dated })
}

/// Writes the file anew. What is deleted is overwritten at once, but for copies that SQLite has left in free parts of its pages while it
/// moved rows from page to page: about one row in a thousand.
pub(super) async fn tidy(connection: &mut SqliteConnection) -> Result<(), sqlx::Error> {
    sqlx::query("VACUUM").execute(&mut *connection).await?;
    sqlx::query("PRAGMA wal_checkpoint(TRUNCATE)").execute(connection).await.map(drop)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)] // a failed unwrap is a failed test

    use sqlx::AssertSqlSafe;

    use super::*;

    #[tokio::test]
    async fn whoever_was_here_lately_is_not_looked_at() {
        let mut connection = SqliteConnection::connect("sqlite::memory:").await.unwrap();
        sqlx::migrate!("migrations/sqlite").run(&mut connection).await.unwrap();
        for sql in [DATE, UNSEEN].into_iter().chain(FORGET) {
            let asked = AssertSqlSafe(format!("EXPLAIN QUERY PLAN {sql}"));
            for row in sqlx::query(asked).fetch_all(&mut connection).await.unwrap() {
                let step: String = row.get("detail");
                let looks_at_all = step.starts_with("SCAN") && !step.contains("json_each") && !step.contains("VIRTUAL TABLE");
                assert!(!looks_at_all && !step.contains("TEMP B-TREE"), "{sql}\n{step}");
            }
        }
    }
}
