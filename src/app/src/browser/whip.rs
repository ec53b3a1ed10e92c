//! Sends a camera to a media server: WHIP (RFC 9725) over WebRTC. One offer with all candidates, one
//! answer; nothing is changed afterwards but which camera it is.

use super::camera::Camera;
use js_sys::{Array, Function, Object, Promise, Reflect};
use leptos::prelude::{set_timeout, window};
use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::time::Duration;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    AbortController, Headers, MediaStreamTrack, RequestInit, Response, RtcConfiguration,
    RtcIceGatheringState, RtcPeerConnection, RtcPeerConnectionState, RtcRtpSender,
    RtcRtpTransceiver, RtcRtpTransceiverDirection, RtcRtpTransceiverInit, RtcSdpType,
    RtcSessionDescriptionInit, Url,
};

/// The most that is sent, in bits a second: what a shop's line carries and a phone still shows well.
const MOST_PICTURE: u32 = 2_000_000;
const MOST_SOUND: u32 = 96_000;
/// So long candidates are waited for. What is found later is not told: there is no second offer.
const GATHER_FOR: Duration = Duration::from_secs(1);
/// So long the server may take for its answer.
const ANSWER_WITHIN: Duration = Duration::from_secs(10);
/// So long it may take from there until something is sent.
const CONNECT_WITHIN: Duration = Duration::from_secs(12);
/// WebRTC often finds its way again by itself.
const MENDS_WITHIN: Duration = Duration::from_secs(4);

/// What is heard of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Heard {
    /// The server takes what is sent.
    Connected,
    /// It did not come about, or it does not go on. Trying again may help.
    Broken,
    /// The key is not good any more.
    KeyRefused,
    /// The server does not take it, whatever is tried; with its status, 0 where the browser cannot.
    Refused(u16),
}

/// How a try ends that did not come about.
type Failed = Heard;

/// Something that is being sent. Dropping it puts an end to it, here and at the server.
pub struct Whip {
    inner: Rc<Inner>,
    _changed: Closure<dyn FnMut()>,
}

struct Inner {
    peer: RtcPeerConnection,
    token: String,
    /// What is to be deleted at the end.
    session: RefCell<Option<String>>,
    senders: RefCell<Vec<RtcRtpSender>>,
    /// Whether the last word about it was said, or nobody wants to hear any.
    over: Cell<bool>,
    heard: Box<dyn Fn(Heard)>,
}

impl Whip {
    /// Begins to send to `url`. `heard` is told what comes of it, never while this is being called; after
    /// anything but [`Heard::Connected`] nothing more. `None` where the browser has no WebRTC.
    pub fn begin(
        url: &str,
        token: &str,
        camera: &Camera,
        heard: impl Fn(Heard) + 'static,
    ) -> Option<Self> {
        let configuration = RtcConfiguration::new();
        put(&configuration, "bundlePolicy", &"max-bundle".into());
        let peer = RtcPeerConnection::new_with_configuration(&configuration).ok()?;
        let inner = Rc::new(Inner {
            peer,
            token: token.to_owned(),
            session: RefCell::default(),
            senders: RefCell::default(),
            over: Cell::new(false),
            heard: Box::new(heard),
        });
        for track in camera.stream().get_tracks().iter() {
            if let Ok(track) = track.dyn_into::<MediaStreamTrack>() {
                inner.add(&track, camera);
            }
        }
        let changed = {
            let inner = Rc::clone(&inner);
            Closure::<dyn FnMut()>::new(move || inner.changed())
        };
        let listener = changed.as_ref().unchecked_ref();
        inner.peer.set_onconnectionstatechange(Some(listener));
        let (trying, url) = (Rc::clone(&inner), url.to_owned());
        crate::view::task(async move {
            if let Err(failed) = trying.connect(&url).await {
                trying.ends(failed);
            }
        });
        Some(Self {
            inner,
            _changed: changed,
        })
    }

    /// Sends this camera instead. `false` where that needs a new offer: it has a microphone, and the one before
    /// had none.
    pub fn switch(&self, camera: &Camera) -> bool {
        let mut all = true;
        for track in camera.stream().get_tracks().iter() {
            let Ok(track) = track.dyn_into::<MediaStreamTrack>() else {
                continue;
            };
            let senders = self.inner.senders.borrow();
            let of_kind = |sender: &&RtcRtpSender| {
                let kind = sender.track().map(|old| old.kind());
                kind == Some(track.kind())
            };
            let Some(sender) = senders.iter().find(of_kind) else {
                all = false;
                continue;
            };
            let replaced: Promise = sender.replace_track(Some(&track)).unchecked_into();
            crate::view::task(async move {
                if JsFuture::from(replaced).await.is_err() {
                    leptos::logging::warn!("another camera was not taken");
                }
            });
        }
        all
    }
}

