//! The backup of an SQLite file, taken while the bot runs.
//!
//! Never here: the inbox, in any backup; a backup over a file that is there.

use std::fs;
use std::io;
use std::path::Path;
use std::str::FromStr;
use std::time::Duration;

use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode};
use sqlx::{ConnectOptions, Connection};

use super::moving::MoveError;
use super::{Kind, StoreError, kind, postgres, sqlite};

/// A copy of the SQLite file as it is at one instant, while the bot may run, without the inbox: an update in hand is in no backup. For
/// its owner alone, under its name only once it is whole.
pub async fn backup(database_url: &str, file: &Path) -> Result<(), MoveError> {
    if kind(database_url).map_err(StoreError::Url)? == Kind::Postgres {
        let file = file.display().to_string();
        return Err(MoveError::HasItsOwn { place: postgres::place_of(database_url), file });
    }
    let wrong = |source: io::Error| MoveError::File { path: file.into(), source };
    if file.exists() {
        return Err(wrong(io::ErrorKind::AlreadyExists.into()));
    }
    let options = SqliteConnectOptions::from_str(database_url).map_err(|error| StoreError::Url(error.to_string()))?;
    let place = options.get_filename().display().to_string();
    if !options.get_filename().exists() {
        return Err(MoveError::Missing(place));
    }
    let draft = file.with_added_extension("part");
    // What a backup that was killed has left is no backup.
    let _ = fs::remove_file(&draft);
    sqlite::make_file(&draft).map_err(wrong)?;
    let made = write_backup(options.busy_timeout(Duration::from_secs(5)), &draft).await;
    let made = made.map_err(|error| sqlite::explain(&place, "back up the database", error).into());
    // Linked, not renamed: so that a file that came meanwhile is not overwritten.
    let made = made.and_then(|()| fs::hard_link(&draft, file).map_err(wrong));
    let _ = fs::remove_file(&draft);
    made
}

async fn write_backup(source: SqliteConnectOptions, draft: &Path) -> Result<(), sqlx::Error> {
    let mut connection = source.disable_statement_logging().connect().await?;
    sqlx::query("VACUUM INTO ?").bind(draft.to_string_lossy().into_owned()).execute(&mut connection).await?;
    connection.close().await?;
    let options = SqliteConnectOptions::new().filename(draft).journal_mode(SqliteJournalMode::Delete);
    let mut copy = options.pragma("secure_delete", "ON").disable_statement_logging().connect().await?;
    sqlx::query("DELETE FROM inbox").execute(&mut copy).await?;
    copy.close().await
}
