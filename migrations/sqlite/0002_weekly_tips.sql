-- The question that typed words may answer.
ALTER TABLE readers ADD COLUMN asked INTEGER;

-- Who asked for weekly tips, and where each stands. Times are seconds, days are counted from 1970-01-01.
-- WITHOUT ROWID: there, a deleted row leaves its number in no inner page.
CREATE TABLE subscriptions (
    chat         INTEGER PRIMARY KEY,
    zone         TEXT    NOT NULL,
    day          INTEGER NOT NULL, -- 1 is Monday
    hour         INTEGER NOT NULL,
    week_zero    BLOB,             -- sealed
    paused_until INTEGER,
    sent         INTEGER NOT NULL,
    last_at      INTEGER,
    next_on      INTEGER NOT NULL,
    next_at      INTEGER NOT NULL,
    leased_until INTEGER NOT NULL DEFAULT 0
) STRICT, WITHOUT ROWID;

-- All that looking for due readers touches: those not due are never looked at, those leased are passed over without their rows.
CREATE INDEX subscriptions_due ON subscriptions (next_at, leased_until);

-- Each tip by chat and occurrence: written before it is sent, leased until it is known to be out.
CREATE TABLE deliveries (
    chat         INTEGER NOT NULL,
    day          INTEGER NOT NULL,
    tip          TEXT    NOT NULL,
    leased_until INTEGER,          -- NULL: it is out
    zone         TEXT,             -- whose clock, and which hour of it, while it is not out
    hour         INTEGER,
    helpful      INTEGER,          -- 1 yes, 0 no, NULL: not said
    PRIMARY KEY (chat, day)
) STRICT, WITHOUT ROWID;

CREATE INDEX deliveries_begun ON deliveries (leased_until) WHERE leased_until IS NOT NULL;
