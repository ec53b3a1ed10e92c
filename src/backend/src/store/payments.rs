//! Payments over the net and refunds, as the shop keeps them.

use super::intents::{self, Answered, Intent};
use super::orders::owns;
use super::steps::{Trace, record, take_step};
use super::{Store, StoreError, currency, word};
use crate::clock::Clock;
use crate::payment::{Opening, Refund};
use crate::secret;
use domain::id::{MemberId, OrderId, PaymentId};
use domain::money::Money;
use domain::order::{Actor, OrderEvent, OrderState, Step};
use domain::payment::{MOST_UNPAID, Notice, PaymentEvent, PaymentStart, PaymentState};
use domain::problem::ProblemKind;
use domain::time::Moment;
use sqlx::{FromRow, SqliteConnection};

/// For how long orders that nobody paid count, in milliseconds.
const UNPAID_COUNTS: i64 = 24 * 3_600_000;

/// What became of a payment that was to begin.
#[derive(Clone, Debug)]
pub enum Begun {
    /// The key was answered.
    Answered(Answered),
    /// The provider is to open it; it may have done so already.
    Opening(Opening),
}

#[derive(FromRow)]
struct PaymentRow {
    order_id: String,
    state: String,
    amount: i64,
    currency: String,
}

impl Store {
    /// Begins the payment of an order, or finds the one that is open. What is refused is refused for
    /// ever under this key: with `not-found` when the member has no such order, with `not-now` when
    /// there is nothing to be paid, or while the provider is finding out.
    pub async fn begin_payment(
        &self,
        member: &MemberId,
        order: &OrderId,
        key: &str,
        clock: &Clock,
    ) -> Result<Begun, StoreError> {
        let intent = paying(member, order, key)?;
        let mut writing = self.write().await?;
        if let Some(before) = intents::before(&mut writing, &intent).await? {
            return Ok(Begun::Answered(before));
        }
        let now = clock.now();
        match begin(&mut writing, member, order, clock, now).await {
            Ok(opening) => {
                writing.commit().await?;
                Ok(Begun::Opening(opening))
            }
            Err(error) => {
                let refused = Err::<(), _>(error);
                let answered = intents::close(writing, &intent, refused, now).await?;
                Ok(Begun::Answered(answered))
            }
        }
    }

    /// The provider has opened a payment: where to pay is the key's answer from now on.
    pub async fn payment_begun(
        &self,
        member: &MemberId,
        order: &OrderId,
        key: &str,
        start: &PaymentStart,
    ) -> Result<Answered, StoreError> {
        let intent = paying(member, order, key)?;
        let mut writing = self.write().await?;
        if let Some(before) = intents::before(&mut writing, &intent).await? {
            return Ok(before);
        }
        intents::close(writing, &intent, Ok(start), start.now).await
    }

    /// Takes a notice in, whose signature was right. One that was taken in already changes nothing.
    pub async fn take_notice(&self, notice: &Notice, clock: &Clock) -> Result<(), StoreError> {
        let mut writing = self.write().await?;
        let known: bool =
            sqlx::query_scalar("SELECT EXISTS (SELECT 1 FROM payment_notices WHERE id = ?1)")
                .bind(&notice.id)
                .fetch_one(&mut *writing)
                .await?;
        if known {
            return Ok(());
        }
        let row = payment(&mut writing, &notice.payment)
            .await?
            .ok_or(StoreError::Refused(ProblemKind::NotFound))?;
        let amount = Money {
            amount: row.amount,
            currency: currency(&row.currency)?,
        };
        if row.order_id != notice.order.as_str() || amount != notice.amount {
            return Err(StoreError::Refused(ProblemKind::InvalidBody));
        }
        let now = clock.now();
        sqlx::query(
            "INSERT INTO payment_notices (id, payment, state, sequence, at, taken_at) VALUES (?, ?, ?, ?, ?, ?)",
        )
        .bind(&notice.id)
        .bind(notice.payment.as_str())
        .bind(notice.state.as_str())
        .bind(notice.sequence)
        .bind(notice.at.ms)
        .bind(now.ms)
        .execute(&mut *writing)
        .await?;
        learn(&mut writing, &notice.payment, row, notice.state, now).await?;
        writing.commit().await
    }

