//! The built pages: hashed files for ever, the pages themselves never from a stale copy.

use crate::media::Media;
use crate::problem::Trouble;
use crate::{Folders, fresh, problem};
use anyhow::Context;
use axum::Router;
use axum::body::Bytes;
use axum::extract::{OriginalUri, Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, Uri, header};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use client::page::{PageConfig, stamp};
use domain::problem::ProblemKind;
use domain::video::STALE_AFTER;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use tower::ServiceExt;
use tower_http::services::ServeDir;

/// Nothing is allowed but what is named. `wasm-unsafe-eval` lets WebAssembly compile and nothing
/// else; `data:` pictures are the QR codes and posters that the page draws itself; `blob:` media is what a
/// player puts together from pieces of HLS, which it fetches as anything else is. A media server elsewhere
/// is named where the shop was told of one.
fn policy(media: &Media) -> String {
    let (asked, played) = media.origins();
    let also = |origins: Vec<&str>| -> String {
        origins.iter().flat_map(|origin| [" ", origin]).collect()
    };
    let (asked, played) = (also(asked), also(played));
    format!(
        "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; \
         img-src 'self' data:; media-src 'self' blob:{played}; connect-src 'self'{asked}; \
         manifest-src 'self'; worker-src 'self'; \
         base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    )
}

const FOREVER: &str = "public, max-age=31536000, immutable";

/// A page, stamped and compressed once.
#[derive(Debug)]
struct Page {
    html: Bytes,
    brotli: Bytes,
    tag: String,
    policy: HeaderValue,
}

#[derive(Clone, Debug)]
struct Site {
    folder: PathBuf,
    shop: Arc<Page>,
    desk: Option<Arc<Page>>,
}

/// Everything that is not the API: the shop's page at every address that is not a file's, the
/// desk's below `/desk/`, and the shop's pictures below `/media/`.
pub fn pages(folders: &Folders, media: &Media, config: &PageConfig) -> anyhow::Result<Router> {
    let files = |folder: &Path| {
        let files = ServeDir::new(folder)
            .append_index_html_on_directories(false)
            .call_fallback_on_method_not_allowed(true)
            .fallback(axum::routing::any(no_picture));
        Router::new().fallback_service(files)
    };
    let pictures = files(&folders.pictures()).layer(middleware::from_fn(keep_forever));
    let hls = files(&folders.hls()).layer(middleware::from_fn(streamed));
    let records = files(&folders.records()).layer(middleware::from_fn(streamed));
    let router = Router::new()
        .nest_service("/media", pictures)
        .nest_service("/media/hls", hls)
        .nest_service("/media/records", records);
    let policy = HeaderValue::from_str(&policy(media))?;
    let Some(folder) = folders.site.as_deref() else {
        return Ok(router
            .fallback(problem::not_found)
            .layer(middleware::from_fn(secure)));
    };
    let site = Site {
        folder: folder.to_owned(),
        shop: Arc::new(Page::read(&folder.join("index.html"), config, &policy)?),
        desk: Page::read(&folder.join("desk/index.html"), config, &policy)
            .ok()
            .map(Arc::new),
    };
    let pages = Router::new().fallback(serve).with_state(site);
    Ok(router
        .fallback_service(pages)
        .layer(middleware::from_fn(secure)))
}

impl Page {
    fn read(file: &Path, config: &PageConfig, policy: &HeaderValue) -> anyhow::Result<Self> {
        let html = std::fs::read_to_string(file)
            .with_context(|| format!("cannot read the page {}", file.display()))?;
        let html =
            stamp(&html, config).with_context(|| format!("cannot stamp {}", file.display()))?;
        let mut compressor = brotli::CompressorWriter::new(Vec::new(), 4096, 11, 22);
        compressor.write_all(html.as_bytes())?;
        let brotli = compressor.into_inner();
        Ok(Self {
            tag: fresh::tag(html.as_bytes()),
            html: html.into(),
            brotli: brotli.into(),
            policy: policy.clone(),
        })
    }

    fn answer(&self, request: &HeaderMap) -> Response {
        let mut headers = HeaderMap::new();
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
        headers.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
        headers.insert(header::CONTENT_SECURITY_POLICY, self.policy.clone());
        if let Ok(tag) = HeaderValue::from_str(&self.tag) {
            headers.insert(header::ETAG, tag);
        }
        if request
            .get(header::IF_NONE_MATCH)
            .is_some_and(|known| fresh::matches(known, &self.tag))
        {
            return fresh::not_modified(&headers);
        }
        headers.insert(
            header::CONTENT_TYPE,
            HeaderValue::from_static("text/html; charset=utf-8"),
        );
        let accepts = request
            .get(header::ACCEPT_ENCODING)
            .and_then(|value| value.to_str().ok())
            .unwrap_or_default();
        if takes_brotli(accepts) {
            headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static("br"));
            return (headers, self.brotli.clone()).into_response();
        }
        (headers, self.html.clone()).into_response()
    }
}

