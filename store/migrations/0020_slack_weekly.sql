-- needs 0.1.0
-- The next summary of the week of each conversation that wants one, see internal/weekly.
-- sending says that it is being sent, or was when the program was killed; told is what the
-- last one said, as JSON.
CREATE TABLE weekly (
    site            text    NOT NULL,
    conversation_id text    NOT NULL,
    due_at          bigint  NOT NULL,
    sending         boolean NOT NULL DEFAULT false,
    attempts        bigint  NOT NULL DEFAULT 0,
    told            text    NOT NULL DEFAULT '',
    lease           text    NOT NULL DEFAULT '',
    lease_until     bigint  NOT NULL DEFAULT 0,
    PRIMARY KEY (site, conversation_id),
    FOREIGN KEY (site, conversation_id) REFERENCES conversations (site, id) ON DELETE CASCADE
);
CREATE INDEX weekly_due ON weekly (due_at);

-- Whether an admin of Jira lets a workspace's channels name people to everybody, and until
-- when the workspace takes no tables.
ALTER TABLE slack_installs ADD COLUMN names_people boolean NOT NULL DEFAULT false;
ALTER TABLE slack_installs ADD COLUMN plain_until bigint NOT NULL DEFAULT 0;

-- Who of a workspace does not want to be asked for their Jira account, and until when.
CREATE TABLE slack_unasked (
    team_id text   NOT NULL REFERENCES slack_installs (team_id) ON DELETE CASCADE,
    user_id text   NOT NULL,
    until   bigint NOT NULL,
    PRIMARY KEY (team_id, user_id)
);