    /// Takes in what the provider said when it was asked.
    pub async fn learn(
        &self,
        id: &PaymentId,
        event: PaymentEvent,
        clock: &Clock,
    ) -> Result<(), StoreError> {
        let mut writing = self.write().await?;
        if let Some(row) = payment(&mut writing, id).await? {
            learn(&mut writing, id, row, event, clock.now()).await?;
        }
        writing.commit().await
    }

    /// The payment of an order of which it is not known how it ends.
    pub async fn unsettled(&self, order: &OrderId) -> Result<Option<PaymentId>, StoreError> {
        let id: Option<String> = sqlx::query_scalar(
            "SELECT id FROM payments WHERE order_id = ?1 AND state IN ('open', 'checking')",
        )
        .bind(order.as_str())
        .fetch_optional(&self.pool)
        .await?;
        Ok(id.map(Into::into))
    }

    /// The order of a member that waits for its payment.
    pub async fn awaiting(&self, member: &MemberId) -> Result<Option<OrderId>, StoreError> {
        let id: Option<String> = sqlx::query_scalar(
            "SELECT id FROM orders WHERE member = ?1 AND state = 'awaiting_payment'",
        )
        .bind(member.as_str())
        .fetch_optional(&self.pool)
        .await?;
        Ok(id.map(Into::into))
    }

    /// Whether an order waits for its payment, and whether it has waited long enough.
    pub async fn waits(&self, order: &OrderId, now: i64) -> Result<Option<bool>, StoreError> {
        Ok(sqlx::query_scalar(
            "SELECT pay_until <= ?2 FROM orders
             WHERE id = ?1 AND state = 'awaiting_payment' AND pay_until IS NOT NULL",
        )
        .bind(order.as_str())
        .bind(now)
        .fetch_optional(&self.pool)
        .await?)
    }

    /// The orders that have waited long enough.
    pub async fn overdue(&self, now: i64) -> Result<Vec<OrderId>, StoreError> {
        let ids: Vec<String> = sqlx::query_scalar(
            "SELECT id FROM orders WHERE state = 'awaiting_payment' AND pay_until <= ?1 ORDER BY pay_until LIMIT 100",
        )
        .bind(now)
        .fetch_all(&self.pool)
        .await?;
        Ok(ids.into_iter().map(Into::into).collect())
    }

    /// Calls an order off that nobody paid in time; nothing is done where a payment is not settled,
    /// or where it does not wait any more.
    pub async fn expire(&self, order: &OrderId, clock: &Clock) -> Result<(), StoreError> {
        let mut writing = self.write().await?;
        let now = clock.now();
        let due: bool = sqlx::query_scalar(
            "SELECT EXISTS (SELECT 1 FROM orders WHERE id = ?1 AND state = 'awaiting_payment' AND pay_until <= ?2)",
        )
        .bind(order.as_str())
        .bind(now.ms)
        .fetch_one(&mut *writing)
        .await?;
        if !due || is_unsettled(&mut writing, order).await? {
            return Ok(());
        }
        let trace = Trace::of(now, Actor::System);
        let state = OrderState::AwaitingPayment;
        take_step(&mut writing, order, state, Step::Cancel, trace).await?;
        writing.commit().await
    }

    /// The refunds that the provider has not done yet; only of one order where that is said.
    pub async fn requested_refunds(
        &self,
        order: Option<&OrderId>,
    ) -> Result<Vec<Refund>, StoreError> {
        let rows: Vec<(String, String, i64, String)> = sqlx::query_as(
            "SELECT id, payment, amount, currency FROM refunds
             WHERE state = 'requested' AND (?1 IS NULL OR order_id = ?1) ORDER BY requested_at LIMIT 100",
        )
        .bind(order.map(OrderId::as_str))
        .fetch_all(&self.pool)
        .await?;
        rows.into_iter()
            .map(|(key, payment, amount, code)| {
                let currency = currency(&code)?;
                Ok(Refund {
                    key,
                    payment: payment.into(),
                    amount: Money { amount, currency },
                })
            })
            .collect()
    }

    /// Writes down that the provider has given money back.
    pub async fn refund_done(&self, refund: &Refund, clock: &Clock) -> Result<(), StoreError> {
        let mut writing = self.write().await?;
        let now = clock.now();
        done(&mut writing, &refund.payment, Some(&refund.key), now).await?;
        writing.commit().await
    }

