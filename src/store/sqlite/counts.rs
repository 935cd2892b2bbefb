//! Counting over a connection of its own that cannot write, so that no turn waits for it: in a large file it takes a while.

use jiff::Timestamp;
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use sqlx::{ConnectOptions, Connection};

use super::weekly;
use crate::store::counts::{Counts, INBOX, READERS, SUBSCRIBERS, TIPS};

pub(super) async fn count(options: &SqliteConnectOptions, now: Timestamp) -> Result<Counts, sqlx::Error> {
    let options = options.clone().read_only(true).create_if_missing(false).disable_statement_logging();
    let mut connection = options.connect().await?;
    let counts = count_over(&mut connection, now).await;
    connection.close().await?;
    counts
}

async fn count_over(connection: &mut SqliteConnection, now: Timestamp) -> Result<Counts, sqlx::Error> {
    let mut counts = Counts::default();
    for (region, many) in sqlx::query_as(READERS).fetch_all(&mut *connection).await? {
        counts.add_readers(region, many);
    }
    for (zone, day, region, many) in sqlx::query_as(SUBSCRIBERS).fetch_all(&mut *connection).await? {
        counts.add_subscribers(zone, day, region, many);
    }
    for (tip, helpful, many) in sqlx::query_as(TIPS).fetch_all(&mut *connection).await? {
        counts.add_tips(tip, helpful, many);
    }
    let inbox: i64 = sqlx::query_scalar(INBOX).fetch_one(&mut *connection).await?;
    counts.inbox = inbox.unsigned_abs();
    counts.due = weekly::due(connection, now).await?;
    Ok(counts)
}
