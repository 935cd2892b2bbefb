-- The pages that the reader saved, sealed with this table's name and the chat: which pages somebody keeps says something of their health.
CREATE TABLE saved_pages (
    chat   INTEGER PRIMARY KEY,
    sealed BLOB NOT NULL
) STRICT, WITHOUT ROWID;
