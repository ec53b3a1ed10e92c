//! The picture of a show: how it is sent, what the media server says of it, how a show is seen again.

use super::Shop;
use super::hosting::only_hosts;
use super::shows::no_such_show;
use crate::language::Language;
use crate::media;
use crate::problem::{PathId, Trouble};
use crate::store::AtDesk;
use crate::store::live::{Act, Picture, ReplayFrom};
use axum::body::Bytes;
use axum::extract::rejection::{BytesRejection, QueryRejection};
use axum::extract::{ConnectInfo, Query, State};
use axum::http::{HeaderMap, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use axum::{Extension, Json};
use domain::id::ShowId;
use domain::live::Room;
use domain::problem::{FieldProblem, Problem, ProblemKind};
use domain::video::{
    AirCheck, MAX_REPLAY_EVENTS, Publishing, REPLAY_EVENTS, Replay, ReplayEvents, VideoKind,
};
use serde::Deserialize;
use std::net::SocketAddr;

/// How long nothing may be heard of somebody who sends, in milliseconds, where the media server says every
/// few seconds that they still do.
const HEARD_OF: i64 = 35_000;

/// Where the picture of a show is sent to.
#[utoipa::path(
    get,
    path = "/api/v1/desk/shows/{id}/publishing",
    tag = "desk",
    params(
        ("id" = String, Path, description = "the show's id"),
    ),
    responses(
        (status = 200, body = Publishing),
        (status = 401, body = Problem, content_type = "application/problem+json", description = "not-signed-in"),
        (status = 403, body = Problem, content_type = "application/problem+json", description = "forbidden: this is for the owner and the hosts"),
        (status = 404, body = Problem, content_type = "application/problem+json", description = "not-found"),
        (status = 500, body = Problem, content_type = "application/problem+json"),
    )
)]
pub async fn publishing(
    State(shop): State<Shop>,
    Extension(desk): Extension<AtDesk>,
    PathId(id): PathId,
    headers: HeaderMap,
) -> Result<Json<Publishing>, Trouble> {
    only_hosts(&desk)?;
    Ok(Json(doors(&shop, &id.into(), &headers).await?))
}

/// Makes a new key. Whoever sends with the one before is cut off, and asking twice makes two.
#[utoipa::path(
    post,
    path = "/api/v1/desk/shows/{id}/publishing",
    tag = "desk",
    params(
        ("id" = String, Path, description = "the show's id"),
        ("x-shop-request" = String, Header, description = "any value: sent by the shop's own pages"),
    ),
    responses(
        (status = 200, body = Publishing),
        (status = 401, body = Problem, content_type = "application/problem+json", description = "not-signed-in"),
        (status = 403, body = Problem, content_type = "application/problem+json", description = "forbidden: this is for the owner and the hosts, unsafe-request"),
        (status = 404, body = Problem, content_type = "application/problem+json", description = "not-found"),
        (status = 409, body = Problem, content_type = "application/problem+json", description = "not-now: the show is over"),
        (status = 500, body = Problem, content_type = "application/problem+json"),
    )
)]
pub async fn renew_key(
    State(shop): State<Shop>,
    Extension(desk): Extension<AtDesk>,
    PathId(id): PathId,
    headers: HeaderMap,
) -> Result<Json<Publishing>, Trouble> {
    only_hosts(&desk)?;
    let id = id.into();
    shop.store.renew_key(&id, shop.clock.now()).await?;
    shop.live.act(&id, Act::Air { on: false }).await?;
    Ok(Json(doors(&shop, &id, &headers).await?))
}

async fn doors(shop: &Shop, id: &ShowId, headers: &HeaderMap) -> Result<Publishing, Trouble> {
    let Picture { stream, key, .. } = picture(shop, id).await?;
    let air = shop.live.room(id).await?.air;
    let (media, host) = (&shop.settings.media, host(headers));
    let doors = key.as_ref().map(|(key, _)| {
        let whip = media.whip(&stream, key);
        (whip, media.rtmp(&stream, key, &host))
    });
    let (whip, rtmp) = doors.unwrap_or_default();
    Ok(Publishing {
        made_at: key.map(|(_, made_at)| made_at),
        whip,
        rtmp,
        sending_since: air.filter(|air| air.on).map(|air| air.since),
    })
}

/// The host by which whoever asks has reached the shop, without the port.
fn host(headers: &HeaderMap) -> String {
    let host = headers
        .get(header::HOST)
        .and_then(|host| host.to_str().ok());
    let authority = host.and_then(|host| host.parse::<axum::http::uri::Authority>().ok());
    authority.map_or_else(|| "127.0.0.1".to_owned(), |it| it.host().to_owned())
}

async fn picture(shop: &Shop, id: &ShowId) -> Result<Picture, Trouble> {
    let picture = shop.store.picture_of(id, &shop.clock).await?;
    picture.ok_or_else(no_such_show)
}

