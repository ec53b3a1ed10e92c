//! Orders, as their members and the desk read them.

use super::returns::{Reader, returns_of};
use super::steps::By;
use super::{Store, StoreError, currency, payments, picture, text, word};
use crate::clock::Clock;
use crate::language::Language;
use crate::pickup;
use domain::after_sale;
use domain::desk::DeskOrders;
use domain::id::{MemberId, OrderId};
use domain::money::{Currency, Money};
use domain::order::{
    Actor, Change, Contact, Order, OrderBundle, OrderCoupon, OrderEvent, OrderLine, OrderState,
    OrderTab, Payment, Pickup, PickupCode, PickupTimes,
};
use domain::page::{Cursor, Page};
use domain::payment::PaymentState;
use domain::pricing::MerchantPart;
use sqlx::{FromRow, SqliteConnection};
use std::collections::BTreeMap;

/// How many orders a page of them has.
const PAGE: usize = 20;
/// What the text of a pickup's QR code begins with.
const QR: &str = "linli:pickup:";

#[derive(FromRow)]
struct OrderRow {
    id: String,
    number: String,
    state: String,
    total: i64,
    coupons: i64,
    points: u32,
    currency: String,
    payment: String,
    pay_until: Option<i64>,
    pickup_from: i64,
    pickup_to: i64,
    pickup_place: String,
    contact_name: String,
    contact_phone: String,
    note: String,
    digits: String,
    secret: String,
    refunded: i64,
}

#[derive(FromRow)]
struct BundleRow {
    position: u32,
    bundle: String,
    name: String,
    picture: Option<String>,
    tint: String,
    quantity: u32,
    unit_price: i64,
}

#[derive(FromRow)]
struct LineRow {
    position: u32,
    bundle: Option<u32>,
    product: String,
    variant: String,
    name: String,
    variant_name: String,
    picture: Option<String>,
    tint: String,
    quantity: u32,
    unit_price: i64,
    total: i64,
    coupons: i64,
    points: u32,
    returned: u32,
}

impl LineRow {
    fn read(self, currency: Currency, language: Language) -> OrderLine {
        let money = |amount| Money { amount, currency };
        let paid = self.total - self.coupons - i64::from(self.points);
        OrderLine {
            place: self.position,
            product: self.product.into(),
            variant: self.variant.into(),
            name: text(&self.name, language),
            variant_name: text(&self.variant_name, language),
            picture: picture(self.picture, &self.tint),
            quantity: self.quantity,
            unit_price: money(self.unit_price),
            total: money(self.total),
            paid: (paid != self.total).then(|| money(paid)),
            points: self.points,
            returned: self.returned,
        }
    }
}

#[derive(FromRow)]
struct MerchantPartRow {
    merchant: String,
    name: String,
    pickup: String,
    subtotal: i64,
}

impl Store {
    /// When an order can be picked up from now on.
    pub async fn pickup_times(
        &self,
        language: Language,
        clock: &Clock,
    ) -> Result<PickupTimes, StoreError> {
        let mut reading = self.pool.begin().await?;
        let now = clock.now();
        let hours = Self::hours(&mut reading).await?;
        let place = text(&pickup_place(&mut reading).await?, language);
        let zone: String = sqlx::query_scalar("SELECT zone FROM shop")
            .fetch_one(&mut *reading)
            .await?;
        let times = pickup::times(clock, &hours, now);
        Ok(PickupTimes {
            now,
            zone,
            times: times
                .into_iter()
                .map(|(from, to)| Pickup {
                    from,
                    to,
                    place: place.clone(),
                })
                .collect(),
        })
    }

