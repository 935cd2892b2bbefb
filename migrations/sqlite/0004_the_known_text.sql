-- A known text, sealed with DATA_KEY at the first start: whoever comes with another key is told so before anything is sealed with two.
CREATE TABLE key_check (
    id     INTEGER PRIMARY KEY CHECK (id = 1),
    sealed BLOB NOT NULL
) STRICT;
