//! Signing in by a code: who gets one, how often, and what it is good for.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    missing_docs,
    reason = "tests"
)]

mod common;

use backend::Settings;
use client::Error;
use common::people::refused;
use common::{OpenShop, header, problem};
use domain::problem::ProblemKind;
use reqwest::Method;
use serde_json::json;
use std::path::PathBuf;

const PHONE: &str = "13800138000";

/// Asks for a code that the demo shows.
async fn code(shop: &OpenShop, phone: &str) -> String {
    let client = shop.client("zh-CN");
    let sent = client.members().send_code(phone).await.unwrap();
    sent.demo_code.unwrap()
}

/// Another code of six digits.
fn another(code: &str) -> String {
    let number: u32 = code.parse().unwrap();
    format!("{:06}", (number + 1) % 1_000_000)
}

/// The seconds that somebody has to wait, who asked too often.
fn wait(answer: Result<domain::member::CodeSent, Error>) -> u32 {
    match answer.unwrap_err() {
        Error::Refused {
            problem,
            retry_after,
        } => {
            assert_eq!(problem.kind, ProblemKind::TooManyRequests);
            retry_after.unwrap()
        }
        other => panic!("{other}"),
    }
}

#[tokio::test]
async fn a_code_makes_a_member() {
    let shop = OpenShop::demo().await;
    let client = shop.client("zh-CN");
    let sent = client.members().send_code("+86 138 0013 8000").await;
    let sent = sent.unwrap();
    assert_eq!(sent.expires_at.ms - sent.now.ms, 5 * 60_000);
    assert_eq!(sent.again_at.ms - sent.now.ms, 60_000);
    let code = sent.demo_code.unwrap();
    assert_eq!(code.len(), 6);
    // As a phone pastes it.
    let pasted = format!(" {} {} ", &code[..3], &code[3..]);
    let member = client.members().sign_in(PHONE, &pasted).await.unwrap();
    assert_eq!(member.phone, "138****8000");
    assert_eq!(member.name, "");
    // Whoever comes back is the same member.
    shop.change("DELETE FROM sent_codes").await;
    let code = self::code(&shop, PHONE).await;
    let again = shop.client("zh-CN").members().sign_in(PHONE, &code).await;
    assert_eq!(again.unwrap(), member);
    assert_eq!(shop.number("SELECT count(*) FROM members").await, 1);
    assert_eq!(shop.number("SELECT count(*) FROM sessions").await, 2);
}

#[tokio::test]
async fn a_code_is_good_once_and_for_its_number() {
    let shop = OpenShop::demo().await;
    let client = shop.client("zh-CN");
    let code = self::code(&shop, PHONE).await;
    let signing_in = |phone, code| {
        let client = &client;
        async move { client.members().sign_in(phone, code).await }
    };
    let before = shop.books().await;
    let wrong = another(&code);
    for (phone, code) in [
        (PHONE, wrong.as_str()),
        (PHONE, ""),
        (PHONE, "'; --"),
        ("13900139000", &code),
    ] {
        let kind = refused(signing_in(phone, code).await);
        assert_eq!(kind, ProblemKind::WrongCode, "{phone} {code}");
    }
    assert_eq!(shop.books().await, before);
    signing_in(PHONE, &code).await.unwrap();
    let kind = refused(signing_in(PHONE, &code).await);
    assert_eq!(kind, ProblemKind::WrongCode, "it is spent");
}

#[tokio::test]
async fn a_new_code_takes_the_place_of_the_old_one() {
    let shop = OpenShop::demo().await;
    let client = shop.client("zh-CN");
    let old = code(&shop, PHONE).await;
    shop.change("DELETE FROM sent_codes").await;
    let new = code(&shop, PHONE).await;
    if old != new {
        let kind = refused(client.members().sign_in(PHONE, &old).await);
        assert_eq!(kind, ProblemKind::WrongCode);
    }
    client.members().sign_in(PHONE, &new).await.unwrap();
}

#[tokio::test]
async fn a_code_is_good_for_five_minutes() {
    let shop = OpenShop::demo().await;
    let client = shop.client("zh-CN");
    let code = self::code(&shop, PHONE).await;
    shop.change("UPDATE sign_in_codes SET expires_at = expires_at - 300000")
        .await;
    let kind = refused(client.members().sign_in(PHONE, &code).await);
    assert_eq!(kind, ProblemKind::ExpiredCode);
    assert_eq!(shop.number("SELECT count(*) FROM members").await, 0);
}

#[tokio::test]
async fn a_code_is_guessed_five_times_at_most() {
    let shop = OpenShop::demo().await;
    let client = shop.client("zh-CN");
    let code = self::code(&shop, PHONE).await;
    let wrong = another(&code);
    // All at once is no way around.
    let members = client.members();
    let guess = || async { refused(members.sign_in(PHONE, &wrong).await) };
    let guesses = tokio::join!(
        guess(),
        guess(),
        guess(),
        guess(),
        guess(),
        guess(),
        guess()
    );
    let guesses: [ProblemKind; 7] = guesses.into();
    let wrong = guesses
        .iter()
        .filter(|kind| **kind == ProblemKind::WrongCode);
    assert_eq!(wrong.count(), 5, "{guesses:?}");
    let kind = refused(members.sign_in(PHONE, &code).await);
    assert_eq!(kind, ProblemKind::ExpiredCode, "the right one is too late");
    // A new code has its own five tries.
    shop.change("DELETE FROM sent_codes").await;
    let code = self::code(&shop, PHONE).await;
    members.sign_in(PHONE, &code).await.unwrap();
}