    /// One page of a member's orders, the newest first.
    pub async fn orders(
        &self,
        member: &MemberId,
        tab: Option<OrderTab>,
        cursor: Option<&Cursor>,
        language: Language,
        clock: &Clock,
    ) -> Result<Page<Order>, StoreError> {
        let after = cursor
            .map(|cursor| {
                let (at, id) = cursor.0.split_once('~').ok_or(StoreError::BadCursor)?;
                let at: i64 = at.parse().map_err(|_| StoreError::BadCursor)?;
                Ok::<_, StoreError>((at, id.to_owned()))
            })
            .transpose()?;
        let states: Vec<&str> = OrderState::ALL
            .into_iter()
            .filter(|state| tab.is_none_or(|tab| OrderTab::of(*state) == tab))
            .map(OrderState::as_str)
            .collect();
        let mut reading = self.pool.begin().await?;
        let mut rows: Vec<(String, i64)> = sqlx::query_as(
            "SELECT id, placed_at FROM orders
             WHERE member = ?1
               AND (state IN (SELECT value FROM json_each(?2))
                    OR (?6 AND EXISTS (SELECT 1 FROM returns WHERE order_id = orders.id)))
               AND (?3 IS NULL OR (placed_at, id) < (?3, ?4))
             ORDER BY placed_at DESC, id DESC LIMIT ?5",
        )
        .bind(member.as_str())
        .bind(serde_json::Value::from(states).to_string())
        .bind(after.as_ref().map(|(at, _)| *at))
        .bind(after.as_ref().map(|(_, id)| id.as_str()))
        .bind(i64::try_from(PAGE + 1).unwrap_or(i64::MAX))
        .bind(tab == Some(OrderTab::AfterSale))
        .fetch_all(&mut *reading)
        .await?;
        let more = rows.len() > PAGE;
        rows.truncate(PAGE);
        let next_cursor = rows
            .last()
            .filter(|_| more)
            .map(|(id, at)| Cursor(format!("{at}~{id}")));
        let mut items = Vec::with_capacity(rows.len());
        for (id, _) in rows {
            items.extend(read_order(&mut reading, &id, language, clock, true).await?);
        }
        Ok(Page {
            items,
            next_cursor,
            total: None,
        })
    }

    /// One of a member's orders; `None` when there is none, or when it is somebody else's.
    pub async fn order(
        &self,
        member: &MemberId,
        id: &OrderId,
        language: Language,
        clock: &Clock,
    ) -> Result<Option<Order>, StoreError> {
        let mut reading = self.pool.begin().await?;
        if !owns(&mut reading, member, id).await? {
            return Ok(None);
        }
        read_order(&mut reading, id.as_str(), language, clock, true).await
    }

    /// Whether an order is this member's.
    pub async fn is_order_of(&self, member: &MemberId, id: &OrderId) -> Result<bool, StoreError> {
        let mut reading = self.pool.acquire().await?;
        owns(&mut reading, member, id).await
    }

    /// An order as whoever has done something with it is told of it.
    pub async fn order_for(
        &self,
        by: &By<'_>,
        id: &OrderId,
        language: Language,
        clock: &Clock,
    ) -> Result<Option<Order>, StoreError> {
        match by {
            By::Member(member) => self.order(member, id, language, clock).await,
            By::Staff(_) => {
                let mut reading = self.pool.begin().await?;
                read_order(&mut reading, id.as_str(), language, clock, false).await
            }
        }
    }

    /// What the desk has to do: everything open, and what was finished since midnight.
    pub async fn desk_orders(
        &self,
        language: Language,
        clock: &Clock,
    ) -> Result<DeskOrders, StoreError> {
        let now = clock.now();
        let midnight = clock
            .on_day(now, 0, 0)
            .map_or(now.ms, |midnight| midnight.ms);
        let mut reading = self.pool.begin().await?;
        let ids: Vec<String> = sqlx::query_scalar(
            "SELECT id FROM orders WHERE state IN ('placed', 'packed', 'ready')
                OR (state IN ('handed_over', 'cancelled') AND changed_at >= ?1)
             ORDER BY pickup_from, placed_at, id LIMIT 500",
        )
        .bind(midnight)
        .fetch_all(&mut *reading)
        .await?;
        let mut orders = Vec::with_capacity(ids.len());
        for id in ids {
            orders.extend(read_order(&mut reading, &id, language, clock, false).await?);
        }
        Ok(DeskOrders { now, orders })
    }

