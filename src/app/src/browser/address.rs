//! The page's address: read, followed, changed without leaving the page.

use super::{on_window, place};
use leptos::prelude::{RwSignal, Set, document, expect_context, provide_context, window};
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Element, HtmlAnchorElement, MouseEvent, UrlSearchParams};

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
    on_window("popstate", move |_| address.set(Address::now()));
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

/// Goes to a path of this site, as one step that "back" takes back.
pub fn go(address: RwSignal<Address>, href: &str, replace: bool) {
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
