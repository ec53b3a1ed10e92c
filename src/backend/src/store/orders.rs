//! Orders: placed once, paid for with stock, gone through step by step.

use super::cart::{VariantForSale, expiry, priced, take_out};
use super::{Store, StoreError, picture, text, word};
use crate::clock::Clock;
use crate::language::Language;
use crate::{pickup, secret};
use domain::desk::DeskOrders;
use domain::id::{MemberId, OrderId, StaffId};
use domain::member::Phone;
use domain::money::{Currency, Money};
use domain::order::{
    Actor, Change, Contact, Order, OrderLine, OrderRequest, OrderState, OrderTab, Payment, Pickup,
    PickupCode, PickupTimes, Step,
};
use domain::page::{Cursor, Page};
use domain::problem::ProblemKind;
use domain::time::Moment;
use sqlx::{FromRow, SqliteConnection};

/// How many orders a page of them has.
const PAGE: usize = 20;
/// How long an intent is remembered, in milliseconds: longer than the day the contract asks for.
const REMEMBERED: i64 = 48 * 3_600_000;
/// What the text of a pickup's QR code begins with.
const QR: &str = "linli:pickup:";

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

/// What became of an order that was asked for.
#[derive(Clone, Debug)]
pub struct Placed {
    /// The answer as JSON: the order.
    pub answer: String,
    /// Whether it had been placed before under this key.
    pub replayed: bool,
}

