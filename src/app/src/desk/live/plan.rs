//! A show is planned: one key for one show, and whatever is filled in stays until it is.

use super::filled::{Around, Filled};
use super::words::text as words;
use super::{Host, why_not};
use crate::desk::focus_soon;
use crate::desk::once::{Kept, Once, Progress, Sent};
use crate::state::Stores;
use crate::view::{Slot, View, effect, on};
use client::json;
use domain::show::{ShowPlan, ShowSummary};
use leptos::prelude::*;
use web_sys::HtmlElement;

fn send(stores: Stores, kept: Kept) -> Sent<ShowSummary> {
    Box::pin(async move {
        let plan: ShowPlan = json::decode(&kept.request)?;
        stores.client().desk_shows().plan(&plan, &kept.key).await
    })
}

/// The form; it is open from the beginning when something is filled in, or under way.
pub fn form(
    host: Host,
    offset: Memo<Option<i16>>,
    open: RwSignal<bool>,
    opener: Slot<HtmlElement>,
    again: impl Fn() + Copy + 'static,
) -> View {
    let words = words();
    let once = host.staff.with_value(|staff| Once::of("show", staff, send));
    let filled = Filled::of("desk/live/plan");
    open.set(filled.is_begun() || once.is_under_way());
    let trouble = RwSignal::new(String::new());
    let title = Slot::<HtmlElement>::new();
    effect(move |_| match once.progress.get() {
        Progress::Done(show) => {
            once.taken_in();
            filled.clear();
            open.set(false);
            host.stores.say((words.planned)(&show.title));
            focus_soon(opener);
            again();
        }
        Progress::Refused(_, error) => trouble.set(why_not(&error)),
        Progress::NoRoom(_) => trouble.set(words.no_room.to_owned()),
        Progress::Lapsed => {
            host.stores.say(words.lapsed.to_owned());
            once.taken_in();
            again();
        }
        _ => {}
    });
    effect(move |first| {
        if open.get() && !first {
            focus_soon(title);
        }
    });
    let submit = on(move |event| {
        event.prevent_default();
        match filled.plan(host, None, offset.get_untracked()) {
            Ok(plan) => {
                trouble.set(String::new());
                once.submit("", &plan, host.stores);
            }
            Err(missing) => trouble.set(missing.to_owned()),
        }
    });
    let close = on(move |_| {
        open.set(false);
        focus_soon(opener);
    });
    let around = Around {
        id: "plan",
        name: words.plan,
        buttons: (words.plan_do, words.later),
        open,
        busy: Signal::derive(move || once.is_busy()),
        trouble,
        checking: Signal::derive(move || once.is_checking()),
        title,
        submit,
        close,
    };
    filled.sheet(host, around)
}
