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

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::indexing_slicing)]
mod tests {
    use super::*;
    use crate::allocation::refund;
    use crate::bundle::{Part, PriceRule};
    use crate::catalog::Stock;
    use crate::coupon::{Benefit, ReasonKind, Stacking};
    use crate::pricing::Remedy;
    use crate::shop::{Merchant, MerchantKind};
    use proptest::prelude::*;

    fn option(variant: &str, fen: i64, difference: i64) -> PartOption {
        PartOption {
            product: variant.into(),
            variant: variant.into(),
            name: format!("a {variant}"),
            variant_name: String::new(),
            picture: None,
            price: Money::fen(fen),
            stock: Stock::of(9),
            difference: (difference != 0).then_some(Money::fen(difference)),
            arrived_at: None,
            allergens: Vec::new(),
        }
    }

    fn bundle(id: &str, rule: PriceRule, parts: Vec<Part>) -> Bundle {
        Bundle {
            id: id.into(),
            name: String::new(),
            subtitle: String::new(),
            description: String::new(),
            picture: None,
            serves: 2,
            merchant: Merchant {
                id: "linli".into(),
                kind: MerchantKind::Shop,
                name: String::new(),
                story: String::new(),
                picture: None,
                distance: String::new(),
                pickup: String::new(),
            },
            rule,
            parts,
            minimum: 1,
            not_with: Vec::new(),
            confidence: None,
        }
    }

    fn shelf(goods: &[(&str, &str, i64, u32)], bundles: Vec<Bundle>) -> Shelf {
        let goods = goods.iter().map(|(id, merchant, fen, stock)| {
            let goods = Goods {
                merchant: (*merchant).into(),
                offer: Offer {
                    price: Money::fen(*fen),
                    stock: *stock,
                },
                minimum: 1,
            };
            (VariantId::from(*id), goods)
        });
        let bundles = bundles.into_iter();
        Shelf {
            currency: Currency::CNY,
            goods: goods.collect(),
            bundles: bundles.map(|bundle| (bundle.id.clone(), bundle)).collect(),
        }
    }

    /// The neighbourhood's shelf, as the cart is drawn: eggs, coffee, and the light set meal.
    fn morning(salmon: u32, eggs: u32) -> Shelf {
        let part = |options| Part {
            quantity: 1,
            options,
        };
        let parts = vec![
            part(vec![
                option("salmon", 4_590, 0),
                option("chicken", 3_500, -800),
            ]),
            part(vec![option("quinoa", 1_960, 0)]),
            part(vec![option("lemon", 690, 0), option("avocado", 1_280, 300)]),
        ];
        let rule = PriceRule::Fixed {
            price: Money::fen(5_980),
        };
        shelf(
            &[
                ("egg", "linli", 1_880, eggs),
                ("coffee", "alley", 2_900, 20),
                ("salmon", "linli", 4_590, salmon),
                ("chicken", "linli", 3_500, 9),
                ("quinoa", "linli", 1_960, 9),
                ("lemon", "linli", 690, 9),
                ("avocado", "linli", 1_280, 9),
            ],
            vec![bundle("light", rule, parts)],
        )
    }

    fn line(variant: &str, quantity: u32) -> WantedLine {
        WantedLine {
            variant: variant.into(),
            quantity,
            seen: None,
        }
    }

    fn set(choice: &[&str], quantity: u32) -> WantedBundle {
        WantedBundle {
            bundle: "light".into(),
            choice: choice.iter().map(|id| VariantId::from(*id)).collect(),
            quantity,
            seen: None,
        }
    }

    const LIGHT: [&str; 3] = ["salmon", "quinoa", "lemon"];

    fn purse(coupons: Vec<Coupon>, points: Option<u32>) -> Purse {
        Purse {
            now: Moment {
                ms: 0,
                offset_minutes: 480,
            },
            newcomer: false,
            coupons,
            points,
            points_share: points::USUAL_SHARE,
        }
    }

    fn coupon(id: &str, benefit: Benefit) -> Coupon {
        Coupon {
            id: id.into(),
            name: id.to_owned(),
            note: String::new(),
            benefit,
            at_least: None,
            merchant: None,
            newcomers: false,
            stacking: Stacking::OnePerOrder,
            valid_from: None,
            valid_until: None,
            left: 1,
        }
    }

