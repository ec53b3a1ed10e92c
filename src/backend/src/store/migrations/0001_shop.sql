-- Texts are JSON objects from a language to a text, {"zh": "…", "en": "…"}; zh is the fallback.
-- Money is in minor units, instants in milliseconds since 1970 UTC.

CREATE TABLE shop (
    id            INTEGER PRIMARY KEY CHECK (id = 1),
    name          TEXT NOT NULL CHECK (json_valid(name)),
    tagline       TEXT NOT NULL CHECK (json_valid(tagline)),
    neighbourhood TEXT NOT NULL CHECK (json_valid(neighbourhood)),
    distance      TEXT NOT NULL CHECK (json_valid(distance)),
    address       TEXT NOT NULL CHECK (json_valid(address)),
    phone         TEXT NOT NULL,
    group_title   TEXT CHECK (json_valid(group_title)),
    group_note    TEXT CHECK (json_valid(group_note)),
    group_url     TEXT,
    zone          TEXT NOT NULL
) STRICT;

CREATE TABLE hours (
    weekday INTEGER NOT NULL CHECK (weekday BETWEEN 1 AND 7),
    opens   TEXT NOT NULL,
    closes  TEXT NOT NULL CHECK (closes > opens),
    PRIMARY KEY (weekday, opens)
) STRICT;

CREATE TABLE merchants (
    id       TEXT PRIMARY KEY,
    position INTEGER NOT NULL,
    kind     TEXT NOT NULL,
    name     TEXT NOT NULL CHECK (json_valid(name)),
    story    TEXT NOT NULL CHECK (json_valid(story)),
    picture  TEXT,
    tint     TEXT NOT NULL DEFAULT 'unknown',
    distance TEXT NOT NULL CHECK (json_valid(distance)),
    pickup   TEXT NOT NULL CHECK (json_valid(pickup))
) STRICT;

CREATE TABLE categories (
    id       TEXT PRIMARY KEY,
    position INTEGER NOT NULL,
    name     TEXT NOT NULL CHECK (json_valid(name))
) STRICT;

CREATE TABLE products (
    id          TEXT PRIMARY KEY,
    position    INTEGER NOT NULL,
    merchant    TEXT NOT NULL REFERENCES merchants (id),
    category    TEXT NOT NULL REFERENCES categories (id),
    name        TEXT NOT NULL CHECK (json_valid(name)),
    subtitle    TEXT NOT NULL CHECK (json_valid(subtitle)),
    description TEXT NOT NULL CHECK (json_valid(description)),
    picture     TEXT,
    tint        TEXT NOT NULL DEFAULT 'unknown',
    origin      TEXT CHECK (json_valid(origin)),
    batch_code  TEXT,
    arrived_at  INTEGER,
    shelf_life  TEXT CHECK (json_valid(shelf_life)),
    storage     TEXT CHECK (json_valid(storage)),
    allergens   TEXT NOT NULL DEFAULT '[]' CHECK (json_valid(allergens)),
    -- What a search looks through: keys without case, width and spaces, one a line.
    search_keys TEXT NOT NULL,
    special     INTEGER,          -- place among today's specials
    added_at    INTEGER NOT NULL,
    CHECK ((batch_code IS NULL) = (arrived_at IS NULL))
) STRICT;

CREATE INDEX products_by_category ON products (category, position);
CREATE INDEX products_by_special ON products (special) WHERE special IS NOT NULL;

CREATE TABLE variants (
    id             TEXT PRIMARY KEY,
    product        TEXT NOT NULL REFERENCES products (id) ON DELETE CASCADE,
    position       INTEGER NOT NULL,
    name           TEXT NOT NULL CHECK (json_valid(name)),
    price          INTEGER NOT NULL CHECK (price >= 0),
    former_price   INTEGER CHECK (former_price > price),
    currency       TEXT NOT NULL DEFAULT 'CNY',
    content_amount INTEGER CHECK (content_amount > 0),
    content_unit   TEXT,
    stock          INTEGER NOT NULL CHECK (stock >= 0),
    UNIQUE (product, position),
    CHECK ((content_amount IS NULL) = (content_unit IS NULL))
) STRICT;

-- The variant a list shows: the first that can be had, else the first.
CREATE VIEW leads AS
SELECT v.*, (SELECT count(*) FROM variants AS w WHERE w.product = v.product) AS siblings
FROM variants AS v
WHERE v.id = (
    SELECT w.id FROM variants AS w WHERE w.product = v.product ORDER BY w.stock = 0, w.position LIMIT 1
);

CREATE TABLE posts (
    id           TEXT PRIMARY KEY,
    kind         TEXT NOT NULL,
    title        TEXT NOT NULL CHECK (json_valid(title)),
    body         TEXT NOT NULL CHECK (json_valid(body)),
    picture      TEXT,
    tint         TEXT NOT NULL DEFAULT 'unknown',
    product      TEXT REFERENCES products (id) ON DELETE SET NULL,
    published_at INTEGER NOT NULL
) STRICT;

CREATE INDEX posts_by_time ON posts (published_at DESC);
