//! What cannot be taken back is asked for once more.

use super::words::text as words;
use crate::desk::focus_soon;
use crate::view::{Slot, View, follows, on, view};
use leptos::prelude::*;
use web_sys::HtmlElement;

/// A button, and what it asks before it does anything. `of` is what it is about, for whoever does not
/// see where it stands; may be empty.
pub fn sure(
    name: &'static str,
    really: &'static str,
    of: &str,
    warn: bool,
    busy: RwSignal<bool>,
    act: impl Fn() + 'static,
) -> View {
    let words = words();
    let asked = RwSignal::new(false);
    let (first, second) = (Slot::<HtmlElement>::new(), Slot::<HtmlElement>::new());
    let ask = on(move |_| {
        asked.set(true);
        focus_soon(second);
    });
    let not_yet = on(move |_| {
        asked.set(false);
        focus_soon(first);
    });
    let do_it = on(move |_| act());
    let label = |name: &str| (!of.is_empty()).then(|| [name, " ", of].concat());
    let looks = if warn { "btn warn" } else { "btn" };
    view! {
        <span class="sure">
            <button type="button" class=if warn { "btn soft" } else { "btn" } node_ref=first aria-label=label(name) hidden=follows(move || asked.get()) on:click=ask>{name}</button>
            <button type="button" class=looks node_ref=second aria-label=label(really) hidden=follows(move || !asked.get()) disabled=follows(move || busy.get()) on:click=do_it>{really}</button>
            <button type="button" class="btn soft" aria-label=label(words.not_yet) hidden=follows(move || !asked.get()) on:click=not_yet>{words.not_yet}</button>
        </span>
    }
}
