//! The pages of whoever buys: signing in, checkout, orders. Most who look around never open them,
//! so they are not in the first load: they are a part of the wasm of their own, fetched when one of
//! them is opened, or a little ahead (see `xtask`'s `split`).

mod cart;
mod checkout;
mod follow;
mod orders;
mod returns;
mod sending;
mod sign_in;
mod words;

use crate::browser::page::reload;
use crate::browser::storage;
use crate::parts::state::{failed, waiting};
use crate::parts::top::{page_bar, tab_bar, title};
use crate::state::session::INTENT;
use crate::state::{Stores, stores};
use crate::view::{IntoView, Slot, View, effect, task, task_of_part, view};
use crate::words::words;
use client::Error;
use client::outbox::Errand;
use domain::id::OrderId;
use leptos::prelude::*;
use web_sys::Element;

pub(super) use sending::{no_room, on_its_way};

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
    /// Asking for a refund of one.
    Return(OrderId),
}

impl Page {
    /// What its bar and the browser's tab call it.
    fn name(&self) -> &'static str {
        let words = words();
        match self {
            Self::Cart => words.cart,
            Self::SignIn => words.sign_in,
            Self::Checkout => words.checkout,
            Self::Orders(_) => words.orders,
            Self::Order(_) => words.order,
            Self::Return(_) => words.ask_return,
        }
    }

    fn bar(&self) -> View {
        let back = match self {
            Self::Cart => return tab_bar(self.name()),
            Self::Checkout => "/cart",
            Self::Order(_) | Self::Return(_) => "/orders",
            Self::SignIn | Self::Orders(_) => "/me",
        };
        page_bar(self.name(), back, ().into_view())
    }

    /// What stands below its bar.
    fn view(self) -> View {
        match self {
            Self::Cart => cart::page(),
            Self::SignIn => sign_in::page(),
            Self::Checkout => checkout::page(),
            Self::Orders(_) => orders::list(),
            Self::Order(id) => orders::one(id),
            Self::Return(id) => returns::page(id),
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

    /// Fetches the part ahead, and has it keep the cart and see an order through.
    #[wasm_split(member, fallible)]
    pub fn keep(owner: Owner, stores: Stores) -> Result<(), SplitLoaderError> {
        owner.with(|| super::keep(stores));
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

    /// Has the cart kept and an order seen through.
    pub async fn keep(owner: Owner, stores: Stores) -> Result<(), Infallible> {
        owner.with(|| super::keep(stores));
        Ok(())
    }
}

/// What a member puts in or takes out is so on every phone, and an order that is on its way
/// arrives, whatever page is open.
fn keep(stores: Stores) {
    follow::follow_up();
    let met = StoredValue::new(false);
    effect(move |_| {
        stores.cart.with(|_| ());
        // The backend may have taken an order's goods out of the cart that it keeps while the phone
        // does not know of the order yet: the two meet when it does.
        if !stores.post.is_idle(&Errand::Order) {
            return;
        }
        if untrack(|| stores.session.is_open()) && (!met.get_value() || !stores.cart.has_met()) {
            met.set_value(true);
            stores.cart.meet(stores);
        }
    });
}

/// Fetches these pages as soon as something is in the cart or an order on its way: whoever buys
/// shall not wait, nor be without them when the network goes.
pub fn fetch_ahead() {
    let stores = stores();
    let ordering = storage::has(INTENT);
    let buys = Memo::new(move |_| ordering || stores.buys.get() || stores.cart.pieces() > 0);
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

/// A page: its bar at once, the rest as soon as its part of the wasm is here.
pub fn open(page: Page) -> View {
    let name = page.name();
    title(move || name.to_owned());
    let (bar, place) = (page.bar(), Slot::<Element>::new());
    // What is begun there is seen through, also when the cart is empty.
    stores().buys.set(true);
    fetch(page, place);
    view! { {bar} <div node_ref=place>{waiting("me", false)}</div> }.into_view()
}

fn fetch(page: Page, place: Slot<Element>) {
    task_of_part(async move {
        let view = part::view(page).await.unwrap_or_else(|_| not_here());
        if let Some(place) = place.get() {
            place.set_inner_html("");
            view.show_in(&place);
        }
    });
}

/// The part has not come. What failed once is not fetched again by this page, so it begins anew:
/// when told to, and when the network is back.
fn not_here() -> View {
    let online = stores().online;
    effect(move |first| {
        if online.get() && !first {
            reload();
        }
    });
    failed(&Error::Offline, reload)
}
