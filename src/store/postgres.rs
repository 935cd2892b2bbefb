//! The store in PostgreSQL: for several replicas of the bot at once.
//!
//! **Connections.** Five at most: a turn holds one for about a millisecond, so five carry thousands of turns a second, and twenty
//! replicas still fit under the hundred that a server allows by default.
//!
//! **When the server goes away.** What failed because of that is tried again for [`PATIENCE`], by when a restart is over. A turn waits
//! meanwhile and its update is not acknowledged. Not for longer: whoever writes of an emergency gets an answer, remembered or not.
//! Everything that is tried again may have arrived the first time: a second time it changes nothing, or says that it came too late.
//!
//! **No reader is kept in memory.** [`super::Cached`] is right only where no other process changes readers; here another replica may
//! have ended a subscription a moment ago, and telling each other would cost as much as the look that it saves.
//!
//! Never here: the password of the address, in an error or a log line; a value put into SQL by gluing text; a key in a file.

mod counts;
mod exercises;
mod inbox;
mod key;
mod privacy;
mod readers;
mod replica;
mod weekly;

use std::str::FromStr;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use jiff::Timestamp;
use jiff::civil::Date;
use sqlx::migrate::MigrateError;
use sqlx::postgres::{PgConnectOptions, PgConnection, PgPool, PgPoolOptions};
use sqlx::{ConnectOptions, Connection, Executor};
use tokio::task::JoinHandle;
use tokio::time::Instant;

use super::seal::{DataKey, KeyError};
use super::sealed::{Misfit, Origin};
use super::{Counts, Crowd, Due, Kept, Store, StoreError, UnderWay, Unseen, pictures, row};
use crate::dialogue::Reader;
use inbox::Which;
use replica::Replica;

const CONNECTIONS: u32 = 5;
/// For a free connection, or a new one.
const ACQUIRE: Duration = Duration::from_secs(3);
/// For one statement, and for one attempt with all its statements where the server doesn't end it itself.
const SESSION: &str = "SET statement_timeout = '5s'; SET idle_in_transaction_session_timeout = '10s'";
const ATTEMPT: Duration = Duration::from_secs(6);
/// Other replicas may be busy with the migrations before this one.
const OPENING: Duration = Duration::from_mins(1);
/// What failed because the server was away is tried again for so long.
const PATIENCE: Duration = Duration::from_secs(10);
const FIRST_PAUSE: Duration = Duration::from_millis(50);
const LONGEST_PAUSE: Duration = Duration::from_secs(1);

pub struct Postgres {
    pool: PgPool,
    key: DataKey,
    place: String,
    replica: Arc<Replica>,
    heart: JoinHandle<()>,
}

/// One attempt after another, for as long as the server is away and patience lasts.
macro_rules! with_connection {
    ($store:ident, $doing:literal, $connection:ident => $attempt:expr) => {{
        let begun = Instant::now();
        let mut pause = FIRST_PAUSE;
        loop {
            if $store.replica.is_retired() {
                break Err(Misfit::All.explain(&$store.place, Origin::Setting));
            }
            let tried = match $store.pool.acquire().await {
                Ok(mut acquired) => {
                    let $connection = &mut *acquired;
                    match tokio::time::timeout(ATTEMPT, $attempt).await {
                        Ok(tried) => tried,
                        Err(late) => {
                            // Nobody knows what it is busy with.
                            drop(acquired.detach());
                            Err(sqlx::Error::Io(late.into()))
                        }
                    }
                }
                Err(error) => Err(error),
            };
            match tried {
                Err(error) if passes(&error) && begun.elapsed() + pause < PATIENCE => {
                    tokio::time::sleep(pause).await;
                    pause = (pause * 2).min(LONGEST_PAUSE);
                }
                tried => break tried.map_err(|error| explain(&$store.place, $doing, error)),
            }
        }
    }};
}

