//! One reader's data: all of it for themselves, and none of it once nobody has come for long.

use jiff::civil::Date;
use sqlx::postgres::{PgConnection, PgRow};
use sqlx::{Connection, Row};

use super::{exercises, readers};
use crate::store::kept::{Kept, KeptTip, Unseen};
use crate::store::row::{day_of, days};
use crate::store::seal::DataKey;

/// Both looks at one moment, whatever another replica does.
const AT_ONE_MOMENT: &str = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";
const TIPS: &str =
    "SELECT day - date '1970-01-01' AS day, tip, zone, hour, helpful, missing FROM deliveries WHERE chat = $1 ORDER BY day";
const DATE: &str = "UPDATE readers SET seen = date '1970-01-01' + $1::bigint::integer WHERE chat IN \
     (SELECT chat FROM readers WHERE seen IS NULL LIMIT $2 FOR UPDATE SKIP LOCKED) RETURNING chat";
/// Each held as turns and tips hold it (`readers::hold`); who is held already is being seen, or forgotten by another replica.
const HOLD_UNSEEN: &str = "SELECT chat FROM \
     (SELECT chat FROM readers WHERE seen < date '1970-01-01' + $1::bigint::integer ORDER BY seen LIMIT $2) AS old \
     WHERE pg_try_advisory_xact_lock(chat)";
/// Asked once more: somebody may have come between the look and the hold.
const FORGET_READERS: &str =
    "DELETE FROM readers WHERE chat = ANY($1) AND seen < date '1970-01-01' + $2::bigint::integer RETURNING chat";
const FORGET_REST: [&str; 5] = [
    "DELETE FROM exercises WHERE chat = ANY($1)",
    "DELETE FROM subscriptions WHERE chat = ANY($1)",
    "DELETE FROM deliveries WHERE chat = ANY($1)",
    "DELETE FROM ratings WHERE chat = ANY($1)",
    "DELETE FROM saved_pages WHERE chat = ANY($1)",
];

pub(super) async fn kept(connection: &mut PgConnection, key: &DataKey, chat: i64) -> Result<Kept, sqlx::Error> {
    let mut transaction = connection.begin_with(AT_ONE_MOMENT).await?;
    let stored = readers::read(&mut transaction, key, chat).await?;
    let rows = sqlx::query(TIPS).bind(chat).fetch_all(&mut *transaction).await?;
    let tip = |row: &PgRow| {
        let hour = row.try_get::<Option<i16>, _>("hour")?.map(i8::try_from).transpose();
        let hour = hour.map_err(|error| sqlx::Error::Decode(error.into()))?;
        Ok(KeptTip {
            on: day_of(row.try_get::<i32, _>("day")?.into())?,
            tip: row.try_get("tip")?,
            on_its_way: row.try_get::<Option<String>, _>("zone")?.zip(hour),
            helpful: row.try_get("helpful")?,
            missing: row.try_get("missing")?,
        })
    };
    let tips = rows.iter().map(tip).collect::<Result<_, sqlx::Error>>()?;
    let exercise = exercises::of(&mut transaction, chat).await?;
    transaction.commit().await?;
    Ok(Kept { week_is_closed: stored.week_is_closed(), reader: stored.reader, tips, exercise })
}

pub(super) async fn forget_unseen(
    connection: &mut PgConnection,
    since: Date,
    today: Date,
    most: usize,
) -> Result<Unseen, sqlx::Error> {
    let most = i64::try_from(most).unwrap_or(i64::MAX);
    let dated = sqlx::query_scalar(DATE).bind(days(today)).bind(most).fetch_all(&mut *connection).await?;
    let mut transaction = connection.begin().await?;
    let held = sqlx::query_scalar(HOLD_UNSEEN).bind(days(since)).bind(most);
    let held: Vec<i64> = held.fetch_all(&mut *transaction).await?;
    if held.is_empty() {
        return Ok(Unseen { forgotten: held, dated });
    }
    let forgotten = sqlx::query_scalar(FORGET_READERS).bind(&held).bind(days(since));
    let forgotten: Vec<i64> = forgotten.fetch_all(&mut *transaction).await?;
    for forget in FORGET_REST {
        sqlx::query(forget).bind(&forgotten).execute(&mut *transaction).await?;
    }
    transaction.commit().await?;
    Ok(Unseen { forgotten, dated })
}
