//! A notification of the device's, where there are any and somebody has asked for them. WeChat's web
//! view has none, and a phone may want them from a service worker only: then nothing happens, and
//! nothing depends on it.

use js_sys::{Array, Function, Object, Promise, Reflect};
use leptos::prelude::window;
use leptos::task::spawn_local;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;

fn notification() -> Option<Function> {
    let agent = window().navigator().user_agent().unwrap_or_default();
    if agent.contains("MicroMessenger") {
        return None;
    }
    let known = Reflect::get(&window(), &"Notification".into()).ok()?;
    known.dyn_into().ok()
}

fn permission() -> Option<String> {
    let notification = notification()?;
    let permission = Reflect::get(&notification, &"permission".into()).ok()?;
    permission.as_string()
}

/// Whether the device shows notifications of this page.
pub fn allowed() -> bool {
    permission().as_deref() == Some("granted")
}

/// Asks whether it may, if it was not asked before. Only ever called at a tap.
pub fn ask() {
    if permission().as_deref() != Some("default") {
        return;
    }
    let asked = notification().and_then(|notification| {
        let ask: Function = Reflect::get(&notification, &"requestPermission".into())
            .ok()?
            .dyn_into()
            .ok()?;
        ask.call0(&notification).ok()?.dyn_into::<Promise>().ok()
    });
    if let Some(asked) = asked {
        // Whatever the answer is, it is looked at when there is something to show.
        spawn_local(async move {
            let _ = JsFuture::from(asked).await;
        });
    }
}

/// Shows one, where it may. `tag`: of several pages that say the same only one is seen.
pub fn notify(title: &str, body: &str, tag: &str) {
    if !allowed() {
        return;
    }
    if let Some(notification) = notification() {
        let options = Object::new();
        for (name, value) in [("body", body), ("tag", tag)] {
            let _ = Reflect::set(&options, &name.into(), &value.into());
        }
        let arguments = Array::of2(&JsValue::from(title), &options);
        let _ = Reflect::construct(&notification, &arguments);
    }
}
