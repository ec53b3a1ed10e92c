//! The books of the sandbox provider. They lie in the same file because a demo has one, and that is
//! all they share with the shop's.

use super::{Store, StoreError, currency, word};
use crate::clock::Clock;
use crate::payment::{Opening, Refund};
use crate::secret;
use domain::id::PaymentId;
use domain::money::Money;
use domain::payment::{Notice, PaymentEvent};
use sqlx::{FromRow, SqliteConnection};

/// How long after the choice the provider knows of a payment whose notice comes late, in
/// milliseconds.
const LATE: i64 = 15_000;
/// How long after it the notice of what came before is sent: out of order, on purpose.
const AFTER: i64 = 400;
/// How long after the first time a notice is sent again, on purpose.
const AGAIN: i64 = 150;
/// How long the provider waits when a notice was not taken, by how often it was tried.
const PAUSES: [i64; 5] = [200, 1_000, 5_000, 15_000, 60_000];

/// What whoever pays chooses on the sandbox's page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Choice {
    /// It is paid.
    Paid,
    /// The bank says no.
    Declined,
    /// It is paid, and the notice comes late.
    Late,
    /// The page is left without a choice.
    Left,
}

/// A payment as its page shows it.
#[derive(Clone, Debug)]
pub struct SandboxPayment {
    /// The order, by the name that the shop gave.
    pub reference: String,
    /// How much.
    pub amount: Money,
    /// Whether it can be paid now.
    pub is_open: bool,
}

#[derive(FromRow)]
struct PaymentRow {
    reference: String,
    state: String,
    amount: i64,
    currency: String,
    expires_at: i64,
    known_from: i64,
}

impl PaymentRow {
    /// What the provider says when it is asked.
    fn said(&self, now: i64) -> PaymentEvent {
        match self.state.as_str() {
            "paid" if now < self.known_from => PaymentEvent::Processing,
            "paid" => PaymentEvent::Paid,
            "declined" => PaymentEvent::Declined,
            "closed" => PaymentEvent::Closed,
            _ => PaymentEvent::Opened,
        }
    }
}

#[derive(FromRow)]
struct NoticeRow {
    id: String,
    payment: String,
    reference: String,
    state: String,
    amount: i64,
    currency: String,
    sequence: u32,
    at: i64,
}

impl NoticeRow {
    fn read(self, clock: &Clock) -> Result<Notice, StoreError> {
        let currency = currency(&self.currency)?;
        Ok(Notice {
            id: self.id,
            payment: self.payment.into(),
            order: self.reference.into(),
            state: word(&self.state).unwrap_or(PaymentEvent::Unknown),
            amount: Money {
                amount: self.amount,
                currency,
            },
            at: clock.moment(self.at),
            sequence: self.sequence,
        })
    }
}

impl Store {
    /// Opens a payment, once.
    pub async fn sandbox_open(&self, opening: &Opening, now: i64) -> Result<(), StoreError> {
        let mut writing = self.write().await?;
        sqlx::query(
            "INSERT INTO sandbox_payments (id, reference, state, amount, currency, expires_at, opened_at)
             VALUES (?, ?, 'open', ?, ?, ?, ?) ON CONFLICT DO NOTHING",
        )
        .bind(opening.payment.as_str())
        .bind(opening.order.as_str())
        .bind(opening.amount.amount)
        .bind(opening.amount.currency.code())
        .bind(opening.expires_at.ms)
        .bind(now)
        .execute(&mut *writing)
        .await?;
        writing.commit().await
    }

    /// A payment, for its page.
    pub async fn sandbox_payment(
        &self,
        id: &PaymentId,
        now: i64,
    ) -> Result<Option<SandboxPayment>, StoreError> {
        let mut reading = self.pool.acquire().await?;
        let Some(row) = row(&mut reading, id).await? else {
            return Ok(None);
        };
        Ok(Some(SandboxPayment {
            amount: Money {
                amount: row.amount,
                currency: currency(&row.currency)?,
            },
            is_open: row.state == "open" && now < row.expires_at,
            reference: row.reference,
        }))
    }

