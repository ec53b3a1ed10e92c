//! After the sale: who may ask what back, what comes back, once, and who sees the picture.

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

mod asking;
mod deciding;
mod pictures;
mod refunds;
mod who_may;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use client::Client;
use client::native::Native;
use client::transport::KEY_HEADER;
use common::people::{CLERK, Member, wanted};
use common::{OpenShop, now};
use domain::after_sale::{DeskReturn, Return, ReturnPieces, ReturnReason, ReturnRequest};
use domain::id::OrderId;
use domain::order::Order;
use domain::pricing::QuoteRequest;
use reqwest::{Method, RequestBuilder};

const PHONE: &str = "13800138000";

/// What a JPEG begins with, and something behind it.
const JPEG: &[u8] = b"\xFF\xD8\xFF\xE0\x00\x10JFIF\x00 a lemon that is mouldy";

/// A shop, somebody who bought, and the clerk at the desk.
async fn scene() -> (OpenShop, Member, Client<Native>) {
    let shop = OpenShop::demo().await;
    let member = shop.member(PHONE).await;
    let desk = shop.desk(CLERK).await;
    (shop, member, desk)
}

/// Buys a cart and fetches it.
async fn bought(member: &Member, desk: &Client<Native>, cart: &QuoteRequest) -> Order {
    let order = member.buys(cart).await;
    for step in ["pack", "hand-over"] {
        desk.desk().step(&order.id, step).await.unwrap();
    }
    read(member, &order.id).await
}

fn tomatoes(quantity: u32) -> QuoteRequest {
    common::people::plain(&[wanted("tomato-500g", quantity)])
}

async fn read(member: &Member, id: &OrderId) -> Order {
    now(member.client.orders().order(id).await.unwrap())
}

fn wish(pieces: &[(u32, u32)]) -> ReturnRequest {
    let pieces = pieces.iter();
    ReturnRequest {
        lines: pieces
            .map(|(line, quantity)| ReturnPieces {
                line: *line,
                quantity: *quantity,
            })
            .collect(),
        reason: ReturnReason::Spoiled,
        note: "一个发黑了".into(),
        picture: None,
    }
}

fn with_picture(bytes: &[u8]) -> ReturnRequest {
    ReturnRequest {
        picture: Some(STANDARD.encode(bytes)),
        ..wish(&[(1, 1)])
    }
}

/// Asks, under a key of its own.
async fn ask(member: &Member, order: &Order, pieces: &[(u32, u32)]) -> Return {
    let key = backend::secret::id().unwrap();
    let asking = member.client.after_sale();
    asking.ask(&order.id, &wish(pieces), &key).await.unwrap()
}

/// Asks for a part of it, with a picture.
async fn ask_with_picture(member: &Member, order: &Order) -> Return {
    let asking = member.client.after_sale();
    let request = with_picture(JPEG);
    asking.ask(&order.id, &request, "k").await.unwrap()
}

async fn approve(desk: &Client<Native>, asked: &Return) -> DeskReturn {
    let deciding = desk.after_sale();
    deciding.decide(&asked.id, "approve", "").await.unwrap()
}

/// A request for a return, written by hand.
fn asking(shop: &OpenShop, cookie: &str, order: &Order, key: &str) -> RequestBuilder {
    let path = format!("/api/v1/orders/{}/returns", order.id);
    shop.page_asks(Method::POST, &path, cookie)
        .header(KEY_HEADER, key)
}

/// How many pictures lie in the folder.
fn pictures(shop: &OpenShop) -> usize {
    std::fs::read_dir(shop.folders.returns()).map_or(0, Iterator::count)
}