impl Postgres {
    /// Brings the tables up to date; of several replicas that start at once, one does it and the others wait.
    pub async fn open(database_url: &str, key: Option<DataKey>) -> Result<Postgres, StoreError> {
        let options = address(database_url).map_err(StoreError::Url)?;
        let place = place(&options);
        let key = key.ok_or(StoreError::NoKey(KeyError::Missing))?;
        let opening = async {
            let mut connection = connect(database_url).await?;
            let wrong = |error| explain(&place, "register this process", error);
            let replica = Replica::register(&mut connection, key.clone()).await.map_err(wrong)?;
            if let Err(misfit) = key::check(&mut connection, &key).await.map_err(wrong)? {
                replica.leave(&mut connection).await.map_err(wrong)?;
                return Err(misfit.explain(&place, Origin::Setting));
            }
            let _ = connection.close().await;
            Ok(replica)
        };
        let replica = tokio::time::timeout(OPENING, opening)
            .await
            .unwrap_or_else(|late| Err(explain(&place, "open the database", sqlx::Error::Io(late.into()))))?;
        let pool = PgPoolOptions::new().max_connections(CONNECTIONS).acquire_timeout(ACQUIRE).test_before_acquire(false);
        let pool = pool.after_connect(|connection, _| Box::pin(async move { connection.execute(SESSION).await.map(drop) }));
        let pool = pool.connect_lazy_with(options);
        let replica = Arc::new(replica);
        let heart = tokio::spawn({
            let (replica, pool) = (Arc::clone(&replica), pool.clone());
            async move { replica.live(&pool).await }
        });
        Ok(Postgres { pool, key, place, replica, heart })
    }

    async fn take(&self, which: Which) -> Result<Vec<(i64, Vec<u8>)>, StoreError> {
        let id = self.replica.id();
        let (opened, waiting) = with_connection!(self, "read the inbox", c => inbox::take_over(c, &self.key, id, which))?;
        if opened.len() < waiting {
            return Err(StoreError::Closed { place: self.place.clone(), closed: waiting - opened.len(), waiting });
        }
        self.replica.note(id, opened.iter().map(|(id, _)| *id), &[]);
        Ok(opened)
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        self.heart.abort();
    }
}

#[async_trait]
impl Store for Postgres {
    async fn reader(&self, chat: i64) -> Result<Reader, StoreError> {
        with_connection!(self, "read a reader", c => readers::read(c, &self.key, chat)).map(|stored| stored.reader)
    }

    async fn save(&self, chat: i64, reader: &Reader) -> Result<(), StoreError> {
        with_connection!(self, "save a reader", c => readers::save(c, &self.key, chat, reader))
    }

    async fn change(&self, chat: i64, before: &Reader, after: &Reader) -> Result<bool, StoreError> {
        with_connection!(self, "change a reader", c => readers::change(c, &self.key, chat, before, after))
    }

    async fn forget(&self, chat: i64) -> Result<(), StoreError> {
        self.save(chat, &Reader::default()).await
    }

    async fn kept(&self, chat: i64) -> Result<Kept, StoreError> {
        with_connection!(self, "read what is kept of a reader", c => privacy::kept(c, &self.key, chat))
    }

    async fn forget_unseen(&self, since: Date, today: Date, most: usize) -> Result<Unseen, StoreError> {
        with_connection!(self, "forget readers who have not come for long", c => privacy::forget_unseen(c, since, today, most))
    }

    async fn claim(&self, now: Timestamp, lease: Timestamp, most: usize) -> Result<Vec<Due>, StoreError> {
        with_connection!(self, "claim weekly tips", c => weekly::claim(c, &self.key, now, lease, most))
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
        let delivery = weekly::Delivery { chat, on, tip, lease };
        with_connection!(self, "begin a weekly tip", c => weekly::begin(c, &self.key, &delivery, claimed, after))
    }

    async fn put_off(&self, chat: i64, claimed: &Reader, after: &Reader) -> Result<bool, StoreError> {
        with_connection!(self, "put off a weekly tip", c => weekly::put_off(c, &self.key, chat, claimed, after))
    }

    async fn delivered(&self, chat: i64, on: Date, late: Option<Timestamp>) -> Result<(), StoreError> {
        with_connection!(self, "record a weekly tip", c => weekly::delivered(c, chat, on, late))
    }

    async fn gone(&self, chat: i64) -> Result<(), StoreError> {
        with_connection!(self, "end a subscription", c => weekly::gone(c, chat))
    }

    async fn due(&self, now: Timestamp) -> Result<u64, StoreError> {
        with_connection!(self, "count weekly tips", c => weekly::due(c, now))
    }

