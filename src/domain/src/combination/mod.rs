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
use table::Table;
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
    let mut usable = Vec::new();
    let mut refused = Vec::new();
    for one in judged {
        match one {
            Ok(one) => {
                usable.push(one);
                refused.push(None);
            }
            Err(reason) => refused.push(Some(reason)),
        }
    }
    usable.sort_by(|one, other| one.coupon.rank().cmp(&other.coupon.rank()));
    let table = Table { usable, portions };
    let best = table.best();
    let pick = asked.map_or_else(|| best.clone(), |asked| table.asked(asked));
    let (taken, left) = table.use_up(&pick.places);
    let money = |amount| Money {
        amount,
        currency: buyer.currency,
    };
    let quoted = |(coupon, refused): (&Coupon, Option<Reason>)| {
        let not_used = |off, reason| QuotedCoupon {
            coupon: coupon.clone(),
            chosen: false,
            off: money(off),
            reason,
        };
        if let Some(reason) = refused {
            return not_used(0, reason);
        }
        let place = table
            .usable
            .iter()
            .position(|one| one.coupon.id == coupon.id);
        let Some((place, usable)) = place.and_then(|at| Some((at, table.usable.get(at)?))) else {
            return not_used(0, ReasonKind::Unknown.into());
        };
        let used = pick.places.iter().position(|there| *there == place);
        if let Some(off) = used.and_then(|at| taken.get(at)) {
            let is_best = pick.off >= best.off;
            return QuotedCoupon {
                chosen: true,
                ..not_used(
                    *off,
                    if is_best {
                        ReasonKind::Best
                    } else {
                        ReasonKind::Chosen
                    }
                    .into(),
                )
            };
        }
        let in_the_way = table.in_the_way(coupon, &pick.places);
        let mut instead: Vec<usize> = pick.places.clone();
        instead.retain(|place| !in_the_way.contains(place));
        instead.push(place);
        instead.sort_unstable();
        let less = pick.off.saturating_sub(table.total(&instead));
        let kind = match (in_the_way.is_empty(), less < 0) {
            (false, _) => ReasonKind::NotCombinable,
            (true, true) => ReasonKind::LeftOut,
            (true, false) => ReasonKind::SavesNothing,
        };
        let id = |place: usize| table.usable.get(place).map(|one| one.coupon.id.clone());
        let reason = Reason {
            with: in_the_way.into_iter().filter_map(id).collect(),
            less: Some(money(less)),
            ..Reason::from(kind)
        };
        not_used(usable.off, reason)
    };
    let coupons = held.iter().zip(refused).map(quoted).collect();
    let off = portions.iter().zip(left);
    Combination {
        coupons,
        off: off.map(|(portion, left)| portion.value - left).collect(),
    }
}
