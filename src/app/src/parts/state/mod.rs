//! The states that every page has besides its own: waiting, failed, empty, older than now.

use crate::browser::{page, short_time};
use crate::parts::icon;
use crate::state::reading::{Load, Reading};
use crate::view::{IntoView, View, changing, on, view};
use crate::words::words;
use client::{Error, Source};
use domain::problem::ProblemKind;
use leptos::prelude::*;
use stylers::style_sheet;

const _: &str = include_str!("notice.css");
const _: &str = include_str!("strip.css");

/// Shows what was read, or how far it is: the skeleton of what will come, an error with what to
/// do, the content with a word when it is not of now.
pub fn show<T: Clone + Send + Sync + 'static>(
    reading: Reading<T>,
    skeleton: &'static str,
    content: impl Fn(T) -> View + 'static,
    missing: fn() -> View,
) -> View {
    changing(move || match reading.load.get() {
        Load::Waiting => waiting(skeleton, false),
        Load::WaitingLong => waiting(skeleton, true),
        Load::Failed(error) if error.is_not_found() => missing(),
        Load::Failed(error) => failed(&error, move || reading.again()),
        Load::Here(fresh) => view! {
            {aged(&fresh.source, move || reading.again())}
            {content(fresh.value)}
        },
    })
}

/// The skeleton of what will come.
pub fn waiting(skeleton: &'static str, long: bool) -> View {
    let text = if long { words().slow } else { words().loading };
    view! {
        <div aria-busy="true">
            <p class=if long { "wait" } else { "unseen" } role="status">{text}</p>
            <div aria-hidden="true" inner_html=page::skeleton(skeleton)></div>
        </div>
    }
}

/// What happened and what to do, in the shopper's language; what the backend wrote is in the log.
pub fn explain(error: &Error) -> (String, String) {
    let words = words();
    leptos::logging::warn!("{error}");
    let (what, hint) = match error {
        Error::Offline => (words.no_network, words.no_network_hint),
        Error::TimedOut => (words.timed_out, words.timed_out_hint),
        Error::Refused {
            retry_after: Some(seconds),
            ..
        } => return ((words.busy)(*seconds), words.failed_hint.to_owned()),
        Error::Refused { problem, .. } => match &problem.kind {
            ProblemKind::WrongCode => (words.wrong_code, ""),
            ProblemKind::ExpiredCode => (words.expired_code, ""),
            ProblemKind::NotSignedIn => (words.sign_in_first, words.sign_in_hint),
            ProblemKind::QuoteChanged => (words.cart_changed, ""),
            ProblemKind::PickupUnavailable => (words.pickup_gone, ""),
            ProblemKind::NotNow => (words.not_now, ""),
            _ if problem.status < 500 => (words.refused, words.refused_hint),
            _ => (words.failed, words.failed_hint),
        },
        Error::Undecodable { .. } => (words.garbled, words.garbled_hint),
        Error::Unsupported => (words.unsupported, ""),
    };
    (what.to_owned(), hint.to_owned())
}

/// What failed, what was kept, what to press.
pub fn failed(error: &Error, again: impl Fn() + 'static) -> View {
    let (what, hint) = explain(error);
    let again = view! {
        <button type="button" class="btn" on:click=on(move |_| again())>{words().again}</button>
    };
    notice("offline", what, hint, again.into_view(), true)
}

/// A page or a part of it that has nothing to show, and where to go from here.
pub fn notice(symbol: &'static str, what: String, hint: String, remedy: View, alarm: bool) -> View {
    let class = style_sheet!("src/app/src/parts/state/notice.css");
    view! {
        <div class=class role=alarm.then_some("alert")>
            {icon(symbol)}
            <h2>{what}</h2>
            <p class="quiet">{hint}</p>
            {remedy}
        </div>
    }
}

/// A shop that has nothing yet.
pub fn new_shop() -> View {
    let words = words();
    notice(
        "shop",
        words.new_shop.to_owned(),
        words.new_shop_hint.to_owned(),
        ().into_view(),
        false,
    )
}

/// Says that something is not of now, with a way to ask again; nothing when it is.
pub fn aged(source: &Source, again: impl Fn() + 'static) -> Option<View> {
    let class = style_sheet!("src/app/src/parts/state/strip.css");
    let Source::LastCopy { date, .. } = source else {
        return None;
    };
    let text = match date.as_deref().and_then(short_time) {
        Some(time) => (words().last_copy)(&time),
        None => words().last_copy_undated.to_owned(),
    };
    let strip = view! {
        <div class=class role="status">
            {icon("offline")}
            <span>{text}</span>
            <button type="button" on:click=on(move |_| again())>{words().again}</button>
        </div>
    };
    Some(strip.into_view())
}
