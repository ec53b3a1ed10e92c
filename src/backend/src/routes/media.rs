//! What a media server asks and says: whether somebody may send, and that they do not any more.

use super::Shop;
use crate::problem::Trouble;
use crate::store::live::Act;
use axum::Extension;
use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::extract::{ConnectInfo, Query, State};
use axum::http::{HeaderMap, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use domain::problem::{Problem, ProblemKind};
use serde::Deserialize;
use std::net::SocketAddr;

/// How long nothing may be heard of somebody who sends, in milliseconds, where the media server says every
/// few seconds that they still do.
const HEARD_OF: i64 = 35_000;

/// What a media server says, in the form that nginx-rtmp sends.
#[derive(Debug, Deserialize)]
struct Call {
    #[serde(default)]
    call: String,
    /// The key.
    name: String,
    #[serde(default, rename = "clientid")]
    client: String,
}

/// The media server asks whether somebody may send, and says from time to time that they still do. For one
/// that can rename (`call=publish`, as nginx-rtmp says it) the answer is a redirection to the name by which
/// the show is watched.
#[utoipa::path(
    post,
    path = "/api/v1/media/publish",
    tag = "media",
    request_body(content = String, content_type = "application/x-www-form-urlencoded", description = "name: the key; call and clientid as nginx-rtmp sends them"),
    params(
        ("secret" = Option<String>, Query, description = "the shared secret, for a media server elsewhere"),
        ("updates" = Option<String>, Query, description = "anything: this is asked again every few seconds as long as somebody sends, and they count as gone when it is not"),
    ),
    responses(
        (status = 204, description = "they may"),
        (status = 302, description = "they may, under the name that stands in Location"),
        (status = 400, body = Problem, content_type = "application/problem+json", description = "invalid-body"),
        (status = 403, body = Problem, content_type = "application/problem+json", description = "forbidden: no such key, or not a media server of the shop's"),
        (status = 413, body = Problem, content_type = "application/problem+json"),
        (status = 500, body = Problem, content_type = "application/problem+json"),
    )
)]
pub async fn publish(
    State(shop): State<Shop>,
    peer: Option<Extension<ConnectInfo<SocketAddr>>>,
    uri: Uri,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Result<Response, Trouble> {
    only_media(&shop, peer, &uri, &headers)?;
    let call = call(body)?;
    if call.call.ends_with("_play") {
        // Somebody watches, for instance what makes the HLS.
        return Ok(StatusCode::NO_CONTENT.into_response());
    }
    let Some((show, stream)) = shop.store.show_of_key(&call.name).await? else {
        return Err(no_such_key());
    };
    let still = call.call.starts_with("update");
    // Whoever says so from time to time is missed when they do not any more.
    let asked = Query::<Asked>::try_from_uri(&uri).ok();
    let says_so = still || asked.is_some_and(|Query(asked)| asked.updates.is_some());
    let until = says_so.then(|| shop.clock.now().ms.saturating_add(HEARD_OF));
    let noted = shop.store.note_sending(&show, &call.client, until, !still);
    noted.await?;
    shop.live.act(&show, Act::Air { on: true }).await?;
    if call.call == "publish" {
        return Ok((StatusCode::FOUND, [(header::LOCATION, stream)]).into_response());
    }
    Ok(StatusCode::NO_CONTENT.into_response())
}

/// The media server says that somebody does not send any more.
#[utoipa::path(
    post,
    path = "/api/v1/media/publish-done",
    tag = "media",
    request_body(content = String, content_type = "application/x-www-form-urlencoded", description = "name: the key; clientid as nginx-rtmp sends it"),
    params(
        ("secret" = Option<String>, Query, description = "the shared secret, for a media server elsewhere"),
    ),
    responses(
        (status = 204, description = "heard"),
        (status = 400, body = Problem, content_type = "application/problem+json", description = "invalid-body"),
        (status = 403, body = Problem, content_type = "application/problem+json", description = "forbidden: no such key, or not a media server of the shop's"),
        (status = 413, body = Problem, content_type = "application/problem+json"),
        (status = 500, body = Problem, content_type = "application/problem+json"),
    )
)]
pub async fn publish_done(
    State(shop): State<Shop>,
    peer: Option<Extension<ConnectInfo<SocketAddr>>>,
    uri: Uri,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Result<StatusCode, Trouble> {
    only_media(&shop, peer, &uri, &headers)?;
    let call = call(body)?;
    let Some((show, _)) = shop.store.show_of_key(&call.name).await? else {
        return Err(no_such_key());
    };
    if shop.store.note_silence(&show, &call.client).await? {
        shop.live.act(&show, Act::Air { on: false }).await?;
    }
    Ok(StatusCode::NO_CONTENT)
}

fn no_such_key() -> Trouble {
    Trouble::new(ProblemKind::Forbidden, "nothing is sent with this key")
}

fn call(body: Result<Bytes, BytesRejection>) -> Result<Call, Trouble> {
    let body = body.map_err(|rejection| {
        let kind = match rejection.status() {
            StatusCode::PAYLOAD_TOO_LARGE => ProblemKind::BodyTooLarge,
            _ => ProblemKind::InvalidBody,
        };
        Trouble::new(kind, rejection.body_text())
    })?;
    let wrong = || Trouble::new(ProblemKind::InvalidBody, "a form with the name of a stream");
    let form = String::from_utf8(body.to_vec()).map_err(|_| wrong())?;
    let uri: Uri = ["/?", &form].concat().parse().map_err(|_| wrong())?;
    let Query(call) = Query::try_from_uri(&uri).map_err(|_| wrong())?;
    Ok(call)
}

#[derive(Deserialize)]
struct Asked {
    /// What a media server elsewhere shows.
    secret: Option<String>,
    /// There, where the media server says from time to time that somebody still sends.
    updates: Option<String>,
}

/// Callbacks come from this machine, and not by way of a proxy on it, or show the secret.
fn only_media(
    shop: &Shop,
    peer: Option<Extension<ConnectInfo<SocketAddr>>>,
    uri: &Uri,
    headers: &HeaderMap,
) -> Result<(), Trouble> {
    let here = peer.is_some_and(|Extension(ConnectInfo(peer))| peer.ip().is_loopback());
    let handed_on = ["forwarded", "x-forwarded-for", "x-real-ip", "via"]
        .into_iter()
        .any(|name| headers.contains_key(name));
    let asked = Query::<Asked>::try_from_uri(uri).ok();
    let shown = asked.and_then(|Query(asked)| asked.secret);
    let known = match (&shop.settings.media.secret, shown) {
        // Compared as hashes: how long that takes tells nothing of the secret.
        (Some(secret), Some(shown)) => crate::secret::hash(secret) == crate::secret::hash(&shown),
        _ => false,
    };
    if known || (here && !handed_on) {
        Ok(())
    } else {
        Err(Trouble::new(
            ProblemKind::Forbidden,
            "this is for the shop's media server",
        ))
    }
}
