-- Telegram's own ids of pictures that it was sent once, by what each picture holds (128 bits in hex). Nothing of a reader.
CREATE TABLE pictures (
    content TEXT PRIMARY KEY,
    id      TEXT NOT NULL
) STRICT, WITHOUT ROWID;
