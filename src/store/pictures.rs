//! The channel's own ids of pictures, by what each picture holds. Nothing of a reader. Both stores understand this SQL.

pub(super) const READ: &str = "SELECT id FROM pictures WHERE content = $1";
pub(super) const KEEP: &str =
    "INSERT INTO pictures (content, id) VALUES ($1, $2) ON CONFLICT (content) DO UPDATE SET id = excluded.id";
