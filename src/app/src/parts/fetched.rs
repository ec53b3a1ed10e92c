//! What stands below a page's bar and comes with a part of the wasm of its own.

use super::state::failed;
use crate::browser::page::reload;
use crate::state::stores;
use crate::view::{Slot, View, effect, task_of_part};
use client::Error;
use leptos::prelude::*;
use std::future::Future;
use web_sys::Element;

/// Puts it into its place as soon as it is here.
pub fn fetched<E>(place: Slot<Element>, part: impl Future<Output = Result<View, E>> + 'static) {
    task_of_part(async move { put(place, part.await.ok()) });
}

fn put(place: Slot<Element>, view: Option<View>) {
    let view = view.unwrap_or_else(not_here);
    if let Some(place) = place.get() {
        place.set_inner_html("");
        view.show_in(&place);
    }
}

/// The part has not come. What failed once is not fetched again by this page, so it begins anew:
/// when told to, and when the network is back.
fn not_here() -> View {
    let online = stores().online;
    effect(move |first| {
        if online.get() && !first {
            reload();
        }
    });
    failed(&Error::Offline, reload)
}