    /// The order that a code opens: its digits, or the text of its QR code. `None` when no bag that
    /// can be fetched has it.
    pub async fn order_by_code(
        &self,
        code: &str,
        language: Language,
        clock: &Clock,
    ) -> Result<Option<Order>, StoreError> {
        let code: String = code.trim().chars().filter(|c| !c.is_whitespace()).collect();
        let mut reading = self.pool.begin().await?;
        let id: Option<String> = match code.strip_prefix(QR).and_then(|rest| rest.split_once('.')) {
            Some((id, secret)) => {
                sqlx::query_scalar(
                    "SELECT id FROM orders WHERE id = ?1 AND secret = ?2 AND state NOT IN ('awaiting_payment', 'handed_over', 'cancelled')",
                )
                .bind(id)
                .bind(secret)
                .fetch_optional(&mut *reading)
                .await?
            }
            None => {
                sqlx::query_scalar(
                    "SELECT id FROM orders WHERE digits = ?1 AND state NOT IN ('awaiting_payment', 'handed_over', 'cancelled')",
                )
                .bind(&code)
                .fetch_optional(&mut *reading)
                .await?
            }
        };
        match id {
            Some(id) => read_order(&mut reading, &id, language, clock, false).await,
            None => Ok(None),
        }
    }
}

/// Whether an order is this member's.
pub(super) async fn owns(
    reading: &mut SqliteConnection,
    member: &MemberId,
    id: &OrderId,
) -> Result<bool, StoreError> {
    Ok(
        sqlx::query_scalar("SELECT EXISTS (SELECT 1 FROM orders WHERE id = ?1 AND member = ?2)")
            .bind(id.as_str())
            .bind(member.as_str())
            .fetch_one(reading)
            .await?,
    )
}

/// Where the shop's own goods are picked up, as JSON texts.
pub(super) async fn pickup_place(reading: &mut SqliteConnection) -> Result<String, StoreError> {
    let place: Option<String> = sqlx::query_scalar(
        "SELECT pickup FROM merchants WHERE kind = 'shop' ORDER BY position LIMIT 1",
    )
    .fetch_optional(&mut *reading)
    .await?;
    match place {
        Some(place) => Ok(place),
        None => Ok(sqlx::query_scalar("SELECT address FROM shop")
            .fetch_one(reading)
            .await?),
    }
}

