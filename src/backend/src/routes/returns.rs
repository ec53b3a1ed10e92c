//! After the sale: returns asked for and withdrawn by members, decided at the desk, and their
//! pictures.

use super::Shop;
use super::carts::{refuse, wrong};
use super::guard::SignedIn;
use super::orders::{intent_key, told_once};
use crate::album::Kind;
use crate::language::Language;
use crate::problem::{JsonBody, PathId, Trouble};
use crate::store::{AtDesk, CheckedReturn};
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::{Extension, Json};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use domain::after_sale::{
    DeskReturn, DeskReturns, MAX_PICTURE, MAX_WORD_CHARS, Return, ReturnAnswer, ReturnReason,
    ReturnRequest, ReturnStep,
};
use domain::problem::{Problem, ProblemKind};

/// The largest body of a return that is asked for, in bytes: a picture as base64, and some words.
pub const MAX_BODY: usize = 1_200_000;
/// What a picture may do, wherever it is opened: nothing.
const PICTURE_POLICY: &str = "default-src 'none'; sandbox";

/// Asks for a return, once for each key. Nothing comes back before the shop has approved it.
#[utoipa::path(
    post,
    path = "/api/v1/orders/{id}/returns",
    tag = "after-sale",
    request_body = ReturnRequest,
    params(
        ("id" = String, Path, description = "the order's id"),
        ("idempotency-key" = String, Header, description = "names the intent: 1 to 128 printable ASCII characters", min_length = 1, max_length = 128),
        ("x-shop-request" = String, Header, description = "any value: sent by the shop's own pages"),
        ("accept-language" = Option<String>, Header, description = "zh-CN or en"),
    ),
    responses(
        (status = 201, body = Return, description = "asked for; with `Idempotent-Replayed: true` when it had been asked for under this key before"),
        (status = 400, body = Problem, content_type = "application/problem+json", description = "invalid-body (also for pieces that cannot come back, and for a picture that is none), idempotency-key-missing"),
        (status = 401, body = Problem, content_type = "application/problem+json", description = "not-signed-in"),
        (status = 403, body = Problem, content_type = "application/problem+json", description = "unsafe-request"),
        (status = 404, body = Problem, content_type = "application/problem+json", description = "not-found"),
        (status = 409, body = Problem, content_type = "application/problem+json", description = "not-now: not handed over, too long ago, or another one waits"),
        (status = 413, body = Problem, content_type = "application/problem+json", description = "body-too-large: also the picture alone"),
        (status = 415, body = Problem, content_type = "application/problem+json"),
        (status = 422, body = Problem, content_type = "application/problem+json", description = "idempotency-key-reused"),
        (status = 500, body = Problem, content_type = "application/problem+json"),
    )
)]
pub async fn ask(
    State(shop): State<Shop>,
    SignedIn(member): SignedIn,
    language: Language,
    PathId(order): PathId,
    headers: HeaderMap,
    JsonBody(request): JsonBody<ReturnRequest>,
) -> Result<Response, Trouble> {
    let key = intent_key(&headers)?;
    let picture = check(&request)?;
    // First the file, then the return that names it: there is never one without its picture.
    let picture = match picture {
        Some((kind, bytes)) => Some(shop.album.keep(kind, &bytes).await.map_err(not_kept)?),
        None => None,
    };
    let asked = CheckedReturn {
        request,
        picture,
        key,
    };
    let answered = shop
        .store
        .ask_return(&member, &order.into(), &asked, language, &shop.clock)
        .await;
    let is_made = answered.as_ref().is_ok_and(|answered| {
        answered.status == StatusCode::CREATED.as_u16() && !answered.replayed
    });
    if let Some(picture) = asked.picture.filter(|_| !is_made) {
        shop.album.drop(&picture).await;
    }
    Ok(told_once(answered?))
}

