-- Tastings in the store: what is offered, places held, booked and waited for; and where people
-- come from.

CREATE TABLE events (
    id      TEXT PRIMARY KEY,
    name    TEXT NOT NULL CHECK (json_valid(name)),
    picture TEXT,
    tint    TEXT NOT NULL DEFAULT 'unknown'
) STRICT;

CREATE TABLE tastings (
    id             TEXT PRIMARY KEY,
    position       INTEGER NOT NULL,
    subject_kind   TEXT NOT NULL CHECK (subject_kind IN ('product', 'bundle', 'event')),
    subject        TEXT NOT NULL,          -- which one; it may be gone meanwhile
    title          TEXT NOT NULL CHECK (json_valid(title)),
    words          TEXT NOT NULL CHECK (json_valid(words)),
    place          TEXT NOT NULL CHECK (json_valid(place)),
    capacity       INTEGER NOT NULL CHECK (capacity >= 1),
    minutes        INTEGER NOT NULL CHECK (minutes >= 1),
    lead_minutes   INTEGER NOT NULL CHECK (lead_minutes >= 0),
    cancel_minutes INTEGER NOT NULL CHECK (cancel_minutes >= 0),
    deposit        INTEGER NOT NULL DEFAULT 0 CHECK (deposit >= 0),
    currency       TEXT NOT NULL DEFAULT 'CNY'
) STRICT;

CREATE INDEX tastings_by_subject ON tastings (subject_kind, subject);

-- When it begins on the shop's clock, every week.
CREATE TABLE tasting_times (
    tasting TEXT NOT NULL REFERENCES tastings (id) ON DELETE CASCADE,
    weekday INTEGER NOT NULL CHECK (weekday BETWEEN 1 AND 7),
    starts  TEXT NOT NULL,
    PRIMARY KEY (tasting, weekday, starts)
) STRICT, WITHOUT ROWID;

-- Days without it.
CREATE TABLE tasting_closed (
    tasting TEXT NOT NULL REFERENCES tastings (id) ON DELETE CASCADE,
    day     TEXT NOT NULL,
    PRIMARY KEY (tasting, day)
) STRICT, WITHOUT ROWID;

-- A tasting with what its subject is called.
CREATE VIEW tasting_cards AS
SELECT t.*, coalesce(p.name, b.name, e.name, t.title) AS name, coalesce(p.picture, b.picture, e.picture) AS picture,
       coalesce(p.tint, b.tint, e.tint, 'unknown') AS tint
FROM tastings AS t
LEFT JOIN products AS p ON t.subject_kind = 'product' AND p.id = t.subject
LEFT JOIN bundles AS b ON t.subject_kind = 'bundle' AND b.id = t.subject
LEFT JOIN events AS e ON t.subject_kind = 'event' AND e.id = t.subject;

CREATE TABLE slot_holds (
    id         INTEGER PRIMARY KEY,
    member     TEXT NOT NULL REFERENCES members (id) ON DELETE CASCADE,
    tasting    TEXT NOT NULL REFERENCES tastings (id),
    starts_at  INTEGER NOT NULL,
    ends_at    INTEGER NOT NULL CHECK (ends_at > starts_at),
    party      INTEGER NOT NULL CHECK (party >= 1),
    made_at    INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    ended_at   INTEGER,
    state      TEXT NOT NULL DEFAULT 'running' CHECK (state IN ('running', 'booked', 'let_go', 'expired')),
    CHECK ((ended_at IS NULL) = (state = 'running'))
) STRICT;

-- One at a time.
CREATE UNIQUE INDEX slot_holds_of_member ON slot_holds (member) WHERE state = 'running';
CREATE INDEX slot_holds_running ON slot_holds (expires_at) WHERE state = 'running';
CREATE INDEX slot_holds_before ON slot_holds (member, tasting, starts_at, ended_at);

CREATE TABLE bookings (
    id            TEXT PRIMARY KEY,
    number        TEXT NOT NULL UNIQUE,
    member        TEXT REFERENCES members (id),   -- NULL: somebody who just walked in
    tasting       TEXT NOT NULL REFERENCES tastings (id),
    starts_at     INTEGER NOT NULL,
    ends_at       INTEGER NOT NULL CHECK (ends_at > starts_at),
    party         INTEGER NOT NULL CHECK (party >= 1),
    name          TEXT NOT NULL,
    note          TEXT NOT NULL,
    state         TEXT NOT NULL,
    digits        TEXT NOT NULL,
    source        TEXT,
    -- Where its member must confirm on the day: from when, until when, whether it was done.
    confirm_from  INTEGER,
    confirm_until INTEGER,
    confirmed     INTEGER NOT NULL DEFAULT 0 CHECK (confirmed IN (0, 1)),
    verdict       TEXT,
    made_at       INTEGER NOT NULL,
    changed_at    INTEGER NOT NULL,
    CHECK ((confirm_from IS NULL) = (confirm_until IS NULL))
) STRICT;

