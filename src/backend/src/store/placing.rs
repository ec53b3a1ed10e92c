//! Placing an order: all of it or nothing, once for each intent, at the price that was quoted.

use super::cart::take_out;
use super::holds::consume;
use super::intents::{self, Answered, Intent};
use super::orders::{pickup_place, read_order};
use super::payments::may_owe;
use super::purse::{enter, use_up};
use super::quote::{Asking, Priced, VariantForSale, expiry, priced};
use super::steps::{Trace, record};
use super::{Store, StoreError};
use crate::clock::Clock;
use crate::language::Language;
use crate::{pickup, secret};
use domain::coupon::QuotedCoupon;
use domain::id::{MemberId, MerchantId, OrderId, VariantId};
use domain::member::Phone;
use domain::money::Money;
use domain::order::{Actor, Order, OrderRequest, OrderState, Payment};
use domain::payment::PAY_WITHIN;
use domain::points::EntryKind;
use domain::pricing::WantedBundle;
use domain::problem::ProblemKind;
use domain::till::{PricedBundle, Settled};
use domain::time::Moment;
use sqlx::SqliteConnection;

/// An order, checked as far as it can be without the database.
#[derive(Clone, Debug)]
pub struct CheckedOrder {
    /// As it came.
    pub request: OrderRequest,
    /// The contact's number; `None` for the member's own.
    pub phone: Option<Phone>,
    /// The intent's name.
    pub key: String,
}

impl Store {
    /// Places an order: all of it or nothing. The same key and request answer the first order
    /// again, or the refusal.
    pub async fn place_order(
        &self,
        member: &MemberId,
        order: &CheckedOrder,
        language: Language,
        clock: &Clock,
    ) -> Result<Answered, StoreError> {
        let intent = Intent::new(member, &order.key, "orders", &order.request)?;
        let mut writing = self.write().await?;
        if let Some(before) = intents::before(&mut writing, &intent).await? {
            return Ok(before);
        }
        let now = clock.now();
        let asking = Asking {
            member: Some(member),
            language,
            clock,
            now,
        };
        let placed = place(&mut writing, member, order, asking).await;
        intents::close(writing, &intent, placed, now).await
    }
}

async fn place(
    writing: &mut SqliteConnection,
    member: &MemberId,
    order: &CheckedOrder,
    asking: Asking<'_>,
) -> Result<Order, StoreError> {
    let (request, now) = (&order.request, asking.now);
    if request.payment == Payment::Online {
        may_owe(writing, member, now).await?;
    }
    let priced = accepted(writing, request, asking).await?;
    let id = OrderId::from(secret::id()?);
    insert_order(writing, &id, member, order, &priced, asking.clock, now).await?;
    insert_lines(writing, &id, request, &priced, asking).await?;
    consume(writing, member, id.as_str()).await?;
    insert_merchants(writing, &id, &priced.receipt.merchants).await?;
    spend(writing, &id, member, &priced, now).await?;
    let trace = Trace::of(now, Actor::Shopper);
    record(writing, &id, first_state(request, &priced), trace).await?;
    take_out(writing, member, &request.cart()).await?;
    read_order(writing, id.as_str(), asking.language, asking.clock, true)
        .await?
        .ok_or(StoreError::NoShop)
}

/// Where an order begins: over the net it waits for its payment, unless there is nothing to be paid.
fn first_state(request: &OrderRequest, priced: &Priced) -> OrderState {
    if request.payment == Payment::Online && priced.receipt.total.amount > 0 {
        OrderState::AwaitingPayment
    } else {
        OrderState::Placed
    }
}

/// The price of an order now, if that is what was quoted.
async fn accepted(
    writing: &mut SqliteConnection,
    request: &OrderRequest,
    asking: Asking<'_>,
) -> Result<Priced, StoreError> {
    let changed = StoreError::Refused(ProblemKind::QuoteChanged);
    let Some(expires) = expiry(&request.quote).filter(|expires| *expires >= asking.now.ms) else {
        return Err(changed);
    };
    let priced = priced(writing, &request.cart(), asking, expires).await?;
    let held = &priced.receipt.coupons;
    for (at, id) in request.coupons.iter().flatten().enumerate() {
        if held.iter().all(|held| held.coupon.id != *id) {
            return Err(StoreError::NotTheirCoupon(at));
        }
    }
    if priced.quote.id == request.quote && priced.quote.orderable {
        Ok(priced)
    } else {
        Err(changed)
    }
}

