//! What a member brings to the till: coupons and points.

use super::quote::Asking;
use super::{Store, StoreError, currency, text, word};
use crate::clock::Clock;
use crate::language::Language;
use crate::secret;
use domain::coupon::{Benefit, Coupon, Stacking};
use domain::id::{CouponId, MemberId, OrderId};
use domain::money::Money;
use domain::points::{Entry, EntryKind, Points, Standing, USUAL_SHARE};
use domain::problem::ProblemKind;
use domain::till::Purse;
use domain::time::Moment;
use sqlx::{FromRow, SqliteConnection};

/// How long a coupon is still shown after it has expired, in milliseconds.
const SHOWN_FOR: i64 = 30 * DAY;
/// How many entries of the ledger are told.
const ENTRIES: u32 = 100;
const DAY: i64 = 24 * 3_600_000;

#[derive(FromRow)]
struct CouponRow {
    id: String,
    name: String,
    note: String,
    benefit: String,
    at_least: Option<i64>,
    currency: String,
    merchant: Option<String>,
    newcomers: bool,
    stacking: String,
    valid_from: i64,
    valid_until: Option<i64>,
    uses_left: u32,
}

impl CouponRow {
    fn read(self, language: Language, clock: &Clock) -> Result<Coupon, StoreError> {
        let currency = currency(&self.currency)?;
        let benefit = serde_json::from_str::<Benefit>(&self.benefit);
        Ok(Coupon {
            id: self.id.into(),
            name: text(&self.name, language),
            note: text(&self.note, language),
            benefit: benefit.map_err(|_| StoreError::Corrupt {
                what: "benefit",
                value: self.benefit,
            })?,
            at_least: self.at_least.map(|amount| Money { amount, currency }),
            merchant: self.merchant.map(Into::into),
            newcomers: self.newcomers,
            stacking: word(&self.stacking).unwrap_or(Stacking::Unknown),
            valid_from: Some(clock.moment(self.valid_from)),
            valid_until: self.valid_until.map(|until| clock.moment(until)),
            left: self.uses_left,
        })
    }
}

impl Store {
    /// The coupons that a member holds: first those that can be used, each in the shop's order.
    pub async fn coupons(
        &self,
        member: &MemberId,
        language: Language,
        clock: &Clock,
    ) -> Result<Vec<Coupon>, StoreError> {
        let mut reading = self.pool.begin().await?;
        coupons(&mut reading, member, language, clock, clock.now()).await
    }

    /// How many points a member has, and what happened to them last.
    pub async fn points(&self, member: &MemberId, clock: &Clock) -> Result<Points, StoreError> {
        let mut reading = self.pool.begin().await?;
        let (balance, frozen) = sums(&mut reading, member).await?;
        let rows: Vec<(String, u32, Option<String>, i64)> = sqlx::query_as(
            "SELECT kind, points, order_id, at FROM point_entries WHERE member = ?1 ORDER BY id DESC LIMIT ?2",
        )
        .bind(member.as_str())
        .bind(ENTRIES)
        .fetch_all(&mut *reading)
        .await?;
        let entry = |(kind, points, order, at): (String, u32, Option<String>, i64)| Entry {
            kind: word(&kind).unwrap_or(EntryKind::Unknown),
            points,
            order: order.map(Into::into),
            at: clock.moment(at),
        };
        Ok(Points {
            balance,
            frozen,
            entries: rows.into_iter().map(entry).collect(),
        })
    }
}

/// What whoever asks brings; nobody brings nothing.
pub(super) async fn purse(
    reading: &mut SqliteConnection,
    asking: Asking<'_>,
) -> Result<Purse, StoreError> {
    let Asking {
        language,
        clock,
        now,
        ..
    } = asking;
    let Some(member) = asking.member else {
        return Ok(Purse {
            now,
            newcomer: true,
            coupons: Vec::new(),
            points: None,
            points_share: USUAL_SHARE,
        });
    };
    let has_ordered: bool = sqlx::query_scalar(
        "SELECT EXISTS (SELECT 1 FROM orders WHERE member = ?1 AND state <> 'cancelled')",
    )
    .bind(member.as_str())
    .fetch_one(&mut *reading)
    .await?;
    let (balance, _) = sums(reading, member).await?;
    Ok(Purse {
        now,
        newcomer: !has_ordered,
        coupons: coupons(reading, member, language, clock, now).await?,
        points: Some(balance),
        points_share: USUAL_SHARE,
    })
}

pub(super) async fn coupons(
    reading: &mut SqliteConnection,
    member: &MemberId,
    language: Language,
    clock: &Clock,
    now: Moment,
) -> Result<Vec<Coupon>, StoreError> {
    let rows: Vec<CouponRow> = sqlx::query_as(
        "SELECT c.id, k.name, k.note, k.benefit, k.at_least, k.currency, k.merchant, k.newcomers, k.stacking,
                c.valid_from, c.valid_until, c.uses_left
         FROM coupons AS c JOIN coupon_kinds AS k ON k.id = c.kind
         WHERE c.member = ?1 AND (c.valid_until IS NULL OR c.valid_until > ?3)
         ORDER BY c.uses_left = 0, coalesce(c.valid_until <= ?2, FALSE), k.position, c.valid_from, c.id",
    )
    .bind(member.as_str())
    .bind(now.ms)
    .bind(now.ms - SHOWN_FOR)
    .fetch_all(reading)
    .await?;
    rows.into_iter()
        .map(|row| row.read(language, clock))
        .collect()
}

