//! A transport that answers one document to everything, and what the client makes of it.

#![allow(
    dead_code,
    unused_macros,
    reason = "not every file of tests needs all of it"
)]

use client::transport::{Copy, Failure, Method, Request, Response, Transport};
use domain::catalog::{Picture, Tint};
use domain::time::Moment;
use serde::Serialize;
use serde_json::Value;
use std::cell::RefCell;

/// The base of the API in these tests.
pub const BASE: &str = "https://shop.example.com/api/v1";

/// A document of the folder `golden`, wherever the file stands that asks for it.
macro_rules! golden {
    ($name:literal) => {
        include_str!(concat!(
            env!("CARGO_MANIFEST_DIR"),
            "/tests/golden/",
            $name,
            ".json"
        ))
    };
}

/// What the client makes of a document that it reads, and the one path that it asked for.
macro_rules! read {
    ($body:expr, $client:ident => $call:expr) => {{
        let script = $crate::common::script($body);
        let base = [$crate::common::BASE, "/"].concat();
        let $client = client::Client::new(&script, &base, "zh-CN");
        let client::Fresh { value, source, .. } = $call.await.expect("the document is understood");
        assert_eq!(source, client::Source::Backend);
        let sent = script.the_one_request();
        assert_eq!(
            sent,
            $crate::common::Sent::new(client::transport::Method::Get, &sent.path)
        );
        (value, sent.path)
    }};
}

/// What the client makes of the answer to a write, and the one request that it sent.
macro_rules! wrote {
    ($body:expr, $client:ident => $call:expr) => {{
        let script = $crate::common::script($body);
        let $client = client::Client::new(&script, $crate::common::BASE, "zh-CN");
        let value = $call.await.expect("the document is understood");
        (value, script.the_one_request())
    }};
}

/// Answers one document to everything, and remembers what it was asked.
pub struct Script {
    pub status: u16,
    pub content_type: &'static str,
    pub body: &'static str,
    pub asked: RefCell<Vec<Request>>,
}

pub fn script(body: &'static str) -> Script {
    Script {
        status: 200,
        content_type: "application/json",
        body,
        asked: RefCell::default(),
    }
}

impl Script {
    /// What was asked, which must be one thing.
    pub fn the_one_request(&self) -> Sent {
        let asked = self.asked.borrow();
        let [request] = asked.as_slice() else {
            panic!("asked {} times", asked.len())
        };
        assert_eq!(request.language, "zh-CN");
        assert_eq!(request.copy, Copy::Current);
        let path = request.url.strip_prefix(BASE).expect("below the base");
        let body = request.body.as_deref().map(json);
        Sent {
            method: request.method,
            path: path.to_owned(),
            body,
            key: request.key.clone(),
        }
    }
}

impl Transport for &Script {
    async fn send(&self, request: Request) -> Result<Response, Failure> {
        self.asked.borrow_mut().push(request);
        Ok(Response {
            status: self.status,
            content_type: self.content_type.to_owned(),
            body: self.body.to_owned(),
            ..Response::default()
        })
    }

    async fn sleep(&self, _: u32) {}

    fn random(&self) -> f64 {
        0.0
    }
}

/// What the client sent.
#[derive(Debug, PartialEq)]
pub struct Sent {
    pub method: Method,
    pub path: String,
    pub body: Option<Value>,
    pub key: Option<String>,
}

impl Sent {
    pub fn new(method: Method, path: &str) -> Self {
        Self {
            method,
            path: path.to_owned(),
            body: None,
            key: None,
        }
    }

    pub fn post(path: &str) -> Self {
        Self::new(Method::Post, path)
    }

    pub fn with(self, document: &str) -> Self {
        Self {
            body: Some(json(document)),
            ..self
        }
    }

    pub fn keyed(self, key: &str) -> Self {
        Self {
            key: Some(key.to_owned()),
            ..self
        }
    }
}

fn json(document: &str) -> Value {
    serde_json::from_str(document).unwrap()
}

pub fn same_document(value: &impl Serialize, document: &str) {
    assert_eq!(serde_json::to_value(value).unwrap(), json(document));
}

pub fn moment(text: &str) -> Moment {
    Moment::parse(text).unwrap()
}

pub fn picture(url: &str, width: u32, height: u32, tint: Tint) -> Picture {
    Picture {
        url: url.to_owned(),
        width,
        height,
        tint,
    }
}
