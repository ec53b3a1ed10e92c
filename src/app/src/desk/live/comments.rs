//! What people say, the newest first. The list stands still while somebody reads further down or asks
//! it to, so that a finger hits what it means.

use super::here::Here;
use super::moderate;
use super::words::text as words;
use crate::view::{IntoView, Slot, View, changing, each, follows, on, text, view};
use domain::id::AuthorId;
use domain::live::{Comment, Room};
use leptos::prelude::*;
use std::time::Duration;
use stylers::style_sheet;
use web_sys::HtmlElement;

const _: &str = include_str!("comments.css");

/// How many are shown.
const SHOWN: usize = 60;
/// How often the list is brought up to date: one that changes at every comment cannot be read.
const EVERY: Duration = Duration::from_millis(400);
/// The pauses between two comments of a member that can be chosen, in seconds.
const SLOW: [u32; 5] = [0, 5, 15, 30, 60];

struct Row {
    comment: Comment,
    here: Here,
}

fn newest(room: &Room) -> Vec<Comment> {
    room.comments.iter().rev().take(SHOWN).cloned().collect()
}

/// How many are new beyond a list that stands still, and the list: of it only that goes which was
/// taken away.
fn still(before: &[Comment], new: Vec<Comment>) -> (usize, Vec<Comment>) {
    let oldest = new.last().map(|one| one.at.ms);
    let was_before = |one: &&Comment| before.iter().any(|there| there.id == one.id);
    let ahead = new.iter().take_while(|one| !was_before(one)).count();
    // What is older than all that is known now has only been pushed out by newer ones.
    let stays = |one: &&Comment| {
        new.iter().any(|there| there.id == one.id)
            || oldest.is_some_and(|oldest| one.at.ms <= oldest)
    };
    let next = before.iter().filter(stays).cloned().collect();
    (ahead, next)
}

/// The section.
pub fn section(here: Here) -> View {
    let class = style_sheet!("src/app/src/desk/live/comments.css");
    let words = words();
    let shown = RwSignal::new(Vec::<Comment>::new());
    let (paused, more) = (RwSignal::new(false), RwSignal::new(0_usize));
    let list = Slot::<HtmlElement>::new();
    let refresh = move || {
        let reads_on = list.get().is_some_and(|list| list.scroll_top() > 8);
        let holds = paused.try_get_untracked().unwrap_or(true) || reads_on;
        let new = here
            .room
            .try_with_untracked(|room| room.as_ref().map(newest))
            .flatten();
        let Some(new) = new else { return };
        // The timer may fire once more while the page is going.
        let Some(before) = shown.try_get_untracked() else {
            return;
        };
        let (ahead, next) = if holds { still(&before, new) } else { (0, new) };
        if more.try_get_untracked() != Some(ahead) {
            more.try_set(ahead);
        }
        if next != before {
            shown.set(next);
        }
    };
    refresh();
    let timer = set_interval_with_handle(refresh, EVERY);
    on_cleanup(move || {
        if let Ok(timer) = timer {
            timer.clear();
        }
    });
    let rows = move || {
        let shown = shown.get().into_iter();
        shown.map(|comment| Row { comment, here }).collect()
    };
    let pause = on(move |_| paused.update(|paused| *paused = !*paused));
    let to_top = on(move |_| {
        paused.set(false);
        if let Some(list) = list.get() {
            list.set_scroll_top(0);
        }
        refresh();
    });
    let nothing = move || shown.with(Vec::is_empty);
    view! {
        <section class=class aria-label=words.comments>
            <header>
                <h2>{words.comments}</h2>
                <button type="button" class="btn soft" aria-pressed=follows(move || paused.get().to_string()) on:click=pause>{words.pause}</button>
                <button type="button" class="btn" hidden=follows(move || more.get() == 0) on:click=to_top>{text(move || (words.more)(more.get()))}</button>
            </header>
            {slow_mode(here)}
            <p class="quiet" hidden=follows(move || !nothing())>{words.no_comments}</p>
            <ul class="said" node_ref=list tabindex="0" aria-label=words.comments>{each(rows, |row: &Row| row.comment.id.as_str(), row)}</ul>
            {muted(here)}
        </section>
    }
}

fn row(Row { comment, here }: Row) -> View {
    let words = words();
    let author = comment.author.clone();
    let muted = here.piece(move |room| room.muted.contains(&author));
    let is_muted = move || muted.get() == Some(true);
    let is_question = comment.question;
    view! {
        <li>
            <p><span class="quiet">{moderate::called(&comment.name)} " " {comment.at.clock()}</span> " " {is_question.then(|| view! { <span class="tag">{words.question_tag}</span> })} " " <span class="tag warn" hidden=follows(move || !is_muted())>{words.is_muted}</span></p>
            <p class="words">{comment.text.clone()}</p>
            {moderate::buttons(&comment, here)}
        </li>
    }
}

/// How long members wait between two comments.
fn slow_mode(here: Here) -> View {
    let words = words();
    let busy = RwSignal::new(false);
    let now = here.piece(|room| room.slow_seconds);
    let choices = SLOW.map(|seconds| {
        let choose = on(move |_| {
            let call = move |client: client::Client<_>, show| async move {
                client.desk_shows().slow_mode(&show, seconds).await
            };
            here.does(busy, call, |()| {});
        });
        let name = (words.slow_for)(seconds);
        view! { <button type="button" class="btn soft" aria-pressed=follows(move || (now.get() == Some(seconds)).to_string()) disabled=follows(move || busy.get()) on:click=choose>{name}</button> }
    });
    view! {
        <div class="slow" role="group" aria-label=words.slow hidden=follows(move || here.is_over())>
            <span class="quiet">{words.slow}</span>
            {choices}
        </div>
    }
}

/// Who may not write, so that they can be let again when what they wrote is long past.
fn muted(here: Here) -> View {
    let words = words();
    let all = here.piece(|room| {
        let called = |author: &AuthorId| {
            let asked = room.questions.iter().map(|question| &question.comment);
            let mut said = room.comments.iter().chain(asked);
            let name = said.find(|one| one.author == *author);
            let name = name.map_or("", |one| one.name.as_str());
            (author.clone(), moderate::called(name))
        };
        room.muted.iter().map(called).collect::<Vec<_>>()
    });
    changing(move || {
        let all = all.get().unwrap_or_default();
        if all.is_empty() {
            return ().into_view();
        }
        let rows = all.into_iter().map(|(author, name)| {
            let button = moderate::mute(&author, &name, here);
            view! { <li><span>{name}</span> {button}</li> }
        });
        let rows = rows.collect::<Vec<_>>();
        view! { <h3>{words.muted_people}</h3> <ul class="muted">{rows}</ul> }
    })
}
