//! Money that goes back, whole or in part: asked for here, done by the provider.

use super::{order_state, set_state};
use crate::clock::Clock;
use crate::payment::Refund;
use crate::store::steps::{Trace, record};
use crate::store::{Store, StoreError, currency};
use domain::id::{OrderId, PaymentId};
use domain::money::Money;
use domain::order::{Actor, OrderEvent, OrderState};
use domain::payment::PaymentState;
use domain::time::Moment;
use sqlx::SqliteConnection;

impl Store {
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
}

/// How much of an order has gone back.
pub(in crate::store) async fn refunded(
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
pub(in crate::store) async fn refund_all(
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
pub(super) async fn refund_whole(
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
pub(in crate::store) async fn refund_part(
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

/// Refunds of a payment are done: the one with this key, or all. Once nothing of it is left, the
/// payment is refunded.
pub(super) async fn done(
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
