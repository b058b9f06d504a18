-- needs 0.1.0
-- How far the report of each tenant's accounts is, see internal/privacy. mark is a sum
-- of the account reported last, not the account.
CREATE TABLE account_reports (
    tenant_id   text   NOT NULL PRIMARY KEY REFERENCES tenants (id) ON DELETE CASCADE,
    due_at      bigint NOT NULL,
    began_at    bigint NOT NULL DEFAULT 0,
    fresh_at    bigint NOT NULL,
    mark        text   NOT NULL DEFAULT '',
    cycle       bigint NOT NULL DEFAULT 0,
    failures    bigint NOT NULL DEFAULT 0,
    lease       text   NOT NULL DEFAULT '',
    lease_until bigint NOT NULL DEFAULT 0
);
CREATE INDEX account_reports_due ON account_reports (due_at);
