//! A hostile server: whatever comes over the socket, the client gives a typed error or a tolerant
//! read, asks again only where that may help, and never panics.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    missing_docs,
    reason = "tests"
)]

use client::native::Native;
use client::transport::{Copy, Failure, Request, Response, Transport};
use client::{Client, Error, Fresh, Source};
use domain::catalog::{ProductQuery, StockLevel, Tint};
use domain::contract::Capability;
use domain::money::Money;
use domain::pricing::QuoteRequest;
use domain::problem::{Problem, ProblemKind};
use proptest::prelude::*;
use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

const ABOUT: &str =
    r#"{"backend":"linli 0.1.0","contract":"1.0","capabilities":["catalogue","storefront"]}"#;

/// What the server does with one request.
#[derive(Clone)]
enum Act {
    /// Sends these bytes and closes.
    Say(Vec<u8>),
    /// Sends these bytes and keeps the connection open until the client gives it up.
    Hang(Vec<u8>),
}

/// A server that does with each request what its script says, and counts them.
struct Server {
    base: String,
    requests: Arc<AtomicUsize>,
    task: JoinHandle<()>,
}

impl Server {
    async fn start(acts: Vec<Act>) -> Self {
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
    fn requests(&self) -> usize {
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
struct Hasty {
    native: Native,
    timeout_ms: Option<u32>,
    pauses: RefCell<Vec<u32>>,
}

impl Hasty {
    fn new() -> Self {
        Self {
            native: Native::new(),
            timeout_ms: None,
            pauses: RefCell::default(),
        }
    }

    /// Gives up after so many milliseconds, for servers that never answer.
    fn gives_up_after(timeout_ms: u32) -> Self {
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
struct Outcome<T> {
    result: Result<Fresh<T>, Error>,
    requests: usize,
    pauses: Vec<u32>,
}

impl<T: std::fmt::Debug> Outcome<T> {
    /// The value, when the very first answer gave one.
    #[track_caller]
    fn at_once(self) -> T {
        assert_eq!((self.requests, self.pauses), (1, vec![]));
        match self.result {
            Ok(Fresh {
                value,
                source: Source::Backend,
            }) => value,
            other => panic!("{other:?}"),
        }
    }

    /// The error, when the first answer was enough to know it.
    #[track_caller]
    fn error_at_once(self) -> Error {
        assert_eq!((self.requests, self.pauses), (1, vec![]));
        self.result.unwrap_err()
    }

    /// The error after three tries.
    #[track_caller]
    fn error_in_the_end(self) -> Error {
        assert_eq!((self.requests, self.pauses), (3, vec![400, 1_200]));
        self.result.unwrap_err()
    }
}

macro_rules! outcome {
    ($acts:expr, $hasty:expr, $client:ident => $call:expr) => {{
        let server = Server::start($acts).await;
        let hasty = $hasty;
        let $client = Client::new(&hasty, &server.base, "zh-CN");
        let result = $call.await;
        Outcome {
            result,
            requests: server.requests(),
            pauses: hasty.pauses.take(),
        }
    }};
    ($acts:expr, $client:ident => $call:expr) => {
        outcome!($acts, Hasty::new(), $client => $call)
    };
}

/// A whole answer.
fn http(status: &str, headers: &str, body: impl AsRef<[u8]>) -> Vec<u8> {
    let body = body.as_ref();
    let head = format!(
        "HTTP/1.1 {status}\r\n{headers}content-length: {}\r\nconnection: close\r\n\r\n",
        body.len()
    );
    [head.as_bytes(), body].concat()
}

fn say(status: &str, headers: &str, body: impl AsRef<[u8]>) -> Act {
    Act::Say(http(status, headers, body))
}

const JSON: &str = "content-type: application/json\r\n";
const HTML: &str = "content-type: text/html; charset=utf-8\r\n";
const PROBLEM: &str = "content-type: application/problem+json\r\n";
const APOLOGY: &str = "<!doctype html><title>nginx</title><h1>It is not you, it is me</h1>";

fn ok(body: impl AsRef<[u8]>) -> Vec<Act> {
    vec![say("200 OK", JSON, body)]
}

/// A refusal that said no more than its status.
fn silent_refusal(kind: ProblemKind, status: u16, retry_after: Option<u32>) -> Error {
    Error::Refused {
        problem: Problem {
            status,
            ..Problem::new(kind, "")
        },
        retry_after,
    }
}

#[track_caller]
fn undecodable(error: Error, at: &str) {
    match error {
        Error::Undecodable { path, detail } => {
            assert_eq!(path, at, "{detail}");
            assert!(!detail.is_empty());
        }
        other => panic!("{other:?}"),
    }
}

// Answers that are not what the contract says.

#[tokio::test]
async fn an_empty_body() {
    let outcome = outcome!(ok(""), client => client.about());
    undecodable(outcome.error_at_once(), "$…");
    let no_content = vec![Act::Say(
        b"HTTP/1.1 204 No Content\r\nconnection: close\r\n\r\n".to_vec(),
    )];
    let outcome = outcome!(no_content, client => client.about());
    undecodable(outcome.error_at_once(), "$…");
}

#[tokio::test]
async fn html_instead_of_json() {
    let acts = vec![say("200 OK", HTML, APOLOGY)];
    let outcome = outcome!(acts, client => client.storefront());
    undecodable(outcome.error_at_once(), "$");
}

#[tokio::test]
async fn json_that_stops_in_the_middle() {
    let outcome =
        outcome!(ok(r#"{"backend":"linli","capabilities":["cata"#), client => client.about());
    undecodable(outcome.error_at_once(), "$…");
}

#[tokio::test]
async fn json_that_goes_on_after_its_end() {
    let outcome = outcome!(ok([ABOUT, "x"].concat()), client => client.about());
    undecodable(outcome.error_at_once(), "$");
}

#[tokio::test]
async fn wrong_types() {
    let cases = [
        ("null", "$"),
        ("[]", "$"),
        ("\"about\"", "$"),
        (r#"{"backend":7,"contract":"1.0"}"#, "$.backend"),
        (r#"{"backend":"b","contract":["1.0"]}"#, "$.contract"),
        (
            r#"{"backend":"b","contract":"1.0","capabilities":"all"}"#,
            "$.capabilities",
        ),
        (
            r#"{"backend":"b","contract":"1.0","capabilities":["live",{}]}"#,
            "$.capabilities[1]",
        ),
        (r#"{"contract":"1.0"}"#, "$.backend"),
    ];
    for (body, at) in cases {
        let outcome = outcome!(ok(body), client => client.about());
        undecodable(outcome.error_at_once(), at);
    }
}

#[tokio::test]
async fn a_nesting_without_end() {
    let deep = "[".repeat(200_000);
    let outcome = outcome!(ok(&deep), client => client.catalog().categories());
    assert!(matches!(outcome.error_at_once(), Error::Undecodable { .. }));
    // Below a field that nobody knows it is skipped by the same reader.
    let deep = [r#"{"backend":"b","news":"#, &deep].concat();
    let outcome = outcome!(ok(deep), client => client.about());
    assert!(matches!(outcome.error_at_once(), Error::Undecodable { .. }));
}

#[tokio::test]
async fn unknown_values_are_read() {
    let body =
        r#"{"backend":"b","contract":"2.7","capabilities":["teleport","live"],"x":{"y":[]}}"#;
    let about = outcome!(ok(body), client => client.about()).at_once();
    assert_eq!(about.capabilities, [Capability::Unknown, Capability::Live]);
}

#[tokio::test]
async fn json_under_another_name_is_read() {
    // A static host may not know better; the body decides.
    let acts = vec![say("200 OK", "content-type: text/plain\r\n", ABOUT)];
    assert_eq!(
        outcome!(acts, client => client.about()).at_once().contract,
        "1.0"
    );
    let acts = vec![say("203 Somebody Else's", "", ABOUT)];
    assert_eq!(
        outcome!(acts, client => client.about()).at_once().contract,
        "1.0"
    );
}

/// A page with one product, at a price and with a stock as they stand in the text.
fn one_product(amount: &str, stock: &str, content: &str) -> String {
    let item = [
        r#"{"id":"p","name":"n","merchant":"m","category":"c","lead":{"id":"v","name":"n","price":{"amount":"#,
        amount,
        r#","currency":"CNY"},"content":{"amount":"#,
        content,
        r#","unit":"g"},"stock":"#,
        stock,
        "}}",
    ]
    .concat();
    [r#"{"items":["#, &item, "]}"].concat()
}

#[tokio::test]
async fn money_that_does_not_fit() {
    let cases = [
        "9223372036854775808",
        "-9223372036854775809",
        "1e400",
        "12.5",
        "1e3",
        "\"12\"",
        "null",
        "123456789012345678901234567890123456789012345678901234567890",
    ];
    let query = ProductQuery::default();
    for amount in cases {
        let body = one_product(amount, r#"{"level":"plenty"}"#, "200");
        let outcome = outcome!(ok(body), client => client.catalog().products(&query));
        // The parser itself gives up on the one that fits no number at all.
        let at = match amount {
            "1e400" => "$",
            _ => "$.items[0].lead.price.amount",
        };
        undecodable(outcome.error_at_once(), at);
    }
}

#[tokio::test]
async fn the_largest_money_that_fits() {
    let query = ProductQuery::default();
    for amount in [i64::MAX, i64::MIN, 0, -1] {
        let body = one_product(
            &amount.to_string(),
            r#"{"level":"few","left":4294967295}"#,
            "1",
        );
        let page = outcome!(ok(body), client => client.catalog().products(&query)).at_once();
        let lead = &page.items[0].lead;
        assert_eq!(lead.price, Money::fen(amount));
        assert_eq!(lead.stock.most(), 99, "a cart does not believe everything");
        // What a page would draw of it: 500 times the largest does not fit and is left out.
        assert_eq!(lead.unit_price().is_some(), amount.abs_diff(0) <= 1);
        assert_eq!(lead.price.times(2).is_ok(), amount.abs_diff(0) <= 1);
        assert_eq!(
            lead.price.parts().0.starts_with('−'),
            amount < 0,
            "{:?}",
            lead.price.parts()
        );
    }
}

#[tokio::test]
async fn a_content_of_nothing_has_no_unit_price() {
    let query = ProductQuery::default();
    let body = one_product("1280", r#"{"level":"soon","left":null}"#, "0");
    let page = outcome!(ok(body), client => client.catalog().products(&query)).at_once();
    let lead = &page.items[0].lead;
    assert_eq!(lead.unit_price(), None);
    assert_eq!(
        (lead.stock.level, lead.stock.left),
        (StockLevel::Unknown, None)
    );
}

#[tokio::test]
async fn bytes_that_are_no_text() {
    // In a string they become the replacement character: a name with a hole is better than no page.
    let broken = b"{\"backend\":\"l\xff\xfe\",\"contract\":\"1.0\"}";
    let about = outcome!(ok(broken), client => client.about()).at_once();
    assert_eq!(about.backend, "l\u{fffd}\u{fffd}");
    // Anywhere else they are no JSON.
    let outcome = outcome!(ok(b"\xff\xfe\x00\x00"), client => client.about());
    undecodable(outcome.error_at_once(), "$");
    // A lone surrogate is no text, so the whole is no JSON.
    let outcome =
        outcome!(ok(r#"{"backend":"\ud800","contract":"1.0"}"#), client => client.about());
    undecodable(outcome.error_at_once(), "$");
}

#[tokio::test]
async fn a_very_large_body() {
    let five_mb = 5 * 1024 * 1024;
    let padded = [
        r#"{"backend":"b","contract":"1.0","poem":""#,
        &"鱼".repeat(five_mb / 3),
        r#""}"#,
    ]
    .concat();
    let about = outcome!(ok(padded), client => client.about()).at_once();
    assert_eq!(about.backend, "b");

    let blank = outcome!(ok(" ".repeat(five_mb)), client => client.about());
    undecodable(blank.error_at_once(), "$…");
}

#[tokio::test]
async fn an_error_is_short_however_large_the_answer() {
    // A wrong value is named in the error, which is shown and logged: not all 5 MB of it.
    let long = "鱼".repeat(5 * 1024 * 1024 / 3);
    let bodies = [
        ["\"", &long, "\""].concat(),
        [r#"{"backend":{"#, "\"", &long, r#"":7}}"#].concat(),
        [r#"{"capabilities":"#, "\"", &long, "\"}"].concat(),
        ["{\"", &long, r#"":tru}"#].concat(),
    ];
    for body in bodies {
        let outcome = outcome!(ok(body), client => client.about());
        let Error::Undecodable { path, detail } = outcome.error_at_once() else {
            panic!("it is no document about a backend");
        };
        assert!(
            path.len() + detail.len() < 2_000,
            "{} and {} bytes",
            path.len(),
            detail.len()
        );
    }
}

// Refusals.

#[tokio::test]
async fn a_server_error_is_tried_three_times() {
    let acts = vec![say("500 Oh", HTML, APOLOGY); 3];
    let outcome = outcome!(acts, client => client.about());
    assert_eq!(
        outcome.error_in_the_end(),
        silent_refusal(ProblemKind::Internal, 500, None)
    );
}

#[tokio::test]
async fn a_server_error_that_passes() {
    let acts = vec![
        say("500 Oh", PROBLEM, r#"{"type":"urn:problem:internal"}"#),
        say("502 Bad Gateway", HTML, APOLOGY),
        say("200 OK", JSON, ABOUT),
    ];
    let outcome = outcome!(acts, client => client.about());
    assert_eq!((outcome.requests, outcome.pauses), (3, vec![400, 1_200]));
    let answer = outcome.result.unwrap();
    assert_eq!(answer.source, Source::Backend);
    assert_eq!(answer.value.backend, "linli 0.1.0");
}

#[tokio::test]
async fn what_is_not_there_is_asked_for_once() {
    let body = r#"{"type":"urn:problem:not-found","title":"Not found","status":404,"detail":"there is no such product"}"#;
    let acts = vec![say("404 Not Found", PROBLEM, body)];
    let id = "nothing".into();
    let error = outcome!(acts, client => client.catalog().product(&id)).error_at_once();
    assert!(error.is_not_found());
    assert_eq!(
        error,
        Error::Refused {
            problem: Problem::new(ProblemKind::NotFound, "there is no such product"),
            retry_after: None
        }
    );
}

#[tokio::test]
async fn a_part_that_the_backend_lacks() {
    for status in [
        "404 Not Found",
        "405 Method Not Allowed",
        "501 Not Implemented",
    ] {
        // 501 is a server error too, but asking again would not build the thing.
        let acts = vec![say(status, HTML, APOLOGY)];
        let error = outcome!(acts, client => client.storefront()).error_at_once();
        assert_eq!(error, Error::Unsupported, "{status}");
        assert!(!error.is_not_found());
    }
}

#[tokio::test]
async fn refusals_that_are_no_problem_documents() {
    let cases = [
        ("400 Bad Request", ProblemKind::Unnamed, 400),
        ("401 Unauthorized", ProblemKind::Unnamed, 401),
        ("403 Forbidden", ProblemKind::Unnamed, 403),
        ("413 Too Large", ProblemKind::BodyTooLarge, 413),
        ("304 Not Modified", ProblemKind::Unnamed, 304),
        ("300 Multiple Choices", ProblemKind::Unnamed, 300),
    ];
    for (line, kind, status) in cases {
        let acts = vec![say(line, HTML, if status == 304 { "" } else { APOLOGY })];
        let error = outcome!(acts, client => client.about()).error_at_once();
        assert_eq!(error, silent_refusal(kind, status, None), "{line}");
    }
}

#[tokio::test]
async fn a_problem_that_is_none() {
    // The media type promises a problem; the body breaks the promise.
    for body in ["", "{", "[7]", r#"{"status":"404"}"#, "null", APOLOGY] {
        let acts = vec![say("400 Bad Request", PROBLEM, body)];
        let error = outcome!(acts, client => client.about()).error_at_once();
        assert_eq!(
            error,
            silent_refusal(ProblemKind::Unnamed, 400, None),
            "{body}"
        );
    }
}

#[tokio::test]
async fn too_many_requests_with_a_short_wait() {
    let acts = vec![
        say("429 Slow Down", "retry-after: 1\r\n", ""),
        say("200 OK", JSON, ABOUT),
    ];
    let outcome = outcome!(acts, client => client.about());
    assert_eq!((outcome.requests, outcome.pauses), (2, vec![1_000]));
    assert_eq!(outcome.result.unwrap().source, Source::Backend);
}

#[tokio::test]
async fn too_many_requests_with_a_long_wait() {
    let acts = vec![say("429 Slow Down", "retry-after: 3600\r\n", "")];
    let error = outcome!(acts, client => client.about()).error_at_once();
    assert_eq!(
        error,
        silent_refusal(ProblemKind::TooManyRequests, 429, Some(3_600))
    );
}

#[tokio::test]
async fn a_wait_longer_than_anybody_lives() {
    for (seconds, told) in [("4294968", Some(4_294_968)), ("4294967295", Some(u32::MAX))] {
        let acts = vec![say("503 Busy", &format!("retry-after: {seconds}\r\n"), "")];
        let error = outcome!(acts, client => client.about()).error_at_once();
        assert_eq!(error, silent_refusal(ProblemKind::Unavailable, 503, told));
    }
}

#[tokio::test]
async fn a_wait_that_is_no_number_of_seconds() {
    // A date, nonsense: the usual pauses.
    for wait in ["Wed, 21 Oct 2026 07:28:00 GMT", "soon", "-1", ""] {
        let acts = vec![say("429 Slow Down", &format!("retry-after: {wait}\r\n"), ""); 3];
        let error = outcome!(acts, client => client.about()).error_in_the_end();
        assert_eq!(
            error,
            silent_refusal(ProblemKind::TooManyRequests, 429, None),
            "{wait}"
        );
    }
}

#[tokio::test]
async fn a_busy_backend() {
    let body = r#"{"type":"urn:problem:unavailable","title":"The shop's computer is busy","status":503,"detail":"closing for the night"}"#;
    let told = vec![say("503 Busy", PROBLEM, body); 3];
    let error = outcome!(told, client => client.about()).error_in_the_end();
    assert_eq!(
        error,
        Error::Refused {
            problem: Problem::new(ProblemKind::Unavailable, "closing for the night"),
            retry_after: None
        }
    );
    let headers = [PROBLEM, "retry-after: 120\r\n"].concat();
    let told = vec![say("503 Busy", &headers, body)];
    let error = outcome!(told, client => client.about()).error_at_once();
    assert!(matches!(
        error,
        Error::Refused {
            retry_after: Some(120),
            ..
        }
    ));
}

// No answer, or half of one.

#[tokio::test]
async fn an_answer_that_never_begins() {
    let acts = vec![Act::Hang(vec![]); 3];
    let outcome = outcome!(acts, Hasty::gives_up_after(60), client => client.about());
    assert_eq!(outcome.error_in_the_end(), Error::TimedOut);
}

#[tokio::test]
async fn headers_that_never_end() {
    let acts = vec![Act::Hang(b"HTTP/1.1 200 OK\r\ncontent-type: app".to_vec()); 3];
    let outcome = outcome!(acts, Hasty::gives_up_after(60), client => client.about());
    assert_eq!(outcome.error_in_the_end(), Error::TimedOut);
}

#[tokio::test]
async fn a_body_that_never_ends() {
    let mut half = http("200 OK", JSON, ABOUT);
    half.truncate(half.len() - 10);
    let acts = vec![Act::Hang(half); 3];
    let outcome = outcome!(acts, Hasty::gives_up_after(60), client => client.about());
    assert_eq!(outcome.error_in_the_end(), Error::TimedOut);
}

#[tokio::test]
async fn a_body_that_is_cut_off() {
    let mut half = http("200 OK", JSON, ABOUT);
    half.truncate(half.len() - 10);
    let outcome = outcome!(vec![Act::Say(half); 3], client => client.about());
    assert_eq!(outcome.error_in_the_end(), Error::TimedOut);

    let chunk = b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n10\r\n{\"backend\"".to_vec();
    let outcome = outcome!(vec![Act::Say(chunk); 3], client => client.about());
    assert_eq!(outcome.error_in_the_end(), Error::TimedOut);
}

#[tokio::test]
async fn a_cut_that_passes() {
    let acts = vec![
        Act::Say(b"HTTP/1.1 200 OK\r\ncontent-length: 500\r\n\r\n{".to_vec()),
        Act::Say(vec![]),
        say("200 OK", JSON, ABOUT),
    ];
    let outcome = outcome!(acts, client => client.about());
    assert_eq!(outcome.requests, 3);
    assert_eq!(outcome.result.unwrap().source, Source::Backend);
}

#[tokio::test]
async fn a_connection_closed_without_a_word() {
    let outcome = outcome!(vec![Act::Say(vec![]); 3], client => client.about());
    assert_eq!(outcome.error_in_the_end(), Error::TimedOut);
}

#[tokio::test]
async fn something_that_does_not_speak_http() {
    let greeting = Act::Say(b"220 mail.example.com ESMTP\r\n".to_vec());
    let outcome = outcome!(vec![greeting; 3], client => client.about());
    assert_eq!(outcome.error_in_the_end(), Error::TimedOut);
}

#[tokio::test]
async fn nobody_listens() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = format!("http://{}/api/v1", listener.local_addr().unwrap());
    drop(listener);
    let hasty = Hasty::new();
    let error = Client::new(&hasty, &base, "zh-CN").about().await;
    assert_eq!(error.unwrap_err(), Error::Offline);
    assert_eq!(hasty.pauses.take(), [400, 1_200]);
}

#[tokio::test]
async fn an_address_that_is_none() {
    let hasty = Hasty::new();
    for base in ["", "/api/v1", "http://", "mailto:shop", "http://[::"] {
        let error = Client::new(&hasty, base, "zh-CN").about().await;
        assert_eq!(error.unwrap_err(), Error::Offline, "{base}");
    }
}

// The last copy.

/// A device with a script of answers from the backend, and perhaps a last copy of its own.
#[derive(Default)]
struct Device {
    backend: RefCell<VecDeque<Result<Response, Failure>>>,
    copy: Option<Response>,
    current: Cell<usize>,
    last: Cell<usize>,
    pauses: RefCell<Vec<u32>>,
    random: f64,
}

impl Device {
    fn hearing(answers: impl IntoIterator<Item = Result<Response, Failure>>) -> Self {
        Self {
            backend: RefCell::new(answers.into_iter().collect()),
            ..Self::default()
        }
    }

    fn with_copy(self, copy: Response) -> Self {
        Self {
            copy: Some(copy),
            ..self
        }
    }
}

impl Transport for &Device {
    async fn send(&self, request: Request) -> Result<Response, Failure> {
        match request.copy {
            Copy::Current => {
                self.current.set(self.current.get() + 1);
                let answer = self.backend.borrow_mut().pop_front();
                answer.expect("asked more often than the script is long")
            }
            Copy::Last => {
                self.last.set(self.last.get() + 1);
                self.copy.clone().ok_or(Failure::Unreachable)
            }
        }
    }

    async fn sleep(&self, ms: u32) {
        self.pauses.borrow_mut().push(ms);
    }

    fn random(&self) -> f64 {
        self.random
    }
}

const WRITTEN: &str = "Sun, 22 Nov 2026 02:42:31 GMT";

fn answer_with(status: u16, content_type: &str, body: &str) -> Response {
    Response {
        status,
        content_type: content_type.to_owned(),
        date: Some(WRITTEN.to_owned()),
        body: body.to_owned(),
        ..Response::default()
    }
}

fn yesterday() -> Response {
    answer_with(200, "application/json", ABOUT)
}

#[tokio::test]
async fn an_outage_shows_the_last_copy() {
    let failing = || Ok(answer_with(500, "text/html", APOLOGY));
    let cases = [
        (vec![Err(Failure::Offline)], Error::Offline),
        (vec![Err(Failure::Unreachable); 3], Error::Offline),
        (vec![Err(Failure::TimedOut); 3], Error::TimedOut),
        (vec![Err(Failure::Cut); 3], Error::TimedOut),
        (
            vec![failing(), failing(), failing()],
            silent_refusal(ProblemKind::Internal, 500, None),
        ),
    ];
    for (answers, because) in cases {
        let tries = answers.len();
        let device = Device::hearing(answers).with_copy(yesterday());
        let answer = Client::new(&device, "/api/v1", "zh-CN").about().await;
        let Fresh { value, source } = answer.unwrap();
        assert_eq!(value.backend, "linli 0.1.0");
        assert_eq!(
            source,
            Source::LastCopy {
                date: Some(WRITTEN.into()),
                because
            }
        );
        assert_eq!((device.current.get(), device.last.get()), (tries, 1));
    }
}

#[tokio::test]
async fn an_offline_device_does_not_wait() {
    let device = Device::hearing([Err(Failure::Offline)]);
    let answer = Client::new(&device, "/api/v1", "zh-CN").about().await;
    assert_eq!(answer.unwrap_err(), Error::Offline);
    assert_eq!((device.current.get(), device.last.get()), (1, 1));
    assert!(device.pauses.take().is_empty());
}

#[tokio::test]
async fn a_copy_without_a_date_is_a_copy_too() {
    let copy = Response {
        date: None,
        ..yesterday()
    };
    let device = Device::hearing([Err(Failure::Offline)]).with_copy(copy);
    let answer = Client::new(&device, "/api/v1", "zh-CN").about().await;
    assert_eq!(
        answer.unwrap().source,
        Source::LastCopy {
            date: None,
            because: Error::Offline
        }
    );
}

#[tokio::test]
async fn a_refusal_never_shows_the_copy() {
    let answers = [
        answer_with(
            404,
            "application/problem+json",
            r#"{"type":"urn:problem:not-found"}"#,
        ),
        answer_with(404, "text/html", APOLOGY),
        answer_with(400, "application/problem+json", "{}"),
        answer_with(200, "text/html", APOLOGY),
        Response {
            retry_after: Some(3_600),
            ..answer_with(429, "", "")
        },
    ];
    for answer in answers {
        let device = Device::hearing([Ok(answer)]).with_copy(yesterday());
        let id = "sold-for-ever".into();
        let client = Client::new(&device, "/api/v1", "zh-CN");
        let error = client.catalog().product(&id).await.unwrap_err();
        assert!(
            matches!(
                error,
                Error::Refused { .. } | Error::Unsupported | Error::Undecodable { .. }
            ),
            "{error:?}"
        );
        assert_eq!((device.current.get(), device.last.get()), (1, 0));
    }
}

#[tokio::test]
async fn a_copy_that_is_a_refusal_is_none() {
    // Some browser kept a 404 or an error page: the outage is the truth.
    for copy in [
        answer_with(404, "application/problem+json", "{}"),
        answer_with(503, "text/html", APOLOGY),
    ] {
        let device = Device::hearing([Err(Failure::Offline)]).with_copy(copy);
        let answer = Client::new(&device, "/api/v1", "zh-CN").about().await;
        assert_eq!(answer.unwrap_err(), Error::Offline);
    }
}

#[tokio::test]
async fn a_copy_that_is_not_understood_leaves_the_outage() {
    // An older version of the page may have kept what this one cannot read. That is the copy's
    // trouble; what the shopper must hear is that the shop cannot be reached.
    let copy = answer_with(200, "application/json", r#"{"backend":7}"#);
    let device = Device::hearing([Err(Failure::Offline)]).with_copy(copy);
    let answer = Client::new(&device, "/api/v1", "zh-CN").about().await;
    assert_eq!(answer.unwrap_err(), Error::Offline);
}

#[tokio::test]
async fn many_clients_do_not_come_back_at_once() {
    let mut device = Device::hearing(vec![Err(Failure::Unreachable); 3]);
    device.random = 1.0;
    let answer = Client::new(&device, "/api/v1", "zh-CN").about().await;
    assert_eq!(answer.unwrap_err(), Error::Offline);
    assert_eq!(
        device.pauses.take(),
        [600, 1_800],
        "up to half as much again"
    );
}

// Anything at all.

/// Documents of the contract, to be spoiled.
const GOLDEN: [&str; 7] = [
    include_str!("golden/about.json"),
    include_str!("golden/categories.json"),
    include_str!("golden/storefront.json"),
    include_str!("golden/products.json"),
    include_str!("golden/product.json"),
    include_str!("golden/problem.json"),
    include_str!("golden/desk_returns.json"),
];

/// Bytes from nowhere, or a document of the contract with some bytes changed and its end cut off.
fn any_body() -> impl Strategy<Value = Vec<u8>> {
    let spoiled = (
        0..GOLDEN.len(),
        proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..4),
        proptest::option::weighted(0.3, any::<prop::sample::Index>()),
    )
        .prop_map(|(which, changes, end)| {
            let mut bytes = GOLDEN[which].as_bytes().to_vec();
            for (at, byte) in changes {
                let at = at.index(bytes.len());
                bytes[at] = byte;
            }
            if let Some(end) = end {
                bytes.truncate(end.index(bytes.len()));
            }
            bytes
        });
    prop_oneof![
        proptest::collection::vec(any::<u8>(), 0..400),
        "[\\[\\]{}:,\"a-z0-9. ]{0,80}".prop_map(String::into_bytes),
        spoiled,
    ]
}

fn any_content_type() -> impl Strategy<Value = &'static str> {
    prop_oneof![
        Just("application/json"),
        Just("application/problem+json"),
        Just("text/html"),
        Just(""),
    ]
}

/// Asks for everything there is, and looks at all that came.
async fn every_call<T: Transport>(client: &Client<T>) -> Vec<Result<Source, Error>> {
    let query = ProductQuery::default();
    let id = "p".into();
    let mut looks = Vec::new();
    fn look<V: std::fmt::Debug>(result: Result<Fresh<V>, Error>) -> Result<Source, Error> {
        result
            .inspect(|fresh| assert!(!format!("{fresh:?}").is_empty()))
            .inspect_err(|error| assert!(!error.to_string().is_empty()))
            .map(|fresh| fresh.source)
    }
    looks.push(look(client.about().await));
    looks.push(look(client.storefront().await));
    looks.push(look(client.catalog().categories().await));
    let page = client.catalog().products(&query).await;
    if let Ok(page) = &page {
        for item in &page.value.items {
            let _ = (
                item.lead.unit_price(),
                item.lead.price.parts(),
                item.lead.stock.most(),
                item.picture.as_ref().map(|picture| picture.tint) == Some(Tint::Unknown),
            );
        }
    }
    looks.push(look(page));
    looks.push(look(client.catalog().product(&id).await));
    looks.push(look(client.bookings().tastings().await));
    looks.push(look(client.bookings().tasting(&"t".into()).await));
    looks.push(look(client.bookings().mine().await));
    looks.push(look(client.bookings().held().await));
    looks.push(look(client.desk().tastings().await));
    looks.push(look(client.shows().list().await));
    looks.push(look(client.shows().show(&"s".into()).await));
    looks.push(look(client.shows().room(&"s".into()).await));
    looks.push(look(client.shows().replay(&"s".into()).await));
    looks.push(look(client.shows().replay_room(&"s".into(), 1).await));
    let events = client.shows().replay_events(&"s".into(), 0, 9).await;
    looks.push(look(events));
    looks.push(look(client.desk_shows().publishing(&"s".into()).await));
    looks.push(look(client.desk_shows().air(&"s".into()).await));
    looks.push(look(client.desk_shows().questions(&"s".into()).await));
    looks.push(look(client.desk_shows().synonyms().await));
    looks.push(look(client.after_sale().waiting().await));
    fn done<V: std::fmt::Debug>(result: Result<V, Error>) -> Result<Source, Error> {
        result
            .inspect(|value| assert!(!format!("{value:?}").is_empty()))
            .map(|_| Source::Backend)
    }
    looks.push(done(client.members().hold(&QuoteRequest::default()).await));
    looks.push(done(client.members().release_hold().await));
    looks.push(done(client.desk_shows().renew_key(&"s".into()).await));
    looks.push(done(client.shows().like(&"s".into(), 1).await));
    let vote = client.shows().vote(&"s".into(), &"p".into(), 0).await;
    looks.push(done(vote));
    let claim = client.shows().claim(&"s".into(), &"d".into(), "key").await;
    looks.push(done(claim));
    looks.push(done(client.orders().pay(&"o".into(), "key").await));
    looks
}

fn in_a_runtime<F: Future>(future: F) -> F::Output {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap()
        .block_on(future)
}

/// Always the same answer, whichever copy is asked for.
struct Stubborn(Response);

impl Transport for &Stubborn {
    async fn send(&self, request: Request) -> Result<Response, Failure> {
        match request.copy {
            Copy::Current => Ok(self.0.clone()),
            Copy::Last => Err(Failure::Unreachable),
        }
    }

    async fn sleep(&self, _: u32) {}

    fn random(&self) -> f64 {
        0.5
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_answer_breaks_the_client(
        status in any::<u16>(),
        content_type in any_content_type(),
        retry_after in proptest::option::of(any::<u32>()),
        body in any_body(),
    ) {
        let stubborn = Stubborn(Response {
            status,
            content_type: content_type.to_owned(),
            retry_after,
            date: None,
            body: String::from_utf8_lossy(&body).into_owned(),
        });
        let looks = in_a_runtime(every_call(&Client::new(&stubborn, "/api/v1", "zh-CN")));
        for look in looks {
            match look {
                Ok(source) => {
                    prop_assert!((200..300).contains(&status));
                    prop_assert_eq!(source, Source::Backend);
                }
                Err(Error::Refused { problem, retry_after: told }) => {
                    prop_assert!(!(200..300).contains(&status));
                    prop_assert_eq!(problem.status, status);
                    prop_assert_eq!(told, retry_after);
                }
                Err(Error::Unsupported) => prop_assert!(matches!(status, 404 | 405 | 501)),
                Err(Error::Undecodable { .. }) => prop_assert!((200..300).contains(&status)),
                Err(error) => prop_assert!(false, "there was an answer: {error:?}"),
            }
        }
    }
}

proptest! {
    // Fewer: each one opens up to sixty connections.
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_bytes_on_the_socket_break_the_client(
        status in prop_oneof![Just(200_u16), 200_u16..600],
        body in any_body(),
        spoil_head in proptest::option::weighted(0.3, (any::<prop::sample::Index>(), any::<u8>())),
    ) {
        let mut bytes = http(&format!("{status} Whatever"), JSON, &body);
        if let Some((at, byte)) = spoil_head {
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        let looks = in_a_runtime(async {
            let server = Server::start(vec![Act::Say(bytes); 64]).await;
            // A spoilt length may make it wait for more that never comes.
            let hasty = Hasty::gives_up_after(2_000);
            every_call(&Client::new(&hasty, &server.base, "zh-CN")).await
        });
        for look in looks.iter().filter(|_| spoil_head.is_none()) {
            prop_assert!(look.is_err() || (200..300).contains(&status));
        }
    }
}