    /// The cart as it is drawn, its eggs being there.
    fn drawn() -> QuoteRequest {
        QuoteRequest {
            lines: vec![line("egg", 3), line("coffee", 1)],
            bundles: vec![set(&LIGHT, 1)],
            coupons: None,
            use_points: true,
        }
    }

    #[test]
    fn the_cart_that_is_drawn() {
        let off = Money::fen(1_000);
        let ten_off = Coupon {
            at_least: Some(Money::fen(9_900)),
            ..coupon("99-10", Benefit::Amount { off })
        };
        let receipt = ring_up(&drawn(), &morning(9, 9), &purse(vec![ten_off], Some(320))).unwrap();
        assert!(receipt.orderable);
        assert_eq!(receipt.goods, Money::fen(14_520));
        assert_eq!(receipt.coupons[0].off, off);
        assert_eq!(receipt.coupons[0].reason.kind, ReasonKind::Best);
        assert_eq!(receipt.points.map(|points| points.used), Some(320));
        assert_eq!(receipt.total, Money::fen(13_200));
        assert_eq!(receipt.saved, Money::fen(2_580));
        let merchants = [("linli", 11_620), ("alley", 2_900)];
        let merchants = merchants.map(|(id, fen)| (MerchantId::from(id), Money::fen(fen)));
        assert_eq!(receipt.merchants, merchants);
        let prices = receipt.bundles[0]
            .parts
            .iter()
            .map(|part| part.price.amount);
        assert_eq!(prices.collect::<Vec<_>>(), [3_791, 1_619, 570]);
    }

    #[test]
    fn points_pay_no_more_than_their_share() {
        let cart = |use_points| QuoteRequest {
            lines: vec![line("coffee", 1)],
            use_points,
            ..QuoteRequest::default()
        };
        let points = |use_points, there| {
            let receipt = ring_up(&cart(use_points), &morning(9, 9), &purse(Vec::new(), there));
            receipt
                .unwrap()
                .points
                .map(|points| (points.usable, points.used))
        };
        assert_eq!(points(true, Some(9_999)), Some((580, 580)));
        assert_eq!(points(true, Some(100)), Some((100, 100)));
        assert_eq!(points(false, Some(100)), Some((100, 0)));
        assert_eq!(points(true, None), None);
    }

    #[test]
    fn shared_parts_are_counted_together() {
        // Three salmons: one alone, and two sets of what three sets were asked for.
        let cart = QuoteRequest {
            lines: vec![line("salmon", 1)],
            bundles: vec![set(&LIGHT, 3)],
            ..QuoteRequest::default()
        };
        let receipt = ring_up(&cart, &morning(3, 9), &purse(Vec::new(), None)).unwrap();
        assert_eq!(receipt.lines[0].problem, None);
        let bundle = &receipt.bundles[0];
        assert_eq!(
            bundle.problem,
            Some(LineProblem {
                left: Some(2),
                ..LineProblemKind::StockShort.into()
            })
        );
        assert_eq!(bundle.short, Some("salmon".into()));
        let swap = bundle.swap.clone().unwrap();
        assert_eq!(swap.choice, set(&["chicken", "quinoa", "lemon"], 1).choice);
        assert_eq!(
            (swap.names, swap.unit_price),
            (vec!["a chicken".to_owned()], Money::fen(5_180))
        );
        assert_eq!(bundle.total, None);
        assert_eq!(receipt.total, Money::fen(4_590));
        assert!(!receipt.orderable);
    }