CREATE INDEX bookings_by_slot ON bookings (starts_at, tasting);
CREATE INDEX bookings_by_member ON bookings (member, starts_at);
CREATE INDEX bookings_open ON bookings (ends_at) WHERE state = 'booked';
-- A member has one of a tasting that is still to come.
CREATE UNIQUE INDEX bookings_one_each ON bookings (member, tasting) WHERE state = 'booked';
-- What was called off needs no code; everything else may be looked up (and taken back) by it.
CREATE UNIQUE INDEX bookings_by_digits ON bookings (digits) WHERE state <> 'cancelled';

CREATE TABLE booking_changes (
    booking  TEXT NOT NULL REFERENCES bookings (id) ON DELETE CASCADE,
    position INTEGER NOT NULL,
    what     TEXT NOT NULL,
    at       INTEGER NOT NULL,
    actor    TEXT NOT NULL,
    staff    TEXT REFERENCES staff (id),
    PRIMARY KEY (booking, position)
) STRICT;

-- The lines of full slots; `turn` is the order in which people came.
CREATE TABLE waiting (
    turn          INTEGER PRIMARY KEY AUTOINCREMENT,
    id            TEXT NOT NULL UNIQUE,
    member        TEXT NOT NULL REFERENCES members (id) ON DELETE CASCADE,
    tasting       TEXT NOT NULL REFERENCES tastings (id),
    starts_at     INTEGER NOT NULL,
    ends_at       INTEGER NOT NULL CHECK (ends_at > starts_at),
    closes_at     INTEGER NOT NULL,       -- when the line ends
    party         INTEGER NOT NULL CHECK (party >= 1),
    state         TEXT NOT NULL DEFAULT 'waiting',
    offered_until INTEGER,
    joined_at     INTEGER NOT NULL,
    changed_at    INTEGER NOT NULL
) STRICT;

CREATE INDEX waiting_by_slot ON waiting (tasting, starts_at, turn) WHERE state IN ('waiting', 'offered');
-- In one line of a tasting.
CREATE UNIQUE INDEX waiting_one_each ON waiting (member, tasting) WHERE state IN ('waiting', 'offered');

-- The keys that sign the codes, as hexadecimal seeds. Made once, by the shop itself.
CREATE TABLE signing_keys (
    id      INTEGER PRIMARY KEY,
    seed    TEXT NOT NULL CHECK (length(seed) = 64),
    made_at INTEGER NOT NULL
) STRICT;

-- As `intents`, for what is done at the desk.
CREATE TABLE desk_intents (
    staff   TEXT NOT NULL REFERENCES staff (id) ON DELETE CASCADE,
    key     TEXT NOT NULL,
    request TEXT NOT NULL,
    status  INTEGER NOT NULL,
    answer  TEXT NOT NULL,
    made_at INTEGER NOT NULL,
    PRIMARY KEY (staff, key)
) STRICT;

-- How often somebody came in, by source and hour. Nothing of whom.
CREATE TABLE visits (
    source TEXT NOT NULL,
    hour   INTEGER NOT NULL,
    visits INTEGER NOT NULL,
    PRIMARY KEY (hour, source)
) STRICT, WITHOUT ROWID;

CREATE TABLE member_sources (
    member TEXT PRIMARY KEY REFERENCES members (id) ON DELETE CASCADE,
    source TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- Purchases at the counter of somebody who was no member then.
CREATE TABLE purchase_claims (
    claim      TEXT PRIMARY KEY,
    amount     INTEGER NOT NULL CHECK (amount > 0),
    currency   TEXT NOT NULL,
    points     INTEGER NOT NULL CHECK (points >= 0),
    staff      TEXT NOT NULL REFERENCES staff (id),
    made_at    INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    member     TEXT REFERENCES members (id),
    claimed_at INTEGER,
    CHECK ((member IS NULL) = (claimed_at IS NULL))
) STRICT;

CREATE TABLE claim_tries (
    member TEXT NOT NULL REFERENCES members (id) ON DELETE CASCADE,
    at     INTEGER NOT NULL
) STRICT;

CREATE INDEX claim_tries_of_member ON claim_tries (member, at);
