//! What one goes through a replay with: to play, to go to a time, how fast, how loud, how large.

use super::film::has_film;
use super::reel::Reel;
use super::words::{clock, says};
use crate::browser::frame::while_here;
use crate::browser::media;
use crate::shop::live::{goods, room, rounds};
use crate::view::{IntoView, View, follows, on, text, view};
use leptos::prelude::*;
use std::time::Duration;
use stylers::style_sheet;
use wasm_bindgen::JsCast;
use web_sys::{Element, Event, HtmlInputElement, HtmlSelectElement, KeyboardEvent};

const _: &str = include_str!("controls.css");

/// The speeds that there are: as they are called, and in per cent.
const SPEEDS: [(&str, u32); 7] = [
    ("0.5", 50),
    ("0.75", 75),
    ("1", 100),
    ("1.25", 125),
    ("1.5", 150),
    ("2", 200),
    ("3", 300),
];
/// How far an arrow goes, in seconds.
const ARROW: i64 = 5;
/// So long after it was let go the slider has told where to.
const LET_GO: Duration = Duration::from_millis(150);

/// All of them.
pub fn controls(reel: Reel) -> View {
    let class = style_sheet!("src/app/src/shop/live/replay/controls.css");
    let (says, film) = (says(), reel.film);
    let of_room = room::words::says();
    let press = on(move |_| reel.toggle());
    let play = move || {
        let name = if reel.playing.get() {
            says.pause
        } else {
            says.play
        };
        name.to_owned()
    };
    let has_film = reel.replay.with_value(has_film);
    let sound = move || {
        let name = if film.muted.get() {
            of_room.sound_on
        } else {
            of_room.sound_off
        };
        name.to_owned()
    };
    let turn_sound = on(move |_| film.muted.update(|muted| *muted = !*muted));
    let is_silent = move || !has_film || film.failed.get() || film.saving.get();
    let is_full = RwSignal::new(media::is_filled());
    while_here("fullscreenchange", move |_| {
        is_full.try_set(media::is_filled());
    });
    let full = move || {
        let name = if is_full.get() {
            of_room.unfill
        } else {
            of_room.fill
        };
        name.to_owned()
    };
    // Some fill the screen with a film only, and know that once it is there.
    let is_small = move || {
        film.seen.track();
        !film.video().is_some_and(|video| media::can_fill(&video))
    };
    let turn_full = on(move |_| match film.video() {
        Some(_) if media::is_filled() => media::unfill(),
        Some(video) => media::fill(&video),
        None => {}
    });
    while_here("keydown", move |event| space(reel, &event));
    view! {
        <div class=class role="group" aria-label=says.controls>
            {slider(reel)}
            <button type="button" class="btn" node_ref=reel.button on:click=press>{text(play)}</button>
            {speed(reel)}
            <button type="button" class="tool" hidden=follows(is_silent) on:click=turn_sound>{text(sound)}</button>
            <button type="button" class="tool" hidden=follows(is_small) on:click=turn_full>{text(full)}</button>
            {rounds::wishes_button(reel.here)}
            {goods::bag_button(reel.here)}
        </div>
    }
    .into_view()
}

/// Where it is, with marks where chapters begin. What is dragged to is shown, and gone to when let go.
fn slider(reel: Reel) -> View {
    let says = says();
    let all = reel.seconds();
    let dragged = RwSignal::new(None::<i64>);
    let second = move || dragged.get().unwrap_or_else(|| reel.second.get());
    let of = move |event: &Event| {
        let field: Option<HtmlInputElement> = event.target()?.dyn_into().ok();
        field?.value().parse::<i64>().ok()
    };
    let drags = on(move |event| dragged.set(of(&event)));
    let goes = on(move |event| {
        dragged.set(None);
        if let Some(second) = of(&event) {
            reel.seek(second);
        }
    });
    // Let go where it was, nothing is told of it: then it goes on with the picture.
    let lets_go = move |_| {
        let still = move || {
            if dragged.try_get_untracked().flatten().is_some() {
                dragged.set(None);
            }
        };
        set_timeout(still, LET_GO);
    };
    let arrows = on(move |event| {
        let event: Option<&KeyboardEvent> = event.dyn_ref();
        let step = match event.map(KeyboardEvent::key).as_deref() {
            Some("ArrowLeft" | "ArrowDown") => -ARROW,
            Some("ArrowRight" | "ArrowUp") => ARROW,
            _ => return,
        };
        if let Some(event) = event {
            event.prevent_default();
        }
        reel.step(step);
    });
    let said = move || (says.progress_text)(&(says.length)(second()), &(says.length)(all));
    let shown = move || [&clock(second()), " / ", &clock(all)].concat();
    view! {
        <div class="line">
            <span>
                <svg viewBox="0 0 1000 10" preserveAspectRatio="none" aria-hidden="true"><path d=marks(reel)></path></svg>
                <input
                    type="range"
                    min="0"
                    max=all.to_string()
                    step="1"
                    aria-label=says.progress
                    aria-valuetext=follows(said)
                    prop:value=follows(move || second().to_string())
                    on:input=drags
                    on:change=goes
                on:pointerup=on(lets_go)
                on:blur=on(lets_go)
                    on:keydown=arrows
                />
            </span>
            <p aria-hidden="true">{text(shown)}</p>
        </div>
    }
    .into_view()
}

/// A line upwards at each chapter, in a thousandth of the whole.
fn marks(reel: Reel) -> String {
    reel.replay.with_value(|replay| {
        let mark = |at: i64| {
            let place = at.saturating_mul(1_000) / replay.ms.max(1);
            ["M", &place.to_string(), " 0h4v10h-4z"].concat()
        };
        let chapters = replay.chapters.iter();
        chapters.map(|chapter| mark(chapter.at_ms)).collect()
    })
}

fn speed(reel: Reel) -> View {
    let says = says();
    let chosen = on(move |event| {
        let field: Option<HtmlSelectElement> =
            event.target().and_then(|target| target.dyn_into().ok());
        let name = field.map(|field| field.value()).unwrap_or_default();
        if let Some((_, speed)) = SPEEDS.iter().find(|(one, _)| *one == name) {
            reel.speed.set(*speed);
        }
    });
    let option = |(name, speed): (&'static str, u32)| {
        let is_chosen = follows(move || reel.speed.get() == speed);
        view! { <option value=name prop:selected=is_chosen>{(says.times)(name)}</option> }
    };
    let options = SPEEDS.into_iter().map(option).collect::<Vec<_>>();
    view! { <select aria-label=says.speed on:change=chosen>{options}</select> }.into_view()
}

/// The space bar plays and stops, where it does nothing else.
fn space(reel: Reel, event: &Event) {
    let is_space = event
        .dyn_ref::<KeyboardEvent>()
        .is_some_and(|event| event.key() == " ");
    if !is_space || event.default_prevented() {
        return;
    }
    const TAKEN: &str =
        "a, button, select, textarea, dialog, input:not([type=range]), [tabindex='0']";
    let target: Option<Element> = event.target().and_then(|target| target.dyn_into().ok());
    let is_taken =
        target.is_some_and(|target| target.closest(TAKEN).is_ok_and(|found| found.is_some()));
    if !is_taken {
        event.prevent_default();
        reel.toggle();
    }
}