/// Takes a return back, as long as it is not decided.
#[utoipa::path(
    post,
    path = "/api/v1/orders/{id}/returns/{return}/withdraw",
    tag = "after-sale",
    params(
        ("id" = String, Path, description = "the order's id"),
        ("return" = String, Path, description = "the return's id"),
        ("x-shop-request" = String, Header, description = "any value: sent by the shop's own pages"),
        ("accept-language" = Option<String>, Header, description = "zh-CN or en"),
    ),
    responses(
        (status = 200, body = Return),
        (status = 401, body = Problem, content_type = "application/problem+json", description = "not-signed-in"),
        (status = 403, body = Problem, content_type = "application/problem+json", description = "unsafe-request"),
        (status = 404, body = Problem, content_type = "application/problem+json", description = "not-found"),
        (status = 409, body = Problem, content_type = "application/problem+json", description = "not-now: it is decided"),
        (status = 500, body = Problem, content_type = "application/problem+json"),
    )
)]
pub async fn withdraw(
    State(shop): State<Shop>,
    SignedIn(member): SignedIn,
    language: Language,
    ids: Result<Path<(String, String)>, PathRejection>,
) -> Result<Json<Return>, Trouble> {
    let Path((order, id)) = ids.map_err(|_| no_such_return())?;
    let withdrawn = shop
        .store
        .withdraw_return(&member, &order.into(), &id.into(), language, &shop.clock)
        .await?;
    let (withdrawn, unneeded) = withdrawn.ok_or_else(no_such_return)?;
    if let Some(picture) = unneeded {
        shop.album.drop(&picture).await;
    }
    Ok(Json(withdrawn))
}

/// The picture of a return, for whoever sent it.
#[utoipa::path(
    get,
    path = "/api/v1/orders/{id}/returns/{return}/picture",
    tag = "after-sale",
    params(
        ("id" = String, Path, description = "the order's id"),
        ("return" = String, Path, description = "the return's id"),
    ),
    responses(
        (status = 200, body = Vec<u8>, content_type = "image/*", description = "JPEG, PNG or WebP"),
        (status = 401, body = Problem, content_type = "application/problem+json", description = "not-signed-in"),
        (status = 404, body = Problem, content_type = "application/problem+json", description = "not-found"),
        (status = 500, body = Problem, content_type = "application/problem+json"),
    )
)]
pub async fn picture(
    State(shop): State<Shop>,
    SignedIn(member): SignedIn,
    ids: Result<Path<(String, String)>, PathRejection>,
) -> Result<Response, Trouble> {
    let Path((order, id)) = ids.map_err(|_| no_such_return())?;
    let of = Some((&member, &order.into()));
    let picture = shop.store.return_picture(&id.into(), of).await?;
    show(&shop, picture).await
}

/// What the desk has to decide, and what was decided today.
#[utoipa::path(
    get,
    path = "/api/v1/desk/returns",
    tag = "desk",
    params(("accept-language" = Option<String>, Header, description = "zh-CN or en")),
    responses(
        (status = 200, body = DeskReturns),
        (status = 401, body = Problem, content_type = "application/problem+json", description = "not-signed-in"),
        (status = 403, body = Problem, content_type = "application/problem+json", description = "forbidden"),
        (status = 500, body = Problem, content_type = "application/problem+json"),
    )
)]
pub async fn desk_list(
    State(shop): State<Shop>,
    language: Language,
) -> Result<Json<DeskReturns>, Trouble> {
    Ok(Json(shop.store.desk_returns(language, &shop.clock).await?))
}

/// Decides on a return. A step that was taken already changes nothing.
#[utoipa::path(
    post,
    path = "/api/v1/desk/returns/{id}/{step}",
    tag = "desk",
    request_body = ReturnAnswer,
    params(
        ("id" = String, Path, description = "the return's id"),
        ("step" = String, Path, description = "approve or decline"),
        ("x-shop-request" = String, Header, description = "any value: sent by the shop's own pages"),
        ("accept-language" = Option<String>, Header, description = "zh-CN or en"),
    ),
    responses(
        (status = 200, body = DeskReturn),
        (status = 400, body = Problem, content_type = "application/problem+json", description = "invalid-body: also whoever declines without a word"),
        (status = 401, body = Problem, content_type = "application/problem+json", description = "not-signed-in"),
        (status = 403, body = Problem, content_type = "application/problem+json", description = "forbidden, unsafe-request"),
        (status = 404, body = Problem, content_type = "application/problem+json", description = "not-found"),
        (status = 409, body = Problem, content_type = "application/problem+json", description = "not-now: it was decided otherwise, or withdrawn"),
        (status = 413, body = Problem, content_type = "application/problem+json"),
        (status = 415, body = Problem, content_type = "application/problem+json"),
        (status = 500, body = Problem, content_type = "application/problem+json"),
    )
)]
pub async fn answer(
    State(shop): State<Shop>,
    Extension(desk): Extension<AtDesk>,
    language: Language,
    ids: Result<Path<(String, String)>, PathRejection>,
    JsonBody(ReturnAnswer { answer }): JsonBody<ReturnAnswer>,
) -> Result<Json<DeskReturn>, Trouble> {
    let Path((id, step)) = ids.map_err(|_| no_such_return())?;
    let step = match step.as_str() {
        "approve" => ReturnStep::Approve,
        "decline" => ReturnStep::Decline,
        _ => return Err(Trouble::new(ProblemKind::NotFound, "there is no such step")),
    };
    let answer = answer.trim();
    if is_too_long(answer) {
        refuse(vec![wrong("/answer".to_owned(), "at most 200 characters")])?;
    }
    if step == ReturnStep::Decline && answer.is_empty() {
        refuse(vec![wrong("/answer".to_owned(), "who says no says why")])?;
    }
    let decided = shop
        .store
        .answer_return(&id.into(), step, answer, &desk.staff, language, &shop.clock)
        .await?;
    decided.map(Json).ok_or_else(no_such_return)
}

