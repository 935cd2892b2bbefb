-- The language that the reader chose, by its two letters.
ALTER TABLE readers ADD COLUMN language TEXT;
