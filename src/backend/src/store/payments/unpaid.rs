//! Orders that wait for their payment: how long, how many, and that they are called off in the end.

use super::is_unsettled;
use crate::clock::Clock;
use crate::store::steps::{Trace, take_step};
use crate::store::{Store, StoreError};
use domain::id::{MemberId, OrderId};
use domain::order::{Actor, OrderState, Step};
use domain::payment::MOST_UNPAID;
use domain::problem::ProblemKind;
use domain::time::Moment;
use sqlx::SqliteConnection;

/// For how long orders that nobody paid count, in milliseconds.
const UNPAID_COUNTS: i64 = 24 * 3_600_000;

impl Store {
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
}

/// Refuses another order that is to be paid over the net, from somebody who leaves them unpaid.
pub(in crate::store) async fn may_owe(
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
