//! The store: the little that is remembered, the updates in hand, and the weekly tips that are due.
//!
//! Of a reader it keeps what [`Reader`] holds, and of those with weekly tips which they got and whether those helped. Updates lie in the
//! inbox, sealed, until they are answered. A store is one file here and one line in [`open`]; SQL stands in this room alone.
//! `migrations/README.md` says how to remember one more thing of a reader.
//!
//! Never here: what was typed or answered in the triage, but for the sealed inbox; a log line or an error with any of it.

mod backup;
mod beside;
mod cached;
mod counts;
mod exercises;
mod kept;
mod key_file;
mod moving;
mod pictures;
mod postgres;
mod ratings;
mod rotate;
mod row;
mod seal;
mod sealed;
mod sqlite;

use std::sync::Arc;

use async_trait::async_trait;
use jiff::Timestamp;
use jiff::civil::Date;
use sqlx::migrate::MigrateError;

use crate::dialogue::Reader;
use crate::dialogue::weekly::Begun;

pub use backup::backup;
pub use beside::{Beside, KeyFile};
pub use cached::Cached;
pub use counts::{Counts, PageCount, TipCount};
pub use exercises::UnderWay;
pub use kept::{Kept, KeptTip, Unseen};
pub use moving::{Copied, MoveError, move_all};
pub use postgres::Postgres;
pub use rotate::{GivenUp, KeyChangeError, Place, Resealed, give_up, rotate};
pub use seal::{DataKey, KeyError, NewKey, SealError};
pub use sqlite::Sqlite;

/// Readers kept in memory in front of an SQLite file: about a megabyte, however many there are, and more where many have rated much.
const CACHED_READERS: usize = 10_000;

/// What every store can do. Chats are told apart by the channel's number for them.
#[async_trait]
pub trait Store: Send + Sync {
    /// What is remembered of a reader; of a stranger, nothing is.
    async fn reader(&self, chat: i64) -> Result<Reader, StoreError>;

    /// A reader of whom nothing is to be remembered leaves no row. Without weekly tips, all that belonged to them goes in the same
    /// transaction: the week, the tips seen, begun and rated.
    async fn save(&self, chat: i64, reader: &Reader) -> Result<(), StoreError>;

    /// Saves what a turn changed, and only that. False, and nothing is written, if it changes a subscription that is no longer the one
    /// it knew, because a tip was begun meanwhile: load and step again. Ending one always wins.
    async fn change(&self, chat: i64, before: &Reader, after: &Reader) -> Result<bool, StoreError>;

    /// Everything about a chat goes, in one transaction.
    async fn forget(&self, chat: i64) -> Result<(), StoreError>;

    /// Everything that is kept of a chat, at one moment.
    async fn kept(&self, chat: i64) -> Result<Kept, StoreError>;

    /// Forgets readers whose last visit was before `since`, the longest ago first, at most so many; as many whose last visit is not
    /// known count from `today`. Whoever is here at this moment is passed over. Several replicas may do it at once. Where nobody is left to
    /// be forgotten, a store also clears away what it may still hold of deleted rows.
    async fn forget_unseen(&self, since: Date, today: Date, most: usize) -> Result<Unseen, StoreError>;

    /// Readers whose tip is due, earliest first, leased until `lease` so that another process leaves them alone; before them, what was
    /// begun and not recorded when its lease ran out. Times count in whole seconds.
    async fn claim(&self, now: Timestamp, lease: Timestamp, most: usize) -> Result<Vec<Due>, StoreError>;

    /// Written down before it is sent, in one transaction: the delivery, leased, and where the subscription stands next (`None` after
    /// the last tip). False if the subscription changed since the claim (stopped, lost, another day) or the occurrence was delivered
    /// already: then nothing may be sent, and nothing was written. Where it did not change, [`Store::put_off`] leads past the occurrence.
    async fn begin(
        &self,
        chat: i64,
        on: Date,
        tip: &str,
        claimed: &Reader,
        after: &Reader,
        lease: Timestamp,
    ) -> Result<bool, StoreError>;

    /// Held or skipped: the next slot without a delivery. False if the subscription changed since the claim.
    async fn put_off(&self, chat: i64, claimed: &Reader, after: &Reader) -> Result<bool, StoreError>;

    /// It is out, or given up. If the subscription has ended meanwhile, everything about it goes. `late` is when it went out, if that
    /// was not just after it was begun: the days of rest until the next one count from there.
    async fn delivered(&self, chat: i64, on: Date, late: Option<Timestamp>) -> Result<(), StoreError>;

    /// Nobody is there any more: the subscription ends, with all that belongs to it.
    async fn gone(&self, chat: i64) -> Result<(), StoreError>;

