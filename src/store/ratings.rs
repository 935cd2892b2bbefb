//! What readers thought of pages, a row each. Both stores understand this SQL.
//!
//! The rows stand open, as ratings of tips do: SQL counts them without looking at anybody.

use crate::dialogue::{HIGHEST, Rated, Ratings};

pub(super) const KEEP: &str = "INSERT INTO ratings (chat, page, value, missing) VALUES ($1, $2, $3, $4) \
     ON CONFLICT (chat, page) DO UPDATE SET value = excluded.value, missing = excluded.missing";
pub(super) const FORGET_ONE: &str = "DELETE FROM ratings WHERE chat = $1 AND page = $2";
pub(super) const FORGET: &str = "DELETE FROM ratings WHERE chat = $1";

/// What the subquery over a reader's ratings says: lists of a page, a value and perhaps what was missing.
pub(super) fn of_json(json: Option<&str>) -> Result<Ratings, sqlx::Error> {
    let rows: Vec<(String, u8, Option<String>)> = match json {
        Some(json) => serde_json::from_str(json).map_err(|error| sqlx::Error::Decode(error.into()))?,
        None => Vec::new(),
    };
    let rated =
        |(page, value, missing): (String, u8, Option<String>)| (page, Rated { value: value.clamp(1, HIGHEST), missing });
    Ok(rows.into_iter().map(rated).collect())
}

/// The pages whose rating was taken back.
pub(super) fn gone<'a>(before: &'a Ratings, after: &'a Ratings) -> impl Iterator<Item = &'a String> {
    before.keys().filter(|page| !after.contains_key(*page))
}

/// Those that are new or another.
pub(super) fn changed<'a>(before: &'a Ratings, after: &'a Ratings) -> impl Iterator<Item = (&'a String, &'a Rated)> {
    after.iter().filter(|(page, rated)| before.get(*page) != Some(*rated))
}
