//! Where one may want to go: what was shown, asked and given away. One tap goes there.

use super::reel::Reel;
use super::words::{clock, says};
use crate::parts::plate::plate;
use crate::view::{IntoView, View, follows, on, view};
use domain::video::Chapter;
use leptos::prelude::*;
use stylers::style_sheet;

const _: &str = include_str!("chapters.css");

/// The chapters; nothing where there are none.
pub fn chapters(reel: Reel) -> View {
    let class = style_sheet!("src/app/src/shop/live/replay/chapters.css");
    let says = says();
    let chapters = reel.replay.with_value(|replay| replay.chapters.clone());
    if chapters.is_empty() {
        return ().into_view();
    }
    let now = Memo::new(move |_| {
        // One that begins within this second is there.
        let at = reel.second.get().saturating_mul(1_000).saturating_add(999);
        let chapter = reel.replay.try_with_value(|replay| replay.chapter_at(at));
        chapter.flatten()
    });
    let rows = chapters.into_iter().enumerate();
    let rows = rows
        .map(|(index, chapter)| row(reel, now, index, chapter))
        .collect::<Vec<_>>();
    view! {
        <section class=class aria-label=says.chapters>
            <ul>{rows}</ul>
        </section>
    }
}

fn row(reel: Reel, now: Memo<Option<usize>>, index: usize, chapter: Chapter) -> View {
    let at = chapter.at_ms;
    let picture = chapter
        .product
        .is_some()
        .then(|| plate(chapter.picture.as_ref(), false));
    let kind = (says().kind)(chapter.kind);
    let about = [kind, " · ", &clock(at / 1_000)].concat();
    let is_now = move || (now.get() == Some(index)).then_some("true");
    view! {
        <li>
            <button type="button" aria-current=follows(is_now) on:click=on(move |_| reel.seek_ms(at))>
                {picture}
                <span><strong>{chapter.title}</strong> <small>{about}</small></span>
            </button>
        </li>
    }
}
