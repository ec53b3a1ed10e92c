//! What a choice of a bundle's parts costs, how often it can be had, and which swap helps.

use crate::bundle::{Bundle, PartOption, PriceRule};
use crate::catalog::Allergen;
use crate::id::VariantId;
use crate::money::{Money, MoneyError};

/// One set of a bundle, as it was chosen.
#[derive(Clone, Debug)]
pub struct Choice<'a> {
    rule: PriceRule,
    /// What was chosen, part by part; with `any_of` pick by pick.
    pub parts: Vec<Chosen<'a>>,
}

/// A part as it was chosen.
#[derive(Clone, Copy, Debug)]
pub struct Chosen<'a> {
    /// What it is.
    pub option: &'a PartOption,
    /// How many pieces of it are in one set.
    pub quantity: u32,
}

/// What one set costs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SetPrice {
    /// What its parts cost alone.
    pub alone: Money,
    /// What they cost together; never more than `alone`, never negative.
    pub price: Money,
}

impl SetPrice {
    /// What is saved.
    pub fn saved(&self) -> Money {
        Money {
            amount: self.alone.amount - self.price.amount,
            ..self.alone
        }
    }
}

impl Bundle {
    /// What is offered for each place of a choice: part by part, with `any_of` pick by pick.
    fn places(&self) -> impl Iterator<Item = (u32, &[PartOption])> {
        let (repeat, parts) = match self.rule {
            // More picks than a cart has pieces make no sense, whatever a backend says.
            PriceRule::AnyOf { count, .. } => (count.min(crate::cart::MAX_QUANTITY), 1),
            _ => (1, self.parts.len()),
        };
        self.parts
            .iter()
            .take(parts)
            .flat_map(move |part| (0..repeat).map(|_| (part.quantity, part.options.as_slice())))
    }

    /// The choice that was asked for, in the one way it is written: what is not offered in its
    /// place is replaced by what one gets there, and picks stand in the order of what is offered.
    pub fn choice(&self, asked: &[VariantId]) -> Vec<VariantId> {
        let mut asked = asked.iter();
        let mut choice: Vec<(usize, &VariantId)> = self
            .places()
            .filter_map(|(_, options)| {
                let named = asked.next();
                let at = options
                    .iter()
                    .position(|option| Some(&option.variant) == named)
                    .unwrap_or(0);
                options.get(at).map(|option| (at, &option.variant))
            })
            .collect();
        if matches!(self.rule, PriceRule::AnyOf { .. }) {
            choice.sort_by_key(|(at, _)| *at);
        }
        choice.into_iter().map(|(_, id)| id.clone()).collect()
    }

    /// The set that was chosen; `None` when it is not offered like this.
    pub fn chosen(&self, choice: &[VariantId]) -> Option<Choice<'_>> {
        let mut wanted = choice.iter();
        let parts: Vec<_> = self
            .places()
            .map(|(quantity, options)| {
                let id = wanted.next()?;
                let option = options.iter().find(|option| option.variant == *id)?;
                Some(Chosen { option, quantity })
            })
            .collect::<Option<_>>()?;
        let is_whole = wanted.next().is_none() && !parts.is_empty();
        is_whole.then_some(Choice {
            rule: self.rule,
            parts,
        })
    }

    /// What the bundle costs more (or less, when negative) with `variant` in a place of the choice;
    /// `None` when that cannot be had or priced.
    pub fn difference(
        &self,
        choice: &[VariantId],
        place: usize,
        variant: &VariantId,
    ) -> Option<Money> {
        let mut other = choice.to_vec();
        *other.get_mut(place)? = variant.clone();
        let price = |choice: &[VariantId]| Some(self.chosen(choice)?.price()?.price);
        price(&other)?.minus(price(choice)?).ok()
    }

    /// Another choice that can be had `sets` times, `left` saying how many pieces there are of an
    /// option. As few parts as possible are swapped, one after the other, each for what changes the
    /// price least. `None` when no swap helps, or none is needed.
    pub fn swap(
        &self,
        choice: &[VariantId],
        sets: u32,
        left: &dyn Fn(&PartOption) -> u32,
    ) -> Option<Vec<VariantId>> {
        let mut swapped = choice.to_vec();
        // Every round mends a place for good, so there are no more rounds than places.
        for _ in 0..=choice.len() {
            let chosen = self.chosen(&swapped)?;
            let Some(short) = chosen.short(sets, left) else {
                return (swapped != choice).then(|| self.choice(&swapped));
            };
            swapped = self.without(&swapped, &short.variant, sets, left)?;
        }
        None
    }

    /// The choice with one place of a short variant swapped for what changes the price least and
    /// is not short itself.
    fn without(
        &self,
        choice: &[VariantId],
        short: &VariantId,
        sets: u32,
        left: &dyn Fn(&PartOption) -> u32,
    ) -> Option<Vec<VariantId>> {
        let before = self.chosen(choice)?.price()?.price.amount;
        let mut best: Option<(i64, Vec<VariantId>)> = None;
        for (place, (_, options)) in self.places().enumerate() {
            if choice.get(place) != Some(short) {
                continue;
            }
            for option in options.iter().filter(|option| option.variant != *short) {
                let mut other = choice.to_vec();
                if let Some(there) = other.get_mut(place) {
                    *there = option.variant.clone();
                }
                let Some(chosen) = self.chosen(&other) else {
                    continue;
                };
                if chosen.pieces(&option.variant).saturating_mul(sets) > left(option) {
                    continue;
                }
                let Some(price) = chosen.price() else {
                    continue;
                };
                let change = (price.price.amount - before).abs();
                if best.as_ref().is_none_or(|(least, _)| change < *least) {
                    best = Some((change, other));
                }
            }
        }
        best.map(|(_, other)| other)
    }
}

