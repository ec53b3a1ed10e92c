//! The desk: which tablets there are, who is at one, and who may not.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    missing_docs,
    reason = "tests"
)]

mod common;

use backend::{Settings, secret};
use client::Error;
use common::people::{CLERK, HOST, OWNER, refused, wanted};
use common::{OpenShop, header, now, ok, problem};
use domain::desk::Device;
use domain::member::{Role, Staff};
use domain::problem::ProblemKind;
use reqwest::{Method, Response};
use serde_json::json;

const MINUTE: i64 = 60_000;

/// `name=value` of the cookie that an answer sets.
fn cookie(answer: &Response) -> String {
    let cookie = header(answer, "set-cookie");
    cookie.split(';').next().unwrap().to_owned()
}

/// The cookie of a new tablet.
async fn tablet(shop: &OpenShop) -> String {
    let body = json!({ "code": shop.tablet_code(MINUTE).await, "name": "收银台" });
    let asking = shop.page_asks(Method::POST, "/api/v1/desk/devices", "");
    let answer = asking.json(&body).send().await.unwrap();
    assert_eq!(answer.status(), 201);
    cookie(&answer)
}

/// The cookie of somebody who signs in at a tablet.
async fn at(shop: &OpenShop, tablet: &str, pin: &str) -> String {
    let asking = shop.page_asks(Method::POST, "/api/v1/desk/sign-in", tablet);
    cookie(&ok(asking.json(&json!({ "pin": pin }))).await)
}