/// Whether what is sent comes out again where viewers fetch it.
#[utoipa::path(
    get,
    path = "/api/v1/desk/shows/{id}/air",
    tag = "desk",
    params(
        ("id" = String, Path, description = "the show's id"),
    ),
    responses(
        (status = 200, body = AirCheck),
        (status = 401, body = Problem, content_type = "application/problem+json", description = "not-signed-in"),
        (status = 403, body = Problem, content_type = "application/problem+json", description = "forbidden: this is for the owner and the hosts"),
        (status = 404, body = Problem, content_type = "application/problem+json", description = "not-found"),
        (status = 500, body = Problem, content_type = "application/problem+json"),
    )
)]
pub async fn air(
    State(shop): State<Shop>,
    Extension(desk): Extension<AtDesk>,
    PathId(id): PathId,
) -> Result<Json<AirCheck>, Trouble> {
    only_hosts(&desk)?;
    let id = id.into();
    let Picture { stream, state, .. } = picture(&shop, &id).await?;
    let air = shop.live.room(&id).await?.air;
    let sources = shop.settings.media.sources(&stream, state);
    let hls = sources.iter().find(|one| one.kind == VideoKind::Hls);
    let now = shop.clock.now();
    let mut playlist =
        media::check(hls.map(|one| one.url.as_str()), &shop.folders.hls(), now.ms).await;
    if let Some(time) = &mut playlist.program_date_time {
        *time = shop.clock.moment(time.ms);
    }
    Ok(Json(AirCheck {
        now,
        sending: air.is_some_and(|air| air.on),
        since: air.map(|air| air.since),
        playlist,
    }))
}

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

/// A show that is over, with its picture and its chapters.
#[utoipa::path(
    get,
    path = "/api/v1/shows/{id}/replay",
    tag = "shows",
    params(
        ("id" = String, Path, description = "the show's id"),
        ("accept-language" = Option<String>, Header, description = "zh-CN or en"),
    ),
    responses(
        (status = 200, body = Replay),
        (status = 404, body = Problem, content_type = "application/problem+json", description = "not-found"),
        (status = 409, body = Problem, content_type = "application/problem+json", description = "not-now: it is not over"),
        (status = 500, body = Problem, content_type = "application/problem+json"),
    )
)]
pub async fn replay(
    State(shop): State<Shop>,
    language: Language,
    PathId(id): PathId,
) -> Result<Json<Replay>, Trouble> {
    let replay = shop.store.replay(&id.into(), language, &shop.clock).await;
    let (mut replay, stream) = replay?;
    replay.parts = media::parts(&shop.folders.records(), &stream, replay.starts_at).await;
    Ok(Json(replay))
}

/// At which time of the line.
#[derive(Debug, Deserialize)]
pub struct At {
    #[serde(default)]
    at_ms: i64,
}

/// The room of a replay as it was at a time of its line, with the goods as they are today.
#[utoipa::path(
    get,
    path = "/api/v1/shows/{id}/replay/room",
    tag = "shows",
    params(
        ("id" = String, Path, description = "the show's id"),
        ("at_ms" = Option<i64>, Query, description = "how long after the beginning, in milliseconds; 0 where it is missing"),
        ("accept-language" = Option<String>, Header, description = "zh-CN or en"),
    ),
    responses(
        (status = 200, body = Room),
        (status = 400, body = Problem, content_type = "application/problem+json", description = "invalid-query"),
        (status = 404, body = Problem, content_type = "application/problem+json", description = "not-found"),
        (status = 409, body = Problem, content_type = "application/problem+json", description = "not-now: it is not over"),
        (status = 500, body = Problem, content_type = "application/problem+json"),
    )
)]
pub async fn replay_room(
    State(shop): State<Shop>,
    language: Language,
    PathId(id): PathId,
    at: Result<Query<At>, QueryRejection>,
) -> Result<Json<Room>, Trouble> {
    let Query(At { at_ms }) = at.map_err(|_| wrong("at_ms", "a number of milliseconds"))?;
    let id = id.into();
    let room = shop
        .store
        .replay_room(&id, at_ms, language, &shop.clock)
        .await?;
    Ok(Json(room))
}

/// Which events are wanted.
#[derive(Debug, Deserialize)]
pub struct Wanted {
    after: Option<u32>,
    from_ms: Option<i64>,
    limit: Option<u32>,
}

/// Some events of a replay, in their order. What was said of prices and stock is left blank.
#[utoipa::path(
    get,
    path = "/api/v1/shows/{id}/replay/events",
    tag = "shows",
    params(
        ("id" = String, Path, description = "the show's id"),
        ("after" = Option<u32>, Query, description = "the number of the last event that is there already"),
        ("from_ms" = Option<i64>, Query, description = "instead of it: how long after the beginning, in milliseconds"),
        ("limit" = Option<u32>, Query, description = "how many at most; 200 where it is missing, 500 at most"),
    ),
    responses(
        (status = 200, body = ReplayEvents),
        (status = 400, body = Problem, content_type = "application/problem+json", description = "invalid-query"),
        (status = 404, body = Problem, content_type = "application/problem+json", description = "not-found"),
        (status = 409, body = Problem, content_type = "application/problem+json", description = "not-now: it is not over"),
        (status = 500, body = Problem, content_type = "application/problem+json"),
    )
)]
pub async fn replay_events(
    State(shop): State<Shop>,
    PathId(id): PathId,
    some: Result<Query<Wanted>, QueryRejection>,
) -> Result<Json<ReplayEvents>, Trouble> {
    let Query(some) = some.map_err(|_| wrong("after", "the number of an event"))?;
    let limit = some.limit.unwrap_or(REPLAY_EVENTS);
    if !(1..=MAX_REPLAY_EVENTS).contains(&limit) {
        return Err(wrong("limit", "1 to 500"));
    }
    let from = match (some.after, some.from_ms) {
        (Some(after), _) => ReplayFrom::After(after),
        (None, from) => ReplayFrom::At(from.unwrap_or(0)),
    };
    let id = id.into();
    let events = shop
        .store
        .replay_events(&id, from, limit, &shop.clock)
        .await?;
    Ok(Json(events))
}

fn wrong(field: &str, detail: &str) -> Trouble {
    Trouble::invalid_query(vec![FieldProblem {
        field: field.to_owned(),
        detail: detail.to_owned(),
    }])
}
