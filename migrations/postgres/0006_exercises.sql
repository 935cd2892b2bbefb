-- Exercises that are being counted: the message, the button that leads on (without any answer), when it is due, and who counts.
CREATE TABLE exercises (
    chat    bigint      PRIMARY KEY,
    message bigint      NOT NULL,
    token   text        NOT NULL,
    due     timestamptz NOT NULL,
    replica bigint      NOT NULL DEFAULT 0 -- nobody's
);
ALTER TABLE exercises SET (autovacuum_vacuum_threshold = 50, autovacuum_vacuum_scale_factor = 0);
