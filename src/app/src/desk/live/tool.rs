//! What poll, wishes and coupons have in common: what was opened last, and a form that opens a new one.

use super::here::Here;
use super::sure::sure;
use super::why_not;
use super::words::text as words;
use crate::desk::once::{Once, Progress};
use crate::view::{View, changing, effect, follows, text, view};
use domain::live::RoundState;
use leptos::prelude::*;
use stylers::style_sheet;

const _: &str = include_str!("tool.css");

/// The panel of such a tool.
pub fn panel(last: View, rest: View) -> View {
    let class = style_sheet!("src/app/src/desk/live/tool.css");
    view! { <div class=class>{last} {rest}</div> }
}

/// What was opened last. What comes of it changes below, without touching the button.
#[derive(Clone, PartialEq)]
pub struct Last<I> {
    /// Its id.
    pub id: I,
    /// As the host has written it.
    pub title: String,
    /// Whether it goes on.
    pub state: RoundState,
}

/// How such a tool calls things.
pub struct Names {
    /// Nothing was opened yet.
    pub none: &'static str,
    /// The section of what was opened last.
    pub last: &'static str,
    /// The button that closes it.
    pub close: &'static str,
    /// And asks once more.
    pub close_sure: &'static str,
}

/// The section of what was opened last, with what came of it.
pub fn last<I: Clone + PartialEq + Send + Sync + 'static>(
    last: impl Fn() -> Option<Last<I>> + Send + Sync + 'static,
    names: Names,
    came_of_it: impl Fn() -> View + 'static,
    close: impl Fn(I, RwSignal<bool>) + Copy + 'static,
) -> View {
    let words = words();
    let busy = RwSignal::new(false);
    let head = Memo::new(move |_| last());
    changing(move || {
        let Some(Last { id, title, state }) = head.get() else {
            return view! { <p class="quiet">{names.none}</p> };
        };
        let is_open = state == RoundState::Open;
        let act = move || close(id.clone(), busy);
        let end = is_open.then(|| sure(names.close, names.close_sure, "", true, busy, act));
        let told = if is_open { words.open } else { words.closed };
        view! {
            <section class="last" aria-label=names.last>
                <header><h3>{title}</h3> <span class="tag" class:save=is_open>{told}</span></header>
                {came_of_it()}
                {end}
            </section>
        }
    })
}

/// Takes in what becomes of what is opened: `done` clears the form, whose `trouble` says what is wrong.
pub fn see_through<A: Clone + Send + Sync + 'static>(
    once: Once<A>,
    here: Here,
    trouble: RwSignal<String>,
    done: impl Fn() + 'static,
    said: &'static str,
) {
    let words = words();
    let stores = here.host.stores;
    effect(move |_| match once.progress.get() {
        Progress::Done(_) => {
            once.taken_in();
            done();
            stores.say(said.to_owned());
        }
        Progress::Refused(_, error) => trouble.set(why_not(&error)),
        Progress::NoRoom(_) => trouble.set(words.no_room.to_owned()),
        Progress::Lapsed => {
            stores.say(words.lapsed.to_owned());
            once.taken_in();
        }
        Progress::Idle | Progress::Sending(_) | Progress::Checking(_) => {}
    });
}

/// What stands below such a form: when it can be sent, what is wrong, what is being found out.
pub fn foot<A: Clone + Send + Sync + 'static>(
    once: Once<A>,
    here: Here,
    trouble: RwSignal<String>,
) -> View {
    let words = words();
    let checking = move || {
        if once.is_checking() {
            words.checking.to_owned()
        } else {
            String::new()
        }
    };
    view! {
        <p class="quiet" hidden=follows(move || here.is_live())>{words.when_live}</p>
        <p class="trouble" role="alert">{text(move || trouble.get())}</p>
        <p class="checking" role="status">{text(checking)}</p>
    }
}
