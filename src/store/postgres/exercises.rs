//! Exercises that are being counted, each row belonging to the replica that counts.

use sqlx::Row;
use sqlx::postgres::{PgConnection, PgRow};

use crate::store::UnderWay;
use crate::store::row::time_of;

const KEEP: &str = "INSERT INTO exercises (chat, message, token, due, replica) VALUES ($1, $2, $3, to_timestamp($4), $5) \
     ON CONFLICT (chat) DO UPDATE SET message = excluded.message, token = excluded.token, due = excluded.due, \
     replica = excluded.replica";
/// Nobody's, or a dead replica's; whoever comes first has it.
const TAKE: &str = "UPDATE exercises SET replica = $1 WHERE chat IN (SELECT chat FROM exercises AS e WHERE replica <> $1 \
     AND NOT EXISTS (SELECT 1 FROM replicas AS r WHERE r.id = e.replica AND r.leased_until > clock_timestamp()) \
     FOR UPDATE OF e SKIP LOCKED) RETURNING chat, message, token, extract(epoch FROM due)::bigint AS due";
const ONE: &str = "SELECT chat, message, token, extract(epoch FROM due)::bigint AS due FROM exercises WHERE chat = $1";
const STOP: &str = "DELETE FROM exercises WHERE chat = $1 AND message = $2";
const OURS: &str = "SELECT EXISTS (SELECT 1 FROM exercises WHERE chat = $1 AND message = $2 AND replica = $3)";

pub(super) async fn keep(
    connection: &mut PgConnection,
    replica: i64,
    chat: i64,
    under_way: &UnderWay,
) -> Result<(), sqlx::Error> {
    let UnderWay { message, token, due } = under_way;
    let query = sqlx::query(KEEP).bind(chat).bind(message).bind(token).bind(due.as_second());
    query.bind(replica).execute(connection).await.map(drop)
}

pub(super) async fn take(connection: &mut PgConnection, replica: i64) -> Result<Vec<(i64, UnderWay)>, sqlx::Error> {
    sqlx::query(TAKE).bind(replica).fetch_all(connection).await?.iter().map(of_row).collect()
}

pub(super) async fn stop(connection: &mut PgConnection, chat: i64, message: i64) -> Result<(), sqlx::Error> {
    sqlx::query(STOP).bind(chat).bind(message).execute(connection).await.map(drop)
}

pub(super) async fn is_ours(connection: &mut PgConnection, replica: i64, chat: i64, message: i64) -> Result<bool, sqlx::Error> {
    sqlx::query_scalar(OURS).bind(chat).bind(message).bind(replica).fetch_one(connection).await
}

pub(super) async fn of(connection: &mut PgConnection, chat: i64) -> Result<Option<UnderWay>, sqlx::Error> {
    let row = sqlx::query(ONE).bind(chat).fetch_optional(connection).await?;
    row.map(|row| of_row(&row).map(|(_, under_way)| under_way)).transpose()
}

fn of_row(row: &PgRow) -> Result<(i64, UnderWay), sqlx::Error> {
    let due = time_of(row.try_get("due")?)?;
    Ok((row.try_get("chat")?, UnderWay { message: row.try_get("message")?, token: row.try_get("token")?, due }))
}
