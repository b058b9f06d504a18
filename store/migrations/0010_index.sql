-- needs 0.1.0
-- The facts of a tenant that counting needs, packed: see internal/index. A page is
-- read and written whole.
CREATE TABLE index_pages (
    tenant_id text     NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
    shelf     smallint NOT NULL,
    project   text     NOT NULL,
    bucket    bigint   NOT NULL,
    body      bytea    NOT NULL,
    PRIMARY KEY (tenant_id, shelf, project, bucket)
);