    /// What provider and shop sign notices with; made when it is not there.
    pub async fn notice_secret(&self) -> Result<String, StoreError> {
        let mut writing = self.write().await?;
        sqlx::query("INSERT INTO notice_secret (id, secret) VALUES (1, ?1) ON CONFLICT DO NOTHING")
            .bind(secret::token()?)
            .execute(&mut *writing)
            .await?;
        let secret = sqlx::query_scalar("SELECT secret FROM notice_secret")
            .fetch_one(&mut *writing)
            .await?;
        writing.commit().await?;
        Ok(secret)
    }

    /// Whether the file has been closed.
    pub fn is_closed(&self) -> bool {
        self.pool.is_closed()
    }
}

fn paying<'a>(
    member: &'a MemberId,
    order: &OrderId,
    key: &'a str,
) -> Result<Intent<'a>, StoreError> {
    Intent::new(member, key, "orders/payment", order)
}

async fn begin(
    writing: &mut SqliteConnection,
    member: &MemberId,
    order: &OrderId,
    clock: &Clock,
    now: Moment,
) -> Result<Opening, StoreError> {
    if !owns(writing, member, order).await? {
        return Err(StoreError::Refused(ProblemKind::NotFound));
    }
    let (state, amount, code, pay_until): (String, i64, String, Option<i64>) =
        sqlx::query_as("SELECT state, total, currency, pay_until FROM orders WHERE id = ?1")
            .bind(order.as_str())
            .fetch_one(&mut *writing)
            .await?;
    let waits = state == OrderState::AwaitingPayment.as_str();
    let pay_until = pay_until
        .filter(|until| waits && now.ms < *until)
        .ok_or(StoreError::Refused(ProblemKind::NotNow))?;
    let states = states(writing, order.as_str()).await?;
    if !PaymentState::of_order(&states).can_pay() {
        return Err(StoreError::Refused(ProblemKind::NotNow));
    }
    let currency = currency(&code)?;
    let amount = Money { amount, currency };
    let open: Option<String> =
        sqlx::query_scalar("SELECT id FROM payments WHERE order_id = ?1 AND state = 'open'")
            .bind(order.as_str())
            .fetch_optional(&mut *writing)
            .await?;
    let payment = match open {
        Some(open) => open.into(),
        None => {
            let id = PaymentId::from(secret::id()?);
            sqlx::query(
                "INSERT INTO payments (id, order_id, position, state, amount, currency, expires_at, began_at, changed_at)
                 VALUES (?1, ?2, (SELECT count(*) FROM payments WHERE order_id = ?2), 'open', ?3, ?4, ?5, ?6, ?6)",
            )
            .bind(id.as_str())
            .bind(order.as_str())
            .bind(amount.amount)
            .bind(currency.code())
            .bind(pay_until)
            .bind(now.ms)
            .execute(&mut *writing)
            .await?;
            let trace = Trace::of(now, Actor::Shopper).about(OrderEvent::PaymentStarted);
            record(writing, order, OrderState::AwaitingPayment, trace).await?;
            id
        }
    };
    Ok(Opening {
        payment,
        order: order.clone(),
        amount,
        expires_at: clock.moment(pay_until),
    })
}

/// Refuses another order that is to be paid over the net, from somebody who leaves them unpaid.
pub(super) async fn may_owe(
    reading: &mut SqliteConnection,
    member: &MemberId,
    now: Moment,
) -> Result<(), StoreError> {
    let open: bool = sqlx::query_scalar(
        "SELECT EXISTS (SELECT 1 FROM orders WHERE member = ?1 AND state = 'awaiting_payment')",
    )
    .bind(member.as_str())
    .fetch_one(&mut *reading)
    .await?;
    if open {
        return Err(StoreError::Refused(ProblemKind::PaymentOpen));
    }
    let unpaid: u32 = sqlx::query_scalar(
        "SELECT count(*) FROM orders AS o
         WHERE o.member = ?1 AND o.state = 'cancelled' AND o.pay_until IS NOT NULL AND o.changed_at > ?2
           AND EXISTS (SELECT 1 FROM order_changes AS c
                       WHERE c.order_id = o.id AND c.state = 'cancelled' AND c.actor = 'system' AND c.event IS NULL)",
    )
    .bind(member.as_str())
    .bind(now.ms - UNPAID_COUNTS)
    .fetch_one(reading)
    .await?;
    if unpaid >= MOST_UNPAID {
        return Err(StoreError::Refused(ProblemKind::TooManyUnpaid));
    }
    Ok(())
}

