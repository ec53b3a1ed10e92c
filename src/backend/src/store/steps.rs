//! An order goes on step by step, and what each step does to shelf, coupons and points.

use super::orders::{owns, read_order};
use super::payments::{is_unsettled, refund_all};
use super::purse::enter;
use super::{Store, StoreError, currency, word};
use crate::clock::Clock;
use crate::language::Language;
use domain::id::{MemberId, OrderId, StaffId};
use domain::money::Money;
use domain::order::{Actor, Order, OrderEvent, OrderState, Step};
use domain::points::{EntryKind, earned};
use domain::problem::ProblemKind;
use domain::time::Moment;
use sqlx::SqliteConnection;

/// Whoever does something with an order.
#[derive(Clone, Debug)]
pub enum By<'a> {
    /// The member whose order it is.
    Member(&'a MemberId),
    /// Somebody of the shop.
    Staff(&'a StaffId),
}

impl Store {
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
        let trace = Trace {
            staff,
            ..Trace::of(clock.now(), actor)
        };
        take_step(&mut writing, id, state, step, trace).await?;
        let order = read_order(&mut writing, id.as_str(), language, clock, whole).await?;
        writing.commit().await?;
        Ok(order)
    }
}

/// Takes an order from a state a step further, with all that follows from it. Refused with `not-now`
/// where that is not allowed; nothing is called off of which a payment may still be heard.
pub(super) async fn take_step(
    writing: &mut SqliteConnection,
    id: &OrderId,
    state: OrderState,
    step: Step,
    trace: Trace<'_>,
) -> Result<(), StoreError> {
    let refused = StoreError::Refused(ProblemKind::NotNow);
    let Some(next) = state.after(step, trace.actor) else {
        return Err(refused);
    };
    let now = trace.at;
    if next == OrderState::Cancelled && is_unsettled(writing, id).await? {
        return Err(refused);
    }
    sqlx::query("UPDATE orders SET state = ?2, changed_at = ?3 WHERE id = ?1")
        .bind(id.as_str())
        .bind(next.as_str())
        .bind(now.ms)
        .execute(&mut *writing)
        .await?;
    record(writing, id, next, trace).await?;
    match next {
        OrderState::Cancelled => {
            give_back(writing, id, now).await?;
            refund_all(writing, id, next, now).await
        }
        OrderState::HandedOver => paid(writing, id, now).await,
        _ => Ok(()),
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

/// What was called off is as if it had not been ordered: goods on the shelf where they are still
/// sold, coupons and points with the member.
async fn give_back(
    writing: &mut SqliteConnection,
    order: &OrderId,
    now: Moment,
) -> Result<(), StoreError> {
    // Summed first: a variant may be in several lines, and an update meets each row once.
    sqlx::query(
        "UPDATE variants SET stock = stock + packed.pieces
         FROM (SELECT variant, sum(quantity) AS pieces FROM order_lines WHERE order_id = ?1 GROUP BY variant) AS packed
         WHERE packed.variant = variants.id",
    )
    .bind(order.as_str())
    .execute(&mut *writing)
    .await?;
    sqlx::query(
        "UPDATE coupons SET uses_left = uses_left + 1
         WHERE id IN (SELECT coupon FROM order_coupons WHERE order_id = ?1)",
    )
    .bind(order.as_str())
    .execute(&mut *writing)
    .await?;
    let account = Account::of(writing, order).await?;
    if account.points > 0 {
        let (kind, points) = (EntryKind::Release, account.points);
        enter(writing, &account.member, order, kind, points, now).await?;
    }
    Ok(())
}

/// It was paid when it was handed over: its points are spent, and new ones are earned.
async fn paid(
    writing: &mut SqliteConnection,
    order: &OrderId,
    now: Moment,
) -> Result<(), StoreError> {
    let account = Account::of(writing, order).await?;
    let entries = [
        (EntryKind::Spend, account.points),
        (EntryKind::Earn, earned(account.total)),
    ];
    for (kind, points) in entries.into_iter().filter(|(_, points)| *points > 0) {
        enter(writing, &account.member, order, kind, points, now).await?;
    }
    Ok(())
}

/// Who pays for an order, and with what.
struct Account {
    member: MemberId,
    total: Money,
    points: u32,
}

impl Account {
    async fn of(reading: &mut SqliteConnection, order: &OrderId) -> Result<Self, StoreError> {
        let (member, amount, code, points): (String, i64, String, u32) =
            sqlx::query_as("SELECT member, total, currency, points FROM orders WHERE id = ?1")
                .bind(order.as_str())
                .fetch_one(reading)
                .await?;
        let currency = currency(&code)?;
        Ok(Self {
            member: member.into(),
            total: Money { amount, currency },
            points,
        })
    }
}

/// Who did something and when, and what it was besides a step.
#[derive(Clone, Copy, Debug)]
pub(super) struct Trace<'a> {
    at: Moment,
    actor: Actor,
    staff: Option<&'a StaffId>,
    event: Option<OrderEvent>,
}

impl Trace<'_> {
    /// Somebody has done something now.
    pub(super) fn of(at: Moment, actor: Actor) -> Self {
        Self {
            at,
            actor,
            staff: None,
            event: None,
        }
    }

    /// Something that happened to the payment.
    pub(super) fn about(self, event: OrderEvent) -> Self {
        Self {
            event: Some(event),
            ..self
        }
    }
}

/// Writes down who did what and when.
pub(super) async fn record(
    writing: &mut SqliteConnection,
    order: &OrderId,
    state: OrderState,
    trace: Trace<'_>,
) -> Result<(), StoreError> {
    let actor = match trace.actor {
        Actor::Shopper => "shopper",
        Actor::Staff => "staff",
        Actor::System | Actor::Unknown => "system",
    };
    sqlx::query(
        "INSERT INTO order_changes (order_id, position, state, at, actor, staff, event)
         VALUES (?1, (SELECT count(*) FROM order_changes WHERE order_id = ?1), ?2, ?3, ?4, ?5, ?6)",
    )
    .bind(order.as_str())
    .bind(state.as_str())
    .bind(trace.at.ms)
    .bind(actor)
    .bind(trace.staff.map(StaffId::as_str))
    .bind(trace.event.map(OrderEvent::as_str))
    .execute(writing)
    .await?;
    Ok(())
}
