//! A set of a bundle as the shopper packs it: which parts, how many sets. The choice lives in the
//! address, so that it can be passed on and survives a reload.

use crate::browser::address::{Address, address, go};
use crate::parts::product::bundle_path;
use crate::parts::share::Shared;
use domain::bundle::{Bundle, Part, PartOption, PriceRule};
use domain::cart::{DraftBundle, MAX_QUANTITY};
use domain::catalog::Picture;
use domain::choice::{Choice, SetPrice};
use domain::id::VariantId;
use domain::money::Money;
use leptos::prelude::*;

/// How many pieces of an option can be had, as far as the shop tells.
pub fn left(option: &PartOption) -> u32 {
    if option.stock.available() {
        option.stock.most()
    } else {
        0
    }
}

/// What keeps somebody from having more sets, and what helps.
#[derive(Clone, Debug, PartialEq)]
pub struct Short {
    /// What there is not enough of.
    pub name: String,
    /// For how many sets there is enough.
    pub sets: u32,
    /// Whether not even the fewest sets can be had.
    pub is_blocking: bool,
    /// Another choice, of which there is enough.
    pub swap: Option<Swap>,
}

/// Another choice.
#[derive(Clone, Debug, PartialEq)]
pub struct Swap {
    /// The whole of it.
    pub choice: Vec<VariantId>,
    /// What comes in.
    pub names: Vec<String>,
    /// What a set costs more (or less, when negative).
    pub difference: Option<Money>,
}

/// The set as it is packed.
#[derive(Clone, Copy, Debug)]
pub struct Packing {
    bundle: StoredValue<Bundle>,
    address: RwSignal<Address>,
    choice: Memo<Vec<VariantId>>,
    sets: RwSignal<u32>,
}

impl Packing {
    /// The set that the address asks for.
    pub fn new(bundle: Bundle) -> Self {
        let address = address();
        let sets = RwSignal::new(least(&bundle));
        let bundle = StoredValue::new(bundle);
        let choice = Memo::new(move |_| {
            let text = address.with(|address| address.parameter("choice"));
            bundle.with_value(|bundle| asked(bundle, &text.unwrap_or_default()))
        });
        Self {
            bundle,
            address,
            choice,
            sets,
        }
    }

    /// The bundle.
    pub fn bundle<T>(&self, read: impl FnOnce(&Bundle) -> T) -> T {
        self.bundle.with_value(read)
    }

    /// What is chosen, part by part; of a pool as much as was picked.
    pub fn choice(&self) -> Vec<VariantId> {
        self.choice.get()
    }

    /// The variant in a place of the choice.
    pub fn at(&self, place: usize) -> Option<VariantId> {
        self.choice.with(|choice| choice.get(place).cloned())
    }

    /// Chooses, which is no step of the way back.
    pub fn choose(&self, choice: &[VariantId]) {
        let path = self.bundle(|bundle| path(bundle, choice));
        go(self.address, &path, true);
    }

    /// Puts another variant into a place of the choice.
    pub fn put(&self, place: usize, variant: VariantId) {
        let mut choice = untrack(|| self.choice());
        if let Some(there) = choice.get_mut(place) {
            *there = variant;
            self.choose(&choice);
        }
    }

