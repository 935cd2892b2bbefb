//! The inbox: updates in hand, sealed, until they are answered.

use sqlx::sqlite::SqliteConnection;
use sqlx::{Connection, QueryBuilder, Row};

use crate::store::row::open_update;
use crate::store::seal::DataKey;

// One bound list of ids, so that it stays one prepared statement however many there are.
const TAKE_OUT: &str = "DELETE FROM inbox WHERE update_id IN (SELECT value FROM json_each(?))";
const PUT_IN: &str = "INSERT OR REPLACE INTO inbox (update_id, sealed) ";
const WAITING: &str = "SELECT update_id, sealed FROM inbox ORDER BY update_id";

/// Rows of one INSERT: getUpdates brings no more.
const CHUNK: usize = 100;

pub(super) async fn write(
    connection: &mut SqliteConnection,
    answered: &[i64],
    sealed: Vec<(i64, Vec<u8>)>,
) -> Result<(), sqlx::Error> {
    if sealed.is_empty() || (answered.is_empty() && sealed.len() <= CHUNK) {
        // A statement alone is a transaction; a spoken one would be two more waits.
        return write_parts(connection, answered, sealed).await;
    }
    let mut transaction = connection.begin_with("BEGIN IMMEDIATE").await?;
    write_parts(&mut transaction, answered, sealed).await?;
    transaction.commit().await
}

async fn write_parts(
    connection: &mut SqliteConnection,
    answered: &[i64],
    mut sealed: Vec<(i64, Vec<u8>)>,
) -> Result<(), sqlx::Error> {
    if !answered.is_empty() {
        sqlx::query(TAKE_OUT).bind(super::list(answered)).execute(&mut *connection).await?;
    }
    while !sealed.is_empty() {
        let rows = sealed.len().min(CHUNK);
        let mut insert = QueryBuilder::new(PUT_IN);
        insert.push_values(sealed.drain(..rows), |mut row, (id, bytes)| {
            row.push_bind(id).push_bind(bytes);
        });
        // Kept prepared only where the size comes again: a hundred sizes would be megabytes.
        insert.build().persistent(rows == 1 || rows == CHUNK).execute(&mut *connection).await?;
    }
    Ok(())
}

/// What waits and could be opened, and how many wait.
pub(super) async fn read(
    connection: &mut SqliteConnection,
    key: &DataKey,
) -> Result<(Vec<(i64, Vec<u8>)>, usize), sqlx::Error> {
    let rows = sqlx::query(WAITING).fetch_all(connection).await?;
    let mut opened = Vec::with_capacity(rows.len());
    for row in &rows {
        let id: i64 = row.try_get(0)?;
        let sealed: &[u8] = row.try_get(1)?;
        opened.extend(open_update(key, id, sealed));
    }
    Ok((opened, rows.len()))
}
