//! The same stories over every kind of store: an SQLite file of its own for each, and a schema of its own in the PostgreSQL that
//! TEST_DATABASE_URL names (`scripts/test` starts one). Without that variable the tests over PostgreSQL say that they did not run; with
//! REQUIRE_POSTGRES=1 they fail then.

#![allow(dead_code, clippy::expect_used, clippy::pedantic, clippy::print_stderr, clippy::unwrap_used)]

pub mod server;
pub mod weekly;
pub mod whole;

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use backcare::store::{self, DataKey, Sqlite, Store};
use sqlx::{AssertSqlSafe, Connection, Executor, PgConnection, Row, SqliteConnection};
use tempfile::TempDir;

pub const KEY: &str = "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f";

pub fn key() -> DataKey {
    KEY.parse().unwrap()
}

/// Another one.
pub fn wrong_key() -> DataKey {
    "ff".repeat(32).parse().unwrap()
}

/// Where a store lies.
pub struct Place {
    pub folder: TempDir,
    pub url: String,
    pub is_file: bool,
}

/// Makes each story a test over SQLite and a test over PostgreSQL.
#[macro_export]
macro_rules! on_every_store {
    ($($story:ident),* $(,)?) => {
        mod sqlite {
            $(#[tokio::test(flavor = "multi_thread")]
            async fn $story() {
                super::$story($crate::stores::Place::sqlite()).await;
            })*
        }
        mod postgres {
            $(#[tokio::test(flavor = "multi_thread")]
            async fn $story() {
                if let Some(place) = $crate::stores::Place::postgres().await {
                    super::$story(place).await;
                }
            })*
        }
    };
}

/// The address of a PostgreSQL to try things on.
pub fn postgres_url() -> Option<String> {
    let url = std::env::var("TEST_DATABASE_URL").ok().filter(|url| !url.is_empty());
    if url.is_none() {
        assert!(std::env::var_os("REQUIRE_POSTGRES").is_none(), "TEST_DATABASE_URL is not set, and REQUIRE_POSTGRES is");
        eprintln!("NOT RUN: TEST_DATABASE_URL names no PostgreSQL (scripts/test starts one)");
    }
    url
}

impl Place {
    pub fn sqlite() -> Place {
        let folder = TempDir::new().unwrap();
        let url = format!("sqlite://{}/inner/bot.db", folder.path().display());
        Place { folder, url, is_file: true }
    }

    pub async fn postgres() -> Option<Place> {
        static NUMBER: AtomicU32 = AtomicU32::new(0);
        let url = postgres_url()?;
        let schema = format!("test_{}_{}", std::process::id(), NUMBER.fetch_add(1, Ordering::Relaxed));
        let mut admin = PgConnection::connect(&url).await.expect("the PostgreSQL of TEST_DATABASE_URL");
        let fresh = format!("DROP SCHEMA IF EXISTS {schema} CASCADE; CREATE SCHEMA {schema}");
        admin.execute(sqlx::raw_sql(AssertSqlSafe(fresh))).await.unwrap();
        admin.close().await.unwrap();
        let mark = if url.contains('?') { '&' } else { '?' };
        let url = format!("{url}{mark}options=-csearch_path%3D{schema}");
        Some(Place { folder: TempDir::new().unwrap(), url, is_file: false })
    }

    pub async fn open(&self) -> Arc<dyn Store> {
        self.open_with(key()).await
    }

    pub async fn open_with(&self, key: DataKey) -> Arc<dyn Store> {
        store::open(&self.url, Some(key)).await.unwrap()
    }

    /// Without a memory in front.
    pub async fn open_plain(&self) -> Arc<dyn Store> {
        if self.is_file { Arc::new(Sqlite::open(&self.url, Some(key())).await.unwrap()) } else { self.open().await }
    }

    /// The store alone and, where there is one, with its memory in front.
    pub async fn open_each(&self) -> Vec<Arc<dyn Store>> {
        if self.is_file { vec![self.open_plain().await, self.open().await] } else { vec![self.open().await] }
    }

    /// Time goes by until whoever was killed is known to be dead.
    pub async fn mourn(&self) {
        if !self.is_file {
            self.run("UPDATE replicas SET leased_until = '-infinity'").await;
        }
    }

    /// Runs SQL behind the store's back.
    pub async fn run(&self, sql: &str) {
        let sql = AssertSqlSafe(sql.to_owned());
        if self.is_file {
            SqliteConnection::connect(&self.url).await.unwrap().execute(sqlx::raw_sql(sql)).await.unwrap();
        } else {
            PgConnection::connect(&self.url).await.unwrap().execute(sqlx::raw_sql(sql)).await.unwrap();
        }
    }

    /// All values of a column, behind the store's back.
    pub async fn column<T>(&self, sql: &str) -> Vec<T>
    where
        for<'r> T: sqlx::Decode<'r, sqlx::Sqlite> + sqlx::Type<sqlx::Sqlite>,
        for<'r> T: sqlx::Decode<'r, sqlx::Postgres> + sqlx::Type<sqlx::Postgres>,
    {
        let sql = AssertSqlSafe(sql.to_owned());
        if self.is_file {
            let rows = sqlx::query(sql).fetch_all(&mut SqliteConnection::connect(&self.url).await.unwrap()).await.unwrap();
            rows.iter().map(|row| row.get(0)).collect()
        } else {
            let rows = sqlx::query(sql).fetch_all(&mut PgConnection::connect(&self.url).await.unwrap()).await.unwrap();
            rows.iter().map(|row| row.get(0)).collect()
        }
    }

    pub async fn count(&self, table: &str) -> i64 {
        self.column(&format!("SELECT count(*) FROM {table}")).await[0]
    }

    /// How an update lies in the inbox.
    pub async fn sealed(&self, id: i64) -> Vec<u8> {
        self.column(&format!("SELECT sealed FROM inbox WHERE update_id = {id}")).await.remove(0)
    }

    pub async fn put_sealed(&self, id: i64, sealed: &[u8]) {
        let digits: String = sealed.iter().map(|byte| format!("{byte:02x}")).collect();
        let bytes = if self.is_file { format!("x'{digits}'") } else { format!("'\\x{digits}'") };
        self.run(&format!("UPDATE inbox SET sealed = {bytes} WHERE update_id = {id}")).await;
    }

    /// Files of migrations, as the source has them.
    pub fn migrations(&self) -> usize {
        let kind = if self.is_file { "sqlite" } else { "postgres" };
        let files = std::fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("migrations").join(kind)).unwrap();
        files.filter(|file| file.as_ref().unwrap().path().extension().is_some_and(|ending| ending == "sql")).count()
    }
}
