//! The player of HLS (hls.js), for browsers that have none of their own. It is fetched when somebody
//! watches.

use super::page;
use client::page::PageConfig;
use js_sys::{Array, Date, Object, Promise, Reflect};
use leptos::prelude::{document, set_timeout};
use std::cell::RefCell;
use std::time::Duration;
use wasm_bindgen::JsValue;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen_futures::JsFuture;
use web_sys::HtmlVideoElement;

/// How long the script may take. One that hangs would be waited for whenever it is tried again.
const FETCHED_WITHIN: Duration = Duration::from_secs(30);

thread_local! {
    /// The script on its way, or here.
    static LOADED: RefCell<Option<Promise>> = const { RefCell::new(None) };
}

#[wasm_bindgen]
extern "C" {
    type Hls;

    #[wasm_bindgen(constructor, catch)]
    fn new(config: &JsValue) -> Result<Hls, JsValue>;
    #[wasm_bindgen(static_method_of = Hls, catch, js_name = isSupported)]
    fn is_supported() -> Result<bool, JsValue>;
    #[wasm_bindgen(method, catch)]
    fn on(this: &Hls, event: &str, then: &JsValue) -> Result<(), JsValue>;
    #[wasm_bindgen(method, catch, js_name = loadSource)]
    fn load_source(this: &Hls, url: &str) -> Result<(), JsValue>;
    #[wasm_bindgen(method, catch, js_name = attachMedia)]
    fn attach_media(this: &Hls, video: &HtmlVideoElement) -> Result<(), JsValue>;
    #[wasm_bindgen(method, catch, js_name = startLoad)]
    fn start_load(this: &Hls) -> Result<(), JsValue>;
    #[wasm_bindgen(method, catch, js_name = recoverMediaError)]
    fn recover_media_error(this: &Hls) -> Result<(), JsValue>;
    #[wasm_bindgen(method, catch)]
    fn destroy(this: &Hls) -> Result<(), JsValue>;
    #[wasm_bindgen(method, catch, getter, js_name = playingDate)]
    fn playing_date(this: &Hls) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(method, catch, getter)]
    fn levels(this: &Hls) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(method, catch, getter, js_name = liveSyncPosition)]
    fn live_sync_position(this: &Hls) -> Result<JsValue, JsValue>;
}

/// Fetches the player once. `false` when it cannot be had, or not here; asked again it is tried again.
pub async fn load() -> bool {
    let loading = LOADED.with_borrow_mut(|loaded| {
        if loaded.is_none() {
            *loaded = fetch();
        }
        loaded.clone()
    });
    let Some(loading) = loading else {
        return false;
    };
    if JsFuture::from(loading).await.is_err() {
        LOADED.set(None);
        return false;
    }
    Hls::is_supported().unwrap_or_default()
}

fn fetch() -> Option<Promise> {
    let player = PageConfig::parse(&page::config_text()).hls?;
    let script = document().create_element("script").ok()?;
    script.set_attribute("integrity", &player.integrity).ok()?;
    script.set_attribute("src", &player.src).ok()?;
    let loading = Promise::new(&mut |resolve, reject| {
        // Fails only for a listener that is no function.
        let _ = script.add_event_listener_with_callback("load", &resolve);
        let _ = script.add_event_listener_with_callback("error", &reject);
        let late = move || {
            let _ = reject.call0(&JsValue::UNDEFINED);
        };
        set_timeout(late, FETCHED_WITHIN);
    });
    document().head()?.append_child(&script).ok()?;
    Some(loading)
}

/// What is so wrong that the player has stopped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fatal {
    /// Something cannot be fetched.
    Network,
    /// What was fetched cannot be played.
    Media,
    /// Anything else.
    Other,
}

/// A player of one stream in one element. Dropping it frees both.
pub struct Player {
    hls: Hls,
    _failed: Closure<dyn FnMut(JsValue, JsValue)>,
}

