-- needs 0.1.0
-- One row that is written to learn whether the database takes writes.
CREATE TABLE readiness (
    id         bigint NOT NULL PRIMARY KEY,
    checked_at bigint NOT NULL
);
