//! What a whole cart costs: lines, bundles, coupons and points, down to what is paid for every piece.
//! Only a backend calls this: a page shows what a quote says.
//!
//! The lines are served in their order, then the bundles in theirs, each from what those before it
//! leave: so whoever does what every problem proposes has a cart without problems of stock. A row
//! that has a problem takes what it would have after its remedy.
//!
//! A bundle's saving is shared among its parts by what they cost alone, set by set. Coupons come off
//! that, then points; each is shared among the lines and parts by what is left of them.

mod serving;
#[cfg(test)]
mod tests;

pub use serving::{Goods, PricedBundle, PricedLine, PricedPart, Settled, Shelf};

use crate::allocation::{Share, allocate};
use crate::combination::{Buyer, Portion, combine};
use crate::coupon::{Coupon, QuotedCoupon};
use crate::id::{CouponId, MerchantId, VariantId};
use crate::money::{Money, MoneyError};
use crate::points::{self, QuotedPoints};
use crate::pricing::{QuoteRequest, sum};
use crate::time::Moment;
use serving::Left;

/// What the buyer brings.
#[derive(Clone, Debug)]
pub struct Purse {
    /// Now.
    pub now: Moment,
    /// Whether this is a first order.
    pub newcomer: bool,
    /// The coupons held, those too that are used up or too old.
    pub coupons: Vec<Coupon>,
    /// The points that can be spent; `None` when nobody is signed in.
    pub points: Option<u32>,
    /// The share of the total that points may pay, in per cent: see
    /// [`USUAL_SHARE`](points::USUAL_SHARE).
    pub points_share: u32,
}

/// A priced cart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Receipt {
    /// The lines, in the order asked for.
    pub lines: Vec<PricedLine>,
    /// The bundles, in the order asked for.
    pub bundles: Vec<PricedBundle>,
    /// What the goods of each merchant cost before coupons and points, in the order of the cart;
    /// nothing for one whose goods all have problems.
    pub merchants: Vec<(MerchantId, Money)>,
    /// What all goods cost before coupons and points.
    pub goods: Money,
    /// Every coupon with its reason, in the order of the purse.
    pub coupons: Vec<QuotedCoupon>,
    /// The coupons that are used, each with what it takes something off: places among the lines and
    /// the parts of bundles that can be had, in the order of the cart.
    pub from: Vec<(CouponId, Vec<usize>)>,
    /// The points; `None` when nobody is signed in.
    pub points: Option<QuotedPoints>,
    /// What bundles, coupons and points take off altogether.
    pub saved: Money,
    /// What is to pay.
    pub total: Money,
    /// Whether it can be ordered: there is something in it, and nothing has a problem.
    pub orderable: bool,
}

/// Prices a cart: what everything costs, what is wrong, and what helps.
pub fn ring_up(cart: &QuoteRequest, shelf: &Shelf, purse: &Purse) -> Result<Receipt, MoneyError> {
    let mut left = Left::of(shelf);
    let mut lines = Vec::with_capacity(cart.lines.len());
    for wanted in &cart.lines {
        lines.push(left.serve_line(wanted)?);
    }
    let mut bundles: Vec<PricedBundle> = Vec::with_capacity(cart.bundles.len());
    for (at, wanted) in cart.bundles.iter().enumerate() {
        let before = cart.bundles.iter().take(at).zip(&bundles);
        let conflict = left.conflict(wanted, before);
        bundles.push(left.serve_bundle(wanted, conflict)?);
    }
    settle(cart, shelf, purse, lines, bundles)
}

