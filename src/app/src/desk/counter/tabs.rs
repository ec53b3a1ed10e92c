//! The views of today, one seen at a time. None is thrown away when another is looked at: what is
//! half typed in it stays.

use super::words::text as words;
use crate::view::{Slot, View, follows, on, view};
use leptos::prelude::*;
use stylers::style_sheet;
use wasm_bindgen::JsCast;
use web_sys::{HtmlElement, KeyboardEvent};

const _: &str = include_str!("tabs.css");

/// The two views, by tabs that the arrow keys move along too (ARIA Authoring Practices, "Tabs").
pub fn views(orders: View, tastings: View) -> View {
    let class = style_sheet!("src/app/src/desk/counter/tabs.css");
    let words = words();
    let second = RwSignal::new(false);
    let tabs = [Slot::<HtmlElement>::new(), Slot::<HtmlElement>::new()];
    let [first_tab, second_tab] = tabs;
    let choose = move |to_second: bool| {
        second.set(to_second);
        let tab = if to_second { second_tab } else { first_tab };
        if let Some(tab) = tab.get() {
            let _ = tab.focus();
        }
    };
    let keys = on(move |event| {
        let Some(event) = event.dyn_ref::<KeyboardEvent>() else {
            return;
        };
        // There are two, so one step either way is the other one.
        let to_second = match event.key().as_str() {
            "ArrowLeft" | "ArrowRight" => !second.get_untracked(),
            "Home" => false,
            "End" => true,
            _ => return,
        };
        event.prevent_default();
        choose(to_second);
    });
    let selected = move |is_second: bool| follows(move || (second.get() == is_second).to_string());
    let reached =
        move |is_second: bool| follows(move || if second.get() == is_second { "0" } else { "-1" });
    view! {
        <div class=class>
            <div class="tablist" role="tablist" aria-label=words.views on:keydown=keys>
                <button type="button" role="tab" id="tab-orders" aria-controls="panel-orders" node_ref=first_tab aria-selected=selected(false) tabindex=reached(false) on:click=on(move |_| choose(false))>{words.orders}</button>
                <button type="button" role="tab" id="tab-tastings" aria-controls="panel-tastings" node_ref=second_tab aria-selected=selected(true) tabindex=reached(true) on:click=on(move |_| choose(true))>{words.tastings}</button>
            </div>
            <div role="tabpanel" id="panel-orders" aria-labelledby="tab-orders" hidden=follows(move || second.get())>{orders}</div>
            <div role="tabpanel" id="panel-tastings" aria-labelledby="tab-tastings" hidden=follows(move || !second.get())>{tastings}</div>
        </div>
    }
}
