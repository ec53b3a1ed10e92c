//! What the browser offers beside the page's own nodes (those are `view.rs`): storage, history,
//! sharing, pictures. All of it may be absent or fail (a private window, an old web view), and says
//! so by `Option` or `bool`. Elsewhere web-sys appears only as the type of an element.

pub mod address;
pub mod awake;
pub mod bell;
pub mod camera;
pub mod dialog;
pub mod drawer;
pub mod film;
pub mod frame;
pub mod hls;
pub mod leaving;
pub mod media;
pub mod notify;
pub mod page;
pub mod picture;
pub mod place;
pub mod poster;
pub mod share;
pub mod storage;
pub mod tabs;
pub mod webrtc;
pub mod whep;
pub mod whip;

use leptos::prelude::window;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::Event;

/// Calls `then` for every such event of the window, as long as the page lives.
pub fn on_window(event: &str, then: impl FnMut(Event) + 'static) {
    let listener = Closure::<dyn FnMut(Event)>::new(then);
    // Fails only for a listener that is no function.
    let _ = window().add_event_listener_with_callback(event, listener.as_ref().unchecked_ref());
    listener.forget();
}

/// What the device says of its network. It is only ever right when it says no.
pub fn is_online() -> bool {
    window().navigator().on_line()
}

/// An HTTP date on this device's clock: `10:42`, with the day when it is not today.
pub fn short_time(http_date: &str) -> Option<String> {
    let date = js_sys::Date::new(&http_date.into());
    if date.get_time().is_nan() {
        return None;
    }
    let two = |number: u32| {
        if number < 10 {
            ["0", &number.to_string()].concat()
        } else {
            number.to_string()
        }
    };
    let clock = [&two(date.get_hours()), ":", &two(date.get_minutes())].concat();
    let now = js_sys::Date::new_0();
    let today = now.get_date() == date.get_date() && now.get_month() == date.get_month();
    let day = [
        &(date.get_month() + 1).to_string(),
        "-",
        &date.get_date().to_string(),
        " ",
    ]
    .concat();
    Some(if today { clock } else { [day, clock].concat() })
}

/// An HTTP date in milliseconds since 1970 UTC.
pub fn date_ms(http_date: &str) -> Option<i64> {
    let ms = js_sys::Date::parse(http_date);
    (!ms.is_nan()).then_some(ms as i64)
}

/// A key that nobody else has: the name of an intent.
pub fn new_key() -> String {
    // Not `randomUUID`: it is missing where the page is not served over HTTPS.
    let part = || {
        let random = (js_sys::Math::random() * f64::from(u32::MAX)) as u32;
        random.to_string()
    };
    [&now_ms().to_string(), "-", &part(), "-", &part()].concat()
}

/// Milliseconds since 1970 UTC on this device's clock.
pub fn now_ms() -> i64 {
    js_sys::Date::now() as i64
}

/// How many minutes this device's clock is ahead of UTC.
pub fn clock_offset() -> i32 {
    -(js_sys::Date::new_0().get_timezone_offset() as i32)
}
