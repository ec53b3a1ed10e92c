//! What is shown to everybody.

use super::super::here::Here;
use super::good::Good;
use super::kinds::kinds;
use super::words::{left, text};
use crate::parts::plate::plate;
use crate::parts::price::variant_price;
use crate::parts::sheet::sheet;
use crate::view::{IntoView, View, changing, follows, on, text as live_text, view};
use crate::words::words;
use domain::id::{ProductId, VariantId};
use domain::live::Pin;
use leptos::prelude::*;
use stylers::style_sheet;

const _: &str = include_str!("pin.css");

/// What the sheet of kinds is about. It stays that, whatever is shown next.
#[derive(Clone, Copy)]
struct Asked {
    open: RwSignal<bool>,
    about: StoredValue<Option<(ProductId, Option<VariantId>)>>,
}

/// The card of what is shown to everybody, with the stock of now, and the way into the
/// cart that does not leave the room.
pub fn pinned(here: Here) -> View {
    let class = style_sheet!("src/app/src/shop/live/goods/pin.css");
    let asked = Asked {
        open: RwSignal::new(false),
        about: StoredValue::new(None),
    };
    let pin = here.pin();
    let product = Memo::new(move |_| pin.with(|pin| pin.as_ref().map(|pin| pin.product.clone())));
    let card = changing(move || {
        let card = product.get().map(|product| card(here, product, pin, asked));
        card.into_view()
    });
    let name = here.pinned(|_, good| good.map(|good| good.name.clone()));
    let said = live_text(move || {
        let name = name.get().flatten();
        name.map(|name| (text().said)(&name)).unwrap_or_default()
    });
    let choose = sheet(words().choose, asked.open, move || {
        let about = asked.about.get_value();
        let kinds = about.map(|(product, variant)| {
            let good = Good::of(here, product);
            kinds(good, variant.as_ref(), true, move || asked.open.set(false))
        });
        kinds.into_view()
    });
    view! {
        <div class=class>
            {card}
            <p class="unseen" role="status">{said}</p>
            {choose}
        </div>
    }
}

fn card(here: Here, product: ProductId, pin: Memo<Option<Pin>>, asked: Asked) -> View {
    let (words, text) = (words(), text());
    let good = Good::of(here, product.clone());
    let wanted = move || pin.with(|pin| pin.as_ref().and_then(|pin| pin.variant.clone()));
    let variant = Memo::new(move |_| good.variant(wanted().as_ref()));
    let (name, picture) =
        untrack(|| good.with(|good| (good.name.clone(), good.picture.clone()))).unwrap_or_default();
    // All of it first: the kind comes of it, and would take its change for seen.
    let about = move || {
        let is_left = good.is_left();
        let stock = variant.with(|variant| variant.as_ref().map(|variant| variant.stock));
        let stock = match stock {
            Some(stock) if !stock.available() && is_left => text.others_left.to_owned(),
            Some(stock) => left(stock),
            None => String::new(),
        };
        [text.now, " · ", &stock].concat()
    };
    let price = changing(move || {
        let from = good.is_several() && wanted().is_none();
        let price = variant.get().map(|variant| variant_price(&variant, from));
        price.into_view()
    });
    let note = move || {
        let note = pin.with(|pin| pin.as_ref().map(|pin| pin.note.clone()));
        note.unwrap_or_default()
    };
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
    let add = on(move |_| {
        if untrack(|| good.is_several()) {
            let kind = untrack(wanted);
            asked.about.set_value(Some((product.clone(), kind)));
            asked.open.set(true);
        } else {
            good.put_in(None, 1);
        }
    });
    view! {
        <section aria-label=text.now>
            {plate(picture.as_ref(), true)}
            <div>
                <strong>{name}</strong>
                <p class="quiet">{live_text(about)}</p>
                <p class="note">{live_text(note)}</p>
                {price}
            </div>
            <button
                type="button"
                class="btn"
                aria-label=follows(label)
                aria-haspopup=follows(move || good.is_several().then_some("dialog"))
                disabled=follows(move || !good.is_left())
                on:click=add
            >
                {live_text(move || (if good.is_left() { text.add } else { words.sold_out }).to_owned())}
            </button>
        </section>
    }
}