impl<'a> Choice<'a> {
    /// What one set costs; `None` when this code does not know how that is made.
    pub fn price(&self) -> Option<SetPrice> {
        let alone = self
            .sum(|part| part.option.price.times(part.quantity).map(Some))
            .ok()??;
        let fixed = |price: Money| {
            let differences = self.sum(|part| Ok(part.option.difference)).ok()?;
            differences.map_or(Some(price), |differences| price.plus(differences).ok())
        };
        let price = match self.rule {
            PriceRule::Fixed { price } | PriceRule::AnyOf { price, .. } => fixed(price)?,
            PriceRule::Percentage { percent } => {
                alone.ratio(100_u32.saturating_sub(percent), 100)?
            }
            PriceRule::Unknown => return None,
        };
        (price.currency == alone.currency).then(|| SetPrice {
            alone,
            price: Money {
                amount: price.amount.clamp(0, alone.amount.max(0)),
                ..price
            },
        })
    }

    fn sum(
        &self,
        of: impl Fn(&Chosen<'a>) -> Result<Option<Money>, MoneyError>,
    ) -> Result<Option<Money>, MoneyError> {
        self.parts
            .iter()
            .try_fold(None, |sum: Option<Money>, part| {
                Ok(match (sum, of(part)?) {
                    (Some(sum), Some(more)) => Some(sum.plus(more)?),
                    (sum, more) => sum.or(more),
                })
            })
    }

    /// How many pieces of a variant are in one set, all its parts together.
    pub fn pieces(&self, variant: &VariantId) -> u32 {
        self.parts
            .iter()
            .filter(|part| part.option.variant == *variant)
            .fold(0, |sum, part| sum.saturating_add(part.quantity))
    }

    /// How many sets can be had, `left` saying how many pieces there are of an option.
    pub fn sets(&self, left: &dyn Fn(&PartOption) -> u32) -> u32 {
        self.scarcest(left).map_or(0, |(_, sets)| sets)
    }

    /// What runs out first, and after how many sets; the first of several.
    pub fn scarcest(&self, left: &dyn Fn(&PartOption) -> u32) -> Option<(&'a PartOption, u32)> {
        let sets = |part: &Chosen<'a>| {
            let pieces = self.pieces(&part.option.variant);
            (
                part.option,
                left(part.option).checked_div(pieces).unwrap_or(0),
            )
        };
        self.parts.iter().map(sets).min_by_key(|(_, sets)| *sets)
    }

    /// What is missing for so many sets; `None` when nothing is.
    pub fn short(&self, sets: u32, left: &dyn Fn(&PartOption) -> u32) -> Option<&'a PartOption> {
        let (scarcest, there) = self.scarcest(left)?;
        (there < sets).then_some(scarcest)
    }

    /// What somebody may be allergic to, each once.
    pub fn allergens(&self) -> Vec<Allergen> {
        let mut all = Vec::new();
        for allergen in self.parts.iter().flat_map(|part| &part.option.allergens) {
            if !all.contains(allergen) {
                all.push(*allergen);
            }
        }
        all
    }
}
