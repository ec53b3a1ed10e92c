//! How many: a minus, a number, a plus.

use crate::parts::icon;
use crate::view::{View, follows, on, text, view};
use crate::words::words;
use stylers::style_sheet;

const _: &str = include_str!("stepper.css");

/// A stepper of `what` between `least` and `most`.
pub fn stepper(
    what: String,
    value: impl Fn() -> u32 + Copy + 'static,
    least: u32,
    most: impl Fn() -> u32 + Copy + 'static,
    set: impl Fn(u32) + Copy + 'static,
) -> View {
    let class = style_sheet!("src/app/src/parts/stepper/stepper.css");
    let step = move |down: bool| {
        let now = value();
        let next = if down {
            now.saturating_sub(1).max(least)
        } else {
            (now + 1).min(most())
        };
        if next != now {
            set(next);
        }
    };
    view! {
        <span class=class role="group" aria-label=[words().how_many, " ", &what].concat()>
            <button type="button" aria-label=words().one_less disabled=follows(move || value() <= least) on:click=on(move |_| step(true))>
                {icon("minus")}
            </button>
            <output aria-live="polite">{text(move || value().to_string())}</output>
            <button type="button" aria-label=words().one_more disabled=follows(move || value() >= most()) on:click=on(move |_| step(false))>
                {icon("plus")}
            </button>
        </span>
    }
}
