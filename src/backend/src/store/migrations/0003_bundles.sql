-- Bundles: goods sold together for one price, with parts that may be swapped.

CREATE TABLE bundles (
    id          TEXT PRIMARY KEY,
    position    INTEGER NOT NULL,
    merchant    TEXT NOT NULL REFERENCES merchants (id),   -- all its parts count as this one's goods
    name        TEXT NOT NULL CHECK (json_valid(name)),
    subtitle    TEXT NOT NULL CHECK (json_valid(subtitle)),
    description TEXT NOT NULL CHECK (json_valid(description)),
    picture     TEXT,
    tint        TEXT NOT NULL DEFAULT 'unknown',
    serves      INTEGER NOT NULL DEFAULT 0 CHECK (serves >= 0),
    minimum     INTEGER NOT NULL DEFAULT 1 CHECK (minimum >= 1),
    -- How its price is made. any_of: so many picks from its one part, for one price.
    rule        TEXT NOT NULL CHECK (rule IN ('fixed', 'percentage', 'any_of')),
    price       INTEGER CHECK (price >= 0),
    currency    TEXT NOT NULL DEFAULT 'CNY',
    percent     INTEGER CHECK (percent BETWEEN 1 AND 100),
    picks       INTEGER CHECK (picks >= 1),
    search_keys TEXT NOT NULL,
    CHECK ((price IS NULL) = (rule = 'percentage')),
    CHECK ((percent IS NULL) = (rule <> 'percentage')),
    CHECK ((picks IS NULL) = (rule <> 'any_of'))
) STRICT;

CREATE TABLE bundle_parts (
    bundle   TEXT NOT NULL REFERENCES bundles (id) ON DELETE CASCADE,
    position INTEGER NOT NULL,
    quantity INTEGER NOT NULL DEFAULT 1 CHECK (quantity >= 1),
    PRIMARY KEY (bundle, position)
) STRICT;

-- What a part can be: the first is what one gets, the others are swaps. What is sold no more goes.
CREATE TABLE bundle_options (
    bundle     TEXT NOT NULL,
    part       INTEGER NOT NULL,
    position   INTEGER NOT NULL,
    variant    TEXT NOT NULL REFERENCES variants (id) ON DELETE CASCADE,
    difference INTEGER NOT NULL DEFAULT 0,                 -- what the bundle costs more with it
    PRIMARY KEY (bundle, part, position),
    UNIQUE (bundle, part, variant),
    FOREIGN KEY (bundle, part) REFERENCES bundle_parts (bundle, position) ON DELETE CASCADE,
    CHECK (position > 1 OR difference = 0)
) STRICT;

CREATE INDEX bundle_options_by_variant ON bundle_options (variant);

-- Two bundles that one order cannot have both.
CREATE TABLE bundles_apart (
    one   TEXT NOT NULL REFERENCES bundles (id) ON DELETE CASCADE,
    other TEXT NOT NULL REFERENCES bundles (id) ON DELETE CASCADE,
    PRIMARY KEY (one, other),
    CHECK (one < other)
) STRICT;

-- The bundles that are offered: each of their parts can be something.
CREATE VIEW offered_bundles AS
SELECT b.*
FROM bundles AS b
WHERE EXISTS (SELECT 1 FROM bundle_parts AS p WHERE p.bundle = b.id)
  AND NOT EXISTS (
      SELECT 1 FROM bundle_parts AS p
      WHERE p.bundle = b.id
        AND NOT EXISTS (SELECT 1 FROM bundle_options AS o WHERE o.bundle = p.bundle AND o.part = p.position)
  );

-- What was sold together over the counter, without anybody's name: for what goes well with what.
CREATE TABLE baskets (
    basket  INTEGER NOT NULL,
    product TEXT NOT NULL REFERENCES products (id) ON DELETE CASCADE,
    PRIMARY KEY (basket, product)
) STRICT, WITHOUT ROWID;
