//! What is shown at the counter: digits to say and a QR code to scan, bright, on a screen that
//! stays awake.

use crate::browser::awake;
use crate::browser::poster::code_path;
use crate::view::{IntoView, View, view};
use crate::words::words;
use domain::order::PickupCode;
use leptos::prelude::on_cleanup;
use stylers::style_sheet;

const _: &str = include_str!("code.css");

/// The code, as long as it is on the screen.
pub fn pickup_code(code: &PickupCode, ready: bool) -> View {
    let class = style_sheet!("src/app/src/shop/member/orders/code.css");
    let words = words();
    let lock = awake::keep();
    on_cleanup(move || awake::release(lock));
    let drawn = code_path(&code.qr).map(|(side, path)| {
        let side = side.to_string();
        view! {
            <svg viewBox=["0 0 ", &side, " ", &side].concat() role="img" aria-label=words.pickup_code shape-rendering="crispEdges"><path d=path></path></svg>
        }
    });
    // Read out digit by digit, seen in two groups of three.
    let spelled = code
        .digits
        .chars()
        .map(String::from)
        .collect::<Vec<_>>()
        .join(" ");
    let seen = [
        code.digits.get(..3).unwrap_or_default(),
        " ",
        code.digits.get(3..).unwrap_or_default(),
    ]
    .concat();
    view! {
        <div class=class>
            <p class="quiet">{if ready { words.code_ready } else { words.code_hint }}</p>
            <p class="digits"><span class="unseen">{[words.pickup_code, " ", &spelled].concat()}</span> <span aria-hidden="true">{seen}</span></p>
            {drawn.into_view()}
        </div>
    }
}
