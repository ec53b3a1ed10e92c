//! What something that is open has come to so far.

use crate::view::{View, each, view};
use stylers::style_sheet;

const _: &str = include_str!("results.css");

/// A part of a result.
#[derive(Clone, Debug, PartialEq)]
pub struct Part {
    /// By what it is known among the others.
    pub key: String,
    /// What it is called.
    pub name: String,
    /// How many.
    pub count: u32,
}

/// The parts with their numbers; a bar shows each beside the largest.
pub fn bars(
    label: &'static str,
    parts: impl Fn() -> Vec<Part> + 'static,
    told: fn(u32) -> String,
) -> View {
    let class = style_sheet!("src/app/src/desk/live/results.css");
    let rows = move || {
        let parts = parts();
        let most = parts.iter().map(|part| part.count).max().unwrap_or(0);
        let row = |part: Part| {
            // A row is made anew when its numbers have changed.
            let key = [
                &part.key,
                "/",
                &part.count.to_string(),
                "/",
                &most.to_string(),
            ]
            .concat();
            (key, part, most, told)
        };
        parts.into_iter().map(row).collect()
    };
    view! { <ul class=class aria-label=label>{each(rows, |row: &Shown| row.0.as_str(), row)}</ul> }
}

/// A row: its key, what it shows, the largest number of all, how a number is told.
type Shown = (String, Part, u32, fn(u32) -> String);

fn row((_, part, most, told): Shown) -> View {
    // Not by a width in a style: the page's policy allows no inline one.
    let width = match most {
        0 => 0,
        most => u64::from(part.count) * 100 / u64::from(most),
    };
    view! { <li><span>{part.name}</span> <b>{told(part.count)}</b> <progress aria-hidden="true" max="100" value=width.to_string()></progress></li> }
}
