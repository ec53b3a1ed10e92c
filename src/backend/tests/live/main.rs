//! The live room: who may do what, what everybody sees of it, and how it is followed.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    missing_docs,
    reason = "tests"
)]

#[path = "../common/mod.rs"]
mod common;

mod following;
mod rounds;
mod shows;
mod speaking;
