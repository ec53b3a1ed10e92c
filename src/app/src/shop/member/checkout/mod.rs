//! Checkout: when, who, a word to the shop, and the order goes out once.

mod hold;

use crate::browser::address::{address, go};
use crate::browser::storage;
use crate::parts::price::price;
use crate::parts::state::{explain, notice, show};
use crate::shop::member::words::text;
use crate::shop::member::{no_room, on_its_way};
use crate::state::cart::Quoting;
use crate::state::reading::{Load, Reading, reading};
use crate::state::session::{CONTACT, NOTE};
use crate::state::stores;
use crate::view::{IntoView, Slot, View, changing, effect, follows, on, text as live_text, view};
use crate::words::{day_name, spoken, words};
use client::outbox::{Errand, Progress};
use domain::contract::Capability;
use domain::member::Phone;
use domain::order::{
    Contact, MAX_NAME_CHARS, MAX_NOTE_CHARS, OrderRequest, Payment, Pickup, PickupTimes,
};
use domain::pricing::{QuoteBundle, QuoteLine, WantedBundle, WantedLine};
use domain::time::Moment;
use leptos::prelude::*;
use stylers::style_sheet;
use web_sys::{HtmlInputElement, HtmlSelectElement, HtmlTextAreaElement};

const _: &str = include_str!("checkout.css");

/// Whether one pays at once; kept for the next order.
const ONLINE: &str = "online";

/// Where one signs in on the way.
const SIGN_IN: &str = "/sign-in?next=/checkout";

/// The page.
pub fn page() -> View {
    let stores = stores();
    let words = words();
    let address = address();
    let times = reading(["pickup/", spoken().tag()].concat(), move || {
        Box::pin(async move { stores.client().orders().pickup_times().await })
    });
    let chosen = RwSignal::new(None);
    effect(move |_| {
        // Members have coupons and points.
        stores.session.member.track();
        stores.cart.ask_quote(stores.cart.request(), stores);
    });
    let under_way = Memo::new(move |_| {
        let progress = stores.post.progress(&Errand::Order);
        progress.filter(|progress| !matches!(progress, Progress::NotSent(_)))
    });
    effect(move |first| {
        // Refused, perhaps because a time is over.
        if under_way.get().is_none() && !first {
            times.again();
        }
    });
    // The form is made once: what was chosen and typed stays when the times come anew.
    let any = Memo::new(move |_| offered(times).map(|times| !times.times.is_empty()));
    let content = move || {
        if let Some(progress) = under_way.get() {
            return on_its_way(&progress, words.sending_hint);
        }
        if !stores.session.is_open() {
            // In the place of this page: one step back from the checkout is the cart.
            let go_there = on(move |event| {
                event.prevent_default();
                go(address, SIGN_IN, true);
            });
            let enter = view! { <a class="btn" href=SIGN_IN on:click=go_there>{words.sign_in}</a> };
            return notice(
                "me",
                words.sign_in_first.to_owned(),
                words.sign_in_hint.to_owned(),
                enter.into_view(),
                false,
            );
        }
        if stores.cart.pieces() == 0 {
            let browse = view! { <a class="btn" href="/products">{words.browse}</a> };
            return notice(
                "cart",
                words.cart_empty.to_owned(),
                words.cart_empty_hint.to_owned(),
                browse.into_view(),
                false,
            );
        }
        match any.get() {
            Some(true) => form(times, chosen),
            Some(false) => notice(
                "clock",
                words.no_pickup.to_owned(),
                words.no_pickup_hint.to_owned(),
                ().into_view(),
                true,
            ),
            None => show(
                times,
                "me",
                |_| ().into_view(),
                crate::shop::missing::notice_only,
            ),
        }
    };
    view! { <div class="page">{changing(content)}</div> }
}

/// The times as they came last.
fn offered(times: Reading<PickupTimes>) -> Option<PickupTimes> {
    times.load.with(|load| match load {
        Load::Here(fresh) => Some(fresh.value.clone()),
        _ => None,
    })
}

