//! Says how the room stands with the shop, unless it is as the shop has it.

use super::words::says;
use crate::parts::icon;
use crate::shop::live::here::Here;
use crate::view::{IntoView, View, changing, effect, view};
use client::live::Status;
use leptos::prelude::*;
use std::time::Duration;
use stylers::style_sheet;

const _: &str = include_str!("strip.css");

/// A connection that comes back within so long is not worth a word.
const A_MOMENT: Duration = Duration::from_millis(1_500);

/// The strip; it stands there always, so that what appears in it is read out.
pub fn strip(here: Here) -> View {
    let class = style_sheet!("src/app/src/shop/live/room/strip.css");
    let said = RwSignal::new(None::<&'static str>);
    effect(move |_| {
        let says = says();
        let words = match here.status.get() {
            Status::Live | Status::Ended => None,
            Status::Behind { .. } => Some(says.behind),
            Status::Offline => Some(says.offline),
            Status::Reconnecting => {
                // What was said stays until there is something else to say.
                let later = move || {
                    said.try_update(|said| *said = said.or(Some(says.connecting)));
                };
                let timer = set_timeout_with_handle(later, A_MOMENT);
                on_cleanup(move || {
                    if let Ok(timer) = timer {
                        timer.clear();
                    }
                });
                return;
            }
        };
        if said.get_untracked() != words {
            said.set(words);
        }
    });
    view! {
        <div class=class role="status">
            {changing(move || said.get().map(|said| view! { <p>{icon("offline")} <span>{said}</span></p> }).into_view())}
        </div>
    }
}
