//! What lies sealed in a database: which columns, and the known text by which one key is told from another.
//!
//! The known text is the one row of `key_check`. It is sealed at the first start, so that whoever comes with another key later is told
//! before anything is sealed with two. A sealed column that is missing in [`COLUMNS`] would be left behind by a new key: a test
//! compares the list with the tables.
//!
//! Never here: what was sealed, in an error or a log line; a value put into SQL by gluing text (names of tables and columns are).

use sqlx::postgres::PgConnection;
use sqlx::sqlite::SqliteConnection;
use sqlx::{AssertSqlSafe, Row};

use super::row::{INBOX, READERS, SAVED_PAGES, SUBSCRIPTIONS};
use super::seal::DataKey;
use super::{StoreError, sqlite};

/// A column of sealed bytes.
pub(super) struct Column {
    /// Its values are sealed under this name too.
    pub(super) table: &'static str,
    pub(super) id: &'static str,
    pub(super) name: &'static str,
    /// Without it, a row is worth nothing.
    pub(super) is_all: bool,
}

pub(super) const COLUMNS: [Column; 4] = [
    Column { table: SUBSCRIPTIONS, id: "chat", name: "week_zero", is_all: false },
    Column { table: READERS, id: "chat", name: "unit_number", is_all: false },
    Column { table: SAVED_PAGES, id: "chat", name: "sealed", is_all: true },
    Column { table: INBOX, id: "update_id", name: "sealed", is_all: true },
];

pub(super) const KEY_CHECK: &str = "key_check";
const KNOWN_TEXT: &[u8] = b"backcare";
const KNOWN: &str = "SELECT sealed FROM key_check WHERE id = 1";
const WRITE_KNOWN: &str =
    "INSERT INTO key_check (id, sealed) VALUES (1, $1) ON CONFLICT (id) DO UPDATE SET sealed = excluded.sealed";

/// So many values are in memory at once.
const PAGE: i64 = 10_000;

/// A connection to either kind of store: what is sealed lies in both the same way.
pub(super) enum Rows<'a> {
    Sqlite(&'a mut SqliteConnection),
    Postgres(&'a mut PgConnection),
}

impl Rows<'_> {
    pub(super) async fn known(&mut self) -> Result<Option<Vec<u8>>, sqlx::Error> {
        match self {
            Rows::Sqlite(connection) => sqlx::query_scalar(KNOWN).fetch_optional(&mut **connection).await,
            Rows::Postgres(connection) => sqlx::query_scalar(KNOWN).fetch_optional(&mut **connection).await,
        }
    }

    /// From here on, this is the key of the database.
    pub(super) async fn write_known(&mut self, key: &DataKey) -> Result<(), sqlx::Error> {
        let sealed = key.seal(KEY_CHECK, 1, KNOWN_TEXT).map_err(|error| sqlx::Error::Encode(error.into()))?;
        match self {
            Rows::Sqlite(connection) => sqlx::query(WRITE_KNOWN).bind(sealed).execute(&mut **connection).await.map(drop),
            Rows::Postgres(connection) => sqlx::query(WRITE_KNOWN).bind(sealed).execute(&mut **connection).await.map(drop),
        }
    }

    /// Some of the values from this id on, in its order; none if there are no more.
    pub(super) async fn page(&mut self, column: &Column, from: i64) -> Result<Vec<(i64, Vec<u8>)>, sqlx::Error> {
        let Column { table, id, name, .. } = column;
        let sql = AssertSqlSafe(format!(
            "SELECT {id}, {name} FROM {table} WHERE {name} IS NOT NULL AND {id} >= $1 ORDER BY {id} LIMIT {PAGE}"
        ));
        match self {
            Rows::Sqlite(connection) => {
                let rows = sqlx::query(sql).bind(from).fetch_all(&mut **connection).await?;
                rows.iter().map(|row| Ok((row.try_get(0)?, row.try_get(1)?))).collect()
            }
            Rows::Postgres(connection) => {
                let rows = sqlx::query(sql).bind(from).fetch_all(&mut **connection).await?;
                rows.iter().map(|row| Ok((row.try_get(0)?, row.try_get(1)?))).collect()
            }
        }
    }

    pub(super) async fn replace(&mut self, column: &Column, values: Vec<(i64, Vec<u8>)>) -> Result<(), sqlx::Error> {
        let Column { table, id, name, .. } = column;
        match self {
            Rows::Sqlite(connection) => {
                let sql = format!("UPDATE {table} SET {name} = $2 WHERE {id} = $1");
                for (id, sealed) in values {
                    let update = sqlx::query(AssertSqlSafe(sql.clone())).bind(id).bind(sealed);
                    update.execute(&mut **connection).await?;
                }
            }
            Rows::Postgres(connection) => {
                let sql = format!(
                    "UPDATE {table} SET {name} = new.sealed FROM unnest($1::bigint[], $2::bytea[]) AS new(id, sealed) \
                     WHERE {table}.{id} = new.id"
                );
                let (ids, sealed): (Vec<i64>, Vec<Vec<u8>>) = values.into_iter().unzip();
                sqlx::query(AssertSqlSafe(sql)).bind(ids).bind(sealed).execute(&mut **connection).await?;
            }
        }
        Ok(())
    }

    /// Gives values up: the row goes, or what can go without it stays.
    pub(super) async fn give_up(&mut self, column: &Column, ids: &[i64]) -> Result<(), sqlx::Error> {
        let Column { table, id, name, is_all } = column;
        let what = if *is_all { format!("DELETE FROM {table}") } else { format!("UPDATE {table} SET {name} = NULL") };
        match self {
            Rows::Sqlite(connection) => {
                let sql = AssertSqlSafe(format!("{what} WHERE {id} IN (SELECT value FROM json_each($1))"));
                sqlx::query(sql).bind(sqlite::list(ids)).execute(&mut **connection).await.map(drop)
            }
            Rows::Postgres(connection) => {
                let sql = AssertSqlSafe(format!("{what} WHERE {id} = ANY($1)"));
                sqlx::query(sql).bind(ids).execute(&mut **connection).await.map(drop)
            }
        }
    }

    /// Whether anything lies sealed there.
    pub(super) async fn any(&mut self) -> Result<bool, sqlx::Error> {
        for column in &COLUMNS {
            if !self.page(column, i64::MIN).await?.is_empty() {
                return Ok(true);
            }
        }
        Ok(self.known().await?.is_some())
    }
}

