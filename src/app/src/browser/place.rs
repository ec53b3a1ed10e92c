//! Where one was on a page. The browser tries to give it back before the page has its length, so
//! it is done here: by address, while the page lives.

use super::on_window;
use leptos::prelude::{request_animation_frame, window};
use std::cell::RefCell;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{
    Element, IntersectionObserver, IntersectionObserverEntry, IntersectionObserverInit,
    ScrollRestoration,
};

thread_local! {
    static PLACES: RefCell<Places> = RefCell::default();
}

#[derive(Default)]
struct Places {
    /// Pixels from the top, by address.
    tops: Vec<(String, f64)>,
    /// Where the page is now; scrolling belongs to this address.
    here: String,
    /// Whether the page was reached by going back or forward.
    back: bool,
}

/// The address: what a place belongs to.
fn address() -> String {
    let location = window().location();
    [
        location.pathname().unwrap_or_default(),
        location.search().unwrap_or_default(),
    ]
    .concat()
}

/// Begins to remember.
pub fn remember() {
    if let Ok(history) = window().history() {
        let _ = history.set_scroll_restoration(ScrollRestoration::Manual);
    }
    PLACES.with_borrow_mut(|places| places.here = address());
    on_window("scroll", |_| {
        let top = window().scroll_y().unwrap_or_default();
        PLACES.with_borrow_mut(|places| {
            let Places { tops, here, .. } = places;
            match tops.iter_mut().find(|(there, _)| there == here) {
                Some((_, there)) => *there = top,
                None => tops.push((here.clone(), top)),
            }
        });
    });
    on_window("popstate", |_| {
        // A sheet that closes is a step back too, but on the same address.
        PLACES.with_borrow_mut(|places| places.back = address() != places.here);
    });
}

/// The page has changed: gives the place back after going back, else begins at the top.
pub fn arrived() {
    let top = PLACES.with_borrow_mut(|places| {
        places.here = address();
        let back = std::mem::take(&mut places.back);
        let there = places
            .tops
            .iter()
            .find(|(there, _)| back && *there == places.here);
        there.map(|(_, top)| *top).unwrap_or_default()
    });
    // Two frames: the first draws the page, then it has its length.
    request_animation_frame(move || {
        request_animation_frame(move || window().scroll_to_with_x_and_y(0.0, top));
    });
}

/// The address was changed without leaving the page (a filter, a variant): the place stays.
pub fn same_page() {
    PLACES.with_borrow_mut(|places| {
        places.here = address();
        places.back = false;
    });
}

/// Calls `then` whenever the element comes near the screen, until the returned watch is dropped.
pub fn when_near(element: &Element, then: impl Fn() + 'static) -> Option<Watch> {
    let seen = Closure::<dyn FnMut(js_sys::Array)>::new(move |entries: js_sys::Array| {
        let near = entries.iter().any(|entry| {
            entry
                .dyn_into::<IntersectionObserverEntry>()
                .is_ok_and(|entry| entry.is_intersecting())
        });
        if near {
            then();
        }
    });
    let options = IntersectionObserverInit::new();
    options.set_root_margin("800px 0px");
    let observer =
        IntersectionObserver::new_with_options(seen.as_ref().unchecked_ref(), &options).ok()?;
    observer.observe(element);
    Some(Watch {
        observer,
        _seen: seen,
    })
}

/// Watches as long as it is kept.
#[derive(Debug)]
pub struct Watch {
    observer: IntersectionObserver,
    _seen: Closure<dyn FnMut(js_sys::Array)>,
}

impl Drop for Watch {
    fn drop(&mut self) {
        self.observer.disconnect();
    }
}
