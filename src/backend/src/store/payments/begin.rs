//! A payment begins: what may be paid, and where.

use super::states;
use crate::clock::Clock;
use crate::payment::Opening;
use crate::secret;
use crate::store::intents::{self, Answered, Intent};
use crate::store::orders::owns;
use crate::store::steps::{Trace, record};
use crate::store::{Store, StoreError, currency};
use domain::id::{MemberId, OrderId, PaymentId};
use domain::money::Money;
use domain::order::{Actor, OrderEvent, OrderState};
use domain::payment::{PaymentStart, PaymentState};
use domain::problem::ProblemKind;
use domain::time::Moment;
use sqlx::SqliteConnection;

/// What became of a payment that was to begin.
#[derive(Clone, Debug)]
pub enum Begun {
    /// The key was answered.
    Answered(Answered),
    /// The provider is to open it; it may have done so already.
    Opening(Opening),
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
