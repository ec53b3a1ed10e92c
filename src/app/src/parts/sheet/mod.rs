//! A sheet that comes up from below. Closed by Escape, by back, by a swipe down, by its button, by
//! a tap beside it.

pub mod choice;

use crate::browser::{address, dialog, on_window};
use crate::parts::icon;
use crate::view::{IntoView, Slot, View, changing, effect, on, view};
use crate::words::words;
use leptos::prelude::*;
use std::cell::{Cell, RefCell};
use stylers::style_sheet;
use wasm_bindgen::JsCast;
use web_sys::{Event, HtmlDialogElement, HtmlElement, TouchEvent};

const _: &str = include_str!("sheet.css");

/// How far a swipe must go to close, in pixels.
const SWIPE: f64 = 70.0;

thread_local! {
    /// What "back" closes before it leaves the page.
    static OPEN: RefCell<Option<HtmlDialogElement>> = const { RefCell::new(None) };
    /// Whether the next "back" is the one a sheet took when it was closed by hand.
    static STEPPING: Cell<bool> = const { Cell::new(false) };
    /// What is done when that step is taken.
    static THEN: Cell<Option<Box<dyn FnOnce()>>> = const { Cell::new(None) };
}

/// Listens for "back". Once a page.
pub fn listen() {
    on_window("popstate", |_| {
        let then = THEN.take();
        if STEPPING.replace(false) {
            if let Some(then) = then {
                then();
            }
            return;
        }
        if let Some(open) = OPEN.take() {
            dialog::close(&open);
        }
    });
}

/// Closes a sheet, and does something when its step of the history is taken back: what changes the
/// address before that is lost with it.
pub fn close_then(open: RwSignal<bool>, then: impl FnOnce() + 'static) {
    THEN.set(Some(Box::new(then)));
    open.set(false);
}

/// A sheet that is open while `open` is. Its content is made when it opens.
pub fn sheet(
    name: &'static str,
    open: RwSignal<bool>,
    content: impl Fn() -> View + 'static,
) -> View {
    let class = style_sheet!("src/app/src/parts/sheet/sheet.css");
    let node = Slot::<HtmlDialogElement>::new();
    effect(move |_| {
        let Some(element) = node.get() else { return };
        if open.get() {
            dialog::open(&element);
            dialog::bring_toast(&element);
            OPEN.set(Some(element.clone()));
        } else {
            dialog::take_toast_back(&element);
            if element.open() {
                // At once; its step of the history follows.
                OPEN.take();
                dialog::close(&element);
                STEPPING.set(true);
                address::step_back();
            }
        }
    });
    on_cleanup(move || {
        // What it stands in is made anew while it is open: what is said must not go with it.
        if let Some(element) = node.get() {
            dialog::take_toast_back(&element);
            OPEN.with_borrow_mut(|open| {
                if open.as_ref() == Some(&element) {
                    *open = None;
                }
            });
        }
    });
    let from = StoredValue::new(None::<f64>);
    let height = |event: &Event| {
        let event: &TouchEvent = event.dyn_ref()?;
        let touch = event
            .touches()
            .get(0)
            .or_else(|| event.changed_touches().get(0))?;
        Some(f64::from(touch.client_y()))
    };
    let touched = on(move |event| {
        // A swipe inside a part that is scrolled down scrolls it.
        let scrolled = event
            .current_target()
            .and_then(|sheet| sheet.dyn_into::<HtmlElement>().ok())
            .is_some_and(|sheet| sheet.scroll_top() > 0);
        from.set_value(height(&event).filter(|_| !scrolled));
    });
    let released = on(move |event| {
        if let (Some(from), Some(to)) = (from.get_value(), height(&event))
            && to - from > SWIPE
        {
            open.set(false);
        }
    });
    let beside = on(move |event| {
        // The backdrop belongs to the dialog itself; everything else is inside it.
        let target = event
            .target()
            .and_then(|target| target.dyn_into::<HtmlDialogElement>().ok());
        if target.is_some() {
            open.set(false);
        }
    });
    let escaped = on(move |event| {
        event.prevent_default();
        open.set(false);
    });
    view! {
        <dialog
            node_ref=node
            class=class
            aria-label=name
            on:cancel=escaped
            on:close=on(move |_| open.set(false))
            on:click=beside
            on:touchstart=touched
            on:touchend=released
        >
            <div class="inside">
                <header>
                    <h2>{name}</h2>
                    <button type="button" class="round" aria-label=words().close on:click=on(move |_| open.set(false))>{icon("close")}</button>
                </header>
                {changing(move || open.get().then(&content).into_view())}
            </div>
        </dialog>
    }
}
