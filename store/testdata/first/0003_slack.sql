-- The app in Slack workspaces. A workspace serves one Jira tenant, whose
-- projects its channels show; its channels are conversations of the surface
-- "slack" with the workspace's id as their site.

CREATE TABLE slack_installs (
    team_id      text   NOT NULL PRIMARY KEY,
    team_name    text   NOT NULL DEFAULT '',
    tenant_id    text   NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
    bot_token    bytea, -- sealed; NULL once it was revoked
    bot_user_id  text   NOT NULL DEFAULT '',
    scopes       text   NOT NULL DEFAULT '', -- comma-separated
    installed_by text   NOT NULL DEFAULT '', -- a Slack user
    state        text   NOT NULL CHECK (state IN ('active', 'removed')),
    installed_at bigint NOT NULL,
    updated_at   bigint NOT NULL
);
CREATE INDEX slack_installs_tenant ON slack_installs (tenant_id);

-- Who of a workspace is who in Jira, as they said themselves.
CREATE TABLE slack_people (
    team_id      text   NOT NULL REFERENCES slack_installs (team_id) ON DELETE CASCADE,
    user_id      text   NOT NULL,
    account_id   text   NOT NULL,
    connected_at bigint NOT NULL,
    PRIMARY KEY (team_id, user_id)
);
