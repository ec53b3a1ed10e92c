//! What the browser can do with a `<video>`: play it, tell whether it moves, fill the screen, let it float
//! above other pages.

use super::frame::is_seen;
use js_sys::{Array, Function, Promise, Reflect};
use leptos::prelude::{document, window};
use std::cell::{Cell, RefCell};
use std::rc::Rc;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::HtmlVideoElement;

/// Milliseconds of a clock that only ever goes on.
pub fn elapsed() -> i64 {
    let clock = window().performance();
    clock.map_or_else(super::now_ms, |clock| clock.now() as i64)
}

/// Whether the browser was told to save data.
pub fn saves_data() -> bool {
    let connection = Reflect::get(&window().navigator(), &"connection".into());
    connection.is_ok_and(|connection| is(&connection, "saveData"))
}

/// Whether a script can feed a `<video>`. An iPhone, which lets one do so only in its own way, plays HLS well
/// by itself.
pub fn takes_pieces() -> bool {
    Reflect::has(&window(), &"MediaSource".into()).unwrap_or_default()
}

/// Whether it plays HLS without a player.
pub fn plays_hls(video: &HtmlVideoElement) -> bool {
    !video
        .can_play_type("application/vnd.apple.mpegurl")
        .is_empty()
}

/// The time at the beginning of what is played, by the stream's own clock, in milliseconds since 1970; of
/// Safari's own HLS only.
pub fn start_date(video: &HtmlVideoElement) -> Option<i64> {
    let date = call(video, "getStartDate", &[])?;
    let time = date.dyn_into::<js_sys::Date>().ok()?.get_time();
    time.is_finite().then_some(time as i64)
}

/// How playing began.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Played {
    /// It plays.
    Yes,
    /// Not before somebody taps.
    Refused,
    /// Something else was put in meanwhile, or it cannot be played.
    No,
}

/// Plays. Within a tap the browser also allows the element to play from then on.
pub fn play(video: &HtmlVideoElement) -> impl Future<Output = Played> + use<> {
    let asked = video.play();
    async move {
        let failed = match asked {
            // Old browsers promise nothing.
            Ok(promise) if promise.is_undefined() => return Played::Yes,
            Ok(promise) => match JsFuture::from(promise).await {
                Ok(_) => return Played::Yes,
                Err(failed) => failed,
            },
            Err(failed) => failed,
        };
        let name = Reflect::get(&failed, &"name".into()).ok();
        if name.and_then(|name| name.as_string()).as_deref() == Some("NotAllowedError") {
            Played::Refused
        } else {
            Played::No
        }
    }
}

/// Takes out whatever it plays.
pub fn empty(video: &HtmlVideoElement) {
    let _ = video.pause();
    video.set_src_object(None);
    let _ = video.remove_attribute("src");
    video.load();
}

/// Sees whether a video moves.
pub struct Motion {
    video: HtmlVideoElement,
    /// Counts pictures; nothing where it is told by the time.
    pictures: Option<Pictures>,
    time: Cell<f64>,
}

struct Pictures {
    shown: Rc<Cell<bool>>,
    then: Closure<dyn FnMut()>,
    asked: RefCell<Option<JsValue>>,
    /// Whether there was any.
    ever: Cell<bool>,
    /// How many looks there were without one since it was asked for, and with nothing but time going on.
    quiet: Cell<u32>,
    silent: Cell<u32>,
}

/// After how many looks without a picture it is asked for anew. Some browsers forget it with the source, and
/// Chrome draws what is not seen for a second after it was asked for.
const ASK_AGAIN: u32 = 4;
/// After how many looks without any picture it is told by the time all the same: Safari before 18.2 says
/// nothing of what is not seen.
const TOLD_BY_TIME: u32 = 8;

impl Motion {
    /// Of a video; where one may, by its pictures: its time goes on with the sound alone.
    pub fn of(video: &HtmlVideoElement, by_pictures: bool) -> Self {
        let can = Reflect::has(video, &"requestVideoFrameCallback".into()).unwrap_or_default();
        let pictures = (by_pictures && can).then(|| {
            let shown = Rc::new(Cell::new(false));
            let seen = Rc::clone(&shown);
            Pictures {
                shown,
                then: Closure::new(move || seen.set(true)),
                asked: RefCell::new(None),
                ever: Cell::new(false),
                quiet: Cell::new(0),
                silent: Cell::new(0),
            }
        });
        let motion = Self {
            video: video.clone(),
            pictures,
            time: Cell::new(video.current_time()),
        };
        motion.ask();
        motion
    }

