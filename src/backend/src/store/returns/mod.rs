//! After the sale: a return is asked for, decided, withdrawn, and what goes back then.

mod told;

pub(super) use told::{Reader, returns_of};

use super::intents::{self, Answered, Intent};
use super::orders::{owns, read_order};
use super::purse::{enter, sums};
use super::{Store, StoreError, payments};
use crate::clock::Clock;
use crate::language::Language;
use crate::secret;
use domain::after_sale::{
    self, DeskReturn, Return, ReturnPieces, ReturnRequest, ReturnState, ReturnStep, Settlement,
};
use domain::id::{CouponId, MemberId, OrderId, ReturnId, StaffId};
use domain::money::Money;
use domain::order::Actor;
use domain::points::EntryKind;
use domain::problem::ProblemKind;
use domain::time::Moment;
use sqlx::SqliteConnection;
use told::{find, picture_of, told, whole};

/// A return that is asked for, checked as far as it can be without the database.
#[derive(Clone, Debug)]
pub struct CheckedReturn {
    /// As it came.
    pub request: ReturnRequest,
    /// The file of its picture.
    pub picture: Option<String>,
    /// The intent's name.
    pub key: String,
}

impl Store {
    /// Asks for a return: nothing comes back yet. The same key and request answer the same again.
    pub async fn ask_return(
        &self,
        member: &MemberId,
        order: &OrderId,
        asked: &CheckedReturn,
        language: Language,
        clock: &Clock,
    ) -> Result<Answered, StoreError> {
        let place = ["orders/", order.as_str(), "/returns"].concat();
        let intent = Intent::new(member, &asked.key, &place, &asked.request)?;
        let mut writing = self.write().await?;
        if let Some(before) = intents::before(&mut writing, &intent).await? {
            return Ok(before);
        }
        let now = clock.now();
        let made = ask(&mut writing, member, order, asked, (language, clock, now)).await;
        intents::close(writing, &intent, made, now).await
    }

    /// Takes a return back, for its member; `None` when there is none. Returned with the file of its
    /// picture, which nobody needs any more.
    pub async fn withdraw_return(
        &self,
        member: &MemberId,
        order: &OrderId,
        id: &ReturnId,
        language: Language,
        clock: &Clock,
    ) -> Result<Option<(Return, Option<String>)>, StoreError> {
        let mut writing = self.write().await?;
        if !owns(&mut writing, member, order).await? {
            return Ok(None);
        }
        let Some((there, state)) = find(&mut writing, id).await? else {
            return Ok(None);
        };
        if there != *order {
            return Ok(None);
        }
        let mut unneeded = None;
        if let Some(next) = next(state, ReturnStep::Withdraw, Actor::Shopper)? {
            unneeded = picture_of(&mut writing, id).await?;
            sqlx::query(
                "UPDATE returns SET state = ?2, answered_at = ?3, picture = NULL WHERE id = ?1",
            )
            .bind(id.as_str())
            .bind(next.as_str())
            .bind(clock.now().ms)
            .execute(&mut *writing)
            .await?;
        }
        let (_, told) = whole(&mut writing, order, id, Reader::Member, (language, clock)).await?;
        writing.commit().await?;
        Ok(Some((told, unneeded)))
    }

    /// Decides on a return, for somebody of the shop; `None` when there is none. What was approved
    /// goes back with it, all of it or nothing. Refused with `not-now` where it was decided
    /// otherwise; a step that was taken already changes nothing.
    pub async fn answer_return(
        &self,
        id: &ReturnId,
        step: ReturnStep,
        answer: &str,
        staff: &StaffId,
        language: Language,
        clock: &Clock,
    ) -> Result<Option<DeskReturn>, StoreError> {
        let mut writing = self.write().await?;
        let Some((order, state)) = find(&mut writing, id).await? else {
            return Ok(None);
        };
        let saying = (language, clock);
        let (before, asked) = whole(&mut writing, &order, id, Reader::Desk, saying).await?;
        let Some(next) = next(state, step, Actor::Staff)? else {
            return Ok(Some(told(&before, asked)));
        };
        let now = clock.now();
        let (mut amount, mut points, mut revoked) =
            (asked.amount.amount, asked.points, asked.revoked);
        if next == ReturnState::Approved {
            let pieces: Vec<ReturnPieces> = asked
                .lines
                .iter()
                .map(|line| ReturnPieces {
                    line: line.place,
                    quantity: line.quantity,
                })
                .collect();
            let settled = after_sale::settle(&before, &pieces).map_err(StoreError::Misfit)?;
            (amount, points) = (settled.amount.amount, settled.points);
            revoked = give_back(&mut writing, &order, id, &settled, now).await?;
        }
        sqlx::query(
            "UPDATE returns SET state = ?2, answer = ?3, answered_at = ?4, staff = ?5,
                    amount = ?6, points = ?7, revoked = ?8
             WHERE id = ?1",
        )
        .bind(id.as_str())
        .bind(next.as_str())
        .bind(answer)
        .bind(now.ms)
        .bind(staff.as_str())
        .bind(amount)
        .bind(points)
        .bind(revoked)
        .execute(&mut *writing)
        .await?;
        let (after, decided) = whole(&mut writing, &order, id, Reader::Desk, saying).await?;
        writing.commit().await?;
        Ok(Some(told(&after, decided)))
    }
}

