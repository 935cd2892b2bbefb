-- The day of the last visit, counted from 1970-01-01: whoever has not been here for the retention time is forgotten. Whoever has a
-- subscription has a row here too from now on. WITHOUT ROWID, as the other tables are: what is forgotten leaves its number in no inner page.
CREATE TABLE readers_today (
    chat   INTEGER PRIMARY KEY,
    region TEXT,
    asked  INTEGER,          -- the question that typed words may answer
    seen   INTEGER           -- NULL: not known; counts from the day on which that is noticed
) STRICT, WITHOUT ROWID;

INSERT INTO readers_today (chat, region, asked) SELECT chat, region, asked FROM readers WHERE region IS NOT NULL OR asked IS NOT NULL;
INSERT INTO readers_today (chat) SELECT chat FROM subscriptions WHERE chat NOT IN (SELECT chat FROM readers_today);
DROP TABLE readers;
ALTER TABLE readers_today RENAME TO readers;

-- All that looking for the unseen touches.
CREATE INDEX readers_seen ON readers (seen);
