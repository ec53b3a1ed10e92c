//! Somebody who asks, with cookies of their own: by the typed client, and by hand where a header or
//! a wrong body matters.

use super::rule::{Not, Outcome, broken, ensure};
use crate::native::Native;
use crate::transport::SAFE_HEADER;
use crate::{Client, json};
use domain::problem::{MEDIA_TYPE, Problem, ProblemKind};
use domain::read::Read;
use reqwest::{Method, RequestBuilder, header};
use std::time::Duration;

/// The language that everything is asked in.
const LANGUAGE: &str = "zh-CN";
/// How long one answer may take.
const PATIENCE: Duration = Duration::from_secs(20);

/// Somebody who asks.
pub(super) struct Caller {
    /// By the typed client.
    pub(super) client: Client<Native>,
    http: reqwest::Client,
    base: String,
}

impl Caller {
    /// Somebody new: no cookies yet.
    pub(super) fn new(base: &str) -> Outcome<Self> {
        Self::over(base, reqwest::Client::builder().cookie_store(true))
    }

    /// Somebody who keeps no cookies.
    pub(super) fn forgetful(base: &str) -> Outcome<Self> {
        Self::over(base, reqwest::Client::builder())
    }

    fn over(base: &str, http: reqwest::ClientBuilder) -> Outcome<Self> {
        let http = http
            .redirect(reqwest::redirect::Policy::none())
            .timeout(PATIENCE)
            .build()
            .map_err(|error| Not::Tried(format!("this computer cannot ask: {error}")))?;
        Ok(Self::with(http, base.trim_end_matches('/')))
    }

    fn with(http: reqwest::Client, base: &str) -> Self {
        Self {
            client: Client::new(Native::from(http.clone()), base, LANGUAGE),
            http,
            base: base.to_owned(),
        }
    }

    /// The same somebody, with the same cookies.
    pub(super) fn again(&self) -> Self {
        Self::with(self.http.clone(), &self.base)
    }

    /// A request by hand that says that the shop's page asks, as it must where it changes something.
    pub(super) fn ask(&self, method: Method, path: &str) -> Ask {
        let reads = method == Method::GET;
        let ask = self.bare(method, path);
        if reads {
            ask
        } else {
            ask.header(SAFE_HEADER, "1")
        }
    }

    /// A request by hand that does not say so.
    pub(super) fn bare(&self, method: Method, path: &str) -> Ask {
        let request = self
            .http
            .request(method.clone(), [&self.base, path].concat())
            .header(header::ACCEPT_LANGUAGE, LANGUAGE);
        let shown: String = path.chars().take(80).collect();
        Ask {
            request,
            asked: format!("{method} {}", if path.is_empty() { "/" } else { &shown }),
        }
    }

    /// Reads by hand.
    pub(super) async fn get(&self, path: &str) -> Outcome<Answer> {
        self.ask(Method::GET, path).send().await
    }

    /// Posts JSON by hand.
    pub(super) async fn post(&self, path: &str, body: &serde_json::Value) -> Outcome<Answer> {
        self.ask(Method::POST, path).json(body).send().await
    }
}

/// A request by hand.
pub(super) struct Ask {
    request: RequestBuilder,
    asked: String,
}

impl Ask {
    pub(super) fn header(self, name: &str, value: &str) -> Self {
        Self {
            request: self.request.header(name, value),
            ..self
        }
    }

    pub(super) fn json(self, body: &(impl serde::Serialize + ?Sized)) -> Self {
        Self {
            request: self.request.json(body),
            ..self
        }
    }

    pub(super) fn body(self, media_type: &str, body: &str) -> Self {
        let request = self.request.header(header::CONTENT_TYPE, media_type);
        Self {
            request: request.body(body.to_owned()),
            ..self
        }
    }

    /// Reads an answer that goes on and on, until enough of it has come or it ends.
    pub(super) async fn read_until(self, mut enough: impl FnMut(&[u8]) -> bool) -> Outcome {
        let asked = self.asked;
        let silent = |error: reqwest::Error| Not::Kept(format!("{asked} has no answer: {error}"));
        let mut answer = self.request.send().await.map_err(silent)?;
        ensure(answer.status().as_u16() == 200, || {
            format!("{asked} is answered {}", answer.status())
        })?;
        while let Some(bytes) = answer.chunk().await.map_err(silent)? {
            if enough(&bytes) {
                break;
            }
        }
        Ok(())
    }

