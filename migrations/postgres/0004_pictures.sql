-- Telegram's own ids of pictures that it was sent once, by what each picture holds (128 bits in hex). Nothing of a reader.
CREATE TABLE pictures (
    content text PRIMARY KEY,
    id      text NOT NULL
);
