-- Glances on more than one chat, with more to show and to mind.

-- A site is the cloud id of the chat or the id of a Slack workspace; the two
-- cannot be mistaken for each other.
ALTER TABLE conversations RENAME COLUMN cloud_id TO site;
ALTER TABLE conversations ADD COLUMN surface text NOT NULL DEFAULT 'chat';
ALTER TABLE conversations ADD COLUMN stopped_for text NOT NULL DEFAULT ''; -- why, while it is stopped

ALTER TABLE glances RENAME COLUMN cloud_id TO site;
ALTER TABLE glances ADD COLUMN role text NOT NULL DEFAULT '';
ALTER TABLE glances ADD COLUMN user_query text NOT NULL DEFAULT '';
ALTER TABLE glances ADD COLUMN parts text NOT NULL DEFAULT ''; -- JSON array; '' is the default
ALTER TABLE glances ADD COLUMN quiet_from text NOT NULL DEFAULT ''; -- HH:MM in zone
ALTER TABLE glances ADD COLUMN quiet_to text NOT NULL DEFAULT '';
ALTER TABLE glances ADD COLUMN language text NOT NULL DEFAULT '';
ALTER TABLE glances ADD COLUMN handle text NOT NULL DEFAULT ''; -- the surface's own
ALTER TABLE glances ADD COLUMN dirty_at bigint NOT NULL DEFAULT 0; -- of the newest mark
-- The first midnight in zone that the desired state has not seen yet: the
-- same issues are overdue or due soon in other numbers after it.
ALTER TABLE glances ADD COLUMN midnight bigint NOT NULL DEFAULT 0;
-- Not before, unless urgent: the end of the quiet hours that it ran into.
ALTER TABLE glances ADD COLUMN quiet_until bigint NOT NULL DEFAULT 0;
-- Configured or installed and not shown yet: quiet hours do not count.
ALTER TABLE glances ADD COLUMN urgent boolean NOT NULL DEFAULT false;
-- When the calls made so far are paid off at the steady rate; it may lie as
-- far ahead as the burst allows. It is kept here and not in memory so that a
-- process which is killed cannot forget what it has called.
ALTER TABLE glances ADD COLUMN paid_at bigint NOT NULL DEFAULT 0;

CREATE INDEX glances_midnight ON glances (midnight) WHERE midnight > 0;
