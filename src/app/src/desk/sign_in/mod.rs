//! Where staff sign in with their PIN, on a tablet of the shop's.

use super::words::text as words;
use super::{Stage, here, told};
use crate::parts::icon;
use crate::state::stores;
use crate::view::{IntoView, View, follows, on, task, text, view};
use crate::words::{Language, words as shared};
use domain::desk::Device;
use leptos::prelude::*;
use stylers::style_sheet;
use wasm_bindgen::JsCast;
use web_sys::KeyboardEvent;

const _: &str = include_str!("sign_in.css");

/// A PIN has so many digits at least and at most.
const LENGTH: (usize, usize) = (4, 8);

/// The two halves: whose shop this is, and what there is to fill in.
pub fn frame(form: View) -> View {
    let class = style_sheet!("src/app/src/desk/sign_in/sign_in.css");
    let stores = stores();
    crate::browser::page::set_title(&[words().title, " · ", &stores.brand()].concat());
    let language = |language: Language| {
        let here = stores.settings.language.get_untracked() == language;
        view! { <button type="button" lang=language.tag() aria-pressed=here.to_string() on:click=on(move |_| stores.settings.set_language(language))>{language.name()}</button> }
    };
    view! {
        <section class=class id="desk-sign-in">
            <div class="who">
                {icon("shop")}
                <p class="h1">{stores.brand()}</p>
                <div class="languages" role="group" aria-label=shared().language>{Language::ALL.map(language)}</div>
                <a href="/">{words().shop} {icon("more")}</a>
            </div>
            {form}
        </section>
    }
}

/// The backend has no desk.
pub fn absent() -> View {
    frame(view! {
        <form class="card"><h1>{words().title}</h1> <p class="closed" role="status">{words().closed}</p></form>
    })
}

/// The page.
pub fn page(device: Device) -> View {
    let stores = stores();
    let desk = here();
    let words = words();
    let pin = RwSignal::new(String::new());
    let busy = RwSignal::new(false);
    let trouble = RwSignal::new(String::new());
    let digit = move |digit: &str| {
        trouble.set(String::new());
        pin.update(|pin| {
            if pin.len() < LENGTH.1 {
                pin.push_str(digit);
            }
        });
    };
    let delete = move || {
        pin.update(|pin| {
            pin.pop();
        });
    };
    let enter = move || {
        if busy.get_untracked() || pin.with_untracked(String::len) < LENGTH.0 {
            return;
        }
        busy.set(true);
        let tried = pin.get_untracked();
        task(async move {
            let answer = stores.client().desk().sign_in(&tried).await;
            busy.try_set(false);
            match answer {
                Ok(staff) => desk.stage.set(Stage::Open(staff)),
                Err(error) => {
                    pin.try_set(String::new());
                    trouble.try_set(told(&error, words.wrong_pin));
                }
            }
        });
    };
    let typed = on(move |event| {
        let Some(event) = event.dyn_ref::<KeyboardEvent>() else {
            return;
        };
        let key = event.key();
        match key.as_str() {
            "Backspace" => delete(),
            "Enter" => {}
            key if key.len() == 1 && key.bytes().all(|byte| byte.is_ascii_digit()) => digit(key),
            _ => return,
        }
        if key != "Enter" {
            event.prevent_default();
        }
    });
    let key = |name: &'static str| {
        view! { <button type="button" on:click=on(move |_| digit(name))>{name}</button> }
    };
    let keys = ["1", "2", "3", "4", "5", "6", "7", "8", "9"].map(key);
    let hint = device
        .demo_hint
        .map(|pins| view! { <p class="closed">{words.demo_pins} {pins}</p> });
    let dots = move || "●".repeat(pin.with(String::len));
    frame(view! {
        <form class="card" novalidate on:keydown=typed on:submit=on(move |event| { event.prevent_default(); enter(); })>
            <h1>{words.title}</h1>
            <p class="quiet">{device.name} " · " {words.hint}</p>
            <output class="pin" aria-label=words.pin>{text(dots)}</output>
            <p class="unseen" role="status">{text(move || pin.with(String::len).to_string())}</p>
            <div class="keys">
                {keys}
                <button type="button" aria-label=words.delete on:click=on(move |_| delete())>"⌫"</button>
                {key("0")}
                <button class="go" aria-label=words.enter disabled=follows(move || busy.get() || pin.with(String::len) < LENGTH.0)>"✓"</button>
            </div>
            <p class="trouble" role="alert">{text(move || trouble.get())}</p>
            {hint.into_view()}
        </form>
    })
}
