-- needs 0.1.0
-- What editors of a gadget have noted about its people's working time, sealed. The id
-- is made of the tenant, the dashboard and the item.
CREATE TABLE rosters (
    id           text  NOT NULL PRIMARY KEY,
    tenant_id    text  NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
    dashboard_id text  NOT NULL,
    item_id      text  NOT NULL,
    value        bytea NOT NULL
);
CREATE INDEX rosters_tenant ON rosters (tenant_id);
