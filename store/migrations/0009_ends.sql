-- needs 0.1.0
-- Whether a page's or the hourly call has come from an installation: only one
-- that is there makes such calls, while events may come late. An installation
-- that has ended has a created_at of 0.

ALTER TABLE forge_installs ADD COLUMN used boolean NOT NULL DEFAULT false;