/// The states of the payments that were begun for an order, the oldest first.
pub(super) async fn states(
    reading: &mut SqliteConnection,
    order: &str,
) -> Result<Vec<PaymentState>, StoreError> {
    let states: Vec<String> =
        sqlx::query_scalar("SELECT state FROM payments WHERE order_id = ?1 ORDER BY position")
            .bind(order)
            .fetch_all(reading)
            .await?;
    let read = |state: String| word(&state).unwrap_or(PaymentState::Unknown);
    Ok(states.into_iter().map(read).collect())
}

/// Whether the provider may still say that an order is paid.
pub(super) async fn is_unsettled(
    reading: &mut SqliteConnection,
    order: &OrderId,
) -> Result<bool, StoreError> {
    Ok(sqlx::query_scalar(
        "SELECT EXISTS (SELECT 1 FROM payments WHERE order_id = ?1 AND state IN ('open', 'checking'))",
    )
    .bind(order.as_str())
    .fetch_one(reading)
    .await?)
}

/// How much of an order has gone back.
pub(super) async fn refunded(
    reading: &mut SqliteConnection,
    order: &str,
) -> Result<i64, StoreError> {
    Ok(sqlx::query_scalar(
        "SELECT coalesce(sum(amount), 0) FROM refunds WHERE order_id = ?1 AND state = 'done'",
    )
    .bind(order)
    .fetch_one(reading)
    .await?)
}

/// Whatever was paid for an order that was called off goes back.
pub(super) async fn refund_all(
    writing: &mut SqliteConnection,
    order: &OrderId,
    state: OrderState,
    now: Moment,
) -> Result<(), StoreError> {
    let paid: Vec<String> =
        sqlx::query_scalar("SELECT id FROM payments WHERE order_id = ?1 AND state = 'paid'")
            .bind(order.as_str())
            .fetch_all(&mut *writing)
            .await?;
    for payment in paid {
        refund_whole(writing, order, &payment.into(), state, now).await?;
    }
    Ok(())
}

/// What is left of a payment goes back, once: the key is made from its name.
async fn refund_whole(
    writing: &mut SqliteConnection,
    order: &OrderId,
    payment: &PaymentId,
    state: OrderState,
    now: Moment,
) -> Result<(), StoreError> {
    let asked = sqlx::query(
        "INSERT INTO refunds (id, order_id, payment, amount, currency, state, requested_at)
         SELECT p.id || '-whole', p.order_id, p.id, p.amount - before.amount, p.currency, 'requested', ?2
         FROM payments AS p,
              (SELECT coalesce(sum(amount), 0) AS amount FROM refunds WHERE payment = ?1) AS before
         WHERE p.id = ?1 AND p.amount > before.amount
         ON CONFLICT DO NOTHING",
    )
    .bind(payment.as_str())
    .bind(now.ms)
    .execute(&mut *writing)
    .await?;
    if asked.rows_affected() == 1 {
        let trace = Trace::of(now, Actor::System).about(OrderEvent::RefundRequested);
        record(writing, order, state, trace).await?;
    }
    Ok(())
}

/// A part of what was paid for an order goes back, once under this key; nothing of an order that was
/// not paid over the net.
pub(super) async fn refund_part(
    writing: &mut SqliteConnection,
    order: &OrderId,
    key: &str,
    amount: Money,
    now: Moment,
) -> Result<(), StoreError> {
    let asked = sqlx::query(
        "INSERT INTO refunds (id, order_id, payment, amount, currency, state, requested_at)
         SELECT p.id || '-' || ?2, p.order_id, p.id, ?3, p.currency, 'requested', ?4
         FROM payments AS p WHERE p.order_id = ?1 AND p.state = 'paid' AND ?3 > 0
         ON CONFLICT DO NOTHING",
    )
    .bind(order.as_str())
    .bind(key)
    .bind(amount.amount)
    .bind(now.ms)
    .execute(&mut *writing)
    .await?;
    if asked.rows_affected() == 1 {
        let state = order_state(writing, order).await?;
        let trace = Trace::of(now, Actor::System).about(OrderEvent::RefundRequested);
        record(writing, order, state, trace).await?;
    }
    Ok(())
}

