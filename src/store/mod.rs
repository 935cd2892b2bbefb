//! The store: the little that is remembered, and the updates in hand.
//!
//! Of a reader it keeps what [`Reader`] holds and nothing else. Updates lie in the inbox, sealed, until they are answered. A store is
//! one file here and one line in [`open`]; SQL stands in this room alone. `migrations/sqlite/README.md` says how to remember one
//! more thing of a reader.
//!
//! Never here: what was typed or answered in the triage, but for the sealed inbox; a log line or an error with any of it.

mod cached;
mod seal;
mod sqlite;

use std::sync::Arc;

use async_trait::async_trait;

use crate::dialogue::Reader;

pub use cached::Cached;
pub use seal::{DataKey, KeyError, SealError};
pub use sqlite::Sqlite;

/// Readers kept in memory in front of an SQLite file: about a megabyte, however many there are.
const CACHED_READERS: usize = 10_000;

/// What every store can do. Chats are told apart by the channel's number for them.
#[async_trait]
pub trait Store: Send + Sync {
    /// What is remembered of a reader; of a stranger, nothing is.
    async fn reader(&self, chat: i64) -> Result<Reader, StoreError>;

    /// A reader of whom nothing is to be remembered leaves no row.
    async fn save(&self, chat: i64, reader: &Reader) -> Result<(), StoreError>;

    /// Everything about a chat goes.
    async fn forget(&self, chat: i64) -> Result<(), StoreError>;

    /// Takes what was answered out of the inbox and puts in what was not, by update id and as it came; the store seals it. Both or
    /// neither. Repeats are harmless.
    async fn inbox(&self, answered: &[i64], unanswered: &[(i64, Vec<u8>)]) -> Result<(), StoreError>;

    /// What still waits in the inbox, opened, in order of update id. If some of it cannot be opened, nothing is returned and
    /// everything is kept: the operator has to find the key.
    async fn waiting(&self) -> Result<Vec<(i64, Vec<u8>)>, StoreError>;

    /// Ends what is under way and lets go of the database. Nothing can be asked afterwards.
    async fn close(&self);
}

/// One line for the operator: what, where, what to do.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    #[error("DATABASE_URL: {0}")]
    Url(String),
    #[error(transparent)]
    Key(#[from] KeyError),
    #[error("{place}: {source}")]
    Seal { place: String, source: SealError },
    #[error(
        "{place}: {closed} of {waiting} updates in the inbox cannot be opened: they were sealed with another DATA_KEY, or the file was \
         changed. Set DATA_KEY to the key they were sealed with (or put back the file data.key beside the database). They are kept; \
         to give them up: {give_up}"
    )]
    Closed { place: String, closed: usize, waiting: usize, give_up: String },
    #[error("{place}: the store is closed; this is only right while the bot stops")]
    Shut { place: String },
    #[error("{place}: could not {doing}: {source}; {advice}")]
    Database { place: String, doing: &'static str, source: Box<dyn std::error::Error + Send + Sync>, advice: &'static str },
}

/// The store that this address names, ready for use: made where it is missing, brought to today's tables. Without a key, the one in
/// the file `data.key` beside the data is used, and made if need be.
pub async fn open(database_url: &str, key: Option<DataKey>) -> Result<Arc<dyn Store>, StoreError> {
    check_url(database_url).map_err(StoreError::Url)?;
    // The next store is a line here and one in `check_url`. One process owns an SQLite file, so readers may be kept in memory.
    Ok(Arc::new(Cached::new(Sqlite::open(database_url, key).await?, CACHED_READERS)))
}

/// Whether [`open`] knows what to do with this address; if not, why. The address is not repeated: it may hold a password.
pub fn check_url(database_url: &str) -> Result<(), String> {
    match database_url.split_once(':') {
        Some(("sqlite", _)) => sqlite::check_url(database_url),
        Some((scheme, _)) if !scheme.is_empty() && scheme.bytes().all(|b| b.is_ascii_alphanumeric()) => {
            Err(format!("there is no store for {scheme}: addresses; use sqlite://FOLDER/FILE.db"))
        }
        _ => Err("does not start with a kind of store; use sqlite://FOLDER/FILE.db".into()),
    }
}
