//! What sending by WHIP (RFC 9725) and watching by WHEP (draft-ietf-wish-whep) have in common: one offer
//! with all candidates by POST, one answer, and DELETE at the end. No trickle.

use domain::video::ice_servers;
use js_sys::{Array, Function, Object, Promise, Reflect};
use leptos::prelude::{set_timeout, window};
use std::cell::{Cell, RefCell};
use std::time::Duration;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    AbortController, Headers, RequestInit, Response, RtcConfiguration, RtcIceGatheringState,
    RtcPeerConnection, RtcSdpType, RtcSessionDescriptionInit, Url,
};

/// So long candidates are waited for. What is found later is not told: there is no second offer.
const GATHER_FOR: Duration = Duration::from_secs(1);

thread_local! {
    /// The ICE servers that were named last, by the address that was asked.
    static NAMED: RefCell<Vec<(String, Array)>> = const { RefCell::new(Vec::new()) };
}

/// Why nothing was agreed upon.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum No {
    /// The browser makes no offer, or cannot read the answer. Another try would be no other.
    Unable,
    /// No answer came, or not all of it.
    Silent,
    /// The server says no, with this status.
    Status(u16),
    /// Nobody wants it any more.
    Closed,
}

/// A connection, and what the server keeps of it.
pub struct Session {
    /// The connection. Who makes it ready to be offered also hears what becomes of it.
    pub peer: RtcPeerConnection,
    configuration: RtcConfiguration,
    url: String,
    token: Option<String>,
    /// What is to be deleted at the end.
    place: RefCell<Option<String>>,
    closed: Cell<bool>,
    /// It has begun with servers that were named before.
    knows_servers: bool,
    untried: Cell<bool>,
}

impl Session {
    /// One with whoever answers at `url`; nothing is asked yet. `token`: the bearer token, where one is
    /// needed. `None` where the browser has no WebRTC.
    pub fn new(url: &str, token: Option<&str>, configuration: RtcConfiguration) -> Option<Self> {
        let named = NAMED.with_borrow(|all| {
            let named = all.iter().find(|(of, _)| of == url);
            named.map(|(_, servers)| servers.clone())
        });
        if let Some(servers) = &named {
            put(&configuration, "iceServers", servers);
        }
        Some(Self {
            peer: RtcPeerConnection::new_with_configuration(&configuration).ok()?,
            configuration,
            url: url.to_owned(),
            token: token.map(str::to_owned),
            place: RefCell::default(),
            closed: Cell::new(false),
            knows_servers: named.is_some(),
            untried: Cell::new(false),
        })
    }

    /// Whether the next try may find a way where this one finds none: ICE servers were named only when the
    /// ways of this one were looked for already.
    pub fn may_find_more(&self) -> bool {
        self.untried.get()
    }

    /// Whether nobody wants it any more.
    pub fn is_closed(&self) -> bool {
        self.closed.get()
    }

    /// Offers what the connection has, and takes the answer. The server may take `within` for it.
    pub async fn agree(&self, within: Duration) -> Result<(), No> {
        let peer = &self.peer;
        let unable = |_: JsValue| No::Unable;
        let offer = settled(peer.create_offer().unchecked_into()).await;
        let offer: RtcSessionDescriptionInit = offer.map_err(unable)?.unchecked_into();
        let set = peer.set_local_description(&offer).unchecked_into();
        settled(set).await.map_err(unable)?;
        self.gathered().await;
        // Without a description there is nothing to offer: it was closed meanwhile.
        let offer = peer.local_description().ok_or(No::Silent)?.sdp();
        self.wanted()?;
        let answer = self.post(&offer, within).await?;
        self.wanted()?;
        let description = RtcSessionDescriptionInit::new(RtcSdpType::Answer);
        description.set_sdp(&answer);
        let set = peer.set_remote_description(&description).unchecked_into();
        settled(set).await.map_err(|error| {
            leptos::logging::warn!("the media server's answer is of no use: {error:?}");
            No::Unable
        })?;
        self.wanted()
    }

