//! Exercises that are being counted.

use sqlx::Row;
use sqlx::sqlite::{SqliteConnection, SqliteRow};

use crate::store::UnderWay;
use crate::store::row::time_of;

const KEEP: &str = "INSERT OR REPLACE INTO exercises (chat, message, token, due) VALUES (?, ?, ?, ?)";
const ALL: &str = "SELECT chat, message, token, due FROM exercises ORDER BY chat";
const ONE: &str = "SELECT chat, message, token, due FROM exercises WHERE chat = ?";

pub(super) async fn keep(connection: &mut SqliteConnection, chat: i64, under_way: &UnderWay) -> Result<(), sqlx::Error> {
    let UnderWay { message, token, due } = under_way;
    let query = sqlx::query(KEEP).bind(chat).bind(message).bind(token).bind(due.as_second());
    query.execute(connection).await.map(drop)
}

pub(super) async fn left(connection: &mut SqliteConnection) -> Result<Vec<(i64, UnderWay)>, sqlx::Error> {
    sqlx::query(ALL).fetch_all(connection).await?.iter().map(of_row).collect()
}

pub(super) async fn of(connection: &mut SqliteConnection, chat: i64) -> Result<Option<UnderWay>, sqlx::Error> {
    let row = sqlx::query(ONE).bind(chat).fetch_optional(connection).await?;
    row.map(|row| of_row(&row).map(|(_, under_way)| under_way)).transpose()
}

fn of_row(row: &SqliteRow) -> Result<(i64, UnderWay), sqlx::Error> {
    let due = time_of(row.try_get("due")?)?;
    Ok((row.try_get("chat")?, UnderWay { message: row.try_get("message")?, token: row.try_get("token")?, due }))
}
