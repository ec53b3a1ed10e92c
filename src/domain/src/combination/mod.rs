//! Which coupons a cart uses, and why not the others. Only a backend calls this: a page shows what
//! a quote says.
//!
//! What a coupon takes off is reckoned from the goods it is good for at the cart's prices, bundles at
//! their own price; coupons do not compound. It is shared among those goods by what is left of them,
//! those with the narrowest use first, and never takes more than that: nothing becomes negative.

mod table;
#[cfg(test)]
mod tests;
mod usable;

use crate::coupon::{Coupon, QuotedCoupon, Reason, ReasonKind};
use crate::id::{CouponId, MerchantId, VariantId};
use crate::money::{Currency, Money};
use crate::time::Moment;
use table::{Pick, Table};
use usable::Usable;

/// Goods that a coupon may take something off: a line, or a part of a bundle.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Portion {
    /// Names it, whatever its place in the cart.
    pub key: String,
    /// Whose goods they are.
    pub merchant: MerchantId,
    /// What it is, when it is bought by itself.
    pub single: Option<VariantId>,
    /// How many pieces; more than 0.
    pub pieces: u32,
    /// What they cost together, in minor units.
    pub value: i64,
}

/// Who buys, and when.
#[derive(Clone, Copy, Debug)]
pub struct Buyer {
    /// Now.
    pub now: Moment,
    /// Whether this is a first order.
    pub newcomer: bool,
    /// What the cart is paid in.
    pub currency: Currency,
}

/// What coupons do to a cart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Combination {
    /// Every coupon with its reason, in the order they were given.
    pub coupons: Vec<QuotedCoupon>,
    /// What comes off each portion, in their order.
    pub off: Vec<i64>,
    /// The coupons that are used, each with the places of the portions it takes something off.
    pub from: Vec<(CouponId, Vec<usize>)>,
}

/// Uses the coupons asked for, or those that save most together, and says of every one why.
pub fn combine(
    held: &[Coupon],
    asked: Option<&[CouponId]>,
    portions: &[Portion],
    buyer: &Buyer,
) -> Combination {
    let judged: Vec<Result<Usable<'_>, Reason>> = held
        .iter()
        .map(|coupon| coupon.usable(portions, buyer))
        .collect();
    let mut usable: Vec<_> = judged.iter().filter_map(|one| one.as_ref().ok()).collect();
    usable.sort_by(|one, other| one.coupon.rank().cmp(&other.coupon.rank()));
    let table = Table { usable, portions };
    let best = table.best();
    let pick = asked.map_or_else(|| best.clone(), |asked| table.asked(asked));
    let (taken, left) = table.use_up(&pick.places);
    let money = |amount| Money {
        amount,
        currency: buyer.currency,
    };
    let used = if pick.off >= best.off {
        ReasonKind::Best
    } else {
        ReasonKind::Chosen
    };
    let told = |(coupon, judged): (&Coupon, &Result<Usable<'_>, Reason>)| {
        let mut places = pick.places.iter().zip(&taken);
        let is_it = |place: &usize| table.id(*place) == Some(&coupon.id);
        let taken = places.find(|(place, _)| is_it(place));
        let (off, reason) = match (taken, judged) {
            (Some((_, off)), _) => (*off, used.into()),
            (None, Ok(usable)) => (usable.off, not_used(&table, &pick, usable, money)),
            (None, Err(reason)) => (0, reason.clone()),
        };
        QuotedCoupon {
            coupon: coupon.clone(),
            chosen: taken.is_some(),
            off: money(off),
            reason,
        }
    };
    let coupons = held.iter().zip(&judged).map(told).collect();
    let off = portions.iter().zip(left);
    Combination {
        coupons,
        off: off.map(|(portion, left)| portion.value - left).collect(),
        from: table.from(&pick.places),
    }
}

/// Why a coupon that could be used is not, and what would be saved with it.
fn not_used(
    table: &Table<'_>,
    pick: &Pick,
    usable: &Usable<'_>,
    money: impl Fn(i64) -> Money,
) -> Reason {
    let in_the_way = table.in_the_way(usable.coupon, &pick.places);
    let place = (0..table.usable.len()).find(|at| table.id(*at) == Some(&usable.coupon.id));
    let stays = |at: &usize| !in_the_way.contains(at);
    let mut instead: Vec<usize> = pick.places.iter().copied().filter(stays).collect();
    instead.extend(place);
    instead.sort_unstable();
    let less = pick.off.saturating_sub(table.total(&instead));
    let kind = match (in_the_way.is_empty(), less < 0) {
        (false, _) => ReasonKind::NotCombinable,
        (true, true) => ReasonKind::LeftOut,
        (true, false) => ReasonKind::SavesNothing,
    };
    Reason {
        with: in_the_way
            .iter()
            .filter_map(|at| table.id(*at).cloned())
            .collect(),
        less: Some(money(less)),
        ..Reason::from(kind)
    }
}