/// Whether an `Accept-Encoding` has brotli in it, and not only to say no to it.
fn takes_brotli(accepts: &str) -> bool {
    accepts.split(',').any(|coding| {
        let mut parts = coding.split(';').map(str::trim);
        let refused = |part: &str| {
            part.strip_prefix("q=")
                .is_some_and(|weight| weight.parse() == Ok(0.0_f32))
        };
        parts.next() == Some("br") && !parts.any(refused)
    })
}

async fn serve(State(site): State<Site>, method: Method, uri: Uri, request: Request) -> Response {
    if method != Method::GET && method != Method::HEAD {
        return read_only(method, OriginalUri(uri)).await;
    }
    let path = uri.path();
    let last = path.rsplit('/').next().unwrap_or_default();
    // The pages are known by their addresses only, so that there is one address for each.
    if last.contains('.') && last != "index.html" && !last.ends_with(".br") {
        return file(&site, last, request).await;
    }
    if path == "/desk" {
        return (
            StatusCode::PERMANENT_REDIRECT,
            [(header::LOCATION, "/desk/")],
        )
            .into_response();
    }
    match (&site.desk, path.starts_with("/desk/")) {
        (Some(desk), true) => desk.answer(request.headers()),
        (None, true) => problem::not_found(OriginalUri(uri)).await.into_response(),
        (_, false) => site.shop.answer(request.headers()),
    }
}

/// Here one can only read.
async fn read_only(method: Method, uri: OriginalUri) -> Response {
    let mut response = problem::method_not_allowed(method, uri)
        .await
        .into_response();
    response
        .headers_mut()
        .insert(header::ALLOW, HeaderValue::from_static("GET,HEAD"));
    response
}

/// What is answered below `/media/` when there is no picture to be shown.
async fn no_picture(method: Method, uri: OriginalUri) -> Response {
    if method == Method::GET || method == Method::HEAD {
        problem::not_found(uri).await.into_response()
    } else {
        read_only(method, uri).await
    }
}

async fn file(site: &Site, name: &str, request: Request) -> Response {
    let uri = request.uri().clone();
    // Without indexes: the pages are stamped, so no folder's file is ever a page.
    let files = ServeDir::new(&site.folder)
        .precompressed_br()
        .append_index_html_on_directories(false);
    let Ok(response) = files.oneshot(request).await;
    if response.status() == StatusCode::NOT_FOUND {
        return problem::not_found(OriginalUri(uri)).await.into_response();
    }
    let mut response = kept(response.into_response(), is_hashed(name));
    response
        .headers_mut()
        .insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    response
}

/// Whether a file's name changes with its content: `shop-0123456789abcdef.js`, `…_bg.wasm`.
fn is_hashed(name: &str) -> bool {
    let stem = name.split('.').next().unwrap_or_default();
    let stem = stem.strip_suffix("_bg").unwrap_or(stem);
    stem.rsplit_once('-')
        .is_some_and(|(_, hash)| hash.len() >= 14 && hash.bytes().all(|b| b.is_ascii_hexdigit()))
}

/// Pictures are named by their content.
async fn keep_forever(request: Request, next: Next) -> Response {
    kept(next.run(request).await, true)
}

