//! After the sale: who may ask what back, what comes back, once, and who sees the picture.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    missing_docs,
    reason = "tests"
)]

mod common;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use client::Client;
use client::native::Native;
use client::transport::KEY_HEADER;
use common::people::{CLERK, Member, refused, sets, wanted};
use common::{OpenShop, header, now, problem};
use domain::after_sale::{
    DeskReturn, Return, ReturnPieces, ReturnReason, ReturnRequest, ReturnState,
};
use domain::id::{OrderId, ReturnId};
use domain::money::Money;
use domain::order::{Order, OrderState, OrderTab};
use domain::points::EntryKind;
use domain::pricing::QuoteRequest;
use domain::problem::ProblemKind;
use reqwest::{Method, RequestBuilder, StatusCode};

const PHONE: &str = "13800138000";
const TEN_OFF: &str = "满 99 减 10";
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

/// Three boxes of eggs and coffee, with ten yuan off and points, and a set.
async fn drawn(member: &Member) -> QuoteRequest {
    let held = now(member.client.members().coupons().await.unwrap());
    let coupon = held.into_iter().find(|coupon| coupon.name == TEN_OFF);
    let choice = [
        "salmon-sashimi-200g",
        "tricolour-quinoa-250g",
        "anyue-lemon-4",
    ];
    QuoteRequest {
        lines: vec![
            wanted("mountain-eggs-10", 3),
            wanted("drip-bag-coffee-5", 1),
        ],
        bundles: vec![sets("light-meal", &choice, 1)],
        coupons: Some(vec![coupon.unwrap().id]),
        use_points: true,
    }
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

async fn balance(member: &Member) -> u32 {
    now(member.client.members().points().await.unwrap()).balance
}

/// How many pictures lie in the folder.
fn pictures(shop: &OpenShop) -> usize {
    std::fs::read_dir(shop.folders.returns()).map_or(0, Iterator::count)
}

#[tokio::test]
async fn a_part_comes_back_when_the_shop_says_so() {
    let (shop, member, desk) = scene().await;
    let order = bought(&member, &desk, &tomatoes(3)).await;
    let until = order.returnable_until.unwrap();
    let handed_over = order.history.last().unwrap().at;
    assert_eq!(
        until.ms - handed_over.ms,
        domain::after_sale::RETURNABLE_FOR
    );
    let places: Vec<_> = order.bag().map(|line| line.place).collect();
    assert_eq!(places, [1]);
    let had = balance(&member).await;

    let asked = ask(&member, &order, &[(1, 1)]).await;
    let third = Money::fen(order.total.amount / 3);
    assert_eq!((asked.state, asked.amount), (ReturnState::Requested, third));
    assert_eq!(asked.lines[0].name, order.lines[0].name);
    assert_eq!((asked.lines[0].quantity, asked.answered_at), (1, None));
    // Nothing has come back, and no second one can be asked for.
    let there = read(&member, &order.id).await;
    assert_eq!(there.returns, std::slice::from_ref(&asked));
    assert_eq!((there.refunded, there.lines[0].returned), (None, 0));
    assert_eq!(there.returnable_until, None);
    let again = member.client.after_sale();
    let again = again.ask(&order.id, &wish(&[(1, 1)]), "another").await;
    assert_eq!(refused(again), ProblemKind::NotNow);

    let listed = now(desk.after_sale().waiting().await.unwrap()).returns;
    assert_eq!(listed.len(), 1);
    assert_eq!(
        (&listed[0].asked, &listed[0].number),
        (&asked, &order.number)
    );
    assert_eq!(listed[0].contact, order.contact);

    let stock = shop.stock("tomato-500g").await;
    let decided = approve(&desk, &asked).await;
    assert_eq!(decided.asked.state, ReturnState::Approved);
    assert!(decided.asked.answered_at.is_some());
    let there = read(&member, &order.id).await;
    assert_eq!((there.refunded, there.lines[0].returned), (Some(third), 1));
    assert_eq!(there.state, OrderState::HandedOver);
    assert!(there.returnable_until.is_some(), "two are left");
    let lost = there.returns[0].revoked;
    assert_eq!(balance(&member).await, had - lost);
    assert_eq!(
        shop.stock("tomato-500g").await,
        stock,
        "nobody is sold it again"
    );

    // Approved twice is approved once; the other answer comes too late.
    let books = shop.books().await;
    assert_eq!(approve(&desk, &asked).await, decided);
    let late = desk.after_sale().decide(&asked.id, "decline", "不行").await;
    assert_eq!(refused(late), ProblemKind::NotNow);
    let late = member
        .client
        .after_sale()
        .withdraw(&order.id, &asked.id)
        .await;
    assert_eq!(refused(late), ProblemKind::NotNow);
    assert_eq!(shop.books().await, books);
    let who = "SELECT count(*) FROM returns WHERE staff = 'clerk'";
    assert_eq!(shop.number(who).await, 1);
}

#[tokio::test]
async fn in_whatever_parts_everything_comes_back_exactly() {
    let (shop, member, desk) = scene().await;
    let before = balance(&member).await;
    let cart = drawn(&member).await;
    let order = bought(&member, &desk, &cart).await;
    assert_eq!(order.points, 320);
    let earned = domain::points::earned(order.total);
    assert_eq!(balance(&member).await, before - 320 + earned);
    let places: Vec<_> = order.bag().map(|line| line.place).collect();
    assert_eq!(places, [1, 2, 3, 4, 5]);
    assert_eq!(order.coupons[0].lines, [1, 2, 3, 4, 5]);
    let points: u32 = order.bag().map(|line| line.points).sum();
    assert_eq!(points, 320);
    let coupon = "SELECT sum(uses_left) FROM coupons";
    let held = shop.number(coupon).await;

    let mut back = 0;
    let mut points_back = 0;
    for pieces in [
        vec![(1, 1)],
        vec![(4, 1)],
        vec![(1, 2), (2, 1)],
        vec![(3, 1)],
    ] {
        let asked = ask(&member, &order, &pieces).await;
        assert_eq!(asked.coupons, []);
        let decided = approve(&desk, &asked).await.asked;
        assert_eq!(
            (decided.amount, decided.points),
            (asked.amount, asked.points)
        );
        assert_eq!(decided.revoked, asked.revoked);
        back += decided.amount.amount;
        points_back += decided.points;
        let refunded = read(&member, &order.id).await.refunded.unwrap();
        assert_eq!(refunded.amount, back);
    }
    assert_eq!(
        shop.number(coupon).await,
        held,
        "the lemon is still bought with it"
    );
    let last = ask(&member, &order, &[(5, 1)]).await;
    assert_eq!(last.coupons.len(), 1);
    assert_eq!(last.coupons[0].name, TEN_OFF);
    approve(&desk, &last).await;
    assert_eq!(shop.number(coupon).await, held + 1);
    back += last.amount.amount;
    points_back += last.points;

    let end = read(&member, &order.id).await;
    assert_eq!(back, order.total.amount);
    assert_eq!(end.refunded, Some(order.total));
    assert_eq!(points_back, 320);
    assert!(end.bag().all(|line| line.returned == line.quantity));
    assert_eq!(end.returnable_until, None);
    assert_eq!(
        balance(&member).await,
        before,
        "as if nothing had been bought"
    );
    let entries = now(member.client.members().points().await.unwrap()).entries;
    let sum = |kind| -> u32 {
        let of_kind = entries.iter().filter(|entry| entry.kind == kind);
        of_kind.map(|entry| entry.points).sum()
    };
    assert_eq!(sum(EntryKind::Refund), 320);
    assert_eq!(sum(EntryKind::Revoke), earned);
    // It is no new order: the coupon can be used for one.
    let quote = member.price(&cart).await;
    assert!(
        quote
            .coupons
            .iter()
            .any(|one| one.coupon.name == TEN_OFF && one.chosen)
    );
}

#[tokio::test]
async fn a_coupon_of_a_part_of_the_order_comes_back_with_that_part() {
    let (shop, member, desk) = scene().await;
    // A coupon for next door's goods only.
    shop.change(
        "INSERT INTO coupon_kinds (id, position, name, note, benefit, merchant, stacking)
         VALUES ('next-door', 99, '{\"zh\":\"咖啡券\"}', '{}', '{\"kind\":\"amount\",\"off\":{\"amount\":300,\"currency\":\"CNY\"}}', 'coffee', 'free')",
    )
    .await;
    shop.change(
        "INSERT INTO coupons (id, member, kind, valid_from, uses_left) SELECT 'c1', id, 'next-door', 0, 1 FROM members",
    )
    .await;
    let cart = QuoteRequest {
        lines: vec![wanted("tomato-500g", 2), wanted("drip-bag-coffee-5", 2)],
        coupons: Some(vec!["c1".into()]),
        ..QuoteRequest::default()
    };
    let order = bought(&member, &desk, &cart).await;
    assert_eq!(order.coupons[0].lines, [2]);
    let left = "SELECT uses_left FROM coupons WHERE id = 'c1'";
    for (pieces, there) in [([(2, 1)], 0), ([(2, 1)], 1), ([(1, 2)], 1)] {
        let asked = ask(&member, &order, &pieces).await;
        approve(&desk, &asked).await;
        assert_eq!(shop.number(left).await, there, "{pieces:?}");
    }
}

#[tokio::test]
async fn earned_points_that_are_spent_are_not_owed() {
    let (shop, member, desk) = scene().await;
    let order = bought(&member, &desk, &tomatoes(9)).await;
    shop.change(
        "INSERT INTO point_entries (member, kind, points, at) SELECT member, 'freeze', sum(CASE kind WHEN 'earn' THEN points END) - 1, 0
         FROM point_entries GROUP BY member",
    )
    .await;
    assert_eq!(balance(&member).await, 1);
    let asked = ask(&member, &order, &[(1, 9)]).await;
    assert!(asked.revoked > 1);
    let decided = approve(&desk, &asked).await.asked;
    assert_eq!((decided.amount, decided.revoked), (order.total, 1));
    assert_eq!(balance(&member).await, 0);
}

#[tokio::test]
async fn who_says_no_says_why() {
    let (shop, member, desk) = scene().await;
    let order = bought(&member, &desk, &tomatoes(2)).await;
    let asked = ask(&member, &order, &[(1, 2)]).await;
    let books = shop.books().await;
    for word in ["", "  ", &"长".repeat(201), "a\0b"] {
        let silent = desk.after_sale().decide(&asked.id, "decline", word).await;
        assert_eq!(refused(silent), ProblemKind::InvalidBody, "{word:?}");
    }
    let deciding = desk.after_sale();
    let no = deciding
        .decide(&asked.id, "decline", " 照片里是好的 ")
        .await
        .unwrap();
    assert_eq!(
        (no.asked.state, no.asked.answer.as_str()),
        (ReturnState::Declined, "照片里是好的")
    );
    let again = deciding
        .decide(&asked.id, "decline", "别的话")
        .await
        .unwrap();
    assert_eq!(again, no, "what was said first stays");
    assert_eq!(
        refused(deciding.decide(&asked.id, "approve", "").await),
        ProblemKind::NotNow
    );
    assert_eq!(shop.books().await, books, "nothing came back");
    let there = read(&member, &order.id).await;
    assert_eq!(there.returns[0].answer, "照片里是好的");
    assert_eq!(there.refunded, None);
    // What was declined does not count: it can be asked for once more.
    let second = ask(&member, &order, &[(1, 2)]).await;
    let listed = now(deciding.waiting().await.unwrap()).returns;
    let ids: Vec<_> = listed.iter().map(|one| one.asked.id.clone()).collect();
    assert_eq!(ids, [second.id, asked.id.clone()], "what waits comes first");
    shop.change(
        "UPDATE returns SET answered_at = answered_at - 172800000 WHERE state = 'declined'",
    )
    .await;
    let listed = now(deciding.waiting().await.unwrap()).returns;
    assert!(
        listed.iter().all(|one| one.asked.id != asked.id),
        "two days ago is not today"
    );
}

#[tokio::test]
async fn a_shopper_thinks_better_of_it() {
    let (shop, member, desk) = scene().await;
    let order = bought(&member, &desk, &tomatoes(2)).await;
    let asking = member.client.after_sale();
    let asked = asking
        .ask(&order.id, &with_picture(JPEG), "k")
        .await
        .unwrap();
    assert_eq!(pictures(&shop), 1);
    let gone = asking.withdraw(&order.id, &asked.id).await.unwrap();
    assert_eq!(
        (gone.state, gone.picture.as_deref()),
        (ReturnState::Withdrawn, None)
    );
    assert_eq!(pictures(&shop), 0, "nobody needs it any more");
    assert_eq!(asking.withdraw(&order.id, &asked.id).await.unwrap(), gone);
    let late = desk.after_sale().decide(&asked.id, "approve", "").await;
    assert_eq!(refused(late), ProblemKind::NotNow);
    let listed = now(desk.after_sale().waiting().await.unwrap()).returns;
    assert_eq!(listed, []);
    assert!(read(&member, &order.id).await.returnable_until.is_some());
}

#[tokio::test]
async fn asking_has_its_time() {
    let (shop, member, desk) = scene().await;
    let asking = member.client.after_sale();
    let open = member.buys(&tomatoes(1)).await;
    let early = asking.ask(&open.id, &wish(&[(1, 1)]), "early").await;
    assert_eq!(refused(early), ProblemKind::NotNow);
    member.client.orders().cancel(&open.id).await.unwrap();
    let off = asking.ask(&open.id, &wish(&[(1, 1)]), "off").await;
    assert_eq!(refused(off), ProblemKind::NotNow);
    let order = bought(&member, &desk, &tomatoes(1)).await;
    shop.change("UPDATE order_changes SET at = at - 7 * 86400000")
        .await;
    assert_eq!(read(&member, &order.id).await.returnable_until, None);
    let late = asking.ask(&order.id, &wish(&[(1, 1)]), "late").await;
    assert_eq!(refused(late), ProblemKind::NotNow);
    shop.change("UPDATE order_changes SET at = at + 60000")
        .await;
    asking
        .ask(&order.id, &wish(&[(1, 1)]), "just in time")
        .await
        .unwrap();
}

#[tokio::test]
async fn one_intent_is_one_return() {
    let (shop, member, desk) = scene().await;
    let order = bought(&member, &desk, &tomatoes(2)).await;
    let request = with_picture(JPEG);
    let send = |key: &'static str, request: ReturnRequest| {
        asking(&shop, &member.cookie, &order, key)
            .json(&request)
            .send()
    };
    let first = send("tap", request.clone()).await.unwrap();
    assert_eq!(first.status(), StatusCode::CREATED);
    assert_eq!(header(&first, "idempotent-replayed"), "");
    let first: Return = first.json().await.unwrap();
    let again = send("tap", request.clone()).await.unwrap();
    assert_eq!(again.status(), StatusCode::CREATED);
    assert_eq!(header(&again, "idempotent-replayed"), "true");
    assert_eq!(again.json::<Return>().await.unwrap(), first);
    assert_eq!(pictures(&shop), 1, "the copy is thrown away");
    let other = send("tap", wish(&[(1, 2)])).await.unwrap();
    assert_eq!(problem(other).await.kind, ProblemKind::KeyReused);
    // The same words about another order are another intent.
    let second = bought(&member, &desk, &tomatoes(2)).await;
    let elsewhere = asking(&shop, &member.cookie, &second, "tap").json(&request);
    let elsewhere = problem(elsewhere.send().await.unwrap()).await;
    assert_eq!(elsewhere.kind, ProblemKind::KeyReused);
    // What was refused stays refused under its key, also when it could be done now.
    let waits = send("too early", wish(&[(1, 1)])).await.unwrap();
    assert_eq!(problem(waits).await.kind, ProblemKind::NotNow);
    approve(&desk, &first).await;
    let still = send("too early", wish(&[(1, 1)])).await.unwrap();
    assert_eq!(header(&still, "idempotent-replayed"), "true");
    assert_eq!(problem(still).await.kind, ProblemKind::NotNow);
    let late = send("tap", request).await.unwrap();
    assert_eq!(
        late.json::<Return>().await.unwrap(),
        first,
        "as it was answered then"
    );
    assert_eq!(shop.number("SELECT count(*) FROM returns").await, 1);
    assert_eq!(pictures(&shop), 1);
}

