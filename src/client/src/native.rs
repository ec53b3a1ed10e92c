//! The transport of the command line and of tests.

use crate::transport::{
    Copy, Failure, KEY_HEADER, Method, NotOpened, Request, Response, SAFE_HEADER, StreamRequest,
    Streaming, Transport,
};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// Carries requests over reqwest. Keeps cookies, as a browser does, but no copies: asked for the
/// last one it has none.
#[derive(Clone, Debug)]
pub struct Native {
    http: reqwest::Client,
}

impl Native {
    /// A transport with its own connections and cookies.
    pub fn new() -> Self {
        // Fails only where the system has no TLS or resolver to offer; then without cookies.
        let http = reqwest::Client::builder().cookie_store(true).build();
        Self {
            http: http.unwrap_or_default(),
        }
    }
}

/// Over connections and cookies that somebody else uses too.
impl From<reqwest::Client> for Native {
    fn from(http: reqwest::Client) -> Self {
        Self { http }
    }
}

impl Default for Native {
    fn default() -> Self {
        Self::new()
    }
}

fn method(method: Method) -> reqwest::Method {
    match method {
        Method::Get => reqwest::Method::GET,
        Method::Post => reqwest::Method::POST,
        Method::Put => reqwest::Method::PUT,
        Method::Delete => reqwest::Method::DELETE,
    }
}

impl Transport for Native {
    async fn send(&self, request: Request) -> Result<Response, Failure> {
        if request.copy == Copy::Last {
            return Err(Failure::Unreachable);
        }
        let mut asking = self
            .http
            .request(method(request.method), &request.url)
            .header("accept-language", &request.language)
            .timeout(Duration::from_millis(request.timeout_ms.into()));
        if request.method != Method::Get {
            asking = asking.header(SAFE_HEADER, "1");
        }
        if let Some(key) = &request.key {
            asking = asking.header(KEY_HEADER, key);
        }
        if let Some(body) = request.body {
            asking = asking.header("content-type", "application/json").body(body);
        }
        let answer = asking.send().await.map_err(|error| {
            if error.is_timeout() {
                Failure::TimedOut
            } else if error.is_connect() || error.is_builder() {
                Failure::Unreachable
            } else {
                Failure::Cut
            }
        })?;
        let header = |name: &str| {
            answer
                .headers()
                .get(name)
                .and_then(|value| value.to_str().ok())
                .map(str::to_owned)
        };
        let (content_type, retry_after, date) = (
            header("content-type"),
            header("retry-after"),
            header("date"),
        );
        let status = answer.status().as_u16();
        let body = answer.text().await.map_err(|error| {
            if error.is_timeout() {
                Failure::TimedOut
            } else {
                Failure::Cut
            }
        })?;
        Ok(Response {
            status,
            content_type: content_type.unwrap_or_default(),
            retry_after: retry_after.and_then(|seconds| seconds.parse().ok()),
            date,
            body,
        })
    }

    async fn sleep(&self, ms: u32) {
        tokio::time::sleep(Duration::from_millis(ms.into())).await;
    }

    fn random(&self) -> f64 {
        let nanos = SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .map_or(0, |since| since.subsec_nanos());
        f64::from(nanos % 1_000) / 1_000.0
    }
}

impl Streaming for Native {
    type Stream = reqwest::Response;

    async fn open(&self, request: StreamRequest) -> Result<reqwest::Response, NotOpened> {
        let asking = self
            .http
            .get(&request.url)
            .header("accept", "text/event-stream")
            .header("accept-language", &request.language);
        let patience = Duration::from_millis(request.timeout_ms.into());
        let answer = match tokio::time::timeout(patience, asking.send()).await {
            Ok(Ok(answer)) => answer,
            Ok(Err(_)) => return Err(NotOpened::Failed(Failure::Unreachable)),
            Err(_) => return Err(NotOpened::Failed(Failure::TimedOut)),
        };
        let header = |name: &str| answer.headers().get(name)?.to_str().ok();
        let streams = |kind: &str| kind.starts_with("text/event-stream");
        if answer.status().as_u16() == 200 && header("content-type").is_some_and(streams) {
            return Ok(answer);
        }
        Err(NotOpened::Answered {
            status: answer.status().as_u16(),
            retry_after: header("retry-after").and_then(|seconds| seconds.parse().ok()),
        })
    }

    async fn next(&self, mut stream: reqwest::Response) -> Option<(reqwest::Response, Vec<u8>)> {
        let bytes = stream.chunk().await.ok()??;
        Some((stream, bytes.to_vec()))
    }

    fn now(&self) -> i64 {
        let since = SystemTime::now().duration_since(UNIX_EPOCH);
        since.map_or(0, |since| {
            i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
        })
    }
}
