//! Reading: a GET that may be tried again, and that falls back on the last copy.

use crate::endpoint::Endpoint;
use crate::transport::{Copy, Failure, Method, Request, Response, Transport};
use crate::{Client, Error, json};
use domain::problem::{MEDIA_TYPE, Problem, ProblemKind};
use domain::read::Read;
use std::future::Future;
use std::hash::{DefaultHasher, Hasher};
use std::pin::Pin;

/// How long one try of a read may take.
const TIMEOUT_MS: u32 = 12_000;
/// How long a write may take: longer than a read, because giving up leaves a question.
const WRITE_TIMEOUT_MS: u32 = 20_000;
/// How often a read is tried.
const TRIES: u32 = 3;
/// The wait before the second try; the third waits three times as long.
const FIRST_WAIT_MS: u32 = 400;
/// A `Retry-After` longer than this is shown rather than waited for.
const LONGEST_WAIT_S: u32 = 3;

/// An answer, and how fresh it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fresh<T> {
    /// What was answered.
    pub value: T,
    /// Where it came from.
    pub source: Source,
    /// A sum over the text of the answer, which tells it from another one to the same question; 0 where
    /// there is none.
    pub sum: u64,
}

impl<T> Fresh<T> {
    /// What the backend has answered to something else than this question, as to a write.
    pub fn told(value: T) -> Self {
        Self {
            value,
            source: Source::Backend,
            sum: 0,
        }
    }

    /// What the page itself has kept, with why the backend could not be asked.
    pub fn kept(value: T, because: Error) -> Self {
        let date = None;
        Self {
            value,
            source: Source::LastCopy { date, because },
            sum: 0,
        }
    }

    /// Made into something else, which is the same whenever the answer is.
    pub fn map<V>(self, make: impl FnOnce(T) -> V) -> Fresh<V> {
        Fresh {
            value: make(self.value),
            source: self.source,
            sum: self.sum,
        }
    }

    /// Whether this is the same text from the same place: then nobody need look at it again.
    pub fn is_same(&self, other: &Self) -> bool {
        self.sum != 0 && self.sum == other.sum && self.source == other.source
    }
}

/// Where an answer came from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Source {
    /// The backend, now.
    Backend,
    /// The last copy that this device has, because the backend could not be asked.
    LastCopy {
        /// When the backend wrote it (an HTTP date), if known.
        date: Option<String>,
        /// Why it could not be asked now.
        because: Error,
    },
}

impl Source {
    /// What a body from here that nobody can read means: such a copy is none, and what counts then
    /// is why it was needed.
    fn unreadable(self, error: Error) -> Error {
        match self {
            Self::Backend => error,
            Self::LastCopy { because, .. } => because,
        }
    }
}

fn sum(text: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    hasher.write(text.as_bytes());
    // 0 means that there is none.
    hasher.finish().max(1)
}

impl<T: Transport> Client<T> {
    pub(crate) async fn read<V: Read>(&self, endpoint: Endpoint) -> Result<Fresh<V>, Error> {
        // Boxed, so that only what follows is compiled once for each type.
        let fetching: Pin<Box<dyn Future<Output = _> + '_>> =
            Box::pin(self.fetch([&self.base, endpoint.as_str()].concat()));
        let (response, source) = fetching.await?;
        match json::decode(&response.body) {
            Ok(value) => {
                let sum = sum(&response.body);
                Ok(Fresh { value, source, sum })
            }
            Err(error) => Err(source.unreadable(error)),
        }
    }

    async fn fetch(&self, url: String) -> Result<(Response, Source), Error> {
        let because = match self.ask(&url).await {
            Ok(response) => return Ok((response, Source::Backend)),
            Err(error) if error.is_outage() => error,
            Err(error) => return Err(error),
        };
        match self.send(&url, Copy::Last).await {
            Ok(copy) => {
                let date = copy.date.clone();
                Ok((copy, Source::LastCopy { date, because }))
            }
            Err(_) => Err(because),
        }
    }

    /// Does something, once: nothing is tried again by itself. [`Error::Offline`] and
    /// [`Error::TimedOut`] mean that it is not known whether it was done.
    pub(crate) async fn write<V: Read>(&self, write: Write) -> Result<V, Error> {
        let text = self.write_for_text(write).await?;
        // An answer without a body says nothing more than that it is done.
        json::decode(if text.is_empty() { "null" } else { &text })
    }

