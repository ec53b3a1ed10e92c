-- A key remembers what was refused too: a copy of the request that comes late does nothing then
-- that its member was told is not done.
ALTER TABLE intents ADD COLUMN status INTEGER NOT NULL DEFAULT 201;
