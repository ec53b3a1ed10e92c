//! The browser's transport: fetch, with a time limit, given up when its future is dropped.
//!
//! - The first answers of a page are on their way before the wasm runs (`public/boot.js`); they
//!   are taken from there instead of being asked for again.
//! - The browser's own HTTP cache keeps the last copies: a fetch confirms them by ETag, and while
//!   offline the very same fetch with `force-cache` gives the last one. There is no second store.

use crate::transport::{
    Copy, Failure, KEY_HEADER, Method, NotOpened, Request, Response, SAFE_HEADER, StreamRequest,
    Streaming, Transport,
};
use gloo_timers::future::TimeoutFuture;
use js_sys::{Function, Promise, Reflect};
use std::future::{Future, poll_fn};
use std::pin::pin;
use std::task::Poll;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    AbortController, AbortSignal, ReadableStreamDefaultReader, RequestCache, RequestInit,
};

/// Carries requests over fetch.
#[derive(Clone, Copy, Debug, Default)]
pub struct Browser;

/// Gives a request up when it is dropped.
#[derive(Debug)]
struct Abort(Option<AbortController>);

impl Abort {
    fn new() -> Self {
        Self(AbortController::new().ok())
    }

    fn signal(&self) -> Option<AbortSignal> {
        self.0.as_ref().map(AbortController::signal)
    }
}

impl Drop for Abort {
    fn drop(&mut self) {
        if let Some(controller) = &self.0 {
            // Without a reason: gloo-net panics on a reason that is no Error.
            controller.abort();
        }
    }
}

impl Transport for Browser {
    async fn send(&self, request: Request) -> Result<Response, Failure> {
        let abort = Abort::new();
        let timeout = request.timeout_ms;
        let answer = within(timeout, exchange(request, abort.signal())).await;
        drop(abort);
        answer.unwrap_or(Err(Failure::TimedOut))
    }

    async fn sleep(&self, ms: u32) {
        TimeoutFuture::new(ms).await;
    }

    fn random(&self) -> f64 {
        js_sys::Math::random()
    }
}

async fn exchange(request: Request, signal: Option<AbortSignal>) -> Result<Response, Failure> {
    let early = if request.copy == Copy::Current && request.method == Method::Get {
        taken_early(&request.url).await
    } else {
        None
    };
    let response = match early {
        Some(response) => gloo_net::http::Response::from(response),
        None => {
            let asking = asking(&request, signal.as_ref()).map_err(|_| Failure::Unreachable)?;
            gloo_net::http::Request::from(asking)
                .send()
                .await
                .map_err(|_| no_answer())?
        }
    };
    let header = |name| response.headers().get(name);
    Ok(Response {
        status: response.status(),
        content_type: header("content-type").unwrap_or_default(),
        retry_after: header("retry-after").and_then(|seconds| seconds.parse().ok()),
        date: header("date"),
        body: response.text().await.map_err(|_| Failure::Cut)?,
    })
}

/// A stream that is being read: fetch's body, so that status and cuts are seen, which an EventSource
/// hides. It is given up when it is dropped.
#[derive(Debug)]
pub struct BrowserStream {
    reader: ReadableStreamDefaultReader,
    _abort: Abort,
}

impl Streaming for Browser {
    type Stream = BrowserStream;

    async fn open(&self, request: StreamRequest) -> Result<BrowserStream, NotOpened> {
        let abort = Abort::new();
        let failed = |why| move |_: JsValue| NotOpened::Failed(why);
        let asking = asking(&Request::reading(&request), abort.signal().as_ref())
            .map_err(failed(Failure::Unreachable))?;
        let sending = gloo_net::http::Request::from(asking).send();
        let answer = match within(request.timeout_ms, sending).await {
            Some(Ok(answer)) => answer,
            Some(Err(_)) => return Err(NotOpened::Failed(no_answer())),
            None => return Err(NotOpened::Failed(Failure::TimedOut)),
        };
        let header = |name| answer.headers().get(name);
        let streams = |kind: String| kind.starts_with("text/event-stream");
        if answer.status() != 200 || !header("content-type").is_some_and(streams) {
            return Err(NotOpened::Answered {
                status: answer.status(),
                retry_after: header("retry-after").and_then(|seconds| seconds.parse().ok()),
            });
        }
        let body = answer.body().ok_or(NotOpened::Failed(Failure::Cut))?;
        let reader = body.get_reader().dyn_into::<ReadableStreamDefaultReader>();
        Ok(BrowserStream {
            reader: reader.map_err(|_| NotOpened::Failed(Failure::Cut))?,
            _abort: abort,
        })
    }

    async fn next(&self, stream: BrowserStream) -> Option<(BrowserStream, Vec<u8>)> {
        let read = JsFuture::from(stream.reader.read()).await.ok()?;
        // At its end there is no value.
        let value = Reflect::get(&read, &"value".into()).ok()?;
        let bytes = value.dyn_into::<js_sys::Uint8Array>().ok()?.to_vec();
        Some((stream, bytes))
    }

    fn now(&self) -> i64 {
        js_sys::Date::now() as i64
    }
}

/// The request as the browser wants it. Not by gloo-net's builder, which writes a `&` behind a query:
/// for the browser's cache that would be another address than the one the boot script asked for.
fn asking(request: &Request, signal: Option<&AbortSignal>) -> Result<web_sys::Request, JsValue> {
    let headers = web_sys::Headers::new()?;
    headers.set("accept-language", &request.language)?;
    let init = RequestInit::new();
    init.set_method(request.method.as_str());
    if request.method != Method::Get {
        headers.set(SAFE_HEADER, "1")?;
    }
    if let Some(key) = &request.key {
        headers.set(KEY_HEADER, key)?;
    }
    if let Some(body) = &request.body {
        headers.set("content-type", "application/json")?;
        init.set_body(&body.as_str().into());
    }
    init.set_headers(&headers);
    init.set_cache(match request.copy {
        Copy::Current => RequestCache::Default,
        Copy::Last => RequestCache::ForceCache,
    });
    init.set_signal(signal);
    web_sys::Request::new_with_str_and_init(&request.url, &init)
}

/// `navigator.onLine` is only ever right when it says no.
fn no_answer() -> Failure {
    let online = Reflect::get(&js_sys::global(), &"navigator".into())
        .and_then(|navigator| Reflect::get(&navigator, &"onLine".into()));
    if online.is_ok_and(|online| online == JsValue::FALSE) {
        Failure::Offline
    } else {
        Failure::Unreachable
    }
}

/// The answer that the boot script asked for, once: `boot.take(url)` gives a promise or nothing.
async fn taken_early(url: &str) -> Option<web_sys::Response> {
    let boot = Reflect::get(&js_sys::global(), &"boot".into()).ok()?;
    let take: Function = Reflect::get(&boot, &"take".into()).ok()?.dyn_into().ok()?;
    let promise: Promise = take.call1(&boot, &url.into()).ok()?.dyn_into().ok()?;
    JsFuture::from(promise).await.ok()?.dyn_into().ok()
}

/// The output of a future, or `None` when it takes longer.
async fn within<T>(ms: u32, future: impl Future<Output = T>) -> Option<T> {
    let mut future = pin!(future);
    let mut timeout = pin!(TimeoutFuture::new(ms));
    poll_fn(|context| match future.as_mut().poll(context) {
        Poll::Ready(output) => Poll::Ready(Some(output)),
        Poll::Pending => timeout.as_mut().poll(context).map(|()| None),
    })
    .await
}
