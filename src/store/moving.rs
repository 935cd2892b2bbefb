//! A whole store copied to the other kind.
//!
//! Sealed values are carried as they lie: both kinds seal under the same names, so the same DATA_KEY opens them there. Leases on tips
//! that are only due are not carried: they end within a minute anyway.
//!
//! Never here: a key; a value put into SQL by gluing text (names of tables and columns are, and they stand below).

use std::io;
use std::path::PathBuf;
use std::str::FromStr;
use std::time::Duration;

use sqlx::postgres::{PgArguments, PgConnection, Postgres};
use sqlx::query::Query;
use sqlx::sqlite::{Sqlite, SqliteConnectOptions, SqliteConnection, SqliteJournalMode, SqliteLockingMode};
use sqlx::{AssertSqlSafe, ColumnIndex, ConnectOptions, Connection, Database, Decode, Row, Type};

use super::row::{INBOX, READERS, SAVED_PAGES};
use super::sealed::KEY_CHECK;
use super::{Kind, StoreError, kind, postgres, sqlite};

/// What stands in a column. As a number: `Int`, and in PostgreSQL also days since 1970-01-01, seconds since then, and yes or no.
#[derive(Clone, Copy)]
enum Cell {
    Int,
    Day,
    Time,
    Flag,
    Text,
    Bytes,
}

struct Table {
    name: &'static str,
    columns: &'static [(&'static str, Cell)],
}

const TABLES: [Table; 9] = [
    Table {
        name: READERS,
        columns: &[
            ("chat", Cell::Int),
            ("region", Cell::Text),
            ("asked", Cell::Int),
            ("seen", Cell::Day),
            ("language", Cell::Text),
            ("unit_number", Cell::Bytes),
        ],
    },
    Table {
        name: "subscriptions",
        columns: &[
            ("chat", Cell::Int),
            ("zone", Cell::Text),
            ("day", Cell::Int),
            ("hour", Cell::Int),
            ("week_zero", Cell::Bytes),
            ("paused_until", Cell::Day),
            ("sent", Cell::Int),
            ("last_at", Cell::Time),
            ("next_on", Cell::Day),
            ("next_at", Cell::Time),
        ],
    },
    Table {
        name: "deliveries",
        columns: &[
            ("chat", Cell::Int),
            ("day", Cell::Day),
            ("tip", Cell::Text),
            ("leased_until", Cell::Time),
            ("zone", Cell::Text),
            ("hour", Cell::Int),
            ("helpful", Cell::Flag),
            ("missing", Cell::Text),
        ],
    },
    Table { name: SAVED_PAGES, columns: &[("chat", Cell::Int), ("sealed", Cell::Bytes)] },
    Table {
        name: "ratings",
        columns: &[("chat", Cell::Int), ("page", Cell::Text), ("value", Cell::Int), ("missing", Cell::Text)],
    },
    Table { name: "pictures", columns: &[("content", Cell::Text), ("id", Cell::Text)] },
    Table {
        name: "exercises",
        columns: &[("chat", Cell::Int), ("message", Cell::Int), ("token", Cell::Text), ("due", Cell::Time)],
    },
    Table { name: INBOX, columns: &[("update_id", Cell::Int), ("sealed", Cell::Bytes)] },
    Table { name: KEY_CHECK, columns: &[("id", Cell::Int), ("sealed", Cell::Bytes)] },
];

/// Rows of one INSERT.
const CHUNK: usize = 1000;
/// Another program that only looks at the file is waited for.
const BUSY: Duration = Duration::from_millis(500);

/// Why nothing was copied.
#[derive(Debug, thiserror::Error)]
pub enum MoveError {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error("{0}: there is no such file; name the SQLite file that the bot used, as in DATABASE_URL")]
    Missing(String),
    #[error(
        "{place}: is not empty ({rows} rows in {table}); nothing was copied. Name a new, empty database, or empty that one first"
    )]
    NotEmpty { place: String, table: &'static str, rows: i64 },
    #[error("{0}: the bot runs on it; stop it first. Nothing was copied")]
    InUse(String),
    #[error("{table}: {from} rows there and {to} here; nothing was copied. Try again, and tell the developers if it stays so")]
    Differs { table: &'static str, from: i64, to: i64 },
    #[error(
        "PostgreSQL has a backup of its own, which the bot may run through; without updates in hand: \
         pg_dump --exclude-table-data=inbox --exclude-table-data=replicas --file={file} '{place}'"
    )]
    HasItsOwn { place: String, file: String },
    #[error(
        "{path}: could not be written: {source}; name a file that is not there yet, in a folder that this user can write to"
    )]
    File { path: PathBuf, source: io::Error },
}

