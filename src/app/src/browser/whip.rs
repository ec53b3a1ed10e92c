//! Sends a camera to a media server: WHIP (RFC 9725). Nothing is changed after the answer but which camera
//! it is.

use super::camera::Camera;
use super::webrtc::{No, Session, put, settled};
use js_sys::{Array, Function, Object, Reflect};
use leptos::prelude::set_timeout;
use std::cell::RefCell;
use std::rc::Rc;
use std::time::Duration;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{
    MediaStreamTrack, RtcConfiguration, RtcPeerConnectionState, RtcRtpSender, RtcRtpTransceiver,
    RtcRtpTransceiverDirection, RtcRtpTransceiverInit,
};

/// The most that is sent, in bits a second: what a shop's line carries and a phone still shows well.
const MOST_PICTURE: u32 = 2_000_000;
const MOST_SOUND: u32 = 96_000;
/// So long the server may take for its answer.
const ANSWER_WITHIN: Duration = Duration::from_secs(10);
/// So long it may take from there until something is sent.
const CONNECT_WITHIN: Duration = Duration::from_secs(12);
/// And where the next try may find a way by servers that were named only then.
const TRIED_FOR: Duration = Duration::from_secs(4);
/// WebRTC often finds its way again by itself.
const MENDS_WITHIN: Duration = Duration::from_secs(4);

/// What is heard of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Heard {
    /// The server takes what is sent.
    Connected,
    /// It did not come about, or it does not go on. Trying again may help.
    Broken,
    /// Somebody sends already, or the server has not noticed yet that whoever did has gone.
    Taken,
    /// The key is not good any more.
    KeyRefused,
    /// The server does not take it, whatever is tried; with its status, 0 where the browser cannot.
    Refused(u16),
}

/// Something that is being sent. Dropping it puts an end to it, here and at the server.
pub struct Whip {
    inner: Rc<Inner>,
    _changed: Closure<dyn FnMut()>,
}

struct Inner {
    /// It is closed when the last word about it was said, or nobody wants to hear any.
    session: Session,
    senders: RefCell<Vec<RtcRtpSender>>,
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
        let inner = Rc::new(Inner {
            session: Session::new(url, Some(token), configuration)?,
            senders: RefCell::default(),
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
        let peer = &inner.session.peer;
        peer.set_onconnectionstatechange(Some(listener));
        let trying = Rc::clone(&inner);
        crate::view::task(async move {
            match trying.session.agree(ANSWER_WITHIN).await {
                Ok(()) => trying.connects(),
                Err(no) => trying.ends(why(no)),
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
            let replaced = sender.replace_track(Some(&track)).unchecked_into();
            crate::view::task(async move {
                if settled(replaced).await.is_err() {
                    leptos::logging::warn!("another camera was not taken");
                }
            });
        }
        all
    }
}

impl Drop for Whip {
    fn drop(&mut self) {
        self.inner.session.close();
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
        let peer = &self.session.peer;
        let transceiver = peer.add_transceiver_with_media_stream_track_and_init(track, &init);
        if is_picture {
            prefer_h264(&transceiver);
        }
        self.senders.borrow_mut().push(transceiver.sender());
    }

    /// It was agreed upon: now it has to come about.
    fn connects(self: &Rc<Self>) {
        let within = match self.session.may_find_more() {
            true => TRIED_FOR,
            false => CONNECT_WITHIN,
        };
        let inner = Rc::clone(self);
        set_timeout(
            move || {
                if inner.state() != RtcPeerConnectionState::Connected {
                    inner.ends(Heard::Broken);
                }
            },
            within,
        );
    }

    fn state(&self) -> RtcPeerConnectionState {
        self.session.peer.connection_state()
    }

    fn changed(self: &Rc<Self>) {
        match self.state() {
            RtcPeerConnectionState::Connected => self.tell(Heard::Connected),
            RtcPeerConnectionState::Failed | RtcPeerConnectionState::Closed => {
                self.ends(Heard::Broken);
            }
            RtcPeerConnectionState::Disconnected => {
                let inner = Rc::clone(self);
                let still = move || {
                    if inner.state() == RtcPeerConnectionState::Disconnected {
                        inner.ends(Heard::Broken);
                    }
                };
                set_timeout(still, MENDS_WITHIN);
            }
            _ => {}
        }
    }

    fn tell(&self, heard: Heard) {
        if !self.session.is_closed() {
            (self.heard)(heard);
        }
    }

    /// Says the last word about it.
    fn ends(&self, heard: Heard) {
        if self.session.close() {
            (self.heard)(heard);
        }
    }
}

/// What is to be made of it that nothing was agreed upon.
fn why(no: No) -> Heard {
    match no {
        No::Unable => Heard::Refused(0),
        No::Silent | No::Closed => Heard::Broken,
        No::Status(401 | 403) => Heard::KeyRefused,
        No::Status(409) => Heard::Taken,
        // Not now: too many, too early, something is broken there.
        No::Status(408 | 425 | 429 | 500..=599) => Heard::Broken,
        No::Status(status) => Heard::Refused(status),
    }
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
