//! What people say, lower left over the stage.

use super::own::{How, Own, Unsaid};
use super::rows::{Lane, Row};
use super::talk::Talk;
use super::words::says;
use crate::view::{IntoView, Slot, View, changing, each, effect, follows, on, text, view};
use leptos::prelude::*;
use stylers::style_sheet;
use web_sys::HtmlElement;

const _: &str = include_str!("comments.css");

/// From how far above the end on one is reading, in pixels.
const READING: i32 = 40;

/// The lane, the comments, and what is new.
pub fn comments(talk: Talk) -> View {
    let class = style_sheet!("src/app/src/shop/live/room/comments.css");
    let says = says();
    let list = Slot::<HtmlElement>::new();
    effect(move |_| {
        talk.to_end.track();
        if let Some(list) = list.get() {
            list.set_scroll_top(0);
        }
    });
    let scrolled = on(move |_| {
        let Some(list) = list.get() else { return };
        // The list begins at its end: upwards is below zero.
        let reading = list.scroll_top() < -READING;
        if reading != talk.paused.get_untracked() {
            talk.paused.set(reading);
            if !reading && !untrack(|| talk.still()) {
                talk.show_newest();
            }
        }
    });
    let lane = |lane: Lane, name: &'static str| {
        let chosen = follows(move || (talk.lane.get() == lane).to_string());
        view! { <button type="button" aria-pressed=chosen on:click=on(move |_| talk.look_at(lane))>{name}</button> }
    };
    let empty = Memo::new(move |_| {
        let nothing =
            talk.rows.with(Vec::is_empty) && (talk.here.past || talk.own.sent.with(Vec::is_empty));
        nothing.then(|| talk.lane.get())
    });
    let nothing = changing(move || {
        let words = empty.get().map(|lane| match lane {
            Lane::All | Lane::Questions if talk.here.past => says.nothing_then,
            Lane::All => says.nothing_said,
            Lane::Questions => says.nothing_asked,
        });
        words
            .map(|words| view! { <p class="none">{words}</p> })
            .into_view()
    });
    let fresh = changing(move || {
        let count = talk.fresh.get();
        let newest = on(move |_| talk.show_newest());
        let button = view! { <button type="button" class="fresh" on:click=newest>{(says.fresh)(count)}</button> };
        (count > 0).then_some(button).into_view()
    });
    let sent = move || {
        // Nothing is said in a show that is over, not even what was kept.
        let sent = talk.own.sent.get().into_iter();
        let sent = sent.filter(|_| !talk.here.past);
        sent.map(|(one, how)| Mine::new(talk.own, one, how))
            .collect()
    };
    view! {
        <section class=class class:still=follows(move || talk.still()) aria-label=says.comments>
            <div class="lanes" role="group" aria-label=says.lanes>
                {lane(Lane::All, says.everything)}
                {lane(Lane::Questions, says.questions)}
            </div>
            <div class="scroll" node_ref=list tabindex="0" role="group" aria-label=says.comments on:scroll=scrolled>
                <ul>
                    {each(move || talk.rows.get(), |row| &row.key, row)}
                    {each(sent, |mine| &mine.key, mine)}
                </ul>
                {nothing}
            </div>
            {fresh}
            <p class="unseen" role="status">{text(move || talk.summary.get())}</p>
        </section>
    }
}

fn row(row: Row) -> View {
    let says = says();
    let comment = row.comment;
    let name = if row.own {
        says.me.to_owned()
    } else if comment.name.is_empty() {
        says.neighbour.to_owned()
    } else {
        comment.name
    };
    let same = (row.others > 0).then(|| {
        let same = if comment.question {
            says.same_question
        } else {
            says.same
        };
        view! { <b class="same">{same(row.others)}</b> }
    });
    let asks = comment
        .question
        .then(|| view! { <span class="unseen">{says.asks}</span> });
    let answer = row
        .answer
        .map(|answer| view! { <span class="answer"><b>{says.answer}</b> " " {answer}</span> });
    view! {
        <li class:question=comment.question class:own=row.own>
            {asks}
            <em>{name}</em>
            " "
            <span>{comment.text}</span>
            " "
            {same}
            {answer}
        </li>
    }
}

/// Something of one's own that is not among the comments yet.
struct Mine {
    key: String,
    own: Own,
    one: Unsaid,
    how: How,
}

impl Mine {
    fn new(own: Own, one: Unsaid, how: How) -> Self {
        let state = match how {
            How::Sending => "sending",
            How::Said(..) => "said",
            How::Unknown => "unknown",
            How::Refused => "refused",
        };
        Self {
            key: [state, "/", &one.key].concat(),
            own,
            one,
            how,
        }
    }
}

fn mine(mine: Mine) -> View {
    let says = says();
    let Mine { own, one, how, .. } = mine;
    let state = match how {
        How::Sending => Some(says.sending),
        How::Said(..) => None,
        How::Unknown => Some(says.unknown),
        How::Refused => Some(says.not_sent),
    };
    let failed = matches!(how, How::Unknown | How::Refused);
    let state = state.map(|state| view! { <small role=failed.then_some("alert")>{state}</small> });
    let remedy = failed.then(|| {
        let (again, drop) = (one.key.clone(), one.key);
        view! {
            <span class="do">
                <button type="button" on:click=on(move |_| own.again(&again))>{says.again}</button>
                <button type="button" on:click=on(move |_| own.drop(&drop))>{says.drop}</button>
            </span>
        }
    });
    view! {
        <li class="own" class:question=one.question class:failed=failed>
            <em>{says.me}</em>
            " "
            <span>{one.text}</span>
            " "
            {state}
            {remedy}
        </li>
    }
}
