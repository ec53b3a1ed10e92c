//! The last copy: when it is shown, and when it never is.

use crate::{ABOUT, APOLOGY, silent_refusal};
use client::transport::{Copy, Failure, Request, Response, Transport};
use client::{Client, Error, Fresh, Source};
use domain::problem::ProblemKind;
use std::cell::{Cell, RefCell};
use std::collections::VecDeque;

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
        let Fresh { value, source, .. } = answer.unwrap();
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

#[tokio::test]
async fn an_answer_is_the_same_by_its_text_and_where_it_comes_from() {
    let now = |body: &str| Ok(answer_with(200, "application/json", body));
    let other = ABOUT.replace("0.1.0", "0.2.0");
    let device = Device::hearing([now(ABOUT), now(ABOUT), now(&other), Err(Failure::Offline)])
        .with_copy(yesterday());
    let client = Client::new(&device, "/api/v1", "zh-CN");
    let first = client.about().await.unwrap();
    assert!(client.about().await.unwrap().is_same(&first));
    assert!(!client.about().await.unwrap().is_same(&first));
    // The last copy says the same, and is older.
    assert!(!client.about().await.unwrap().is_same(&first));
    // What has no text of its own is never the same.
    let made = Fresh { sum: 0, ..first };
    assert!(!made.is_same(&made.clone()));
}
