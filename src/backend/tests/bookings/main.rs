//! Tastings: held, booked, moved, called off, waited for; by the shop's clock.

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

mod clock;
mod cut_off;
mod holds;
mod no_shows;
mod plan;
mod refusals;
mod tastings;
mod waiting;