    /// How many tips are due or begun and not out, leased or not. Costs as much as there are.
    async fn due(&self, now: Timestamp) -> Result<u64, StoreError>;

    /// Whether a tip helped, and what was missing if it did not and the reader said so; the last word counts. Of a tip that this subscription did not bring, nothing is kept.
    async fn rate(&self, chat: i64, tip: &str, helpful: bool, missing: Option<&str>) -> Result<(), StoreError>;

    /// Takes what was answered out of the inbox and puts in what was not, by update id and as it came; the store seals it. Both or
    /// neither. Repeats are harmless.
    async fn inbox(&self, answered: &[i64], unanswered: &[(i64, Vec<u8>)]) -> Result<(), StoreError>;

    /// What still waits in the inbox, opened, in order of update id. If some of it cannot be opened, nothing is returned and
    /// everything is kept: the operator has to find the key.
    async fn waiting(&self) -> Result<Vec<(i64, Vec<u8>)>, StoreError>;

    /// The channel's own id of a picture that it was brought once, by what the picture holds.
    async fn picture(&self, content: &str) -> Result<Option<String>, StoreError>;

    /// Keeps it, in place of one that was there.
    async fn keep_picture(&self, content: &str, id: &str) -> Result<(), StoreError>;

    /// Where the count of an exercise stands, in place of an earlier one of the chat: this process counts it.
    async fn keep_exercise(&self, chat: i64, under_way: &UnderWay) -> Result<(), StoreError>;

    /// The chat's count has ended.
    async fn end_exercise(&self, chat: i64) -> Result<(), StoreError>;

    /// Counts that nobody goes on with any more, because their process ended: they are this one's now. `first`: at its start.
    async fn left_exercises(&self, first: bool) -> Result<Vec<(i64, UnderWay)>, StoreError>;

    /// Ends a count that another process may be busy with.
    async fn stop_exercise(&self, _chat: i64, _message: i64) -> Result<(), StoreError> {
        Ok(())
    }

    /// Whether a count that this process began is still its own.
    async fn exercise_is_ours(&self, _chat: i64, _message: i64) -> bool {
        true
    }

    /// How much there is of what. It may take a while, and holds up nobody else.
    async fn counts(&self, now: Timestamp) -> Result<Counts, StoreError>;

    /// What replicas that died left in the inbox, opened: it is this one's now, and told once. The same rule as for
    /// [`Store::waiting`] if some of it cannot be opened. Where one process has the inbox to itself, nothing.
    async fn take_over(&self) -> Result<Vec<(i64, Vec<u8>)>, StoreError> {
        Ok(Vec::new())
    }

    /// Whether an update that this process wrote to the inbox is still its own to answer. Not, if another replica had it in hand
    /// before, or took it over because this one seemed dead. Waits while that cannot be known.
    async fn is_ours(&self, _update: i64) -> bool {
        true
    }

    /// Says how many replies a second this process sends of late, and tells of all that live, as far as is known.
    fn share(&self, replies: u32) -> Crowd {
        Crowd { replicas: 1, replies }
    }

    /// Ends what is under way and lets go of the database. Nothing can be asked afterwards.
    async fn close(&self);
}

/// A claimed reader.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Due {
    pub chat: i64,
    pub reader: Reader,
    /// Ids of tips, in the order they were sent.
    pub seen: Vec<String>,
    /// If there is one, the claim is for this and not for the next slot.
    pub begun: Option<Begun>,
}

/// Everybody who speaks for the bot.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Crowd {
    /// Processes that live, this one among them.
    pub replicas: u32,
    /// Replies a second, of all of them together.
    pub replies: u32,
}

impl Default for Crowd {
    fn default() -> Crowd {
        Crowd { replicas: 1, replies: 0 }
    }
}

impl Crowd {
    /// What one of them may send a second if it sends so many replies: those, and an even part of what all replies leave of the rate.
    /// The shares of all come to the rate and not above it.
    pub fn share(self, rate: u32, replies: u32) -> f64 {
        let (rate, own, all) = (f64::from(rate), f64::from(replies), f64::from(self.replies.max(replies)));
        let free = (rate - all).max(0.0) / f64::from(self.replicas.max(1));
        if all > rate { rate * own / all } else { own + free }
    }
}

/// What was begun before what is due, each in its order.
fn in_order(due: impl Iterator<Item = Due>) -> Vec<Due> {
    let mut due: Vec<Due> = due.collect();
    let at = |due: &Due| due.reader.weekly.as_ref().map(|weekly| weekly.next.at);
    due.sort_by_key(|due| (due.begun.is_none(), due.begun.as_ref().map(|begun| begun.on), at(due), due.chat));
    due
}