    /// The choice, when it is whole.
    pub fn chosen<T>(&self, read: impl FnOnce(&Choice<'_>) -> T) -> Option<T> {
        self.choice
            .with(|choice| self.bundle(|bundle| bundle.chosen(choice).map(|chosen| read(&chosen))))
    }

    /// What a set costs; nothing while the choice is not whole, or when this page cannot tell.
    pub fn price(&self) -> Option<SetPrice> {
        self.chosen(|chosen| chosen.price()).flatten()
    }

    /// How many have still to be picked from a pool.
    pub fn missing(&self) -> u32 {
        let picked = self.choice.with(Vec::len);
        let count = self.bundle(|bundle| match bundle.rule {
            PriceRule::AnyOf { count, .. } => count.min(MAX_QUANTITY) as usize,
            _ => 0,
        });
        count.saturating_sub(picked) as u32
    }

    /// The fewest sets that an order has.
    pub fn least(&self) -> u32 {
        self.bundle(least)
    }

    /// The most sets that can be had.
    pub fn most(&self) -> u32 {
        self.chosen(|chosen| chosen.sets(&left))
            .unwrap_or_default()
            .min(MAX_QUANTITY)
    }

    /// How many sets are left, where the shop tells.
    pub fn left(&self) -> Option<u32> {
        self.chosen(|chosen| {
            let (scarcest, sets) = chosen.scarcest(&left)?;
            let told = scarcest.stock.left.is_some() || !scarcest.stock.available();
            told.then_some(sets)
        })
        .flatten()
    }

    /// Whether there is not enough of what is chosen.
    pub fn is_sold_out(&self) -> bool {
        self.missing() == 0 && self.most() < self.least()
    }

    /// Whether it can be bought like this.
    pub fn is_there(&self) -> bool {
        self.most() >= self.least() && self.price().is_some()
    }

    /// How many sets are wanted.
    pub fn sets(&self) -> u32 {
        self.sets
            .get()
            .clamp(self.least(), self.most().max(self.least()))
    }

    /// Wants so many sets.
    pub fn want(&self, sets: u32) {
        self.sets.set(sets);
    }

    /// What there is not enough of: for the fewest sets, or for one more than are wanted when these
    /// are the last.
    pub fn short(&self) -> Option<Short> {
        let (least, most, sets) = (self.least(), self.most(), self.sets());
        let is_blocking = most < least;
        let needed = if is_blocking { least } else { sets + 1 };
        if needed <= most || needed > MAX_QUANTITY {
            return None;
        }
        let choice = self.choice();
        self.bundle(|bundle| {
            let chosen = bundle.chosen(&choice)?;
            let (scarcest, there) = chosen.scarcest(&left)?;
            let swap = bundle.swap(&choice, needed, &left).map(|other| {
                let names = bundle
                    .chosen(&other)
                    .map(|other| coming_in(&chosen, &other));
                let price = |choice: &[VariantId]| Some(bundle.chosen(choice)?.price()?.price);
                Swap {
                    difference: price(&other)
                        .zip(price(&choice))
                        .and_then(|(then, now)| then.minus(now).ok()),
                    names: names.unwrap_or_default(),
                    choice: other,
                }
            });
            (is_blocking || swap.is_some()).then(|| Short {
                name: scarcest.name.clone(),
                sets: there,
                is_blocking,
                swap,
            })
        })
    }

    /// What goes into the cart; nothing when it cannot be bought like this.
    pub fn draft(&self) -> Option<DraftBundle> {
        let price = self.price().filter(|_| self.is_there())?.price;
        let (choice, quantity) = (self.choice(), self.sets());
        let parts = self.chosen(names)?;
        self.bundle(|bundle| {
            Some(DraftBundle {
                bundle: bundle.id.clone(),
                choice,
                quantity,
                name: bundle.name.clone(),
                parts,
                price,
                picture: picture(bundle).cloned(),
            })
        })
    }

    /// What is passed on.
    pub fn shared(&self) -> Shared {
        let price = self.price();
        let parts = self.chosen(names);
        let choice = self.choice();
        self.bundle(|bundle| Shared {
            name: bundle.name.clone(),
            subtitle: parts.map_or_else(|| bundle.subtitle.clone(), |parts| parts.join(" · ")),
            price: price
                .map(|price| price.price.to_string())
                .unwrap_or_default(),
            picture: picture(bundle).map(|picture| picture.url.clone()),
            path: path(bundle, &choice),
        })
    }
}

/// What an address asks for, as far as it is offered.
fn asked(bundle: &Bundle, text: &str) -> Vec<VariantId> {
    let ids = text.split(',').filter(|id| !id.is_empty());
    let ids: Vec<VariantId> = ids.map(VariantId::from).collect();
    match (&bundle.rule, bundle.parts.as_slice()) {
        // Nobody picks for the shopper: what is missing stays missing.
        (PriceRule::AnyOf { count, .. }, [pool, ..]) => {
            let most = (*count).min(MAX_QUANTITY) as usize;
            picked(pool, |option| {
                ids.iter().filter(|id| **id == option.variant).count()
            })
            .take(most)
            .collect()
        }
        _ => bundle.choice(&ids),
    }
}

/// The picks from a pool, in the order of what is offered.
pub fn picked(
    pool: &Part,
    times: impl Fn(&PartOption) -> usize,
) -> impl Iterator<Item = VariantId> {
    pool.options
        .iter()
        .flat_map(move |option| std::iter::repeat_n(option.variant.clone(), times(option)))
}

/// The address of a choice; what one gets without choosing needs no saying.
fn path(bundle: &Bundle, choice: &[VariantId]) -> String {
    let path = bundle_path(&bundle.id);
    if asked(bundle, "") == choice {
        return path;
    }
    let ids: Vec<_> = choice
        .iter()
        .map(|id| client::endpoint::encode(id.as_str()))
        .collect();
    [&path, "?choice=", &ids.join(",")].concat()
}

fn least(bundle: &Bundle) -> u32 {
    bundle.minimum.clamp(1, MAX_QUANTITY)
}

/// The names of what was chosen, each once.
fn names(chosen: &Choice<'_>) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for part in &chosen.parts {
        if !names.contains(&part.option.name) {
            names.push(part.option.name.clone());
        }
    }
    names
}

/// The names of what another choice has more of.
fn coming_in(now: &Choice<'_>, then: &Choice<'_>) -> Vec<String> {
    let more = then
        .parts
        .iter()
        .filter(|part| then.pieces(&part.option.variant) > now.pieces(&part.option.variant));
    let mut names: Vec<String> = Vec::new();
    for part in more {
        if !names.contains(&part.option.name) {
            names.push(part.option.name.clone());
        }
    }
    names
}

/// The bundle's picture, or that of its first part.
fn picture(bundle: &Bundle) -> Option<&Picture> {
    let first = || bundle.parts.first()?.options.first()?.picture.as_ref();
    bundle.picture.as_ref().or_else(first)
}
