//! Whoever is far behind the host is offered to jump to what is now.

use super::words::says;
use crate::browser::page;
use crate::parts::icon;
use crate::shop::live::here::Here;
use crate::view::{IntoView, Slot, View, changing, on, text, view};
use leptos::prelude::*;
use stylers::style_sheet;
use web_sys::HtmlElement;

const _: &str = include_str!("jump.css");

/// The offer; the place for it stands there always, so that it is read out. It is read out once, not
/// with every second.
pub fn jump(here: Here) -> View {
    let class = style_sheet!("src/app/src/shop/live/room/jump.css");
    let says = says();
    let behind = here.drawn.behind;
    let offered = Memo::new(move |_| behind.get().is_some());
    let said = move || {
        if offered.get() {
            (says.far_behind)(behind.get_untracked().unwrap_or_default())
        } else {
            String::new()
        }
    };
    let slot = Slot::<HtmlElement>::new();
    let button = changing(move || {
        // What had the focus goes with what is not offered any more.
        let focused = document().active_element();
        let had_focus = slot.get().map(Into::into) == focused && focused.is_some();
        if had_focus && !offered.get() {
            page::focus_heading();
        }
        let ahead = on(move |_| here.jump.update(|jump| *jump = jump.wrapping_add(1)));
        let label = move || (says.jump)(behind.get().unwrap_or_default());
        let button = || {
            view! { <button node_ref=slot type="button" class="btn" on:click=ahead>{icon("clock")} {text(label)}</button> }
        };
        offered.get().then(button).into_view()
    });
    view! {
        <div class=class>
            {button}
            <p class="unseen" role="status">{text(said)}</p>
        </div>
    }
}