impl Player {
    /// Begins to fetch; [`load`] comes before. `behind` is how many seconds behind the newest piece one is.
    pub fn begin(
        video: &HtmlVideoElement,
        url: &str,
        behind: f64,
        failed: impl Fn(Fatal) + 'static,
    ) -> Option<Self> {
        let hls = Hls::new(&config(behind)).ok()?;
        let failed = Closure::<dyn FnMut(JsValue, JsValue)>::new(move |_, data: JsValue| {
            let get = |name: &str| Reflect::get(&data, &name.into()).unwrap_or(JsValue::UNDEFINED);
            if get("fatal").is_truthy() {
                failed(match get("type").as_string().as_deref() {
                    Some("networkError") => Fatal::Network,
                    Some("mediaError") => Fatal::Media,
                    _ => Fatal::Other,
                });
            }
        });
        let player = Self {
            hls,
            _failed: failed,
        };
        let hls = &player.hls;
        hls.on("hlsError", player._failed.as_ref()).ok()?;
        hls.load_source(url).ok()?;
        hls.attach_media(video).ok()?;
        Some(player)
    }

    /// Whether there is a list of pieces to fetch: without one it cannot be fetched again.
    pub fn has_list(&self) -> bool {
        let levels = self.hls.levels().ok().filter(JsValue::is_object);
        levels.is_some_and(|levels| Array::from(&levels).length() > 0)
    }

    /// Fetches again after [`Fatal::Network`].
    pub fn fetch_again(&self) {
        let _ = self.hls.start_load();
    }

    /// Puts the element right after [`Fatal::Media`]. It has stopped to fetch, and does not begin again by
    /// itself.
    pub fn mend(&self) {
        let _ = self.hls.recover_media_error();
        let _ = self.hls.start_load();
    }

    /// The stream's own clock at what is seen, in milliseconds since 1970.
    pub fn clock(&self) -> Option<i64> {
        let date = self.hls.playing_date().ok().filter(JsValue::is_object)?;
        let time = Date::from(date).get_time();
        time.is_finite().then_some(time as i64)
    }

    /// Where in the element's time it is played from when one is as near as one may be, in seconds.
    pub fn live_edge(&self) -> Option<f64> {
        self.hls.live_sync_position().ok()?.as_f64()
    }
}

impl Drop for Player {
    fn drop(&mut self) {
        let _ = self.hls.destroy();
    }
}

/// The policy allows no worker, so it does everything here. It fetches again soon: whoever watches is told
/// after a few seconds, and another way is tried then.
fn config(behind: f64) -> JsValue {
    let config = Object::new();
    let set = |object: &Object, name: &str, value: &JsValue| {
        let _ = Reflect::set(object, &name.into(), value);
    };
    set(&config, "enableWorker", &JsValue::FALSE);
    set(&config, "lowLatencyMode", &JsValue::FALSE);
    for (name, value) in [
        ("liveSyncDuration", behind),
        ("maxLiveSyncPlaybackRate", 1.0),
        ("maxBufferLength", 20.0),
        ("backBufferLength", 10.0),
    ] {
        set(&config, name, &value.into());
    }
    let policy = |first_ms: f64, all_ms: f64| {
        let retry = |pause: f64| {
            let retry = Object::new();
            set(&retry, "maxNumRetry", &20.0.into());
            set(&retry, "retryDelayMs", &pause.into());
            set(&retry, "maxRetryDelayMs", &pause.into());
            retry
        };
        let (policy, default) = (Object::new(), Object::new());
        set(&default, "maxTimeToFirstByteMs", &first_ms.into());
        set(&default, "maxLoadTimeMs", &all_ms.into());
        set(&default, "timeoutRetry", &retry(0.0));
        set(&default, "errorRetry", &retry(700.0));
        set(&policy, "default", &default);
        policy
    };
    set(&config, "manifestLoadPolicy", &policy(4_000.0, 6_000.0));
    set(&config, "playlistLoadPolicy", &policy(3_000.0, 5_000.0));
    set(&config, "fragLoadPolicy", &policy(5_000.0, 15_000.0));
    config.into()
}
