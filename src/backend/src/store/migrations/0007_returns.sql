-- After the sale: pieces that come back, and what comes back for them.

-- What was given back of an order in money.
ALTER TABLE orders ADD COLUMN refunded INTEGER NOT NULL DEFAULT 0 CHECK (refunded BETWEEN 0 AND total);

CREATE TABLE returns (
    id          TEXT PRIMARY KEY,
    order_id    TEXT NOT NULL REFERENCES orders (id) ON DELETE CASCADE,
    state       TEXT NOT NULL,
    reason      TEXT NOT NULL,
    note        TEXT NOT NULL,
    picture     TEXT,                                     -- a file in the folder of such pictures
    amount      INTEGER NOT NULL CHECK (amount >= 0),
    points      INTEGER NOT NULL CHECK (points >= 0),     -- of those that paid
    revoked     INTEGER NOT NULL CHECK (revoked >= 0),    -- of those that were earned
    answer      TEXT NOT NULL DEFAULT '',
    asked_at    INTEGER NOT NULL,
    answered_at INTEGER,
    staff       TEXT REFERENCES staff (id),
    CHECK ((answered_at IS NULL) = (state = 'requested'))
) STRICT;

CREATE INDEX returns_by_order ON returns (order_id, asked_at);
CREATE INDEX returns_by_answer ON returns (answered_at);
-- One waits at a time, so that what was reckoned when it was asked for is so when it is decided.
CREATE UNIQUE INDEX returns_waiting ON returns (order_id) WHERE state = 'requested';

CREATE TABLE return_lines (
    return_id TEXT NOT NULL REFERENCES returns (id) ON DELETE CASCADE,
    order_id  TEXT NOT NULL,
    line      INTEGER NOT NULL,
    quantity  INTEGER NOT NULL CHECK (quantity > 0),
    PRIMARY KEY (return_id, line),
    FOREIGN KEY (order_id, line) REFERENCES order_lines (order_id, position) ON DELETE CASCADE
) STRICT;

CREATE INDEX return_lines_by_order ON return_lines (order_id, line);

CREATE TABLE return_coupons (
    return_id TEXT NOT NULL REFERENCES returns (id) ON DELETE CASCADE,
    coupon    TEXT NOT NULL REFERENCES coupons (id),
    PRIMARY KEY (return_id, coupon)
) STRICT;

-- What each coupon of an order took something off.
CREATE TABLE order_coupon_lines (
    order_id TEXT NOT NULL,
    coupon   TEXT NOT NULL,
    line     INTEGER NOT NULL,
    PRIMARY KEY (order_id, coupon, line),
    FOREIGN KEY (order_id, coupon) REFERENCES order_coupons (order_id, coupon) ON DELETE CASCADE,
    FOREIGN KEY (order_id, line) REFERENCES order_lines (order_id, position) ON DELETE CASCADE
) STRICT;

-- Of orders from before only the sum is known: each of their coupons is taken to be of all those lines.
INSERT INTO order_coupon_lines (order_id, coupon, line)
SELECT c.order_id, c.coupon, l.position
FROM order_coupons AS c JOIN order_lines AS l ON l.order_id = c.order_id
WHERE l.coupons > 0;

-- Earned points that are lost again.
CREATE TABLE all_point_entries (
    id       INTEGER PRIMARY KEY,
    member   TEXT NOT NULL REFERENCES members (id) ON DELETE CASCADE,
    kind     TEXT NOT NULL CHECK (kind IN ('earn', 'freeze', 'spend', 'release', 'refund', 'revoke')),
    points   INTEGER NOT NULL CHECK (points > 0),
    order_id TEXT REFERENCES orders (id),
    at       INTEGER NOT NULL
) STRICT;

INSERT INTO all_point_entries (id, member, kind, points, order_id, at)
SELECT id, member, kind, points, order_id, at FROM point_entries;

DROP TABLE point_entries;
ALTER TABLE all_point_entries RENAME TO point_entries;

CREATE INDEX point_entries_by_member ON point_entries (member, id);
-- An order puts aside, spends, releases and earns once; what comes back may come in parts.
CREATE UNIQUE INDEX point_entries_once ON point_entries (order_id, kind) WHERE kind NOT IN ('refund', 'revoke');

CREATE TRIGGER point_entries_stay BEFORE UPDATE ON point_entries
BEGIN
    SELECT RAISE(ABORT, 'an entry is never changed');
END;
