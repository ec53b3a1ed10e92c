//! What carries a request. The browser's is in `browser`, the command line's in `native`; a test
//! may have its own.

use std::future::Future;

/// A request, ready to go.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    /// What is done there.
    pub method: Method,
    /// Absolute, or relative to the page.
    pub url: String,
    /// Which texts are wanted (`Accept-Language`).
    pub language: String,
    /// Milliseconds after which nobody waits any more.
    pub timeout_ms: u32,
    /// Which copy of the answer will do.
    pub copy: Copy,
    /// JSON, for a request that brings something.
    pub body: Option<String>,
    /// `Idempotency-Key`: the intent this belongs to.
    pub key: Option<String>,
}

/// What a request does. Everything but a GET carries [`SAFE_HEADER`], which no form of another
/// site can send, so that nobody acts in a member's name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    /// Reads.
    Get,
    /// Does something, or makes something new.
    Post,
    /// Puts something in the place of what was there.
    Put,
    /// Takes something away.
    Delete,
}

impl Method {
    /// Its name in HTTP.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Post => "POST",
            Self::Put => "PUT",
            Self::Delete => "DELETE",
        }
    }
}

/// The header that says that the shop's own page asks; its value does not matter.
pub const SAFE_HEADER: &str = "x-shop-request";
/// The header that names an intent.
pub const KEY_HEADER: &str = "idempotency-key";

/// Which copy of an answer will do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Copy {
    /// The one the backend has now (a copy that it confirms by its ETag counts as that).
    Current,
    /// The last one seen, however old.
    Last,
}

/// An answer, whatever it says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Response {
    /// HTTP status.
    pub status: u16,
    /// `Content-Type`, empty when there was none.
    pub content_type: String,
    /// `Retry-After` in seconds, where it was a number.
    pub retry_after: Option<u32>,
    /// `Date`: when the backend wrote this.
    pub date: Option<String>,
    /// The body.
    pub body: String,
}

/// Why there is no answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Failure {
    /// The device says that it has no network; trying again at once makes no sense.
    Offline,
    /// The backend could not be reached.
    Unreachable,
    /// Nothing came in time.
    TimedOut,
    /// The answer broke off.
    Cut,
}

/// Carries requests. Dropping the future of `send` gives the request up.
pub trait Transport {
    /// Sends a request and waits for the whole answer.
    fn send(&self, request: Request) -> impl Future<Output = Result<Response, Failure>>;

    /// Waits.
    fn sleep(&self, ms: u32) -> impl Future<Output = ()>;

    /// A number from 0 to 1, so that many clients do not come back at the same time.
    fn random(&self) -> f64;
}

/// An answer that goes on and on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StreamRequest {
    /// Absolute, or relative to the page.
    pub url: String,
    /// Which texts are wanted (`Accept-Language`).
    pub language: String,
    /// Milliseconds after which nobody waits for its beginning any more.
    pub timeout_ms: u32,
}

impl Request {
    /// The request by which a stream is asked for.
    pub fn reading(request: &StreamRequest) -> Self {
        Self {
            method: Method::Get,
            url: request.url.clone(),
            language: request.language.clone(),
            timeout_ms: request.timeout_ms,
            copy: Copy::Current,
            body: None,
            key: None,
        }
    }
}

/// Why there is no such answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotOpened {
    /// Nobody has answered.
    Failed(Failure),
    /// The answer was another one than a stream.
    Answered {
        /// HTTP status.
        status: u16,
        /// `Retry-After` in seconds, where it was a number.
        retry_after: Option<u32>,
    },
}

/// Carries streams. Dropping a stream gives it up.
pub trait Streaming: Transport {
    /// An open stream.
    type Stream;

    /// Opens a stream.
    fn open(&self, request: StreamRequest)
    -> impl Future<Output = Result<Self::Stream, NotOpened>>;

    /// Its next bytes, and itself again; `None` when it has ended.
    fn next(&self, stream: Self::Stream) -> impl Future<Output = Option<(Self::Stream, Vec<u8>)>>;

    /// The device's clock, in milliseconds.
    fn now(&self) -> i64;
}
