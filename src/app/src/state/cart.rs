//! The cart: written down first, shown after, followed by the other tabs of this browser.

use super::Stores;
use super::session::UNMERGED;
use crate::browser::storage;
use crate::view::task;
use client::Error;
use domain::cart::{Draft, DraftBundle, DraftLine};
use domain::catalog::{Picture, Variant};
use domain::id::{ProductId, VariantId};
use domain::member::MemberCart;
use domain::money::Money;
use domain::order::OrderRequest;
use domain::pricing::{Quote, QuoteLine, QuoteRequest, WantedLine};
use leptos::prelude::*;

const KEY: &str = "cart";

/// What the shopper means to buy.
#[derive(Clone, Copy, Debug)]
pub struct Cart {
    draft: RwSignal<Draft>,
    /// Whether the device refused to keep it: then it lives in this page only, and says so.
    pub only_here: RwSignal<bool>,
    /// What the backend has said of it.
    pub quoting: RwSignal<Quoting>,
    asked: StoredValue<u32>,
}

/// What the backend has said of the cart.
#[derive(Clone, Debug)]
pub enum Quoting {
    /// It was asked, or will be.
    Waiting,
    /// Its prices. They are of exactly these lines: whatever changes the cart asks anew.
    Here(Quote),
    /// It gave none.
    Failed(Error),
}

impl Cart {
    pub(super) fn restore() -> Self {
        let cart = Self {
            draft: RwSignal::new(storage::read(KEY).unwrap_or_default()),
            only_here: RwSignal::new(false),
            quoting: RwSignal::new(Quoting::Waiting),
            asked: StoredValue::new(0),
        };
        storage::on_change(KEY, move || {
            cart.draft.set(storage::read(KEY).unwrap_or_default())
        });
        cart
    }

    /// The lines, in the order they were put in.
    pub fn lines(&self) -> Vec<DraftLine> {
        self.draft.with(|draft| draft.lines.clone())
    }

    /// How many pieces there are.
    pub fn pieces(&self) -> u32 {
        self.draft.with(Draft::pieces)
    }

    /// The draft, read once.
    pub fn with<T>(&self, read: impl FnOnce(&Draft) -> T) -> T {
        self.draft.with(read)
    }

    /// Puts so many of a variant in. Returns how many pieces there are now.
    pub fn add(
        &self,
        product: &ProductId,
        name: &str,
        picture: Option<&Picture>,
        variant: &Variant,
        quantity: u32,
    ) -> u32 {
        self.change(|draft| {
            draft.add(DraftLine {
                product: product.clone(),
                variant: variant.id.clone(),
                quantity,
                name: name.to_owned(),
                variant_name: variant.name.clone(),
                price: variant.price,
                picture: picture.cloned(),
            });
        });
        self.draft.with_untracked(Draft::pieces)
    }

    /// Puts a line back that was taken out.
    pub fn put_back(&self, line: DraftLine) {
        self.change(|draft| draft.add(line));
    }

    /// Sets how many are wanted; 0 takes the line out.
    pub fn set(&self, variant: &VariantId, quantity: u32) {
        self.change(|draft| draft.set(variant, quantity));
    }

    /// Takes the price that the backend says now for the one that was seen.
    pub fn accept(&self, variant: &VariantId, price: Money) {
        self.change(|draft| {
            for line in &mut draft.lines {
                if line.variant == *variant {
                    line.price = price;
                }
            }
        });
    }

    /// Takes out what was ordered, as far as it was.
    pub fn take_out(&self, order: &OrderRequest) {
        self.change(|draft| {
            for ordered in &order.lines {
                let there = draft
                    .lines
                    .iter()
                    .find(|line| line.variant == ordered.variant);
                // What was put in since stays.
                let rest = there.map(|line| line.quantity.saturating_sub(ordered.quantity));
                draft.set(&ordered.variant, rest.unwrap_or_default());
            }
        });
    }

    /// The lines as the backend wants them.
    pub fn wanted(&self) -> Vec<WantedLine> {
        self.with(|draft| {
            let wanted = |line: &DraftLine| WantedLine {
                variant: line.variant.clone(),
                quantity: line.quantity,
                seen: Some(line.price),
            };
            draft.lines.iter().map(wanted).collect()
        })
    }

    /// Asks the backend what these lines cost. The newest question counts.
    pub fn ask_quote(&self, lines: Vec<WantedLine>, stores: Stores) {
        let cart = *self;
        cart.asked.update_value(|asked| *asked += 1);
        let this = cart.asked.get_value();
        cart.quoting.set(Quoting::Waiting);
        if lines.is_empty() {
            return;
        }
        task(async move {
            let client = stores.client();
            let request = QuoteRequest {
                lines,
                ..QuoteRequest::default()
            };
            let answer = client.orders().quote(&request).await;
            if cart.asked.get_value() == this {
                cart.quoting.set(match answer {
                    Ok(quote) => Quoting::Here(quote),
                    Err(error) => Quoting::Failed(error),
                });
            }
        });
    }

    /// Brings this cart and the one that the member has elsewhere together. What could not be
    /// brought here stays there, and is asked for again before anything is put in its place.
    pub fn merge(&self, stores: Stores) {
        let cart = *self;
        storage::write(UNMERGED, &true);
        task(async move {
            let client = stores.client();
            let Ok(there) = client.members().cart().await else {
                return;
            };
            let lines = there.value.lines;
            let mut other = Draft::default();
            if !lines.is_empty() {
                let request = QuoteRequest {
                    lines,
                    ..QuoteRequest::default()
                };
                let Ok(quote) = client.orders().quote(&request).await else {
                    return;
                };
                let line = |line: QuoteLine| {
                    let item = line.item?;
                    Some(DraftLine {
                        product: item.product,
                        variant: line.variant,
                        quantity: line.quantity,
                        name: item.name,
                        variant_name: item.variant_name,
                        price: line.unit_price?,
                        picture: item.picture,
                    })
                };
                other.lines = quote.lines.into_iter().filter_map(line).collect();
            }
            storage::forget(UNMERGED);
            cart.change(|draft| draft.merge(other));
            cart.keep_there(stores);
        });
    }

    /// Keeps the cart at the backend too, so that the member has it on every phone.
    pub fn keep_there(&self, stores: Stores) {
        if storage::read::<bool>(UNMERGED).is_some() {
            self.merge(stores);
            return;
        }
        let lines = untrack(|| self.wanted());
        task(async move {
            // Another chance comes with the next change; here nothing is lost.
            let cart = MemberCart {
                lines,
                ..MemberCart::default()
            };
            if let Err(error) = stores.client().members().keep_cart(&cart).await {
                leptos::logging::warn!("the cart is kept on this device only: {error}");
            }
        });
    }

    /// Forgets it on this device.
    pub fn forget(&self) {
        storage::forget(KEY);
        self.draft.set(Draft::default());
    }

    /// Puts so many sets of a bundle in. Returns how many pieces there are now.
    pub fn add_bundle(&self, bundle: DraftBundle) -> u32 {
        self.change(|draft| draft.add_bundle(bundle));
        self.draft.with_untracked(Draft::pieces)
    }

    fn change(&self, change: impl FnOnce(&mut Draft)) {
        // Another tab may have written since: begin with what is kept, unless it could not be.
        let mut draft = match storage::read(KEY) {
            Some(kept) if !self.only_here.get_untracked() => kept,
            _ => self.draft.get_untracked(),
        };
        change(&mut draft);
        self.only_here.set(!storage::write(KEY, &draft));
        self.draft.set(draft);
    }
}
