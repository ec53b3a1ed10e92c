//! What a whole cart costs: lines, bundles, coupons and points, down to what is paid for every piece.
//! Only a backend calls this: a page shows what a quote says.
//!
//! The lines are served in their order, then the bundles in theirs, each from what those before it
//! leave: so whoever does what every problem proposes has a cart without problems of stock. A row
//! that has a problem takes what it would have after its remedy.
//!
//! A bundle's saving is shared among its parts by what they cost alone, set by set. Coupons come off
//! that, then points; each is shared among the lines and parts by what is left of them.

use crate::allocation::{Share, allocate};
use crate::bundle::{Bundle, PartOption};
use crate::choice::{Choice, SetPrice};
use crate::combination::{Buyer, Portion, combine};
use crate::coupon::{Coupon, QuotedCoupon};
use crate::id::{BundleId, MerchantId, VariantId};
use crate::money::{Currency, Money, MoneyError};
use crate::points::{self, QuotedPoints};
use crate::pricing::{
    LineProblem, LineProblemKind, Offer, QuoteRequest, Swap, WantedBundle, WantedLine, price, sum,
};
use crate::time::Moment;
use std::collections::BTreeMap;

/// What the shop has of a variant, and for whom it is sold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Goods {
    /// Whose goods they are.
    pub merchant: MerchantId,
    /// What one costs, and how many there are.
    pub offer: Offer,
    /// How many a line must have at least.
    pub minimum: u32,
}

/// Everything that a cart may be about, as it stands now. Bundles say what their parts cost alone;
/// how many there are is told by `goods`.
#[derive(Clone, Debug)]
pub struct Shelf {
    /// What prices are in.
    pub currency: Currency,
    /// The variants of the cart: of its lines, and all that its bundles may be made of.
    pub goods: BTreeMap<VariantId, Goods>,
    /// The bundles of the cart.
    pub bundles: BTreeMap<BundleId, Bundle>,
}

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
    /// The points; `None` when nobody is signed in.
    pub points: Option<QuotedPoints>,
    /// What bundles, coupons and points take off altogether.
    pub saved: Money,
    /// What is to pay.
    pub total: Money,
    /// Whether it can be ordered: there is something in it, and nothing has a problem.
    pub orderable: bool,
}

/// What a line, or a part of a bundle, costs in the end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Settled {
    /// All pieces, before coupons and points; of a part of a bundle its share of the price.
    pub total: Money,
    /// What coupons take off.
    pub coupons: Money,
    /// How many points pay a part of it.
    pub points: u32,
    /// What is paid in money.
    pub paid: Money,
}

/// A priced line.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PricedLine {
    /// The price of one.
    pub unit_price: Option<Money>,
    /// What is wrong.
    pub problem: Option<LineProblem>,
    /// What it costs; `None` when it cannot be had as asked for.
    pub settled: Option<Settled>,
}

/// A priced bundle.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PricedBundle {
    /// What one set costs.
    pub price: Option<SetPrice>,
    /// The price of all sets; `None` when they cannot be had as asked for.
    pub total: Option<Money>,
    /// What is wrong.
    pub problem: Option<LineProblem>,
    /// What there is too little of.
    pub short: Option<VariantId>,
    /// The choice that would help.
    pub swap: Option<Swap>,
    /// The bundle it is not sold beside.
    pub conflict: Option<BundleId>,
    /// What is in it, in the order of the choice; empty when it cannot be chosen like this.
    pub parts: Vec<PricedPart>,
}

/// A part of a priced bundle.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PricedPart {
    /// What it is.
    pub variant: VariantId,
    /// How many pieces are in one set.
    pub quantity: u32,
    /// What it costs alone, in one set.
    pub alone: Money,
    /// Its share of the price of one set.
    pub price: Money,
    /// What it costs in all sets; `None` when they cannot be had as asked for.
    pub settled: Option<Settled>,
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

/// What is left on the shelf while a cart is served.
struct Left<'a> {
    shelf: &'a Shelf,
    pieces: BTreeMap<&'a VariantId, u32>,
}

