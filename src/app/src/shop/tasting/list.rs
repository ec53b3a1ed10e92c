//! What can be tasted in the store.

use super::words::text;
use crate::parts::state::{notice, show};
use crate::parts::taste::invitation;
use crate::state::reading::reading;
use crate::state::stores;
use crate::view::{IntoView, View, view};
use crate::words::{spoken, words};
use domain::page::Page;
use domain::tasting::TastingSummary;
use stylers::style_sheet;

const _: &str = include_str!("list.css");

/// The page.
pub fn page() -> View {
    let stores = stores();
    let tastings = reading(["tastings/", spoken().tag()].concat(), move || {
        Box::pin(async move { stores.client().bookings().tastings().await })
    });
    view! { <div class="page">{show(tastings, "me", rows, crate::shop::missing::notice_only)}</div> }
}

fn rows(page: Page<TastingSummary>) -> View {
    let class = style_sheet!("src/app/src/shop/tasting/list.css");
    if page.items.is_empty() {
        let browse = view! { <a class="btn" href="/products">{words().browse}</a> };
        return notice(
            "clock",
            text().none.to_owned(),
            text().none_hint.to_owned(),
            browse.into_view(),
            false,
        );
    }
    let rows = page.items.iter();
    let rows = rows.map(|tasting| view! { <li>{invitation(tasting)}</li> });
    view! {
        <section class=class>
            <p class="quiet">{text().how}</p>
            <ul>{rows.collect::<Vec<_>>()}</ul>
        </section>
    }
}
