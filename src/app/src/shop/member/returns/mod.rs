//! After the sale, as whoever bought sees it: asking for a refund of pieces that were not right, and
//! what became of that at the order.

mod back;
mod draft;
mod form;
mod picture;
mod shown;

pub use shown::{returns, way};

use crate::parts::sign_in::sign_in_first;
use crate::parts::state::{notice, show};
use crate::state::reading::reading;
use crate::state::stores;
use crate::view::{IntoView, View, changing, view};
use crate::words::after_sale::text;
use crate::words::spoken;
use domain::after_sale::ReturnState;
use domain::id::OrderId;
use domain::order::Order;
use draft::Draft;
use leptos::prelude::*;

/// The page on which one asks.
pub fn page(id: OrderId) -> View {
    let stores = stores();
    // Above everything that is drawn anew: what was typed outlives a look at the order.
    let filled = RwSignal::new(Draft::of(&id));
    let content = move || {
        if !stores.session.is_open() {
            return sign_in_first(&["/orders/", id.as_str(), "/return"].concat());
        }
        let (key, id) = (
            ["return/", id.as_str(), spoken().tag()].concat(),
            id.clone(),
        );
        let order = reading(key, move || {
            let id = id.clone();
            Box::pin(async move { stores.client().orders().order(&id).await })
        });
        order.ends_with_session();
        show(
            order,
            "me",
            move |found| asking(found, filled, move || order.again()),
            super::orders::no_such_order,
        )
    };
    view! { <div class="page">{changing(content)}</div> }
}

fn asking(order: Order, filled: RwSignal<Draft>, again: impl Fn() + Copy + 'static) -> View {
    if order.returnable_until.is_some() {
        return form::form(order, filled, again);
    }
    let text = text();
    let waits = order
        .returns
        .iter()
        .any(|asked| asked.state == ReturnState::Requested);
    let (what, hint) = if waits {
        (text.waits, text.waits_hint)
    } else {
        (text.closed, text.closed_hint)
    };
    let page = ["/orders/", order.id.as_str()].concat();
    let there = view! { <a class="btn" href=page>{text.to_order}</a> };
    notice(
        "clock",
        what.to_owned(),
        hint.to_owned(),
        there.into_view(),
        false,
    )
}
