-- The live room: shows, what happens in them, and what members have done there.

CREATE TABLE shows (
    id         TEXT PRIMARY KEY,
    kind       TEXT NOT NULL,
    number     INTEGER NOT NULL CHECK (number >= 1),
    title      TEXT NOT NULL CHECK (json_valid(title)),
    words      TEXT NOT NULL CHECK (json_valid(words)),
    host       TEXT NOT NULL CHECK (json_valid(host)),
    starts_at  INTEGER NOT NULL,
    minutes    INTEGER NOT NULL CHECK (minutes >= 1),
    picture    TEXT,
    tint       TEXT NOT NULL DEFAULT 'unknown',
    tasting    TEXT,                                       -- it may be gone meanwhile
    state      TEXT NOT NULL DEFAULT 'scheduled' CHECK (state IN ('scheduled', 'live', 'ended')),
    started_at INTEGER,
    ended_at   INTEGER,
    epoch      TEXT NOT NULL,                              -- of which history the events are
    last_event INTEGER NOT NULL DEFAULT 0,
    likes      INTEGER NOT NULL DEFAULT 0                  -- counted at once, told once a second
) STRICT;

CREATE INDEX shows_by_time ON shows (state, starts_at);

CREATE TABLE show_goods (
    show     TEXT NOT NULL REFERENCES shows (id) ON DELETE CASCADE,
    position INTEGER NOT NULL,
    product  TEXT NOT NULL REFERENCES products (id) ON DELETE CASCADE,
    PRIMARY KEY (show, position),
    UNIQUE (show, product)
) STRICT, WITHOUT ROWID;

-- A show with how many products it has.
CREATE VIEW show_cards AS
SELECT s.*, (SELECT count(*) FROM show_goods AS g WHERE g.show = s.id) AS goods_count FROM shows AS s;

CREATE TABLE show_reminders (
    show   TEXT NOT NULL REFERENCES shows (id) ON DELETE CASCADE,
    member TEXT NOT NULL REFERENCES members (id) ON DELETE CASCADE,
    PRIMARY KEY (show, member)
) STRICT, WITHOUT ROWID;

-- Everything that has happened, numbered without a gap. It is only ever added to, and after very
-- many the oldest go.
CREATE TABLE live_events (
    show TEXT NOT NULL REFERENCES shows (id) ON DELETE CASCADE,
    id   INTEGER NOT NULL CHECK (id >= 1),
    at   INTEGER NOT NULL,
    what TEXT NOT NULL CHECK (json_valid(what)),
    PRIMARY KEY (show, id)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER live_events_stay BEFORE UPDATE ON live_events
BEGIN
    SELECT RAISE(ABORT, 'what has happened is never changed');
END;

-- What the events until one of them have come to, so that not all need be gone through again.
CREATE TABLE live_rooms (
    show  TEXT PRIMARY KEY REFERENCES shows (id) ON DELETE CASCADE,
    event INTEGER NOT NULL,
    room  TEXT NOT NULL CHECK (json_valid(room))
) STRICT;

CREATE TABLE live_comments (
    id          TEXT PRIMARY KEY,
    show        TEXT NOT NULL REFERENCES shows (id) ON DELETE CASCADE,
    member      TEXT REFERENCES members (id) ON DELETE SET NULL,
    author      TEXT NOT NULL,
    name        TEXT NOT NULL,
    text        TEXT NOT NULL,
    question    INTEGER NOT NULL CHECK (question IN (0, 1)),
    at          INTEGER NOT NULL,
    removed     INTEGER NOT NULL DEFAULT 0 CHECK (removed IN (0, 1)),
    answer      TEXT,
    answered_at INTEGER
) STRICT;

CREATE INDEX live_comments_of_member ON live_comments (show, member, at);
CREATE INDEX live_comments_of_author ON live_comments (show, author);
CREATE INDEX live_questions ON live_comments (show, at) WHERE question = 1;

CREATE TABLE live_votes (
    show   TEXT NOT NULL REFERENCES shows (id) ON DELETE CASCADE,
    poll   TEXT NOT NULL,
    member TEXT NOT NULL REFERENCES members (id) ON DELETE CASCADE,
    option INTEGER NOT NULL,
    PRIMARY KEY (poll, member)
) STRICT, WITHOUT ROWID;

CREATE TABLE live_wishes (
    show   TEXT NOT NULL REFERENCES shows (id) ON DELETE CASCADE,
    round  TEXT NOT NULL,
    wish   TEXT NOT NULL,
    member TEXT NOT NULL REFERENCES members (id) ON DELETE CASCADE,
    own    INTEGER NOT NULL CHECK (own IN (0, 1)),         -- wished in their own words
    PRIMARY KEY (round, wish, member)
) STRICT, WITHOUT ROWID;

-- One a member, whoever is faster; the coupon is among the member's.
CREATE TABLE live_claims (
    show    TEXT NOT NULL REFERENCES shows (id) ON DELETE CASCADE,
    drop_id TEXT NOT NULL,
    member  TEXT NOT NULL REFERENCES members (id) ON DELETE CASCADE,
    coupon  TEXT NOT NULL REFERENCES coupons (id),
    at      INTEGER NOT NULL,
    PRIMARY KEY (drop_id, member)
) STRICT, WITHOUT ROWID;

-- Words that mean the same: a JSON array of arrays.
CREATE TABLE live_synonyms (
    id    INTEGER PRIMARY KEY CHECK (id = 1),
    words TEXT NOT NULL CHECK (json_valid(words))
) STRICT;