    /// Whoever pays has chosen. The choice and its notices are one: neither is without the other.
    /// What is settled stays as it is. `false` when there is no such payment.
    pub async fn sandbox_choose(
        &self,
        id: &PaymentId,
        choice: Choice,
        now: i64,
    ) -> Result<bool, StoreError> {
        let mut writing = self.write().await?;
        let Some(row) = row(&mut writing, id).await? else {
            return Ok(false);
        };
        if row.state != "open" || now >= row.expires_at || choice == Choice::Left {
            return Ok(true);
        }
        let known_from = if choice == Choice::Late {
            now + LATE
        } else {
            0
        };
        let state = match choice {
            Choice::Declined => "declined",
            _ => "paid",
        };
        sqlx::query("UPDATE sandbox_payments SET state = ?2, known_from = ?3 WHERE id = ?1")
            .bind(id.as_str())
            .bind(state)
            .bind(known_from)
            .execute(&mut *writing)
            .await?;
        let amount = row.amount;
        match choice {
            Choice::Declined => {
                tell(
                    &mut writing,
                    id,
                    PaymentEvent::Declined,
                    amount,
                    now,
                    now,
                    1,
                )
                .await?;
            }
            Choice::Late => {
                // What happened first is told last.
                let late = now + LATE;
                tell(
                    &mut writing,
                    id,
                    PaymentEvent::Processing,
                    amount,
                    now,
                    late + AFTER,
                    1,
                )
                .await?;
                tell(&mut writing, id, PaymentEvent::Paid, amount, late, late, 2).await?;
            }
            Choice::Paid | Choice::Left => {
                tell(&mut writing, id, PaymentEvent::Paid, amount, now, now, 2).await?;
            }
        }
        writing.commit().await?;
        Ok(true)
    }

    /// What the provider knows of a payment; nothing of one that was never opened.
    pub async fn sandbox_said(
        &self,
        id: &PaymentId,
        now: i64,
    ) -> Result<Option<PaymentEvent>, StoreError> {
        let mut reading = self.pool.acquire().await?;
        let row = row(&mut reading, id).await?;
        Ok(row.map(|row| row.said(now)))
    }

    /// Closes a payment, so that nobody pays it any more, and says how it ended. One that was never
    /// opened is closed for ever, too.
    pub async fn sandbox_close(
        &self,
        id: &PaymentId,
        now: i64,
    ) -> Result<PaymentEvent, StoreError> {
        let mut writing = self.write().await?;
        sqlx::query(
            "INSERT INTO sandbox_payments (id, reference, state, amount, currency, expires_at, opened_at)
             VALUES (?1, '', 'closed', 0, 'CNY', ?2, ?2)
             ON CONFLICT (id) DO UPDATE SET state = 'closed' WHERE state = 'open'",
        )
        .bind(id.as_str())
        .bind(now)
        .execute(&mut *writing)
        .await?;
        let row = row(&mut writing, id).await?;
        writing.commit().await?;
        Ok(row.map_or(PaymentEvent::Closed, |row| row.said(now)))
    }

    /// Gives money of a payment back, once for each key. `false` when there is not so much of it, or
    /// when it is not known to be paid yet.
    pub async fn sandbox_refund(&self, refund: &Refund, now: i64) -> Result<bool, StoreError> {
        let mut writing = self.write().await?;
        let done: bool =
            sqlx::query_scalar("SELECT EXISTS (SELECT 1 FROM sandbox_refunds WHERE key = ?1)")
                .bind(&refund.key)
                .fetch_one(&mut *writing)
                .await?;
        if done {
            return Ok(true);
        }
        let Some(row) = row(&mut writing, &refund.payment).await? else {
            return Ok(false);
        };
        let before: i64 = sqlx::query_scalar(
            "SELECT coalesce(sum(amount), 0) FROM sandbox_refunds WHERE payment = ?1",
        )
        .bind(refund.payment.as_str())
        .fetch_one(&mut *writing)
        .await?;
        let after = before.saturating_add(refund.amount.amount);
        if row.said(now) != PaymentEvent::Paid || after > row.amount {
            return Ok(false);
        }
        sqlx::query("INSERT INTO sandbox_refunds (key, payment, amount, at) VALUES (?, ?, ?, ?)")
            .bind(&refund.key)
            .bind(refund.payment.as_str())
            .bind(refund.amount.amount)
            .bind(now)
            .execute(&mut *writing)
            .await?;
        if after == row.amount {
            let (id, event) = (&refund.payment, PaymentEvent::Refunded);
            tell(&mut writing, id, event, row.amount, now, now, 1).await?;
        }
        writing.commit().await?;
        Ok(true)
    }

