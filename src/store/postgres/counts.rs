//! Counting in one look: all numbers are of the same instant, or nearly so, and no turn waits for them.

use jiff::Timestamp;
use sqlx::postgres::PgConnection;

use super::weekly;
use crate::store::counts::{Counts, count_over};

pub(super) async fn count(connection: &mut PgConnection, now: Timestamp) -> Result<Counts, sqlx::Error> {
    count_over!(connection, weekly::due(connection, now))
}
