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
    /// option. One swap where one is enough, else one part after the other, each for what changes
    /// the price least. `None` when no swap helps, or none is needed.
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

    /// The choice with one place of a short variant swapped for what is not short itself: best for
    /// what mends all at once, then for what changes the price least.
    fn without(
        &self,
        choice: &[VariantId],
        short: &VariantId,
        sets: u32,
        left: &dyn Fn(&PartOption) -> u32,
    ) -> Option<Vec<VariantId>> {
        let before = self.chosen(choice)?.price()?.price.amount;
        let mut best: Option<((bool, i64), Vec<VariantId>)> = None;
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
                let change = (
                    chosen.short(sets, left).is_some(),
                    (price.price.amount - before).abs(),
                );
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

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::indexing_slicing)]
mod tests {
    use super::*;
    use crate::bundle::Part;
    use crate::catalog::Stock;
    use crate::shop::{Merchant, MerchantKind};
    use proptest::prelude::*;

    fn option(variant: &str, fen: i64, difference: i64) -> PartOption {
        PartOption {
            product: variant.into(),
            variant: variant.into(),
            name: variant.to_owned(),
            variant_name: String::new(),
            picture: None,
            price: Money::fen(fen),
            stock: Stock::of(9),
            difference: (difference != 0).then_some(Money::fen(difference)),
            arrived_at: None,
            allergens: Vec::new(),
        }
    }

    fn bundle(rule: PriceRule, parts: Vec<Part>) -> Bundle {
        Bundle {
            id: "b".into(),
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
            tasting: None,
        }
    }

    fn part(quantity: u32, options: Vec<PartOption>) -> Part {
        Part { quantity, options }
    }

    /// 健康轻食套餐, as it is drawn.
    fn light(rule: PriceRule) -> Bundle {
        let mut salmon = option("salmon", 4_590, 0);
        salmon.allergens = vec![Allergen::Fish];
        bundle(
            rule,
            vec![
                part(1, vec![salmon, option("chicken", 3_500, -800)]),
                part(1, vec![option("quinoa", 1_960, 0)]),
                part(
                    1,
                    vec![option("lemon", 690, 0), option("avocado", 1_280, 300)],
                ),
            ],
        )
    }

    const FIXED: PriceRule = PriceRule::Fixed {
        price: Money::fen(5_980),
    };

    fn ids(names: &[&str]) -> Vec<VariantId> {
        names.iter().map(|name| VariantId::from(*name)).collect()
    }

    fn price(bundle: &Bundle, names: &[&str]) -> (i64, i64) {
        let price = bundle.chosen(&ids(names)).unwrap().price().unwrap();
        assert_eq!(
            price.saved().amount,
            price.alone.amount - price.price.amount
        );
        (price.alone.amount, price.price.amount)
    }

    #[test]
    fn every_swap_has_its_difference() {
        let light = light(FIXED);
        assert_eq!(
            price(&light, &["salmon", "quinoa", "lemon"]),
            (7_240, 5_980)
        );
        assert_eq!(
            price(&light, &["chicken", "quinoa", "avocado"]),
            (6_740, 5_480)
        );
        let choice = ids(&["salmon", "quinoa", "lemon"]);
        let difference = |place, to: &str| light.difference(&choice, place, &to.into());
        assert_eq!(difference(0, "chicken"), Some(Money::fen(-800)));
        assert_eq!(difference(2, "avocado"), Some(Money::fen(300)));
        assert_eq!(difference(1, "avocado"), None);
        assert_eq!(difference(3, "avocado"), None);
    }

    #[test]
    fn a_percentage_goes_by_the_parts_and_nothing_costs_more_than_alone() {
        let light = light(PriceRule::Percentage { percent: 15 });
        assert_eq!(
            price(&light, &["salmon", "quinoa", "lemon"]),
            (7_240, 6_154)
        );
        let dear = bundle(
            PriceRule::Fixed {
                price: Money::fen(900),
            },
            vec![part(2, vec![option("egg", 100, 0)])],
        );
        assert_eq!(price(&dear, &["egg"]), (200, 200));
        let newer = bundle(
            PriceRule::Unknown,
            vec![part(1, vec![option("egg", 100, 0)])],
        );
        assert_eq!(newer.chosen(&ids(&["egg"])).unwrap().price(), None);
    }

    fn any_three() -> Bundle {
        let rule = PriceRule::AnyOf {
            count: 3,
            price: Money::fen(1_000),
        };
        let pool = vec![
            option("apple", 400, 0),
            option("pear", 500, 0),
            option("mango", 900, 300),
        ];
        bundle(rule, vec![part(1, pool)])
    }

    #[test]
    fn any_so_many_are_picked_in_any_order() {
        let any = any_three();
        assert_eq!(price(&any, &["mango", "apple", "mango"]), (2_200, 1_600));
        let one_way = any.choice(&ids(&["mango", "apple", "mango"]));
        assert_eq!(one_way, ids(&["apple", "mango", "mango"]));
        assert_eq!(any.choice(&[]), ids(&["apple", "apple", "apple"]));
        assert!(any.chosen(&ids(&["apple", "pear"])).is_none());
        assert!(any.chosen(&ids(&["apple", "pear", "kiwi"])).is_none());
        let left = |_: &PartOption| 7;
        assert_eq!(any.chosen(&one_way).unwrap().sets(&left), 3);
    }

