//! Signing in and out, and what a member has.

use super::Shop;
use super::guard::{SESSION, SignedIn, cookie, gone, token};
use crate::language::Language;
use crate::problem::{JsonBody, Trouble};
use crate::store::{CODE_GOOD_FOR, CODE_PAUSE, SESSION_GOOD_FOR};
use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum_extra::extract::CookieJar;
use domain::coupon::Coupon;
use domain::member::{CodeRequest, CodeSent, Member, Phone, SignInRequest};
use domain::points::Points;
use domain::problem::{FieldProblem, Problem, ProblemKind};
use domain::time::Moment;

/// Where the members' cookies are sent.
pub(super) const PATH: &str = "/api";

/// Has a sign-in code sent to a number.
#[utoipa::path(
    post,
    path = "/api/v1/sign-in/codes",
    tag = "members",
    request_body = CodeRequest,
    params(("x-shop-request" = String, Header, description = "any value: sent by the shop's own pages")),
    responses(
        (status = 202, body = CodeSent),
        (status = 400, body = Problem, content_type = "application/problem+json", description = "invalid-body"),
        (status = 403, body = Problem, content_type = "application/problem+json", description = "unsafe-request"),
        (status = 413, body = Problem, content_type = "application/problem+json"),
        (status = 415, body = Problem, content_type = "application/problem+json"),
        (status = 429, body = Problem, content_type = "application/problem+json", description = "too-many-requests, with Retry-After"),
        (status = 500, body = Problem, content_type = "application/problem+json"),
        (status = 503, body = Problem, content_type = "application/problem+json", description = "unavailable: the shop has no way to send codes"),
    )
)]
pub async fn send_code(
    State(shop): State<Shop>,
    JsonBody(request): JsonBody<CodeRequest>,
) -> Result<(StatusCode, Json<CodeSent>), Trouble> {
    let phone = number(&request.phone)?;
    if !shop.settings.show_codes && shop.settings.send_codes.is_none() {
        return Err(Trouble::new(
            ProblemKind::Unavailable,
            "the shop has no way to send codes; call it instead",
        ));
    }
    let now = shop.clock.now();
    let code = shop.store.make_code(&phone, now.ms).await?;
    if let Some(program) = &shop.settings.send_codes {
        send(program, &phone, &code).await?;
    }
    let later = |ms: i64| Moment {
        ms: now.ms + ms,
        ..now
    };
    let sent = CodeSent {
        now,
        expires_at: later(CODE_GOOD_FOR),
        again_at: later(CODE_PAUSE),
        demo_code: shop.settings.show_codes.then_some(code),
    };
    Ok((StatusCode::ACCEPTED, Json(sent)))
}

/// Signs in; makes a member of whoever was none.
#[utoipa::path(
    post,
    path = "/api/v1/sign-in",
    tag = "members",
    request_body = SignInRequest,
    params(
        ("x-shop-request" = String, Header, description = "any value: sent by the shop's own pages"),
        ("accept-language" = Option<String>, Header, description = "zh-CN or en"),
    ),
    responses(
        (status = 200, body = Member, description = "with the session's cookie, HttpOnly"),
        (status = 400, body = Problem, content_type = "application/problem+json", description = "invalid-body"),
        (status = 403, body = Problem, content_type = "application/problem+json", description = "unsafe-request"),
        (status = 413, body = Problem, content_type = "application/problem+json"),
        (status = 415, body = Problem, content_type = "application/problem+json"),
        (status = 422, body = Problem, content_type = "application/problem+json", description = "wrong-code, expired-code"),
        (status = 500, body = Problem, content_type = "application/problem+json"),
    )
)]
pub async fn sign_in(
    State(shop): State<Shop>,
    jar: CookieJar,
    language: Language,
    JsonBody(request): JsonBody<SignInRequest>,
) -> Result<(CookieJar, Json<Member>), Trouble> {
    let phone = number(&request.phone)?;
    let code: String = request
        .code
        .chars()
        .filter(|c| !c.is_whitespace())
        .collect();
    let (member, token) = shop
        .store
        .sign_in(&phone, &code, shop.clock.now().ms)
        .await?;
    let session = cookie(&shop, SESSION, token, PATH, SESSION_GOOD_FOR);
    let member = with_tastes(&shop, member, language).await?;
    Ok((jar.add(session), Json(member)))
}

