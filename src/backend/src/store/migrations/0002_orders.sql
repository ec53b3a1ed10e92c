-- Members, carts, orders, and the staff's desk. Secrets (session tokens, codes) stand here only as
-- SHA-256, PINs as Argon2.

CREATE TABLE members (
    id        TEXT PRIMARY KEY,
    phone     TEXT NOT NULL UNIQUE,
    name      TEXT NOT NULL DEFAULT '',
    joined_at INTEGER NOT NULL
) STRICT;

-- The one code that is good for a number now.
CREATE TABLE sign_in_codes (
    phone      TEXT PRIMARY KEY,
    hash       TEXT NOT NULL,
    expires_at INTEGER NOT NULL,
    tries      INTEGER NOT NULL DEFAULT 0
) STRICT;

-- When codes were sent, for the limits.
CREATE TABLE sent_codes (
    phone   TEXT NOT NULL,
    sent_at INTEGER NOT NULL
) STRICT;

CREATE INDEX sent_codes_by_time ON sent_codes (sent_at);

CREATE TABLE sessions (
    hash       TEXT PRIMARY KEY,
    member     TEXT NOT NULL REFERENCES members (id) ON DELETE CASCADE,
    expires_at INTEGER NOT NULL
) STRICT;

CREATE TABLE member_carts (
    member TEXT PRIMARY KEY REFERENCES members (id) ON DELETE CASCADE,
    lines  TEXT NOT NULL CHECK (json_valid(lines))
) STRICT;

CREATE TABLE orders (
    id            TEXT PRIMARY KEY,
    member        TEXT NOT NULL REFERENCES members (id),
    number        TEXT NOT NULL UNIQUE,
    state         TEXT NOT NULL,
    total         INTEGER NOT NULL CHECK (total >= 0),
    currency      TEXT NOT NULL,
    payment       TEXT NOT NULL,
    pickup_from   INTEGER NOT NULL,
    pickup_to     INTEGER NOT NULL CHECK (pickup_to > pickup_from),
    pickup_place  TEXT NOT NULL CHECK (json_valid(pickup_place)),
    contact_name  TEXT NOT NULL,
    contact_phone TEXT NOT NULL,
    note          TEXT NOT NULL,
    digits        TEXT NOT NULL,
    secret        TEXT NOT NULL,
    placed_at     INTEGER NOT NULL,
    changed_at    INTEGER NOT NULL
) STRICT;

CREATE INDEX orders_by_member ON orders (member, placed_at DESC, id DESC);
CREATE INDEX orders_by_state ON orders (state, pickup_from);
-- Two bags that can be fetched never open to the same digits.
CREATE UNIQUE INDEX orders_by_digits ON orders (digits) WHERE state NOT IN ('handed_over', 'cancelled');

-- As it was bought: names and prices of then.
CREATE TABLE order_lines (
    order_id     TEXT NOT NULL REFERENCES orders (id) ON DELETE CASCADE,
    position     INTEGER NOT NULL,
    product      TEXT NOT NULL,
    variant      TEXT NOT NULL,
    name         TEXT NOT NULL CHECK (json_valid(name)),
    variant_name TEXT NOT NULL CHECK (json_valid(variant_name)),
    picture      TEXT,
    tint         TEXT NOT NULL,
    quantity     INTEGER NOT NULL CHECK (quantity > 0),
    unit_price   INTEGER NOT NULL CHECK (unit_price >= 0),
    PRIMARY KEY (order_id, position)
) STRICT;

CREATE TABLE order_changes (
    order_id TEXT NOT NULL REFERENCES orders (id) ON DELETE CASCADE,
    position INTEGER NOT NULL,
    state    TEXT NOT NULL,
    at       INTEGER NOT NULL,
    actor    TEXT NOT NULL,
    staff    TEXT REFERENCES staff (id),
    PRIMARY KEY (order_id, position)
) STRICT;

-- What was done under an Idempotency-Key, with its answer, so that it is done once.
CREATE TABLE intents (
    member   TEXT NOT NULL REFERENCES members (id) ON DELETE CASCADE,
    key      TEXT NOT NULL,
    request  TEXT NOT NULL,
    answer   TEXT NOT NULL,
    made_at  INTEGER NOT NULL,
    PRIMARY KEY (member, key)
) STRICT;

CREATE TABLE staff (
    id   TEXT PRIMARY KEY,
    name TEXT NOT NULL CHECK (json_valid(name)),
    role TEXT NOT NULL,
    pin  TEXT NOT NULL
) STRICT;

CREATE TABLE devices (
    id            TEXT PRIMARY KEY,
    name          TEXT NOT NULL,
    hash          TEXT NOT NULL UNIQUE,
    registered_at INTEGER NOT NULL,
    wrong_pins    INTEGER NOT NULL DEFAULT 0,
    locked_until  INTEGER NOT NULL DEFAULT 0
) STRICT;

CREATE TABLE device_codes (
    hash       TEXT PRIMARY KEY,
    expires_at INTEGER NOT NULL
) STRICT;

CREATE TABLE desk_sessions (
    hash       TEXT PRIMARY KEY,
    staff      TEXT NOT NULL REFERENCES staff (id) ON DELETE CASCADE,
    device     TEXT NOT NULL REFERENCES devices (id) ON DELETE CASCADE,
    touched_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL
) STRICT;
