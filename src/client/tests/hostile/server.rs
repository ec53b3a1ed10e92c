//! A server that does what a script says, and what a call to it came to.

use client::native::Native;
use client::transport::{Failure, Request, Response, Transport};
use client::{Error, Fresh, Source};
use std::cell::RefCell;
use std::collections::VecDeque;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

/// What the server does with one request.
#[derive(Clone)]
pub enum Act {
    /// Sends these bytes and closes.
    Say(Vec<u8>),
    /// Sends these bytes and keeps the connection open until the client gives it up.
    Hang(Vec<u8>),
}

/// A server that does with each request what its script says, and counts them.
pub struct Server {
    pub base: String,
    requests: Arc<AtomicUsize>,
    task: JoinHandle<()>,
}

impl Server {
    pub async fn start(acts: Vec<Act>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let base = format!("http://{}/api/v1", listener.local_addr().unwrap());
        let requests = Arc::new(AtomicUsize::new(0));
        let counted = Arc::clone(&requests);
        let task = tokio::spawn(async move {
            let mut acts = VecDeque::from(acts);
            loop {
                let (stream, _) = listener.accept().await.unwrap();
                // Each in its own task: a hanging one must not keep the next from being accepted.
                let act = acts.pop_front();
                tokio::spawn(answer(stream, act, Arc::clone(&counted)));
            }
        });
        Self {
            base,
            requests,
            task,
        }
    }

    /// How many requests there were.
    pub fn requests(&self) -> usize {
        self.requests.load(Ordering::SeqCst)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn answer(mut stream: TcpStream, act: Option<Act>, requests: Arc<AtomicUsize>) {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        match stream.read_u8().await {
            Ok(byte) => head.push(byte),
            Err(_) => return,
        }
    }
    requests.fetch_add(1, Ordering::SeqCst);
    match act {
        Some(Act::Say(bytes)) => {
            // The client may have left already.
            let _ = stream.write_all(&bytes).await;
            let _ = stream.shutdown().await;
        }
        Some(Act::Hang(bytes)) => {
            let _ = stream.write_all(&bytes).await;
            let _ = stream.read_to_end(&mut Vec::new()).await;
        }
        // Nobody should ask more often than the script is long.
        None => drop(stream),
    }
}

/// The real transport, only that it waits for nothing: pauses are written down, and a timeout is
/// short where a test wants one.
pub struct Hasty {
    native: Native,
    timeout_ms: Option<u32>,
    pub pauses: RefCell<Vec<u32>>,
}

impl Hasty {
    pub fn new() -> Self {
        Self {
            native: Native::new(),
            timeout_ms: None,
            pauses: RefCell::default(),
        }
    }

    /// Gives up after so many milliseconds, for servers that never answer.
    pub fn gives_up_after(timeout_ms: u32) -> Self {
        Self {
            timeout_ms: Some(timeout_ms),
            ..Self::new()
        }
    }
}

impl Transport for &Hasty {
    async fn send(&self, mut request: Request) -> Result<Response, Failure> {
        assert!(
            request.timeout_ms > 0,
            "a request without a time limit hangs for ever"
        );
        request.timeout_ms = self.timeout_ms.unwrap_or(request.timeout_ms);
        self.native.send(request).await
    }

    async fn sleep(&self, ms: u32) {
        self.pauses.borrow_mut().push(ms);
    }

    /// No jitter: the pauses are exact.
    fn random(&self) -> f64 {
        0.0
    }
}

/// What a call gave, how often it asked, and how long it would have waited in between.
pub struct Outcome<T> {
    pub result: Result<Fresh<T>, Error>,
    pub requests: usize,
    pub pauses: Vec<u32>,
}

impl<T: std::fmt::Debug> Outcome<T> {
    /// The value, when the very first answer gave one.
    #[track_caller]
    pub fn at_once(self) -> T {
        assert_eq!((self.requests, self.pauses), (1, vec![]));
        match self.result {
            Ok(Fresh {
                value,
                source: Source::Backend,
                ..
            }) => value,
            other => panic!("{other:?}"),
        }
    }

    /// The error, when the first answer was enough to know it.
    #[track_caller]
    pub fn error_at_once(self) -> Error {
        assert_eq!((self.requests, self.pauses), (1, vec![]));
        self.result.unwrap_err()
    }

    /// The error after three tries.
    #[track_caller]
    pub fn error_in_the_end(self) -> Error {
        assert_eq!((self.requests, self.pauses), (3, vec![400, 1_200]));
        self.result.unwrap_err()
    }
}

macro_rules! outcome {
    ($acts:expr, $hasty:expr, $client:ident => $call:expr) => {{
        let server = $crate::server::Server::start($acts).await;
        let hasty = $hasty;
        let $client = client::Client::new(&hasty, &server.base, "zh-CN");
        let result = $call.await;
        $crate::server::Outcome {
            result,
            requests: server.requests(),
            pauses: hasty.pauses.take(),
        }
    }};
    ($acts:expr, $client:ident => $call:expr) => {
        outcome!($acts, $crate::server::Hasty::new(), $client => $call)
    };
}

/// A whole answer.
pub fn http(status: &str, headers: &str, body: impl AsRef<[u8]>) -> Vec<u8> {
    let body = body.as_ref();
    let head = format!(
        "HTTP/1.1 {status}\r\n{headers}content-length: {}\r\nconnection: close\r\n\r\n",
        body.len()
    );
    [head.as_bytes(), body].concat()
}

pub fn say(status: &str, headers: &str, body: impl AsRef<[u8]>) -> Act {
    Act::Say(http(status, headers, body))
}

pub const JSON: &str = "content-type: application/json\r\n";
pub const HTML: &str = "content-type: text/html; charset=utf-8\r\n";
pub const PROBLEM: &str = "content-type: application/problem+json\r\n";

pub fn ok(body: impl AsRef<[u8]>) -> Vec<Act> {
    vec![say("200 OK", JSON, body)]
}
