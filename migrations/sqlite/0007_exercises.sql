-- Exercises that are being counted: the message, the button that leads on (without any answer), and when it is due.
CREATE TABLE exercises (
    chat    INTEGER PRIMARY KEY,
    message INTEGER NOT NULL,
    token   TEXT NOT NULL,
    due     INTEGER NOT NULL -- seconds since 1970
) STRICT;
