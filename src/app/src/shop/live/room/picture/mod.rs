//! The picture of a room: what shows it, what is said of it, and what one may want of it.

mod floating;
mod run;
mod want;

use super::words::says;
use crate::browser::frame::{frame, while_here};
use crate::browser::media;
use crate::parts::sheet::sheet;
use crate::view::{IntoView, Slot, View, changing, effect, follows, on, task_of_part, text, view};
use domain::video::{Ask, Note, VideoKind};
use leptos::prelude::*;
use stylers::style_sheet;
use wasm_bindgen::JsCast;
use web_sys::HtmlElement;

pub use run::{Picture, Shown, saves};

const _: &str = include_str!("video.css");
const _: &str = include_str!("bar.css");
const _: &str = include_str!("sheet.css");

impl Shown {
    /// What tests and styles call it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Stream(VideoKind::Whep) => "whep",
            Self::Stream(VideoKind::Audio) => "audio",
            Self::Stream(_) => "hls",
            Self::Photos => "photos",
            Self::Text => "text",
        }
    }

    fn says(self) -> &'static str {
        let says = says();
        match self {
            Self::Stream(VideoKind::Whep) => says.by_whep,
            Self::Stream(VideoKind::Audio) => says.by_audio,
            Self::Stream(_) => says.by_hls,
            Self::Photos => says.by_photos,
            Self::Text => says.by_text,
        }
    }
}

/// The elements that it is seen in. They play by the page's own word only (no `autoplay`), so that a refusal
/// is heard; and whoever is not seen stays drawn, since some browsers play nothing else.
pub fn videos(picture: Picture) -> View {
    let class = style_sheet!("src/app/src/shop/live/room/picture/video.css");
    let video = |at: usize| {
        let seen = move || picture.front.get() == Some(at);
        view! {
            <video
                node_ref=picture.videos.get(at).copied().unwrap_or_default()
                class:seen=follows(seen)
                class:wide=follows(move || picture.wide.get())
                aria-label=says().want_picture
                aria-hidden=follows(move || (!seen()).then_some("true"))
                playsinline=true
                webkit-playsinline=true
                x5-playsinline=true
                muted=true
                prop:muted=true
            ></video>
        }
    };
    let both = [video(0), video(1)];
    view! { <div class=class>{both}</div> }.into_view()
}

/// What is said of the picture and what may be done with it, above the goods where a thumb reaches it.
/// Nothing where the show has no streams.
pub fn bar(picture: Picture) -> View {
    let kinds = picture.kinds;
    let has_streams = Memo::new(move |_| kinds.with(|kinds| !kinds.is_empty()));
    changing(move || {
        let bar = has_streams.get().then(|| full_bar(picture));
        bar.into_view()
    })
}

fn full_bar(picture: Picture) -> View {
    let class = style_sheet!("src/app/src/shop/live/room/picture/bar.css");
    let says = says();
    let open = RwSignal::new(false);
    let (shown, here, note) = (picture.shown, picture.here, picture.note);
    // Without a network the room says so already.
    let note = Memo::new(move |_| note.get().filter(|_| here.stores.online.get()));
    let words = changing(move || {
        if note.get() == Some(Note::Tap) {
            // The button that is seen says it; that it has come is to be heard too.
            return view! { <span class="unseen">{says.tap_to_play}</span> }.into_view();
        }
        let words = note.get().and_then(words_of);
        words.map(|words| view! { <p>{words}</p> }).into_view()
    });
    let (remedies, ways) = (Slot::<HtmlElement>::new(), Slot::<HtmlElement>::new());
    let remedy = changing(move || {
        let note = note.get();
        let focused = document().active_element();
        if let (Some(all), Some(step)) = (remedies.get(), ways.get())
            && focused.is_some_and(|one| all.contains(Some(&one)))
        {
            // What had the focus goes: the next is how the picture comes now.
            let _ = step.focus();
        }
        let again = on(move |_| picture.want(picture.ask.get_untracked()));
        let watch = on(move |_| picture.want(Ask::Source(0)));
        match note {
            Some(Note::Tap) => view! {
                <button type="button" class="main" on:click=again>{glyph(PLAY)} {says.tap_to_play}</button>
            },
            Some(Note::Saver) => view! {
                <button type="button" class="main" on:click=watch>{says.see_picture}</button>
            },
            _ => ().into_view(),
        }
    });
    keep_focus(picture, ways);
    let step = text(move || (says.picture_is)(shown.get().says()));
    view! {
        <div class=class>
            <div node_ref=remedies class="note"><div role="status">{words}</div> {remedy}</div>
            <div class="tools">
                <button node_ref=ways type="button" class="step" aria-haspopup="dialog" on:click=on(move |_| open.set(true))>{step}</button>
                {sound(picture)}
                {fill(picture)}
                {float(picture)}
            </div>
            {sheet(says.picture, open, move || choices(picture))}
        </div>
    }
}