    async fn counts(&self, now: Timestamp) -> Result<Counts, StoreError> {
        with_connection!(self, "count what is in the database", c => counts::count(c, now))
    }

    async fn rate(&self, chat: i64, tip: &str, helpful: bool, missing: Option<&str>) -> Result<(), StoreError> {
        with_connection!(self, "rate a weekly tip", c => weekly::rate(c, chat, tip, helpful, missing))
    }

    async fn picture(&self, content: &str) -> Result<Option<String>, StoreError> {
        with_connection!(self, "look up a picture", c => sqlx::query_scalar(pictures::READ).bind(content).fetch_optional(&mut *c))
    }

    async fn keep_picture(&self, content: &str, id: &str) -> Result<(), StoreError> {
        with_connection!(self, "keep a picture", c => sqlx::query(pictures::KEEP).bind(content).bind(id).execute(&mut *c))
            .map(drop)
    }

    async fn keep_exercise(&self, chat: i64, under_way: &UnderWay) -> Result<(), StoreError> {
        let id = self.replica.id();
        with_connection!(self, "keep an exercise", c => exercises::keep(c, id, chat, under_way))
    }

    async fn end_exercise(&self, chat: i64) -> Result<(), StoreError> {
        with_connection!(self, "end an exercise", c => sqlx::query(super::exercises::END).bind(chat).execute(&mut *c)).map(drop)
    }

    async fn left_exercises(&self, _first: bool) -> Result<Vec<(i64, UnderWay)>, StoreError> {
        let id = self.replica.id();
        with_connection!(self, "look for exercises", c => exercises::take(c, id))
    }

    async fn stop_exercise(&self, chat: i64, message: i64) -> Result<(), StoreError> {
        if self.replica.is_alone() {
            return Ok(());
        }
        with_connection!(self, "stop an exercise", c => exercises::stop(c, chat, message))
    }

    async fn exercise_is_ours(&self, chat: i64, message: i64) -> bool {
        let id = self.replica.id();
        with_connection!(self, "look for an exercise", c => exercises::is_ours(c, id, chat, message)).unwrap_or(true)
    }

    async fn inbox(&self, answered: &[i64], unanswered: &[(i64, Vec<u8>)]) -> Result<(), StoreError> {
        if answered.is_empty() && unanswered.is_empty() {
            return Ok(());
        }
        let sealed = row::seal_updates(&self.key, unanswered);
        let sealed = sealed.map_err(|source| StoreError::Seal { place: self.place.clone(), source })?;
        let id = self.replica.id();
        let mine = with_connection!(self, "write the inbox", c => inbox::write(c, id, answered, &sealed))?;
        // What was answered first and waits again is there again.
        self.replica.note(id, [], answered);
        self.replica.note(id, mine, &[]);
        Ok(())
    }

    async fn waiting(&self) -> Result<Vec<(i64, Vec<u8>)>, StoreError> {
        self.take(Which::Mine).await
    }

    async fn take_over(&self) -> Result<Vec<(i64, Vec<u8>)>, StoreError> {
        self.take(Which::TakenOver).await
    }

    async fn is_ours(&self, update: i64) -> bool {
        self.replica.is_mine(update).await
    }

    fn share(&self, replies: u32) -> Crowd {
        self.replica.share(replies)
    }

    async fn close(&self) {
        self.heart.abort();
        if !self.pool.is_closed()
            && let Err(error) = self.replica.leave(&self.pool).await
        {
            log::warn!("{}", explain(&self.place, "take leave of the other replicas", error));
        }
        self.pool.close().await;
    }
}

/// A connection to tables of today, for work that may take its time.
pub(super) async fn connect(database_url: &str) -> Result<PgConnection, StoreError> {
    let options = address(database_url).map_err(StoreError::Url)?;
    let place = place(&options);
    let mut connection = options.connect().await.map_err(|error| explain(&place, "open the database", error))?;
    // sqlx holds an advisory lock of the database meanwhile.
    let migrated = sqlx::migrate!("migrations/postgres").run(&mut connection).await;
    migrated.map_err(|error| explain_migration(&place, error))?;
    Ok(connection)
}