/// The picture of a return, for whoever decides on it.
#[utoipa::path(
    get,
    path = "/api/v1/desk/returns/{id}/picture",
    tag = "desk",
    params(("id" = String, Path, description = "the return's id")),
    responses(
        (status = 200, body = Vec<u8>, content_type = "image/*", description = "JPEG, PNG or WebP"),
        (status = 401, body = Problem, content_type = "application/problem+json", description = "not-signed-in"),
        (status = 403, body = Problem, content_type = "application/problem+json", description = "forbidden"),
        (status = 404, body = Problem, content_type = "application/problem+json", description = "not-found"),
        (status = 500, body = Problem, content_type = "application/problem+json"),
    )
)]
pub async fn desk_picture(
    State(shop): State<Shop>,
    PathId(id): PathId,
) -> Result<Response, Trouble> {
    let picture = shop.store.return_picture(&id.into(), None).await?;
    show(&shop, picture).await
}

fn no_such_return() -> Trouble {
    Trouble::new(ProblemKind::NotFound, "there is no such return")
}

fn is_too_long(word: &str) -> bool {
    word.chars().count() > MAX_WORD_CHARS || word.contains('\0')
}

/// What is wrong without a look at the order; else the picture.
fn check(request: &ReturnRequest) -> Result<Option<(Kind, Vec<u8>)>, Trouble> {
    let mut problems = Vec::new();
    if request.reason == ReturnReason::Unknown {
        let reasons = ReturnReason::ALL.map(ReturnReason::as_str).join(", ");
        problems.push(wrong("/reason".to_owned(), &reasons));
    }
    if is_too_long(&request.note) {
        problems.push(wrong("/note".to_owned(), "at most 200 characters"));
    }
    let bytes = request.picture.as_deref().map(|text| STANDARD.decode(text));
    let picture = match bytes {
        Some(Ok(bytes)) if bytes.len() > MAX_PICTURE => {
            let detail = format!("a picture of at most {MAX_PICTURE} bytes");
            return Err(Trouble::new(ProblemKind::BodyTooLarge, detail));
        }
        Some(bytes) => {
            let bytes = bytes.unwrap_or_default();
            let kind = Kind::of(&bytes);
            if kind.is_none() {
                let detail = "base64 of a JPEG, a PNG or a WebP";
                problems.push(wrong("/picture".to_owned(), detail));
            }
            kind.map(|kind| (kind, bytes))
        }
        None => None,
    };
    refuse(problems)?;
    Ok(picture)
}

fn not_kept(error: anyhow::Error) -> Trouble {
    tracing::error!(%error, "a picture could not be kept");
    Trouble::new(
        ProblemKind::Internal,
        "nothing was changed; try again in a moment",
    )
}

/// A picture as nothing but a picture: what is inside is told to nobody as anything else.
async fn show(shop: &Shop, picture: Option<String>) -> Result<Response, Trouble> {
    let shown = match picture {
        Some(name) => shop.album.show(&name).await,
        None => None,
    };
    let (kind, bytes) =
        shown.ok_or_else(|| Trouble::new(ProblemKind::NotFound, "there is no such picture"))?;
    let headers = [
        (header::CONTENT_TYPE, kind.media_type()),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::CONTENT_SECURITY_POLICY, PICTURE_POLICY),
        (header::CONTENT_DISPOSITION, "inline"),
    ];
    Ok((headers, bytes).into_response())
}
