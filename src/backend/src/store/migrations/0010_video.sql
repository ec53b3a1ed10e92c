-- The picture of shows: by which name it is watched, with which key it is sent, and how a show is seen again.

ALTER TABLE shows ADD COLUMN stream TEXT NOT NULL DEFAULT '';  -- nobody can guess it; viewers are told
ALTER TABLE shows ADD COLUMN publish_key TEXT;                 -- only whoever hosts is told
ALTER TABLE shows ADD COLUMN key_made_at INTEGER;
ALTER TABLE shows ADD COLUMN sender TEXT;                      -- who sends, as the media server calls them
ALTER TABLE shows ADD COLUMN sending_until INTEGER;            -- unless the media server says more until then

UPDATE shows SET stream = lower(hex(randomblob(10)));

CREATE UNIQUE INDEX shows_by_stream ON shows (stream) WHERE stream <> '';
CREATE UNIQUE INDEX shows_by_key ON shows (publish_key);

-- The host's clock, in milliseconds; that of older events is `at`.
ALTER TABLE live_events ADD COLUMN clock INTEGER;

-- Rooms as they were after some events, so that a replay can begin anywhere.
CREATE TABLE live_snapshots (
    show  TEXT NOT NULL REFERENCES shows (id) ON DELETE CASCADE,
    event INTEGER NOT NULL,
    room  TEXT NOT NULL CHECK (json_valid(room)),
    PRIMARY KEY (show, event)
) STRICT, WITHOUT ROWID;
