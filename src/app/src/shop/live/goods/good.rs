//! One of the show's goods as it is drawn, and the way into the cart.

use super::super::here::Here;
use crate::words::words;
use domain::catalog::Variant;
use domain::id::{ProductId, VariantId};
use domain::live::{Room, RoomGood};
use domain::money::Money;
use leptos::prelude::*;

/// Something that a room sells.
#[derive(Clone, Copy)]
pub struct Good {
    here: Here,
    /// It with what is left of it now, at the price that goes with the picture; nothing once it is not
    /// among the show's goods any more.
    pub now: Memo<Option<RoomGood>>,
}

impl Good {
    /// One of the goods of a room.
    pub fn of(here: Here, product: ProductId) -> Self {
        Self {
            here,
            now: here.good(product),
        }
    }

    /// Something of it.
    pub fn with<T>(self, look: impl FnOnce(&RoomGood) -> T) -> Option<T> {
        self.now.with(|good| good.as_ref().map(look))
    }

    /// The kind to show: the one asked for, else the first that can be had.
    pub fn variant(self, asked: Option<&VariantId>) -> Option<Variant> {
        self.with(|good| good.variant(asked).cloned()).flatten()
    }

    /// Whether one has to say which kind.
    pub fn is_several(self) -> bool {
        self.with(|good| good.variants.len() > 1).unwrap_or(false)
    }

    /// Whether any kind of it can be had.
    pub fn is_left(self) -> bool {
        let left = |good: &RoomGood| good.variants.iter().any(|one| one.stock.available());
        self.with(left).unwrap_or(false)
    }

    /// Puts so many of a kind into the cart, and says so. It costs what it costs now, as the till will
    /// say. Where that is more than what is seen, the line keeps what is seen: then the cart says that
    /// it has gone up.
    pub fn put_in(self, asked: Option<&VariantId>, quantity: u32) {
        let Some(good) = self.now.get_untracked() else {
            return;
        };
        let variant = good.variant(asked).filter(|one| one.stock.available());
        let Some(mut variant) = variant.cloned() else {
            return;
        };
        let is_less = |now: &Money| {
            now.currency == variant.price.currency && now.amount < variant.price.amount
        };
        if let Some(now) = self.price_now(&good.product, &variant.id).filter(is_less) {
            variant.price = now;
        }
        let picture = good.picture.as_ref();
        let quantity = quantity.min(variant.stock.most()).max(1);
        let stores = self.here.stores;
        let pieces = stores
            .cart
            .add(&good.product, &good.name, picture, &variant, quantity);
        stores.say((words().added)(&good.name, pieces));
    }

    /// What a kind costs now, whatever is drawn.
    fn price_now(self, product: &ProductId, variant: &VariantId) -> Option<Money> {
        let price = |room: &Room| {
            let mut variants = room.good(product)?.variants.iter();
            Some(variants.find(|one| one.id == *variant)?.price)
        };
        self.here
            .room
            .with_untracked(|room| room.as_ref().and_then(price))
    }
}