#[tokio::test]
async fn many_taps_at_once_make_one_return() {
    let (shop, member, desk) = scene().await;
    let order = bought(&member, &desk, &tomatoes(2)).await;
    let sent: Vec<_> = (0..12)
        .map(|tap| {
            // Six of one intent, and one each of six others.
            let key = format!("tap-{}", tap.max(5));
            let sending = asking(&shop, &member.cookie, &order, &key).json(&with_picture(JPEG));
            tokio::spawn(sending.send())
        })
        .collect();
    let mut made = 0;
    for sent in sent {
        match sent.await.unwrap().unwrap().status() {
            StatusCode::CREATED => made += 1,
            status => assert_eq!(status, StatusCode::CONFLICT),
        }
    }
    assert!(
        made == 1 || made == 6,
        "{made}: those of one intent, whichever came first"
    );
    assert_eq!(shop.number("SELECT count(*) FROM returns").await, 1);
    assert_eq!(pictures(&shop), 1);
}

#[tokio::test]
async fn what_makes_no_sense_is_named() {
    let (shop, member, desk) = scene().await;
    let order = bought(&member, &desk, &tomatoes(2)).await;
    let before = shop.number("SELECT count(*) FROM returns").await;
    let cases = [
        (wish(&[]), "/lines"),
        (wish(&[(2, 1)]), "/lines/0/line"),
        (wish(&[(0, 1)]), "/lines/0/line"),
        (wish(&[(1, 1), (1, 1)]), "/lines/1/line"),
        (wish(&[(1, 0)]), "/lines/0/quantity"),
        (wish(&[(1, 3)]), "/lines/0/quantity"),
        (
            ReturnRequest {
                note: "长".repeat(201),
                ..wish(&[(1, 1)])
            },
            "/note",
        ),
        (
            ReturnRequest {
                note: "a\0b".into(),
                ..wish(&[(1, 1)])
            },
            "/note",
        ),
        (
            ReturnRequest {
                reason: ReturnReason::Unknown,
                ..wish(&[(1, 1)])
            },
            "/reason",
        ),
        (
            ReturnRequest {
                picture: Some("not base64!".into()),
                ..wish(&[(1, 1)])
            },
            "/picture",
        ),
        (
            ReturnRequest {
                picture: Some(String::new()),
                ..wish(&[(1, 1)])
            },
            "/picture",
        ),
        (
            with_picture(b"<!doctype html><script>alert(1)</script>"),
            "/picture",
        ),
        (
            with_picture(b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>"),
            "/picture",
        ),
        (with_picture(b"GIF89a"), "/picture"),
    ];
    for (at, (request, field)) in cases.into_iter().enumerate() {
        let sent = asking(&shop, &member.cookie, &order, &format!("k{at}")).json(&request);
        let told = problem(sent.send().await.unwrap()).await;
        assert_eq!(told.kind, ProblemKind::InvalidBody, "{field}");
        let fields: Vec<_> = told.problems.iter().map(|one| one.field.as_str()).collect();
        assert_eq!(fields, [field]);
    }
    let path = format!("/api/v1/orders/{}/returns", order.id);
    let nameless = shop
        .page_asks(Method::POST, &path, &member.cookie)
        .json(&wish(&[(1, 1)]));
    assert_eq!(
        problem(nameless.send().await.unwrap()).await.kind,
        ProblemKind::KeyMissing
    );
    assert_eq!(shop.number("SELECT count(*) FROM returns").await, before);
    assert_eq!(pictures(&shop), 0);
}

#[tokio::test]
async fn a_picture_has_its_size() {
    let (shop, member, desk) = scene().await;
    let order = bought(&member, &desk, &tomatoes(2)).await;
    let large = |size: usize| {
        let mut bytes = JPEG.to_vec();
        bytes.resize(size, b'x');
        with_picture(&bytes)
    };
    for (size, key) in [
        (700_001, "a little"),
        (890_000, "more"),
        (1_000_000, "much"),
    ] {
        let sent = asking(&shop, &member.cookie, &order, key).json(&large(size));
        let told = problem(sent.send().await.unwrap()).await;
        assert_eq!(told.kind, ProblemKind::BodyTooLarge, "{size}");
    }
    assert_eq!(pictures(&shop), 0);
    let sent = asking(&shop, &member.cookie, &order, "fits").json(&large(700_000));
    assert_eq!(sent.send().await.unwrap().status(), StatusCode::CREATED);
    // Everywhere else a body is as small as ever.
    let cart = shop
        .page_asks(Method::POST, "/api/v1/carts/quote", &member.cookie)
        .header("content-type", "application/json")
        .body(" ".repeat(100_000));
    assert_eq!(
        problem(cart.send().await.unwrap()).await.kind,
        ProblemKind::BodyTooLarge
    );
}

#[tokio::test]
async fn a_picture_is_nothing_but_a_picture() {
    let (shop, member, desk) = scene().await;
    let order = bought(&member, &desk, &tomatoes(2)).await;
    let asking = member.client.after_sale();
    let mut html = b"\x89PNG\r\n\x1A\n".to_vec();
    html.extend(b"<html><script>alert(1)</script></html>");
    let asked = asking
        .ask(&order.id, &with_picture(&html), "k")
        .await
        .unwrap();
    let url = asked.picture.clone().unwrap();
    assert_eq!(
        url,
        format!("/api/v1/orders/{}/returns/{}/picture", order.id, asked.id)
    );

    let shown = shop
        .page_asks(Method::GET, &url, &member.cookie)
        .send()
        .await
        .unwrap();
    assert_eq!(shown.status(), StatusCode::OK);
    for (name, value) in [
        ("content-type", "image/png"),
        ("x-content-type-options", "nosniff"),
        ("cache-control", "no-store"),
        ("content-security-policy", "default-src 'none'; sandbox"),
    ] {
        assert_eq!(header(&shown, name), value, "{name}");
    }
    assert_eq!(
        shown.bytes().await.unwrap(),
        html,
        "the very bytes, as nothing but a picture"
    );
}

#[tokio::test]
async fn who_may_not_learns_nothing() {
    let (shop, member, desk) = scene().await;
    let other = shop.member("13900139000").await;
    let order = bought(&member, &desk, &tomatoes(2)).await;
    let theirs = bought(&other, &desk, &tomatoes(2)).await;
    let asked = member.client.after_sale();
    let asked = asked
        .ask(&order.id, &with_picture(JPEG), "k")
        .await
        .unwrap();
    let desk_picture = now(desk.after_sale().waiting().await.unwrap()).returns[0]
        .asked
        .picture
        .clone();
    let desk_picture = desk_picture.unwrap();
    assert_eq!(
        desk_picture,
        format!("/api/v1/desk/returns/{}/picture", asked.id)
    );

    // Another member: not found, as if there were none. Not even with an order of their own.
    let foreign = other.client.after_sale();
    let error = foreign
        .ask(&order.id, &wish(&[(1, 1)]), "k")
        .await
        .unwrap_err();
    assert!(error.is_not_found());
    for order in [&order.id, &theirs.id] {
        let error = foreign.withdraw(order, &asked.id).await.unwrap_err();
        assert!(error.is_not_found());
        let path = format!("/api/v1/orders/{order}/returns/{}/picture", asked.id);
        let answer = shop
            .page_asks(Method::GET, &path, &other.cookie)
            .send()
            .await
            .unwrap();
        assert_eq!(problem(answer).await.kind, ProblemKind::NotFound);
    }
    // Nobody, and a shopper at the desk.
    let steps = format!("/api/v1/desk/returns/{}/approve", asked.id);
    for (method, path) in [
        (Method::GET, "/api/v1/desk/returns"),
        (Method::GET, desk_picture.as_str()),
        (Method::POST, steps.as_str()),
    ] {
        for (cookie, kind) in [
            ("", ProblemKind::NotSignedIn),
            (member.cookie.as_str(), ProblemKind::Forbidden),
        ] {
            let asks = shop
                .page_asks(method.clone(), path, cookie)
                .body("nonsense");
            assert_eq!(
                problem(asks.send().await.unwrap()).await.kind,
                kind,
                "{path}"
            );
        }
    }
    let own = asked.picture.clone().unwrap();
    for path in [
        own.as_str(),
        &format!("/api/v1/orders/{}/returns", order.id),
    ] {
        let method = if path == own {
            Method::GET
        } else {
            Method::POST
        };
        let asks = shop.page_asks(method, path, "");
        assert_eq!(
            problem(asks.send().await.unwrap()).await.kind,
            ProblemKind::NotSignedIn
        );
    }
    // A write of another site.
    let forged = shop.served.ask(
        Method::POST,
        &format!("/api/v1/orders/{}/returns/{}/withdraw", order.id, asked.id),
    );
    let forged = forged
        .header("cookie", &member.cookie)
        .send()
        .await
        .unwrap();
    assert_eq!(problem(forged).await.kind, ProblemKind::UnsafeRequest);
    // No file of that folder has an address.
    let file = std::fs::read_dir(shop.folders.returns())
        .unwrap()
        .next()
        .unwrap()
        .unwrap();
    let name = file.file_name().into_string().unwrap();
    for path in [
        format!("/media/{name}"),
        format!("/returns/{name}"),
        format!("/media/../returns/{name}"),
    ] {
        let (status, answer) = shop.served.raw("GET", &path).await;
        assert!(status >= 400, "{path}: {answer}");
    }
    // What is not there is not there for the desk either.
    for (id, step) in [
        ("00000000000000000000", "approve"),
        ("a\0b", "approve"),
        (asked.id.as_str(), "withdraw"),
        (asked.id.as_str(), "picture"),
    ] {
        let error = desk
            .after_sale()
            .decide(&ReturnId::from(id), step, "")
            .await
            .unwrap_err();
        assert!(
            !matches!(&error, client::Error::Refused { problem, .. } if problem.status >= 500),
            "{id} {step}"
        );
    }
    assert_eq!(
        read(&member, &order.id).await.returns[0].state,
        ReturnState::Requested
    );
}

#[tokio::test]
async fn the_desk_sees_the_picture_and_both_tabs_the_order() {
    let (shop, member, desk) = scene().await;
    let order = bought(&member, &desk, &tomatoes(2)).await;
    let plain = bought(&member, &desk, &tomatoes(1)).await;
    let asking = member.client.after_sale();
    let asked = asking
        .ask(&order.id, &with_picture(JPEG), "k")
        .await
        .unwrap();
    let tab = async |tab| -> Vec<OrderId> {
        let page = now(member.client.orders().list(Some(tab), None).await.unwrap());
        page.items.into_iter().map(|order| order.id).collect()
    };
    assert_eq!(
        tab(OrderTab::AfterSale).await,
        std::slice::from_ref(&order.id)
    );
    assert_eq!(tab(OrderTab::Done).await, [plain.id, order.id.clone()]);
    // The tablet's cookies are the client's; a picture is no JSON, and that is how it is told here.
    let error = desk
        .after_sale()
        .decide(&asked.id, "nothing", "")
        .await
        .unwrap_err();
    assert!(error.is_not_found());
    let at_desk = now(desk.desk().orders().await.unwrap()).orders;
    let there = at_desk.iter().find(|there| there.id == order.id).unwrap();
    let url = there.returns[0].picture.clone().unwrap();
    assert_eq!(url, format!("/api/v1/desk/returns/{}/picture", asked.id));
    let cookie = desk_cookie(&shop).await;
    let shown = shop
        .page_asks(Method::GET, &url, &cookie)
        .send()
        .await
        .unwrap();
    assert_eq!(shown.status(), StatusCode::OK);
    assert_eq!(header(&shown, "content-type"), "image/jpeg");
    assert_eq!(shown.bytes().await.unwrap(), JPEG);
    for id in ["00000000000000000000", "a%00b", "..%2f..%2fshop.sqlite"] {
        let path = format!("/api/v1/desk/returns/{id}/picture");
        let gone = shop
            .page_asks(Method::GET, &path, &cookie)
            .send()
            .await
            .unwrap();
        assert_eq!(problem(gone).await.kind, ProblemKind::NotFound, "{id}");
    }
}

/// The cookies of a tablet at which the clerk is signed in, for requests written by hand.
async fn desk_cookie(shop: &OpenShop) -> String {
    let set = |answer: &reqwest::Response| {
        let cookie = header(answer, "set-cookie");
        cookie.split(';').next().unwrap().to_owned()
    };
    let code = shop.tablet_code(60_000).await;
    let body = serde_json::json!({"code": code, "name": "平板"});
    let device = shop
        .page_asks(Method::POST, "/api/v1/desk/devices", "")
        .json(&body);
    let device = set(&device.send().await.unwrap());
    let body = serde_json::json!({"pin": CLERK});
    let desk = shop
        .page_asks(Method::POST, "/api/v1/desk/sign-in", &device)
        .json(&body);
    let desk = set(&desk.send().await.unwrap());
    format!("{device}; {desk}")
}

#[tokio::test]
async fn what_broke_off_leaves_no_picture_behind() {
    let (shop, member, desk) = scene().await;
    let order = bought(&member, &desk, &tomatoes(2)).await;
    let asking = member.client.after_sale();
    let asked = asking
        .ask(&order.id, &with_picture(JPEG), "k")
        .await
        .unwrap();
    let stray = format!("{}.jpg", backend::secret::token().unwrap());
    std::fs::write(shop.folders.returns().join(&stray), JPEG).unwrap();
    assert_eq!(pictures(&shop), 2);
    let cookie = member.cookie.clone();
    let shop = OpenShop::again(shop.close().await).await;
    assert_eq!(pictures(&shop), 1);
    let shown = shop
        .page_asks(Method::GET, &asked.picture.unwrap(), &cookie)
        .send()
        .await
        .unwrap();
    assert_eq!(shown.status(), StatusCode::OK);
}
