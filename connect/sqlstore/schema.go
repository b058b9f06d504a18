package sqlstore

// schema makes the tables, for SQLite and PostgreSQL alike. Times are milliseconds
// since 1970, 0 is none. Sealed values are NULL when there are none.
const schema = `
CREATE TABLE IF NOT EXISTS connect_turn (
	id   bigint NOT NULL PRIMARY KEY,
	turn bigint NOT NULL
);
INSERT INTO connect_turn (id, turn) VALUES (1, 0) ON CONFLICT (id) DO NOTHING;
CREATE TABLE IF NOT EXISTS connect_tenants (
	id              text   NOT NULL PRIMARY KEY,
	product         text   NOT NULL,
	cloud_id        text   NOT NULL,
	environment     text   NOT NULL,
	base_url        text   NOT NULL,
	display_url     text   NOT NULL,
	state           text   NOT NULL CHECK (state IN ('active', 'disabled', 'uninstalled')),
	generation      bigint NOT NULL,
	installed_at    bigint NOT NULL,
	updated_at      bigint NOT NULL,
	uninstalled_at  bigint NOT NULL,
	client_key      text   UNIQUE,
	app_key         text   NOT NULL,
	shared_secret   bytea,
	oauth_client_id text   NOT NULL,
	installation_id text   NOT NULL,
	told_at         bigint NOT NULL,
	moved_at        bigint NOT NULL
);
CREATE INDEX IF NOT EXISTS connect_tenants_cloud ON connect_tenants (cloud_id);
CREATE TABLE IF NOT EXISTS connect_forge_installs (
	installation_id text   NOT NULL PRIMARY KEY,
	tenant_id       text   NOT NULL REFERENCES connect_tenants (id) ON DELETE CASCADE,
	environment_id  text   NOT NULL,
	api_base_url    text   NOT NULL,
	version         text   NOT NULL,
	licence         text   NOT NULL,
	token           bytea,
	token_expires   bigint NOT NULL,
	created_at      bigint NOT NULL,
	seen_at         bigint NOT NULL,
	last_tick       bigint NOT NULL,
	told_at         bigint NOT NULL,
	refusals        bigint NOT NULL,
	refused_at      bigint NOT NULL,
	linked          bigint NOT NULL,
	used            bigint NOT NULL
);
CREATE INDEX IF NOT EXISTS connect_forge_installs_tenant ON connect_forge_installs (tenant_id);
`