    #[test]
    fn says_what_is_wrong_with_a_bundle() {
        let mut shelf = morning(0, 9);
        let told = |shelf: &Shelf, bundles: Vec<WantedBundle>| {
            let cart = QuoteRequest {
                bundles,
                ..QuoteRequest::default()
            };
            let receipt = ring_up(&cart, shelf, &purse(Vec::new(), None)).unwrap();
            receipt.bundles.last().unwrap().clone()
        };
        let kind = |told: PricedBundle| told.problem.map(|problem| problem.kind);
        let sold_out = told(&shelf, vec![set(&LIGHT, 1)]);
        assert!(sold_out.swap.is_some());
        assert_eq!(kind(sold_out), Some(LineProblemKind::PartSoldOut));
        let gone = told(&shelf, vec![set(&["chicken", "rice", "lemon"], 1)]);
        let swap = gone.swap.as_ref().unwrap();
        assert_eq!(swap.choice, set(&["chicken", "quinoa", "lemon"], 1).choice);
        assert_eq!(kind(gone), Some(LineProblemKind::PartNoLongerSold));
        let moved = WantedBundle {
            seen: Some(Money::fen(5_000)),
            ..set(&["chicken", "quinoa", "lemon"], 1)
        };
        assert_eq!(
            kind(told(&shelf, vec![moved])),
            Some(LineProblemKind::PriceMoved)
        );
        let nothing = WantedBundle {
            bundle: "heavy".into(),
            ..set(&LIGHT, 1)
        };
        assert_eq!(
            kind(told(&shelf, vec![nothing])),
            Some(LineProblemKind::NoLongerSold)
        );
        let light = shelf.bundles.get_mut(&"light".into()).unwrap();
        light.minimum = 2;
        light.not_with = vec!["light".into()];
        let good = || set(&["chicken", "quinoa", "lemon"], 2);
        let below = told(&shelf, vec![set(&["chicken", "quinoa", "lemon"], 1)]);
        assert_eq!(
            below.problem.map(|problem| problem.remedy()),
            Some(Remedy::Take(2))
        );
        let beside = told(
            &shelf,
            vec![good(), set(&["chicken", "quinoa", "avocado"], 2)],
        );
        assert_eq!(beside.conflict, Some("light".into()));
        assert_eq!(kind(beside), Some(LineProblemKind::NotCombinable));
    }

    #[test]
    fn a_part_that_comes_back_brings_what_was_paid_for_it() {
        let off = Money::fen(1_000);
        let coupons = vec![coupon("10", Benefit::Amount { off })];
        let mut cart = drawn();
        cart.bundles[0].quantity = 2;
        let receipt = ring_up(&cart, &morning(9, 9), &purse(coupons, Some(320))).unwrap();
        let salmon = receipt.bundles[0].parts[0].settled.unwrap();
        let (one, other) = (
            refund(salmon.paid.amount, 2, 0, 1),
            refund(salmon.paid.amount, 2, 1, 1),
        );
        assert_eq!(one + other, salmon.paid.amount);
        assert_eq!(refund(salmon.paid.amount, 2, 2, 1), 0);
    }

    /// Five variants; lines and bundles that draw on the same ones, seen at whatever price.
    fn any_shelf() -> impl Strategy<Value = Shelf> {
        let goods = proptest::collection::vec((0_u8..2, 1_i64..3_000, 0_u32..12, 1_u32..3), 5);
        let options = proptest::collection::btree_map(0_usize..5, -300_i64..300, 1..4);
        let parts = proptest::collection::vec((1_u32..3, options), 1..4);
        let rule = (0_u8..3, 0_i64..6_000, 1_u32..4);
        let bundles =
            proptest::collection::vec((parts, rule, 1_u32..3, proptest::option::of(0_u8..3)), 3);
        (goods, bundles).prop_map(|(goods, bundles)| {
            let fen: Vec<i64> = goods.iter().map(|(_, fen, ..)| *fen).collect();
            let mut all = shelf(&[], Vec::new());
            for (at, (merchant, fen, stock, minimum)) in goods.into_iter().enumerate() {
                let offer = Offer {
                    price: Money::fen(fen),
                    stock,
                };
                let goods = Goods {
                    merchant: format!("m{merchant}").into(),
                    offer,
                    minimum,
                };
                all.goods.insert(format!("v{at}").into(), goods);
            }
            for (at, (parts, (rule, price, count), minimum, not_with)) in
                bundles.into_iter().enumerate()
            {
                let price = Money::fen(price);
                let rule = match rule {
                    0 => PriceRule::Fixed { price },
                    1 => PriceRule::Percentage {
                        percent: count * 10,
                    },
                    _ => PriceRule::AnyOf { count, price },
                };
                let parts = parts.into_iter().map(|(quantity, options)| Part {
                    quantity,
                    options: options
                        .into_iter()
                        .map(|(at, difference)| option(&format!("v{at}"), fen[at], difference))
                        .collect(),
                });
                let bundle = Bundle {
                    minimum,
                    not_with: not_with
                        .map(|at| format!("b{at}").into())
                        .into_iter()
                        .collect(),
                    ..bundle(&format!("b{at}"), rule, parts.collect())
                };
                all.bundles.insert(bundle.id.clone(), bundle);
            }
            all
        })
    }