/// One table, and its rows on both sides.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Copied {
    pub table: &'static str,
    pub from: i64,
    /// `None`: it was left out, because the bot still runs and answers what waits there.
    pub to: Option<i64>,
}

/// Copies everything, in one transaction of the target, which has to be empty. The inbox is left out while the bot runs on `from`: what
/// is in hand there is answered there. The source is brought to today's tables first, as a start of the bot would.
pub async fn move_all(from: &str, to: &str) -> Result<Vec<Copied>, MoveError> {
    let mut source = Side::open(from, false).await?;
    let mut target = Side::open(to, true).await?;
    if target.in_use {
        return Err(MoveError::InUse(target.place));
    }
    source.run("BEGIN", "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY").await?;
    target
        .run(
            "BEGIN IMMEDIATE",
            "BEGIN; LOCK TABLE readers, subscriptions, deliveries, ratings, exercises, inbox, key_check IN EXCLUSIVE MODE",
        )
        .await?;
    // A start of the bot may have left its key there, to which nothing is sealed yet: what is copied brings its own.
    target.run("DELETE FROM key_check", "DELETE FROM key_check").await?;
    for table in &TABLES {
        let rows = target.count(table).await?;
        if rows > 0 {
            return Err(MoveError::NotEmpty { place: target.place, table: table.name, rows });
        }
    }
    let mut copied = Vec::new();
    for table in &TABLES {
        let there = source.count(table).await?;
        if table.name == INBOX && source.in_use {
            copied.push(Copied { table: table.name, from: there, to: None });
            continue;
        }
        let columns = source.read(table).await?;
        target.write(table, &columns).await?;
        let here = target.count(table).await?;
        if here != there {
            return Err(MoveError::Differs { table: table.name, from: there, to: here });
        }
        copied.push(Copied { table: table.name, from: there, to: Some(here) });
    }
    target.run("COMMIT", "COMMIT").await?;
    target.close().await?;
    source.close().await?;
    Ok(copied)
}

pub(super) enum Line {
    Sqlite(SqliteConnection),
    Postgres(PgConnection),
}

/// One end of a move; and of any work that wants a database to itself.
pub(super) struct Side {
    pub(super) line: Line,
    pub(super) place: String,
    pub(super) in_use: bool,
}

/// All values of one column.
enum Column {
    Numbers(Vec<Option<i64>>),
    Texts(Vec<Option<String>>),
    Bytes(Vec<Option<Vec<u8>>>),
}

impl Side {
    pub(super) async fn open(url: &str, make: bool) -> Result<Side, MoveError> {
        match kind(url).map_err(StoreError::Url)? {
            Kind::Sqlite => Side::open_sqlite(url, make).await,
            Kind::Postgres => {
                let place = postgres::place_of(url);
                let mut connection = postgres::connect(url).await?;
                let alive = "SELECT count(*) FROM replicas WHERE leased_until > clock_timestamp()";
                let alive: i64 = sqlx::query_scalar(alive)
                    .fetch_one(&mut connection)
                    .await
                    .map_err(|error| postgres::explain(&place, "look for running bots", error))?;
                Ok(Side { line: Line::Postgres(connection), place, in_use: alive > 0 })
            }
        }
    }

