//! What stands around the counter and the live desk: who is here, the way from one to the other,
//! the network, the lock. Neither is thrown away when the other is looked at.

use super::words::text as words;
use super::{Desk, counter, focus_soon, here, live};
use crate::browser::page::set_title;
use crate::parts::icon;
use crate::state::{Stores, stores};
use crate::view::{IntoView, Slot, View, changing, effect, follows, on, text, view};
use domain::contract::Capability;
use domain::member::{Role, Staff};
use leptos::prelude::*;
use stylers::style_sheet;
use web_sys::HtmlElement;

const _: &str = include_str!("floor.css");

/// The page of whoever is signed in.
pub fn page(staff: Staff) -> View {
    let class = style_sheet!("src/app/src/desk/floor/floor.css");
    let (stores, desk, words) = (stores(), here(), words());
    let may_host = matches!(staff.role, Role::Owner | Role::Host) && stores.can(Capability::Live);
    let at_live = Memo::new(move |_| may_host && desk.at_live.get());
    let brand = stores.brand();
    effect(move |_| {
        let place = if at_live.get() {
            live::name()
        } else {
            words.desk
        };
        set_title(&[place, " · ", &brand].concat());
    });
    let role = match staff.role {
        Role::Owner => words.roles.first(),
        Role::Host => words.roles.get(1),
        Role::Clerk | Role::Unknown => words.roles.get(2),
    };
    let (counter, away) = counter::page(&staff);
    let way = may_host.then(|| {
        let to = move |live: bool, name: &'static str| {
            let current = follows(move || (at_live.get() == live).then_some("page"));
            view! { <button type="button" aria-current=current on:click=on(move |_| desk.at_live.set(live))>{name}</button> }
        };
        view! { <nav aria-label=words.desk>{to(false, words.counter)} {to(true, live::name())}</nav> }
    });
    // Made when it is looked at for the first time, and kept then.
    let opened = Memo::new(move |was: Option<&bool>| was == Some(&true) || at_live.get());
    let name = staff.name.clone();
    let live_desk = may_host.then(|| {
        let live_desk = changing(move || match opened.get() {
            true => live::page(&staff),
            false => ().into_view(),
        });
        view! { <div hidden=follows(move || !at_live.get())>{live_desk}</div> }
    });
    view! {
        <div class=class>
            <aside>
                {icon("shop")}
                <strong>{name}</strong>
                <span>{role.copied().unwrap_or_default()}</span>
                {way}
                <span class="net" class:away=follows(move || away.get()) role="status">{text(move || (if away.get() { words.offline } else { words.online }).to_owned())}</span>
                {lock(desk, stores)}
            </aside>
            <div hidden=follows(move || at_live.get())>{counter}</div>
            {live_desk}
        </div>
    }
}

/// Locks the desk; asks once more while the picture of a show is sent from here.
fn lock(desk: Desk, stores: Stores) -> View {
    let words = words();
    let asked = RwSignal::new(false);
    let asks = move || asked.get() && desk.sending.get();
    // It is not asked by itself when something is sent the next time.
    effect(move |_| {
        if !desk.sending.get() {
            asked.set(false);
        }
    });
    let (first, second) = (Slot::<HtmlElement>::new(), Slot::<HtmlElement>::new());
    let lock = on(move |_| match desk.sending.get_untracked() {
        true => {
            asked.set(true);
            focus_soon(second);
        }
        false => desk.lock(stores),
    });
    let not_yet = on(move |_| {
        asked.set(false);
        focus_soon(first);
    });
    let told = move || match asks() {
        true => words.lock_sends.to_owned(),
        false => String::new(),
    };
    view! {
        <span role="alert">{text(told)}</span>
        <button type="button" node_ref=first hidden=follows(asks) on:click=lock>{words.lock}</button>
        <button type="button" node_ref=second hidden=follows(move || !asks()) on:click=not_yet>{words.not_yet}</button>
        <button type="button" hidden=follows(move || !asks()) on:click=on(move |_| desk.lock(stores))>{words.lock_all_the_same}</button>
    }
}