/// The state after a step; `None` when it was taken already.
fn next(
    state: ReturnState,
    step: ReturnStep,
    by: Actor,
) -> Result<Option<ReturnState>, StoreError> {
    if state == step.goal() {
        return Ok(None);
    }
    let next = state.after(step, by);
    next.map(Some)
        .ok_or(StoreError::Refused(ProblemKind::NotNow))
}

async fn ask(
    writing: &mut SqliteConnection,
    member: &MemberId,
    id: &OrderId,
    asked: &CheckedReturn,
    (language, clock, now): (Language, &Clock, Moment),
) -> Result<Return, StoreError> {
    if !owns(writing, member, id).await? {
        return Err(StoreError::Refused(ProblemKind::NotFound));
    }
    let order = read_order(writing, id.as_str(), language, clock, true).await?;
    let order = order.ok_or(StoreError::Refused(ProblemKind::NotFound))?;
    if after_sale::open_until(&order, now).is_none() {
        return Err(StoreError::Refused(ProblemKind::NotNow));
    }
    let request = &asked.request;
    let settled = after_sale::settle(&order, &request.lines).map_err(StoreError::Misfit)?;
    let made = ReturnId::from(secret::id()?);
    sqlx::query(
        "INSERT INTO returns (id, order_id, state, reason, note, picture, amount, points, revoked, asked_at)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
    )
    .bind(made.as_str())
    .bind(id.as_str())
    .bind(ReturnState::Requested.as_str())
    .bind(request.reason.as_str())
    .bind(request.note.trim())
    .bind(&asked.picture)
    .bind(settled.amount.amount)
    .bind(settled.points)
    .bind(settled.revoked)
    .bind(now.ms)
    .execute(&mut *writing)
    .await?;
    for pieces in &request.lines {
        sqlx::query(
            "INSERT INTO return_lines (return_id, order_id, line, quantity) VALUES (?, ?, ?, ?)",
        )
        .bind(made.as_str())
        .bind(id.as_str())
        .bind(pieces.line)
        .bind(pieces.quantity)
        .execute(&mut *writing)
        .await?;
    }
    for back in &settled.coupons {
        sqlx::query("INSERT INTO return_coupons (return_id, coupon) VALUES (?, ?)")
            .bind(made.as_str())
            .bind(back.coupon.as_str())
            .execute(&mut *writing)
            .await?;
    }
    let (_, told) = whole(writing, id, &made, Reader::Member, (language, clock)).await?;
    Ok(told)
}

/// Gives back what was settled, and returns how many of the earned points were still there to lose.
/// The goods are not put on the shelf again: nobody else is sold what came back.
async fn give_back(
    writing: &mut SqliteConnection,
    order: &OrderId,
    id: &ReturnId,
    settled: &Settlement,
    now: Moment,
) -> Result<u32, StoreError> {
    pay_back(writing, order, id, settled.amount, now).await?;
    for back in &settled.coupons {
        return_coupon(writing, &back.coupon).await?;
    }
    let member: String = sqlx::query_scalar("SELECT member FROM orders WHERE id = ?1")
        .bind(order.as_str())
        .fetch_one(&mut *writing)
        .await?;
    let member = MemberId::from(member);
    let (balance, _) = sums(writing, &member).await?;
    let mut revoked = 0;
    for (kind, points) in settled.entries(balance) {
        enter(writing, &member, order, kind, points, now).await?;
        if kind == EntryKind::Revoke {
            revoked = points;
        }
    }
    Ok(revoked)
}

/// Gives money back. What was paid at the counter is given back there, so it is only written down;
/// what was paid over the net is asked of the provider, once for each return.
async fn pay_back(
    writing: &mut SqliteConnection,
    order: &OrderId,
    id: &ReturnId,
    amount: Money,
    now: Moment,
) -> Result<(), StoreError> {
    payments::refund_part(writing, order, id.as_str(), amount, now).await?;
    sqlx::query("UPDATE orders SET refunded = refunded + ?2 WHERE id = ?1")
        .bind(order.as_str())
        .bind(amount.amount)
        .execute(writing)
        .await?;
    Ok(())
}

/// A coupon can be used once more, as long as it is good.
async fn return_coupon(
    writing: &mut SqliteConnection,
    coupon: &CouponId,
) -> Result<(), StoreError> {
    sqlx::query("UPDATE coupons SET uses_left = uses_left + 1 WHERE id = ?1")
        .bind(coupon.as_str())
        .execute(writing)
        .await?;
    Ok(())
}