    type Asked = (
        Vec<(u8, u32, Option<i64>)>,
        Vec<(u8, Vec<u8>, u32, Option<i64>)>,
    );

    fn any_asked() -> impl Strategy<Value = Asked> {
        let seen = || proptest::option::of(0_i64..3_000);
        let lines = proptest::collection::vec((0_u8..6, 1_u32..10, seen()), 0..6);
        let choice = proptest::collection::vec(0_u8..6, 0..4);
        let bundles = proptest::collection::vec((0_u8..4, choice, 1_u32..6, seen()), 0..5);
        (lines, bundles)
    }

    /// No variant twice, no choice twice; most choices as they are written, some not offered at all.
    fn cart((lines, bundles): Asked, shelf: &Shelf) -> QuoteRequest {
        let mut cart = QuoteRequest::default();
        for (variant, quantity, seen) in lines {
            let line = WantedLine {
                seen: seen.map(Money::fen),
                ..line(&format!("v{variant}"), quantity)
            };
            if cart.lines.iter().all(|there| there.variant != line.variant) {
                cart.lines.push(line);
            }
        }
        for (name, choice, quantity, seen) in bundles {
            let id: BundleId = format!("b{name}").into();
            let asked: Vec<VariantId> = choice
                .iter()
                .map(|variant| format!("v{variant}").into())
                .collect();
            let choice = match shelf.bundles.get(&id) {
                Some(bundle) if asked.len() < 3 => bundle.choice(&asked),
                _ => asked,
            };
            let bundle = WantedBundle {
                bundle: id,
                choice,
                quantity,
                seen: seen.map(Money::fen),
            };
            if cart
                .bundles
                .iter()
                .all(|there| (&there.bundle, &there.choice) != (&bundle.bundle, &bundle.choice))
            {
                cart.bundles.push(bundle);
            }
        }
        cart
    }

    /// The cart after everything that the receipt proposes, as a page does it.
    fn mended(cart: &QuoteRequest, receipt: &Receipt) -> QuoteRequest {
        let mut mended = QuoteRequest::default();
        for (wanted, line) in cart.lines.iter().zip(&receipt.lines) {
            let (mut wanted, remedy) =
                (wanted.clone(), line.problem.map(|problem| problem.remedy()));
            match remedy {
                Some(Remedy::AcceptPrice) => wanted.seen = line.unit_price,
                Some(Remedy::Take(quantity)) => wanted.quantity = quantity,
                Some(Remedy::TakeOut | Remedy::Swap) => continue,
                None => {}
            }
            mended.lines.push(wanted);
        }
        for (wanted, bundle) in cart.bundles.iter().zip(&receipt.bundles) {
            let (mut wanted, remedy) = (
                wanted.clone(),
                bundle.problem.map(|problem| problem.remedy()),
            );
            match (&bundle.swap, remedy) {
                (Some(swap), _) => {
                    wanted.choice.clone_from(&swap.choice);
                    wanted.seen = Some(swap.unit_price);
                }
                (None, Some(Remedy::AcceptPrice)) => {
                    wanted.seen = bundle.price.map(|price| price.price)
                }
                (None, Some(Remedy::Take(quantity))) => wanted.quantity = quantity,
                (None, Some(Remedy::TakeOut | Remedy::Swap)) => continue,
                (None, None) => {}
            }
            mended.bundles.push(wanted);
        }
        mended
    }

    fn demand(cart: &QuoteRequest, shelf: &Shelf) -> BTreeMap<VariantId, u32> {
        let mut demand = BTreeMap::new();
        for line in &cart.lines {
            *demand.entry(line.variant.clone()).or_default() += line.quantity;
        }
        for wanted in &cart.bundles {
            for part in shelf.bundles[&wanted.bundle]
                .chosen(&wanted.choice)
                .unwrap()
                .parts
            {
                *demand.entry(part.option.variant.clone()).or_default() +=
                    part.quantity * wanted.quantity;
            }
        }
        demand
    }