    /// Whether it has moved since one has looked last.
    pub fn moved(&self) -> bool {
        if self.video.paused() {
            return false;
        }
        let time = self.video.current_time();
        let goes_on = self.time.replace(time) != time && self.video.ready_state() >= 2;
        let Some(pictures) = &self.pictures else {
            return goes_on;
        };
        if pictures.shown.replace(false) {
            pictures.ever.set(true);
            self.ask();
            return true;
        }
        if !is_seen() && floats(&self.video) {
            // A page that is hidden draws nothing and is told of no pictures; the small window shows them.
            return goes_on;
        }
        pictures.quiet.set(pictures.quiet.get() + 1);
        if pictures.quiet.get() >= ASK_AGAIN {
            self.give_up();
            self.ask();
        }
        if pictures.ever.get() || !goes_on || self.video.video_width() == 0 {
            return false;
        }
        pictures.silent.set(pictures.silent.get() + 1);
        pictures.silent.get() >= TOLD_BY_TIME
    }

    /// Asks for the next picture only: not at each one is anything done.
    fn ask(&self) {
        if let Some(pictures) = &self.pictures {
            pictures.quiet.set(0);
            let asked = call(
                &self.video,
                "requestVideoFrameCallback",
                &[pictures.then.as_ref()],
            );
            pictures.asked.replace(asked);
        }
    }

    fn give_up(&self) {
        if let Some(asked) = self.pictures.as_ref().and_then(|one| one.asked.take()) {
            call(&self.video, "cancelVideoFrameCallback", &[&asked]);
        }
    }
}

impl Drop for Motion {
    fn drop(&mut self) {
        self.give_up();
    }
}

/// Whether a picture can fill the screen.
pub fn can_fill(video: &HtmlVideoElement) -> bool {
    is(&document(), "fullscreenEnabled") || is(video, "webkitSupportsFullscreen")
}

/// Whether the page fills the screen.
pub fn is_filled() -> bool {
    document().fullscreen_element().is_some()
}

/// Fills the screen with the page, so that buying and comments stay; on an iPhone, which has only that, with
/// the video's own player.
pub fn fill(video: &HtmlVideoElement) {
    let root = document().document_element();
    let filled = is(&document(), "fullscreenEnabled")
        .then(|| root.and_then(|root| call(&root, "requestFullscreen", &[])))
        .flatten();
    match filled {
        Some(asked) => heed(asked),
        None => {
            call(video, "webkitEnterFullscreen", &[]);
        }
    }
}

/// Gives the screen back.
pub fn unfill() {
    if is_filled()
        && let Some(asked) = call(&document(), "exitFullscreen", &[])
    {
        heed(asked);
    }
}

/// Whether a video can float above other pages.
pub fn can_float() -> bool {
    is(&document(), "pictureInPictureEnabled")
}

/// Whether this one does.
pub fn floats(video: &HtmlVideoElement) -> bool {
    let floating = Reflect::get(&document(), &"pictureInPictureElement".into());
    floating.is_ok_and(|floating| js_sys::Object::is(&floating, video))
}

/// Lets it float, or takes it back.
pub fn float(video: &HtmlVideoElement) {
    let asked = if floats(video) {
        call(&document(), "exitPictureInPicture", &[])
    } else {
        call(video, "requestPictureInPicture", &[])
    };
    if let Some(asked) = asked {
        heed(asked);
    }
}

/// Whether a video was paused by the browser's own buttons, which it has where it floats and in an iPhone's
/// player.
pub fn paused_by_hand(video: &HtmlVideoElement) -> bool {
    video.paused() && has_own_buttons(video)
}

/// Whether it is shown where it has the browser's own buttons.
pub fn has_own_buttons(video: &HtmlVideoElement) -> bool {
    floats(video) || is(video, "webkitDisplayingFullscreen")
}

/// Whether anybody sees it.
pub fn is_watched(video: &HtmlVideoElement) -> bool {
    is_seen() || floats(video)
}

fn is(object: &JsValue, name: &str) -> bool {
    Reflect::get(object, &name.into()).is_ok_and(|value| value.is_truthy())
}

fn call(object: &JsValue, name: &str, arguments: &[&JsValue]) -> Option<JsValue> {
    let function: Function = Reflect::get(object, &name.into()).ok()?.dyn_into().ok()?;
    let all = arguments.iter().copied().collect::<Array>();
    function.apply(object, &all).ok()
}

/// A refusal is no error: the button is still there.
fn heed(asked: JsValue) {
    if let Ok(promise) = asked.dyn_into::<Promise>() {
        crate::view::task(async move {
            let _ = JsFuture::from(promise).await;
        });
    }
}
