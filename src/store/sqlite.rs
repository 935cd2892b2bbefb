//! The store in one SQLite file: the laptop's store, and that of every test.
//!
//! One connection does all the work: SQLite has one writer at a time anyway, and a second one would only wait for it. It stands
//! behind a lock, not in a pool, which costs twice as much a query and has no server to come back to. Readers are rows of plain
//! columns, the inbox is sealed. Never here: a value put into SQL by gluing text.

use std::fs;
use std::io;
use std::path::Path;
use std::str::FromStr;
use std::time::Duration;

use async_trait::async_trait;
use sqlx::migrate::MigrateError;
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection, SqliteJournalMode, SqliteRow, SqliteSynchronous};
use sqlx::{ConnectOptions, Connection, QueryBuilder, Row};
use tokio::sync::{MappedMutexGuard, Mutex, MutexGuard};

use super::seal::{DataKey, SealError};
use super::{Store, StoreError};
use crate::dialogue::Reader;

const READ_READER: &str = "SELECT region FROM readers WHERE chat = ?";
const WRITE_READER: &str =
    "INSERT INTO readers (chat, region) VALUES (?, ?) ON CONFLICT (chat) DO UPDATE SET region = excluded.region";
const FORGET_READER: &str = "DELETE FROM readers WHERE chat = ?";
// One bound list of ids, so that it stays one prepared statement however many there are.
const TAKE_OUT: &str = "DELETE FROM inbox WHERE update_id IN (SELECT value FROM json_each(?))";
const PUT_IN: &str = "INSERT OR REPLACE INTO inbox (update_id, sealed) ";
const WAITING: &str = "SELECT update_id, sealed FROM inbox ORDER BY update_id";

/// The inbox's name where its rows are sealed.
const INBOX: &str = "inbox";
/// Rows of one INSERT: getUpdates brings no more.
const CHUNK: usize = 100;

pub struct Sqlite {
    /// `None` once the store is closed.
    connection: Mutex<Option<SqliteConnection>>,
    key: DataKey,
    place: String,
}

impl Sqlite {
    /// The file is made where it is missing, with its folder, for its owner alone.
    pub async fn open(database_url: &str, key: Option<DataKey>) -> Result<Sqlite, StoreError> {
        check_url(database_url).map_err(StoreError::Url)?;
        let options = SqliteConnectOptions::from_str(database_url).map_err(|error| StoreError::Url(error.to_string()))?;
        let path = options.get_filename().to_path_buf();
        let place = path.display().to_string();
        make_file(&path).map_err(|source| StoreError::Database {
            place: place.clone(),
            doing: "make the database",
            source: source.into(),
            advice: "make the folder writable for the user that runs this, or name another in DATABASE_URL",
        })?;
        let key = match key {
            Some(key) => key,
            None => DataKey::from_file_or_new(&path.with_file_name("data.key"))?,
        };
        let options = options
            .journal_mode(SqliteJournalMode::Wal)
            // What was committed survives kill -9; a power cut may take the last instant, and never breaks the file.
            .synchronous(SqliteSynchronous::Normal)
            // Another program may look at the file or copy it; wait for it, not for ever.
            .busy_timeout(Duration::from_secs(5))
            .foreign_keys(true)
            // What is deleted is overwritten, not just unlinked.
            .pragma("secure_delete", "ON")
            .disable_statement_logging();
        let mut connection = options.connect().await.map_err(|error| explain(&place, "open the database", error))?;
        sqlx::migrate!("migrations/sqlite").run(&mut connection).await.map_err(|error| explain_migration(&place, error))?;
        Ok(Sqlite { connection: Mutex::new(Some(connection)), key, place })
    }

    async fn connection(&self) -> Result<MappedMutexGuard<'_, SqliteConnection>, StoreError> {
        MutexGuard::try_map(self.connection.lock().await, Option::as_mut)
            .map_err(|_| StoreError::Shut { place: self.place.clone() })
    }

    fn explain(&self, doing: &'static str) -> impl Fn(sqlx::Error) -> StoreError {
        move |error| explain(&self.place, doing, error)
    }
}

#[async_trait]
impl Store for Sqlite {
    async fn reader(&self, chat: i64) -> Result<Reader, StoreError> {
        let mut connection = self.connection().await?;
        let failed = self.explain("read a reader");
        let row = sqlx::query(READ_READER).bind(chat).fetch_optional(&mut *connection).await.map_err(&failed)?;
        row.as_ref().map_or(Ok(Reader::default()), from_row).map_err(failed)
    }

    async fn save(&self, chat: i64, reader: &Reader) -> Result<(), StoreError> {
        if *reader == Reader::default() {
            return self.forget(chat).await;
        }
        let Reader { region } = reader;
        let mut connection = self.connection().await?;
        let write = sqlx::query(WRITE_READER).bind(chat).bind(region);
        write.execute(&mut *connection).await.map_err(self.explain("save a reader"))?;
        Ok(())
    }

    async fn forget(&self, chat: i64) -> Result<(), StoreError> {
        let mut connection = self.connection().await?;
        sqlx::query(FORGET_READER).bind(chat).execute(&mut *connection).await.map_err(self.explain("forget a reader"))?;
        Ok(())
    }

