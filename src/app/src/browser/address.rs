//! The page's address: read, followed, changed without leaving the page.

use super::{on_window, place};
use leptos::prelude::{
    RwSignal, Set, document, expect_context, provide_context, set_timeout, window,
};
use std::cell::Cell;
use std::time::Duration;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Element, HtmlAnchorElement, MouseEvent, UrlSearchParams};

/// How long a step back may take: whoever waits for it longer goes all the same.
const STEP: Duration = Duration::from_millis(500);

thread_local! {
    /// Whether the page itself takes a step back, which the browser does a moment later.
    static STEPPING: Cell<bool> = const { Cell::new(false) };
    /// Where somebody wants to go meanwhile: going at once would be taken back by that step.
    static NEXT: Cell<Option<(String, bool)>> = const { Cell::new(None) };
}

/// Path and query of the page.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Address {
    /// The path, percent-decoded, without a final slash; the root is `/`.
    pub path: String,
    /// The query with its `?`, or nothing.
    pub query: String,
}

impl Address {
    fn now() -> Self {
        let location = window().location();
        let path = location.pathname().unwrap_or_default();
        let path = js_sys::decode_uri_component(&path).map_or(path, String::from);
        let bare = path.trim_end_matches('/');
        let path = if bare.is_empty() {
            "/".to_owned()
        } else {
            bare.to_owned()
        };
        Self {
            path,
            query: location.search().unwrap_or_default(),
        }
    }

    /// A parameter of the query.
    pub fn parameter(&self, name: &str) -> Option<String> {
        UrlSearchParams::new_with_str(&self.query).ok()?.get(name)
    }
}

/// Follows the address from now on: links of this site, back and forward. Once a page.
pub fn follow() -> RwSignal<Address> {
    let address = RwSignal::new(Address::now());
    provide_context(address);
    on_window("popstate", move |_| {
        address.set(Address::now());
        stepped(address);
    });
    let clicked = Closure::<dyn FnMut(MouseEvent)>::new(move |event: MouseEvent| {
        if let Some(href) = link_of(&event) {
            event.prevent_default();
            go(address, &href, false);
        }
    });
    let _ = document().add_event_listener_with_callback("click", clicked.as_ref().unchecked_ref());
    clicked.forget();
    address
}

/// The address, as a signal.
pub fn address() -> RwSignal<Address> {
    expect_context()
}

/// Takes one step back in the history: the one that an open sheet had added.
pub fn step_back() {
    if let Ok(history) = window().history() {
        STEPPING.set(history.back().is_ok());
    }
}

/// The step back is taken: whoever wanted to go elsewhere meanwhile goes there.
fn stepped(address: RwSignal<Address>) {
    STEPPING.set(false);
    if let Some((href, replace)) = NEXT.take() {
        go(address, &href, replace);
    }
}

/// Goes to a path of this site, as one step that "back" takes back.
pub fn go(address: RwSignal<Address>, href: &str, replace: bool) {
    if STEPPING.get() {
        NEXT.set(Some((href.to_owned(), replace)));
        set_timeout(move || stepped(address), STEP);
        return;
    }
    if let Ok(history) = window().history() {
        let _ = if replace {
            let state = history.state().unwrap_or(JsValue::NULL);
            history.replace_state_with_url(&state, "", Some(href))
        } else {
            // The state says that there is a page of the shop to go back to.
            history.push_state_with_url(&JsValue::TRUE, "", Some(href))
        };
    }
    if replace {
        place::same_page();
    }
    address.set(Address::now());
}

/// Where a plain click on a link of this site leads; nothing for what the browser should do itself.
fn link_of(event: &MouseEvent) -> Option<String> {
    if event.default_prevented()
        || event.button() != 0
        || event.meta_key()
        || event.ctrl_key()
        || event.shift_key()
        || event.alt_key()
    {
        return None;
    }
    let link = event
        .target()?
        .dyn_into::<Element>()
        .ok()?
        .closest("a[href]")
        .ok()??;
    let link: HtmlAnchorElement = link.dyn_into().ok()?;
    let here = window().location().origin().ok()?;
    let elsewhere = link.origin() != here
        || link.has_attribute("download")
        || !link.target().is_empty()
        || link.pathname().starts_with("/desk");
    (!elsewhere).then(|| [link.pathname(), link.search(), link.hash()].concat())
}
