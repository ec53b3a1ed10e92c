//! What there is to do in a show, one kind seen at a time. None is thrown away when another is looked
//! at: what is half typed in it stays.

use super::words::text as words;
use crate::view::{IntoView, Slot, View, changing, follows, on, view};
use leptos::prelude::*;
use stylers::style_sheet;
use wasm_bindgen::JsCast;
use web_sys::{HtmlElement, KeyboardEvent};

const _: &str = include_str!("tabs.css");

/// One of them.
pub struct Tab {
    /// Its name in the page.
    pub id: &'static str,
    /// What it is called.
    pub name: &'static str,
    /// Whether something of it is open just now.
    pub open: Memo<bool>,
    /// What is in it.
    pub panel: View,
}

/// All of them, with the arrow keys too (ARIA Authoring Practices, "Tabs"). `shown` is which of them is seen.
pub fn tabs(label: &'static str, tabs: Vec<Tab>, shown: RwSignal<usize>) -> View {
    let class = style_sheet!("src/app/src/desk/live/tabs.css");
    let slots: Vec<Slot<HtmlElement>> = tabs.iter().map(|_| Slot::new()).collect();
    let last = slots.len().saturating_sub(1);
    let at_keys = slots.clone();
    let keys = on(move |event| {
        let Some(event) = event.dyn_ref::<KeyboardEvent>() else {
            return;
        };
        let now = shown.get_untracked();
        let next = match event.key().as_str() {
            "ArrowLeft" => now.checked_sub(1).unwrap_or(last),
            "ArrowRight" if now >= last => 0,
            "ArrowRight" => now + 1,
            "Home" => 0,
            "End" => last,
            _ => return,
        };
        event.prevent_default();
        shown.set(next);
        if let Some(tab) = at_keys.get(next).and_then(Slot::get) {
            let _ = tab.focus();
        }
    });
    let id = |kind: &str, tab: &Tab| ["live-", kind, "-", tab.id].concat();
    let heads = tabs.iter().zip(&slots).enumerate().map(|(at, (tab, slot))| {
        let open = tab.open;
        let mark = changing(move || {
            let mark = open.get().then(|| view! { " " <span class="tag save">{words().open}</span> });
            mark.into_view()
        });
        let reached = follows(move || if shown.get() == at { "0" } else { "-1" });
        let selected = follows(move || (shown.get() == at).to_string());
        view! {
            <button type="button" role="tab" id=id("tab", tab) aria-controls=id("panel", tab) node_ref=*slot aria-selected=selected tabindex=reached on:click=on(move |_| shown.set(at))>{tab.name} {mark}</button>
        }
    });
    let heads = heads.collect::<Vec<_>>();
    let panels = tabs.into_iter().enumerate().map(|(at, tab)| {
        let (name, named_by) = (id("panel", &tab), id("tab", &tab));
        view! { <div role="tabpanel" id=name aria-labelledby=named_by hidden=follows(move || shown.get() != at)>{tab.panel}</div> }
    });
    let panels = panels.collect::<Vec<_>>();
    view! {
        <div class=class>
            <div class="tablist" role="tablist" aria-label=label on:keydown=keys>{heads}</div>
            {panels}
        </div>
    }
}