/// Whoever does something with an order.
#[derive(Clone, Debug)]
pub enum By<'a> {
    /// The member whose order it is.
    Member(&'a MemberId),
    /// Somebody of the shop.
    Staff(&'a StaffId),
}

#[derive(FromRow)]
struct OrderRow {
    id: String,
    number: String,
    state: String,
    total: i64,
    currency: String,
    payment: String,
    pickup_from: i64,
    pickup_to: i64,
    pickup_place: String,
    contact_name: String,
    contact_phone: String,
    note: String,
    digits: String,
    secret: String,
}

#[derive(FromRow)]
struct LineRow {
    product: String,
    variant: String,
    name: String,
    variant_name: String,
    picture: Option<String>,
    tint: String,
    quantity: u32,
    unit_price: i64,
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

    /// Places an order: all of it or nothing. The same key and request answer the first order
    /// again.
    pub async fn place_order(
        &self,
        member: &MemberId,
        order: &CheckedOrder,
        language: Language,
        clock: &Clock,
    ) -> Result<Placed, StoreError> {
        let request = &order.request;
        let fingerprint = serde_json::to_string(request)
            .map(|json| secret::hash(&json))
            .unwrap_or_default();
        let mut writing = self.write().await?;
        let now = clock.now();
        let before: Option<(String, String)> =
            sqlx::query_as("SELECT request, answer FROM intents WHERE member = ?1 AND key = ?2")
                .bind(member.as_str())
                .bind(&order.key)
                .fetch_optional(&mut *writing)
                .await?;
        if let Some((known, answer)) = before {
            return if known == fingerprint {
                Ok(Placed {
                    answer,
                    replayed: true,
                })
            } else {
                Err(StoreError::Refused(ProblemKind::KeyReused))
            };
        }
        let expires = expiry(&request.quote)
            .filter(|expires| *expires >= now.ms)
            .ok_or(StoreError::Refused(ProblemKind::QuoteChanged))?;
        let priced = priced(&mut writing, &request.lines, language, now, expires).await?;
        if priced.quote.id != request.quote || !priced.quote.orderable {
            return Err(StoreError::Refused(ProblemKind::QuoteChanged));
        }
        let hours = Self::hours(&mut writing).await?;
        let (from, to) = pickup::times(clock, &hours, now)
            .into_iter()
            .find(|(from, _)| from.ms == request.pickup_from.ms)
            .ok_or(StoreError::Refused(ProblemKind::PickupUnavailable))?;
        let id = secret::id()?;
        let digits = free_digits(&mut writing).await?;
        let place = pickup_place(&mut writing).await?;
        let number = number(&mut writing, now).await?;
        sqlx::query(
            "INSERT INTO orders (id, member, number, state, total, currency, payment, pickup_from, pickup_to, pickup_place,
                                 contact_name, contact_phone, note, digits, secret, placed_at, changed_at)
             VALUES (?, ?, ?, 'placed', ?, ?, 'at_store', ?, ?, ?, ?, coalesce(?, (SELECT phone FROM members WHERE id = ?)), ?, ?, ?, ?, ?)",
        )
        .bind(&id)
        .bind(member.as_str())
        .bind(number)
        .bind(priced.quote.total.amount)
        .bind(priced.quote.total.currency.code())
        .bind(from.ms)
        .bind(to.ms)
        .bind(place)
        .bind(request.contact.name.trim())
        .bind(order.phone.as_ref().map(Phone::as_str))
        .bind(member.as_str())
        .bind(request.note.trim())
        .bind(digits)
        .bind(secret::id()?)
        .bind(now.ms)
        .bind(now.ms)
        .execute(&mut *writing)
        .await?;
        for ((position, wanted), variant) in (1_u32..).zip(&request.lines).zip(&priced.variants) {
            let Some(variant) = variant else {
                return Err(StoreError::Refused(ProblemKind::QuoteChanged));
            };
            take_stock(&mut writing, &variant.variant, wanted.quantity).await?;
            insert_line(&mut writing, &id, position, variant, wanted.quantity).await?;
        }
        record(
            &mut writing,
            &id,
            OrderState::Placed,
            now,
            Actor::Shopper,
            None,
        )
        .await?;
        take_out(&mut writing, member, &request.lines).await?;
        let placed = read_order(&mut writing, &id, language, clock, true)
            .await?
            .ok_or(StoreError::NoShop)?;
        let answer = serde_json::to_string(&placed).map_err(|_| StoreError::Corrupt {
            what: "order",
            value: id.clone(),
        })?;
        sqlx::query("DELETE FROM intents WHERE made_at < ?1")
            .bind(now.ms - REMEMBERED)
            .execute(&mut *writing)
            .await?;
        sqlx::query(
            "INSERT INTO intents (member, key, request, answer, made_at) VALUES (?, ?, ?, ?, ?)",
        )
        .bind(member.as_str())
        .bind(&order.key)
        .bind(fingerprint)
        .bind(&answer)
        .bind(now.ms)
        .execute(&mut *writing)
        .await?;
        writing.commit().await?;
        Ok(Placed {
            answer,
            replayed: false,
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
             WHERE member = ?1 AND state IN (SELECT value FROM json_each(?2))
               AND (?3 IS NULL OR (placed_at, id) < (?3, ?4))
             ORDER BY placed_at DESC, id DESC LIMIT ?5",
        )
        .bind(member.as_str())
        .bind(serde_json::Value::from(states).to_string())
        .bind(after.as_ref().map(|(at, _)| *at))
        .bind(after.as_ref().map(|(_, id)| id.as_str()))
        .bind(i64::try_from(PAGE + 1).unwrap_or(i64::MAX))
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

    /// Takes an order a step further; `None` when there is none that this somebody may touch.
    /// Refused with `not-now` where the step is not allowed; one that was taken already changes
    /// nothing.
    pub async fn step(
        &self,
        id: &OrderId,
        step: Step,
        by: By<'_>,
        language: Language,
        clock: &Clock,
    ) -> Result<Option<Order>, StoreError> {
        let mut writing = self.write().await?;
        let (actor, staff) = match by {
            By::Member(member) => {
                if !owns(&mut writing, member, id).await? {
                    return Ok(None);
                }
                (Actor::Shopper, None)
            }
            By::Staff(staff) => (Actor::Staff, Some(staff)),
        };
        let state: Option<String> = sqlx::query_scalar("SELECT state FROM orders WHERE id = ?1")
            .bind(id.as_str())
            .fetch_optional(&mut *writing)
            .await?;
        let Some(state) = state else { return Ok(None) };
        let state: OrderState = word(&state).unwrap_or(OrderState::Unknown);
        let whole = matches!(actor, Actor::Shopper);
        if state == goal(step) {
            return read_order(&mut writing, id.as_str(), language, clock, whole).await;
        }
        let next = state
            .after(step, actor)
            .ok_or(StoreError::Refused(ProblemKind::NotNow))?;
        let now = clock.now();
        sqlx::query("UPDATE orders SET state = ?2, changed_at = ?3 WHERE id = ?1")
            .bind(id.as_str())
            .bind(next.as_str())
            .bind(now.ms)
            .execute(&mut *writing)
            .await?;
        if next == OrderState::Cancelled {
            // Back on the shelf, where the variant is still sold.
            sqlx::query(
                "UPDATE variants SET stock = stock + line.quantity FROM order_lines AS line
                 WHERE line.order_id = ?1 AND line.variant = variants.id",
            )
            .bind(id.as_str())
            .execute(&mut *writing)
            .await?;
        }
        record(&mut writing, id.as_str(), next, now, actor, staff).await?;
        let order = read_order(&mut writing, id.as_str(), language, clock, whole).await?;
        writing.commit().await?;
        Ok(order)
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
                    "SELECT id FROM orders WHERE id = ?1 AND secret = ?2 AND state NOT IN ('handed_over', 'cancelled')",
                )
                .bind(id)
                .bind(secret)
                .fetch_optional(&mut *reading)
                .await?
            }
            None => {
                sqlx::query_scalar(
                    "SELECT id FROM orders WHERE digits = ?1 AND state NOT IN ('handed_over', 'cancelled')",
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

/// Where a step leads: whoever takes it twice finds it done.
fn goal(step: Step) -> OrderState {
    match step {
        Step::Pay => OrderState::Placed,
        Step::Pack => OrderState::Packed,
        Step::MakeReady => OrderState::Ready,
        Step::HandOver => OrderState::HandedOver,
        Step::Cancel => OrderState::Cancelled,
    }
}

async fn owns(
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

/// Takes pieces from the shelf; refused when they are not there.
async fn take_stock(
    writing: &mut SqliteConnection,
    variant: &str,
    quantity: u32,
) -> Result<(), StoreError> {
    let taken = sqlx::query("UPDATE variants SET stock = stock - ?2 WHERE id = ?1 AND stock >= ?2")
        .bind(variant)
        .bind(quantity)
        .execute(writing)
        .await?;
    if taken.rows_affected() == 1 {
        Ok(())
    } else {
        Err(StoreError::Refused(ProblemKind::QuoteChanged))
    }
}

async fn insert_line(
    writing: &mut SqliteConnection,
    order: &str,
    position: u32,
    variant: &VariantForSale,
    quantity: u32,
) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO order_lines (order_id, position, product, variant, name, variant_name, picture, tint, quantity, unit_price)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
    )
    .bind(order)
    .bind(position)
    .bind(&variant.product)
    .bind(&variant.variant)
    .bind(&variant.name)
    .bind(&variant.variant_name)
    .bind(&variant.picture)
    .bind(&variant.tint)
    .bind(quantity)
    .bind(variant.price)
    .execute(writing)
    .await?;
    Ok(())
}

/// Writes down who did what and when.
async fn record(
    writing: &mut SqliteConnection,
    order: &str,
    state: OrderState,
    at: Moment,
    actor: Actor,
    staff: Option<&StaffId>,
) -> Result<(), StoreError> {
    let actor = match actor {
        Actor::Shopper => "shopper",
        Actor::Staff => "staff",
        Actor::System | Actor::Unknown => "system",
    };
    sqlx::query(
        "INSERT INTO order_changes (order_id, position, state, at, actor, staff)
         VALUES (?1, (SELECT count(*) FROM order_changes WHERE order_id = ?1), ?2, ?3, ?4, ?5)",
    )
    .bind(order)
    .bind(state.as_str())
    .bind(at.ms)
    .bind(actor)
    .bind(staff.map(StaffId::as_str))
    .execute(writing)
    .await?;
    Ok(())
}

/// Where the shop's own goods are picked up, as JSON texts.
async fn pickup_place(reading: &mut SqliteConnection) -> Result<String, StoreError> {
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

/// An order; `whole` with its code, which only its owner is told.
async fn read_order(
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
    let lines: Vec<LineRow> =
        sqlx::query_as("SELECT * FROM order_lines WHERE order_id = ?1 ORDER BY position")
            .bind(id)
            .fetch_all(&mut *reading)
            .await?;
    let changes: Vec<(String, i64, String)> = sqlx::query_as(
        "SELECT state, at, actor FROM order_changes WHERE order_id = ?1 ORDER BY position",
    )
    .bind(id)
    .fetch_all(&mut *reading)
    .await?;
    let currency = Currency::from_code(&row.currency).ok_or_else(|| StoreError::Corrupt {
        what: "currency",
        value: row.currency.clone(),
    })?;
    let money = |amount| Money { amount, currency };
    let state = word(&row.state).unwrap_or(OrderState::Unknown);
    let lines = lines
        .into_iter()
        .map(|line| {
            Ok(OrderLine {
                product: line.product.into(),
                variant: line.variant.into(),
                name: text(&line.name, language),
                variant_name: text(&line.variant_name, language),
                picture: picture(line.picture, &line.tint),
                quantity: line.quantity,
                unit_price: money(line.unit_price),
                total: money(line.unit_price).times(line.quantity)?,
                paid: None,
                returned: 0,
            })
        })
        .collect::<Result<_, StoreError>>()?;
    let code = (whole && !state.is_final()).then(|| PickupCode {
        qr: format!("{QR}{}.{}", row.id, row.secret),
        digits: row.digits,
    });
    Ok(Some(Order {
        id: row.id.into(),
        number: row.number,
        state,
        lines,
        bundles: Vec::new(),
        merchants: Vec::new(),
        goods: None,
        coupons: Vec::new(),
        points: 0,
        total: money(row.total),
        refunded: None,
        payment: word(&row.payment).unwrap_or(Payment::Unknown),
        pickup: Pickup {
            from: clock.moment(row.pickup_from),
            to: clock.moment(row.pickup_to),
            place: text(&row.pickup_place, language),
        },
        contact: Contact {
            name: row.contact_name,
            phone: row.contact_phone,
        },
        note: row.note,
        code,
        history: changes
            .into_iter()
            .map(|(state, at, actor)| Change {
                state: word(&state).unwrap_or(OrderState::Unknown),
                at: clock.moment(at),
                by: word(&actor).unwrap_or(Actor::Unknown),
            })
            .collect(),
    }))
}
