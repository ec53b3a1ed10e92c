//! What poll, wishes and coupons have in common: what was opened last, and a form that opens a new one.

use super::here::Here;
use super::why_not;
use super::words::text as words;
use crate::desk::once::{Once, Progress};
use crate::view::{View, effect, follows, text, view};
use leptos::prelude::*;
use stylers::style_sheet;

const _: &str = include_str!("tool.css");

/// The panel of such a tool.
pub fn panel(last: View, rest: View) -> View {
    let class = style_sheet!("src/app/src/desk/live/tool.css");
    view! { <div class=class>{last} {rest}</div> }
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