    /// The notices that are to be sent by now.
    pub async fn sandbox_due(&self, clock: &Clock) -> Result<Vec<Notice>, StoreError> {
        let rows: Vec<NoticeRow> = sqlx::query_as(
            "SELECT n.id, n.payment, p.reference, n.state, n.amount, p.currency, n.sequence, n.at
             FROM sandbox_notices AS n JOIN sandbox_payments AS p ON p.id = n.payment
             WHERE n.left_to_send > 0 AND n.due_at <= ?1 ORDER BY n.due_at, n.sequence DESC LIMIT 50",
        )
        .bind(clock.now().ms)
        .fetch_all(&self.pool)
        .await?;
        rows.into_iter().map(|row| row.read(clock)).collect()
    }

    /// When the next notice is to be sent.
    pub async fn sandbox_next(&self) -> Result<Option<i64>, StoreError> {
        Ok(
            sqlx::query_scalar("SELECT min(due_at) FROM sandbox_notices WHERE left_to_send > 0")
                .fetch_one(&self.pool)
                .await?,
        )
    }

    /// A notice was taken, or it was not and is sent again later.
    pub async fn sandbox_sent(&self, id: &str, taken: bool, now: i64) -> Result<(), StoreError> {
        let mut writing = self.write().await?;
        let tries: u32 = sqlx::query_scalar("SELECT tries FROM sandbox_notices WHERE id = ?1")
            .bind(id)
            .fetch_one(&mut *writing)
            .await?;
        let last = PAUSES.len() - 1;
        let place = usize::try_from(tries).unwrap_or(last).min(last);
        let pause = PAUSES.get(place).copied().unwrap_or(AGAIN);
        sqlx::query(
            "UPDATE sandbox_notices SET left_to_send = left_to_send - ?2, tries = tries + 1 - ?2, due_at = ?3 WHERE id = ?1",
        )
        .bind(id)
        .bind(taken)
        .bind(now + if taken { AGAIN } else { pause })
        .execute(&mut *writing)
        .await?;
        writing.commit().await
    }
}

async fn row(
    reading: &mut SqliteConnection,
    id: &PaymentId,
) -> Result<Option<PaymentRow>, StoreError> {
    Ok(sqlx::query_as(
        "SELECT reference, state, amount, currency, expires_at, known_from FROM sandbox_payments WHERE id = ?1",
    )
    .bind(id.as_str())
    .fetch_optional(reading)
    .await?)
}

/// Writes a notice down, to be sent so many times.
async fn tell(
    writing: &mut SqliteConnection,
    payment: &PaymentId,
    event: PaymentEvent,
    amount: i64,
    at: i64,
    due_at: i64,
    times: u32,
) -> Result<(), StoreError> {
    sqlx::query("UPDATE sandbox_payments SET sequence = sequence + 1 WHERE id = ?1")
        .bind(payment.as_str())
        .execute(&mut *writing)
        .await?;
    sqlx::query(
        "INSERT INTO sandbox_notices (id, payment, state, amount, sequence, at, due_at, left_to_send)
         SELECT ?1, id, ?3, ?4, sequence, ?5, ?6, ?7 FROM sandbox_payments WHERE id = ?2",
    )
    .bind(secret::id()?)
    .bind(payment.as_str())
    .bind(event.as_str())
    .bind(amount)
    .bind(at)
    .bind(due_at)
    .bind(times)
    .execute(writing)
    .await?;
    Ok(())
}