#[tokio::test]
async fn one_number_gets_a_code_a_minute_and_six_an_hour() {
    let shop = OpenShop::demo().await;
    let client = shop.client("zh-CN");
    let members = client.members();
    members.send_code(PHONE).await.unwrap();
    let seconds = wait(members.send_code("138-0013-8000").await);
    assert!((1..=60).contains(&seconds), "{seconds}");
    // Somebody else is not kept waiting.
    members.send_code("13900139000").await.unwrap();
    for _ in 0..5 {
        shop.change("UPDATE sent_codes SET sent_at = sent_at - 61000")
            .await;
        members.send_code(PHONE).await.unwrap();
    }
    shop.change("UPDATE sent_codes SET sent_at = sent_at - 61000")
        .await;
    let seconds = wait(members.send_code(PHONE).await);
    assert!((50 * 60..60 * 60).contains(&seconds), "{seconds}");
    // An hour after the first there is room for one.
    shop.change("UPDATE sent_codes SET sent_at = sent_at - 3300000")
        .await;
    members.send_code(PHONE).await.unwrap();
}

#[tokio::test]
async fn the_shop_sends_no_more_than_it_can_pay_for() {
    let shop = OpenShop::demo().await;
    shop.change(
        "WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 300)
         INSERT INTO sent_codes SELECT 13900000000 + n, unixepoch() * 1000 FROM n",
    )
    .await;
    let client = shop.client("zh-CN");
    let before = shop.books().await;
    let seconds = wait(client.members().send_code(PHONE).await);
    assert!((1..=60).contains(&seconds), "{seconds}");
    assert_eq!(shop.books().await, before);
    shop.change("UPDATE sent_codes SET sent_at = sent_at - 61000")
        .await;
    client.members().send_code(PHONE).await.unwrap();
}

#[tokio::test]
async fn a_number_that_is_none_gets_no_code() {
    let shop = OpenShop::demo().await;
    let before = shop.books().await;
    for phone in [
        "",
        "1380013800",
        "138001380000",
        "12345678901",
        "02155500137",
        "+1 415 555 0137",
        "13800138000\0",
        "1380013800٠",
        "138001380OO",
        "13800138000; rm -rf /",
    ] {
        for (path, body) in [
            ("/api/v1/sign-in/codes", json!({ "phone": phone })),
            (
                "/api/v1/sign-in",
                json!({ "phone": phone, "code": "123456" }),
            ),
        ] {
            let asking = shop.page_asks(Method::POST, path, "").json(&body);
            let problem = problem(asking.send().await.unwrap()).await;
            assert_eq!(problem.kind, ProblemKind::InvalidBody, "{phone:?}");
            assert_eq!(problem.problems[0].field, "/phone", "{phone:?}");
        }
    }
    assert_eq!(shop.books().await, before);
}

#[tokio::test]
async fn a_shop_that_cannot_send_codes_says_so() {
    let shop = OpenShop::started(Settings::default()).await;
    let before = shop.books().await;
    let client = shop.client("zh-CN");
    let kind = refused(client.members().send_code(PHONE).await);
    assert_eq!(kind, ProblemKind::Unavailable);
    assert_eq!(shop.books().await, before);
}

/// A program of the shop's, written in a folder of its own.
#[cfg(unix)]
fn program(folder: &tempfile::TempDir, script: &str) -> PathBuf {
    use std::os::unix::fs::PermissionsExt;
    let file = folder.path().join("send");
    std::fs::write(&file, format!("#!/bin/sh\n{script}\n")).unwrap();
    std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o700)).unwrap();
    file
}

#[cfg(unix)]
#[tokio::test]
async fn a_program_of_the_shop_sends_the_code() {
    let folder = tempfile::tempdir().unwrap();
    // Arguments are seen by everybody on the computer, an environment is not.
    let script = r#"printf '%s %s %s' "$PHONE" "$CODE" "$#" > "$(dirname "$0")/sent""#;
    let shop = OpenShop::started(Settings {
        send_codes: Some(program(&folder, script)),
        ..Settings::default()
    })
    .await;
    let asking = shop.page_asks(Method::POST, "/api/v1/sign-in/codes", "");
    let asking = asking.json(&json!({ "phone": "+86 138 0013 8000" }));
    let answer = asking.send().await.unwrap();
    assert_eq!(answer.status(), 202);
    assert_eq!(header(&answer, "cache-control"), "no-store");
    let answer = answer.text().await.unwrap();
    let sent = std::fs::read_to_string(folder.path().join("sent")).unwrap();
    let [phone, code, arguments] = sent.split(' ').collect::<Vec<_>>()[..] else {
        panic!("{sent}")
    };
    assert_eq!((phone, arguments), (PHONE, "0"));
    assert!(!answer.contains("demo_code") && !answer.contains(code));
    let client = shop.client("zh-CN");
    client.members().sign_in(PHONE, code).await.unwrap();
}

#[cfg(unix)]
#[tokio::test]
async fn a_program_that_fails_is_a_typed_problem() {
    let folder = tempfile::tempdir().unwrap();
    for program in [
        program(&folder, "echo \"$CODE\" >&2; exit 3"),
        folder.path().join("not-there"),
    ] {
        let shop = OpenShop::started(Settings {
            send_codes: Some(program),
            ..Settings::default()
        })
        .await;
        let asking = shop.page_asks(Method::POST, "/api/v1/sign-in/codes", "");
        let asking = asking.json(&json!({ "phone": PHONE }));
        let problem = problem(asking.send().await.unwrap()).await;
        assert_eq!(problem.kind, ProblemKind::Unavailable);
    }
}
