-- What is remembered of a reader. A reader of whom nothing is remembered has no row.
CREATE TABLE readers (
    chat   INTEGER PRIMARY KEY,
    region TEXT
) STRICT;

-- Updates in hand, sealed with DATA_KEY, until they are answered. In no backup and no export.
CREATE TABLE inbox (
    update_id INTEGER PRIMARY KEY,
    sealed    BLOB NOT NULL
) STRICT;