/// The seconds that a tablet has to wait.
fn wait(answer: Result<Staff, Error>) -> u32 {
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
async fn a_tablet_is_registered_by_a_code_once() {
    let shop = OpenShop::demo().await;
    let code = shop.tablet_code(MINUTE).await;
    let client = shop.client("zh-CN");
    let desk = client.desk();
    assert_eq!(refused(desk.device().await), ProblemKind::UnknownDevice);
    assert_eq!(
        refused(desk.sign_in(OWNER).await),
        ProblemKind::UnknownDevice
    );
    for wrong in ["", "AAAA2222", "nonsense and more", "'; --"] {
        let kind = refused(desk.register(wrong, "收银台").await);
        assert_eq!(kind, ProblemKind::WrongCode, "{wrong}");
    }
    // As it is read out and typed.
    let typed = format!(" {}-{} ", &code[..4], &code[4..]).to_lowercase();
    let device = desk.register(&typed, "  收银台 ").await.unwrap();
    assert_eq!(device.name, "收银台");
    assert_eq!(now(desk.device().await.unwrap()), device);
    let other = shop.client("zh-CN");
    let kind = refused(other.desk().register(&code, "别的").await);
    assert_eq!(kind, ProblemKind::WrongCode, "it is spent");
    assert_eq!(shop.number("SELECT count(*) FROM devices").await, 1);
}

#[tokio::test]
async fn a_code_for_a_tablet_ends_and_two_are_good_at_once() {
    let shop = OpenShop::demo().await;
    let late = shop.tablet_code(-1).await;
    let client = shop.client("zh-CN");
    let kind = refused(client.desk().register(&late, "收银台").await);
    assert_eq!(kind, ProblemKind::WrongCode);
    let codes = [
        shop.tablet_code(MINUTE).await,
        shop.tablet_code(MINUTE).await,
    ];
    for code in codes {
        let client = shop.client("zh-CN");
        client.desk().register(&code, "收银台").await.unwrap();
    }
}

#[tokio::test]
async fn a_tablet_has_a_name() {
    let shop = OpenShop::demo().await;
    let code = shop.tablet_code(MINUTE).await;
    let client = shop.client("zh-CN");
    let long = "台".repeat(41);
    for name in ["", "  ", "a\0b", &long] {
        let kind = refused(client.desk().register(&code, name).await);
        assert_eq!(kind, ProblemKind::InvalidBody, "{name:?}");
    }
    // The code is still good.
    let name = "台".repeat(40);
    let device = client.desk().register(&code, &name).await.unwrap();
    assert_eq!(device.name, name);
}

#[tokio::test]
async fn a_demo_tells_its_pins_and_a_shop_does_not() {
    for show_codes in [true, false] {
        let shop = OpenShop::started(Settings {
            show_codes,
            ..Settings::default()
        })
        .await;
        let client = shop.client("zh-CN");
        let code = shop.tablet_code(MINUTE).await;
        let registered = client.desk().register(&code, "收银台").await.unwrap();
        let known: Device = now(client.desk().device().await.unwrap());
        for hint in [registered.demo_hint, known.demo_hint] {
            assert_eq!(hint.is_some(), show_codes);
            let pins = [OWNER, HOST, CLERK];
            assert!(hint.is_none_or(|hint| pins.iter().all(|pin| hint.contains(pin))));
        }
    }
}

#[tokio::test]
async fn everybody_signs_in_by_pin() {
    let shop = OpenShop::demo().await;
    let client = shop.client("en");
    let code = shop.tablet_code(MINUTE).await;
    client.desk().register(&code, "Till").await.unwrap();
    for (pin, id, name, role) in [
        (OWNER, "owner", "Lao Lin", Role::Owner),
        (HOST, "host", "Xiaoman", Role::Host),
        (CLERK, "clerk", "A-Fang", Role::Clerk),
    ] {
        let staff = client.desk().sign_in(pin).await.unwrap();
        assert_eq!(
            (staff.id.as_str(), staff.name.as_str(), staff.role),
            (id, name, role)
        );
        assert_eq!(staff.lock_after, 300);
        assert_eq!(now(client.desk().staff().await.unwrap()), staff);
    }
    client.desk().sign_out().await.unwrap();
    let kind = refused(client.desk().staff().await);
    assert_eq!(kind, ProblemKind::NotSignedIn);
    client.desk().sign_out().await.unwrap();
    for pin in ["", "123", "123456789", "12345a", "１２３４５６"] {
        let kind = refused(client.desk().sign_in(pin).await);
        assert_eq!(kind, ProblemKind::InvalidBody, "{pin}");
    }
}

#[tokio::test]
async fn the_desk_s_cookies_are_for_the_desk() {
    for https in [false, true] {
        let shop = OpenShop::started(Settings {
            https,
            ..Settings::default()
        })
        .await;
        let body = json!({ "code": shop.tablet_code(MINUTE).await, "name": "收银台" });
        let asking = shop.page_asks(Method::POST, "/api/v1/desk/devices", "");
        let registered = asking.json(&body).send().await.unwrap();
        let asking = shop.page_asks(Method::POST, "/api/v1/desk/sign-in", &cookie(&registered));
        let signed_in = ok(asking.json(&json!({ "pin": CLERK }))).await;
        for (answer, name, days) in [
            (&registered, "desk_device=", 400.0),
            (&signed_in, "desk=", 0.5),
        ] {
            assert_eq!(header(answer, "cache-control"), "no-store");
            let set = header(answer, "set-cookie");
            assert!(set.starts_with(name), "{set}");
            for rule in [
                "; HttpOnly",
                "; SameSite=Lax",
                "; Path=/api/v1/desk",
                &format!("; Max-Age={}", days * 86_400.0),
            ] {
                assert!(set.contains(rule), "{set}");
            }
            assert_eq!(set.contains("; Secure"), https, "{set}");
        }
    }
}

#[tokio::test]
async fn wrong_pins_lock_the_tablet_for_a_minute() {
    let shop = OpenShop::demo().await;
    let client = shop.desk(CLERK).await;
    let desk = client.desk();
    // A right one in between begins anew.
    for _ in 0..4 {
        assert_eq!(
            refused(desk.sign_in("000000").await),
            ProblemKind::WrongCode
        );
    }
    desk.sign_in(CLERK).await.unwrap();
    for _ in 0..5 {
        assert_eq!(
            refused(desk.sign_in("000000").await),
            ProblemKind::WrongCode
        );
    }
    let seconds = wait(desk.sign_in(CLERK).await);
    assert!((1..=60).contains(&seconds), "{seconds}");
    // Whoever is signed in may go on, and another tablet is not kept waiting.
    desk.staff().await.unwrap();
    shop.desk(CLERK).await;
    shop.change("UPDATE devices SET locked_until = locked_until - 61000 WHERE locked_until > 0")
        .await;
    assert_eq!(
        refused(desk.sign_in("000000").await),
        ProblemKind::WrongCode
    );
    desk.sign_in(CLERK).await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn many_pins_at_once_are_not_tried() {
    let shop = OpenShop::demo().await;
    let tablet = tablet(&shop).await;
    let mut tries = tokio::task::JoinSet::new();
    for number in 0..20 {
        let asking = shop.page_asks(Method::POST, "/api/v1/desk/sign-in", &tablet);
        tries.spawn(
            asking
                .json(&json!({ "pin": format!("{number:06}") }))
                .send(),
        );
    }
    let mut kinds = Vec::new();
    for answer in tries.join_all().await {
        kinds.push(problem(answer.unwrap()).await.kind);
    }
    let count = |kind| kinds.iter().filter(|one| **one == kind).count();
    assert_eq!(
        (
            count(ProblemKind::WrongCode),
            count(ProblemKind::TooManyRequests)
        ),
        (5, 15)
    );
}

/// Every address of the desk that needs somebody signed in.
const ADDRESSES: [(Method, &str); 7] = [
    (Method::GET, "/api/v1/desk/session"),
    (Method::GET, "/api/v1/desk/orders"),
    (Method::POST, "/api/v1/desk/orders/{id}/pack"),
    (Method::POST, "/api/v1/desk/orders/{id}/ready"),
    (Method::POST, "/api/v1/desk/orders/{id}/hand-over"),
    (Method::POST, "/api/v1/desk/orders/{id}/cancel"),
    (Method::POST, "/api/v1/desk/hand-overs/preview"),
];

/// Asks all of them, and checks that each is refused like this.
async fn all_refused(shop: &OpenShop, order: &str, cookie: &str, kind: ProblemKind) {
    let before = shop.books().await;
    for (method, path) in ADDRESSES {
        let path = path.replace("{id}", order);
        let asking = shop.page_asks(method.clone(), &path, cookie);
        // Not even whether the body made sense is told.
        let answer = asking.json(&json!({ "code": 1 })).send().await.unwrap();
        assert_eq!(header(&answer, "cache-control"), "no-store", "{path}");
        let problem = problem(answer).await;
        assert_eq!(problem.kind, kind, "{method} {path} {cookie}");
    }
    assert_eq!(shop.books().await, before);
}

#[tokio::test]
async fn only_staff_at_their_own_tablet_are_let_in() {
    let shop = OpenShop::demo().await;
    let member = shop.member("13800138000").await;
    let order = member.orders(&[wanted("carrot-500g", 1)]).await;
    let id = order.id.as_str();
    let (mine, other) = (tablet(&shop).await, tablet(&shop).await);
    let staff = at(&shop, &mine, CLERK).await;
    let both = format!("{staff}; {mine}");
    ok(shop.page_asks(Method::GET, "/api/v1/desk/orders", &both)).await;

    let forged = secret::token().unwrap();
    for cookie in [
        String::new(),
        mine.clone(),
        staff.clone(),
        format!("{staff}; {other}"),
        format!("desk={forged}; {mine}"),
        format!("{staff}; desk_device={forged}"),
        format!("desk=nonsense; {mine}"),
        // A shopper's token is none of the desk's.
        member.cookie.replace("session=", "desk="),
    ] {
        all_refused(&shop, id, &cookie, ProblemKind::NotSignedIn).await;
    }
    for cookie in [
        member.cookie.clone(),
        format!("{}; {mine}", member.cookie),
        format!("{}; {staff}; {other}", member.cookie),
    ] {
        all_refused(&shop, id, &cookie, ProblemKind::Forbidden).await;
    }
    // Nor does the desk's cookie open what belongs to members.
    let asking = shop.page_asks(Method::GET, "/api/v1/orders", &both);
    let problem = problem(asking.send().await.unwrap()).await;
    assert_eq!(problem.kind, ProblemKind::NotSignedIn);
}

#[tokio::test]
async fn a_role_that_is_not_known_may_do_nothing() {
    let shop = OpenShop::demo().await;
    let tablet = tablet(&shop).await;
    let staff = at(&shop, &tablet, CLERK).await;
    shop.change("UPDATE staff SET role = 'gardener' WHERE id = 'clerk'")
        .await;
    let both = format!("{staff}; {tablet}");
    all_refused(&shop, "1", &both, ProblemKind::Forbidden).await;
    // Whoever works here no longer is not let in at all.
    shop.change("DELETE FROM staff WHERE id = 'clerk'").await;
    all_refused(&shop, "1", &both, ProblemKind::NotSignedIn).await;
}

#[tokio::test]
async fn a_desk_that_nobody_uses_ends_and_so_does_a_shift() {
    for (change, ends) in [
        (
            "UPDATE desk_sessions SET touched_at = touched_at - 2400000",
            false,
        ),
        (
            "UPDATE desk_sessions SET touched_at = touched_at - 2700000",
            true,
        ),
        (
            "UPDATE desk_sessions SET expires_at = expires_at - 39600000",
            false,
        ),
        (
            "UPDATE desk_sessions SET expires_at = expires_at - 43200000",
            true,
        ),
    ] {
        let shop = OpenShop::demo().await;
        let client = shop.desk(CLERK).await;
        shop.change(change).await;
        let staff = client.desk().staff().await;
        assert_eq!(staff.is_err(), ends, "{change}");
        if ends {
            assert_eq!(refused(staff), ProblemKind::NotSignedIn);
        }
    }
    // Looking is not using; whoever looks up a code is there.
    let shop = OpenShop::demo().await;
    let client = shop.desk(CLERK).await;
    shop.change("UPDATE desk_sessions SET touched_at = touched_at - 2400000")
        .await;
    let touched = "SELECT touched_at FROM desk_sessions";
    let before = shop.number(touched).await;
    client.desk().orders().await.unwrap();
    assert_eq!(shop.number(touched).await, before);
    let kind = refused(client.desk().preview("000000").await);
    assert_eq!(kind, ProblemKind::WrongCode);
    assert!(shop.number(touched).await > before);
}
