-- needs 0.1.0
-- The projects of the issues that a gadget's query found last, as a JSON list of keys;
-- empty: nobody asked.
ALTER TABLE gadget_configs ADD COLUMN found text NOT NULL DEFAULT '';
