//! What is shown at the counter: digits to say and a QR code to scan, bright, on a screen that
//! stays awake.

use crate::browser::awake;
use crate::browser::poster::code_path;
use crate::view::{IntoView, View, view};
use leptos::prelude::on_cleanup;
use stylers::style_sheet;

const _: &str = include_str!("code.css");

/// The code, as long as it is on the screen.
pub fn code(name: &'static str, hint: &'static str, digits: &str, qr: &str) -> View {
    let class = style_sheet!("src/app/src/parts/code/code.css");
    let lock = awake::keep();
    on_cleanup(move || awake::release(lock));
    let drawn = code_path(qr).map(|(side, path)| {
        let side = side.to_string();
        view! {
            <svg viewBox=["0 0 ", &side, " ", &side].concat() role="img" aria-label=name shape-rendering="crispEdges"><path d=path></path></svg>
        }
    });
    // Read out digit by digit, seen in two groups.
    let spelled = digits
        .chars()
        .map(String::from)
        .collect::<Vec<_>>()
        .join(" ");
    let half = digits.len().div_ceil(2);
    let seen = [
        digits.get(..half).unwrap_or_default(),
        " ",
        digits.get(half..).unwrap_or_default(),
    ]
    .concat();
    view! {
        <div class=class>
            <p class="quiet">{hint}</p>
            <p class="digits"><span class="unseen">{[name, " ", &spelled].concat()}</span> <span aria-hidden="true">{seen}</span></p>
            {drawn.into_view()}
        </div>
    }
}
