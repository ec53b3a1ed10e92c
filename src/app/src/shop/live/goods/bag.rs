//! Everything that the show sells.

use super::super::here::Here;
use super::good::Good;
use super::kinds::kinds;
use super::words::{left, text};
use crate::browser::address::go;
use crate::parts::icon;
use crate::parts::plate::plate;
use crate::parts::price::variant_price;
use crate::parts::sheet::{close_then, sheet};
use crate::view::{IntoView, Slot, View, changing, each, follows, on, text as live_text, view};
use crate::words::words;
use domain::id::ProductId;
use domain::live::{Pin, RoomGood};
use leptos::prelude::*;
use stylers::style_sheet;
use web_sys::HtmlElement;

const _: &str = include_str!("bag.css");
const _: &str = include_str!("goods.css");

/// A row, as it needs it.
struct Row {
    here: Here,
    key: String,
    product: ProductId,
    /// Of which of them it is asked which kind.
    asked: RwSignal<Option<ProductId>>,
    /// Which of them is shown to everybody.
    shown: Memo<Option<Pin>>,
}

/// The button with the count of the show's goods, and the sheet with all of them.
pub fn bag_button(here: Here) -> View {
    let class = style_sheet!("src/app/src/shop/live/goods/bag.css");
    let text = text();
    let open = RwSignal::new(false);
    let count = here.piece(|room| room.goods.len());
    let count = move || count.get().unwrap_or_default();
    let badge = changing(move || {
        let count = Some(count()).filter(|count| *count > 0);
        let badge = count.map(|count| view! { <span class="count">{count.to_string()}</span> });
        badge.into_view()
    });
    view! {
        <div class=class>
            <button
                type="button"
                class="round"
                aria-haspopup="dialog"
                aria-label=follows(move || (text.bag_named)(count()))
                on:click=on(move |_| open.set(true))
            >
                {icon("bag")}
                {badge}
            </button>
            {sheet(text.bag, open, move || goods(here, open))}
        </div>
    }
}

fn goods(here: Here, open: RwSignal<bool>) -> View {
    let class = style_sheet!("src/app/src/shop/live/goods/goods.css");
    let (text, cart) = (text(), here.stores.cart);
    let asked = RwSignal::new(None);
    let shown = here.pin();
    let products = here.piece(|room| {
        let products = room.goods.iter().map(|good| good.product.clone());
        products.collect::<Vec<_>>()
    });
    let rows = move || {
        let products = products.get().unwrap_or_default().into_iter();
        products
            .map(|product| Row {
                here,
                key: product.to_string(),
                product,
                asked,
                shown,
            })
            .collect()
    };
    let none = changing(move || {
        let is_none = products.with(|products| products.as_ref().is_none_or(Vec::is_empty));
        is_none
            .then(|| view! { <p class="quiet">{text.none}</p> })
            .into_view()
    });
    let leave = on(move |event| {
        event.prevent_default();
        close_then(open, move || go(here.address, "/cart", false));
    });
    view! {
        <section class=class>
            {none}
            <ul>{each(rows, |row| &row.key, row)}</ul>
            <a class="btn soft wide" href="/cart" on:click=leave>{icon("cart")} {live_text(move || (text.to_cart)(cart.pieces()))}</a>
            <p class="quiet">{text.to_cart_hint}</p>
        </section>
    }
}

fn row(row: Row) -> View {
    let Row {
        here,
        product,
        asked,
        shown,
        ..
    } = row;
    let (words, text) = (words(), text());
    let good = Good::of(here, product.clone());
    let product = StoredValue::new(product);
    let RoomGood {
        name,
        subtitle,
        picture,
        ..
    } = untrack(|| good.now.get()).unwrap_or_else(|| nothing(product.get_value()));
    let variant = Memo::new(move |_| good.variant(None));
    let is_now = Memo::new(move |_| {
        shown.with(|pin| {
            let is_it = |pin: &Pin| product.with_value(|product| pin.product == *product);
            pin.as_ref().is_some_and(is_it)
        })
    });
    let is_asked = Memo::new(move |_| {
        asked.with(|asked| product.with_value(|product| asked.as_ref() == Some(product)))
    });
    let now = changing(move || {
        is_now
            .get()
            .then(|| view! { <span class="tag save">{text.now}</span> " " })
            .into_view()
    });
    let stock = move || {
        let stock = variant.with(|variant| variant.as_ref().map(|variant| left(variant.stock)));
        stock.unwrap_or_default()
    };
    // All of it first: the kind comes of it, and would take its change for seen.
    let price = changing(move || {
        let from = good.is_several();
        let price = variant.get().map(|variant| variant_price(&variant, from));
        price.into_view()
    });
    let label = {
        let name = name.clone();
        move || {
            if good.is_left() {
                (words.add_named)(&name)
            } else {
                [&name, " ", words.sold_out].concat()
            }
        }
    };
    let button = Slot::<HtmlElement>::new();
    let add = on(move |_| {
        if untrack(|| good.is_several()) {
            let open = (!is_asked.get_untracked()).then(|| product.get_value());
            asked.set(open);
        } else {
            good.put_in(None, 1);
        }
    });
    let which = changing(move || {
        let done = move || {
            asked.set(None);
            // What was pressed is gone with the choice.
            if let Some(button) = button.get() {
                let _ = button.focus();
            }
        };
        is_asked
            .get()
            .then(|| kinds(good, None, false, done))
            .into_view()
    });
    view! {
        <li>
            <div class="good">
                {plate(picture.as_ref(), false)}
                <div>
                    <h3>{name}</h3>
                    <p class="quiet">{subtitle}</p>
                    <p class="quiet">{now} {live_text(stock)}</p>
                    {price}
                </div>
                <button
                    node_ref=button
                    type="button"
                    class="btn"
                    aria-label=follows(label)
                    aria-expanded=follows(move || good.is_several().then(|| is_asked.get().to_string()))
                    disabled=follows(move || !good.is_left())
                    on:click=add
                >
                    {live_text(move || (if good.is_left() { text.add } else { words.sold_out }).to_owned())}
                </button>
            </div>
            {which}
        </li>
    }
}

/// Something that has left the show in this very moment.
fn nothing(product: ProductId) -> RoomGood {
    RoomGood {
        product,
        name: String::new(),
        subtitle: String::new(),
        picture: None,
        variants: Vec::new(),
    }
}