    /// The same, with the answer as it came.
    pub(crate) async fn write_for_text(&self, write: Write) -> Result<String, Error> {
        let Write {
            method,
            endpoint,
            body,
            key,
        } = write;
        let asking: Pin<Box<dyn Future<Output = _> + '_>> = Box::pin(self.exchange(Request {
            method,
            url: [&self.base, endpoint.as_str()].concat(),
            language: self.language.clone(),
            timeout_ms: WRITE_TIMEOUT_MS,
            copy: Copy::Current,
            body,
            key,
        }));
        Ok(asking.await?.body)
    }

    /// Asks the backend, several times where that may help. Only ever a GET: nothing is done twice.
    async fn ask(&self, url: &str) -> Result<Response, Error> {
        let mut wait = FIRST_WAIT_MS;
        let mut tries = 1;
        loop {
            let error = match self.send(url, Copy::Current).await {
                Ok(response) => return Ok(response),
                Err(error) => error,
            };
            let pause = match &error {
                Trouble::Failed(Failure::Offline) => None,
                Trouble::Failed(_) => Some(wait),
                Trouble::Answered(Error::Refused {
                    problem,
                    retry_after,
                }) if matches!(problem.status, 429 | 500..) => {
                    retry_after.map_or(Some(wait), |s| (s <= LONGEST_WAIT_S).then(|| s * 1_000))
                }
                Trouble::Answered(_) => None,
            };
            let Some(pause) = pause.filter(|_| tries < TRIES) else {
                return Err(error.into());
            };
            let jitter = (f64::from(pause) * self.transport.random() / 2.0) as u32;
            self.transport.sleep(pause + jitter).await;
            tries += 1;
            wait *= 3;
        }
    }

    async fn send(&self, url: &str, copy: Copy) -> Result<Response, Trouble> {
        self.exchange(Request {
            method: Method::Get,
            url: url.to_owned(),
            language: self.language.clone(),
            timeout_ms: TIMEOUT_MS,
            copy,
            body: None,
            key: None,
        })
        .await
    }

    async fn exchange(&self, request: Request) -> Result<Response, Trouble> {
        let response = self
            .transport
            .send(request)
            .await
            .map_err(Trouble::Failed)?;
        if (200..300).contains(&response.status) {
            Ok(response)
        } else {
            Err(Trouble::Answered(refusal(&response)))
        }
    }
}

/// Something to be done.
pub(crate) struct Write {
    pub(crate) method: Method,
    pub(crate) endpoint: Endpoint,
    pub(crate) body: Option<String>,
    pub(crate) key: Option<String>,
}

impl Write {
    /// Without a body.
    pub(crate) fn new(method: Method, endpoint: Endpoint) -> Self {
        Self {
            method,
            endpoint,
            body: None,
            key: None,
        }
    }

    /// With something in it.
    pub(crate) fn with(self, body: &impl serde::Serialize) -> Self {
        // Fails only for maps whose keys are no texts, which the domain does not have.
        Self {
            body: serde_json::to_string(body).ok(),
            ..self
        }
    }

    /// As part of an intent.
    pub(crate) fn keyed(self, key: &str) -> Self {
        Self {
            key: Some(key.to_owned()),
            ..self
        }
    }
}

enum Trouble {
    Failed(Failure),
    Answered(Error),
}

impl From<Trouble> for Error {
    fn from(trouble: Trouble) -> Self {
        match trouble {
            Trouble::Failed(Failure::Offline | Failure::Unreachable) => Self::Offline,
            Trouble::Failed(Failure::TimedOut | Failure::Cut) => Self::TimedOut,
            Trouble::Answered(error) => error,
        }
    }
}

/// What an answer that is not a success means. One that is no problem document (a proxy's HTML
/// page, an empty body) still becomes a typed problem by its status.
fn refusal(response: &Response) -> Error {
    let status = response.status;
    // Without parameters and without case (RFC 9110, 8.3.1).
    let media_type = response.content_type.split(';').next().unwrap_or_default();
    let told = media_type
        .trim()
        .eq_ignore_ascii_case(MEDIA_TYPE)
        .then(|| json::decode::<Problem>(&response.body).ok())
        .flatten();
    let problem = match told {
        Some(problem) => Problem { status, ..problem },
        None if matches!(status, 404 | 405 | 501) => return Error::Unsupported,
        None => {
            let kind = match status {
                413 => ProblemKind::BodyTooLarge,
                429 => ProblemKind::TooManyRequests,
                503 => ProblemKind::Unavailable,
                500.. => ProblemKind::Internal,
                _ => ProblemKind::Unnamed,
            };
            Problem {
                status,
                ..Problem::new(kind, "")
            }
        }
    };
    Error::Refused {
        problem,
        retry_after: response.retry_after,
    }
}
