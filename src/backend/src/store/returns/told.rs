//! Returns as their members and the desk read them.

use super::super::orders::{owns, read_order};
use super::super::{Store, StoreError, word};
use crate::clock::Clock;
use crate::language::Language;
use crate::routes;
use client::endpoint;
use domain::after_sale::{
    self, DeskReturn, DeskReturns, Return, ReturnPieces, ReturnReason, ReturnState, ReturnedCoupon,
};
use domain::id::{MemberId, OrderId, ReturnId};
use domain::money::Money;
use domain::order::Order;
use sqlx::{FromRow, SqliteConnection};

/// Who is told of a return: everybody finds its picture elsewhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::store) enum Reader {
    /// Whose order it is.
    Member,
    /// The shop.
    Desk,
}

#[derive(FromRow)]
struct ReturnRow {
    id: String,
    state: String,
    reason: String,
    note: String,
    picture: Option<String>,
    amount: i64,
    points: u32,
    revoked: u32,
    answer: String,
    asked_at: i64,
    answered_at: Option<i64>,
}

impl Store {
    /// What the desk has to decide: what waits, the oldest first; then what was decided since
    /// midnight, the newest first.
    pub async fn desk_returns(
        &self,
        language: Language,
        clock: &Clock,
    ) -> Result<DeskReturns, StoreError> {
        let now = clock.now();
        let midnight = clock
            .on_day(now, 0, 0)
            .map_or(now.ms, |midnight| midnight.ms);
        let mut reading = self.pool.begin().await?;
        let ids: Vec<(String, String)> = sqlx::query_as(
            "SELECT id, order_id FROM returns
             WHERE state = 'requested' OR (state IN ('approved', 'declined') AND answered_at >= ?1)
             ORDER BY state <> 'requested', coalesce(-answered_at, asked_at), id LIMIT 500",
        )
        .bind(midnight)
        .fetch_all(&mut *reading)
        .await?;
        let mut returns = Vec::with_capacity(ids.len());
        for (id, order) in ids {
            let (id, order) = (ReturnId::from(id), OrderId::from(order));
            let saying = (language, clock);
            let (order, asked) = whole(&mut reading, &order, &id, Reader::Desk, saying).await?;
            returns.push(told(&order, asked));
        }
        Ok(DeskReturns { now, returns })
    }

    /// The file of a return's picture; `None` when there is none that whoever asks may see. Without
    /// a member the desk asks.
    pub async fn return_picture(
        &self,
        id: &ReturnId,
        of: Option<(&MemberId, &OrderId)>,
    ) -> Result<Option<String>, StoreError> {
        let mut reading = self.pool.begin().await?;
        if let Some((member, order)) = of {
            let there = find(&mut reading, id).await?;
            let is_its = there.is_some_and(|(there, _)| there == *order);
            if !is_its || !owns(&mut reading, member, order).await? {
                return Ok(None);
            }
        }
        picture_of(&mut reading, id).await
    }

    /// The files of all pictures that belong to a return.
    pub async fn return_pictures(&self) -> Result<Vec<String>, StoreError> {
        Ok(
            sqlx::query_scalar("SELECT picture FROM returns WHERE picture IS NOT NULL")
                .fetch_all(&self.pool)
                .await?,
        )
    }
}

pub(super) fn told(order: &Order, asked: Return) -> DeskReturn {
    DeskReturn {
        asked,
        order: order.id.clone(),
        number: order.number.clone(),
        contact: order.contact.clone(),
        payment: order.payment,
    }
}

/// The order of a return, and where it stands.
pub(super) async fn find(
    reading: &mut SqliteConnection,
    id: &ReturnId,
) -> Result<Option<(OrderId, ReturnState)>, StoreError> {
    let row: Option<(String, String)> =
        sqlx::query_as("SELECT order_id, state FROM returns WHERE id = ?1")
            .bind(id.as_str())
            .fetch_optional(reading)
            .await?;
    Ok(row.map(|(order, state)| {
        let state = word(&state).unwrap_or(ReturnState::Unknown);
        (order.into(), state)
    }))
}

pub(super) async fn picture_of(
    reading: &mut SqliteConnection,
    id: &ReturnId,
) -> Result<Option<String>, StoreError> {
    let file: Option<Option<String>> =
        sqlx::query_scalar("SELECT picture FROM returns WHERE id = ?1")
            .bind(id.as_str())
            .fetch_optional(reading)
            .await?;
    Ok(file.flatten())
}

/// A return that is there, with its order.
pub(super) async fn whole(
    reading: &mut SqliteConnection,
    order: &OrderId,
    id: &ReturnId,
    reader: Reader,
    (language, clock): (Language, &Clock),
) -> Result<(Order, Return), StoreError> {
    let own = reader == Reader::Member;
    let order = read_order(reading, order.as_str(), language, clock, own).await?;
    let found = order.and_then(|order| {
        let asked = order.returns.iter().find(|asked| asked.id == *id).cloned();
        Some((order, asked?))
    });
    found.ok_or_else(|| StoreError::Corrupt {
        what: "return",
        value: id.to_string(),
    })
}

/// Every return of an order, the oldest first.
pub(in crate::store) async fn returns_of(
    reading: &mut SqliteConnection,
    order: &Order,
    reader: Reader,
    clock: &Clock,
) -> Result<Vec<Return>, StoreError> {
    let rows: Vec<ReturnRow> =
        sqlx::query_as("SELECT * FROM returns WHERE order_id = ?1 ORDER BY asked_at, rowid")
            .bind(order.id.as_str())
            .fetch_all(&mut *reading)
            .await?;
    let mut returns = Vec::with_capacity(rows.len());
    for row in rows {
        let pieces: Vec<(u32, u32)> = sqlx::query_as(
            "SELECT line, quantity FROM return_lines WHERE return_id = ?1 ORDER BY line",
        )
        .bind(&row.id)
        .fetch_all(&mut *reading)
        .await?;
        let pieces: Vec<ReturnPieces> = pieces
            .into_iter()
            .map(|(line, quantity)| ReturnPieces { line, quantity })
            .collect();
        let coupons: Vec<String> =
            sqlx::query_scalar("SELECT coupon FROM return_coupons WHERE return_id = ?1")
                .bind(&row.id)
                .fetch_all(&mut *reading)
                .await?;
        let id = ReturnId::from(row.id);
        let at = match reader {
            Reader::Member => endpoint::return_picture(&order.id, &id),
            Reader::Desk => endpoint::desk::return_picture(&id),
        };
        let named = order.coupons.iter().filter(|used| {
            let given = |coupon: &String| *coupon == used.coupon.as_str();
            coupons.iter().any(given)
        });
        returns.push(Return {
            state: word(&row.state).unwrap_or(ReturnState::Unknown),
            lines: after_sale::lines(order, &pieces),
            reason: word(&row.reason).unwrap_or(ReturnReason::Unknown),
            note: row.note,
            picture: row.picture.map(|_| [routes::BASE, at.as_str()].concat()),
            amount: Money {
                amount: row.amount,
                ..order.total
            },
            points: row.points,
            revoked: row.revoked,
            coupons: named
                .map(|used| ReturnedCoupon {
                    coupon: used.coupon.clone(),
                    name: used.name.clone(),
                })
                .collect(),
            answer: row.answer,
            asked_at: clock.moment(row.asked_at),
            answered_at: row.answered_at.map(|at| clock.moment(at)),
            id,
        });
    }
    Ok(returns)
}