async fn payment(
    reading: &mut SqliteConnection,
    id: &PaymentId,
) -> Result<Option<PaymentRow>, StoreError> {
    Ok(
        sqlx::query_as("SELECT order_id, state, amount, currency FROM payments WHERE id = ?1")
            .bind(id.as_str())
            .fetch_optional(reading)
            .await?,
    )
}

/// Something has happened to a payment: what that does to its order. A late or repeated word does
/// nothing.
async fn learn(
    writing: &mut SqliteConnection,
    id: &PaymentId,
    row: PaymentRow,
    event: PaymentEvent,
    now: Moment,
) -> Result<(), StoreError> {
    let before: PaymentState = word(&row.state).unwrap_or(PaymentState::Unknown);
    let after = before.after(event);
    if after == before {
        return Ok(());
    }
    if after == PaymentState::Refunded {
        // The provider's word for what the shop has asked it to do.
        return done(writing, id, None, now).await;
    }
    set_state(writing, id, after, now).await?;
    let order = OrderId::from(row.order_id);
    let state = order_state(writing, &order).await?;
    let trace = Trace::of(now, Actor::System);
    match (after, state) {
        (PaymentState::Paid, OrderState::AwaitingPayment) => {
            let trace = trace.about(OrderEvent::Paid);
            take_step(writing, &order, state, Step::Pay, trace).await
        }
        (PaymentState::Paid, _) => {
            // Nobody waits for this money any more: it goes back.
            record(writing, &order, state, trace.about(OrderEvent::Paid)).await?;
            refund_whole(writing, &order, id, state, now).await
        }
        (PaymentState::Declined, _) => {
            record(writing, &order, state, trace.about(OrderEvent::Declined)).await
        }
        _ => Ok(()),
    }
}

/// Refunds of a payment are done: the one with this key, or all. Once nothing of it is left, the
/// payment is refunded.
async fn done(
    writing: &mut SqliteConnection,
    payment: &PaymentId,
    key: Option<&str>,
    now: Moment,
) -> Result<(), StoreError> {
    let done = sqlx::query(
        "UPDATE refunds SET state = 'done', done_at = ?3
         WHERE payment = ?1 AND state = 'requested' AND (?2 IS NULL OR id = ?2)",
    )
    .bind(payment.as_str())
    .bind(key)
    .bind(now.ms)
    .execute(&mut *writing)
    .await?;
    let (order, is_whole): (String, bool) = sqlx::query_as(
        "SELECT order_id, amount <= (SELECT coalesce(sum(r.amount), 0) FROM refunds AS r
                                     WHERE r.payment = p.id AND r.state = 'done')
         FROM payments AS p WHERE id = ?1",
    )
    .bind(payment.as_str())
    .fetch_one(&mut *writing)
    .await?;
    if done.rows_affected() == 0 {
        return Ok(());
    }
    if is_whole {
        set_state(writing, payment, PaymentState::Refunded, now).await?;
    }
    let order = OrderId::from(order);
    let state = order_state(writing, &order).await?;
    let trace = Trace::of(now, Actor::System).about(OrderEvent::Refunded);
    record(writing, &order, state, trace).await
}

async fn set_state(
    writing: &mut SqliteConnection,
    payment: &PaymentId,
    state: PaymentState,
    now: Moment,
) -> Result<(), StoreError> {
    sqlx::query("UPDATE payments SET state = ?2, changed_at = ?3 WHERE id = ?1")
        .bind(payment.as_str())
        .bind(state.as_str())
        .bind(now.ms)
        .execute(writing)
        .await?;
    Ok(())
}

async fn order_state(
    reading: &mut SqliteConnection,
    order: &OrderId,
) -> Result<OrderState, StoreError> {
    let state: String = sqlx::query_scalar("SELECT state FROM orders WHERE id = ?1")
        .bind(order.as_str())
        .fetch_one(reading)
        .await?;
    Ok(word(&state).unwrap_or(OrderState::Unknown))
}
