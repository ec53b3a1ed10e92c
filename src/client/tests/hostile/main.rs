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

#[macro_use]
mod server;

mod answers;
mod anything;
mod last_copy;
mod refusals;
mod silence;

use client::Error;
use domain::problem::{Problem, ProblemKind};

const ABOUT: &str =
    r#"{"backend":"linli 0.1.0","contract":"1.0","capabilities":["catalogue","storefront"]}"#;

const APOLOGY: &str = "<!doctype html><title>nginx</title><h1>It is not you, it is me</h1>";

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
