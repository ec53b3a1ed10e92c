//! Leaving the page: asked about first, heard of at the end, and coming back to it.

use leptos::prelude::{document, on_cleanup, window_event_listener_untyped as listen};
use wasm_bindgen::JsValue;

/// Has the browser ask before the page is left, while `asks` says so. As long as the part it belongs to.
pub fn asks_first(asks: impl Fn() -> bool + 'static) {
    let handle = listen("beforeunload", move |event| {
        if asks() {
            event.prevent_default();
            // What older browsers look at.
            let _ = js_sys::Reflect::set(&event, &"returnValue".into(), &JsValue::TRUE);
        }
    });
    on_cleanup(move || handle.remove());
}

/// Does something when the page is really left. As long as the part it belongs to.
pub fn at_the_end(act: impl Fn() + 'static) {
    let handle = listen("pagehide", move |_| act());
    on_cleanup(move || handle.remove());
}

/// Is told whether the page is looked at, whenever that has changed. As long as the part it belongs to.
pub fn when_looked_at(act: impl Fn(bool) + 'static) {
    // Told to the document, and heard by the window.
    let handle = listen("visibilitychange", move |_| act(!document().hidden()));
    on_cleanup(move || handle.remove());
}
