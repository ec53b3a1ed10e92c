//! Watching by WebRTC, as WHEP has it (draft-ietf-wish-whep): one offer by POST, one answer, and DELETE at
//! the end. No trickle: what is known of the way after a second is sent with the offer.

use client::browser::Browser;
use client::transport::Transport;
use js_sys::{Object, Reflect};
use leptos::prelude::window;
use leptos::task::spawn_local;
use std::cell::{Cell, RefCell};
use std::rc::Rc;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    AbortController, HtmlVideoElement, MediaStream, RequestInit, Response, RtcIceGatheringState,
    RtcPeerConnection, RtcPeerConnectionState, RtcRtpTransceiverDirection, RtcRtpTransceiverInit,
    RtcSdpType, RtcSessionDescriptionInit, RtcTrackEvent, Url,
};

/// How long ways to this device are looked for, in milliseconds.
const GATHERING: u32 = 1_000;
const LOOKS_EVERY: u32 = 40;
/// How long the server has to answer, in milliseconds.
const ANSWERED_IN: u32 = 8_000;

/// A picture that is received. Dropping it ends that, here and at the server.
pub struct Receiver {
    link: Rc<Link>,
    _track: Closure<dyn FnMut(RtcTrackEvent)>,
    _state: Closure<dyn FnMut()>,
}

struct Link {
    connection: RtcPeerConnection,
    /// Where the server keeps it.
    place: RefCell<Option<String>>,
    dropped: Cell<bool>,
}

impl Receiver {
    /// Asks for it. `arrived` is told when there is something to play in the element, `failed` when there
    /// will be nothing, or nothing more.
    pub fn begin(
        video: &HtmlVideoElement,
        url: &str,
        arrived: impl Fn() + 'static,
        failed: impl Fn() + 'static,
    ) -> Option<Self> {
        let connection = RtcPeerConnection::new().ok()?;
        let link = Rc::new(Link {
            connection: connection.clone(),
            place: RefCell::new(None),
            dropped: Cell::new(false),
        });
        let (video, stream) = (video.clone(), MediaStream::new().ok()?);
        let track = Closure::<dyn FnMut(RtcTrackEvent)>::new(move |event: RtcTrackEvent| {
            stream.add_track(&event.track());
            if video.src_object().as_ref() != Some(&stream) {
                video.set_src_object(Some(&stream));
            }
            arrived();
        });
        connection.set_ontrack(Some(track.as_ref().unchecked_ref()));
        let failed = Rc::new(failed);
        let (told, watched) = (Rc::clone(&failed), connection.clone());
        let state = Closure::<dyn FnMut()>::new(move || {
            if matches!(
                watched.connection_state(),
                RtcPeerConnectionState::Failed | RtcPeerConnectionState::Closed
            ) {
                told();
            }
        });
        connection.set_onconnectionstatechange(Some(state.as_ref().unchecked_ref()));
        let (asking, url) = (Rc::clone(&link), url.to_owned());
        spawn_local(async move {
            let agreed = asking.agree(&url).await;
            if agreed.is_none() && !asking.dropped.get() {
                failed();
            }
        });
        Some(Self {
            link,
            _track: track,
            _state: state,
        })
    }
}

impl Link {
    async fn agree(&self, url: &str) -> Option<()> {
        let connection = &self.connection;
        let receive = RtcRtpTransceiverInit::new();
        receive.set_direction(RtcRtpTransceiverDirection::Recvonly);
        for kind in ["video", "audio"] {
            connection.add_transceiver_with_str_and_init(kind, &receive);
        }
        let offer = JsFuture::from(connection.create_offer()).await.ok()?;
        let offered = connection.set_local_description(offer.unchecked_ref());
        JsFuture::from(offered).await.ok()?;
        let mut waited = 0;
        while waited < GATHERING
            && connection.ice_gathering_state() != RtcIceGatheringState::Complete
        {
            Browser.sleep(LOOKS_EVERY).await;
            waited += LOOKS_EVERY;
        }
        if self.dropped.get() {
            return None;
        }
        let offer = connection.local_description()?.sdp();
        let answer = self.post(url, &offer).await?;
        if self.dropped.get() {
            return None;
        }
        let init = RtcSessionDescriptionInit::new(RtcSdpType::Answer);
        init.set_sdp(&answer);
        let taken = connection.set_remote_description(&init);
        JsFuture::from(taken).await.ok().map(|_| ())
    }

    /// The answer to an offer. It is waited for also when nobody wants it any more: only then is it known
    /// where to take it back.
    async fn post(&self, url: &str, offer: &str) -> Option<String> {
        let abort = AbortController::new().ok();
        let init = RequestInit::new();
        init.set_method("POST");
        init.set_body(&offer.into());
        let headers = Object::new();
        for name in ["content-type", "accept"] {
            Reflect::set(&headers, &name.into(), &"application/sdp".into()).ok()?;
        }
        init.set_headers(&headers);
        init.set_signal(abort.as_ref().map(AbortController::signal).as_ref());
        spawn_local(async move {
            Browser.sleep(ANSWERED_IN).await;
            if let Some(abort) = abort {
                abort.abort();
            }
        });
        let asked = window().fetch_with_str_and_init(url, &init);
        let response: Response = JsFuture::from(asked).await.ok()?.dyn_into().ok()?;
        if !response.ok() {
            return None;
        }
        let place = response.headers().get("location").ok().flatten();
        let place = place.and_then(|place| Url::new_with_base(&place, &response.url()).ok());
        self.place.replace(place.map(|place| place.href()));
        if self.dropped.get() {
            self.take_back();
            return None;
        }
        JsFuture::from(response.text().ok()?)
            .await
            .ok()?
            .as_string()
    }

    fn take_back(&self) {
        let Some(place) = self.place.take() else {
            return;
        };
        let init = RequestInit::new();
        init.set_method("DELETE");
        // It goes out even when the page goes.
        let _ = Reflect::set(&init, &"keepalive".into(), &JsValue::TRUE);
        let asked = window().fetch_with_str_and_init(&place, &init);
        spawn_local(async move {
            // A server that does not hear it notices by the silence.
            let _ = JsFuture::from(asked).await;
        });
    }
}

impl Drop for Receiver {
    fn drop(&mut self) {
        let connection = &self.link.connection;
        connection.set_ontrack(None);
        connection.set_onconnectionstatechange(None);
        connection.close();
        self.link.dropped.set(true);
        self.link.take_back();
    }
}
