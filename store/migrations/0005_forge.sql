-- needs 0.1.0
-- Installations through Forge. A tenant is a site and an environment: what is
-- deployed to development never sees what production holds.

ALTER TABLE tenants ADD COLUMN environment text NOT NULL DEFAULT 'PRODUCTION';

ALTER TABLE forge_installs ADD COLUMN created_at bigint NOT NULL DEFAULT 0;
ALTER TABLE forge_installs ADD COLUMN seen_at    bigint NOT NULL DEFAULT 0; -- last verified call
ALTER TABLE forge_installs ADD COLUMN refusals   bigint NOT NULL DEFAULT 0; -- of Jira, since the last verified call
ALTER TABLE forge_installs ADD COLUMN refused_at bigint NOT NULL DEFAULT 0; -- the first of them
ALTER TABLE forge_installs ADD COLUMN linked     boolean NOT NULL DEFAULT false; -- its Connect tenant is known, or that it has none