/// Takes coupons and points off, and adds up.
fn settle(
    cart: &QuoteRequest,
    shelf: &Shelf,
    purse: &Purse,
    mut lines: Vec<PricedLine>,
    mut bundles: Vec<PricedBundle>,
) -> Result<Receipt, MoneyError> {
    let currency = shelf.currency;
    let money = |amount| Money { amount, currency };
    let totals = lines
        .iter()
        .map(|line| line.settled.map(|settled| settled.total));
    let all = totals.chain(bundles.iter().map(|bundle| bundle.total));
    let goods = sum(all.flatten(), currency)?;
    // Everything below is in the one currency, and no sum is larger than this one.
    if goods.currency != currency {
        return Err(MoneyError::CurrencyMismatch);
    }
    let portions = portions(cart, shelf, &lines, &bundles);
    let buyer = Buyer {
        now: purse.now,
        newcomer: purse.newcomer,
        currency,
    };
    let combined = combine(&purse.coupons, cart.coupons.as_deref(), &portions, &buyer);
    let discount: i64 = combined.off.iter().sum();
    let quoted = purse.points.map(|balance| {
        let usable = points::usable(balance, goods.amount - discount, purse.points_share);
        QuotedPoints {
            balance,
            usable,
            used: if cart.use_points { usable } else { 0 },
        }
    });
    let used = i64::from(quoted.map_or(0, |points| points.used));
    let shares: Vec<Share<'_>> = portions
        .iter()
        .zip(&combined.off)
        .map(|(portion, off)| Share {
            key: &portion.key,
            weight: portion.value - off,
        })
        .collect();
    let by_points = allocate(used, &shares);
    let mut offs = combined.off.iter().zip(by_points);
    for settled in settled(&mut lines, &mut bundles) {
        let Some((off, points)) = offs.next() else {
            break;
        };
        settled.coupons = money(*off);
        settled.points = u32::try_from(points).unwrap_or(u32::MAX);
        settled.paid = money(settled.total.amount - off - points);
    }
    let mut saving = 0_i64;
    for (wanted, bundle) in cart.bundles.iter().zip(&bundles) {
        if let (Some(price), Some(_)) = (bundle.price, bundle.total) {
            let saved = price.saved().times(wanted.quantity)?.amount;
            saving = saving.checked_add(saved).ok_or(MoneyError::Overflow)?;
        }
    }
    let off = discount + used;
    let has_problem = lines.iter().any(|line| line.problem.is_some())
        || bundles.iter().any(|bundle| bundle.problem.is_some());
    let is_empty = lines.is_empty() && bundles.is_empty();
    Ok(Receipt {
        merchants: merchants(cart, shelf, &lines, &bundles)?,
        goods,
        coupons: combined.coupons,
        from: combined.from,
        points: quoted,
        saved: money(saving.checked_add(off).ok_or(MoneyError::Overflow)?),
        total: money(goods.amount - off),
        orderable: !(has_problem || is_empty),
        lines,
        bundles,
    })
}

/// Everything that can be had, in the order of the cart.
fn settled<'a>(
    lines: &'a mut [PricedLine],
    bundles: &'a mut [PricedBundle],
) -> impl Iterator<Item = &'a mut Settled> {
    let parts = bundles.iter_mut().flat_map(|bundle| &mut bundle.parts);
    let lines = lines.iter_mut().filter_map(|line| line.settled.as_mut());
    lines.chain(parts.filter_map(|part| part.settled.as_mut()))
}

/// The same, as coupons see it.
fn portions(
    cart: &QuoteRequest,
    shelf: &Shelf,
    lines: &[PricedLine],
    bundles: &[PricedBundle],
) -> Vec<Portion> {
    let mut portions = Vec::new();
    for (wanted, line) in cart.lines.iter().zip(lines) {
        if let (Some(settled), Some(goods)) = (line.settled, shelf.goods.get(&wanted.variant)) {
            portions.push(Portion {
                key: wanted.variant.to_string(),
                merchant: goods.merchant.clone(),
                single: Some(wanted.variant.clone()),
                pieces: wanted.quantity,
                value: settled.total.amount,
            });
        }
    }
    for (wanted, priced) in cart.bundles.iter().zip(bundles) {
        let Some(bundle) = shelf.bundles.get(&wanted.bundle) else {
            continue;
        };
        for (place, part) in priced.parts.iter().enumerate() {
            let Some(settled) = part.settled else {
                continue;
            };
            let choice: Vec<&str> = wanted.choice.iter().map(VariantId::as_str).collect();
            portions.push(Portion {
                key: format!("{}/{}/{place}", wanted.bundle, choice.join(",")),
                merchant: bundle.merchant.id.clone(),
                single: None,
                pieces: part.quantity.saturating_mul(wanted.quantity),
                value: settled.total.amount,
            });
        }
    }
    portions
}

/// What the goods of each merchant cost, in the order of the cart.
fn merchants(
    cart: &QuoteRequest,
    shelf: &Shelf,
    lines: &[PricedLine],
    bundles: &[PricedBundle],
) -> Result<Vec<(MerchantId, Money)>, MoneyError> {
    let of_lines = cart.lines.iter().zip(lines).filter_map(|(wanted, line)| {
        let goods = shelf.goods.get(&wanted.variant)?;
        Some((&goods.merchant, line.settled.map(|settled| settled.total)))
    });
    let of_bundles = cart.bundles.iter().zip(bundles);
    let of_bundles = of_bundles.filter_map(|(wanted, priced)| {
        let bundle = shelf.bundles.get(&wanted.bundle)?;
        Some((&bundle.merchant.id, priced.total))
    });
    let mut merchants: Vec<(MerchantId, Money)> = Vec::new();
    for (merchant, total) in of_lines.chain(of_bundles) {
        let total = total.unwrap_or(Money::zero(shelf.currency));
        match merchants.iter_mut().find(|(there, _)| there == merchant) {
            Some((_, subtotal)) => *subtotal = subtotal.plus(total)?,
            None => merchants.push((merchant.clone(), total)),
        }
    }
    Ok(merchants)
}
