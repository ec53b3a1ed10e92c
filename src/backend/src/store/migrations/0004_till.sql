-- What the till needs: bundles in carts and orders, coupons, points.

ALTER TABLE member_carts ADD COLUMN bundles TEXT NOT NULL DEFAULT '[]' CHECK (json_valid(bundles));

-- What is given to whoever becomes a member.
ALTER TABLE shop ADD COLUMN welcome_points INTEGER NOT NULL DEFAULT 0 CHECK (welcome_points >= 0);

-- What a coupon says. Whoever holds one has a row in `coupons`.
CREATE TABLE coupon_kinds (
    id        TEXT PRIMARY KEY,
    position  INTEGER NOT NULL,
    name      TEXT NOT NULL CHECK (json_valid(name)),
    note      TEXT NOT NULL CHECK (json_valid(note)),
    benefit   TEXT NOT NULL CHECK (json_valid(benefit)),   -- as on the wire
    at_least  INTEGER CHECK (at_least > 0),
    currency  TEXT NOT NULL DEFAULT 'CNY',
    merchant  TEXT REFERENCES merchants (id),
    newcomers INTEGER NOT NULL DEFAULT 0 CHECK (newcomers IN (0, 1)),
    stacking  TEXT NOT NULL,
    uses      INTEGER NOT NULL DEFAULT 1 CHECK (uses > 0), -- for so many orders
    days      INTEGER CHECK (days > 0),                    -- how long it is good; NULL: for ever
    welcome   INTEGER NOT NULL DEFAULT 0 CHECK (welcome IN (0, 1))
) STRICT;

CREATE TABLE coupons (
    id          TEXT PRIMARY KEY,
    member      TEXT NOT NULL REFERENCES members (id) ON DELETE CASCADE,
    kind        TEXT NOT NULL REFERENCES coupon_kinds (id),
    valid_from  INTEGER NOT NULL,
    valid_until INTEGER CHECK (valid_until > valid_from),
    uses_left   INTEGER NOT NULL CHECK (uses_left >= 0)
) STRICT;

CREATE INDEX coupons_by_member ON coupons (member);

ALTER TABLE orders ADD COLUMN coupons INTEGER NOT NULL DEFAULT 0 CHECK (coupons >= 0);  -- what they took off
ALTER TABLE orders ADD COLUMN points INTEGER NOT NULL DEFAULT 0 CHECK (points >= 0);    -- one pays one minor unit

-- As it was bought: names and prices of then.
CREATE TABLE order_bundles (
    order_id   TEXT NOT NULL REFERENCES orders (id) ON DELETE CASCADE,
    position   INTEGER NOT NULL,
    bundle     TEXT NOT NULL,
    name       TEXT NOT NULL CHECK (json_valid(name)),
    picture    TEXT,
    tint       TEXT NOT NULL,
    quantity   INTEGER NOT NULL CHECK (quantity > 0),
    unit_price INTEGER NOT NULL CHECK (unit_price >= 0),
    PRIMARY KEY (order_id, position)
) STRICT;

-- Lines and parts of bundles: what is in the bag, and what was paid for it down to the minor unit.
CREATE TABLE packed_lines (
    order_id     TEXT NOT NULL REFERENCES orders (id) ON DELETE CASCADE,
    position     INTEGER NOT NULL,
    bundle       INTEGER,          -- the place of the bundle it is a part of
    product      TEXT NOT NULL,
    variant      TEXT NOT NULL,
    name         TEXT NOT NULL CHECK (json_valid(name)),
    variant_name TEXT NOT NULL CHECK (json_valid(variant_name)),
    picture      TEXT,
    tint         TEXT NOT NULL,
    quantity     INTEGER NOT NULL CHECK (quantity > 0),
    unit_price   INTEGER NOT NULL CHECK (unit_price >= 0),
    total        INTEGER NOT NULL CHECK (total >= 0),      -- of a part its share of the bundle's price
    coupons      INTEGER NOT NULL DEFAULT 0 CHECK (coupons >= 0),
    points       INTEGER NOT NULL DEFAULT 0 CHECK (points >= 0),
    PRIMARY KEY (order_id, position),
    FOREIGN KEY (order_id, bundle) REFERENCES order_bundles (order_id, position) ON DELETE CASCADE,
    CHECK (coupons + points <= total),
    CHECK (bundle IS NOT NULL OR total = unit_price * quantity)
) STRICT;

INSERT INTO packed_lines (order_id, position, product, variant, name, variant_name, picture, tint, quantity, unit_price, total)
SELECT order_id, position, product, variant, name, variant_name, picture, tint, quantity, unit_price, unit_price * quantity
FROM order_lines;

DROP TABLE order_lines;
ALTER TABLE packed_lines RENAME TO order_lines;

-- Who sells it, and where it is picked up.
CREATE TABLE order_merchants (
    order_id TEXT NOT NULL REFERENCES orders (id) ON DELETE CASCADE,
    position INTEGER NOT NULL,
    merchant TEXT NOT NULL,
    name     TEXT NOT NULL CHECK (json_valid(name)),
    pickup   TEXT NOT NULL CHECK (json_valid(pickup)),
    subtotal INTEGER NOT NULL CHECK (subtotal >= 0),
    PRIMARY KEY (order_id, position)
) STRICT;

CREATE TABLE order_coupons (
    order_id TEXT NOT NULL REFERENCES orders (id) ON DELETE CASCADE,
    position INTEGER NOT NULL,
    coupon   TEXT NOT NULL REFERENCES coupons (id),
    name     TEXT NOT NULL CHECK (json_valid(name)),
    amount   INTEGER NOT NULL CHECK (amount > 0),
    PRIMARY KEY (order_id, position),
    UNIQUE (order_id, coupon)
) STRICT;

-- What happened to points. It is only ever added to; a balance is the sum of it.
CREATE TABLE point_entries (
    id       INTEGER PRIMARY KEY,
    member   TEXT NOT NULL REFERENCES members (id) ON DELETE CASCADE,
    kind     TEXT NOT NULL CHECK (kind IN ('earn', 'freeze', 'spend', 'release', 'refund')),
    points   INTEGER NOT NULL CHECK (points > 0),
    order_id TEXT REFERENCES orders (id),
    at       INTEGER NOT NULL
) STRICT;

CREATE INDEX point_entries_by_member ON point_entries (member, id);
-- An order puts aside, spends, gives back and earns once.
CREATE UNIQUE INDEX point_entries_once ON point_entries (order_id, kind) WHERE kind <> 'refund';

CREATE TRIGGER point_entries_stay BEFORE UPDATE ON point_entries
BEGIN
    SELECT RAISE(ABORT, 'an entry is never changed');
END;