/// One line for the operator: what, where, what to do.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    #[error("DATABASE_URL: {0}")]
    Url(String),
    #[error(transparent)]
    Key(#[from] KeyError),
    #[error("DATA_KEY: {0}")]
    NoKey(KeyError),
    #[error("{place}: {source}")]
    Seal { place: String, source: SealError },
    #[error("{place}: {which} is not the key that {what} sealed with. {advice}. If it is lost: backcare key give-up")]
    OtherKey { place: String, which: &'static str, what: String, advice: &'static str },
    #[error(
        "{place}: this database is sealed, and its key is gone. Put {key_file} back, or set DATA_KEY to what stood there. If it is \
         lost: backcare key give-up"
    )]
    KeyGone { place: String, key_file: String },
    #[error(
        "{place}: {closed} of {waiting} updates in the inbox cannot be opened, though the key is right: something else than the bot \
         changed them. They are kept; to give them up: backcare key give-up"
    )]
    Closed { place: String, closed: usize, waiting: usize },
    #[error("{place}: the store is closed; this is only right while the bot stops")]
    Shut { place: String },
    #[error("{place}: could not {doing}: {source}; {advice}")]
    Database { place: String, doing: &'static str, source: Box<dyn std::error::Error + Send + Sync>, advice: &'static str },
}

/// The store that this address names, ready for use: made where it is missing, brought to today's tables. With SQLite, without a key,
/// the one in the file `data.key` beside the data is used, and made if need be.
pub async fn open(database_url: &str, key: Option<DataKey>) -> Result<Arc<dyn Store>, StoreError> {
    Ok(match kind(database_url).map_err(StoreError::Url)? {
        Kind::Sqlite => Arc::new(Cached::new(Sqlite::open(database_url, key).await?, CACHED_READERS)),
        Kind::Postgres => Arc::new(Postgres::open(database_url, key).await?),
    })
}

/// The kinds of store; the next one is a line here, and the compiler points at the rest.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Sqlite,
    Postgres,
}

/// What the store at this address holds, looked at from outside: no key is needed, nothing is made and nothing is changed.
pub async fn counts(database_url: &str, now: Timestamp) -> Result<Counts, StoreError> {
    match kind(database_url).map_err(StoreError::Url)? {
        Kind::Sqlite => sqlite::counts_at(database_url, now).await,
        Kind::Postgres => postgres::counts_at(database_url, now).await,
    }
}

/// What lies beside the data of this address; `None` where it lies on a server.
pub fn beside(database_url: &str) -> Option<Beside> {
    let is_file = kind(database_url) == Ok(Kind::Sqlite);
    sqlite::file_of(database_url).filter(|_| is_file).map(|file| Beside::of(&file))
}

/// Whether [`open`] knows what to do with this address; if not, why. The address is not repeated: it may hold a password.
pub fn check_url(database_url: &str) -> Result<(), String> {
    kind(database_url).map(drop)
}

/// Whether [`open`] wants a key for this address, because it has no file for one.
pub fn needs_key(database_url: &str) -> bool {
    kind(database_url) == Ok(Kind::Postgres)
}

fn kind(database_url: &str) -> Result<Kind, String> {
    let addresses = "use sqlite://FOLDER/FILE.db or postgres://USER:PASSWORD@HOST/DATABASE";
    match database_url.split_once(':') {
        Some(("sqlite", _)) => sqlite::check_url(database_url).map(|()| Kind::Sqlite),
        Some(("postgres" | "postgresql", _)) => postgres::check_url(database_url).map(|()| Kind::Postgres),
        Some((scheme, _)) if !scheme.is_empty() && scheme.bytes().all(|b| b.is_ascii_alphanumeric()) => {
            Err(format!("there is no store for {scheme}: addresses; {addresses}"))
        }
        _ => Err(format!("does not start with a kind of store; {addresses}")),
    }
}

/// Whether it may be over in a moment, with the same settings: the database is away, or another program holds it.
pub fn may_pass(error: &(dyn std::error::Error + 'static)) -> bool {
    let chain = std::iter::successors(Some(error), |error| error.source());
    let mut below = chain.filter_map(|error| error.downcast_ref::<sqlx::Error>());
    below.any(|error| postgres::passes(error) || sqlite::is_busy(error))
}

fn explain_version(place: &str, doing: &'static str, error: MigrateError) -> StoreError {
    let advice = match error {
        MigrateError::VersionMissing(_) | MigrateError::VersionTooNew(..) => {
            "a newer version of the bot wrote it: run that one, or put a backup in its place"
        }
        _ => "a migration that ran before was edited since: put it back as it was and add a new one",
    };
    StoreError::Database { place: place.into(), doing, source: error.into(), advice }
}
