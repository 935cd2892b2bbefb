//! A new key for all that is sealed, and giving up what no key opens any more.
//!
//! Both have the database to themselves and are one transaction: whoever kills them leaves all of it as it was, or all of it done. Weighed
//! against it: batches that go on where they were cut off. Until the last one, two keys would be needed and every reader would have to
//! know both; and for a million readers one transaction takes seconds (`benches/store.rs`).
//!
//! Never here: what was sealed; a key, in an error or a log line.

use std::path::PathBuf;

use sqlx::Row;

use super::key_file;
use super::moving::{Line, MoveError, Side};
use super::seal::{DataKey, KeyError, NewKey};
use super::sealed::{COLUMNS, Column, Misfit, Origin, Rows, after};
use super::{StoreError, postgres, sqlite};

/// Why nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum KeyChangeError {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Side(#[from] MoveError),
    #[error(transparent)]
    Key(#[from] KeyError),
    #[error("{0}: the bot runs on it; stop it first, all replicas of it. Nothing was changed")]
    InUse(String),
    #[error(
        "NEW_DATA_KEY: is not set. Make a key with: backcare key new; and set NEW_DATA_KEY to it, or name a file that holds it with \
         --new-key"
    )]
    NoNewKey,
    #[error("the new key is the one that is in use. Nothing was changed; make another with: backcare key new")]
    SameKey,
    #[error(
        "{place}: {closed} of {of} sealed values cannot be opened, though the key is right: something else than the bot changed them. \
         Nothing was changed; to give them up: backcare key give-up"
    )]
    Damaged { place: String, closed: u64, of: u64 },
}

/// What has a new key now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Resealed {
    /// Table, and how many values of it. None if all was sealed with the new key before.
    pub values: Vec<(&'static str, u64)>,
    pub place: Place,
}

/// Where the new key is, and where the old one is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    /// With whoever brought it.
    Settings,
    Files {
        new: PathBuf,
        old: Option<PathBuf>,
    },
}

/// What a key does not open.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GivenUp {
    /// Table, how many values, of how many.
    pub values: Vec<(&'static str, u64, u64)>,
    /// Whether it was the key of the database before.
    pub fits: bool,
}

/// Seals everything with a new key. Without an old one, the file beside an SQLite database holds it, and the new one takes its place;
/// without a new one as well, one is made.
pub async fn rotate(database_url: &str, old: Option<DataKey>, new: Option<NewKey>) -> Result<Resealed, KeyChangeError> {
    let (mut side, file) = alone(database_url, old.is_none()).await?;
    let wrong = side.explain("seal with a new key");
    let known = side.rows().known().await.map_err(&wrong)?;
    let new = match (new, &file) {
        (Some(new), _) => new,
        (None, Some(_)) => NewKey::fresh()?,
        (None, None) => return Err(KeyChangeError::NoNewKey),
    };
    let new_key = new.key()?;
    if known.as_ref().is_some_and(|known| new_key.fits(known)) {
        // It was changed before, if perhaps not to the end.
        let is_same = |old: DataKey| known.as_ref().is_some_and(|known| old.fits(known));
        if old.is_some_and(is_same) {
            return Err(KeyChangeError::SameKey);
        }
        let place = match file {
            Some(new) => key_file::settle(&new, known.as_deref()).map(|_| Place::Files { new, old: None })?,
            None => Place::Settings,
        };
        side.close().await?;
        return Ok(Resealed { values: Vec::new(), place });
    }
    let old = match (old, &file) {
        (Some(old), _) => old,
        (None, Some(file)) => key_file::settle(file, known.as_deref())?.ok_or_else(|| key_gone(&side.place, file))?,
        (None, None) => return Err(StoreError::NoKey(KeyError::Missing).into()),
    };
    if known.as_ref().is_some_and(|known| !old.fits(known)) {
        return Err(Misfit::All.explain(&side.place, origin(&side, file.as_ref())).into());
    }
    let (mut values, mut closed, mut of) = (Vec::new(), 0, 0);
    for column in &COLUMNS {
        let (sealed, refused) = reseal(&mut side.rows(), column, &old, &new_key).await.map_err(&wrong)?;
        values.push((column.table, sealed));
        (closed, of) = (closed + refused, of + sealed + refused);
    }
    if closed > 0 && known.is_none() {
        return Err(Misfit::Some { closed, of }.explain(&side.place, origin(&side, file.as_ref())).into());
    } else if closed > 0 {
        return Err(KeyChangeError::Damaged { place: side.place, closed, of });
    }
    side.rows().write_known(&new_key).await.map_err(&wrong)?;
    if let Some(file) = &file {
        key_file::prepare(file, new.reveal())?;
    }
    side.run("COMMIT", "COMMIT").await?;
    let place = match file {
        Some(file) => Place::Files { old: key_file::finish(&file)?, new: file },
        None => Place::Settings,
    };
    side.close().await?;
    Ok(Resealed { values, place })
}

