-- One text for SQLite and PostgreSQL: SQLite takes any type name and stores
-- what it is given. Times are UTC milliseconds, 0 is never.

CREATE TABLE tenants (
    id             text   NOT NULL PRIMARY KEY,
    product        text   NOT NULL,
    cloud_id       text   NOT NULL DEFAULT '',
    base_url       text   NOT NULL,
    display_url    text   NOT NULL,
    state          text   NOT NULL CHECK (state IN ('active', 'disabled', 'uninstalled')),
    generation     bigint NOT NULL,
    installed_at   bigint NOT NULL,
    updated_at     bigint NOT NULL,
    uninstalled_at bigint NOT NULL DEFAULT 0
);
CREATE INDEX tenants_cloud_id ON tenants (cloud_id);

-- The foreign key is deferred so that the upsert by client key, which decides
-- whose tenant it is, can come first.
CREATE TABLE connect_installs (
    client_key         text NOT NULL PRIMARY KEY,
    tenant_id          text NOT NULL UNIQUE
        REFERENCES tenants (id) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED,
    app_key            text NOT NULL,
    shared_secret      bytea, -- sealed; NULL once uninstalled
    oauth_client_id    text NOT NULL DEFAULT '',
    entitlement_id     text NOT NULL DEFAULT '',
    entitlement_number text NOT NULL DEFAULT '',
    installation_id    text NOT NULL DEFAULT ''
);

CREATE TABLE forge_installs (
    installation_id text   NOT NULL PRIMARY KEY,
    tenant_id       text   NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
    environment     text   NOT NULL,
    api_base_url    text   NOT NULL,
    version         text   NOT NULL DEFAULT '',
    licence         text   NOT NULL DEFAULT '',
    last_tick       bigint NOT NULL DEFAULT 0
);
CREATE INDEX forge_installs_tenant ON forge_installs (tenant_id);

CREATE TABLE forge_tokens (
    installation_id text   NOT NULL REFERENCES forge_installs (installation_id) ON DELETE CASCADE,
    kind            text   NOT NULL,
    account_id      text   NOT NULL DEFAULT '',
    token           bytea  NOT NULL, -- sealed
    expires_at      bigint NOT NULL,
    PRIMARY KEY (installation_id, kind, account_id)
);

-- A conversation outlives the Jira tenant of its site: the chat app is still
-- installed in it, and the next tenant of the site takes it over.
CREATE TABLE conversations (
    cloud_id     text NOT NULL,
    id           text NOT NULL,
    tenant_id    text REFERENCES tenants (id) ON DELETE SET NULL,
    installed_by text NOT NULL DEFAULT '',
    state        text NOT NULL DEFAULT 'active' CHECK (state IN ('active', 'stopped')),
    PRIMARY KEY (cloud_id, id)
);
CREATE INDEX conversations_tenant ON conversations (tenant_id);

CREATE TABLE glances (
    cloud_id        text    NOT NULL,
    conversation_id text    NOT NULL,
    kind            text    NOT NULL,
    module_key      text    NOT NULL,
    projects        text    NOT NULL DEFAULT '', -- JSON array of keys; '' is not configured
    window_days     bigint  NOT NULL DEFAULT 0,
    zone            text    NOT NULL DEFAULT '',
    desired         text    NOT NULL DEFAULT '', -- JSON; '' is nothing yet
    desired_at      bigint  NOT NULL DEFAULT 0,
    dirty_rev       bigint  NOT NULL DEFAULT 0,
    computed_rev    bigint  NOT NULL DEFAULT 0,
    desired_rev     bigint  NOT NULL DEFAULT 0,
    delivered_rev   bigint  NOT NULL DEFAULT 0,
    attempts        bigint  NOT NULL DEFAULT 0,
    next_attempt    bigint  NOT NULL, -- 0 is stopped
    lease           text    NOT NULL DEFAULT '',
    lease_until     bigint  NOT NULL DEFAULT 0,
    -- Restarted since it was last claimed: what the claim's holder still
    -- reports as delivered or failed belongs to the time before.
    restarted       boolean NOT NULL DEFAULT false,
    last_error      text    NOT NULL DEFAULT '',
    PRIMARY KEY (cloud_id, conversation_id, kind, module_key),
    FOREIGN KEY (cloud_id, conversation_id) REFERENCES conversations (cloud_id, id) ON DELETE CASCADE
);
-- Only rows with work to do; the claim repeats the condition word for word.
CREATE INDEX glances_due ON glances (next_attempt)
    WHERE computed_rev < dirty_rev OR delivered_rev < desired_rev;

CREATE TABLE gadget_configs (
    tenant_id    text   NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
    dashboard_id text   NOT NULL,
    item_id      text   NOT NULL,
    value        text   NOT NULL, -- JSON; '' when the property does not exist
    read_at      bigint NOT NULL,
    PRIMARY KEY (tenant_id, dashboard_id, item_id)
);

CREATE TABLE deliveries (
    tenant_id  text   NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
    identifier text   NOT NULL,
    seen_at    bigint NOT NULL,
    PRIMARY KEY (tenant_id, identifier)
);
CREATE INDEX deliveries_seen_at ON deliveries (seen_at);
