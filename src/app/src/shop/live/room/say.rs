//! The field where one says something.

use super::own::Own;
use super::rows::Lane;
use super::talk::Talk;
use super::words::says;
use crate::browser::address::go;
use crate::browser::now_ms;
use crate::view::{Slot, View, changing, effect, follows, on, text, view};
use domain::live::MAX_COMMENT_CHARS;
use domain::order::MAX_NAME_CHARS;
use domain::time::Moment;
use leptos::prelude::*;
use std::time::Duration;
use stylers::style_sheet;
use web_sys::{HtmlElement, HtmlInputElement};

const _: &str = include_str!("say.css");

/// From how many characters left on it is said.
const NEAR: usize = 20;

/// How long after the focus has left the form it becomes small again.
const LEAVING: Duration = Duration::from_millis(400);

/// The field, and what stands above it. A guest may type too, and signs in to send it.
pub fn say(talk: Talk) -> View {
    let class = style_sheet!("src/app/src/shop/live/room/say.css");
    let (says, own, here) = (says(), talk.own, talk.here);
    let field = Slot::<HtmlInputElement>::new();
    let (sign_in, address) = (here.sign_in(), here.address);
    let session = here.stores.session;
    let guest = Memo::new(move |_| !session.is_open());
    let asks = Memo::new(move |_| talk.lane.get() == Lane::Questions);
    let muted = here.piece(|room| room.mine.as_ref().is_some_and(|mine| mine.muted));
    let muted = Memo::new(move |_| muted.get() == Some(true));
    let open = RwSignal::new(false);
    let written = Memo::new(move |_| own.text.with(|text| !text.trim().is_empty()));
    let wait = waiting(own);
    effect(move |_| {
        // What was put back stands in the field again.
        let text = own.text.get();
        if let Some(field) = field.get()
            && field.value() != text
        {
            field.set_value(&text);
        }
    });
    let to_sign_in = sign_in.clone();
    let submit = on(move |event| {
        event.prevent_default();
        if guest.get_untracked() {
            if written.get_untracked() {
                go(address, &to_sign_in, false);
            }
            return;
        }
        let went = own.send(asks.get_untracked());
        // The next one may follow at once.
        if let Some(field) = field.get() {
            let _ = field.focus();
        }
        if went {
            talk.show_newest();
        }
    });
    let button = changing(move || {
        if guest.get() {
            return view! { <a class="send" href=sign_in.clone()>{says.sign_in_to_say}</a> };
        }
        view! {
            <button class="send" aria-disabled=follows(move || (wait.get().is_some() || muted.get()).to_string()) aria-label=follows(move || wait.get().map(|wait| wait.named))>
                {text(move || wait.get().map_or_else(|| says.send.to_owned(), |wait| wait.shown))}
            </button>
        }
    });
    let length = move || {
        let length = own.text.with(|text| text.trim().chars().count());
        match MAX_COMMENT_CHARS.checked_sub(length) {
            None => (says.chars_over)(length - MAX_COMMENT_CHARS),
            Some(left) if left <= NEAR => (says.chars_left)(left),
            Some(_) => String::new(),
        }
    };
    let form = Slot::<HtmlElement>::new();
    let left = on(move |_| {
        // Not at once: what is tapped must not move away under the finger.
        let later = move || {
            let inside = document().active_element();
            let inside = form
                .get()
                .is_some_and(|form| form.contains(inside.as_deref()));
            if !inside && written.try_get_untracked() == Some(false) {
                open.try_set(false);
            }
        };
        set_timeout(later, LEAVING);
    });
    let slow = here.piece(|room| room.slow_seconds);
    let told = move || {
        if muted.get() {
            return says.muted.to_owned();
        }
        match slow.get() {
            Some(seconds @ 1..) if open.get() => (says.slow_mode)(seconds),
            _ => String::new(),
        }
    };
    let shown = Memo::new(move |_| (open.get() || written.get()) && !guest.get());
    view! {
        <form node_ref=form class=class class:open=follows(move || open.get() || written.get()) novalidate on:submit=submit on:focusin=on(move |_| open.set(true)) on:focusout=left>
            {name(talk, shown, field)}
            <p class="note" role="status">{text(told)}</p>
            <p class="note" role="alert">{text(move || own.trouble.get())}</p>
            <p class="note" role="status" id="comment-length">{text(length)}</p>
            <div class="row">
                <input
                    node_ref=field
                    type="text"
                    name="comment"
                    autocomplete="off"
                    enterkeyhint="send"
                    aria-label=follows(move || if asks.get() { says.ask } else { says.say })
                    placeholder=follows(move || if asks.get() { says.ask } else { says.say })
                    aria-describedby="comment-length"
                    on:input=on(move |event| own.typed(event_target_value(&event)))
                />
                <span hidden=follows(move || !open.get() && !written.get())>{button}</span>
            </div>
        </form>
    }
}