/// Whether the address names a database that can be asked for.
pub(super) fn check_url(database_url: &str) -> Result<(), String> {
    address(database_url).map(drop)
}

fn address(database_url: &str) -> Result<PgConnectOptions, String> {
    // What is wrong with it is not repeated: it may be the password.
    let options = PgConnectOptions::from_str(database_url).map_err(|_| {
        "is not an address of PostgreSQL; use postgres://USER:PASSWORD@HOST/DATABASE, with %40 and the like for special letters \
         in the password"
            .to_owned()
    })?;
    Ok(options.application_name("backcare").disable_statement_logging())
}

/// The address without its password.
pub(super) fn place(options: &PgConnectOptions) -> String {
    let host = match options.get_socket() {
        Some(socket) => socket.display().to_string().replace('/', "%2F"),
        None => options.get_host().to_owned(),
    };
    let (user, port) = (options.get_username(), options.get_port());
    format!("postgres://{user}@{host}:{port}/{}", options.get_database().unwrap_or(user))
}

/// The address without its password; nothing where it is none.
pub(super) fn place_of(database_url: &str) -> String {
    address(database_url).map(|options| place(&options)).unwrap_or_default()
}

/// Whether it may be over in a moment: the server is away, comes up, goes down, or two transactions were in each other's way.
pub(super) fn passes(error: &sqlx::Error) -> bool {
    match error {
        sqlx::Error::Io(_) | sqlx::Error::PoolTimedOut | sqlx::Error::WorkerCrashed | sqlx::Error::Protocol(_) => true,
        sqlx::Error::Database(error) => {
            let code = error.code().unwrap_or_default();
            matches!(&*code, "40001" | "40P01" | "53300" | "57P01" | "57P02" | "57P03") || code.starts_with("08")
        }
        _ => false,
    }
}

pub(super) fn explain(place: &str, doing: &'static str, error: sqlx::Error) -> StoreError {
    if matches!(error, sqlx::Error::PoolClosed) {
        return StoreError::Shut { place: place.into() };
    }
    // postgresql.org/docs/current/errcodes-appendix.html
    let code = error.as_database_error().and_then(sqlx::error::DatabaseError::code).unwrap_or_default();
    let advice = match &*code {
        "28P01" | "28000" => "the user or the password in DATABASE_URL is not taken: set them right",
        "3D000" => "make the database (createdb), or name another in DATABASE_URL",
        "3F000" | "42501" => "let the user of DATABASE_URL make tables there: GRANT CREATE, USAGE ON SCHEMA public TO the user",
        "53300" => "the server has no connection left: raise its max_connections, or run fewer replicas",
        "53100" => "make room on the server's disk",
        "57014" => "the server took too long: look at its load",
        "25006" => "the server takes no writes: name the primary in DATABASE_URL",
        _ => match &error {
            sqlx::Error::Tls(_) => {
                "set right what DATABASE_URL says of TLS (sslmode, sslrootcert), or the server's certificate"
            }
            sqlx::Error::Io(_) | sqlx::Error::PoolTimedOut | sqlx::Error::Database(_) => {
                "see that the server runs and can be reached at the address in DATABASE_URL"
            }
            _ => "if it stays, look into the server's log",
        },
    };
    StoreError::Database { place: place.into(), doing, source: error.into(), advice }
}

fn explain_migration(place: &str, error: MigrateError) -> StoreError {
    let doing = "bring the database to today's tables";
    match error {
        MigrateError::Execute(error) | MigrateError::ExecuteMigration(error, _) => explain(place, doing, error),
        error => super::explain_version(place, doing, error),
    }
}

/// Counts what is in a database that is there already; nobody has to be a replica for that.
pub(super) async fn counts_at(database_url: &str, now: Timestamp) -> Result<Counts, StoreError> {
    let options = address(database_url).map_err(StoreError::Url)?;
    let place = place(&options);
    let counted = async {
        let mut connection = options.connect().await?;
        let counts = counts::count(&mut connection, now).await?;
        connection.close().await?;
        Ok(counts)
    };
    let counted = tokio::time::timeout(OPENING, counted).await.unwrap_or_else(|late| Err(sqlx::Error::Io(late.into())));
    counted.map_err(|error| explain(&place, "count what is in the database", error))
}
