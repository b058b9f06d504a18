-- needs 0.1.0
-- When the newest event that was believed was issued, by its sender's clock: an
-- event from before it ends nothing. 0 is not known, as rows of an older program
-- have it.

-- Of installed and uninstalled, and of enabled and disabled, which other servers
-- issue.
ALTER TABLE connect_installs ADD COLUMN told_at bigint NOT NULL DEFAULT 0;
ALTER TABLE connect_installs ADD COLUMN moved_at bigint NOT NULL DEFAULT 0;
-- Of an install or an upgrade.
ALTER TABLE forge_installs ADD COLUMN told_at bigint NOT NULL DEFAULT 0;
-- Of anything that begins, stops or resumes a conversation.
ALTER TABLE conversations ADD COLUMN told_at bigint NOT NULL DEFAULT 0;

ALTER TABLE slack_installs ADD COLUMN app_id text NOT NULL DEFAULT '';
