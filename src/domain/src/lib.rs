//! What the shop is: its words, rules and states.
//!
//! Pure Rust: no clock, no I/O, no web, no Leptos. The backend decides with these rules and the
//! page estimates with the very same ones. Everything that crosses the wire is defined here, so
//! that a field has one name, one type and one meaning on both sides.
//!
//! Enums that come over the wire keep an `Unknown` value: a newer backend never breaks a page.

pub mod after_sale;
pub mod allocation;
pub mod basket;
pub mod booking;
pub mod bundle;
pub mod cart;
pub mod catalog;
pub mod check_in;
pub mod choice;
#[cfg(feature = "codes")]
pub mod codes;
pub mod combination;
pub mod contract;
pub mod coupon;
pub mod desk;
pub mod hold;
pub mod id;
pub mod live;
pub mod member;
pub mod money;
pub mod order;
pub mod page;
pub mod payment;
pub mod points;
pub mod pricing;
pub mod problem;
pub mod read;
pub mod shop;
pub mod show;
pub mod slot_hold;
pub mod source;
pub mod tasting;
pub mod till;
pub mod time;
pub mod video;
pub mod waiting;
