//! What neighbours put into the same basket: association rules, mined with Apriori (Agrawal and
//! Srikant, "Fast Algorithms for Mining Association Rules", VLDB 1994). Only a backend calls this.

use crate::id::ProductId;
use std::collections::{BTreeMap, BTreeSet};

/// Who buys these, buys those too.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rule {
    /// These.
    pub given: Vec<ProductId>,
    /// Those.
    pub then: Vec<ProductId>,
    /// How many baskets have all of them.
    pub together: u32,
    /// How many have these.
    pub with_given: u32,
    /// How many have those.
    pub with_then: u32,
    /// How many baskets there are.
    pub baskets: u32,
}

impl Rule {
    /// Of a thousand baskets, how many have all of them; rounded.
    pub fn support(&self) -> u32 {
        rounded(u128::from(self.together) * 1_000, u128::from(self.baskets))
    }

    /// Of a thousand baskets with these, how many have those too; rounded.
    pub fn confidence(&self) -> u32 {
        rounded(
            u128::from(self.together) * 1_000,
            u128::from(self.with_given),
        )
    }

    /// How much more often they are together than by chance, in hundredths; rounded. 100 is chance
    /// itself.
    pub fn lift(&self) -> u32 {
        rounded(
            u128::from(self.together) * u128::from(self.baskets) * 100,
            u128::from(self.with_given) * u128::from(self.with_then),
        )
    }
}

fn rounded(part: u128, whole: u128) -> u32 {
    let exact = (part + whole / 2).checked_div(whole).unwrap_or(0);
    u32::try_from(exact).unwrap_or(u32::MAX)
}

/// What a rule must reach to be told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AtLeast {
    /// So many baskets have all of it; at least 1. What two neighbours did once is no rule, and
    /// would tell of them.
    pub together: u32,
    /// See [`Rule::confidence`], exactly.
    pub confidence: u32,
    /// See [`Rule::lift`], exactly.
    pub lift: u32,
    /// The most products in one rule, both sides together.
    pub products: usize,
}

/// Products of one basket, by their places in the list of all; ascending.
type Set = Vec<u32>;

/// All rules that reach what they must, the surest first: by confidence, then by lift, then by their
/// products. What stands in a basket twice counts once.
pub fn rules(baskets: &[Vec<ProductId>], at_least: &AtLeast) -> Vec<Rule> {
    let products: Vec<&ProductId> = {
        let all: BTreeSet<_> = baskets.iter().flatten().collect();
        all.into_iter().collect()
    };
    let place = |product: &ProductId| {
        let place = products.binary_search(&product).ok()?;
        u32::try_from(place).ok()
    };
    let baskets: Vec<BTreeSet<u32>> = baskets
        .iter()
        .map(|basket| basket.iter().filter_map(place).collect())
        .collect();
    let frequent = frequent(&baskets, at_least);
    let named = |set: &Set| -> Vec<ProductId> {
        let name = |place: &u32| products.get(*place as usize).map(|name| (*name).clone());
        set.iter().filter_map(name).collect()
    };
    let all = u32::try_from(baskets.len()).unwrap_or(u32::MAX);
    let mut rules = Vec::new();
    for (set, together) in frequent.iter().filter(|(set, _)| set.len() > 1) {
        for (given, then) in splits(set) {
            let (Some(with_given), Some(with_then)) = (frequent.get(&given), frequent.get(&then))
            else {
                continue;
            };
            let rule = Rule {
                given: named(&given),
                then: named(&then),
                together: *together,
                with_given: *with_given,
                with_then: *with_then,
                baskets: all,
            };
            if reaches(&rule, at_least) {
                rules.push(rule);
            }
        }
    }
    rules.sort_by(|one, other| {
        // Fractions are compared by multiplying crosswise; in the lift the together and the
        // baskets are common, what is left is the same way.
        let product = |a: u32, b: u32| u128::from(a) * u128::from(b);
        let sure =
            product(other.together, one.with_given).cmp(&product(one.together, other.with_given));
        let lift = (product(other.together, one.with_given) * u128::from(one.with_then))
            .cmp(&(product(one.together, other.with_given) * u128::from(other.with_then)));
        let names = (&one.given, &one.then).cmp(&(&other.given, &other.then));
        sure.then(lift).then(names)
    });
    rules
}

