//! Where it is sent to: the key and its addresses. The key is in no address, title, log or storage, and on the
//! screen only while somebody wants to see it: the tablet may be in the picture itself.

use super::words::text as words;
use super::{Air, Doors};
use crate::browser::poster::code_path;
use crate::browser::share;
use crate::desk::focus_soon;
use crate::desk::live::sure::sure;
use crate::parts::state::failed;
use crate::view::{IntoView, Slot, View, changing, effect, follows, on, task, text, view};
use domain::video::{Publishing, RtmpDoor, WhipDoor};
use leptos::prelude::*;
use web_sys::HtmlElement;

/// What stands for a key that is not shown.
const DOTS: &str = "••••••••••••";

/// The section.
pub fn section(air: Air) -> View {
    let words = words();
    let name = Slot::<HtmlElement>::new();
    let key = changing(move || match air.doors.get() {
        Doors::Reading => view! { <p class="quiet" role="status">{words.reading}</p> },
        Doors::Failed(error) => failed(&error, move || air.read()),
        Doors::Here(publishing) if publishing.made_at.is_none() => keyless(air, name),
        Doors::Here(publishing) if publishing.whip.is_none() && publishing.rtmp.is_none() => {
            no_server()
        }
        Doors::Here(publishing) => keyed(air, &publishing, name),
    });
    view! { <div class="doors">{key}</div> }
}

fn no_server() -> View {
    let words = words();
    view! {
        <div class="box">
            <h3>{words.no_server}</h3>
            <p>{words.no_server_hint}</p>
        </div>
    }
}

/// Before there is a key it is not known where it would be good for; where viewers have nothing to look at
/// there is no server.
fn keyless(air: Air, name: Slot<HtmlElement>) -> View {
    let words = words();
    let none = changing(move || {
        let none = air.sources.with(Vec::is_empty).then(no_server);
        none.into_view()
    });
    let make = on(move |_| air.renew(move || focus_soon(name)));
    view! {
        {none}
        <p>{words.no_key}</p>
        <button type="button" class="btn" disabled=follows(move || air.busy.get()) on:click=make>{words.get_key}</button>
    }
}

fn keyed(air: Air, publishing: &Publishing, name: Slot<HtmlElement>) -> View {
    let words = words();
    let shown = RwSignal::new(false);
    // Hidden again when something else is looked at.
    effect(move |_| {
        if !air.open.get() {
            shown.set(false);
        }
    });
    let rtmp = publishing.rtmp.clone();
    let whip = publishing.whip.clone();
    let key = rtmp.as_ref().map(|door| door.key.clone());
    let key = key.or_else(|| whip.as_ref().map(|door| door.token.clone()));
    let server = rtmp.as_ref().map(|door| {
        let server = door.server.clone();
        row(air, words.server, words.server, server, None)
    });
    let key = key.map(|key| row(air, words.key_label, words.key, key, Some(shown)));
    let code = rtmp.as_ref().map(|door| code(air, door, shown));
    let no_code = rtmp.is_none().then_some(words.code_hidden);
    let whip = whip.map(|door| by_whip(air, door, shown, no_code));
    let hints = rtmp.map(|_| {
        view! {
            <p class="quiet">{words.by_app_hint}</p>
            <p class="quiet">{words.obs_hint}</p>
        }
    });
    let renew = move || air.renew(move || focus_soon(name));
    view! {
        <div class="box">
            <h3 tabindex="-1" node_ref=name>{words.by_app}</h3>
            {hints}
            {server}
            {key}
            {code}
            {whip}
            <div class="do">
                {sure(words.renew, words.renew_sure, "", true, air.busy, renew)}
                <span class="quiet">{words.renew_hint}</span>
            </div>
        </div>
    }
}

/// Address and token. No app takes both from one code, and each asks for both.
fn by_whip(air: Air, door: WhipDoor, shown: RwSignal<bool>, hidden: Option<&'static str>) -> View {
    let words = words();
    // A path of the shop's own host is of no use elsewhere.
    let url = match door.url.starts_with('/') {
        true => share::absolute(&door.url),
        false => door.url,
    };
    let address = row(air, words.whip, words.whip, url.clone(), None);
    let codes = changing(move || {
        if !shown.get() {
            let hidden = hidden.map(|hidden| view! { <p class="quiet">{hidden}</p> });
            return hidden.into_view();
        }
        view! {
            <p class="quiet">{words.whip_codes}</p>
            {drawn(words.whip_code, &url)}
            <p class="quiet">{words.token_hint}</p>
            {drawn(words.token_code, &door.token)}
        }
    });
    view! {
        {address}
        <p class="quiet">{words.whip_hint}</p>
        <div class="code">{codes}</div>
    }
}

/// Something to be copied. `shown`: it is only seen while that is so.
fn row(
    air: Air,
    label: &'static str,
    what: &'static str,
    value: String,
    shown: Option<RwSignal<bool>>,
) -> View {
    let words = words();
    let seen = {
        let value = value.clone();
        move || match shown {
            Some(shown) if !shown.get() => DOTS.to_owned(),
            _ => value.clone(),
        }
    };
    let show = shown.map(|shown| {
        let name = move || if shown.get() { words.hide } else { words.show };
        let turn = on(move |_| shown.update(|shown| *shown = !*shown));
        view! { <button type="button" class="btn soft" on:click=turn>{text(move || name().to_owned())}</button> }
    });
    view! {
        <div class="row">
            <p><b>{label}</b> <code>{text(seen)}</code></p>
            {show}
            {copies(air, what, value)}
        </div>
    }
}

/// A button that copies something.
fn copies(air: Air, what: &'static str, value: String) -> View {
    let words = words();
    let stores = air.here.host.stores;
    let copy = on(move |_| {
        let value = value.clone();
        task(async move {
            let told = match share::copy(&value).await {
                true => (words.copied)(what),
                false => words.not_copied.to_owned(),
            };
            stores.say(told);
        });
    });
    let label = [words.copy, " ", what].concat();
    view! { <button type="button" class="btn soft" aria-label=label on:click=copy>{words.copy}</button> }
}

/// Server and key in one, to be scanned by a phone.
fn code(air: Air, door: &RtmpDoor, shown: RwSignal<bool>) -> View {
    let words = words();
    let address = door.address();
    let seen = {
        let address = address.clone();
        changing(move || {
            if !shown.get() {
                return view! { <p class="quiet">{words.code_hidden}</p> };
            }
            view! {
                {drawn(words.code, &address)}
                <p class="quiet">{words.code_hint}</p>
            }
        })
    };
    view! {
        <div class="code">
            {seen}
            <p class="row"><span class="quiet">{words.address}</span> {copies(air, words.address, address)}</p>
        </div>
    }
}

fn drawn(name: &'static str, text: &str) -> View {
    let code = code_path(text).map(|(side, path)| {
        let side = side.to_string();
        view! {
            <svg viewBox=["0 0 ", &side, " ", &side].concat() role="img" aria-label=name shape-rendering="crispEdges"><path d=path></path></svg>
        }
    });
    code.into_view()
}
