-- What cursors are sealed with: one key for every process on this database, made by the first that opens it.

CREATE TABLE cursor_key (
    one integer PRIMARY KEY CHECK (one = 1),
    secret text NOT NULL
);
