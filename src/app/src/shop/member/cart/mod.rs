//! The cart: drafted on this phone, priced by the backend. Until its quote is here the sum is an
//! estimate and says so.

mod coupons;
mod row;
mod sum;
mod trouble;

use crate::parts::icon;
use crate::parts::state::notice;
use crate::state::cart::Quoting;
use crate::state::stores;
use crate::view::{IntoView, View, changing, each, effect, text, view};
use crate::words::words;
use client::Error;
use domain::cart::{Draft, DraftBundle};
use domain::contract::Capability;
use domain::id::{MerchantId, VariantId};
use domain::pricing::Quote;
use leptos::prelude::*;
use row::Row;
use stylers::style_sheet;

const _: &str = include_str!("cart.css");

/// The page.
pub fn page() -> View {
    let stores = stores();
    let words = words();
    // An empty one may have become full on another phone.
    if untrack(|| stores.session.is_open() && stores.cart.pieces() == 0) {
        stores.cart.meet(stores);
    }
    let empty = Memo::new(move |_| stores.cart.pieces() == 0);
    let content = move || {
        if empty.get() {
            let browse = view! { <a class="btn" href="/products">{words.browse}</a> };
            notice(
                "cart",
                words.cart_empty.to_owned(),
                words.cart_empty_hint.to_owned(),
                browse.into_view(),
                false,
            )
        } else {
            filled()
        }
    };
    view! { <div class="page">{changing(content)}</div> }
}

/// The rows of one merchant.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Group {
    /// The merchant; empty as long as no quote has said it.
    merchant: String,
    name: String,
    pickup: String,
    /// The keys of its rows.
    rows: Vec<String>,
}

fn filled() -> View {
    let class = style_sheet!("src/app/src/shop/member/cart/cart.css");
    let stores = stores();
    let words = words();
    let only_here = changing(move || {
        stores
            .cart
            .only_here
            .get()
            .then(|| view! { <p class="trouble" role="alert">{words.not_kept}</p> })
            .into_view()
    });
    let can_order = move || stores.can(Capability::Orders);
    effect(move |_| {
        let request = stores.cart.request();
        // Members have coupons and points.
        stores.session.member.track();
        // Again, too, when the network is back.
        if !can_order() {
            // Nobody can be asked.
        } else if stores.online.get() {
            stores.cart.ask_quote(request, stores);
        } else {
            stores.cart.quoting.set(Quoting::Failed(Error::Offline));
        }
    });
    // The one that came last: whose goods they are does not change while a new one is asked for.
    let known = Memo::new(move |before: Option<&Option<Quote>>| {
        stores.cart.quoting.with(|quoting| match quoting {
            Quoting::Here(quote) => Some(quote.clone()),
            _ => before.cloned().flatten(),
        })
    });
    let groups = Memo::new(move |_| {
        known.with(|quote| stores.cart.with(|draft| grouped(draft, quote.as_ref())))
    });
    let how = changing(move || {
        if !can_order() {
            return view! { <p class="how">{icon("shop")} <span>{words.show_clerk}</span></p> };
        }
        let orderable = stores
            .cart
            .quoting
            .with(|quoting| matches!(quoting, Quoting::Here(quote) if quote.orderable));
        let blocked = stores
            .cart
            .quoting
            .with(|quoting| matches!(quoting, Quoting::Here(quote) if !quote.orderable));
        view! {
            {blocked.then(|| view! { <p class="trouble" role="status">{words.look_again}</p> })}
            <a class="btn wide" href=orderable.then_some("/checkout") role="link" aria-disabled=(!orderable).then_some("true")>{words.to_checkout}</a>
        }
    });
    let shared = move || {
        groups
            .get()
            .into_iter()
            .map(|group| Shared {
                group,
                groups,
                known,
            })
            .collect()
    };
    view! {
        <section class=class>
            {only_here}
            {each(shared, |shared: &Shared| shared.group.merchant.as_str(), merchant)}
            {sum::sum(known)}
            {how}
        </section>
    }
}

/// A group with what its card follows.
struct Shared {
    group: Group,
    groups: Memo<Vec<Group>>,
    known: Memo<Option<Quote>>,
}

/// The card of one merchant: its name, where its goods are picked up, its rows, their sum.
fn merchant(shared: Shared) -> View {
    let Shared {
        group,
        groups,
        known,
    } = shared;
    let stores = stores();
    let words = words();
    let id = StoredValue::new(group.merchant.clone());
    let rows = move || {
        let keys = groups.with(|groups| {
            let mut groups = groups.iter();
            let group = id.with_value(|id| groups.find(|group| group.merchant == *id).cloned());
            group.unwrap_or_default().rows
        });
        stores.cart.with(|draft| {
            let mut rows = row::rows(draft);
            rows.retain(|row| keys.contains(&row.key));
            rows
        })
    };
    // One merchant's sum is the whole sum.
    let several = Memo::new(move |_| groups.with(|groups| groups.len() > 1));
    let subtotal = text(move || {
        known.with(|quote| {
            let mut parts = quote.iter().flat_map(|quote| &quote.merchants);
            let part = id.with_value(|id| parts.find(|part| part.merchant.as_str() == id));
            match part.filter(|_| several.get()) {
                Some(part) => [words.subtotal, " ", &part.subtotal.to_string()].concat(),
                None => String::new(),
            }
        })
    });
    let head = (!group.name.is_empty()).then(|| {
        view! {
            <header>
                <h2>{group.name.clone()}</h2>
                <p class="quiet">{group.pickup.clone()}</p>
            </header>
        }
    });
    view! {
        <div class="card">
            {head}
            <ul>{each(rows, |row: &Row| row.key.as_str(), row::row)}</ul>
            <p class="quiet subtotal">{subtotal}</p>
        </div>
    }
}

/// Whose goods the rows are, in the order in which they were put in.
fn grouped(draft: &Draft, quote: Option<&Quote>) -> Vec<Group> {
    let mut groups: Vec<Group> = Vec::new();
    for row in row::rows(draft) {
        let merchant = quote.and_then(|quote| row.merchant(quote));
        let id = merchant.map_or("", MerchantId::as_str);
        match groups.iter_mut().find(|group| group.merchant == id) {
            Some(group) => group.rows.push(row.key),
            None => {
                let mut parts = quote.iter().flat_map(|quote| &quote.merchants);
                let part = parts.find(|part| part.merchant.as_str() == id);
                groups.push(Group {
                    merchant: id.to_owned(),
                    name: part.map(|part| part.name.clone()).unwrap_or_default(),
                    pickup: part.map(|part| part.pickup.clone()).unwrap_or_default(),
                    rows: vec![row.key],
                });
            }
        }
    }
    groups
}

/// Names one choice of a bundle.
fn key_of(bundle: &DraftBundle) -> String {
    let choice: Vec<&str> = bundle.choice.iter().map(VariantId::as_str).collect();
    [bundle.bundle.as_str(), "?", &choice.join(",")].concat()
}