/// What a member can spend, and what lies with orders that are not paid yet.
pub(super) async fn sums(
    reading: &mut SqliteConnection,
    member: &MemberId,
) -> Result<(u32, u32), StoreError> {
    Ok(sqlx::query_as(
        "SELECT coalesce(sum(CASE kind WHEN 'freeze' THEN -points WHEN 'revoke' THEN -points WHEN 'spend' THEN 0 ELSE points END), 0),
                coalesce(sum(CASE kind WHEN 'freeze' THEN points WHEN 'spend' THEN -points WHEN 'release' THEN -points ELSE 0 END), 0)
         FROM point_entries WHERE member = ?1",
    )
    .bind(member.as_str())
    .fetch_one(reading)
    .await?)
}

/// Writes down what happens to a member's points for an order; refused where that cannot be.
pub(super) async fn enter(
    writing: &mut SqliteConnection,
    member: &MemberId,
    order: &OrderId,
    kind: EntryKind,
    points: u32,
    at: Moment,
) -> Result<(), StoreError> {
    let (frozen, spent, earned): (u32, u32, u32) = sqlx::query_as(
        "SELECT coalesce(sum(CASE kind WHEN 'freeze' THEN points WHEN 'spend' THEN -points WHEN 'release' THEN -points ELSE 0 END), 0),
                coalesce(sum(CASE kind WHEN 'spend' THEN points WHEN 'refund' THEN -points ELSE 0 END), 0),
                coalesce(sum(CASE kind WHEN 'earn' THEN points WHEN 'revoke' THEN -points ELSE 0 END), 0)
         FROM point_entries WHERE order_id = ?1",
    )
    .bind(order.as_str())
    .fetch_one(&mut *writing)
    .await?;
    let (balance, _) = sums(writing, member).await?;
    let standing = Standing {
        balance,
        frozen,
        spent,
        earned,
    };
    if standing.after(kind, points).is_none() {
        return Err(StoreError::Refused(ProblemKind::NotNow));
    }
    insert_entry(writing, member, Some(order), kind, points, at.ms).await
}

/// Gives points for something that was no order of this shop's pages.
pub(super) async fn earn(
    writing: &mut SqliteConnection,
    member: &MemberId,
    points: u32,
    at: i64,
) -> Result<(), StoreError> {
    insert_entry(writing, member, None, EntryKind::Earn, points, at).await
}

async fn insert_entry(
    writing: &mut SqliteConnection,
    member: &MemberId,
    order: Option<&OrderId>,
    kind: EntryKind,
    points: u32,
    at: i64,
) -> Result<(), StoreError> {
    let kind = match kind {
        EntryKind::Earn => "earn",
        EntryKind::Freeze => "freeze",
        EntryKind::Spend => "spend",
        EntryKind::Release => "release",
        EntryKind::Refund => "refund",
        EntryKind::Revoke => "revoke",
        EntryKind::Unknown => return Err(StoreError::Refused(ProblemKind::NotNow)),
    };
    sqlx::query(
        "INSERT INTO point_entries (member, kind, points, order_id, at) VALUES (?, ?, ?, ?, ?)",
    )
    .bind(member.as_str())
    .bind(kind)
    .bind(points)
    .bind(order.map(OrderId::as_str))
    .bind(at)
    .execute(writing)
    .await?;
    Ok(())
}

/// Uses a coupon up for one order; refused when that was done already.
pub(super) async fn use_up(
    writing: &mut SqliteConnection,
    member: &MemberId,
    coupon: &CouponId,
) -> Result<(), StoreError> {
    let used = sqlx::query(
        "UPDATE coupons SET uses_left = uses_left - 1 WHERE id = ?1 AND member = ?2 AND uses_left > 0",
    )
    .bind(coupon.as_str())
    .bind(member.as_str())
    .execute(writing)
    .await?;
    if used.rows_affected() == 1 {
        Ok(())
    } else {
        Err(StoreError::Refused(ProblemKind::QuoteChanged))
    }
}

/// Gives whoever has just become a member what the shop gives newcomers.
pub(super) async fn welcome(
    writing: &mut SqliteConnection,
    member: &MemberId,
    now: i64,
) -> Result<(), StoreError> {
    let points: Option<u32> = sqlx::query_scalar("SELECT welcome_points FROM shop")
        .fetch_optional(&mut *writing)
        .await?;
    if let Some(points) = points.filter(|points| *points > 0) {
        insert_entry(writing, member, None, EntryKind::Earn, points, now).await?;
    }
    let kinds: Vec<(String, u32, Option<i64>)> = sqlx::query_as(
        "SELECT id, uses, days FROM coupon_kinds WHERE welcome = 1 ORDER BY position, id",
    )
    .fetch_all(&mut *writing)
    .await?;
    for (kind, uses, days) in kinds {
        give(writing, member, &kind, uses, days, now).await?;
    }
    Ok(())
}

/// Gives a member a coupon of this kind, good from now on for so many orders and days.
pub(super) async fn give(
    writing: &mut SqliteConnection,
    member: &MemberId,
    kind: &str,
    uses: u32,
    days: Option<i64>,
    now: i64,
) -> Result<CouponId, StoreError> {
    let id = secret::id()?;
    sqlx::query(
        "INSERT INTO coupons (id, member, kind, valid_from, valid_until, uses_left) VALUES (?, ?, ?, ?, ?, ?)",
    )
    .bind(&id)
    .bind(member.as_str())
    .bind(kind)
    .bind(now)
    .bind(days.map(|days| now + days * DAY))
    .bind(uses)
    .execute(writing)
    .await?;
    Ok(id.into())
}
