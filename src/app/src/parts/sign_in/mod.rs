//! A mobile number, then the code that was sent to it: whoever becomes known to the shop comes in by
//! this form. What entering does is said by the page it stands on.

use crate::parts::state::{explain, notice};
use crate::state::{Stores, stores};
use crate::view::{IntoView, Slot, View, changing, effect, follows, on, task, text, view};
use crate::words::words;
use client::Error;
use domain::member::{Member, Phone};
use leptos::prelude::*;
use std::future::Future;
use std::pin::Pin;
use std::time::Duration;
use stylers::style_sheet;
use web_sys::HtmlInputElement;

const _: &str = include_str!("sign_in.css");

/// What entering does with a number and its code. An error stands in the form.
pub type Entering = Pin<Box<dyn Future<Output = Result<(), Error>>>>;

/// The form. `hint` says what it is for, `name` is on its button once the code is sent.
pub fn form(
    hint: &'static str,
    name: &'static str,
    enter: impl Fn(String, String) -> Entering + 'static,
) -> View {
    let class = style_sheet!("src/app/src/parts/sign_in/sign_in.css");
    let stores = stores();
    let words = words();
    let (phone, code) = (
        Slot::<HtmlInputElement>::new(),
        Slot::<HtmlInputElement>::new(),
    );
    let value =
        |slot: Slot<HtmlInputElement>| slot.get().map(|field| field.value()).unwrap_or_default();
    let busy = RwSignal::new(false);
    let sent = RwSignal::new(false);
    let wait = RwSignal::new(0_u32);
    let demo = RwSignal::new(String::new());
    let trouble = RwSignal::new(String::new());
    let tick = set_interval_with_handle(
        move || {
            // The timer may fire once more while the page is going.
            if wait.try_get_untracked().is_some_and(|wait| wait > 0) {
                wait.try_update(|wait| *wait -= 1);
            }
        },
        Duration::from_secs(1),
    );
    on_cleanup(move || {
        if let Ok(tick) = tick {
            tick.clear();
        }
    });
    effect(move |_| {
        if sent.get()
            && let Some(field) = code.get()
        {
            let _ = field.focus();
        }
    });
    let ask = move || {
        let number = value(phone);
        if Phone::parse(&number).is_none() {
            trouble.set(words.phone_wrong.to_owned());
            return;
        }
        busy.set(true);
        task(async move {
            let answer = stores.client().members().send_code(&number).await;
            busy.try_set(false);
            match answer {
                Ok(told) => {
                    trouble.try_set(String::new());
                    let seconds = (told.again_at.ms - told.now.ms) / 1_000;
                    wait.try_set(u32::try_from(seconds).unwrap_or_default());
                    demo.try_set(told.demo_code.unwrap_or_default());
                    sent.try_set(true);
                }
                Err(error) => {
                    trouble.try_set(explain(&error).0);
                }
            }
        });
    };
    let enter = move || {
        busy.set(true);
        let entering = enter(value(phone), value(code).trim().to_owned());
        task(async move {
            let entered = entering.await;
            busy.try_set(false);
            if let Err(error) = entered {
                trouble.try_set(explain(&error).0);
            }
        });
    };
    let submit = on(move |event| {
        event.prevent_default();
        if busy.get_untracked() {
        } else if !sent.get_untracked() {
            ask();
        } else if value(code).trim().is_empty() {
            trouble.set(words.code_first.to_owned());
        } else {
            enter();
        }
    });
    // Another number wants a code of its own, and need not wait for the minute of the first.
    let retyped = on(move |_| {
        if sent.get_untracked() {
            sent.set(false);
            wait.set(0);
            demo.set(String::new());
            trouble.set(String::new());
        }
    });
    view! {
        <form class=["page ", class].concat() novalidate on:submit=submit>
            <p>{hint}</p>
            <label>
                <span>{words.phone}</span>
                <input node_ref=phone type="tel" name="phone" inputmode="tel" autocomplete="tel-national" maxlength="20" aria-describedby="trouble-here" on:input=retyped />
            </label>
            <div class="code" hidden=follows(move || !sent.get())>
                <label>
                    <span>{words.code}</span>
                    <input node_ref=code type="text" name="code" inputmode="numeric" autocomplete="one-time-code" maxlength="6" aria-describedby="trouble-here" />
                </label>
                <button type="button" class="btn soft" disabled=follows(move || wait.get() > 0 || busy.get()) on:click=on(move |_| ask())>
                    {text(move || match wait.get() {
                        0 => words.code_again.to_owned(),
                        seconds => (words.code_wait)(seconds),
                    })}
                </button>
            </div>
            <p class="demo" role="status">{text(move || demo.with(|code| if code.is_empty() { String::new() } else { (words.demo_code)(code) }))}</p>
            <p class="trouble" id="trouble-here" role="alert">{text(move || trouble.get())}</p>
            <button class="btn wide" disabled=follows(move || busy.get())>
                {changing(move || (if sent.get() { name } else { words.send_code }).into_view())}
            </button>
            <p class="quiet">{words.sign_in_privacy}</p>
        </form>
    }
}

/// Somebody has come in: what is theirs comes to this phone.
pub fn begin(member: Member, stores: Stores) {
    stores.session.begin(member);
    stores.cart.choose_anew();
    stores.cart.meet(stores);
}

/// What stands on a member's page while nobody is signed in; `next` is where it leads back to.
pub fn sign_in_first(next: &str) -> View {
    let words = words();
    let enter = view! { <a class="btn" href=["/sign-in?next=", next].concat()>{words.sign_in}</a> };
    notice(
        "me",
        words.sign_in_first.to_owned(),
        words.sign_in_hint.to_owned(),
        enter.into_view(),
        false,
    )
}
