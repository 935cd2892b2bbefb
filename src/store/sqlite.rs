//! The store in one SQLite file: the laptop's store, and that of every test.
//!
//! One connection does all the work: SQLite has one writer at a time anyway, and a second one would only wait for it. It stands
//! behind a lock, not in a pool, which costs twice as much a query and has no server to come back to. Several processes may share the
//! file: whatever reads before it writes does so in one transaction that writes from its start. Readers are rows of plain columns; the
//! inbox and the reader's week are sealed. Never here: a value put into SQL by gluing text.

mod counts;
mod exercises;
mod inbox;
mod key;
mod privacy;
mod readers;
mod weekly;

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use jiff::Timestamp;
use jiff::civil::Date;
use sqlx::migrate::MigrateError;
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection, SqliteJournalMode, SqliteSynchronous};
use sqlx::{ConnectOptions, Connection};
use tokio::sync::{MappedMutexGuard, Mutex, MutexGuard};

use super::seal::DataKey;
use super::{Counts, Due, Kept, Store, StoreError, UnderWay, Unseen, key_file, pictures, row};
use crate::dialogue::Reader;

pub struct Sqlite {
    /// `None` once the store is closed.
    connection: Mutex<Option<SqliteConnection>>,
    key: DataKey,
    place: String,
    options: SqliteConnectOptions,
    /// Somebody was deleted since the file was last written anew.
    untidy: AtomicBool,
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
        let key = key::find(&mut connection, key, &place, &key_file_of(&path)).await?;
        let untidy = AtomicBool::new(false);
        Ok(Sqlite { connection: Mutex::new(Some(connection)), key, place, options, untidy })
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
        let stored = readers::read(&mut connection, &self.key, chat).await;
        stored.map(|stored| stored.reader).map_err(self.explain("read a reader"))
    }

    async fn save(&self, chat: i64, reader: &Reader) -> Result<(), StoreError> {
        let mut connection = self.connection().await?;
        self.untidy.fetch_or(reader.weekly.is_none(), Ordering::Relaxed);
        readers::save(&mut connection, &self.key, chat, reader).await.map_err(self.explain("save a reader"))
    }

    async fn change(&self, chat: i64, before: &Reader, after: &Reader) -> Result<bool, StoreError> {
        let mut connection = self.connection().await?;
        let goes =
            before.weekly.is_some() && after.weekly.is_none() || before.saved != after.saved || before.ratings != after.ratings;
        self.untidy.fetch_or(goes, Ordering::Relaxed);
        let changed = readers::change(&mut connection, &self.key, chat, before, after).await;
        changed.map_err(self.explain("change a reader"))
    }

    async fn forget(&self, chat: i64) -> Result<(), StoreError> {
        self.save(chat, &Reader::default()).await
    }

    async fn kept(&self, chat: i64) -> Result<Kept, StoreError> {
        let mut connection = self.connection().await?;
        privacy::kept(&mut connection, &self.key, chat).await.map_err(self.explain("read what is kept of a reader"))
    }

    async fn forget_unseen(&self, since: Date, today: Date, most: usize) -> Result<Unseen, StoreError> {
        let mut connection = self.connection().await?;
        let unseen = privacy::forget_unseen(&mut connection, since, today, most).await;
        let unseen = unseen.map_err(self.explain("forget readers who have not come for long"))?;
        if !unseen.forgotten.is_empty() {
            self.untidy.store(true, Ordering::Relaxed);
        } else if self.untidy.swap(false, Ordering::Relaxed)
            && let Err(error) = privacy::tidy(&mut connection).await
        {
            self.untidy.store(true, Ordering::Relaxed);
            log::warn!("{}", explain(&self.place, "clear away what is left of deleted rows; trying tomorrow", error));
        }
        Ok(unseen)
    }

    async fn claim(&self, now: Timestamp, lease: Timestamp, most: usize) -> Result<Vec<Due>, StoreError> {
        let mut connection = self.connection().await?;
        weekly::claim(&mut connection, &self.key, now, lease, most).await.map_err(self.explain("claim weekly tips"))
    }

    async fn begin(
        &self,
        chat: i64,
        on: Date,
        tip: &str,
        claimed: &Reader,
        after: &Reader,
        lease: Timestamp,
    ) -> Result<bool, StoreError> {
        let mut connection = self.connection().await?;
        let delivery = weekly::Delivery { chat, on, tip, lease };
        let begun = weekly::begin(&mut connection, &self.key, delivery, claimed, after).await;
        begun.map_err(self.explain("begin a weekly tip"))
    }

    async fn put_off(&self, chat: i64, claimed: &Reader, after: &Reader) -> Result<bool, StoreError> {
        let mut connection = self.connection().await?;
        let put_off = weekly::put_off(&mut connection, &self.key, chat, claimed, after).await;
        put_off.map_err(self.explain("put off a weekly tip"))
    }

    async fn delivered(&self, chat: i64, on: Date, late: Option<Timestamp>) -> Result<(), StoreError> {
        let mut connection = self.connection().await?;
        weekly::delivered(&mut connection, chat, on, late).await.map_err(self.explain("record a weekly tip"))
    }

    async fn gone(&self, chat: i64) -> Result<(), StoreError> {
        let mut connection = self.connection().await?;
        self.untidy.store(true, Ordering::Relaxed);
        weekly::gone(&mut connection, chat).await.map_err(self.explain("end a subscription"))
    }

    async fn due(&self, now: Timestamp) -> Result<u64, StoreError> {
        let mut connection = self.connection().await?;
        weekly::due(&mut connection, now).await.map_err(self.explain("count weekly tips"))
    }

    async fn rate(&self, chat: i64, tip: &str, helpful: bool, missing: Option<&str>) -> Result<(), StoreError> {
        let mut connection = self.connection().await?;
        weekly::rate(&mut connection, chat, tip, helpful, missing).await.map_err(self.explain("rate a weekly tip"))
    }

    async fn picture(&self, content: &str) -> Result<Option<String>, StoreError> {
        let mut connection = self.connection().await?;
        let found = sqlx::query_scalar(pictures::READ).bind(content).fetch_optional(&mut *connection).await;
        found.map_err(self.explain("look up a picture"))
    }

    async fn keep_picture(&self, content: &str, id: &str) -> Result<(), StoreError> {
        let mut connection = self.connection().await?;
        let kept = sqlx::query(pictures::KEEP).bind(content).bind(id).execute(&mut *connection).await;
        kept.map(drop).map_err(self.explain("keep a picture"))
    }

    async fn keep_exercise(&self, chat: i64, under_way: &UnderWay) -> Result<(), StoreError> {
        let mut connection = self.connection().await?;
        exercises::keep(&mut connection, chat, under_way).await.map_err(self.explain("keep an exercise"))
    }

    async fn end_exercise(&self, chat: i64) -> Result<(), StoreError> {
        let mut connection = self.connection().await?;
        let ended = sqlx::query(super::exercises::END).bind(chat).execute(&mut *connection).await;
        ended.map(drop).map_err(self.explain("end an exercise"))
    }

    async fn left_exercises(&self, first: bool) -> Result<Vec<(i64, UnderWay)>, StoreError> {
        if !first {
            return Ok(Vec::new());
        }
        let mut connection = self.connection().await?;
        exercises::left(&mut connection).await.map_err(self.explain("look for exercises"))
    }

    async fn inbox(&self, answered: &[i64], unanswered: &[(i64, Vec<u8>)]) -> Result<(), StoreError> {
        if answered.is_empty() && unanswered.is_empty() {
            return Ok(());
        }
        let sealed = row::seal_updates(&self.key, unanswered);
        let sealed = sealed.map_err(|source| StoreError::Seal { place: self.place.clone(), source })?;
        let mut connection = self.connection().await?;
        inbox::write(&mut connection, answered, sealed).await.map_err(self.explain("write the inbox"))
    }

    async fn waiting(&self) -> Result<Vec<(i64, Vec<u8>)>, StoreError> {
        let mut connection = self.connection().await?;
        let read = inbox::read(&mut connection, &self.key).await;
        let (opened, waiting) = read.map_err(self.explain("read the inbox"))?;
        if opened.len() < waiting {
            return Err(StoreError::Closed { place: self.place.clone(), closed: waiting - opened.len(), waiting });
        }
        Ok(opened)
    }

    async fn counts(&self, now: Timestamp) -> Result<Counts, StoreError> {
        drop(self.connection().await?);
        counts::count(&self.options, now).await.map_err(self.explain("count what is in the database"))
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

/// Counts what is in a file that is there already.
pub(super) async fn counts_at(database_url: &str, now: Timestamp) -> Result<Counts, StoreError> {
    let options = SqliteConnectOptions::from_str(database_url).map_err(|error| StoreError::Url(error.to_string()))?;
    let place = options.get_filename().display().to_string();
    counts::count(&options, now).await.map_err(|error| explain(&place, "count what is in the database", error))
}

/// The file that an address names.
pub(super) fn file_of(database_url: &str) -> Option<PathBuf> {
    SqliteConnectOptions::from_str(database_url).ok().map(|options| options.get_filename().to_path_buf())
}

/// Where the key lies if no other is given.
pub(super) fn key_file_of(file: &Path) -> PathBuf {
    file.with_file_name(key_file::NAME)
}

/// `[1,2,3]`, as SQLite's `json_each` reads it.
pub(super) fn list(ids: &[i64]) -> String {
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
pub(super) fn make_file(path: &Path) -> io::Result<()> {
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

pub(super) fn explain(place: &str, doing: &'static str, error: sqlx::Error) -> StoreError {
    let advice = match code(&error) {
        _ if is_busy(&error) => "another program holds the database: end it and try again",
        Some(8 | 14 | 23) => "make the file and its folder writable for the user that runs this",
        Some(10) => "look at the disk: it could not be read or written",
        Some(11) => "the file is damaged: put a backup in its place",
        Some(13) => "make room on the disk",
        Some(26) => "the file is no SQLite database: name another in DATABASE_URL",
        _ => "if it stays, put a backup of the database in its place",
    };
    StoreError::Database { place: place.into(), doing, source: error.into(), advice }
}

/// SQLite's own numbers (sqlite.org/rescode.html); the low byte tells the kind.
fn code(error: &sqlx::Error) -> Option<u32> {
    let code = error.as_database_error().and_then(sqlx::error::DatabaseError::code)?;
    code.parse::<u32>().ok().map(|code| code & 0xff)
}

/// Whether another program holds the database.
pub(super) fn is_busy(error: &sqlx::Error) -> bool {
    matches!(code(error), Some(5 | 6))
}

pub(super) fn explain_migration(place: &str, error: MigrateError) -> StoreError {
    let doing = "bring the database to today's tables";
    match error {
        MigrateError::Execute(error) | MigrateError::ExecuteMigration(error, _) => explain(place, doing, error),
        error => super::explain_version(place, doing, error),
    }
}
