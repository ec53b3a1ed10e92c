//! A show that is planned already is decided otherwise, also while it is on.

use super::filled::{Around, Filled};
use super::here::Here;
use super::words::text as words;
use crate::browser::now_ms;
use crate::desk::focus_soon;
use crate::parts::state::show;
use crate::state::reading::reading;
use crate::view::{IntoView, Slot, View, changing, follows, on, view};
use domain::id::ProductId;
use domain::show::ShowPlan;
use leptos::prelude::*;
use web_sys::HtmlElement;

/// The button, and the sheet that it opens.
pub fn section(here: Here) -> View {
    let words = words();
    let id = here.id.get_value();
    let name = ["desk/live/", id.as_str(), "/plan"].concat();
    // What was begun is seen again.
    let open = RwSignal::new(Filled::of(&name).is_begun());
    let (opener, title) = (Slot::<HtmlElement>::new(), Slot::<HtmlElement>::new());
    let asked = StoredValue::new(false);
    let stores = here.host.stores;
    let sheet = changing(move || {
        if !open.get() {
            return ().into_view();
        }
        let (id, name) = (id.clone(), name.clone());
        // Each time anew: what was read before may have been changed by somebody else since.
        let key = ["desk/plan/", id.as_str(), "/", &now_ms().to_string()].concat();
        let planned = reading(key, move || {
            let id = id.clone();
            Box::pin(async move { stores.client().desk_shows().planned(&id).await })
        });
        let sheet = move |plan: ShowPlan| {
            if asked.get_value() {
                focus_soon(title);
            }
            edit(plan, Filled::of(&name), here, open, (opener, title))
        };
        show(planned, "me", sheet, || ().into_view())
    });
    let ask = on(move |_| {
        asked.set_value(true);
        open.set(true);
    });
    view! {
        <div class="edit" hidden=follows(move || here.is_over())>
            <button type="button" class="btn soft" node_ref=opener aria-expanded=follows(move || open.get().to_string()) hidden=follows(move || open.get()) on:click=ask>{words.edit}</button>
            {sheet}
        </div>
    }
}

fn edit(
    plan: ShowPlan,
    filled: Filled,
    here: Here,
    open: RwSignal<bool>,
    (opener, title): (Slot<HtmlElement>, Slot<HtmlElement>),
) -> View {
    let words = words();
    let (busy, trouble) = (RwSignal::new(false), RwSignal::new(String::new()));
    if !filled.is_begun() {
        filled.fill(&plan, |id: &ProductId| {
            let name = here.room.with_untracked(|room| {
                let good = room.as_ref().and_then(|room| room.good(id));
                good.map(|good| good.name.clone())
            });
            name.unwrap_or_else(|| id.to_string())
        });
    }
    let done = move || {
        filled.clear();
        open.try_set(false);
        focus_soon(opener);
    };
    let offset = plan.starts_at.offset_minutes;
    let submit = on(move |event| {
        event.prevent_default();
        match filled.plan(here.host, Some(&plan), Some(offset)) {
            Ok(plan) => {
                trouble.set(String::new());
                let call = move |client: client::Client<_>, show| async move {
                    client.desk_shows().keep_plan(&show, &plan).await
                };
                here.does(busy, call, move |_| {
                    done();
                    here.host.stores.say(words.edited.to_owned());
                });
            }
            Err(missing) => trouble.set(missing.to_owned()),
        }
    });
    let close = on(move |_| done());
    let around = Around {
        id: "edit",
        name: words.edit,
        buttons: (words.keep, words.edit_not),
        open,
        busy: busy.into(),
        trouble,
        checking: Signal::derive(|| false),
        title,
        submit,
        close,
    };
    filled.sheet(here.host, around)
}
