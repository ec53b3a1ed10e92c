//! Likes: counted at once, sent together once a second at most.

use super::talk::Talk;
use super::words::says;
use crate::browser::new_key;
use crate::view::{View, changing, each, follows, on, task_of_part, text, view};
use client::Error;
use client::browser::Browser;
use client::transport::Transport;
use domain::live::MAX_LIKES;
use leptos::prelude::*;
use std::time::Duration;
use stylers::style_sheet;

const _: &str = include_str!("likes.css");

/// How long is waited between two batches, in milliseconds.
const EVERY: u32 = 1_000;
/// How many hearts fly at most.
const FLYING: usize = 8;
/// How long one flies.
const FLIGHT: Duration = Duration::from_millis(1_200);

/// The button with its count.
pub fn like(talk: Talk) -> View {
    let class = style_sheet!("src/app/src/shop/live/room/likes.css");
    let (says, here) = (says(), talk.here);
    // Tapped and not sent yet; sent and not answered yet.
    let (waiting, sent) = (RwSignal::new(0_u32), RwSignal::new(0_u32));
    let known = here.piece(|room| room.likes);
    let count = Memo::new(move |_| {
        let own = waiting.get().saturating_add(sent.get());
        known.get().unwrap_or_default().saturating_add(own)
    });
    let flying = RwSignal::new(Vec::<String>::new());
    task_of_part(send(talk, waiting, sent));
    let session = here.stores.session;
    let guest = Memo::new(move |_| !session.is_open());
    let sign_in = here.sign_in();
    let shown = move || match count.get() {
        0 => String::new(),
        count => count.to_string(),
    };
    let tapped = move || {
        waiting.update(|waiting| *waiting = waiting.saturating_add(1));
        if !untrack(|| talk.still()) && flying.with_untracked(|all| all.len() < FLYING) {
            let key = new_key();
            flying.update(|all| all.push(key.clone()));
            let landed = move || {
                flying.try_update(|all| all.retain(|one| *one != key));
            };
            set_timeout(landed, FLIGHT);
        }
    };
    let button = changing(move || {
        if guest.get() {
            let name = follows(move || (says.sign_in_to_like)(count.get()));
            return view! { <a class="round" href=sign_in.clone() aria-label=name>{heart()} <span>{text(shown)}</span></a> };
        }
        let name = follows(move || (says.like)(count.get()));
        view! { <button type="button" class="round" aria-label=name on:click=on(move |_| tapped())>{heart()} <span>{text(shown)}</span></button> }
    });
    view! {
        <div class=class>
            {button}
            <div class="sky" aria-hidden="true">{each(move || flying.get(), |key| key, |_| view! { <i>{heart()}</i> })}</div>
        </div>
    }
}

/// Sends what was tapped, as long as the room is open.
async fn send(talk: Talk, waiting: RwSignal<u32>, sent: RwSignal<u32>) {
    loop {
        Browser.sleep(EVERY).await;
        let count = waiting.try_get_untracked().unwrap_or_default();
        let batch = count.min(MAX_LIKES);
        let (Some(id), true) = (talk.here.id.try_get_value(), batch > 0) else {
            continue;
        };
        waiting.try_update(|waiting| *waiting = waiting.saturating_sub(batch));
        sent.try_set(batch);
        let answer = talk.here.stores.client().shows().like(&id, batch).await;
        sent.try_set(0);
        let Err(error) = answer else { continue };
        talk.here.stores.session.heed(&error);
        let (keep, pause) = match error {
            // They may have come: sent again they could count twice.
            Error::TimedOut => (false, 0),
            Error::Refused {
                problem,
                retry_after,
            } => {
                let later = problem.status == 429 || problem.status >= 500;
                (later, retry_after.unwrap_or_default())
            }
            Error::Offline => (true, 2),
            Error::Undecodable { .. } | Error::Unsupported => (false, 0),
        };
        if keep {
            waiting.try_update(|waiting| *waiting = waiting.saturating_add(batch));
        }
        Browser.sleep(pause.saturating_mul(1_000)).await;
    }
}

/// A heart (Lucide, ISC): it comes with this part, not with the page.
fn heart() -> View {
    view! {
        <svg class="icon" viewBox="0 0 24 24" aria-hidden="true">
            <path d="M19 14c1.49-1.46 3-3.21 3-5.5A5.5 5.5 0 0 0 16.5 3c-1.76 0-3 .5-4.5 2-1.5-1.5-2.74-2-4.5-2A5.5 5.5 0 0 0 2 8.5c0 2.3 1.5 4.05 3 5.5l7 7Z"></path>
        </svg>
    }
}