impl Drop for Whip {
    fn drop(&mut self) {
        self.inner.over.set(true);
        self.inner.close();
    }
}

impl Inner {
    fn add(&self, track: &MediaStreamTrack, camera: &Camera) {
        let init = RtcRtpTransceiverInit::new();
        init.set_direction(RtcRtpTransceiverDirection::Sendonly);
        init.set_streams(&Array::of1(camera.stream()));
        let is_picture = track.kind() == "video";
        let encoding = Object::new();
        let most = if is_picture { MOST_PICTURE } else { MOST_SOUND };
        put(&encoding, "maxBitrate", &most.into());
        init.set_send_encodings(&Array::of1(&encoding));
        let peer = &self.peer;
        let transceiver = peer.add_transceiver_with_media_stream_track_and_init(track, &init);
        if is_picture {
            prefer_h264(&transceiver);
        }
        self.senders.borrow_mut().push(transceiver.sender());
    }

    async fn connect(self: &Rc<Self>, url: &str) -> Result<(), Failed> {
        let cannot = |_: JsValue| Heard::Refused(0);
        let offer = settled(self.peer.create_offer().unchecked_into()).await;
        let offer: RtcSessionDescriptionInit = offer.map_err(cannot)?.unchecked_into();
        let set = self.peer.set_local_description(&offer).unchecked_into();
        settled(set).await.map_err(cannot)?;
        self.gathered().await;
        // Without a description there is nothing to offer: it was closed meanwhile.
        let offer = self.peer.local_description().ok_or(Heard::Broken)?.sdp();
        if self.over.get() {
            return Ok(());
        }
        let answer = self.post(url, &offer).await;
        if self.over.get() {
            // Stopped while the server was asked: it has just begun a session that nobody wants, also where
            // its answer was cut off.
            self.close();
            return Ok(());
        }
        let answer = answer?;
        let description = RtcSessionDescriptionInit::new(RtcSdpType::Answer);
        description.set_sdp(&answer);
        let set = self
            .peer
            .set_remote_description(&description)
            .unchecked_into();
        // An answer that the browser cannot read will not be another one the next time.
        settled(set).await.map_err(|error| {
            leptos::logging::warn!("the media server's answer is of no use: {error:?}");
            Heard::Refused(0)
        })?;
        let inner = Rc::clone(self);
        set_timeout(
            move || {
                if inner.peer.connection_state() != RtcPeerConnectionState::Connected {
                    inner.ends(Heard::Broken);
                }
            },
            CONNECT_WITHIN,
        );
        Ok(())
    }

    /// Waits for the candidates, not for long.
    async fn gathered(&self) {
        let peer = self.peer.clone();
        let waiting = Promise::new(&mut |done, _| {
            if peer.ice_gathering_state() == RtcIceGatheringState::Complete {
                let _ = done.call0(&JsValue::UNDEFINED);
                return;
            }
            let (at, told) = (peer.clone(), done.clone());
            let changed = Closure::<dyn FnMut()>::new(move || {
                if at.ice_gathering_state() == RtcIceGatheringState::Complete {
                    let _ = told.call0(&JsValue::UNDEFINED);
                }
            });
            // Freed by the browser together with the connection.
            let changed = changed.into_js_value();
            peer.set_onicegatheringstatechange(Some(changed.unchecked_ref()));
            let late = move || {
                let _ = done.call0(&JsValue::UNDEFINED);
            };
            set_timeout(late, GATHER_FOR);
        });
        let _ = settled(waiting).await;
        self.peer.set_onicegatheringstatechange(None);
    }

    /// Posts the offer: the answer. Where the session is is kept as soon as it is known.
    async fn post(&self, url: &str, offer: &str) -> Result<String, Failed> {
        let request = self.request("POST").ok_or(Heard::Refused(0))?;
        let broken = |_: JsValue| Heard::Broken;
        request
            .0
            .set("content-type", "application/sdp")
            .map_err(broken)?;
        request.1.set_body(&offer.into());
        let abort = AbortController::new().ok();
        let signal = abort.as_ref().map(AbortController::signal);
        request.1.set_signal(signal.as_ref());
        if let Some(abort) = abort {
            set_timeout(move || abort.abort(), ANSWER_WITHIN);
        }
        let asked = window().fetch_with_str_and_init(url, &request.1);
        let answer = settled(asked.unchecked_into()).await.map_err(broken)?;
        let answer: Response = answer.unchecked_into();
        match answer.status() {
            200..=299 => {}
            401 | 403 => return Err(Heard::KeyRefused),
            // Not now: too many, too early, something is broken there.
            408 | 425 | 429 | 500..=599 => return Err(Heard::Broken),
            status => return Err(Heard::Refused(status)),
        }
        // Relative to what has answered, which may be elsewhere than what was asked.
        let location = answer.headers().get("location").ok().flatten();
        let base = absolute(&answer.url(), url);
        let session = location
            .and_then(|location| Url::new_with_base(&location, &base).ok())
            .map(|url| url.href());
        self.session.replace(session);
        let text = answer.text().map_err(broken)?;
        let text = settled(text.unchecked_into()).await.map_err(broken)?;
        Ok(text.as_string().unwrap_or_default())
    }

