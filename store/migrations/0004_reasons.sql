-- needs 0.1.0
-- Why a glance failed, as a code; last_error has the error's text. Rows that an
-- older program wrote, before this step or beside it, have the text alone.
ALTER TABLE glances ADD COLUMN failed_for text NOT NULL DEFAULT '';
