//! Payments over the net and refunds, as the shop keeps them.

mod begin;
mod notices;
mod refunds;
mod unpaid;

pub use begin::Begun;
pub(super) use refunds::{refund_all, refund_part, refunded};
pub(super) use unpaid::may_owe;

use super::{StoreError, word};
use domain::id::{OrderId, PaymentId};
use domain::order::OrderState;
use domain::payment::PaymentState;
use domain::time::Moment;
use sqlx::SqliteConnection;

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