impl<'a> Left<'a> {
    fn of(shelf: &'a Shelf) -> Self {
        let pieces = shelf.goods.iter();
        Self {
            shelf,
            pieces: pieces.map(|(id, goods)| (id, goods.offer.stock)).collect(),
        }
    }

    fn there(&self, variant: &VariantId) -> u32 {
        self.pieces.get(variant).copied().unwrap_or(0)
    }

    fn take(&mut self, variant: &VariantId, pieces: u32) {
        if let Some(left) = self.pieces.get_mut(variant) {
            *left = left.saturating_sub(pieces);
        }
    }

    fn take_sets(&mut self, choice: &Choice<'_>, sets: u32) {
        for part in &choice.parts {
            self.take(&part.option.variant, part.quantity.saturating_mul(sets));
        }
    }

    fn serve_line(&mut self, wanted: &WantedLine) -> Result<PricedLine, MoneyError> {
        let goods = self.shelf.goods.get(&wanted.variant);
        let there = self.there(&wanted.variant);
        let minimum = goods.map_or(1, |goods| goods.minimum.max(1));
        let offer = goods.map(|goods| Offer {
            // Fewer than one may take are none.
            stock: if there < minimum { 0 } else { there },
            ..goods.offer
        });
        let needed = WantedLine {
            quantity: wanted.quantity.max(minimum),
            ..wanted.clone()
        };
        let mut priced = price(&needed, offer)?;
        if priced.total.is_some() && wanted.quantity < minimum {
            priced.total = None;
            priced.problem = Some(below(minimum));
        }
        self.take(
            &wanted.variant,
            offer.map_or(0, |offer| offer.stock.min(needed.quantity)),
        );
        Ok(PricedLine {
            unit_price: goods.map(|goods| goods.offer.price),
            problem: priced.problem,
            settled: priced.total.map(Settled::of),
        })
    }

