//! Tasting in the store: what there is to taste, its times, a booking and its code, and coming in
//! from the store. Most who look around never open these pages, so they are a part of the wasm of
//! their own.

mod booking;
mod bookings;
mod join;
mod list;
mod one;
mod words;

use crate::browser::page::reload;
use crate::parts::state::{failed, waiting};
use crate::parts::top::{page_bar, title};
use crate::state::stores;
use crate::view::{IntoView, Slot, View, effect, task_of_part, view};
use crate::words::words;
use client::Error;
use domain::id::{BookingId, TastingId};
use leptos::prelude::*;
use web_sys::Element;

/// One of these pages.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Page {
    /// What can be tasted.
    List,
    /// One tasting: its days, its times, and booking one.
    One(TastingId),
    /// The member's bookings.
    Bookings,
    /// One booking.
    Booking(BookingId),
    /// Becoming a member, come in from the store.
    Join,
}

impl Page {
    /// What its bar and the browser's tab call it.
    fn name(&self) -> &'static str {
        let words = words();
        match self {
            Self::List | Self::One(_) => words.taste,
            Self::Bookings | Self::Booking(_) => words.bookings,
            Self::Join => words.join_us,
        }
    }

    fn bar(&self) -> View {
        let back = match self {
            Self::List | Self::Join => "/",
            Self::One(_) => "/tastings",
            Self::Bookings => "/me",
            Self::Booking(_) => "/bookings",
        };
        page_bar(self.name(), back, ().into_view())
    }

    /// What stands below its bar.
    fn view(self) -> View {
        match self {
            Self::List => list::page(),
            Self::One(id) => one::page(id),
            Self::Bookings => bookings::page(),
            Self::Booking(id) => booking::page(id),
            Self::Join => join::page(),
        }
    }
}

#[cfg(feature = "split")]
#[allow(
    unsafe_code,
    reason = "what the macro writes calls into a part of the wasm that was fetched"
)]
mod part {
    use super::{Page, View};
    use wasm_split_helpers::{SplitLoaderError, wasm_split};

    /// Everything that only this function reaches is in the part.
    #[wasm_split(tasting, fallible)]
    pub fn view(page: Page) -> Result<View, SplitLoaderError> {
        Ok(page.view())
    }
}

#[cfg(not(feature = "split"))]
mod part {
    use super::{Page, View};
    use std::convert::Infallible;

    /// Nothing to be fetched: the pages are here.
    pub async fn view(page: Page) -> Result<View, Infallible> {
        Ok(page.view())
    }
}

/// A page: its bar at once, the rest as soon as its part of the wasm is here.
pub fn open(page: Page) -> View {
    let name = page.name();
    title(move || name.to_owned());
    let (bar, place) = (page.bar(), Slot::<Element>::new());
    let stores = stores();
    effect(move |_| {
        // What a member begins here is seen through by the pages of whoever buys.
        if stores.session.is_open() {
            stores.buys.set(true);
        }
    });
    task_of_part(async move {
        let view = part::view(page).await.unwrap_or_else(|_| {
            // What failed once is not fetched again by this page, so it begins anew.
            let online = stores.online;
            effect(move |first| {
                if online.get() && !first {
                    reload();
                }
            });
            failed(&Error::Offline, reload)
        });
        if let Some(place) = place.get() {
            place.set_inner_html("");
            view.show_in(&place);
        }
    });
    view! { {bar} <div node_ref=place>{waiting("me", false)}</div> }.into_view()
}
