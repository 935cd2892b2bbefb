-- What readers thought of pages, a row each. It stands open, as ratings of tips do: SQL counts it without looking at anybody.
CREATE TABLE ratings (
    chat    INTEGER NOT NULL,
    page    TEXT NOT NULL,
    value   INTEGER NOT NULL,      -- 1 to 5; a yes is 5, a no is 1
    missing TEXT,                  -- id of what was missing; NULL: not said
    PRIMARY KEY (chat, page)
) STRICT, WITHOUT ROWID;

-- The same of a tip that was not helpful.
ALTER TABLE deliveries ADD COLUMN missing TEXT;
