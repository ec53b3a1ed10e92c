//! What stands around every page: the bar above, the tabs below, what was said last.

use crate::browser::address::{address, go};
use crate::browser::{dialog, page};
use crate::parts::icon;
use crate::state::{Said, stores};
use crate::view::{IntoView, View, after, changing, effect, follows, on, text, view};
use crate::words::words;
use leptos::prelude::*;
use std::time::Duration;
use stylers::style_sheet;

const _: &str = include_str!("elder.css");
const _: &str = include_str!("toast.css");

/// How long something said stays on the screen.
const SAID: Duration = Duration::from_secs(6);

/// Names the page in the browser's tab.
pub fn title(text: impl Fn() -> String + 'static) {
    let brand = stores().brand();
    effect(move |_| {
        let text = text();
        page::set_title(&if text.is_empty() || text == brand {
            brand.clone()
        } else {
            [&text, " · ", &brand].concat()
        });
    });
}

/// The switch to 长辈版 and back, on every page.
pub fn elder_switch() -> View {
    let class = style_sheet!("src/app/src/parts/top/elder.css");
    let stores = stores();
    let settings = stores.settings;
    let switch = on(move |_| {
        let elder = !settings.elder();
        settings.set_elder(elder);
        stores.say(
            (if elder {
                words().elder_on
            } else {
                words().elder_off
            })
            .to_owned(),
        );
    });
    view! {
        <button type="button" class=class aria-pressed=follows(move || settings.elder().to_string()) on:click=switch>
            {text(move || (if settings.elder() { words().standard } else { words().elder }).to_owned())}
        </button>
    }
}

/// The bar of a page that is a tab: its name and the switch.
pub fn tab_bar(name: &'static str) -> View {
    view! {
        <header class="topbar">
            <h1>{name}</h1>
            {elder_switch()}
        </header>
    }
}

/// The bar of a page below a tab: back, its name, something of its own, the switch.
pub fn page_bar(name: &'static str, otherwise: &'static str, own: View) -> View {
    named_bar(name.into_view(), otherwise, own)
}

/// The bar of a page whose name is known later.
pub fn named_bar(name: View, otherwise: &'static str, own: View) -> View {
    let address = address();
    let back = on(move |_| dialog::leave(move || go(address, otherwise, true)));
    view! {
        <header class="topbar">
            <button type="button" class="round" aria-label=words().back on:click=back>{icon("back")}</button>
            <h1>{name}</h1>
            {elder_switch()}
            {own}
        </header>
    }
}

/// The five tabs.
pub fn tabs() -> View {
    let stores = stores();
    let words = words();
    let address = address();
    let tab = move |href: &'static str, symbol: &'static str, name: &'static str, count: bool| {
        let here = follows(move || {
            address
                .with(|address| address.path == href)
                .then_some("page")
        });
        let badge = count.then(|| changing(move || badge(stores.cart.pieces())));
        view! { <a href=href aria-current=here>{icon(symbol)} <span>{name}</span> {badge}</a> }
    };
    view! {
        <nav class="tabs" aria-label=words.tabs>
            {tab("/", "home", words.home, false)}
            {tab("/products", "shelves", words.catalogue, false)}
            {tab("/live", "live", words.live, false)}
            {tab("/cart", "cart", words.cart, true)}
            {tab("/me", "me", words.me, false)}
        </nav>
    }
}

/// How many pieces are in the cart; nothing when there are none.
pub fn badge(pieces: u32) -> View {
    (pieces > 0)
        .then(|| view! { <span class="count">{pieces.to_string()}</span> })
        .into_view()
}

/// What was said last, and that there is no network: seen, and read out by screen readers.
pub fn toast() -> View {
    let class = style_sheet!("src/app/src/parts/top/toast.css");
    let stores = stores();
    effect(move |_| {
        if stores.said.with(Option::is_some) {
            after(SAID, move || stores.said.set(None));
        }
    });
    let said = changing(move || {
        let said = stores.said.get().map(|Said { text, remedy }| {
            let remedy = remedy.map(|(name, act)| {
                let press = on(move |_| {
                    stores.said.set(None);
                    act.run(());
                });
                view! { <button type="button" on:click=press>{name}</button> }
            });
            view! { <p><span>{text}</span> {remedy}</p> }
        });
        said.into_view()
    });
    let offline = changing(move || {
        (!stores.online.get()).then(|| view! { <p class="offline">{icon("offline")} <span>{words().offline_now}</span></p> }).into_view()
    });
    view! { <div id="toast-place"><div class=class id="toast" role="status" aria-live="polite">{offline} {said}</div></div> }
}