    #[test]
    fn an_unknown_choice_becomes_what_one_gets() {
        let light = light(FIXED);
        let asked = ids(&["chicken", "rice", "lemon", "more"]);
        assert_eq!(light.choice(&asked), ids(&["chicken", "quinoa", "lemon"]));
        assert!(light.chosen(&asked).is_none());
    }

    #[test]
    fn names_what_is_short_and_the_swap_that_helps() {
        let light = light(FIXED);
        let choice = ids(&["salmon", "quinoa", "lemon"]);
        let left = |option: &PartOption| match option.variant.as_str() {
            "lemon" => 1,
            "salmon" => 3,
            _ => 9,
        };
        let chosen = light.chosen(&choice).unwrap();
        assert_eq!(chosen.allergens(), [Allergen::Fish]);
        assert_eq!(chosen.sets(&left), 1);
        assert_eq!(chosen.short(1, &left).map(|short| &short.variant), None);
        let short = chosen.short(2, &left).unwrap();
        assert_eq!(short.variant.as_str(), "lemon");
        let swap = |sets| light.swap(&choice, sets, &left);
        assert_eq!(swap(1), None);
        assert_eq!(swap(2), Some(ids(&["salmon", "quinoa", "avocado"])));
        assert_eq!(swap(4), Some(ids(&["chicken", "quinoa", "avocado"])));
        assert_eq!(swap(10), None);
    }

    /// Parts that draw on the same few variants.
    fn any_bundle() -> impl Strategy<Value = Bundle> {
        let options = proptest::collection::btree_map(0_u8..6, (1_i64..5_000, -500_i64..500), 1..4);
        let parts = proptest::collection::vec((1_u32..4, options), 1..5);
        (parts, 0_u32..3, 0_i64..10_000, 1_u32..5).prop_map(|(parts, rule, fen, count)| {
            let price = Money::fen(fen);
            let rule = match rule {
                0 => PriceRule::Fixed { price },
                1 => PriceRule::Percentage {
                    percent: count * 20,
                },
                _ => PriceRule::AnyOf { count, price },
            };
            let parts = parts
                .into_iter()
                .map(|(quantity, options)| {
                    let options = options.into_iter().map(|(name, (fen, difference))| {
                        option(&format!("v{name}"), fen, difference)
                    });
                    part(quantity, options.collect())
                })
                .collect();
            bundle(rule, parts)
        })
    }

    proptest! {
        #[test]
        fn a_bundle_never_costs_more_than_its_parts(bundle in any_bundle(), asked in proptest::collection::vec(0_u8..7, 0..6)) {
            let asked: Vec<VariantId> = asked.iter().map(|name| format!("v{name}").into()).collect();
            let choice = bundle.choice(&asked);
            prop_assert_eq!(&bundle.choice(&choice), &choice);
            let price = bundle.chosen(&choice).unwrap().price().unwrap();
            prop_assert!((0..=price.alone.amount).contains(&price.price.amount));
        }

        #[test]
        fn so_many_sets_are_there_and_no_more(bundle in any_bundle(), stock in proptest::collection::vec(0_u32..30, 6)) {
            let left = |option: &PartOption| stock[usize::from(option.variant.as_str().as_bytes()[1] - b'0')];
            let chosen_of = bundle.choice(&[]);
            let chosen = bundle.chosen(&chosen_of).unwrap();
            let fits = |sets: u32| chosen.parts.iter().all(|part| chosen.pieces(&part.option.variant) * sets <= left(part.option));
            let sets = chosen.sets(&left);
            prop_assert!(fits(sets) && !fits(sets + 1));
            prop_assert!(chosen.short(sets, &left).is_none() && chosen.short(sets + 1, &left).is_some());
        }

        #[test]
        fn a_swap_that_is_offered_helps(bundle in any_bundle(), stock in proptest::collection::vec(0_u32..12, 6), sets in 1_u32..4) {
            let left = |option: &PartOption| stock[usize::from(option.variant.as_str().as_bytes()[1] - b'0')];
            let choice = bundle.choice(&[]);
            let short = bundle.chosen(&choice).unwrap().short(sets, &left);
            match bundle.swap(&choice, sets, &left) {
                Some(swapped) => {
                    prop_assert!(short.is_some());
                    prop_assert!(bundle.chosen(&swapped).unwrap().sets(&left) >= sets);
                    prop_assert_eq!(&bundle.choice(&swapped), &swapped);
                }
                None => {
                    // Then no single swap would have helped either.
                    for (place, (_, options)) in bundle.places().enumerate() {
                        for option in options.iter().filter(|_| short.is_some()) {
                            let mut other = choice.clone();
                            other[place] = option.variant.clone();
                            prop_assert!(bundle.chosen(&other).unwrap().sets(&left) < sets);
                        }
                    }
                }
            }
        }
    }
}
