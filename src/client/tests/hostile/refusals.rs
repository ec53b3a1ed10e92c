//! Refusals: which are asked again, after which pause, and what is made of one that says little.

use crate::server::{HTML, JSON, PROBLEM, say};
use crate::{ABOUT, APOLOGY, silent_refusal};
use client::{Error, Source};
use domain::problem::{Problem, ProblemKind};

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
