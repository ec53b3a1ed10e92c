//! What the provider says of a payment, in a notice or when it is asked, and what that does to the
//! order.

use super::refunds::{done, refund_whole};
use super::{order_state, set_state};
use crate::clock::Clock;
use crate::secret;
use crate::store::steps::{Trace, record, take_step};
use crate::store::{Store, StoreError, currency, word};
use domain::id::{OrderId, PaymentId};
use domain::money::Money;
use domain::order::{Actor, OrderEvent, OrderState, Step};
use domain::payment::{Notice, PaymentEvent, PaymentState};
use domain::problem::ProblemKind;
use domain::time::Moment;
use sqlx::{FromRow, SqliteConnection};

#[derive(FromRow)]
struct PaymentRow {
    order_id: String,
    state: String,
    amount: i64,
    currency: String,
}

impl Store {
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
