-- needs 0.1.0
-- An operator disabled the tenant: until an operator enables it, it stays disabled,
-- whatever Jira says.
ALTER TABLE tenants ADD COLUMN held boolean NOT NULL DEFAULT false;

-- The programs that work on this database; each says so every twenty seconds, and
-- removes its row when it stops.
CREATE TABLE programs (
    name       text   NOT NULL PRIMARY KEY,
    version    text   NOT NULL,
    started_at bigint NOT NULL,
    seen_at    bigint NOT NULL
);
