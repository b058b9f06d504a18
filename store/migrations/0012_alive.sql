-- needs 0.1.0
-- One row that says when a program was alive last: what happened since, nobody heard.
CREATE TABLE alive (
    id       bigint NOT NULL PRIMARY KEY,
    alive_at bigint NOT NULL
);