    proptest! {
        #[test]
        fn a_cart_without_problems_is_all_there(shelf in any_shelf(), asked in any_asked()) {
            let mut cart = cart(asked, &shelf);
            let mut steps = 0;
            let receipt = loop {
                let receipt = ring_up(&cart, &shelf, &purse(Vec::new(), None)).unwrap();
                let kinds = receipt.lines.iter().map(|line| line.problem).chain(receipt.bundles.iter().map(|bundle| bundle.problem));
                if kinds.flatten().count() == 0 {
                    break receipt;
                }
                // A swap or a price, then a number, then the price of what is left: it comes to an end.
                prop_assert!(steps < 3, "{:?}", receipt);
                cart = mended(&cart, &receipt);
                steps += 1;
            };
            for (variant, pieces) in demand(&cart, &shelf) {
                prop_assert!(pieces <= shelf.goods[&variant].offer.stock);
            }
            prop_assert_eq!(receipt.orderable, !(cart.lines.is_empty() && cart.bundles.is_empty()));
        }

        #[test]
        fn every_fen_is_somewhere_once(
            shelf in any_shelf(), asked in any_asked(), fen in 0_i64..4_000, percent in 1_u32..100, points in 0_u32..3_000,
        ) {
            let mut cart = cart(asked, &shelf);
            cart.use_points = true;
            let coupons = vec![
                Coupon { stacking: Stacking::Free, ..coupon("fen", Benefit::Amount { off: Money::fen(fen) }) },
                Coupon { merchant: Some("m0".into()), ..coupon("share", Benefit::Percentage { percent, most: None }) },
            ];
            let receipt = ring_up(&cart, &shelf, &purse(coupons, Some(points))).unwrap();
            let settled: Vec<Settled> = receipt.lines.iter().filter_map(|line| line.settled)
                .chain(receipt.bundles.iter().flat_map(|bundle| &bundle.parts).filter_map(|part| part.settled))
                .collect();
            let all = |of: fn(&Settled) -> i64| settled.iter().map(of).sum::<i64>();
            prop_assert_eq!(all(|one| one.total.amount), receipt.goods.amount);
            prop_assert_eq!(all(|one| one.paid.amount), receipt.total.amount);
            let off: i64 = receipt.coupons.iter().filter(|one| one.chosen).map(|one| one.off.amount).sum();
            prop_assert_eq!(all(|one| one.coupons.amount), off);
            let used = receipt.points.unwrap().used;
            prop_assert_eq!(all(|one| i64::from(one.points)), i64::from(used));
            prop_assert!(settled.iter().all(|one| one.paid.amount >= 0 && one.coupons.amount >= 0));
            prop_assert_eq!(receipt.merchants.iter().map(|(_, money)| money.amount).sum::<i64>(), receipt.goods.amount);
            for bundle in &receipt.bundles {
                let parts = bundle.parts.iter().map(|part| part.price.amount).sum::<i64>();
                prop_assert_eq!(parts, bundle.price.map_or(0, |price| price.price.amount));
                prop_assert!(bundle.parts.iter().all(|part| part.price.amount >= 0 && part.price.amount <= part.alone.amount));
            }
        }

        #[test]
        fn the_order_of_the_lines_does_not_change_what_is_paid(shelf in any_shelf(), asked in any_asked(), fen in 0_i64..4_000, points in 0_u32..3_000) {
            // Only of what is there for everybody: else who comes first gets the last one.
            let mut shelf = shelf;
            for goods in shelf.goods.values_mut() {
                goods.offer.stock = 10_000;
            }
            for bundle in shelf.bundles.values_mut() {
                bundle.not_with.clear();
            }
            let mut cart = cart(asked, &shelf);
            cart.use_points = true;
            let coupons = vec![coupon("fen", Benefit::Amount { off: Money::fen(fen) })];
            let purse = purse(coupons, Some(points));
            let there = ring_up(&cart, &shelf, &purse).unwrap();
            cart.lines.reverse();
            cart.bundles.reverse();
            let mut back = ring_up(&cart, &shelf, &purse).unwrap();
            back.lines.reverse();
            back.bundles.reverse();
            prop_assert_eq!(there.lines, back.lines);
            prop_assert_eq!(there.bundles, back.bundles);
            prop_assert_eq!(there.total, back.total);
        }
    }
}