/// Counts what the key doesn't open; if `really`, gives it up, and the key is the database's from then on. Without a key, the one beside an
/// SQLite database counts, and is made if it is gone.
pub async fn give_up(database_url: &str, key: Option<DataKey>, really: bool) -> Result<GivenUp, KeyChangeError> {
    let (mut side, file) = alone(database_url, key.is_none()).await?;
    let wrong = side.explain("give up what cannot be opened");
    let known = side.rows().known().await.map_err(&wrong)?;
    let key = match (key, &file) {
        (Some(key), _) => key,
        (None, Some(file)) => match key_file::settle(file, known.as_deref())? {
            Some(key) => key,
            None if really => DataKey::from_file_or_new(file)?,
            // The one that would be made opens nothing either.
            None => NewKey::fresh()?.key()?,
        },
        (None, None) => return Err(StoreError::NoKey(KeyError::Missing).into()),
    };
    let fits = known.is_some_and(|known| key.fits(&known));
    let mut values = Vec::new();
    for column in &COLUMNS {
        let (mut closed, mut of, mut from) = (0, 0, Some(i64::MIN));
        while let Some(first) = from {
            let page = side.rows().page(column, first).await.map_err(&wrong)?;
            let lost = page.iter().filter(|(id, sealed)| key.open(column.table, *id, sealed).is_err());
            let lost: Vec<i64> = lost.map(|(id, _)| *id).collect();
            (closed, of, from) = (closed + lost.len() as u64, of + page.len() as u64, after(&page));
            if really && !lost.is_empty() {
                side.rows().give_up(column, &lost).await.map_err(&wrong)?;
            }
        }
        values.push((column.table, closed, of));
    }
    if really {
        side.rows().write_known(&key).await.map_err(&wrong)?;
        side.run("COMMIT", "COMMIT").await?;
    }
    side.close().await?;
    Ok(GivenUp { values, fits })
}

/// The database in a transaction of its own, with nobody else there; and the file of its key, if that is asked for and there may be one.
async fn alone(database_url: &str, with_file: bool) -> Result<(Side, Option<PathBuf>), KeyChangeError> {
    let mut side = Side::open(database_url, false).await?;
    if side.in_use {
        return Err(KeyChangeError::InUse(side.place));
    }
    // The new key's file takes the place of the old one only once this has reached the disk.
    side.run(
        "PRAGMA synchronous = FULL; BEGIN IMMEDIATE",
        "BEGIN; LOCK TABLE replicas, subscriptions, saved_pages, inbox, key_check IN EXCLUSIVE MODE",
    )
    .await?;
    let is_file = match &mut side.line {
        Line::Sqlite(_) => true,
        Line::Postgres(connection) => {
            // One may have come before the lock. The dead are buried: if one of them comes back, it looks at the key anew.
            let bury = "DELETE FROM replicas WHERE leased_until <= clock_timestamp()";
            let explain = |error| postgres::explain(&side.place, "look for running bots", error);
            sqlx::query(bury).execute(&mut *connection).await.map_err(explain)?;
            let alive = sqlx::query("SELECT count(*) FROM replicas").fetch_one(&mut *connection).await.map_err(explain)?;
            if alive.try_get::<i64, _>(0).map_err(explain)? > 0 {
                return Err(KeyChangeError::InUse(side.place));
            }
            false
        }
    };
    let file = (is_file && with_file).then(|| sqlite::file_of(database_url)).flatten();
    Ok((side, file.map(|file| sqlite::key_file_of(&file))))
}

/// How many values have a new seal, and how many the old key did not open.
async fn reseal(rows: &mut Rows<'_>, column: &Column, old: &DataKey, new: &DataKey) -> Result<(u64, u64), sqlx::Error> {
    let (mut sealed, mut refused, mut from) = (0, 0, Some(i64::MIN));
    while let Some(first) = from {
        let page = rows.page(column, first).await?;
        from = after(&page);
        let mut fresh = Vec::with_capacity(page.len());
        for (id, bytes) in page {
            match old.open(column.table, id, &bytes) {
                Ok(plain) => {
                    let again = new.seal(column.table, id, &plain).map_err(|error| sqlx::Error::Encode(error.into()))?;
                    fresh.push((id, again));
                }
                Err(_) => refused += 1,
            }
        }
        sealed += fresh.len() as u64;
        rows.replace(column, fresh).await?;
    }
    Ok((sealed, refused))
}

fn key_gone(place: &str, file: &std::path::Path) -> StoreError {
    StoreError::KeyGone { place: place.into(), key_file: file.display().to_string() }
}

fn origin(side: &Side, file: Option<&PathBuf>) -> Origin {
    match (&side.line, file) {
        (Line::Postgres(_), _) => Origin::Setting,
        (Line::Sqlite(_), None) => Origin::SettingOfFile,
        (Line::Sqlite(_), Some(_)) => Origin::File,
    }
}

impl Side {
    fn rows(&mut self) -> Rows<'_> {
        match &mut self.line {
            Line::Sqlite(connection) => Rows::Sqlite(connection),
            Line::Postgres(connection) => Rows::Postgres(connection),
        }
    }
}
