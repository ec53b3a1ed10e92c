//! One of the show's goods as it is now, and the way into the cart.

use super::super::here::Here;
use crate::state::Stores;
use crate::words::words;
use domain::catalog::Variant;
use domain::id::{ProductId, VariantId};
use domain::live::RoomGood;
use leptos::prelude::*;

/// Something that a room sells.
#[derive(Clone, Copy)]
pub struct Good {
    /// The shop's stores.
    pub stores: Stores,
    /// It as it is now; nothing once it is not among the show's goods any more.
    pub now: Memo<Option<RoomGood>>,
}

impl Good {
    /// One of the goods of a room.
    pub fn of(here: Here, product: ProductId) -> Self {
        let now = move |_: Option<&_>| {
            let find = |room: &domain::live::Room| room.good(&product).cloned();
            here.room.with(|room| room.as_ref().and_then(find))
        };
        Self {
            stores: here.stores,
            now: Memo::new(now),
        }
    }

    /// Something of it, as it is now.
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

    /// Puts so many of a kind into the cart, at the price of now, and says so.
    pub fn put_in(self, asked: Option<&VariantId>, quantity: u32) {
        let Some(good) = self.now.get_untracked() else {
            return;
        };
        let Some(variant) = good.variant(asked).filter(|one| one.stock.available()) else {
            return;
        };
        let picture = good.picture.as_ref();
        let quantity = quantity.min(variant.stock.most()).max(1);
        let pieces = self
            .stores
            .cart
            .add(&good.product, &good.name, picture, variant, quantity);
        self.stores.say((words().added)(&good.name, pieces));
    }
}