async fn insert_order(
    writing: &mut SqliteConnection,
    id: &OrderId,
    member: &MemberId,
    order: &CheckedOrder,
    priced: &Priced,
    clock: &Clock,
    now: Moment,
) -> Result<(), StoreError> {
    let request = &order.request;
    let hours = Store::hours(writing).await?;
    let (from, to) = pickup::times(clock, &hours, now)
        .into_iter()
        .find(|(from, _)| from.ms == request.pickup_from.ms)
        .ok_or(StoreError::Refused(ProblemKind::PickupUnavailable))?;
    let receipt = &priced.receipt;
    let points = receipt.points.map_or(0, |points| points.used);
    let coupons = receipt.goods.amount - i64::from(points) - receipt.total.amount;
    let state = first_state(request, priced);
    let online = state == OrderState::AwaitingPayment;
    sqlx::query(
        "INSERT INTO orders (id, member, number, state, total, coupons, points, currency, payment, pickup_from, pickup_to,
                             pickup_place, contact_name, contact_phone, note, digits, secret, placed_at, changed_at, pay_until)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, coalesce(?, (SELECT phone FROM members WHERE id = ?)),
                 ?, ?, ?, ?, ?, ?)",
    )
    .bind(id.as_str())
    .bind(member.as_str())
    .bind(number(writing, now).await?)
    .bind(state.as_str())
    .bind(receipt.total.amount)
    .bind(coupons)
    .bind(points)
    .bind(receipt.total.currency.code())
    .bind(if online { "online" } else { "at_store" })
    .bind(from.ms)
    .bind(to.ms)
    .bind(pickup_place(writing).await?)
    .bind(request.contact.name.trim())
    .bind(order.phone.as_ref().map(Phone::as_str))
    .bind(member.as_str())
    .bind(request.note.trim())
    .bind(free_digits(writing).await?)
    .bind(secret::id()?)
    .bind(now.ms)
    .bind(now.ms)
    .bind(online.then(|| now.ms + PAY_WITHIN))
    .execute(&mut *writing)
    .await?;
    Ok(())
}

/// Pieces that go into the bag: a line, or a part of a bundle.
struct Packed<'a> {
    /// The place of the bundle it is a part of.
    bundle: Option<u32>,
    variant: &'a VariantId,
    pieces: u32,
    settled: Option<Settled>,
}

/// Writes down what was bought and takes it from the shelf.
async fn insert_lines(
    writing: &mut SqliteConnection,
    order: &OrderId,
    request: &OrderRequest,
    priced: &Priced,
    asking: Asking<'_>,
) -> Result<(), StoreError> {
    let lines = request.lines.iter().zip(&priced.receipt.lines);
    let mut packed: Vec<Packed<'_>> = lines
        .map(|(wanted, line)| Packed {
            bundle: None,
            variant: &wanted.variant,
            pieces: wanted.quantity,
            settled: line.settled,
        })
        .collect();
    let bundles = request.bundles.iter().zip(&priced.receipt.bundles);
    for (position, (wanted, bundle)) in (1_u32..).zip(bundles) {
        insert_bundle(writing, order, position, wanted, bundle).await?;
        packed.extend(bundle.parts.iter().map(|part| Packed {
            bundle: Some(position),
            variant: &part.variant,
            pieces: part.quantity.saturating_mul(wanted.quantity),
            settled: part.settled,
        }));
    }
    for (position, line) in (1_u32..).zip(packed) {
        let sold = priced.variants.get(line.variant).zip(line.settled);
        let Some((variant, settled)) = sold else {
            return Err(StoreError::Refused(ProblemKind::QuoteChanged));
        };
        take_stock(writing, line.variant, line.pieces, asking).await?;
        insert_line(writing, order, position, &line, variant, settled).await?;
    }
    Ok(())
}

async fn insert_bundle(
    writing: &mut SqliteConnection,
    order: &OrderId,
    position: u32,
    wanted: &WantedBundle,
    bundle: &PricedBundle,
) -> Result<(), StoreError> {
    let price = bundle
        .price
        .ok_or(StoreError::Refused(ProblemKind::QuoteChanged))?;
    sqlx::query(
        "INSERT INTO order_bundles (order_id, position, bundle, name, picture, tint, quantity, unit_price)
         SELECT ?1, ?2, id, name, picture, tint, ?4, ?5 FROM bundles WHERE id = ?3",
    )
    .bind(order.as_str())
    .bind(position)
    .bind(wanted.bundle.as_str())
    .bind(wanted.quantity)
    .bind(price.price.amount)
    .execute(writing)
    .await?;
    Ok(())
}

async fn insert_line(
    writing: &mut SqliteConnection,
    order: &OrderId,
    position: u32,
    line: &Packed<'_>,
    variant: &VariantForSale,
    settled: Settled,
) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO order_lines (order_id, position, bundle, product, variant, name, variant_name, picture, tint,
                                  quantity, unit_price, total, coupons, points)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
    )
    .bind(order.as_str())
    .bind(position)
    .bind(line.bundle)
    .bind(&variant.product)
    .bind(&variant.variant)
    .bind(&variant.name)
    .bind(&variant.variant_name)
    .bind(&variant.picture)
    .bind(&variant.tint)
    .bind(line.pieces)
    .bind(variant.price)
    .bind(settled.total.amount)
    .bind(settled.coupons.amount)
    .bind(settled.points)
    .execute(writing)
    .await?;
    Ok(())
}