/// What the button says while one has to wait.
#[derive(Clone, PartialEq)]
struct Wait {
    shown: String,
    named: String,
}

/// How long one has to wait; nothing when one need not.
fn waiting(own: Own) -> Memo<Option<Wait>> {
    let (says, here) = (says(), own.here());
    let now = RwSignal::new(now_ms());
    let tick = set_interval_with_handle(
        move || {
            if own.free_at.try_get_untracked().is_some_and(|at| at > 0) {
                now.try_set(now_ms());
            }
        },
        Duration::from_secs(1),
    );
    on_cleanup(move || {
        if let Ok(tick) = tick {
            tick.clear();
        }
    });
    // What the backend says of it at the beginning, by its own clock.
    let again = here.piece(|room| {
        let again = room.mine.as_ref().and_then(|mine| mine.again_at)?;
        Some(again.ms.saturating_sub(room.now.ms))
    });
    effect(move |_| {
        if let Some(Some(left @ 1..)) = again.get() {
            own.free_at.set(now_ms().saturating_add(left));
        }
    });
    let slow = here.piece(|room| room.slow_seconds);
    effect(move |first| {
        // Nobody has to wait any more.
        if slow.get() == Some(0) && !first {
            own.free_at.set(0);
        }
    });
    let offset = here.piece(|room| room.now.offset_minutes);
    let elder = Memo::new(move |_| here.stores.settings.elder());
    Memo::new(move |_| {
        let free_at = own.free_at.get();
        let left = free_at.saturating_sub(now.get().max(now_ms()));
        if left <= 0 {
            return None;
        }
        let seconds = (left + 999) / 1_000;
        if !elder.get() {
            return Some(Wait {
                shown: (says.wait)(seconds),
                named: (says.wait_named)(seconds),
            });
        }
        // Nothing counts down: when it is over is said once.
        let at = Moment {
            ms: free_at,
            offset_minutes: offset.get().unwrap_or_default(),
        };
        let second = free_at.div_euclid(1_000).rem_euclid(60);
        let clock = format!("{}:{second:02}", at.clock());
        let shown = (says.wait_until)(&clock);
        Some(Wait {
            named: shown.clone(),
            shown,
        })
    })
}

/// How one is called: asked once, and changed when one likes.
fn name(talk: Talk, shown: Memo<bool>, field: Slot<HtmlInputElement>) -> View {
    let (says, own) = (says(), talk.own);
    let known = talk.here.piece(|room| {
        let mine = room.mine.as_ref();
        mine.map(|mine| mine.name.clone()).unwrap_or_default()
    });
    let changes = RwSignal::new(false);
    let asked = RwSignal::new(false);
    let asks = Memo::new(move |_| {
        changes.get() || (known.get().unwrap_or_default().is_empty() && !asked.get())
    });
    let called = Memo::new(move |_| {
        let typed = own.name.get().or_else(|| known.get());
        typed.unwrap_or_default()
    });
    let input = Slot::<HtmlInputElement>::new();
    let typed = on(move |event| {
        let name = event_target_value(&event);
        let name = name.trim().chars().take(MAX_NAME_CHARS).collect();
        own.name.set(Some(name));
    });
    let rename = on(move |_| {
        changes.set(true);
        request_animation_frame(move || {
            if let Some(input) = input.get() {
                input.set_value(&called.try_get_untracked().unwrap_or_default());
                let _ = input.focus();
            }
        });
    });
    let done = move || {
        changes.set(false);
        asked.set(true);
        if let Some(field) = field.get() {
            let _ = field.focus();
        }
    };
    let entered = on(move |event| {
        if is_enter(&event) {
            event.prevent_default();
            done();
        }
    });
    let name = move || match called.get().as_str() {
        "" => (says.called)(says.neighbour),
        name => (says.called)(name),
    };
    view! {
        <div class="name" hidden=follows(move || !shown.get() || !asks.get())>
            <label>
                <span>{says.name} " " <small>{says.name_hint}</small></span>
                <input node_ref=input type="text" name="called" autocomplete="nickname" on:input=typed on:keydown=entered />
            </label>
            <button type="button" on:click=on(move |_| done())>{says.rename_done}</button>
        </div>
        <div class="name" hidden=follows(move || !shown.get() || asks.get())>
            <span>{text(name)}</span>
            <button type="button" on:click=rename>{says.rename}</button>
        </div>
    }
}

fn is_enter(event: &web_sys::Event) -> bool {
    use wasm_bindgen::JsCast;
    let event: Option<&web_sys::KeyboardEvent> = event.dyn_ref();
    event.is_some_and(|event| event.key() == "Enter" && !event.is_composing())
}
