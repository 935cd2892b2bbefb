//! The key of a database that several replicas share: each has to bring the one that it is sealed with.

use sqlx::Connection;
use sqlx::postgres::PgConnection;

use crate::store::seal::DataKey;
use crate::store::sealed::{Misfit, Rows, take_key};

const LOCK: &str = "LOCK TABLE key_check IN EXCLUSIVE MODE";

/// At the start. Whoever asks is registered already: so a change of the key either sees that somebody lives, or was over before.
pub(super) async fn check(connection: &mut PgConnection, key: &DataKey) -> Result<Result<(), Misfit>, sqlx::Error> {
    if is_still(connection, key).await? {
        return Ok(Ok(()));
    }
    // The first start with this table, or a wrong key.
    let mut transaction = connection.begin().await?;
    sqlx::query(LOCK).execute(&mut *transaction).await?;
    let taken = take_key(&mut Rows::Postgres(&mut transaction), key).await?;
    transaction.commit().await?;
    Ok(taken)
}

/// Whether the database is sealed with this key, and known to be.
pub(super) async fn is_still(connection: &mut PgConnection, key: &DataKey) -> Result<bool, sqlx::Error> {
    Ok(Rows::Postgres(connection).known().await?.is_some_and(|known| key.fits(&known)))
}
