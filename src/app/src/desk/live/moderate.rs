//! Whoever disturbs writes no more, and what they wrote is taken away.

use super::here::Here;
use super::sure::sure;
use super::words::text as words;
use crate::view::{View, follows, on, text, view};
use domain::id::{AuthorId, CommentId};
use domain::live::Comment;
use leptos::prelude::*;

/// How somebody is called.
pub fn called(name: &str) -> String {
    match name {
        "" => words().neighbour.to_owned(),
        name => name.to_owned(),
    }
}

/// The buttons at something that was said.
pub fn buttons(comment: &Comment, here: Here) -> View {
    let words = words();
    let busy = RwSignal::new(false);
    let said = comment.text.clone();
    let taken_away = StoredValue::new(comment.id.clone());
    let take_away = move || {
        let id: CommentId = taken_away.get_value();
        let call = move |client: client::Client<_>, show| async move {
            client.desk_shows().remove(&show, &id).await
        };
        here.does(busy, call, move |()| {
            here.host.stores.say(words.taken_away.to_owned());
        });
    };
    view! {
        <span class="moderate">
            {mute(&comment.author, &called(&comment.name), here)}
            {sure(words.take_away, words.take_away_sure, &said, true, busy, take_away)}
        </span>
    }
}

/// The button by which somebody is muted, or not any more.
pub fn mute(author: &AuthorId, name: &str, here: Here) -> View {
    let words = words();
    let busy = RwSignal::new(false);
    let (of, author) = (author.clone(), StoredValue::new(author.clone()));
    let muted = here.piece(move |room| room.muted.contains(&of));
    let name = StoredValue::new(name.to_owned());
    let press = move || {
        let author = author.get_value();
        let is_muted = muted.get_untracked() == Some(true);
        let call = move |client: client::Client<_>, show| async move {
            let shows = client.desk_shows();
            match is_muted {
                true => shows.unmute(&show, &author).await,
                false => shows.mute(&show, &author).await,
            }
        };
        here.does(busy, call, move |()| {
            let said = if is_muted { words.unmuted } else { words.muted };
            if let Some(name) = name.try_get_value() {
                here.host.stores.say(said(&name));
            }
        });
    };
    let does = move || {
        if muted.get() == Some(true) {
            words.unmute
        } else {
            words.mute
        }
    };
    let label = move || name.with_value(|name| [does(), " ", name].concat());
    view! { <button type="button" class="btn soft" aria-label=follows(label) hidden=follows(move || here.is_over()) disabled=follows(move || busy.get()) on:click=on(move |_| press())>{text(move || does().to_owned())}</button> }
}
