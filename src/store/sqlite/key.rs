//! The key of a file's database: the one that is given, or the one beside it, if it is the one that the database is sealed with.

use std::path::Path;

use sqlx::Connection;
use sqlx::sqlite::SqliteConnection;

use super::explain;
use crate::store::seal::DataKey;
use crate::store::sealed::{Misfit, Origin, Rows, take_key};
use crate::store::{StoreError, key_file};

/// Without a given key, one is made where nothing is sealed yet.
pub(super) async fn find(
    connection: &mut SqliteConnection,
    given: Option<DataKey>,
    place: &str,
    file: &Path,
) -> Result<DataKey, StoreError> {
    let wrong = |error| explain(place, "compare the key with the database's", error);
    let known = Rows::Sqlite(connection).known().await.map_err(wrong)?;
    if let (Some(known), Some(key)) = (&known, &given) {
        let misfit = || Misfit::All.explain(place, Origin::SettingOfFile);
        return if key.fits(known) { Ok(key.clone()) } else { Err(misfit()) };
    }
    // Of two processes that start at once, the second finds what the first has done.
    let mut transaction = connection.begin_with("BEGIN IMMEDIATE").await.map_err(wrong)?;
    let mut rows = Rows::Sqlite(&mut transaction);
    let origin = if given.is_some() { Origin::SettingOfFile } else { Origin::File };
    let key = match given {
        Some(key) => key,
        None => match key_file::settle(file, rows.known().await.map_err(wrong)?.as_deref())? {
            Some(key) => key,
            None if rows.any().await.map_err(wrong)? => {
                return Err(StoreError::KeyGone { place: place.into(), key_file: file.display().to_string() });
            }
            None => DataKey::from_file_or_new(file)?,
        },
    };
    take_key(&mut rows, &key).await.map_err(wrong)?.map_err(|misfit| misfit.explain(place, origin))?;
    transaction.commit().await.map_err(wrong)?;
    Ok(key)
}
