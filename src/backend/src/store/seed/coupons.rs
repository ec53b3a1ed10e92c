//! What a new shop gives to whoever becomes a member.

use serde::Deserialize;
use serde_json::Value;
use sqlx::SqliteConnection;

#[derive(Clone, Debug, Default, Deserialize)]
#[allow(missing_docs, reason = "the columns of the schema")]
pub struct WelcomeSeed {
    #[serde(default)]
    pub points: u32,
    /// In the order in which they are shown.
    #[serde(default)]
    pub coupons: Vec<CouponSeed>,
}

#[derive(Clone, Debug, Deserialize)]
#[allow(missing_docs, reason = "the columns of the schema")]
pub struct CouponSeed {
    pub id: String,
    pub name: Value,
    pub note: Value,
    /// As on the wire.
    pub benefit: Value,
    pub at_least: Option<i64>,
    pub merchant: Option<String>,
    #[serde(default)]
    pub newcomers: bool,
    pub stacking: String,
    /// For how many orders it can be used.
    #[serde(default = "one")]
    pub uses: u32,
    /// How long it is good; for ever when that is not said.
    pub days: Option<u32>,
}

fn one() -> u32 {
    1
}

/// Writes down what newcomers are given; the merchants must be there.
pub(super) async fn insert(
    writing: &mut SqliteConnection,
    welcome: &WelcomeSeed,
) -> Result<(), sqlx::Error> {
    sqlx::query("UPDATE shop SET welcome_points = ?")
        .bind(welcome.points)
        .execute(&mut *writing)
        .await?;
    for (position, coupon) in (1_u32..).zip(&welcome.coupons) {
        sqlx::query(
            "INSERT INTO coupon_kinds (id, position, name, note, benefit, at_least, merchant, newcomers, stacking, uses, days, welcome)
             VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, TRUE)",
        )
        .bind(&coupon.id)
        .bind(position)
        .bind(coupon.name.to_string())
        .bind(coupon.note.to_string())
        .bind(coupon.benefit.to_string())
        .bind(coupon.at_least)
        .bind(&coupon.merchant)
        .bind(coupon.newcomers)
        .bind(&coupon.stacking)
        .bind(coupon.uses)
        .bind(coupon.days)
        .execute(&mut *writing)
        .await?;
    }
    Ok(())
}
