-- The day of the last visit: whoever has not been here for the retention time is forgotten. Whoever has a subscription has a row here too
-- from now on.
ALTER TABLE readers ADD COLUMN seen date; -- NULL: not known; counts from the day on which that is noticed

INSERT INTO readers (chat) SELECT chat FROM subscriptions ON CONFLICT (chat) DO NOTHING;

-- All that looking for the unseen touches.
CREATE INDEX readers_seen ON readers (seen);