fn reaches(rule: &Rule, at_least: &AtLeast) -> bool {
    let (together, given) = (u128::from(rule.together), u128::from(rule.with_given));
    let expected = given * u128::from(rule.with_then);
    together * 1_000 >= u128::from(at_least.confidence) * given
        && together * u128::from(rule.baskets) * 100 >= u128::from(at_least.lift) * expected
}

/// All sets of products that are in enough baskets, with how many those are. A set is only looked
/// for when all its parts are frequent: then it is one product longer than a frequent one.
fn frequent(baskets: &[BTreeSet<u32>], at_least: &AtLeast) -> BTreeMap<Set, u32> {
    let mut all = BTreeMap::new();
    let mut counts: BTreeMap<Set, u32> = BTreeMap::new();
    for place in baskets.iter().flatten() {
        *counts.entry(vec![*place]).or_default() += 1;
    }
    for _ in 0..at_least.products {
        counts.retain(|_, count| *count >= at_least.together.max(1));
        if counts.is_empty() {
            break;
        }
        let mut longer: BTreeMap<Set, u32> = candidates(&counts)
            .into_iter()
            .map(|set| (set, 0))
            .collect();
        for basket in baskets {
            for (set, count) in &mut longer {
                if set.iter().all(|place| basket.contains(place)) {
                    *count += 1;
                }
            }
        }
        all.append(&mut counts);
        counts = longer;
    }
    all
}

/// Two sets that differ in their last product only make one that is longer.
fn candidates(sets: &BTreeMap<Set, u32>) -> Vec<Set> {
    let mut longer = Vec::new();
    for (at, one) in sets.keys().enumerate() {
        // Sets are sorted: those with the same beginning stand together.
        for other in sets.keys().skip(at + 1) {
            let (Some((last, begin)), Some((other_last, other_begin))) =
                (one.split_last(), other.split_last())
            else {
                continue;
            };
            if begin != other_begin {
                break;
            }
            let mut set = begin.to_vec();
            set.extend([*last, *other_last]);
            let is_possible = (0..set.len()).all(|without| {
                let mut part = set.clone();
                part.remove(without);
                sets.contains_key(&part)
            });
            if is_possible {
                longer.push(set);
            }
        }
    }
    longer
}