/// An order; `whole` with its code, which only its owner is told.
pub(super) async fn read_order(
    reading: &mut SqliteConnection,
    id: &str,
    language: Language,
    clock: &Clock,
    whole: bool,
) -> Result<Option<Order>, StoreError> {
    let row: Option<OrderRow> = sqlx::query_as("SELECT * FROM orders WHERE id = ?1")
        .bind(id)
        .fetch_optional(&mut *reading)
        .await?;
    let Some(row) = row else { return Ok(None) };
    let currency = currency(&row.currency)?;
    let money = |amount| Money { amount, currency };
    let (lines, bundles) = bought(reading, id, currency, language).await?;
    let merchants: Vec<MerchantPartRow> =
        sqlx::query_as("SELECT * FROM order_merchants WHERE order_id = ?1 ORDER BY position")
            .bind(id)
            .fetch_all(&mut *reading)
            .await?;
    let coupons: Vec<(String, String, i64, String)> = sqlx::query_as(
        "SELECT c.coupon, c.name, c.amount,
                (SELECT json_group_array(l.line ORDER BY l.line) FROM order_coupon_lines AS l
                 WHERE l.order_id = c.order_id AND l.coupon = c.coupon)
         FROM order_coupons AS c WHERE c.order_id = ?1 ORDER BY c.position",
    )
    .bind(id)
    .fetch_all(&mut *reading)
    .await?;
    let changes: Vec<(String, i64, String, Option<String>)> = sqlx::query_as(
        "SELECT state, at, actor, event FROM order_changes WHERE order_id = ?1 ORDER BY position",
    )
    .bind(id)
    .fetch_all(&mut *reading)
    .await?;
    let payments = payments::states(reading, id).await?;
    let refunded = payments::refunded(reading, id).await?;
    let payment = word(&row.payment).unwrap_or(Payment::Unknown);
    let state = word(&row.state).unwrap_or(OrderState::Unknown);
    let pickup = Pickup {
        from: clock.moment(row.pickup_from),
        to: clock.moment(row.pickup_to),
        place: text(&row.pickup_place, language),
    };
    let merchant = |part: MerchantPartRow| MerchantPart {
        merchant: part.merchant.into(),
        name: text(&part.name, language),
        pickup: text(&part.pickup, language),
        pickup_from: Some(pickup.from),
        subtotal: money(part.subtotal),
    };
    let coupon = |(coupon, name, off, lines): (String, String, i64, String)| OrderCoupon {
        coupon: coupon.into(),
        name: text(&name, language),
        off: money(off),
        lines: serde_json::from_str(&lines).unwrap_or_default(),
    };
    let change = |(state, at, actor, event): (String, i64, String, Option<String>)| Change {
        state: word(&state).unwrap_or(OrderState::Unknown),
        at: clock.moment(at),
        by: word(&actor).unwrap_or(Actor::Unknown),
        event: event.map(|event| word(&event).unwrap_or(OrderEvent::Unknown)),
    };
    let fetched = !state.is_final() && state != OrderState::AwaitingPayment;
    let code = (whole && fetched).then(|| PickupCode {
        qr: format!("{QR}{}.{}", row.id, row.secret),
        digits: row.digits,
    });
    let off = row.coupons + i64::from(row.points);
    let mut order = Order {
        id: row.id.into(),
        number: row.number,
        state,
        lines,
        bundles,
        merchants: merchants.into_iter().map(merchant).collect(),
        goods: (off > 0).then(|| money(row.total + off)),
        coupons: coupons.into_iter().map(coupon).collect(),
        points: row.points,
        total: money(row.total),
        refunded: Some(refunded.max(row.refunded))
            .filter(|back| *back > 0)
            .map(money),
        payment,
        payment_state: (payment == Payment::Online).then(|| PaymentState::of_order(&payments)),
        pay_until: row
            .pay_until
            .filter(|_| state == OrderState::AwaitingPayment)
            .map(|until| clock.moment(until)),
        pickup,
        contact: Contact {
            name: row.contact_name,
            phone: row.contact_phone,
        },
        note: row.note,
        code,
        history: changes.into_iter().map(change).collect(),
        returns: Vec::new(),
        returnable_until: None,
    };
    let reader = if whole { Reader::Member } else { Reader::Desk };
    order.returns = returns_of(reading, &order, reader, clock).await?;
    order.returnable_until = after_sale::open_until(&order, clock.now());
    Ok(Some(order))
}

/// What was bought: the lines, and the bundles with their parts.
async fn bought(
    reading: &mut SqliteConnection,
    order: &str,
    currency: Currency,
    language: Language,
) -> Result<(Vec<OrderLine>, Vec<OrderBundle>), StoreError> {
    let rows: Vec<BundleRow> =
        sqlx::query_as("SELECT * FROM order_bundles WHERE order_id = ?1 ORDER BY position")
            .bind(order)
            .fetch_all(&mut *reading)
            .await?;
    let mut bundles = BTreeMap::new();
    for row in rows {
        let unit_price = Money {
            amount: row.unit_price,
            currency,
        };
        let bundle = OrderBundle {
            bundle: row.bundle.into(),
            name: text(&row.name, language),
            picture: picture(row.picture, &row.tint),
            quantity: row.quantity,
            unit_price,
            total: unit_price.times(row.quantity)?,
            parts: Vec::new(),
        };
        bundles.insert(row.position, bundle);
    }
    let rows: Vec<LineRow> =
        sqlx::query_as(
            "SELECT l.*, (SELECT coalesce(sum(b.quantity), 0) FROM return_lines AS b JOIN returns AS r ON r.id = b.return_id
                          WHERE b.order_id = l.order_id AND b.line = l.position AND r.state = 'approved') AS returned
             FROM order_lines AS l WHERE l.order_id = ?1 ORDER BY l.position",
        )
        .bind(order)
        .fetch_all(reading)
        .await?;
    let mut lines = Vec::new();
    for row in rows {
        let bundle = row.bundle.and_then(|place| bundles.get_mut(&place));
        let line = row.read(currency, language);
        match bundle {
            Some(bundle) => bundle.parts.push(line),
            None => lines.push(line),
        }
    }
    Ok((lines, bundles.into_values().collect()))
}
