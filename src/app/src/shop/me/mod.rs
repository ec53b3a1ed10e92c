//! Mine: the neighbour, the settings, the shop's card.

use crate::parts::icon;
use crate::parts::state::show;
use crate::parts::top::{tab_bar, title};
use crate::shop::home::{storefront, visit};
use crate::state::stores;
use crate::view::{IntoView, View, changing, on, view};
use crate::words::words;
use domain::contract::Capability;
use leptos::prelude::*;
use stylers::style_sheet;

const _: &str = include_str!("me.css");

/// The page.
pub fn page() -> View {
    let class = style_sheet!("src/app/src/shop/me/me.css");
    let words = words();
    let stores = stores();
    title(|| words.me.to_owned());
    let entry = |href: &'static str, symbol: &'static str, name: &'static str| {
        view! { <li><a href=href>{icon(symbol)} <span>{name}</span> {icon("more")}</a></li> }
    };
    view! {
        {tab_bar(words.me)}
        <div class=["page ", class].concat()>
            <div class="card hello">
                {icon("me")}
                {changing(move || stores.session.member.with(|member| match member {
                    Some(member) => view! { <div><strong>{words.member}</strong><p class="quiet">{member.phone.clone()}</p></div> },
                    None => view! { <div><strong>{words.guest}</strong><p class="quiet">{words.guest_hint}</p></div> },
                }))}
                {changing(move || {
                    let signed_in = stores.session.is_open();
                    stores.can(Capability::Members).then(|| if signed_in {
                        view! { <button type="button" class="btn soft" on:click=on(move |_| stores.session.sign_out(stores))>{words.sign_out}</button> }
                    } else {
                        view! { <a class="btn" href="/sign-in">{words.sign_in}</a> }
                    }).into_view()
                })}
            </div>
            <ul class="card">
                {changing(move || stores.can(Capability::Orders).then(|| entry("/orders", "bag", words.orders)).into_view())}
                {changing(move || stores.can(Capability::Booking).then(|| entry("/bookings", "clock", words.bookings)).into_view())}
                {entry("/cart", "cart", words.cart)}
                {entry("/settings", "settings", words.settings)}
                {entry("/settings#privacy", "shield", words.privacy)}
            </ul>
            {show(storefront(), "me", |home| visit(&home.storefront.shop), crate::shop::missing::notice_only)}
        </div>
    }
}
