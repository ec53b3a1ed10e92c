//! What a viewer's player would find at the address of a show's playlist.

use domain::video::{PlaylistCheck, PlaylistStatus};
use std::path::Path;
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// How long another server may take.
const PATIENCE: Duration = Duration::from_secs(3);
/// The longest playlist that is read, in bytes.
const LONGEST: u64 = 256 * 1024;
/// Where the shop itself serves playlists.
const OWN: &str = "/media/hls/";

const UNCHECKED: PlaylistCheck = PlaylistCheck {
    status: PlaylistStatus::Unchecked,
    program_date_time: None,
    age_ms: None,
};

/// Looks at the playlist at an address. Files below `hls` are the shop's own; another server is asked over
/// HTTP. One that speaks only HTTPS is not: its word reaches the desk's page, which plays it.
pub(crate) async fn check(url: Option<&str>, hls: &Path, now: i64) -> PlaylistCheck {
    let Some(url) = url else {
        return UNCHECKED;
    };
    let text = if let Some(path) = url.strip_prefix(OWN) {
        if path.split('/').any(|part| part == "..") {
            return UNCHECKED;
        }
        tokio::fs::read_to_string(hls.join(path)).await.ok()
    } else if let Some(rest) = url.strip_prefix("http://") {
        let fetched = tokio::time::timeout(PATIENCE, fetch(rest)).await;
        fetched.ok().and_then(Result::ok).flatten()
    } else {
        return UNCHECKED;
    };
    PlaylistCheck::of(&text.unwrap_or_default(), now)
}

/// The body of an answer 200 to `GET http://{rest}`. HTTP/1.0, so that it ends with the connection.
async fn fetch(rest: &str) -> std::io::Result<Option<String>> {
    let (host, path) = rest.split_once('/').unwrap_or((rest, ""));
    let addr = if host.contains(':') {
        host.to_owned()
    } else {
        format!("{host}:80")
    };
    let mut stream = TcpStream::connect(addr).await?;
    let request = format!("GET /{path} HTTP/1.0\r\nHost: {host}\r\nAccept: */*\r\n\r\n");
    stream.write_all(request.as_bytes()).await?;
    let mut answer = Vec::new();
    stream.take(LONGEST).read_to_end(&mut answer).await?;
    let answer = String::from_utf8_lossy(&answer);
    let Some((head, body)) = answer.split_once("\r\n\r\n") else {
        return Ok(None);
    };
    let found = head.split(' ').nth(1) == Some("200");
    Ok(found.then(|| body.to_owned()))
}
