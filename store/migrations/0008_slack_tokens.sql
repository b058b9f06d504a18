-- needs 0.1.0
-- A Slack workspace's token that ends is renewed before it does, by one replica
-- at a time; signatures of Slack's requests are remembered by all of them.
ALTER TABLE slack_installs ADD COLUMN refresh_token bytea; -- sealed; NULL if the token cannot be renewed
ALTER TABLE slack_installs ADD COLUMN token_ends_at bigint NOT NULL DEFAULT 0; -- 0: never, or not known
ALTER TABLE slack_installs ADD COLUMN renew_at bigint NOT NULL DEFAULT 0; -- 0: only if Slack says that it has ended
ALTER TABLE slack_installs ADD COLUMN renewing_until bigint NOT NULL DEFAULT 0; -- the lease of a renewal

CREATE TABLE slack_signatures (
    signature text   NOT NULL PRIMARY KEY,
    seen_at   bigint NOT NULL
);
CREATE INDEX slack_signatures_seen ON slack_signatures (seen_at);
