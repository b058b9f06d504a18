-- needs 0.1.0
-- What else a conversation chose to show, as JSON, see glance.Choices; empty: nothing.
ALTER TABLE glances ADD COLUMN choices text NOT NULL DEFAULT '';
