//! The inbox: updates in hand, sealed, each row belonging to the replica that has it in hand.

use sqlx::postgres::{PgConnection, PgRow};
use sqlx::{Connection, Row};

use crate::store::row::open_update;
use crate::store::seal::DataKey;

const TAKE_OUT: &str = "DELETE FROM inbox WHERE update_id = ANY($1) AND replica = $2";
/// What lies there for another replica stays that one's. In order, so that two that write the same wait for one another only once.
const PUT_IN: &str = "INSERT INTO inbox (update_id, sealed, replica) \
     SELECT DISTINCT ON (id) id, sealed, $3 FROM unnest($1::bigint[], $2::bytea[]) WITH ORDINALITY AS new(id, sealed, nth) \
     ORDER BY id, nth DESC \
     ON CONFLICT (update_id) DO UPDATE SET sealed = excluded.sealed WHERE inbox.replica = excluded.replica RETURNING update_id";
/// Who takes over must be alive, and stay so until it has.
const ALIVE: &str = "SELECT 1 FROM replicas WHERE id = $1 AND leased_until > clock_timestamp() FOR KEY SHARE";
const BURY: &str = "DELETE FROM replicas WHERE leased_until <= clock_timestamp() AND id <> $1";
const TAKE_OVER: &str = "UPDATE inbox SET replica = $1 WHERE update_id IN (SELECT update_id FROM inbox AS i \
     WHERE NOT EXISTS (SELECT 1 FROM replicas AS r WHERE r.id = i.replica) FOR UPDATE OF i SKIP LOCKED) \
     RETURNING update_id, sealed";
const MINE: &str = "SELECT update_id, sealed FROM inbox WHERE replica = $1 ORDER BY update_id";

/// Updates by their id.
pub(super) type Rows = Vec<(i64, Vec<u8>)>;

/// The ids that are this replica's now; the others lie there for another one.
pub(super) async fn write(
    connection: &mut PgConnection,
    replica: i64,
    answered: &[i64],
    sealed: &[(i64, Vec<u8>)],
) -> Result<Vec<i64>, sqlx::Error> {
    let mut transaction = connection.begin().await?;
    if !answered.is_empty() {
        sqlx::query(TAKE_OUT).bind(answered).bind(replica).execute(&mut *transaction).await?;
    }
    let mut mine = Vec::new();
    if !sealed.is_empty() {
        let (ids, bytes): (Vec<i64>, Vec<&[u8]>) = sealed.iter().map(|(id, bytes)| (*id, bytes.as_slice())).unzip();
        mine = sqlx::query_scalar(PUT_IN).bind(ids).bind(bytes).bind(replica).fetch_all(&mut *transaction).await?;
    }
    transaction.commit().await?;
    Ok(mine)
}

/// Which rows are asked for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Which {
    /// Those taken over just now.
    TakenOver,
    /// All that are this replica's.
    Mine,
}

/// Takes over what the dead left; what of it could be opened, and how many rows there are. If some could not, all stays as it was.
pub(super) async fn take_over(
    connection: &mut PgConnection,
    key: &DataKey,
    replica: i64,
    which: Which,
) -> Result<(Rows, usize), sqlx::Error> {
    let mut transaction = connection.begin().await?;
    if sqlx::query(ALIVE).bind(replica).fetch_optional(&mut *transaction).await?.is_none() {
        return Ok((Vec::new(), 0));
    }
    sqlx::query(BURY).bind(replica).execute(&mut *transaction).await?;
    let mut rows: Vec<PgRow> = sqlx::query(TAKE_OVER).bind(replica).fetch_all(&mut *transaction).await?;
    if which == Which::Mine {
        rows = sqlx::query(MINE).bind(replica).fetch_all(&mut *transaction).await?;
    }
    let mut opened = Vec::with_capacity(rows.len());
    for row in &rows {
        opened.extend(open_update(key, row.try_get(0)?, row.try_get(1)?));
    }
    if opened.len() == rows.len() {
        transaction.commit().await?;
    }
    opened.sort_unstable_by_key(|(id, _)| *id);
    Ok((opened, rows.len()))
}
