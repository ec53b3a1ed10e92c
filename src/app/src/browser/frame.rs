//! When the browser draws, whether anybody looks, and whether what moves may move.

use leptos::prelude::{LocalStorage, StoredValue, document, window};
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use wasm_bindgen_futures::JsFuture;
use web_sys::Event;

/// How long is waited for a frame. A page that is hidden draws none.
const HIDDEN_MS: i32 = 1_000;

/// Waits until the browser draws the next time; a second at most.
pub async fn frame() {
    let next = js_sys::Promise::new(&mut |resolve, _| {
        let window = window();
        let _ = window.request_animation_frame(&resolve);
        let _ = window.set_timeout_with_callback_and_timeout_and_arguments_0(&resolve, HIDDEN_MS);
    });
    // It is only ever resolved.
    let _ = JsFuture::from(next).await;
}

/// Whether the page is looked at.
pub fn is_seen() -> bool {
    !document().hidden()
}

/// Whether the device asks for less motion.
pub fn wants_stillness() -> bool {
    let asked = window().match_media("(prefers-reduced-motion: reduce)");
    asked.ok().flatten().is_some_and(|asked| asked.matches())
}

/// Takes its listener away when it is dropped.
struct Listening {
    event: &'static str,
    listener: Closure<dyn FnMut(Event)>,
}

impl Drop for Listening {
    fn drop(&mut self) {
        let listener = self.listener.as_ref().unchecked_ref();
        let _ = window().remove_event_listener_with_callback(self.event, listener);
    }
}

/// Calls `then` for every such event that reaches the window, as long as the part that this is
/// called in is there.
pub fn while_here(event: &'static str, then: impl FnMut(Event) + 'static) {
    let listener = Closure::<dyn FnMut(Event)>::new(then);
    let function = listener.as_ref().unchecked_ref();
    // Fails only for a listener that is no function.
    let _ = window().add_event_listener_with_callback(event, function);
    let _: StoredValue<Listening, LocalStorage> =
        StoredValue::new_local(Listening { event, listener });
}
