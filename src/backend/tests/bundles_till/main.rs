//! Bundles, coupons and points from the quote to the hand-over: what they cost, what an order does
//! with them, and what comes back.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    missing_docs,
    reason = "tests"
)]

#[path = "../common/mod.rs"]
mod common;

mod orders;
mod quotes;
mod refusals;
mod sums;

use common::now;
use common::people::{Member, plain, sets, wanted};
use domain::coupon::QuotedCoupon;
use domain::id::CouponId;
use domain::points::{EntryKind, Points};
use domain::pricing::{Quote, QuoteRequest, WantedBundle};

const PHONE: &str = "13800138000";
const SALMON: &str = "salmon-sashimi-200g";
const LIGHT: [&str; 3] = [SALMON, "tricolour-quinoa-250g", "anyue-lemon-4"];
const TEN_OFF: &str = "满 99 减 10";

fn light(quantity: u32) -> WantedBundle {
    sets("light-meal", &LIGHT, quantity)
}

/// A cart of bundles that uses no coupon.
fn bundles(bundles: &[WantedBundle]) -> QuoteRequest {
    QuoteRequest {
        bundles: bundles.to_vec(),
        ..plain(&[])
    }
}

/// The cart as it is drawn: a set, eggs, and coffee from next door, ten yuan off and points used.
async fn drawn(member: &Member) -> QuoteRequest {
    QuoteRequest {
        lines: vec![
            wanted("mountain-eggs-10", 3),
            wanted("drip-bag-coffee-5", 1),
        ],
        bundles: vec![light(1)],
        coupons: Some(vec![coupon(member, TEN_OFF).await]),
        use_points: true,
    }
}

/// The member's coupon of this name.
async fn coupon(member: &Member, name: &str) -> CouponId {
    let held = now(member.client.members().coupons().await.unwrap());
    let named = held.into_iter().find(|coupon| coupon.name == name);
    named.unwrap().id
}

async fn points(member: &Member) -> Points {
    now(member.client.members().points().await.unwrap())
}

fn quoted<'a>(quote: &'a Quote, name: &str) -> &'a QuotedCoupon {
    let mut coupons = quote.coupons.iter();
    coupons.find(|one| one.coupon.name == name).unwrap()
}

async fn uses_left(member: &Member) -> u32 {
    let held = now(member.client.members().coupons().await.unwrap());
    let named = held.into_iter().find(|coupon| coupon.name == TEN_OFF);
    named.unwrap().left
}

fn kinds(points: &Points) -> Vec<(EntryKind, u32)> {
    let entries = points.entries.iter();
    entries.map(|entry| (entry.kind, entry.points)).collect()
}
