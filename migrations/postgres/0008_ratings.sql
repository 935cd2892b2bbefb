-- What readers thought of pages, a row each. It stands open, as ratings of tips do: SQL counts it without looking at anybody.
CREATE TABLE ratings (
    chat    bigint NOT NULL,
    page    text NOT NULL,
    value   smallint NOT NULL,     -- 1 to 5; a yes is 5, a no is 1
    missing text,                  -- id of what was missing; NULL: not said
    PRIMARY KEY (chat, page)
);

-- The same of a tip that was not helpful.
ALTER TABLE deliveries ADD COLUMN missing text;