/// Every way to split a set in two, none of them empty.
fn splits(set: &Set) -> Vec<(Set, Set)> {
    let ways = 1_u32
        .checked_shl(u32::try_from(set.len()).unwrap_or(u32::MAX))
        .unwrap_or(0);
    (1..ways.saturating_sub(1))
        .map(|way| {
            let is_given = |at: usize| way & (1 << at) != 0;
            let side = |given: bool| {
                let places = set.iter().enumerate();
                let mine = places.filter(|(at, _)| is_given(*at) == given);
                mine.map(|(_, place)| *place).collect()
            };
            (side(true), side(false))
        })
        .collect()
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::indexing_slicing)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn baskets(baskets: &[&[&str]]) -> Vec<Vec<ProductId>> {
        let basket = |names: &&[&str]| names.iter().map(|name| ProductId::from(*name)).collect();
        baskets.iter().map(basket).collect()
    }

    /// Worked by hand. Of 10 baskets 5 have salmon, 6 quinoa, 4 lemon; 4 have salmon and quinoa, 3
    /// salmon and lemon, 3 quinoa and lemon, 3 all three.
    fn morning() -> Vec<Vec<ProductId>> {
        baskets(&[
            &["salmon", "quinoa", "lemon"],
            &["salmon", "quinoa", "lemon", "salmon"],
            &["lemon", "quinoa", "salmon"],
            &["salmon", "quinoa"],
            &["salmon"],
            &["quinoa"],
            &["quinoa", "egg"],
            &["lemon"],
            &["egg"],
            &[],
        ])
    }

    #[test]
    fn a_morning_worked_by_hand() {
        let at_least = AtLeast {
            together: 3,
            confidence: 600,
            lift: 120,
            products: 3,
        };
        let found = rules(&morning(), &at_least);
        let told: Vec<_> = found
            .iter()
            .map(|rule| {
                let names = |ids: &[ProductId]| {
                    ids.iter()
                        .map(ProductId::as_str)
                        .collect::<Vec<_>>()
                        .join("+")
                };
                format!(
                    "{} > {}: {} {} {}",
                    names(&rule.given),
                    names(&rule.then),
                    rule.support(),
                    rule.confidence(),
                    rule.lift()
                )
            })
            .collect();
        assert_eq!(
            told,
            [
                // 3/3, and 10×3/(3×5), 10×3/(3×6).
                "lemon+quinoa > salmon: 300 1000 200",
                "lemon+salmon > quinoa: 300 1000 167",
                // 4/5, and 10×4/(5×6).
                "salmon > quinoa: 400 800 133",
                // 3/4; those of the larger lift first: 10×3/(4×4), 10×3/(4×4), 10×3/(4×5), 10×3/(4×6).
                "lemon > quinoa+salmon: 300 750 188",
                "quinoa+salmon > lemon: 300 750 188",
                "lemon > salmon: 300 750 150",
                "lemon > quinoa: 300 750 125",
                // 4/6.
                "quinoa > salmon: 400 667 133",
                // 3/5: of five neighbours with salmon three also take quinoa and lemon.
                "salmon > lemon+quinoa: 300 600 200",
                "salmon > lemon: 300 600 150",
            ]
        );
    }

    #[test]
    fn nothing_comes_of_nothing() {
        let all = AtLeast {
            together: 0,
            confidence: 0,
            lift: 0,
            products: 4,
        };
        assert_eq!(rules(&[], &all), []);
        assert_eq!(rules(&baskets(&[&["egg"], &[]]), &all), []);
    }

    /// Every rule there could be, counted basket by basket.
    fn brute_force(baskets: &[Vec<ProductId>], at_least: &AtLeast) -> Vec<Rule> {
        let all: BTreeSet<_> = baskets.iter().flatten().cloned().collect();
        let all: Vec<_> = all.into_iter().collect();
        let subset = |bits: u32| -> Vec<ProductId> {
            all.iter()
                .enumerate()
                .filter(|(at, _)| bits & (1 << at) != 0)
                .map(|(_, id)| id.clone())
                .collect()
        };
        let count = |bits: u32| {
            let set = subset(bits);
            baskets
                .iter()
                .filter(|basket| set.iter().all(|id| basket.contains(id)))
                .count() as u32
        };
        let mut found = Vec::new();
        for given in 1..1_u32 << all.len() {
            for then in (1..1_u32 << all.len()).filter(|then| then & given == 0) {
                let rule = Rule {
                    given: subset(given),
                    then: subset(then),
                    together: count(given | then),
                    with_given: count(given),
                    with_then: count(then),
                    baskets: baskets.len() as u32,
                };
                let (together, expected) = (
                    f64::from(rule.together),
                    f64::from(rule.with_given) * f64::from(rule.with_then),
                );
                let is_told = rule.together >= at_least.together.max(1)
                    && (given | then).count_ones() as usize <= at_least.products
                    && together * 1_000.0
                        >= f64::from(at_least.confidence) * f64::from(rule.with_given)
                    && together * f64::from(rule.baskets) * 100.0
                        >= f64::from(at_least.lift) * expected;
                if is_told {
                    found.push(rule);
                }
            }
        }
        found
    }

    proptest! {
        #[test]
        fn finds_what_brute_force_finds(
            picked in proptest::collection::vec(proptest::collection::vec(0_u8..5, 0..5), 0..14),
            together in 0_u32..4, confidence in 0_u32..1_000, lift in 0_u32..200, products in 1_usize..5,
        ) {
            let baskets: Vec<Vec<ProductId>> = picked
                .iter()
                .map(|basket| basket.iter().map(|name| format!("p{name}").into()).collect())
                .collect();
            let at_least = AtLeast { together, confidence, lift, products };
            let found = rules(&baskets, &at_least);
            for pair in found.windows(2) {
                prop_assert!(pair[0].confidence() >= pair[1].confidence());
            }
            let by_name = |mut rules: Vec<Rule>| {
                rules.sort_by(|one, other| (&one.given, &one.then).cmp(&(&other.given, &other.then)));
                rules
            };
            prop_assert_eq!(by_name(found), by_name(brute_force(&baskets, &at_least)));
        }
    }
}
