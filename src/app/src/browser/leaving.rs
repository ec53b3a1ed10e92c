//! Leaving the page: asked about first, heard of at the end, and coming back to it.

use super::frame::{is_seen, while_here};
use wasm_bindgen::JsValue;

/// Has the browser ask before the page is left, while `asks` says so. As long as the part it belongs to.
pub fn asks_first(asks: impl Fn() -> bool + 'static) {
    while_here("beforeunload", move |event| {
        if asks() {
            event.prevent_default();
            // What older browsers look at.
            let _ = js_sys::Reflect::set(&event, &"returnValue".into(), &JsValue::TRUE);
        }
    });
}

/// Does something when the page is really left. As long as the part it belongs to.
pub fn at_the_end(act: impl Fn() + 'static) {
    while_here("pagehide", move |_| act());
}

/// Is told whether the page is looked at, whenever that has changed. As long as the part it belongs to.
pub fn when_looked_at(act: impl Fn(bool) + 'static) {
    while_here("visibilitychange", move |_| act(is_seen()));
}
