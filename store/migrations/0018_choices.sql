-- needs 0.1.0
-- What was chosen once for a whole site, and is proposed wherever it is asked next.
CREATE TABLE site_choices (
    tenant_id text   NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
    name      text   NOT NULL, -- see store/gadgets.go
    value     text   NOT NULL,
    saved_at  bigint NOT NULL,
    PRIMARY KEY (tenant_id, name)
);