/// Takes pieces from the shelf; refused when they are not there, or held for somebody else.
async fn take_stock(
    writing: &mut SqliteConnection,
    variant: &VariantId,
    pieces: u32,
    asking: Asking<'_>,
) -> Result<(), StoreError> {
    let taken = sqlx::query(
        "UPDATE variants SET stock = stock - ?2
         WHERE id = ?1 AND stock >= ?2 + coalesce((SELECT sum(quantity) FROM holds
                                                   WHERE variant = ?1 AND member IS NOT ?3 AND expires_at > ?4), 0)",
    )
    .bind(variant.as_str())
    .bind(pieces)
    .bind(asking.member.map(MemberId::as_str))
    .bind(asking.now.ms)
    .execute(writing)
    .await?;
    if taken.rows_affected() == 1 {
        Ok(())
    } else {
        Err(StoreError::Refused(ProblemKind::QuoteChanged))
    }
}

/// Writes down who sells it, and where it is picked up.
async fn insert_merchants(
    writing: &mut SqliteConnection,
    order: &OrderId,
    subtotals: &[(MerchantId, Money)],
) -> Result<(), StoreError> {
    for (position, (merchant, subtotal)) in (1_u32..).zip(subtotals) {
        sqlx::query(
            "INSERT INTO order_merchants (order_id, position, merchant, name, pickup, subtotal)
             SELECT ?1, ?2, id, name, pickup, ?4 FROM merchants WHERE id = ?3",
        )
        .bind(order.as_str())
        .bind(position)
        .bind(merchant.as_str())
        .bind(subtotal.amount)
        .execute(&mut *writing)
        .await?;
    }
    Ok(())
}

/// Uses the coupons up and puts the points aside.
async fn spend(
    writing: &mut SqliteConnection,
    order: &OrderId,
    member: &MemberId,
    priced: &Priced,
    now: Moment,
) -> Result<(), StoreError> {
    let used = priced.receipt.coupons.iter().filter(|one| one.chosen);
    for (position, QuotedCoupon { coupon, off, .. }) in (1_u32..).zip(used) {
        use_up(writing, member, &coupon.id).await?;
        sqlx::query(
            "INSERT INTO order_coupons (order_id, position, coupon, name, amount)
             SELECT ?1, ?2, c.id, k.name, ?4 FROM coupons AS c JOIN coupon_kinds AS k ON k.id = c.kind WHERE c.id = ?3",
        )
        .bind(order.as_str())
        .bind(position)
        .bind(coupon.id.as_str())
        .bind(off.amount)
        .execute(&mut *writing)
        .await?;
    }
    // What was ordered has all been put into lines, in the order in which it was priced.
    for (coupon, from) in &priced.receipt.from {
        for place in from {
            sqlx::query(
                "INSERT INTO order_coupon_lines (order_id, coupon, line) VALUES (?1, ?2, ?3)",
            )
            .bind(order.as_str())
            .bind(coupon.as_str())
            .bind(i64::try_from(place + 1).unwrap_or(i64::MAX))
            .execute(&mut *writing)
            .await?;
        }
    }
    let points = priced.receipt.points.map_or(0, |points| points.used);
    if points > 0 {
        enter(writing, member, order, EntryKind::Freeze, points, now).await?;
    }
    Ok(())
}

/// Digits that open no other bag.
async fn free_digits(writing: &mut SqliteConnection) -> Result<String, StoreError> {
    loop {
        let digits = secret::digits()?;
        let taken: bool = sqlx::query_scalar(
            "SELECT EXISTS (SELECT 1 FROM orders WHERE digits = ?1 AND state NOT IN ('handed_over', 'cancelled'))",
        )
        .bind(&digits)
        .fetch_one(&mut *writing)
        .await?;
        if !taken {
            return Ok(digits);
        }
    }
}

/// `261122-007`: year, month and day on the shop's clock, and how many there were that day.
async fn number(writing: &mut SqliteConnection, now: Moment) -> Result<String, StoreError> {
    let local = now.local();
    let day = format!("{:02}{:02}{:02}", local.year % 100, local.month, local.day);
    let before: u32 =
        sqlx::query_scalar("SELECT count(*) FROM orders WHERE number LIKE ?1 || '-%'")
            .bind(&day)
            .fetch_one(writing)
            .await?;
    Ok(format!("{day}-{:03}", before + 1))
}
