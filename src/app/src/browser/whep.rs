//! Watching by WebRTC, as WHEP has it (draft-ietf-wish-whep).

use super::webrtc::Session;
use std::rc::Rc;
use std::time::Duration;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{
    HtmlVideoElement, MediaStream, RtcConfiguration, RtcPeerConnectionState,
    RtcRtpTransceiverDirection, RtcRtpTransceiverInit, RtcTrackEvent,
};

/// How long the server has to answer.
const ANSWERED_IN: Duration = Duration::from_secs(8);

/// A picture that is received. Dropping it ends that, here and at the server.
pub struct Receiver {
    session: Rc<Session>,
    _track: Closure<dyn FnMut(RtcTrackEvent)>,
    _state: Closure<dyn FnMut()>,
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
        let session = Rc::new(Session::new(url, None, RtcConfiguration::new())?);
        let peer = &session.peer;
        let (video, stream) = (video.clone(), MediaStream::new().ok()?);
        let track = Closure::<dyn FnMut(RtcTrackEvent)>::new(move |event: RtcTrackEvent| {
            stream.add_track(&event.track());
            if video.src_object().as_ref() != Some(&stream) {
                video.set_src_object(Some(&stream));
            }
            arrived();
        });
        peer.set_ontrack(Some(track.as_ref().unchecked_ref()));
        let failed = Rc::new(failed);
        let (told, watched) = (Rc::clone(&failed), peer.clone());
        let state = Closure::<dyn FnMut()>::new(move || {
            if matches!(
                watched.connection_state(),
                RtcPeerConnectionState::Failed | RtcPeerConnectionState::Closed
            ) {
                told();
            }
        });
        peer.set_onconnectionstatechange(Some(state.as_ref().unchecked_ref()));
        let receive = RtcRtpTransceiverInit::new();
        receive.set_direction(RtcRtpTransceiverDirection::Recvonly);
        for kind in ["video", "audio"] {
            peer.add_transceiver_with_str_and_init(kind, &receive);
        }
        let asking = Rc::clone(&session);
        crate::view::task(async move {
            let agreed = asking.agree(ANSWERED_IN).await;
            if agreed.is_err() && !asking.is_closed() {
                failed();
            }
        });
        Some(Self {
            session,
            _track: track,
            _state: state,
        })
    }
}

impl Drop for Receiver {
    fn drop(&mut self) {
        self.session.peer.set_ontrack(None);
        self.session.close();
    }
}