    async fn open_sqlite(url: &str, make: bool) -> Result<Side, MoveError> {
        let options = SqliteConnectOptions::from_str(url).map_err(|error| StoreError::Url(error.to_string()))?;
        let path = options.get_filename().to_path_buf();
        let place = path.display().to_string();
        if make {
            sqlite::make_file(&path).map_err(|source| MoveError::File { path: path.clone(), source })?;
        } else if !path.exists() {
            return Err(MoveError::Missing(place));
        }
        let options = options.journal_mode(SqliteJournalMode::Wal).busy_timeout(BUSY).pragma("secure_delete", "ON");
        let options = options.disable_statement_logging();
        // Who has the file open holds a lock on it, even when idle; so only an unused one can be had alone.
        let alone = async {
            let mut connection = options.clone().locking_mode(SqliteLockingMode::Exclusive).connect().await?;
            sqlx::query("BEGIN EXCLUSIVE").execute(&mut connection).await?;
            sqlx::query("COMMIT").execute(&mut connection).await?;
            Ok::<_, sqlx::Error>(connection)
        };
        let (mut connection, in_use) = match alone.await {
            Ok(connection) => (connection, false),
            Err(error) if sqlite::is_busy(&error) => {
                let shared = options.connect().await;
                (shared.map_err(|error| sqlite::explain(&place, "open the database", error))?, true)
            }
            Err(error) => return Err(sqlite::explain(&place, "open the database", error).into()),
        };
        let migrated = sqlx::migrate!("migrations/sqlite").run(&mut connection).await;
        migrated.map_err(|error| sqlite::explain_migration(&place, error))?;
        Ok(Side { line: Line::Sqlite(connection), place, in_use })
    }

    pub(super) fn explain(&self, doing: &'static str) -> impl Fn(sqlx::Error) -> MoveError + use<> {
        let (place, is_file) = (self.place.clone(), matches!(self.line, Line::Sqlite(_)));
        move |error| {
            let explain = if is_file { sqlite::explain } else { postgres::explain };
            explain(&place, doing, error).into()
        }
    }

    /// Begins and ends transactions and the like, in the words of each kind.
    pub(super) async fn run(&mut self, sqlite: &'static str, postgres: &'static str) -> Result<(), MoveError> {
        let explain = self.explain("begin or end the work");
        let begun = match &mut self.line {
            Line::Sqlite(connection) => sqlx::raw_sql(sqlite).execute(connection).await.map(drop),
            Line::Postgres(connection) => sqlx::raw_sql(postgres).execute(connection).await.map(drop),
        };
        begun.map_err(explain)
    }

    async fn count(&mut self, table: &Table) -> Result<i64, MoveError> {
        let explain = self.explain("count rows");
        let sql = AssertSqlSafe(format!("SELECT count(*) FROM {}", table.name));
        let counted = match &mut self.line {
            Line::Sqlite(connection) => sqlx::query_scalar(sql).fetch_one(connection).await,
            Line::Postgres(connection) => sqlx::query_scalar(sql).fetch_one(connection).await,
        };
        counted.map_err(explain)
    }

    /// All of a table: a row is a hundred bytes, so a million readers find room in memory.
    async fn read(&mut self, table: &Table) -> Result<Vec<Column>, MoveError> {
        let explain = self.explain("read rows");
        let is_file = matches!(self.line, Line::Sqlite(_));
        let columns: Vec<String> = table.columns.iter().map(|(name, cell)| cell.read(name, is_file)).collect();
        let sql = AssertSqlSafe(format!("SELECT {} FROM {}", columns.join(", "), table.name));
        let read = match &mut self.line {
            Line::Sqlite(connection) => sqlx::query(sql).fetch_all(connection).await.and_then(|rows| gather(table, &rows)),
            Line::Postgres(connection) => sqlx::query(sql).fetch_all(connection).await.and_then(|rows| gather(table, &rows)),
        };
        read.map_err(explain)
    }

    async fn write(&mut self, table: &Table, columns: &[Column]) -> Result<(), MoveError> {
        let explain = self.explain("write rows");
        let rows = columns.first().map_or(0, Column::len);
        let names: Vec<&str> = table.columns.iter().map(|(name, _)| *name).collect();
        let written = match &mut self.line {
            Line::Sqlite(connection) => {
                let marks = vec!["?"; names.len()].join(", ");
                let sql = format!("INSERT INTO {} ({}) VALUES ({marks})", table.name, names.join(", "));
                write_rows(connection, &sql, columns, rows).await
            }
            Line::Postgres(connection) => write_chunks(connection, table, &names.join(", "), columns, rows).await,
        };
        written.map_err(explain)
    }

    pub(super) async fn close(self) -> Result<(), MoveError> {
        let explain = self.explain("close the database");
        let closed = match self.line {
            Line::Sqlite(connection) => connection.close().await,
            Line::Postgres(connection) => connection.close().await,
        };
        closed.map_err(explain)
    }
}

