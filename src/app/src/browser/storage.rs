//! What is kept on this device.

use super::on_window;
use domain::read::Read;
use leptos::prelude::window;
use serde::Serialize;
use wasm_bindgen::JsCast;
use web_sys::{Storage, StorageEvent};

fn local() -> Option<Storage> {
    window().local_storage().ok()?
}

/// What is kept under a key; `None` when there is nothing or it is not understood any more.
pub fn read<T: Read>(key: &str) -> Option<T> {
    client::json::decode(&local()?.get_item(key).ok()??).ok()
}

/// Whether something is kept under a key.
pub fn has(key: &str) -> bool {
    local().is_some_and(|storage| matches!(storage.get_item(key), Ok(Some(_))))
}

/// Keeps a value. `false` when the device refuses (storage full, a private window).
pub fn write<T: Serialize>(key: &str, value: &T) -> bool {
    let text = serde_json::to_string(value).unwrap_or_default();
    local().is_some_and(|storage| storage.set_item(key, &text).is_ok())
}

/// Forgets what is kept under a key.
pub fn forget(key: &str) {
    if let Some(storage) = local() {
        let _ = storage.remove_item(key);
    }
}

/// Whether this tab has something else noted under a key, or nothing; from now on it has this. A tab
/// that notes nothing is asked for the first time every time.
pub fn is_news(key: &str, value: &str) -> bool {
    let Ok(Some(tab)) = window().session_storage() else {
        return true;
    };
    let news = tab.get_item(key).ok().flatten().as_deref() != Some(value);
    if news {
        let _ = tab.set_item(key, value);
    }
    news
}

/// Calls `then` when another tab has changed what is kept under a key.
pub fn on_change(key: &'static str, then: impl Fn() + 'static) {
    on_window("storage", move |event| {
        let changed = event.dyn_ref::<StorageEvent>().and_then(StorageEvent::key);
        // Without a key everything was cleared.
        if changed.is_none_or(|changed| changed == key) {
            then();
        }
    });
}
