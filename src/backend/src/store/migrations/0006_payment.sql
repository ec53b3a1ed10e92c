-- Holds, payments over the net, refunds; and, apart from the shop's, the tables of the sandbox
-- provider, which no query joins with them.

-- What is held for a member at the checkout. A row with nothing in it remembers when its time
-- began, until the pause is over.
CREATE TABLE holds (
    member     TEXT NOT NULL REFERENCES members (id) ON DELETE CASCADE,
    product    TEXT NOT NULL REFERENCES products (id) ON DELETE CASCADE,
    variant    TEXT NOT NULL REFERENCES variants (id) ON DELETE CASCADE,
    quantity   INTEGER NOT NULL CHECK (quantity >= 0),
    since      INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    PRIMARY KEY (member, variant)
) STRICT;

CREATE INDEX holds_by_variant ON holds (variant, expires_at);

-- The variants with what is left of them for whoever holds nothing.
CREATE VIEW offered_variants AS
SELECT v.id, v.product, v.position, v.name, v.price, v.former_price, v.currency, v.content_amount, v.content_unit,
       max(0, v.stock - coalesce((
           SELECT sum(h.quantity) FROM holds AS h
           WHERE h.variant = v.id AND h.expires_at > CAST(unixepoch('subsec') * 1000 AS INTEGER)
       ), 0)) AS stock
FROM variants AS v;

-- The variant a list shows: the first that can be had, else the first.
DROP VIEW leads;
CREATE VIEW leads AS
SELECT v.*, (SELECT count(*) FROM variants AS w WHERE w.product = v.product) AS siblings
FROM offered_variants AS v
WHERE v.id = (
    SELECT w.id FROM offered_variants AS w WHERE w.product = v.product ORDER BY w.stock = 0, w.position LIMIT 1
);

ALTER TABLE orders ADD COLUMN pay_until INTEGER;   -- NULL when it is paid at the counter
ALTER TABLE order_changes ADD COLUMN event TEXT;   -- what happened to its payment

CREATE INDEX orders_awaiting ON orders (pay_until) WHERE state = 'awaiting_payment';
-- One that waits for its payment at a time.
CREATE UNIQUE INDEX orders_one_awaiting ON orders (member) WHERE state = 'awaiting_payment';

-- Payments as the shop knows them: the shop names them before the provider hears of them, so that
-- one that was begun is never forgotten.
CREATE TABLE payments (
    id         TEXT PRIMARY KEY,
    order_id   TEXT NOT NULL REFERENCES orders (id),
    position   INTEGER NOT NULL,
    state      TEXT NOT NULL CHECK (state IN ('open', 'checking', 'declined', 'closed', 'paid', 'refunded')),
    amount     INTEGER NOT NULL CHECK (amount > 0),
    currency   TEXT NOT NULL,
    expires_at INTEGER NOT NULL,
    began_at   INTEGER NOT NULL,
    changed_at INTEGER NOT NULL,
    UNIQUE (order_id, position)
) STRICT;

CREATE UNIQUE INDEX payments_one_open ON payments (order_id) WHERE state IN ('open', 'checking');

-- The notices that were taken in, each once.
CREATE TABLE payment_notices (
    id       TEXT PRIMARY KEY,
    payment  TEXT NOT NULL REFERENCES payments (id),
    state    TEXT NOT NULL,
    sequence INTEGER NOT NULL,
    at       INTEGER NOT NULL,
    taken_at INTEGER NOT NULL
) STRICT;

-- Money that goes back. The id is the key under which the provider does it once.
CREATE TABLE refunds (
    id           TEXT PRIMARY KEY,
    order_id     TEXT NOT NULL REFERENCES orders (id),
    payment      TEXT NOT NULL REFERENCES payments (id),
    amount       INTEGER NOT NULL CHECK (amount > 0),
    currency     TEXT NOT NULL,
    state        TEXT NOT NULL CHECK (state IN ('requested', 'done')),
    requested_at INTEGER NOT NULL,
    done_at      INTEGER
) STRICT;

CREATE INDEX refunds_by_order ON refunds (order_id);
CREATE INDEX refunds_requested ON refunds (requested_at) WHERE state = 'requested';

-- What provider and shop both know, to sign notices.
CREATE TABLE notice_secret (
    id     INTEGER PRIMARY KEY CHECK (id = 1),
    secret TEXT NOT NULL
) STRICT;

CREATE TABLE sandbox_payments (
    id          TEXT PRIMARY KEY,
    reference   TEXT NOT NULL,             -- the order, by the name that the shop gave
    state       TEXT NOT NULL CHECK (state IN ('open', 'declined', 'closed', 'paid')),
    amount      INTEGER NOT NULL CHECK (amount >= 0),
    currency    TEXT NOT NULL,
    expires_at  INTEGER NOT NULL,
    known_from  INTEGER NOT NULL DEFAULT 0, -- until then the provider is still finding out
    sequence    INTEGER NOT NULL DEFAULT 0,
    opened_at   INTEGER NOT NULL
) STRICT;

CREATE TABLE sandbox_notices (
    id       TEXT PRIMARY KEY,
    payment  TEXT NOT NULL REFERENCES sandbox_payments (id),
    state    TEXT NOT NULL,
    amount   INTEGER NOT NULL,
    sequence INTEGER NOT NULL,
    at       INTEGER NOT NULL,
    due_at   INTEGER NOT NULL,
    tries    INTEGER NOT NULL DEFAULT 0,
    left_to_send INTEGER NOT NULL CHECK (left_to_send >= 0)
) STRICT;

CREATE INDEX sandbox_notices_due ON sandbox_notices (due_at) WHERE left_to_send > 0;

CREATE TABLE sandbox_refunds (
    key     TEXT PRIMARY KEY,
    payment TEXT NOT NULL REFERENCES sandbox_payments (id),
    amount  INTEGER NOT NULL CHECK (amount > 0),
    at      INTEGER NOT NULL
) STRICT;