impl Cell {
    fn read(self, name: &str, is_file: bool) -> String {
        match self {
            _ if is_file => name.to_owned(),
            Cell::Day => format!("({name} - date '1970-01-01')::bigint"),
            Cell::Time => format!("extract(epoch FROM {name})::bigint"),
            Cell::Flag => format!("{name}::integer::bigint"),
            Cell::Int => format!("{name}::bigint"),
            Cell::Text | Cell::Bytes => name.to_owned(),
        }
    }

    /// How a column of `unnest` becomes what PostgreSQL keeps; the column's own type narrows a number.
    fn write(self, name: &str) -> String {
        match self {
            Cell::Day => format!("date '1970-01-01' + {name}::integer"),
            Cell::Time => format!("to_timestamp({name})"),
            Cell::Flag => format!("{name}::integer::boolean"),
            Cell::Int | Cell::Text | Cell::Bytes => name.to_owned(),
        }
    }

    fn array(self) -> &'static str {
        match self {
            Cell::Text => "text[]",
            Cell::Bytes => "bytea[]",
            Cell::Int | Cell::Day | Cell::Time | Cell::Flag => "bigint[]",
        }
    }
}

impl Column {
    fn len(&self) -> usize {
        match self {
            Column::Numbers(values) => values.len(),
            Column::Texts(values) => values.len(),
            Column::Bytes(values) => values.len(),
        }
    }
}

fn gather<R>(table: &Table, rows: &[R]) -> Result<Vec<Column>, sqlx::Error>
where
    R: Row,
    usize: ColumnIndex<R>,
    for<'r> i64: Decode<'r, R::Database> + Type<R::Database>,
    for<'r> String: Decode<'r, R::Database> + Type<R::Database>,
    for<'r> Vec<u8>: Decode<'r, R::Database> + Type<R::Database>,
{
    fn all<'r, R: Row, T>(rows: &'r [R], nth: usize) -> Result<Vec<Option<T>>, sqlx::Error>
    where
        usize: ColumnIndex<R>,
        T: Decode<'r, R::Database> + Type<R::Database>,
    {
        rows.iter().map(|row| row.try_get(nth)).collect()
    }
    let gathered = table.columns.iter().enumerate().map(|(nth, (_, cell))| match cell {
        Cell::Text => all(rows, nth).map(Column::Texts),
        Cell::Bytes => all(rows, nth).map(Column::Bytes),
        Cell::Int | Cell::Day | Cell::Time | Cell::Flag => all(rows, nth).map(Column::Numbers),
    });
    gathered.collect()
}

async fn write_rows(connection: &mut SqliteConnection, sql: &str, columns: &[Column], rows: usize) -> Result<(), sqlx::Error> {
    for row in 0..rows {
        let mut insert: Query<'_, Sqlite, <Sqlite as Database>::Arguments> = sqlx::query(AssertSqlSafe(sql.to_owned()));
        for column in columns {
            insert = match column {
                Column::Numbers(values) => insert.bind(values[row]),
                Column::Texts(values) => insert.bind(values[row].clone()),
                Column::Bytes(values) => insert.bind(values[row].clone()),
            };
        }
        insert.execute(&mut *connection).await?;
    }
    Ok(())
}

async fn write_chunks(
    connection: &mut PgConnection,
    table: &Table,
    names: &str,
    columns: &[Column],
    rows: usize,
) -> Result<(), sqlx::Error> {
    let values: Vec<String> = table.columns.iter().map(|(name, cell)| cell.write(name)).collect();
    let arrays = table.columns.iter().enumerate().map(|(nth, (_, cell))| format!("${}::{}", nth + 1, cell.array()));
    let arrays = arrays.collect::<Vec<_>>().join(", ");
    let sql =
        format!("INSERT INTO {} ({names}) SELECT {} FROM unnest({arrays}) AS new({names})", table.name, values.join(", "));
    for first in (0..rows).step_by(CHUNK) {
        let chunk = first..rows.min(first + CHUNK);
        let mut insert: Query<'_, Postgres, PgArguments> = sqlx::query(AssertSqlSafe(sql.clone()));
        for column in columns {
            insert = match column {
                Column::Numbers(values) => insert.bind(&values[chunk.clone()]),
                Column::Texts(values) => insert.bind(&values[chunk.clone()]),
                Column::Bytes(values) => insert.bind(&values[chunk.clone()]),
            };
        }
        insert.execute(&mut *connection).await?;
    }
    Ok(())
}
