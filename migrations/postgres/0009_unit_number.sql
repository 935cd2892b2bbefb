-- The phone number of the reader's own maternity unit, sealed with this table's name and the chat: it says that somebody is pregnant, and where.
ALTER TABLE readers ADD COLUMN unit_number bytea;
