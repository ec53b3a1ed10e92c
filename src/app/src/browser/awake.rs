//! Keeps the screen on where the browser can (Screen Wake Lock API); elsewhere nothing happens.

use super::frame::is_seen;
use super::leaving::when_looked_at;
use crate::view::effect;
use js_sys::{Function, Promise, Reflect};
use leptos::prelude::{Get, Memo, RwSignal, Set, on_cleanup, window};
use leptos::task::spawn_local;
use std::cell::RefCell;
use std::rc::Rc;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;

/// A lock that was asked for; empty until it is there.
pub type Lock = leptos::prelude::StoredValue<
    Option<Rc<RefCell<Option<JsValue>>>>,
    leptos::prelude::LocalStorage,
>;

fn call(object: &JsValue, name: &str, argument: &JsValue) -> Option<Promise> {
    let function: Function = Reflect::get(object, &name.into()).ok()?.dyn_into().ok()?;
    function.call1(object, argument).ok()?.dyn_into().ok()
}

/// Keeps the screen on while that is `wanted`, as long as the part it belongs to. The browser takes the lock
/// away when another page is looked at: back here, it is asked for again.
pub fn keep_while(wanted: impl Fn() -> bool + Send + Sync + 'static) {
    let seen = RwSignal::new(is_seen());
    when_looked_at(move |is| {
        seen.try_set(is);
    });
    let kept = Memo::new(move |_| wanted() && seen.get());
    effect(move |_| {
        if kept.get() {
            let lock = keep();
            on_cleanup(move || release(lock));
        }
    });
}

/// Keeps the screen on from now on.
pub fn keep() -> Lock {
    let held = Rc::new(RefCell::new(None));
    let lock = Lock::new_local(Some(Rc::clone(&held)));
    let wake =
        Reflect::get(&window().navigator(), &"wakeLock".into()).unwrap_or(JsValue::UNDEFINED);
    if wake.is_object()
        && let Some(asked) = call(&wake, "request", &"screen".into())
    {
        spawn_local(async move {
            // Refused on a low battery or in the background: then the screen sleeps as ever.
            if let Ok(sentinel) = JsFuture::from(asked).await {
                if Rc::strong_count(&held) == 1 {
                    // Whoever wanted it has gone meanwhile.
                    call(&sentinel, "release", &JsValue::UNDEFINED);
                } else {
                    held.replace(Some(sentinel));
                }
            }
        });
    }
    lock
}

/// Lets it sleep again.
pub fn release(lock: Lock) {
    // Taken out: one that is still asked for finds nobody who wants it, whoever keeps the lock.
    let held = leptos::prelude::UpdateValue::try_update_value(&lock, Option::take).flatten();
    if let Some(sentinel) = held.and_then(|held| held.take()) {
        call(&sentinel, "release", &JsValue::UNDEFINED);
    }
}
