//! What of a cart can be had, row after row, and what helps where it cannot.

use crate::allocation::{Share, allocate};
use crate::bundle::{Bundle, PartOption};
use crate::choice::{Choice, SetPrice};
use crate::id::{BundleId, MerchantId, VariantId};
use crate::money::{Currency, Money, MoneyError};
use crate::pricing::{
    LineProblem, LineProblemKind, Offer, Remedy, Swap, WantedBundle, WantedLine, price,
};
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

/// What is left on the shelf while a cart is served.
pub(super) struct Left<'a> {
    shelf: &'a Shelf,
    pieces: BTreeMap<&'a VariantId, u32>,
}

impl<'a> Left<'a> {
    pub(super) fn of(shelf: &'a Shelf) -> Self {
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

    pub(super) fn serve_line(&mut self, wanted: &WantedLine) -> Result<PricedLine, MoneyError> {
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
    pub(super) fn conflict<'w>(
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
                    .is_some_and(|problem| problem.remedy() == Remedy::TakeOut)
        };
        before
            .filter(|(_, there)| !goes(there))
            .map(|(there, _)| &there.bundle)
            .find(|there| excludes(there, &wanted.bundle) || excludes(&wanted.bundle, there))
            .cloned()
    }

    pub(super) fn serve_bundle(
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
        if conflict.is_some() {
            return Ok(PricedBundle {
                conflict,
                ..problem(LineProblemKind::NotCombinable)
            });
        }
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
        let mut before: Vec<&VariantId> = asked.iter().collect();
        let mut names = Vec::new();
        for part in &chosen.parts {
            let variant = &part.option.variant;
            // What was picked once and is picked twice now comes in once.
            match before.iter().position(|there| *there == variant) {
                Some(at) => {
                    before.swap_remove(at);
                }
                None => names.push(part.option.name.clone()),
            }
        }
        let swap = Swap {
            names,
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
