//! Being told when a show begins: by this page, by the device where it may, by one's own calendar.

use super::words::says;
use crate::browser::frame::is_seen;
use crate::browser::notify;
use crate::parts::icon;
use crate::parts::state::explain;
use crate::state::Stores;
use crate::view::{View, changing, follows, on, task, text, view};
use domain::id::ShowId;
use domain::show::ShowSummary;
use leptos::prelude::*;
use stylers::style_sheet;

const _: &str = include_str!("remind.css");

/// The ways to be told. `reminded` is how it is now, `changed` hears how it is from now on; a guest
/// signs in first.
pub fn remind(
    stores: Stores,
    id: &ShowId,
    sign_in: String,
    reminded: Signal<bool>,
    changed: impl Fn(bool) + Copy + 'static,
) -> View {
    let class = style_sheet!("src/app/src/shop/live/room/remind.css");
    let says = says();
    let file = stores.client().shows().calendar_address(id);
    let busy = RwSignal::new(false);
    let id = StoredValue::new(id.clone());
    let tapped = move || {
        if busy.get_untracked() {
            return;
        }
        let remind = !reminded.get_untracked();
        if remind {
            notify::ask();
        }
        busy.set(true);
        let id = id.get_value();
        task(async move {
            let answer = stores.client().shows().remind(&id, remind).await;
            let here = busy.try_set(false).is_none();
            match answer {
                Ok(_) => {
                    if here {
                        changed(remind);
                    }
                    let told = match (remind, notify::allowed()) {
                        (false, _) => says.remind_off,
                        (true, false) => says.remind_set,
                        (true, true) => says.remind_set_device,
                    };
                    stores.say(told.to_owned());
                }
                Err(error) => {
                    stores.session.heed(&error);
                    stores.say(explain(&error).0);
                }
            }
        });
    };
    let button = changing(move || {
        if !stores.session.is_open() {
            return view! { <a class="btn" href=sign_in.clone()>{icon("clock")} {says.remind_guest}</a> };
        }
        view! {
            <button type="button" class="btn" aria-pressed=follows(move || reminded.get().to_string()) aria-disabled=follows(move || busy.get().to_string()) on:click=on(move |_| tapped())>
                {changing(move || icon(if reminded.get() { "check" } else { "clock" }))}
                <span>{text(move || (if reminded.get() { says.reminded } else { says.remind }).to_owned())}</span>
            </button>
        }
    });
    view! {
        <p class=class>
            {button}
            <a class="btn soft" href=file download="live.ics">{says.calendar}</a>
        </p>
    }
}

/// A show that one wanted to be told of has begun.
pub fn begun(show: &ShowSummary, stores: Stores) {
    if !show.remind {
        return;
    }
    let says = says();
    let title = (says.started)(&show.title);
    if !is_seen() {
        notify::notify(&title, says.started_hint, show.id.as_str());
    }
    stores.say(title);
}
