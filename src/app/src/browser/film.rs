//! A film in a `<video>`: a file that can be asked for in ranges, so that one can go anywhere in it; and
//! the whole screen.

use js_sys::{Function, Promise, Reflect};
use leptos::prelude::document;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Element, HtmlVideoElement};

/// Puts a file into it, at a time in milliseconds.
pub fn load(video: &HtmlVideoElement, url: &str, at: i64) {
    video.set_src(url);
    seek(video, at);
}

/// Takes the file out of it, and lets go of whatever was loaded.
pub fn unload(video: &HtmlVideoElement) {
    video.pause().unwrap_or_default();
    let _ = video.remove_attribute("src");
    video.load();
}

/// Goes to a time, in milliseconds.
pub fn seek(video: &HtmlVideoElement, at: i64) {
    video.set_current_time(at.max(0) as f64 / 1_000.0);
}

/// Where it is, in milliseconds; nothing as long as it has no picture of there.
pub fn position(video: &HtmlVideoElement) -> Option<i64> {
    let is_there = video.ready_state() >= 2 && !video.seeking();
    is_there.then(|| (video.current_time() * 1_000.0) as i64)
}

/// Begins to play; whether the browser lets it. It may want a tap first.
pub async fn play(video: HtmlVideoElement) -> bool {
    let Ok(begun) = video.play() else {
        return false;
    };
    match JsFuture::from(begun).await {
        Ok(_) => true,
        // Given up because it was paused or moved meanwhile: that is no refusal.
        Err(error) => {
            let name = Reflect::get(&error, &"name".into()).ok();
            name.and_then(|name| name.as_string()).as_deref() != Some("NotAllowedError")
        }
    }
}

/// Whether the page has all of the screen.
pub fn is_full() -> bool {
    let full = |name: &str| Reflect::get(&document(), &name.into()).ok();
    let named = ["fullscreenElement", "webkitFullscreenElement"].into_iter();
    let mut named = named.filter_map(full);
    named.any(|element| element.is_object())
}

/// Whether a browser can give all of the screen to the page.
pub fn fills_page() -> bool {
    let page = document().document_element();
    let can = |page: &Element, name: &str| Reflect::has(page, &name.into()).unwrap_or_default();
    page.is_some_and(|page| {
        can(&page, "requestFullscreen") || can(&page, "webkitRequestFullscreen")
    })
}

/// Gives the page all of the screen, or the film where a browser has that only; or takes it back.
pub fn toggle_full(video: Option<&HtmlVideoElement>) {
    if is_full() {
        let document = document();
        let _ =
            call(&document, "exitFullscreen").or_else(|| call(&document, "webkitExitFullscreen"));
        return;
    }
    // All of the page: what is said at its foot belongs to it, and sheets too.
    let page: Option<Element> = document().document_element();
    let page = page.as_ref().and_then(|page| {
        call(page, "requestFullscreen").or_else(|| call(page, "webkitRequestFullscreen"))
    });
    if page.is_none()
        && let Some(video) = video
    {
        call(video, "webkitEnterFullscreen");
    }
}

/// Calls something that not every browser has; nothing where this one has not.
fn call(object: &JsValue, name: &str) -> Option<()> {
    let function: Function = Reflect::get(object, &name.into()).ok()?.dyn_into().ok()?;
    let answer = function.call0(object).ok()?;
    if let Ok(promise) = answer.dyn_into::<Promise>() {
        leptos::task::spawn_local(async move {
            // Refused: then the page stays as it is.
            let _ = JsFuture::from(promise).await;
        });
    }
    Some(())
}
