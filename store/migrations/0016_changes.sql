-- needs 0.1.0
-- What a program has changed and others may remember otherwise, for some minutes. The
-- id is PostgreSQL's of the transaction; on SQLite, which has one writer, it counts up.
CREATE TABLE changes (
    id        bigint NOT NULL,
    kind      text   NOT NULL, -- see store/changes.go
    tenant_id text   NOT NULL, -- stays when the tenant goes
    name      text   NOT NULL, -- what of the tenant; empty: all
    made_by   text   NOT NULL, -- the program that made it, which knows
    made_at   bigint NOT NULL,
    PRIMARY KEY (id, kind, tenant_id, name)
);