fn form(times: Reading<PickupTimes>, chosen: RwSignal<Option<Moment>>) -> View {
    let class = style_sheet!("src/app/src/shop/member/checkout/checkout.css");
    let stores = stores();
    let words = words();
    let kept: Contact = storage::read(CONTACT).unwrap_or_default();
    let kept_note: String = storage::read(NOTE).unwrap_or_default();
    let place = live_text(move || {
        let first = offered(times).and_then(|times| times.times.into_iter().next());
        [
            words.pickup,
            " · ",
            &first.map(|time| time.place).unwrap_or_default(),
        ]
        .concat()
    });
    let (when, name, phone) = (
        Slot::<HtmlSelectElement>::new(),
        Slot::<HtmlInputElement>::new(),
        Slot::<HtmlInputElement>::new(),
    );
    let note = Slot::<HtmlTextAreaElement>::new();
    let value = move |slot: Slot<HtmlInputElement>| {
        slot.get().map(|field| field.value()).unwrap_or_default()
    };
    let contact = move || Contact {
        name: value(name),
        phone: value(phone),
    };
    let keep = move || {
        storage::write(CONTACT, &contact());
        storage::write(
            NOTE,
            &note.get().map(|note| note.value()).unwrap_or_default(),
        );
    };
    let own = stores.session.member.with_untracked(|member| {
        member
            .as_ref()
            .map(|member| member.phone.clone())
            .unwrap_or_default()
    });
    let can_pay = stores.can(Capability::Payment);
    let now = Slot::<HtmlInputElement>::new();
    let online = move || now.get().is_some_and(|now| now.checked());
    let keep_way = on(move |_| {
        storage::write(ONLINE, &online());
    });
    let chosen_online = storage::read(ONLINE) == Some(true);
    let payment = if can_pay {
        view! {
            <fieldset class="card ways" on:change=keep_way>
                <legend>{text().how_to_pay}</legend>
                <label><input type="radio" name="payment" value="at_store" checked=!chosen_online /> <span>{words.at_store} <small class="quiet">{text().at_store_hint}</small></span></label>
                <label><input node_ref=now type="radio" name="payment" value="online" checked=chosen_online /> <span>{text().online} <small class="quiet">{text().online_hint}</small></span></label>
            </fieldset>
        }
    } else {
        view! { <section class="card pay"><span>{words.payment}</span> <strong>{words.at_store}</strong></section> }
    };
    let picked = move || when.get().and_then(|when| Moment::parse(&when.value()));
    let slots = changing(move || {
        let Some(PickupTimes { now, times, .. }) = offered(times) else {
            return ().into_view();
        };
        let before = chosen.get_untracked();
        if !before.is_some_and(|before| times.iter().any(|time| time.from == before)) {
            if before.is_some() {
                stores.say(words.pickup_gone.to_owned());
            }
            chosen.set(times.first().map(|time| time.from));
        }
        options(&now, times, chosen.get_untracked()).into_view()
    });
    let quote = move || match stores.cart.quoting.get() {
        Quoting::Here(quote) => Some(quote),
        _ => None,
    };
    let submit = on(move |event| {
        event.prevent_default();
        let Some(quote) = untrack(quote).filter(|quote| quote.orderable) else {
            return;
        };
        let Some(pickup_from) = picked() else { return };
        let other = value(phone);
        if !other.trim().is_empty() && Phone::parse(&other).is_none() {
            stores.say(words.phone_wrong.to_owned());
            if let Some(field) = phone.get() {
                let _ = field.focus();
            }
            return;
        }
        let line = |line: QuoteLine| WantedLine {
            variant: line.variant,
            quantity: line.quantity,
            seen: line.unit_price,
        };
        let bundle = |bundle: QuoteBundle| WantedBundle {
            bundle: bundle.bundle,
            choice: bundle.choice,
            quantity: bundle.quantity,
            seen: bundle.unit_price,
        };
        let request = OrderRequest {
            lines: quote.lines.into_iter().map(line).collect(),
            bundles: quote.bundles.into_iter().map(bundle).collect(),
            coupons: stores.cart.coupons.get_untracked(),
            use_points: stores.cart.use_points.get_untracked(),
            quote: quote.id,
            pickup_from,
            contact: contact(),
            note: note.get().map(|note| note.value()).unwrap_or_default(),
            payment: if online() {
                Payment::Online
            } else {
                Payment::AtStore
            },
        };
        stores.post.submit(Errand::Order, &request, stores);
    });
    let total = changing(move || match stores.cart.quoting.get() {
        Quoting::Here(quote) if !quote.orderable => {
            view! { <a class="trouble" href="/cart">{words.look_again}</a> }
        }
        Quoting::Here(quote) => price(quote.total, None, false),
        Quoting::Waiting => view! { <span class="quiet">{words.pricing}</span> },
        Quoting::Failed(error) => {
            view! { <span class="trouble" role="alert">{explain(&error).0}</span> }
        }
    });
    let count = live_text(move || (words.pieces)(stores.cart.pieces()));
    view! {
        <form class=class novalidate on:submit=submit>
            <section class="card">
                <label><span>{words.pickup_time}</span> <select node_ref=when name="pickup" on:change=on(move |_| chosen.set(picked()))>{slots}</select></label>
                <p class="quiet">{place}</p>
            </section>
            <section class="card">
                <label><span>{words.your_name}</span> <input node_ref=name name="name" autocomplete="name" maxlength=MAX_NAME_CHARS.to_string() value=kept.name on:input=on(move |_| keep()) /></label>
                <label><span>{words.phone}</span> <input node_ref=phone name="phone" type="tel" inputmode="tel" autocomplete="tel-national" maxlength="20" placeholder=own value=kept.phone on:input=on(move |_| keep()) /></label>
                <label><span>{words.note}</span> <textarea node_ref=note name="note" rows="2" maxlength=MAX_NOTE_CHARS.to_string() placeholder=words.note_hint on:input=on(move |_| keep())>{kept_note}</textarea></label>
            </section>
            {payment}
            {hold::held()}
            {no_room(Errand::Order)}
            <div class="bar">
                <p><span class="quiet">{count}</span> {total}</p>
                <button class="btn wide" disabled=follows(move || !quote().is_some_and(|quote| quote.orderable))>{words.place_order}</button>
            </div>
        </form>
    }
}

/// The times, a group for each day on the shop's clock.
fn options(now: &Moment, times: Vec<Pickup>, chosen: Option<Moment>) -> Vec<View> {
    let mut days: Vec<(String, View)> = Vec::new();
    for time in times {
        let name = day_name(now, &time.from);
        let option = view! { <option value=time.from.to_string() selected=Some(time.from) == chosen>{[&name, " ", &time.from.clock(), "–", &time.to.clock()].concat()}</option> };
        match days.pop() {
            Some((day, group)) if day == name => days.push((day, group.child(option))),
            other => {
                days.extend(other);
                let group = view! { <optgroup label=name.clone()>{option}</optgroup> };
                days.push((name, group));
            }
        }
    }
    days.into_iter().map(|(_, group)| group).collect()
}