    /// Media type and `Cache-Control` of an answer that goes on and on.
    pub(super) async fn headers(self) -> Outcome<(String, String)> {
        let asked = self.asked;
        let silent = |error: reqwest::Error| Not::Kept(format!("{asked} has no answer: {error}"));
        let answer = self.request.send().await.map_err(silent)?;
        let header = |name: &str| {
            let value = answer.headers().get(name);
            let value = value.and_then(|value| value.to_str().ok());
            value.unwrap_or_default().to_owned()
        };
        Ok((header("content-type"), header("cache-control")))
    }

    pub(super) async fn send(self) -> Outcome<Answer> {
        let asked = self.asked;
        let silent = |error: reqwest::Error| Not::Kept(format!("{asked} has no answer: {error}"));
        let answer = self.request.send().await.map_err(silent)?;
        let (status, headers) = (answer.status().as_u16(), answer.headers().clone());
        let body = answer.text().await.map_err(silent)?;
        Ok(Answer {
            status,
            headers,
            body,
            asked,
        })
    }
}

/// An answer, with everything around it.
#[derive(Clone, Debug)]
pub(super) struct Answer {
    pub(super) status: u16,
    headers: header::HeaderMap,
    pub(super) body: String,
    /// What was asked, for a message.
    pub(super) asked: String,
}

impl Answer {
    /// All values of a header.
    pub(super) fn values(&self, name: &str) -> Vec<String> {
        let values = self.headers.get_all(name).iter();
        let values = values.filter_map(|value| value.to_str().ok());
        values.map(str::to_owned).collect()
    }

    /// A header as one text, empty when there is none.
    pub(super) fn header(&self, name: &str) -> String {
        self.values(name).join(", ")
    }

    /// Whether a header that is a list has this in it, without case.
    pub(super) fn lists(&self, name: &str, one: &str) -> bool {
        let header = self.header(name).to_ascii_lowercase();
        header.split(',').any(|member| member.trim() == one)
    }

    pub(super) fn has_status(&self, status: u16) -> Outcome {
        ensure(self.status == status, || {
            format!(
                "{} is answered {}, not {status}: {}",
                self.asked,
                self.status,
                self.start()
            )
        })
    }

    /// Nobody on the way may keep it.
    pub(super) fn is_private(&self) -> Outcome {
        ensure(self.lists("cache-control", "no-store"), || {
            format!("{} says no Cache-Control: no-store", self.asked)
        })
    }

    /// What it says.
    pub(super) fn read<T: Read>(&self) -> Outcome<T> {
        json::decode(&self.body).map_err(|error| Not::Kept(format!("{}: {error}", self.asked)))
    }

    /// It must be this problem in every respect.
    pub(super) fn is_problem(&self, kind: ProblemKind) -> Outcome<Problem> {
        let media_type = self.header("content-type").to_ascii_lowercase();
        if media_type.split(';').next().unwrap_or_default().trim() != MEDIA_TYPE {
            return broken(format!(
                "{} is answered {} as `{media_type}`, not as the problem {kind}",
                self.asked, self.status
            ));
        }
        let problem: Problem = self.read()?;
        ensure(problem.kind == kind, || {
            format!("{} is {}, not {kind}", self.asked, problem.kind)
        })?;
        self.has_status(kind.status())?;
        Ok(problem)
    }

    /// It must be this problem, at this field.
    pub(super) fn is_problem_at(&self, kind: ProblemKind, field: &str) -> Outcome {
        let problem = self.is_problem(kind)?;
        ensure(
            problem.problems.iter().any(|one| one.field == field),
            || {
                let there: Vec<_> = problem.problems.iter().map(|one| &one.field).collect();
                format!(
                    "{} names the fields {there:?}, not `{field}`: {}",
                    self.asked,
                    self.start()
                )
            },
        )
    }

    fn start(&self) -> String {
        self.body.chars().take(120).collect()
    }
}
