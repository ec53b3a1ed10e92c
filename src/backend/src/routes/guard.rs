//! Who asks: cookies, the header against forgery, members, staff.

use super::Shop;
use crate::problem::Trouble;
use crate::store::AtDesk;
use axum::extract::{FromRequestParts, Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, Method};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use axum_extra::extract::CookieJar;
use axum_extra::extract::cookie::{Cookie, SameSite};
use client::transport::SAFE_HEADER;
use domain::id::MemberId;
use domain::member::Role;
use domain::problem::ProblemKind;

/// The cookie of a member's session.
pub const SESSION: &str = "session";
/// The cookie of somebody's session at the desk.
pub const DESK: &str = "desk";
/// The cookie by which a tablet is known.
pub const DEVICE: &str = "desk_device";

/// A request that changes something must carry a header that no form and no link of another site
/// can send (a custom header needs CORS' consent, which is never given).
pub async fn only_our_pages(request: Request, next: Next) -> Response {
    let reads = matches!(
        *request.method(),
        Method::GET | Method::HEAD | Method::OPTIONS
    );
    if reads || request.headers().contains_key(SAFE_HEADER) {
        next.run(request).await
    } else {
        Trouble::new(
            ProblemKind::UnsafeRequest,
            format!("send the header {SAFE_HEADER}"),
        )
        .into_response()
    }
}

/// What belongs to somebody is kept by nobody on the way.
pub async fn private(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    response.headers_mut().insert(
        axum::http::header::CACHE_CONTROL,
        axum::http::HeaderValue::from_static("no-store"),
    );
    response
}

/// A cookie that no script sees. `Lax` lets a member come in by a link from a chat; nothing is ever
/// done by a GET.
pub fn cookie(
    shop: &Shop,
    name: &'static str,
    value: String,
    path: &'static str,
    ms: i64,
) -> Cookie<'static> {
    Cookie::build((name, value))
        .path(path)
        .http_only(true)
        .secure(shop.settings.https)
        .same_site(SameSite::Lax)
        .max_age(time::Duration::milliseconds(ms))
        .build()
}

/// Takes a cookie away.
pub fn gone(shop: &Shop, name: &'static str, path: &'static str) -> Cookie<'static> {
    cookie(shop, name, String::new(), path, 0)
}

/// The value of a cookie, if it can be one of ours.
pub fn token(headers: &HeaderMap, name: &str) -> Option<String> {
    let jar = CookieJar::from_headers(headers);
    let value = jar.get(name)?.value();
    let ours = value.len() == 64 && value.bytes().all(|byte| byte.is_ascii_hexdigit());
    ours.then(|| value.to_owned())
}

/// Whoever asks: the member who is signed in, or nobody that is known.
#[derive(Clone, Debug)]
pub struct Anybody(pub Option<MemberId>);

impl FromRequestParts<Shop> for Anybody {
    type Rejection = Trouble;

    async fn from_request_parts(parts: &mut Parts, shop: &Shop) -> Result<Self, Trouble> {
        let now = shop.clock.now().ms;
        Ok(Self(match token(&parts.headers, SESSION) {
            Some(token) => shop.store.session(&token, now).await?,
            None => None,
        }))
    }
}

/// A member who is signed in; without one the request is refused.
#[derive(Clone, Debug)]
pub struct SignedIn(pub MemberId);

impl FromRequestParts<Shop> for SignedIn {
    type Rejection = Trouble;

    async fn from_request_parts(parts: &mut Parts, shop: &Shop) -> Result<Self, Trouble> {
        let Anybody(member) = Anybody::from_request_parts(parts, shop).await?;
        member
            .map(Self)
            .ok_or_else(|| Trouble::new(ProblemKind::NotSignedIn, "sign in and try again"))
    }
}

/// Somebody of the shop at one of its tablets, whose role may work at the counter.
#[derive(Clone, Debug)]
pub struct AtCounter(pub AtDesk);

impl FromRequestParts<Shop> for AtCounter {
    type Rejection = Trouble;

    async fn from_request_parts(parts: &mut Parts, shop: &Shop) -> Result<Self, Trouble> {
        let now = shop.clock.now().ms;
        let tokens = token(&parts.headers, DESK).zip(token(&parts.headers, DEVICE));
        if let Some((session, device)) = tokens
            && let Some(desk) = shop.store.at_desk(&session, &device, now).await?
        {
            if !matches!(desk.role, Role::Owner | Role::Host | Role::Clerk) {
                return Err(Trouble::new(ProblemKind::Forbidden, "ask the owner"));
            }
            if parts.method != Method::GET {
                shop.store.touch_desk(&session, now).await?;
            }
            return Ok(Self(desk));
        }
        // A shopper learns nothing else.
        match SignedIn::from_request_parts(parts, shop).await {
            Ok(_) => Err(Trouble::new(
                ProblemKind::Forbidden,
                "this is for the shop's staff",
            )),
            Err(_) => Err(Trouble::new(
                ProblemKind::NotSignedIn,
                "sign in at the desk",
            )),
        }
    }
}

/// Guards the routes of the desk before anything of a request is read: whoever may not, learns not
/// even whether the request made sense.
pub async fn only_at_counter(State(shop): State<Shop>, request: Request, next: Next) -> Response {
    let (mut parts, body) = request.into_parts();
    match AtCounter::from_request_parts(&mut parts, &shop).await {
        Ok(AtCounter(desk)) => {
            parts.extensions.insert(desk);
            next.run(Request::from_parts(parts, body)).await
        }
        Err(trouble) => trouble.into_response(),
    }
}
