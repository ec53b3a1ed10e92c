//! No answer, or half of one.

use crate::ABOUT;
use crate::server::{Act, Hasty, JSON, http, say};
use client::{Client, Error, Source};
use tokio::net::TcpListener;

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