/// What is played: a playlist is of now, and what it names does not change. The file system's own list of
/// types does not know them all.
async fn streamed(request: Request, next: Next) -> Response {
    let path = request.uri().path().to_owned();
    let kind = match path.rsplit('.').next() {
        Some("m3u8") => Some("application/vnd.apple.mpegurl"),
        Some("ts") => Some("video/mp2t"),
        Some("m4s") => Some("video/iso.segment"),
        Some("mp4") => Some("video/mp4"),
        _ => None,
    };
    let Some(kind) = kind else {
        // Whatever else lies there is nobody's.
        return no_picture(request.method().clone(), OriginalUri(request.uri().clone())).await;
    };
    let asked = (request.method().clone(), request.uri().clone());
    let mut response = kept(next.run(request).await, false);
    if path.ends_with(".m3u8") && is_left_over(response.headers()) {
        return no_picture(asked.0, OriginalUri(asked.1)).await;
    }
    // One that asks for what is beyond the end is told so with a range, too.
    if response.status() == StatusCode::RANGE_NOT_SATISFIABLE {
        return response;
    }
    let headers = response.headers_mut();
    if headers.contains_key(header::CONTENT_RANGE) || headers.contains_key(header::ACCEPT_RANGES) {
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
        if path.ends_with(".m3u8") {
            // It changes within the second that this tells: asked by it, a newer one would not be seen.
            headers.remove(header::LAST_MODIFIED);
        } else {
            let while_it_lasts = HeaderValue::from_static("public, max-age=3600");
            headers.insert(header::CACHE_CONTROL, while_it_lasts);
        }
    }
    response
}

/// Whether a playlist has not been written for so long that nobody writes it any more: one that a media
/// server has left behind would be played to its end again and again.
fn is_left_over(headers: &HeaderMap) -> bool {
    let written = headers.get(header::LAST_MODIFIED).and_then(|written| {
        let written = jiff::fmt::rfc2822::parse(written.to_str().ok()?).ok()?;
        Some(written.timestamp())
    });
    let age =
        written.map(|written| jiff::Timestamp::now().as_millisecond() - written.as_millisecond());
    age.is_some_and(|age| age >= STALE_AFTER)
}

/// An answer with how long it may be kept. Trouble never is: it would outlive its cause.
fn kept(mut response: Response, forever: bool) -> Response {
    let status = response.status();
    if status.is_server_error() {
        tracing::error!(%status, "a file could not be read");
        response = Trouble::new(ProblemKind::Internal, "try again in a moment").into_response();
    }
    // A confirmation counts as the file: its headers take the place of the copy's.
    let found = status.is_success() || status == StatusCode::NOT_MODIFIED;
    let caching = if found && forever {
        FOREVER
    } else {
        "no-cache"
    };
    response
        .headers_mut()
        .insert(header::CACHE_CONTROL, HeaderValue::from_static(caching));
    response
}

async fn secure(request: Request, next: Next) -> Response {
    const HEADERS: [(HeaderName, &str); 5] = [
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "strict-origin-when-cross-origin"),
        (
            HeaderName::from_static("cross-origin-opener-policy"),
            "same-origin",
        ),
        (
            HeaderName::from_static("cross-origin-resource-policy"),
            "same-origin",
        ),
        (
            HeaderName::from_static("permissions-policy"),
            "geolocation=(), microphone=(), payment=()",
        ),
    ];
    // Whoever hosts sends the picture straight from the desk's page.
    let at_desk = request.uri().path().starts_with("/desk/");
    let mut response = next.run(request).await;
    if at_desk {
        response.headers_mut().insert(
            HeaderName::from_static("permissions-policy"),
            HeaderValue::from_static(
                "geolocation=(), microphone=(self), camera=(self), payment=()",
            ),
        );
    }
    for (name, value) in HEADERS {
        if response.headers().contains_key(&name) {
            continue;
        }
        response
            .headers_mut()
            .insert(name, HeaderValue::from_static(value));
    }
    response
}

#[cfg(test)]
mod tests {
    use super::is_hashed;

    #[test]
    fn knows_a_hashed_name() {
        assert!(
            is_hashed("shop-0123456789abcdef.js") && is_hashed("shop-0123456789abcdef_bg.wasm")
        );
        assert!(
            !is_hashed("manifest.webmanifest")
                && !is_hashed("icon-192.png")
                && !is_hashed("boot.js")
        );
    }
}
