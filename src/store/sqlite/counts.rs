//! Counting over a connection of its own that cannot write, so that no turn waits for it: in a large file it takes a while.

use jiff::Timestamp;
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use sqlx::{ConnectOptions, Connection};

use super::weekly;
use crate::store::counts::{Counts, count_over};

pub(super) async fn count(options: &SqliteConnectOptions, now: Timestamp) -> Result<Counts, sqlx::Error> {
    let options = options.clone().read_only(true).create_if_missing(false).disable_statement_logging();
    let mut connection = options.connect().await?;
    let counts = over(&mut connection, now).await;
    connection.close().await?;
    counts
}

async fn over(connection: &mut SqliteConnection, now: Timestamp) -> Result<Counts, sqlx::Error> {
    count_over!(connection, weekly::due(connection, now))
}
