-- needs 0.1.0
-- What the app spends of Jira's points, as all replicas have added it up: one row
-- for an hour, a tenant ('' is the whole app) and a purpose. Hours are forgotten
-- after two days.
CREATE TABLE quota_points (
    hour      bigint NOT NULL,
    tenant_id text   NOT NULL,
    purpose   text   NOT NULL,
    points    bigint NOT NULL,
    PRIMARY KEY (hour, tenant_id, purpose)
);

-- What Jira's headers said last of a budget: points_limit is 0 where it was not said
-- and -1 where there is no such budget; used was used in the hour when points had
-- been counted; until until_at calls are refused.
CREATE TABLE quota_said (
    tenant_id    text   NOT NULL PRIMARY KEY,
    said_at      bigint NOT NULL,
    points_limit bigint NOT NULL,
    hour         bigint NOT NULL,
    used         bigint NOT NULL,
    points       bigint NOT NULL,
    until_at     bigint NOT NULL
);
