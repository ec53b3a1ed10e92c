//! Makes this tablet one of the shop's, by a one-time code; a link with the code does it by itself.

use super::sign_in::frame;
use super::words::text as words;
use super::{here, told};
use crate::state::stores;
use crate::view::{Slot, View, follows, on, task, text, view};
use leptos::prelude::*;
use web_sys::HtmlInputElement;

/// What stands before the code in a link.
const LINK: &str = "#register=";

/// The page.
pub fn page() -> View {
    let stores = stores();
    let desk = here();
    let words = words();
    let (code, name) = (
        Slot::<HtmlInputElement>::new(),
        Slot::<HtmlInputElement>::new(),
    );
    let busy = RwSignal::new(false);
    let trouble = RwSignal::new(String::new());
    let register = move |code: String, name: String| {
        busy.set(true);
        task(async move {
            let client = stores.client();
            let answer = client.desk().register(&code, &name).await;
            busy.try_set(false);
            match answer {
                Ok(_) => {
                    crate::browser::page::drop_hash();
                    desk.find_out(stores);
                }
                Err(error) => {
                    trouble.try_set(told(&error, words.wrong_code));
                }
            }
        });
    };
    let linked = window().location().hash().unwrap_or_default();
    if let Some(code) = linked.strip_prefix(LINK) {
        register(code.to_owned(), words.device_default.to_owned());
    }
    let value =
        |slot: Slot<HtmlInputElement>| slot.get().map(|field| field.value()).unwrap_or_default();
    let submit = on(move |event| {
        event.prevent_default();
        if !busy.get_untracked() {
            register(value(code), value(name));
        }
    });
    frame(view! {
        <form class="card" novalidate on:submit=submit>
            <h1>{words.register}</h1>
            <p class="quiet">{words.register_hint}</p>
            <label><span>{words.register_code}</span> <input node_ref=code name="code" autocomplete="off" autocapitalize="characters" maxlength="12" /></label>
            <label><span>{words.device_name}</span> <input class="plain" node_ref=name name="device" autocomplete="off" maxlength="40" value=words.device_default /></label>
            <p class="trouble" role="alert">{text(move || trouble.get())}</p>
            <button class="btn wide" disabled=follows(move || busy.get())>{words.register_do}</button>
        </form>
    })
}
