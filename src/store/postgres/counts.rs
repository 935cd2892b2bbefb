//! Counting in one look: all numbers are of the same instant, or nearly so, and no turn waits for them.

use jiff::Timestamp;
use sqlx::postgres::PgConnection;

use super::weekly;
use crate::store::counts::{Counts, INBOX, READERS, SUBSCRIBERS, TIPS};

pub(super) async fn count(connection: &mut PgConnection, now: Timestamp) -> Result<Counts, sqlx::Error> {
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
