//! This device's camera and microphone (Media Capture and Streams), and how loud it is (Web Audio).
//! Both are let go when they are dropped: the lamp beside the camera goes out.

use js_sys::{Object, Promise, Reflect};
use leptos::prelude::window;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    AnalyserNode, AudioContext, AudioContextState, HtmlVideoElement, MediaDeviceInfo,
    MediaDeviceKind, MediaDevices, MediaStream, MediaStreamAudioSourceNode, MediaStreamConstraints,
    MediaStreamTrack,
};

/// Why there is no picture of this device.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoCamera {
    /// Somebody said no, now or once for all.
    Refused,
    /// It has none, or not the one that was asked for.
    NotThere,
    /// Another program has it, or the device does not let it go on.
    Busy,
    /// Pages without HTTPS get none.
    Insecure,
    /// The browser knows of none.
    Unknown,
}

/// Which camera and which microphone; nothing: whichever the browser takes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Wanted {
    /// The camera's id.
    pub camera: Option<String>,
    /// The microphone's.
    pub microphone: Option<String>,
}

/// One of several.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Device {
    /// The browser's name of it, for this site only.
    pub id: String,
    /// What it is called; empty where the browser does not tell.
    pub name: String,
}

/// All there are.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Devices {
    /// Cameras.
    pub cameras: Vec<Device>,
    /// Microphones.
    pub microphones: Vec<Device>,
}

/// A camera that is on, with a microphone where there is one.
pub struct Camera {
    stream: MediaStream,
    ended: Closure<dyn FnMut()>,
}

impl Camera {
    /// Turns it on. `ended` is called when the device takes it away: unplugged, or not allowed any more.
    pub async fn open(wanted: &Wanted, ended: impl FnMut() + 'static) -> Result<Self, NoCamera> {
        let devices = devices_api()?;
        let stream = match ask(&devices, wanted, true).await {
            Err(NoCamera::NotThere) => without(&devices, wanted).await?,
            answer => answer?,
        };
        let camera = Self {
            stream,
            ended: Closure::new(ended),
        };
        for track in camera.tracks() {
            track.set_onended(Some(camera.ended.as_ref().unchecked_ref()));
        }
        Ok(camera)
    }

    /// What it gives.
    pub fn stream(&self) -> &MediaStream {
        &self.stream
    }

    fn tracks(&self) -> impl Iterator<Item = MediaStreamTrack> {
        tracks(&self.stream.get_tracks())
    }

    fn first(&self, kind: &str) -> Option<MediaStreamTrack> {
        self.tracks().find(|track| track.kind() == kind)
    }

    /// Whether it looks at whoever holds the device: then the picture is seen as in a mirror.
    pub fn is_front(&self) -> bool {
        let facing = self
            .first("video")
            .and_then(|track| track.get_settings().get_facing_mode());
        facing.as_deref() == Some("user")
    }

    /// Whether there is a microphone with it.
    pub fn has_sound(&self) -> bool {
        self.first("audio").is_some()
    }

    /// What was chosen, by the browser or by somebody.
    pub fn chosen(&self) -> Wanted {
        let id = |kind| self.first(kind)?.get_settings().get_device_id();
        Wanted {
            camera: id("video"),
            microphone: id("audio"),
        }
    }

    /// Shows it, without its sound.
    pub fn show_in(&self, video: &HtmlVideoElement) {
        // As an attribute it is only what a video begins with.
        video.set_muted(true);
        video.set_src_object(Some(&self.stream));
        play(video);
    }
}

impl Drop for Camera {
    fn drop(&mut self) {
        for track in self.tracks() {
            track.set_onended(None);
            track.stop();
        }
    }
}

/// Shows nothing any more.
pub fn clear(video: &HtmlVideoElement) {
    video.set_src_object(None);
}

fn play(video: &HtmlVideoElement) {
    if let Ok(playing) = video.play() {
        crate::view::task(async move {
            // Muted, it is refused nowhere; taken away meanwhile, it is no matter.
            let _ = JsFuture::from(playing).await;
        });
    }
}

fn tracks(array: &js_sys::Array) -> impl Iterator<Item = MediaStreamTrack> + use<> {
    let tracks: Vec<JsValue> = array.iter().collect();
    tracks.into_iter().filter_map(|track| track.dyn_into().ok())
}

fn devices_api() -> Result<MediaDevices, NoCamera> {
    // Absent on pages without TLS, and in old web views.
    let there = Reflect::get(&window().navigator(), &"mediaDevices".into())
        .is_ok_and(|devices| devices.is_object());
    match window().navigator().media_devices() {
        Ok(devices) if there => Ok(devices),
        _ if window().is_secure_context() => Err(NoCamera::Unknown),
        _ => Err(NoCamera::Insecure),
    }
}

async fn ask(
    devices: &MediaDevices,
    wanted: &Wanted,
    sound: bool,
) -> Result<MediaStream, NoCamera> {
    let constraints = MediaStreamConstraints::new();
    constraints.set_video(&picture(wanted));
    constraints.set_audio(&if sound { voice(wanted) } else { false.into() });
    let asked: Promise = devices
        .get_user_media_with_constraints(&constraints)
        .map_err(|error| why(&error))?
        .unchecked_into();
    let stream = JsFuture::from(asked).await.map_err(|error| why(&error))?;
    stream.dyn_into().map_err(|_| NoCamera::Unknown)
}

