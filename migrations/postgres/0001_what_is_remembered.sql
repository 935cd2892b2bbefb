-- What is remembered of a reader. A reader of whom nothing is remembered has no row.
CREATE TABLE readers (
    chat   bigint PRIMARY KEY,
    region text,
    asked  smallint                -- the question that typed words may answer
);

-- Who asked for weekly tips, and where each stands.
CREATE TABLE subscriptions (
    chat         bigint      PRIMARY KEY,
    zone         text        NOT NULL,
    day          smallint    NOT NULL, -- 1 is Monday
    hour         smallint    NOT NULL,
    week_zero    bytea,                -- sealed
    paused_until date,
    sent         integer     NOT NULL,
    last_at      timestamptz,
    next_on      date        NOT NULL,
    next_at      timestamptz NOT NULL,
    leased_until timestamptz NOT NULL DEFAULT '-infinity'
);

-- All that looking for due readers touches: those not due are never looked at, those leased are passed over without their rows.
CREATE INDEX subscriptions_due ON subscriptions (next_at, leased_until);

-- Each tip by chat and occurrence: written before it is sent, leased until it is known to be out.
CREATE TABLE deliveries (
    chat         bigint NOT NULL,
    day          date   NOT NULL,
    tip          text   NOT NULL,
    leased_until timestamptz,      -- NULL: it is out
    zone         text,             -- whose clock, and which hour of it, while it is not out
    hour         smallint,
    helpful      boolean,          -- NULL: not said
    PRIMARY KEY (chat, day)
);

CREATE INDEX deliveries_begun ON deliveries (leased_until) WHERE leased_until IS NOT NULL;

-- Who is alive: a process that does not renew its row in time is taken for dead, and its row is deleted.
CREATE TABLE replicas (
    id           bigint      PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
    leased_until timestamptz NOT NULL,
    replies      integer     NOT NULL DEFAULT 0 -- so many a second it sends of late
);

-- Updates in hand, sealed with DATA_KEY, until they are answered. In no backup and no export. A row whose replica has no row waits for
-- whoever takes it over. No foreign key: deleting a replica must not wait for its updates.
CREATE TABLE inbox (
    update_id bigint PRIMARY KEY,
    sealed    bytea  NOT NULL,
    replica   bigint NOT NULL DEFAULT 0 -- nobody's
);

-- Rows live for moments: what is deleted is cleared away soon, so that sealed words of yesterday don't lie about in pages.
ALTER TABLE inbox SET (autovacuum_vacuum_threshold = 50, autovacuum_vacuum_scale_factor = 0);
CREATE INDEX inbox_replica ON inbox (replica);
