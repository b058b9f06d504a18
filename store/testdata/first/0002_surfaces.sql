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

-- Of its conversation, kept here too so that a claim finds by index what is
-- due of each tenant: the tenant, or the site while it has none; and the chat.
ALTER TABLE glances ADD COLUMN payer text NOT NULL DEFAULT '';
ALTER TABLE glances ADD COLUMN surface text NOT NULL DEFAULT 'chat';
UPDATE glances SET payer = (SELECT COALESCE(c.tenant_id, c.site) FROM conversations c
    WHERE c.site = glances.site AND c.id = glances.conversation_id);

-- Only rows with work to do, those that failed the last time apart; claims
-- repeat the conditions word for word.
DROP INDEX glances_due;
CREATE INDEX glances_due ON glances (payer, next_attempt)
    WHERE attempts = 0 AND (computed_rev < dirty_rev OR delivered_rev < desired_rev);
CREATE INDEX glances_late ON glances (payer, next_attempt)
    WHERE attempts > 0 AND (computed_rev < dirty_rev OR delivered_rev < desired_rev);

CREATE INDEX glances_midnight ON glances (midnight) WHERE midnight > 0;
