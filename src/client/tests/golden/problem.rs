//! A refusal, as a problem document.

use crate::common::{Script, same_document};
use client::{Client, Error};
use domain::problem::{FieldProblem, Problem, ProblemKind};
use std::cell::RefCell;

async fn refused(status: u16, body: &'static str) -> Problem {
    let script = Script {
        status,
        // Types are compared without case and may have parameters (RFC 9110, 8.3.1).
        content_type: "Application/Problem+JSON; charset=utf-8",
        body,
        asked: RefCell::default(),
    };
    let client = Client::new(&script, "/api/v1", "zh-CN");
    match client.storefront().await {
        Err(Error::Refused {
            problem,
            retry_after: None,
        }) => problem,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_problem() {
    let problem = refused(400, golden!("problem")).await;
    let wrong = |field: &str, detail: &str| FieldProblem {
        field: field.to_owned(),
        detail: detail.to_owned(),
    };
    let expected = Problem {
        kind: ProblemKind::InvalidQuery,
        title: "The query is not valid".into(),
        status: 400,
        detail: "see problems".into(),
        problems: vec![
            wrong(
                "cursor",
                "not a cursor of this list; start from the first page",
            ),
            wrong("limit", "a number from 1 to 100"),
        ],
    };
    assert_eq!(problem, expected);
    same_document(&problem, golden!("problem"));
}

#[tokio::test]
async fn a_problem_with_the_least() {
    let expected = Problem {
        kind: ProblemKind::Unnamed,
        title: String::new(),
        status: 418,
        detail: String::new(),
        problems: vec![],
    };
    assert_eq!(refused(418, golden!("problem_sparse")).await, expected);
}

#[tokio::test]
async fn a_newer_problem() {
    // The status that was really answered counts, not the one that the document repeats.
    let problem = refused(422, golden!("problem_newer")).await;
    let expected = Problem {
        kind: ProblemKind::Other("https://shop.example.com/problems/out-of-milk".into()),
        title: "No milk".into(),
        status: 422,
        detail: String::new(),
        problems: vec![FieldProblem {
            field: "/lines/0".into(),
            detail: "sold out".into(),
        }],
    };
    assert_eq!(problem, expected);
}
