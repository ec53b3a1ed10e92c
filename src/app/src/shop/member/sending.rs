//! What is shown while something is on its way that is to be done once, and when it could not leave.

use super::words::text;
use crate::parts::state::notice;
use crate::state::stores;
use crate::view::{IntoView, View, changing, view};
use crate::words::words;
use client::outbox::{Errand, NotSent, Progress};
use leptos::prelude::*;
use stylers::style_sheet;

const _: &str = include_str!("full.css");

/// Where one signs in on the way, to come back to this page.
fn sign_in() -> String {
    let address = crate::browser::address::address();
    let here = address.with_untracked(|address| [address.path.as_str(), &address.query].concat());
    ["/sign-in?next=", &client::endpoint::encode(&here)].concat()
}

/// What is shown while the outcome is not known: nothing to press that could do it again.
pub fn on_its_way(progress: &Progress, sending_hint: &'static str) -> View {
    let (words, texts) = (words(), text());
    let (what, hint) = match progress {
        Progress::Checking => (words.checking, words.checking_hint),
        Progress::SignInFirst => (texts.sign_in_again, texts.sign_in_again_hint),
        _ => (words.sending, sending_hint),
    };
    let enter = (*progress == Progress::SignInFirst)
        .then(|| view! { <a class="btn" href=sign_in()>{words.sign_in}</a> });
    view! {
        <div aria-busy="true">
            {notice("clock", what.to_owned(), hint.to_owned(), enter.into_view(), false)}
        </div>
    }
}

/// Says that the device is full: nothing leaves that is not written down first.
pub fn no_room(errand: Errand) -> View {
    let stores = stores();
    changing(move || {
        let full = stores.post.progress(&errand) == Some(Progress::NotSent(NotSent::NoRoom));
        full.then(told).into_view()
    })
}

fn told() -> View {
    let class = style_sheet!("src/app/src/shop/member/full.css");
    view! {
        <div class=["card ", class].concat() role="alert"><strong>{text().no_room}</strong><p>{text().no_room_hint}</p></div>
    }
}