/// Where the next page begins.
pub(super) fn after(page: &[(i64, Vec<u8>)]) -> Option<i64> {
    page.last().and_then(|(id, _)| id.checked_add(1))
}

impl DataKey {
    /// Whether the known text was sealed with this key.
    pub(super) fn fits(&self, known: &[u8]) -> bool {
        self.open(KEY_CHECK, 1, known).is_ok_and(|text| text == KNOWN_TEXT)
    }
}

/// What a key does not open.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Misfit {
    /// The known text, so nothing at all.
    All,
    /// There is no known text yet, and so many of all values do not open.
    Some { closed: u64, of: u64 },
}

/// Makes this the database's key if it has none yet and all that is sealed opens. It belongs into a transaction of one who writes alone.
pub(super) async fn take_key(rows: &mut Rows<'_>, key: &DataKey) -> Result<Result<(), Misfit>, sqlx::Error> {
    if let Some(known) = rows.known().await? {
        return Ok(if key.fits(&known) { Ok(()) } else { Err(Misfit::All) });
    }
    let (mut closed, mut of) = (0, 0);
    for column in &COLUMNS {
        let mut from = Some(i64::MIN);
        while let Some(first) = from {
            let page = rows.page(column, first).await?;
            of += page.len() as u64;
            closed += page.iter().filter(|(id, sealed)| key.open(column.table, *id, sealed).is_err()).count() as u64;
            from = after(&page);
        }
    }
    if closed > 0 {
        return Ok(Err(Misfit::Some { closed, of }));
    }
    rows.write_known(key).await.map(Ok)
}

/// Where a key came from, and so what to do if it is the wrong one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Origin {
    /// For a database on a server.
    Setting,
    /// For a file, beside which one could lie too.
    SettingOfFile,
    File,
}

impl Misfit {
    pub(super) fn explain(self, place: &str, origin: Origin) -> StoreError {
        let what = match self {
            Misfit::All => String::from("this database is"),
            Misfit::Some { closed, of } => format!("{closed} of {of} sealed values here are"),
        };
        let (which, advice) = match origin {
            Origin::Setting => ("DATA_KEY", "Set it to that one, the same for every replica"),
            Origin::SettingOfFile => {
                ("DATA_KEY", "Set it to that one; or, if that one is in data.key beside the database, to nothing")
            }
            Origin::File => (
                "what is in data.key",
                "Put that one back, or set DATA_KEY to it (a copy from before a new key wants the one in data.key.old-1 or the like)",
            ),
        };
        StoreError::OtherKey { place: place.into(), which, what, advice }
    }
}