/// Something that was asked for is not there: first another microphone is taken, then none. A tablet without
/// one can still show something.
async fn without(devices: &MediaDevices, wanted: &Wanted) -> Result<MediaStream, NoCamera> {
    let wanted = Wanted {
        camera: wanted.camera.clone(),
        microphone: None,
    };
    match ask(devices, &wanted, true).await {
        Err(NoCamera::NotThere) => ask(devices, &wanted, false).await,
        answer => answer,
    }
}

/// What is asked of the picture: enough for a phone's screen, no more than a shop's line carries.
fn picture(wanted: &Wanted) -> JsValue {
    let picture = Object::new();
    let ideal = |name: &str, value: JsValue| {
        put(&picture, name, &one("ideal", &value));
    };
    ideal("width", 1_280.into());
    ideal("height", 720.into());
    ideal("frameRate", 25.into());
    match &wanted.camera {
        Some(id) => put(&picture, "deviceId", &one("exact", &id.as_str().into())),
        None => ideal("facingMode", "user".into()),
    }
    picture.into()
}

fn voice(wanted: &Wanted) -> JsValue {
    let voice = Object::new();
    for name in ["echoCancellation", "noiseSuppression", "autoGainControl"] {
        put(&voice, name, &JsValue::TRUE);
    }
    if let Some(id) = &wanted.microphone {
        put(&voice, "deviceId", &one("exact", &id.as_str().into()));
    }
    voice.into()
}

fn one(name: &str, value: &JsValue) -> JsValue {
    let object = Object::new();
    put(&object, name, value);
    object.into()
}

fn put(object: &Object, name: &str, value: &JsValue) {
    // Fails only for what is no object.
    let _ = Reflect::set(object, &name.into(), value);
}

/// The names of getUserMedia's errors (Media Capture and Streams, 10.2), and what old browsers said.
fn why(error: &JsValue) -> NoCamera {
    let name = Reflect::get(error, &"name".into()).ok();
    match name.and_then(|name| name.as_string()).as_deref() {
        Some("NotAllowedError" | "SecurityError" | "PermissionDeniedError") => NoCamera::Refused,
        Some("NotFoundError" | "OverconstrainedError" | "DevicesNotFoundError") => {
            NoCamera::NotThere
        }
        Some("NotReadableError" | "AbortError" | "TrackStartError") => NoCamera::Busy,
        _ => NoCamera::Unknown,
    }
}

/// The cameras and microphones there are. Their names are told once one of them is on.
pub async fn devices() -> Devices {
    let mut all = Devices::default();
    let Ok(asked) = devices_api().and_then(|devices| {
        let asked = devices.enumerate_devices();
        asked.map_err(|_| NoCamera::Unknown)
    }) else {
        return all;
    };
    let asked: Promise = asked.unchecked_into();
    let Ok(list) = JsFuture::from(asked).await else {
        return all;
    };
    let list: js_sys::Array = list.unchecked_into();
    for device in list.iter() {
        let Ok(device) = device.dyn_into::<MediaDeviceInfo>() else {
            continue;
        };
        let one = Device {
            id: device.device_id(),
            name: device.label(),
        };
        match device.kind() {
            _ if one.id.is_empty() => {}
            MediaDeviceKind::Videoinput => all.cameras.push(one),
            MediaDeviceKind::Audioinput => all.microphones.push(one),
            _ => {}
        }
    }
    all
}

/// Hears how loud a microphone is.
pub struct Level {
    context: AudioContext,
    /// Held, because some browsers forget a source that nobody holds.
    source: MediaStreamAudioSourceNode,
    analyser: AnalyserNode,
    wave: Vec<f32>,
}

/// How many samples are looked at: some 40 ms.
const WAVE: u32 = 2_048;

impl Level {
    /// Begins to listen. `None` where there is no microphone or no Web Audio.
    pub fn of(camera: &Camera) -> Option<Self> {
        if !camera.has_sound() {
            return None;
        }
        let context = AudioContext::new().ok()?;
        // It may begin asleep; a camera that is on counts as a touch.
        if let Ok(asked) = context.resume() {
            heed(asked);
        }
        let source = context.create_media_stream_source(camera.stream()).ok()?;
        let analyser = context.create_analyser().ok()?;
        analyser.set_fft_size(WAVE);
        source.connect_with_audio_node(&analyser).ok()?;
        Some(Self {
            context,
            source,
            analyser,
            wave: vec![0.0; WAVE as usize],
        })
    }

    /// How loud it is now, as the mean of a wave between 0 and 1; `None` while the browser does not listen.
    pub fn now(&mut self) -> Option<f32> {
        if self.context.state() != AudioContextState::Running {
            return None;
        }
        self.analyser.get_float_time_domain_data(&mut self.wave);
        let sum: f32 = self.wave.iter().map(|sample| sample * sample).sum();
        Some((sum / self.wave.len() as f32).sqrt())
    }
}

impl Drop for Level {
    fn drop(&mut self) {
        let _ = self.source.disconnect();
        if let Ok(asked) = self.context.close() {
            heed(asked);
        }
    }
}

/// Closed while it was to begin, it says so by a failure that is none.
fn heed(asked: Promise) {
    crate::view::task(async move {
        let _ = JsFuture::from(asked).await;
    });
}