/// The focus goes on to how the picture comes when the button that has it goes with the picture.
fn keep_focus(picture: Picture, step: Slot<HtmlElement>) {
    effect(move |_| {
        picture.shown.track();
        picture.front.track();
        task_of_part(async move {
            // Before the browser takes it from what is hidden.
            frame().await;
            let Some(step) = step.get() else { return };
            let focused = document().active_element();
            let focused = focused.and_then(|one| one.dyn_into::<HtmlElement>().ok());
            let tools = step.parent_element();
            if let (Some(focused), Some(tools)) = (focused, tools)
                && focused.hidden()
                && tools.contains(Some(&focused))
            {
                let _ = step.focus();
            }
        });
    });
}

fn words_of(note: Note) -> Option<&'static str> {
    let says = says();
    match note {
        Note::Stalled => Some(says.stalled),
        Note::OffAir => Some(says.off_air),
        Note::Failed => Some(says.no_picture),
        Note::Saver => Some(says.saving),
        Note::Tap => None,
    }
}

/// Muted, the button says so in words: there is something to be heard.
fn sound(picture: Picture) -> View {
    let says = says();
    let shown = picture.shown;
    let is_heard = Memo::new(move |_| matches!(shown.get(), Shown::Stream(_)));
    let sound = picture.sound;
    let label = move || {
        if sound.get() {
            says.sound_off
        } else {
            says.sound_on
        }
    };
    let turn = on(move |_| picture.set_sound(!sound.get_untracked()));
    let face = changing(move || {
        if sound.get() {
            return glyph(LOUD);
        }
        view! { {glyph(MUTED)} <span>{says.sound_on}</span> }
    });
    view! {
        <button type="button" class="sound" hidden=follows(move || !is_heard.get()) aria-label=follows(label) on:click=turn>{face}</button>
    }
    .into_view()
}

fn fill(picture: Picture) -> View {
    let says = says();
    let filled = RwSignal::new(media::is_filled());
    for event in ["fullscreenchange", "webkitfullscreenchange"] {
        while_here(event, move |_| filled.set(media::is_filled()));
    }
    let front = picture.front;
    let none = move || {
        let video = front.get().and_then(|_| picture.shown_video());
        !filled.get() && !video.as_ref().is_some_and(media::can_fill)
    };
    let label = move || if filled.get() { says.unfill } else { says.fill };
    let turn = on(move |_| {
        if media::is_filled() {
            media::unfill();
        } else if let Some(video) = picture.shown_video() {
            media::fill(&video);
        }
    });
    let face = changing(move || glyph(if filled.get() { SMALLER } else { LARGER }));
    view! {
        <button type="button" hidden=follows(none) aria-label=follows(label) on:click=turn>{face}</button>
    }
    .into_view()
}

fn float(picture: Picture) -> View {
    let (front, floats) = (picture.front, picture.floats);
    let can = media::can_float();
    let turn = on(move |_| {
        if let Some(video) = picture.shown_video() {
            media::float(&video);
        }
    });
    view! {
        <button
            type="button"
            hidden=follows(move || !can || front.get().is_none())
            aria-label=says().float
            aria-pressed=follows(move || floats.get().to_string())
            on:click=turn
        >
            {glyph(FLOAT)}
        </button>
    }
    .into_view()
}