    fn wanted(&self) -> Result<(), No> {
        match self.closed.get() {
            true => Err(No::Closed),
            false => Ok(()),
        }
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

    /// Posts the offer: the answer. It is waited for also when nobody wants it any more: only then is it
    /// known what is to be deleted.
    async fn post(&self, offer: &str, within: Duration) -> Result<String, No> {
        let (headers, request) = self.request("POST").ok_or(No::Unable)?;
        for name in ["content-type", "accept"] {
            let set = headers.set(name, "application/sdp");
            set.map_err(|_| No::Unable)?;
        }
        request.set_body(&offer.into());
        let abort = AbortController::new().ok();
        let signal = abort.as_ref().map(AbortController::signal);
        request.set_signal(signal.as_ref());
        if let Some(abort) = abort {
            set_timeout(move || abort.abort(), within);
        }
        let silent = |_: JsValue| No::Silent;
        let asked = window().fetch_with_str_and_init(&self.url, &request);
        let answer = settled(asked.unchecked_into()).await.map_err(silent)?;
        let answer: Response = answer.unchecked_into();
        if !answer.ok() {
            return Err(No::Status(answer.status()));
        }
        // Relative to what has answered, which may be elsewhere than what was asked.
        let location = answer.headers().get("location").ok().flatten();
        let base = absolute(&answer.url(), &self.url);
        let place = location
            .and_then(|location| Url::new_with_base(&location, &base).ok())
            .map(|url| url.href());
        self.place.replace(place);
        if self.is_closed() {
            // The server has just begun a session that nobody wants.
            self.take_back();
            return Err(No::Closed);
        }
        if let Ok(Some(links)) = answer.headers().get("link") {
            self.learns(&links);
        }
        let text = answer.text().map_err(silent)?;
        let text = settled(text.unchecked_into()).await.map_err(silent)?;
        Ok(text.as_string().unwrap_or_default())
    }

    /// Takes the ICE servers that an answer names (RFC 9725, 4.6). A connection looks for its ways when it
    /// is offered, which is over: so they are also kept for the next one to the same address, which begins
    /// with them.
    fn learns(&self, links: &str) {
        let servers = Array::new();
        for server in ice_servers(links) {
            let one = Object::new();
            put(&one, "urls", &server.url.into());
            if let Some((name, password)) = server.login {
                put(&one, "username", &name.into());
                put(&one, "credential", &password.into());
            }
            servers.push(&one);
        }
        if servers.length() == 0 {
            return;
        }
        put(&self.configuration, "iceServers", &servers);
        // Missing in older browsers; and what it does not take, no connection would begin with.
        let set = Reflect::get(&self.peer, &"setConfiguration".into()).ok();
        let set = set.and_then(|set| set.dyn_into::<Function>().ok());
        if set.is_none_or(|set| set.call1(&self.peer, &self.configuration).is_err()) {
            leptos::logging::warn!("the media server's ICE servers are of no use");
            return;
        }
        self.untried.set(!self.knows_servers);
        NAMED.with_borrow_mut(|all| {
            all.retain(|(of, _)| *of != self.url);
            all.push((self.url.clone(), servers));
        });
    }

    fn request(&self, method: &str) -> Option<(Headers, RequestInit)> {
        let headers = Headers::new().ok()?;
        if let Some(token) = &self.token {
            let bearer = ["Bearer ", token].concat();
            headers.set("authorization", &bearer).ok()?;
        }
        let init = RequestInit::new();
        init.set_method(method);
        init.set_headers(&headers);
        Some((headers, init))
    }

    /// Lets go of the connection, and of what the server keeps of it. Whether it was wanted until now.
    pub fn close(&self) -> bool {
        let was_wanted = !self.closed.replace(true);
        self.peer.set_onconnectionstatechange(None);
        self.peer.close();
        self.take_back();
        was_wanted
    }

    fn take_back(&self) {
        let Some(place) = self.place.take() else {
            return;
        };
        let Some((_, init)) = self.request("DELETE") else {
            return;
        };
        // Sent even while the page is being left.
        put(&init, "keepalive", &JsValue::TRUE);
        let asked = window().fetch_with_str_and_init(&place, &init);
        crate::view::task(async move {
            // A server that does not hear it notices by the silence.
            if settled(asked.unchecked_into()).await.is_err() {
                leptos::logging::warn!("the media server was not told of the end");
            }
        });
    }
}

/// The address of what has answered; where the browser does not tell, of what was asked.
fn absolute(answered: &str, asked: &str) -> String {
    if !answered.is_empty() {
        return answered.to_owned();
    }
    let here = window().location().href().unwrap_or_default();
    Url::new_with_base(asked, &here).map_or_else(|_| asked.to_owned(), |url| url.href())
}

/// What becomes of a promise.
pub async fn settled(promise: Promise) -> Result<JsValue, JsValue> {
    JsFuture::from(promise).await
}

/// Sets a property that web-sys has no method for.
pub fn put(object: &JsValue, name: &str, value: &JsValue) {
    // Fails only for what is no object.
    let _ = Reflect::set(object, &name.into(), value);
}