    /// The first bundle before it that it cannot be beside, of those that will stay.
    fn conflict<'w>(
        &self,
        wanted: &WantedBundle,
        before: impl Iterator<Item = (&'w WantedBundle, &'w PricedBundle)>,
    ) -> Option<BundleId> {
        let excludes = |one: &BundleId, other: &BundleId| {
            let bundle = self.shelf.bundles.get(one);
            bundle.is_some_and(|bundle| bundle.not_with.contains(other))
        };
        let goes = |there: &PricedBundle| {
            there.swap.is_none()
                && there
                    .problem
                    .is_some_and(|problem| problem.remedy() == crate::pricing::Remedy::TakeOut)
        };
        before
            .filter(|(_, there)| !goes(there))
            .map(|(there, _)| &there.bundle)
            .find(|there| excludes(there, &wanted.bundle) || excludes(&wanted.bundle, there))
            .cloned()
    }

    fn serve_bundle(
        &mut self,
        wanted: &WantedBundle,
        conflict: Option<BundleId>,
    ) -> Result<PricedBundle, MoneyError> {
        let problem = |kind: LineProblemKind| PricedBundle {
            problem: Some(kind.into()),
            ..PricedBundle::default()
        };
        let Some(bundle) = self.shelf.bundles.get(&wanted.bundle) else {
            return Ok(problem(LineProblemKind::NoLongerSold));
        };
        let minimum = bundle.minimum.max(1);
        let needed = wanted.quantity.max(minimum);
        let Some(chosen) = bundle.chosen(&wanted.choice) else {
            let nearest = bundle.choice(&wanted.choice);
            return Ok(PricedBundle {
                swap: self.offer_swap(bundle, &wanted.choice, &nearest, needed),
                ..problem(LineProblemKind::PartNoLongerSold)
            });
        };
        let Some(price) = chosen.price() else {
            return Ok(problem(LineProblemKind::NoLongerSold));
        };
        let mut priced = PricedBundle {
            price: Some(price),
            parts: parts(&chosen, price)?,
            ..PricedBundle::default()
        };
        if conflict.is_some() {
            priced.problem = Some(LineProblemKind::NotCombinable.into());
            priced.conflict = conflict;
            return Ok(priced);
        }
        let there = |option: &PartOption| self.there(&option.variant);
        let sets = chosen.sets(&there);
        if let Some(short) = chosen.short(needed, &there) {
            priced.short = Some(short.variant.clone());
            priced.problem = Some(if sets < minimum {
                LineProblemKind::PartSoldOut.into()
            } else {
                LineProblem {
                    left: Some(sets),
                    ..LineProblemKind::StockShort.into()
                }
            });
            priced.swap = self.offer_swap(bundle, &wanted.choice, &wanted.choice, needed);
            if priced.swap.is_none() && sets >= minimum {
                self.take_sets(&chosen, sets);
            }
            return Ok(priced);
        }
        self.take_sets(&chosen, needed);
        if wanted.quantity < minimum {
            priced.problem = Some(below(minimum));
            return Ok(priced);
        }
        priced.problem = wanted
            .seen
            .filter(|seen| *seen != price.price)
            .map(|was| LineProblem {
                was: Some(was),
                ..LineProblemKind::PriceMoved.into()
            });
        priced.total = Some(price.price.times(wanted.quantity)?);
        for part in &mut priced.parts {
            part.settled = Some(Settled::of(part.price.times(wanted.quantity)?));
        }
        Ok(priced)
    }

    /// The choice, or else a swap of it, that can be had so many times; it is then set aside.
    fn offer_swap(
        &mut self,
        bundle: &Bundle,
        asked: &[VariantId],
        choice: &[VariantId],
        sets: u32,
    ) -> Option<Swap> {
        let there = |option: &PartOption| self.there(&option.variant);
        let swapped = bundle.swap(choice, sets, &there);
        let choice = swapped.unwrap_or_else(|| choice.to_vec());
        let chosen = bundle.chosen(&choice)?;
        if chosen.sets(&there) < sets {
            return None;
        }
        let unit_price = chosen.price()?.price;
        let is_new = |option: &&PartOption| !asked.contains(&option.variant);
        let options = chosen.parts.iter().map(|part| part.option);
        let names = options.filter(is_new).map(|option| option.name.clone());
        let swap = Swap {
            names: names.collect(),
            unit_price,
            choice: choice.clone(),
        };
        self.take_sets(&chosen, sets);
        Some(swap)
    }
}

fn below(minimum: u32) -> LineProblem {
    LineProblem {
        least: Some(minimum),
        ..LineProblemKind::MinimumNotReached.into()
    }
}

/// The parts of one set, the saving shared among them.
fn parts(chosen: &Choice<'_>, price: SetPrice) -> Result<Vec<PricedPart>, MoneyError> {
    let mut alone = Vec::with_capacity(chosen.parts.len());
    for part in &chosen.parts {
        alone.push(part.option.price.times(part.quantity)?);
    }
    let shares: Vec<Share<'_>> = chosen
        .parts
        .iter()
        .zip(&alone)
        .map(|(part, alone)| Share {
            key: part.option.variant.as_str(),
            weight: alone.amount,
        })
        .collect();
    let saved = allocate(price.saved().amount, &shares);
    let parts = chosen.parts.iter().zip(alone).zip(saved);
    Ok(parts
        .map(|((part, alone), saved)| PricedPart {
            variant: part.option.variant.clone(),
            quantity: part.quantity,
            alone,
            price: Money {
                amount: alone.amount - saved,
                ..alone
            },
            settled: None,
        })
        .collect())
}

impl Settled {
    fn of(total: Money) -> Self {
        Self {
            total,
            coupons: Money::zero(total.currency),
            points: 0,
            paid: total,
        }
    }
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
    Ok(Receipt {
        merchants: merchants(cart, shelf, &lines, &bundles)?,
        goods,
        coupons: combined.coupons,
        points: quoted,
        saved: money(saving.checked_add(off).ok_or(MoneyError::Overflow)?),
        total: money(goods.amount - off),
        orderable: !has_problem && !(lines.is_empty() && bundles.is_empty()),
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