/// Signs out.
#[utoipa::path(
    delete,
    path = "/api/v1/session",
    tag = "members",
    params(("x-shop-request" = String, Header, description = "any value: sent by the shop's own pages")),
    responses(
        (status = 204, description = "signed out, also when nobody was signed in"),
        (status = 403, body = Problem, content_type = "application/problem+json", description = "unsafe-request"),
        (status = 500, body = Problem, content_type = "application/problem+json"),
    )
)]
pub async fn sign_out(
    State(shop): State<Shop>,
    jar: CookieJar,
    headers: HeaderMap,
) -> Result<(StatusCode, CookieJar), Trouble> {
    if let Some(token) = token(&headers, SESSION) {
        shop.store.end_session(&token).await?;
    }
    Ok((StatusCode::NO_CONTENT, jar.add(gone(&shop, SESSION, PATH))))
}

/// Who is signed in.
#[utoipa::path(
    get,
    path = "/api/v1/me",
    tag = "members",
    params(("accept-language" = Option<String>, Header, description = "zh-CN or en")),
    responses(
        (status = 200, body = Member),
        (status = 401, body = Problem, content_type = "application/problem+json", description = "not-signed-in"),
        (status = 500, body = Problem, content_type = "application/problem+json"),
    )
)]
pub async fn me(
    State(shop): State<Shop>,
    SignedIn(member): SignedIn,
    language: Language,
) -> Result<Json<Member>, Trouble> {
    let member = shop.store.member(&member).await?;
    let nobody = || Trouble::new(ProblemKind::NotSignedIn, "sign in and try again");
    let member = with_tastes(&shop, member.ok_or_else(nobody)?, language).await?;
    Ok(Json(member))
}

/// A member with how they liked what they have tasted.
pub(super) async fn with_tastes(
    shop: &Shop,
    member: Member,
    language: Language,
) -> Result<Member, Trouble> {
    let tastes = shop.store.tastes(&member.id, language, &shop.clock).await?;
    Ok(Member { tastes, ..member })
}

/// The coupons that the member holds: first those that can be used.
#[utoipa::path(
    get,
    path = "/api/v1/me/coupons",
    tag = "members",
    params(("accept-language" = Option<String>, Header, description = "zh-CN or en")),
    responses(
        (status = 200, body = Vec<Coupon>),
        (status = 401, body = Problem, content_type = "application/problem+json", description = "not-signed-in"),
        (status = 500, body = Problem, content_type = "application/problem+json"),
    )
)]
pub async fn coupons(
    State(shop): State<Shop>,
    SignedIn(member): SignedIn,
    language: Language,
) -> Result<Json<Vec<Coupon>>, Trouble> {
    let coupons = shop.store.coupons(&member, language, &shop.clock).await?;
    Ok(Json(coupons))
}

/// How many points the member has, and the last hundred things that happened to them.
#[utoipa::path(
    get,
    path = "/api/v1/me/points",
    tag = "members",
    responses(
        (status = 200, body = Points),
        (status = 401, body = Problem, content_type = "application/problem+json", description = "not-signed-in"),
        (status = 500, body = Problem, content_type = "application/problem+json"),
    )
)]
pub async fn points(
    State(shop): State<Shop>,
    SignedIn(member): SignedIn,
) -> Result<Json<Points>, Trouble> {
    Ok(Json(shop.store.points(&member, &shop.clock).await?))
}

pub(super) fn number(text: &str) -> Result<Phone, Trouble> {
    Phone::parse(text).ok_or_else(|| {
        Trouble::invalid_body(vec![FieldProblem {
            field: "/phone".to_owned(),
            detail: "a mobile number has eleven digits".to_owned(),
        }])
    })
}

/// Has the shop's own program send a code: the number and the code are in its environment, so that
/// they stand in no list of processes.
async fn send(program: &std::path::Path, phone: &Phone, code: &str) -> Result<(), Trouble> {
    let sent = tokio::process::Command::new(program)
        .env("PHONE", phone.as_str())
        .env("CODE", code)
        .kill_on_drop(true)
        .status();
    let sent = tokio::time::timeout(std::time::Duration::from_secs(10), sent).await;
    if matches!(&sent, Ok(Ok(status)) if status.success()) {
        return Ok(());
    }
    tracing::error!(?phone, ?sent, "the code was not sent");
    Err(Trouble::new(
        ProblemKind::Unavailable,
        "the code could not be sent; try again in a minute",
    ))
}