    fn request(&self, method: &str) -> Option<(Headers, RequestInit)> {
        let headers = Headers::new().ok()?;
        let bearer = ["Bearer ", &self.token].concat();
        headers.set("authorization", &bearer).ok()?;
        let init = RequestInit::new();
        init.set_method(method);
        init.set_headers(&headers);
        Some((headers, init))
    }

    fn changed(self: &Rc<Self>) {
        match self.peer.connection_state() {
            RtcPeerConnectionState::Connected => self.tell(Heard::Connected),
            RtcPeerConnectionState::Failed | RtcPeerConnectionState::Closed => {
                self.ends(Heard::Broken);
            }
            RtcPeerConnectionState::Disconnected => {
                let inner = Rc::clone(self);
                let still = move || {
                    if inner.peer.connection_state() == RtcPeerConnectionState::Disconnected {
                        inner.ends(Heard::Broken);
                    }
                };
                set_timeout(still, MENDS_WITHIN);
            }
            _ => {}
        }
    }

    fn tell(&self, heard: Heard) {
        if !self.over.get() {
            (self.heard)(heard);
        }
    }

    /// Says the last word about it.
    fn ends(&self, heard: Heard) {
        if !self.over.replace(true) {
            self.close();
            (self.heard)(heard);
        }
    }

    /// Lets go of the connection and of the session at the server.
    fn close(&self) {
        self.peer.set_onconnectionstatechange(None);
        self.peer.close();
        let Some(session) = self.session.take() else {
            return;
        };
        let Some((_, init)) = self.request("DELETE") else {
            return;
        };
        // Sent even while the page is being left.
        put(&init, "keepalive", &JsValue::TRUE);
        let asked = window().fetch_with_str_and_init(&session, &init);
        crate::view::task(async move {
            if settled(asked.unchecked_into()).await.is_err() {
                leptos::logging::warn!("the media server was not told of the end");
            }
        });
    }
}

async fn settled(promise: Promise) -> Result<JsValue, JsValue> {
    JsFuture::from(promise).await
}

fn put(object: &JsValue, name: &str, value: &JsValue) {
    // Fails only for what is no object.
    let _ = Reflect::set(object, &name.into(), value);
}

/// The address of what has answered; where the browser does not tell, of what was asked.
fn absolute(answered: &str, asked: &str) -> String {
    if !answered.is_empty() {
        return answered.to_owned();
    }
    let here = window().location().href().unwrap_or_default();
    Url::new_with_base(asked, &here).map_or_else(|_| asked.to_owned(), |url| url.href())
}

/// H.264 first, because it is what comes out as HLS without being encoded anew. The others stay: better
/// another picture than none.
fn prefer_h264(transceiver: &RtcRtpTransceiver) {
    let prefer = Reflect::get(transceiver, &"setCodecPreferences".into());
    let Some(prefer) = prefer.ok().and_then(|it| it.dyn_into::<Function>().ok()) else {
        return;
    };
    let Some(known) = RtcRtpSender::get_capabilities("video") else {
        return;
    };
    let codecs = Reflect::get(&known, &"codecs".into());
    let Some(codecs) = codecs
        .ok()
        .and_then(|codecs| codecs.dyn_into::<Array>().ok())
    else {
        return;
    };
    let is_h264 = |codec: &JsValue| {
        let kind = Reflect::get(codec, &"mimeType".into()).ok();
        let kind = kind.and_then(|kind| kind.as_string()).unwrap_or_default();
        kind.eq_ignore_ascii_case("video/h264")
    };
    let (first, rest): (Vec<_>, Vec<_>) = codecs.iter().partition(is_h264);
    if first.is_empty() {
        return;
    }
    let sorted: Array = first.into_iter().chain(rest).collect();
    // Browsers are of several minds about what may stand in the list; refused, they choose themselves.
    let _ = prefer.call1(transceiver, &sorted);
}
