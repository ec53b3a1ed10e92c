//! The cart: written down first, shown after, followed by the other tabs of this browser.

use super::Stores;
use super::session::MET;
use crate::browser::storage;
use crate::view::task;
use client::{Error, Source};
use domain::cart::{Draft, DraftBundle, DraftLine};
use domain::catalog::{Picture, Variant};
use domain::id::{CouponId, ProductId, VariantId};
use domain::member::MemberCart;
use domain::money::Money;
use domain::order::OrderRequest;
use domain::pricing::{Quote, QuoteBundle, QuoteLine, QuoteRequest, WantedBundle, WantedLine};
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
    /// The coupons that the shopper chose; `None` for those that save most.
    pub coupons: RwSignal<Option<Vec<CouponId>>>,
    /// Whether points are to pay a part of it.
    pub use_points: RwSignal<bool>,
    asked: StoredValue<u32>,
    /// While it meets the member's other phones: whether it is to meet them once more.
    meeting: StoredValue<Option<bool>>,
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
            coupons: RwSignal::new(None),
            use_points: RwSignal::new(false),
            asked: StoredValue::new(0),
            meeting: StoredValue::new(None),
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

    /// Puts a bundle in, as it was chosen. Returns how many pieces there are now.
    pub fn add_bundle(&self, bundle: DraftBundle) -> u32 {
        self.change(|draft| draft.add_bundle(bundle));
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

    /// Sets how many sets of a bundle are wanted; 0 takes it out.
    pub fn set_bundle(&self, bundle: &DraftBundle, quantity: u32) {
        self.change(|draft| draft.set_bundle(&bundle.bundle, &bundle.choice, quantity));
    }

    /// Puts another choice of a bundle, or another price, in the place of what was there.
    pub fn swap(&self, choice: &[VariantId], with: DraftBundle) {
        self.change(|draft| draft.swap(choice, with));
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

    /// Takes out what was ordered, as far as it was. The backend has done the same with the cart that
    /// it keeps, so what both had when they met last is without it too.
    pub fn take_out(&self, order: &OrderRequest) {
        self.choose_anew();
        if let Some(mut met) = storage::read::<MemberCart>(MET) {
            met.take_out(&order.cart());
            storage::write(MET, &met);
        }
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
            for ordered in &order.bundles {
                let there = draft.sets(&ordered.bundle, &ordered.choice);
                let rest = there.saturating_sub(ordered.quantity);
                draft.set_bundle(&ordered.bundle, &ordered.choice, rest);
            }
        });
    }

    /// What is in it, as the backend wants it.
    pub fn wanted(&self) -> MemberCart {
        self.with(|draft| {
            let line = |line: &DraftLine| WantedLine {
                variant: line.variant.clone(),
                quantity: line.quantity,
                seen: Some(line.price),
            };
            let bundle = |bundle: &DraftBundle| WantedBundle {
                bundle: bundle.bundle.clone(),
                choice: bundle.choice.clone(),
                quantity: bundle.quantity,
                seen: Some(bundle.price),
            };
            MemberCart {
                lines: draft.lines.iter().map(line).collect(),
                bundles: draft.bundles.iter().map(bundle).collect(),
            }
        })
    }

    /// What a quote is asked for.
    pub fn request(&self) -> QuoteRequest {
        let MemberCart { lines, bundles } = self.wanted();
        QuoteRequest {
            lines,
            bundles,
            coupons: self.coupons.get(),
            use_points: self.use_points.get(),
        }
    }

    /// Asks the backend what it costs. The newest question counts.
    pub fn ask_quote(&self, request: QuoteRequest, stores: Stores) {
        let cart = *self;
        cart.asked.update_value(|asked| *asked += 1);
        let this = cart.asked.get_value();
        cart.quoting.set(Quoting::Waiting);
        if request.lines.is_empty() && request.bundles.is_empty() {
            return;
        }
        task(async move {
            let client = stores.client();
            let answer = client.orders().quote(&request).await;
            if cart.asked.get_value() == this {
                cart.quoting.set(match answer {
                    Ok(quote) => Quoting::Here(quote),
                    Err(error) => Quoting::Failed(error),
                });
            }
        });
    }

    /// Meets the cart that the member has on other phones, here and there. Where that cannot be
    /// now, nothing is lost on either side, and the next change tries again.
    pub fn meet(&self, stores: Stores) {
        let cart = *self;
        if cart.meeting.get_value().is_some() {
            cart.meeting.set_value(Some(true));
            return;
        }
        task(async move {
            let mut again = true;
            while again && untrack(|| stores.session.is_open()) {
                cart.meeting.set_value(Some(false));
                if let Err(error) = cart.meet_once(stores).await {
                    stores.session.heed(&error);
                    leptos::logging::warn!("the cart is kept on this device only: {error}");
                }
                again = cart.meeting.get_value() == Some(true);
            }
            cart.meeting.set_value(None);
        });
    }

    async fn meet_once(&self, stores: Stores) -> Result<(), Error> {
        let client = stores.client();
        let there = client.members().cart().await?;
        if let Source::LastCopy { because, .. } = there.source {
            return Err(because);
        }
        let there = there.value;
        let here = untrack(|| self.with(Clone::clone));
        // What is not known here yet is shown as the backend has it.
        let new = QuoteRequest {
            lines: missing(&there.lines, |line| here.quantity(&line.variant)),
            bundles: missing(&there.bundles, |it| here.sets(&it.bundle, &it.choice)),
            ..QuoteRequest::default()
        };
        let mut other = Draft::default();
        if !new.lines.is_empty() || !new.bundles.is_empty() {
            let quote = client.orders().quote(&new).await?;
            other.lines = quote.lines.into_iter().filter_map(drafted).collect();
            other.bundles = quote
                .bundles
                .into_iter()
                .filter_map(drafted_bundle)
                .collect();
        }
        for line in here.lines {
            let mut there = there.lines.iter();
            if let Some(there) = there.find(|there| there.variant == line.variant) {
                let quantity = there.quantity;
                other.lines.push(DraftLine { quantity, ..line });
            }
        }
        for bundle in here.bundles {
            let mut there = there.bundles.iter();
            let is_it =
                |it: &&WantedBundle| it.bundle == bundle.bundle && it.choice == bundle.choice;
            if let Some(there) = there.find(is_it) {
                let quantity = there.quantity;
                other.bundles.push(DraftBundle { quantity, ..bundle });
            }
        }
        // Whoever left meanwhile takes nothing along.
        if !untrack(|| stores.session.is_open()) {
            return Ok(());
        }
        let before = storage::read::<MemberCart>(MET).unwrap_or_default();
        self.change(|draft| draft.meet(other, &before));
        let cart = untrack(|| self.wanted());
        if cart != there {
            client.members().keep_cart(&cart).await?;
        }
        if untrack(|| stores.session.is_open()) {
            storage::write(MET, &cart);
        }
        Ok(())
    }

    /// Whether it is as it was when it met the member's other phones.
    pub fn has_met(&self) -> bool {
        storage::read::<MemberCart>(MET).is_some_and(|met| met == untrack(|| self.wanted()))
    }

    /// Forgets which coupons were chosen, and whether points were: they were for one order of one
    /// member.
    pub fn choose_anew(&self) {
        self.coupons.set(None);
        self.use_points.set(false);
    }

    /// Forgets it on this device.
    pub fn forget(&self) {
        storage::forget(KEY);
        self.only_here.set(false);
        self.choose_anew();
        self.show(Draft::default());
    }

    fn change(&self, change: impl FnOnce(&mut Draft)) {
        // Another tab may have written since: begin with what is kept, unless it could not be.
        let mut draft = match storage::read(KEY) {
            Some(kept) if !self.only_here.get_untracked() => kept,
            _ => self.draft.get_untracked(),
        };
        change(&mut draft);
        if draft.is_empty() {
            self.forget();
            return;
        }
        self.only_here.set(!storage::write(KEY, &draft));
        self.show(draft);
    }

    /// Tells those who look at it, if it is another one.
    fn show(&self, draft: Draft) {
        if self.draft.with_untracked(|shown| *shown != draft) {
            self.draft.set(draft);
        }
    }
}

/// What `here` has nothing of.
fn missing<T: Clone>(there: &[T], here: impl Fn(&T) -> u32) -> Vec<T> {
    there.iter().filter(|row| here(row) == 0).cloned().collect()
}

/// A bundle as the backend has it; `None` when it is no longer sold like this.
fn drafted_bundle(quoted: QuoteBundle) -> Option<DraftBundle> {
    let names = quoted.parts.into_iter();
    Some(DraftBundle {
        bundle: quoted.bundle,
        choice: quoted.choice,
        quantity: quoted.quantity,
        name: quoted.name?,
        parts: names
            .filter_map(|part| part.item)
            .map(|item| item.name)
            .collect(),
        price: quoted.unit_price?,
        picture: quoted.picture,
    })
}

/// A line as the backend has it; `None` when it is no longer sold.
fn drafted(line: QuoteLine) -> Option<DraftLine> {
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
}
