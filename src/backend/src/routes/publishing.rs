//! How the picture of a show is sent, and whether it comes out again.

use super::Shop;
use super::hosting::only_hosts;
use super::shows::no_such_show;
use crate::media;
use crate::problem::{PathId, Trouble};
use crate::store::AtDesk;
use crate::store::live::{Act, Picture};
use axum::extract::State;
use axum::http::{HeaderMap, header};
use axum::{Extension, Json};
use domain::id::ShowId;
use domain::problem::Problem;
use domain::video::{AirCheck, Publishing, VideoKind};

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