/// What one may want.
fn choices(picture: Picture) -> View {
    let class = style_sheet!("src/app/src/shop/live/room/picture/sheet.css");
    let says = says();
    let kinds = picture.kinds.get_untracked();
    let sound = kinds.iter().position(|kind| *kind == VideoKind::Audio);
    let first = (sound != Some(0)).then_some(Ask::Source(0));
    let all = [
        Some((says.want_auto, Ask::Auto)),
        first.map(|ask| (says.want_picture, ask)),
        sound.map(|at| (says.want_sound, Ask::Source(at))),
        Some((says.want_photos, Ask::Photos)),
    ];
    let choice = |(name, ask): (&'static str, Ask)| {
        let chosen = follows(move || picture.ask.get() == ask);
        view! {
            <label>
                <input type="radio" name="picture" prop:checked=chosen on:change=on(move |_| picture.want(ask)) />
                <span>{name}</span>
            </label>
        }
    };
    let all = all.into_iter().flatten().map(choice).collect::<Vec<_>>();
    let (shown, saver) = (picture.shown, picture.saver);
    let turn = on(move |event| picture.set_saver(event_target_checked(&event)));
    view! {
        <section class=class>
            <p class="quiet">{text(move || (says.picture_is)(shown.get().says()))}</p>
            <fieldset>
                <legend class="unseen">{says.picture}</legend>
                {all}
            </fieldset>
            <label class="switch">
                <span><strong>{says.saver}</strong> <small>{says.saver_hint}</small></span>
                <input type="checkbox" role="switch" aria-label=says.saver prop:checked=follows(move || saver.get()) on:change=turn />
            </label>
        </section>
    }
}

// Drawings by Lucide (ISC): they come with this part, not with the page.
const LOUD: &str = "M11 4.7a.7.7 0 0 0-1.2-.5L6.4 7.6a1.4 1.4 0 0 1-1 .4H3a1 1 0 0 0-1 1v6a1 1 0 0 0 1 1h2.4a1.4 1.4 0 0 1 1 .4l3.4 3.4a.7.7 0 0 0 1.2-.5z M16 9a5 5 0 0 1 0 6 M19.4 18.4a9 9 0 0 0 0-12.8";
const MUTED: &str = "M11 4.7a.7.7 0 0 0-1.2-.5L6.4 7.6a1.4 1.4 0 0 1-1 .4H3a1 1 0 0 0-1 1v6a1 1 0 0 0 1 1h2.4a1.4 1.4 0 0 1 1 .4l3.4 3.4a.7.7 0 0 0 1.2-.5z M22 9l-6 6 M16 9l6 6";
const LARGER: &str = "M8 3H5a2 2 0 0 0-2 2v3 M21 8V5a2 2 0 0 0-2-2h-3 M3 16v3a2 2 0 0 0 2 2h3 M16 21h3a2 2 0 0 0 2-2v-3";
const SMALLER: &str = "M8 3v3a2 2 0 0 1-2 2H3 M21 8h-3a2 2 0 0 1-2-2V3 M3 16h3a2 2 0 0 1 2 2v3 M16 21v-3a2 2 0 0 1 2-2h3";
const FLOAT: &str = "M21 9V6a2 2 0 0 0-2-2H4a2 2 0 0 0-2 2v10c0 1.1.9 2 2 2h4 M14 13h6a2 2 0 0 1 2 2v3a2 2 0 0 1-2 2h-6a2 2 0 0 1-2-2v-3a2 2 0 0 1 2-2z";
const PLAY: &str = "M6 3l14 9-14 9z";

fn glyph(path: &'static str) -> View {
    view! {
        <svg class="icon" viewBox="0 0 24 24" aria-hidden="true"><path d=path></path></svg>
    }
    .into_view()
}
