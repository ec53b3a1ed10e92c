//! The pages of whoever buys: signing in, checkout, orders. Most who look around never open them,
//! so they are not in the first load: they are a part of the wasm of their own, fetched when one of
//! them is opened, or a little ahead (see `xtask`'s `split`).

mod cart;
mod checkout;
mod orders;
mod sign_in;

use crate::parts::state::{failed, waiting};
use crate::state::{Stores, stores};
use crate::view::{IntoView, Slot, View, effect, task, task_of_part, view};
use client::Error;
use domain::id::OrderId;
use leptos::prelude::*;
use web_sys::Element;

/// One of these pages.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Page {
    /// What one means to buy.
    Cart,
    /// A number, a code.
    SignIn,
    /// When, who, a word to the shop.
    Checkout,
    /// The list, with its query.
    Orders(String),
    /// One order.
    Order(OrderId),
}

impl Page {
    fn view(self) -> View {
        match self {
            Self::Cart => cart::page(),
            Self::SignIn => sign_in::page(),
            Self::Checkout => checkout::page(),
            Self::Orders(_) => orders::list(),
            Self::Order(id) => orders::one(id),
        }
    }
}

#[cfg(feature = "split")]
#[allow(
    unsafe_code,
    reason = "what the macro writes calls into a part of the wasm that was fetched"
)]
mod part {
    use super::{Owner, Page, Stores, View};
    use wasm_split_helpers::{SplitLoaderError, wasm_split};

    /// Everything that only this function reaches is in the part.
    #[wasm_split(member, fallible)]
    pub fn view(page: Page) -> Result<View, SplitLoaderError> {
        Ok(page.view())
    }

    /// Fetches the part ahead, and has it keep the cart for a member who is signed in.
    #[wasm_split(member, fallible)]
    pub fn keep(owner: Owner, stores: Stores) -> Result<(), SplitLoaderError> {
        owner.with(|| super::keep_cart(stores));
        Ok(())
    }
}

#[cfg(not(feature = "split"))]
mod part {
    use super::{Owner, Page, Stores, View};
    use std::convert::Infallible;

    /// Nothing to be fetched: the pages are here.
    pub async fn view(page: Page) -> Result<View, Infallible> {
        Ok(page.view())
    }

    /// Has the cart kept.
    pub async fn keep(owner: Owner, stores: Stores) -> Result<(), Infallible> {
        owner.with(|| super::keep_cart(stores));
        Ok(())
    }
}

/// What a member puts in or takes out is so on every phone.
fn keep_cart(stores: Stores) {
    effect(move |_| {
        stores.cart.with(|_| ());
        if untrack(|| stores.session.is_open()) {
            stores.cart.keep_there(stores);
        }
    });
}

/// Fetches these pages as soon as something is in the cart: whoever buys shall not wait, nor be
/// without them when the network goes.
pub fn fetch_ahead() {
    let stores = stores();
    let buys = Memo::new(move |_| stores.cart.pieces() > 0);
    let (owner, asked) = (Owner::current(), StoredValue::new(false));
    effect(move |_| {
        if buys.get()
            && !asked.get_value()
            && let Some(owner) = owner.clone()
        {
            asked.set_value(true);
            task(async move {
                // Whoever opens a page of it will be told.
                let _ = part::keep(owner, stores).await;
            });
        }
    });
}

/// A page, as soon as its part of the wasm is here.
pub fn open(page: Page) -> View {
    let place = Slot::<Element>::new();
    fetch(page, place);
    view! { <div node_ref=place>{waiting("me", false)}</div> }.into_view()
}

fn fetch(page: Page, place: Slot<Element>) {
    task_of_part(async move {
        let view = match part::view(page).await {
            Ok(view) => view,
            // Anew from the beginning: what failed once is not fetched again by this page.
            Err(_) => failed(&Error::Offline, crate::browser::page::reload),
        };
        if let Some(place) = place.get() {
            place.set_inner_html("");
            view.show_in(&place);
        }
    });
}