    async fn inbox(&self, answered: &[i64], unanswered: &[(i64, Vec<u8>)]) -> Result<(), StoreError> {
        if answered.is_empty() && unanswered.is_empty() {
            return Ok(());
        }
        let seal = |(id, plain): &(i64, Vec<u8>)| Ok((*id, self.key.seal(INBOX, *id, plain)?));
        let sealed: Result<Vec<_>, SealError> = unanswered.iter().map(seal).collect();
        let sealed = sealed.map_err(|source| StoreError::Seal { place: self.place.clone(), source })?;

        let mut connection = self.connection().await?;
        let failed = self.explain("write the inbox");
        if unanswered.is_empty() || (answered.is_empty() && unanswered.len() <= CHUNK) {
            // A statement alone is a transaction; a spoken one would be two more waits.
            return write_inbox(&mut connection, answered, sealed).await.map_err(failed);
        }
        let mut transaction = connection.begin_with("BEGIN IMMEDIATE").await.map_err(&failed)?;
        write_inbox(&mut transaction, answered, sealed).await.map_err(&failed)?;
        transaction.commit().await.map_err(failed)
    }

    async fn waiting(&self) -> Result<Vec<(i64, Vec<u8>)>, StoreError> {
        let mut connection = self.connection().await?;
        let failed = self.explain("read the inbox");
        let rows = sqlx::query(WAITING).fetch_all(&mut *connection).await.map_err(&failed)?;
        let mut opened = Vec::with_capacity(rows.len());
        for row in &rows {
            let id: i64 = row.try_get(0).map_err(&failed)?;
            let sealed: &[u8] = row.try_get(1).map_err(&failed)?;
            if let Ok(plain) = self.key.open(INBOX, id, sealed) {
                opened.push((id, plain));
            }
        }
        if opened.len() < rows.len() {
            return Err(StoreError::Closed {
                place: self.place.clone(),
                closed: rows.len() - opened.len(),
                waiting: rows.len(),
                give_up: format!("stop the bot, then: sqlite3 '{}' 'DELETE FROM inbox'", self.place),
            });
        }
        Ok(opened)
    }

    async fn close(&self) {
        // What waits for the lock is let through first; the last connection out also folds the log into the file.
        if let Some(connection) = self.connection.lock().await.take()
            && let Err(error) = connection.close().await
        {
            log::warn!("{}", explain(&self.place, "close the database", error));
        }
    }
}

async fn write_inbox(
    connection: &mut SqliteConnection,
    answered: &[i64],
    mut sealed: Vec<(i64, Vec<u8>)>,
) -> Result<(), sqlx::Error> {
    if !answered.is_empty() {
        sqlx::query(TAKE_OUT).bind(list(answered)).execute(&mut *connection).await?;
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

fn from_row(row: &SqliteRow) -> Result<Reader, sqlx::Error> {
    Ok(Reader { region: row.try_get("region")? })
}

/// `[1,2,3]`, as SQLite's `json_each` reads it.
fn list(ids: &[i64]) -> String {
    let ids: Vec<String> = ids.iter().map(i64::to_string).collect();
    format!("[{}]", ids.join(","))
}

/// Whether the address names a file that can be opened.
pub(super) fn check_url(database_url: &str) -> Result<(), String> {
    let address = "use sqlite://FOLDER/FILE.db (sqlite:///FOLDER/FILE.db from the root)";
    let options =
        SqliteConnectOptions::from_str(database_url).map_err(|_| format!("is not an address of SQLite; {address}"))?;
    let file = options.get_filename();
    if database_url.contains(":memory:") || database_url.contains("mode=memory") {
        return Err(format!("names a database in memory, which forgets everything when the bot stops; {address}"));
    }
    if file.file_name().is_none() || database_url.ends_with('/') {
        return Err(format!("names no file; {address}"));
    }
    Ok(())
}

/// SQLite would make the file readable by everybody; its log and index take the file's own rights.
fn make_file(path: &Path) -> io::Result<()> {
    if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        let mut builder = fs::DirBuilder::new();
        builder.recursive(true);
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
        builder.create(folder)?;
    }
    let mut options = fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    match options.open(path) {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(()),
        made => made.map(drop),
    }
}

fn explain(place: &str, doing: &'static str, error: sqlx::Error) -> StoreError {
    // SQLite's own numbers (sqlite.org/rescode.html); the low byte tells the kind.
    let code = error.as_database_error().and_then(sqlx::error::DatabaseError::code).and_then(|code| code.parse::<u32>().ok());
    let advice = match code.map(|code| code & 0xff) {
        Some(5 | 6) => "another program holds the database: end it and try again",
        Some(8 | 14 | 23) => "make the file and its folder writable for the user that runs this",
        Some(10) => "look at the disk: it could not be read or written",
        Some(11) => "the file is damaged: put a backup in its place",
        Some(13) => "make room on the disk",
        Some(26) => "the file is no SQLite database: name another in DATABASE_URL",
        _ => "if it stays, put a backup of the database in its place",
    };
    StoreError::Database { place: place.into(), doing, source: error.into(), advice }
}

fn explain_migration(place: &str, error: MigrateError) -> StoreError {
    let doing = "bring the database to today's tables";
    match error {
        MigrateError::Execute(error) | MigrateError::ExecuteMigration(error, _) => explain(place, doing, error),
        MigrateError::VersionMissing(_) | MigrateError::VersionTooNew(..) => StoreError::Database {
            place: place.into(),
            doing,
            source: error.into(),
            advice: "a newer version of the bot wrote it: run that one, or put a backup in its place",
        },
        _ => StoreError::Database {
            place: place.into(),
            doing,
            source: error.into(),
            advice: "a migration that ran before was edited since: put it back as it was and add a new one",
        },
    }
}
