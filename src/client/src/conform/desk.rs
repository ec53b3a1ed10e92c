//! The staff's desk: who is let in, and who is not.

use super::DeskKeys;
use super::asking::{Answer, Caller};
use super::members::guarded_cookie;
use super::rule::{Not, Outcome, Rule, ensure, refused, rules, skip};
use super::shop::Shop;
use crate::endpoint::{self, Endpoint};
use domain::desk::Device;
use domain::id::{OrderId, ReturnId};
use domain::member::{Role, Staff};
use domain::problem::ProblemKind;
use reqwest::Method;
use serde_json::{Value, json};

pub(super) const RULES: &[Rule] = rules![
    "the desk is not-signed-in for nobody" => closed,
    "the desk is forbidden to a shopper, whatever is asked" => forbidden,
    "a write without x-shop-request is unsafe-request" => unsafe_writes,
    "a tablet that is none of the shop's is unknown-device" => unknown_device,
    "a wrong code for a tablet is wrong-code" => wrong_code,
    "a code makes a tablet one of the shop's, once" => registers,
    "a tablet alone does not open the desk" => locked,
    "a wrong PIN is wrong-code, one that is none is invalid-body" => wrong_pin,
    "the PIN signs in; the desk knows who it is" => signs_in,
    "tablet and session are cookies that are HttpOnly and SameSite" => cookies,
];

/// A tablet that was made one of the shop's.
pub(super) struct Tablet {
    caller: Caller,
    answer: Answer,
}

/// Somebody of the shop, signed in.
pub(super) struct AtDesk {
    pub(super) caller: Caller,
    answer: Answer,
}

/// What opens the desk.
fn keys(shop: &Shop) -> Outcome<&DeskKeys> {
    match &shop.options.desk {
        Some(keys) => Ok(keys),
        None => skip("give --device-code and --pin"),
    }
}

async fn made_known(shop: &Shop) -> Outcome<Tablet> {
    let code = &keys(shop)?.device_code;
    let caller = shop.anybody()?;
    let body = json!({"code": code, "name": "conform"});
    let answer = caller
        .post(endpoint::desk::devices().as_str(), &body)
        .await?;
    answer.has_status(201)?;
    Ok(Tablet { caller, answer })
}

async fn tablet(shop: &Shop) -> Outcome<&Tablet> {
    keys(shop)?;
    let tablet = shop.tablet.get_or_init(|| made_known(shop)).await.as_ref();
    tablet.map_err(|not| not.needed("a tablet of the shop's"))
}

async fn let_in(shop: &Shop) -> Outcome<AtDesk> {
    let (keys, tablet) = (keys(shop)?, tablet(shop).await?);
    let body = json!({"pin": keys.pin});
    let answer = tablet
        .caller
        .post(endpoint::desk::sign_in().as_str(), &body)
        .await?;
    answer.has_status(200)?;
    Ok(AtDesk {
        caller: tablet.caller.again(),
        answer,
    })
}

/// Somebody at the desk, for a rule that needs one.
pub(super) async fn staff(shop: &Shop) -> Outcome<&AtDesk> {
    keys(shop)?;
    let staff = shop.staff.get_or_init(|| let_in(shop)).await.as_ref();
    staff.map_err(|not| not.needed("somebody at the desk"))
}

/// Everything that only staff may do.
fn guarded() -> Vec<(Method, Endpoint, Value)> {
    let none = OrderId::from("there-is-no-such-order");
    let mut all = vec![
        (Method::GET, endpoint::desk::session(), Value::Null),
        (Method::GET, endpoint::desk::orders(), Value::Null),
        (Method::GET, endpoint::desk::returns(), Value::Null),
        (
            Method::POST,
            endpoint::desk::preview(),
            json!({"code": "000000"}),
        ),
    ];
    for step in ["pack", "ready", "hand-over", "cancel"] {
        all.push((Method::POST, endpoint::desk::step(&none, step), Value::Null));
    }
    let none = ReturnId::from("there-is-no-such-return");
    for step in ["approve", "decline"] {
        let path = endpoint::desk::return_step(&none, step);
        all.push((Method::POST, path, json!({"answer": "conform"})));
    }
    all
}

async fn are_refused(caller: &Caller, kind: ProblemKind) -> Outcome {
    for (method, path, body) in guarded() {
        let ask = caller.ask(method, path.as_str());
        let ask = if body.is_null() { ask } else { ask.json(&body) };
        ask.send().await?.is_problem(kind.clone())?;
    }
    Ok(())
}

async fn closed(shop: &Shop) -> Outcome {
    are_refused(&shop.anybody()?, ProblemKind::NotSignedIn).await
}

async fn forbidden(shop: &Shop) -> Outcome {
    let shopper = &shop.member().await?.caller;
    are_refused(shopper, ProblemKind::Forbidden).await?;
    // Nor does a body that makes no sense tell more.
    let path = endpoint::desk::preview();
    let ask = shopper.ask(Method::POST, path.as_str());
    let answer = ask.body("application/json", "{").send().await?;
    answer.is_problem(ProblemKind::Forbidden)?;
    Ok(())
}

async fn unsafe_writes(shop: &Shop) -> Outcome {
    let caller = shop.anybody()?;
    let none = OrderId::from("there-is-no-such-order");
    let writes = [
        (Method::POST, endpoint::desk::devices()),
        (Method::POST, endpoint::desk::sign_in()),
        (Method::POST, endpoint::desk::preview()),
        (Method::POST, endpoint::desk::step(&none, "pack")),
        (Method::DELETE, endpoint::desk::session()),
    ];
    for (method, path) in writes {
        let body = json!({"code": "000000", "name": "conform", "pin": "000000"});
        let answer = caller.bare(method, path.as_str()).json(&body).send();
        answer.await?.is_problem(ProblemKind::UnsafeRequest)?;
    }
    Ok(())
}

async fn unknown_device(shop: &Shop) -> Outcome {
    let desk = &shop.anybody()?.client;
    let (device, pin) = (
        desk.desk().device().await,
        desk.desk().sign_in("000000").await,
    );
    refused("GET /desk/device", device, ProblemKind::UnknownDevice)?;
    refused("a PIN", pin, ProblemKind::UnknownDevice)
}

async fn wrong_code(shop: &Shop) -> Outcome {
    let caller = shop.anybody()?;
    let tried = caller.client.desk().register("00000000", "conform").await;
    refused("a wrong code", tried, ProblemKind::WrongCode)?;
    let device = caller.client.desk().device().await;
    refused("GET /desk/device", device, ProblemKind::UnknownDevice)
}

async fn registers(shop: &Shop) -> Outcome {
    let code = &keys(shop)?.device_code;
    let tablet = shop.tablet.get_or_init(|| made_known(shop)).await;
    let tablet = tablet.as_ref().map_err(Not::clone)?;
    let told: Device = tablet.answer.read()?;
    let device = tablet.caller.client.desk().device().await?.value;
    ensure(device.id == told.id && device.name == "conform", || {
        format!("the tablet is known as {}", device.name)
    })?;
    let again = shop.anybody()?;
    let again = again.client.desk().register(code, "conform").await;
    refused("the same code again", again, ProblemKind::WrongCode)
}

async fn locked(shop: &Shop) -> Outcome {
    are_refused(&tablet(shop).await?.caller, ProblemKind::NotSignedIn).await
}

async fn wrong_pin(shop: &Shop) -> Outcome {
    let (right, caller) = (&keys(shop)?.pin, &tablet(shop).await?.caller);
    let path = endpoint::desk::sign_in();
    for pin in ["", "12", "123456789", "12a456"] {
        let answer = caller.post(path.as_str(), &json!({"pin": pin})).await?;
        answer.is_problem_at(ProblemKind::InvalidBody, "/pin")?;
    }
    let wrong = if right == "00000001" {
        "00000002"
    } else {
        "00000001"
    };
    let tried = caller.client.desk().sign_in(wrong).await;
    refused("a wrong PIN", tried, ProblemKind::WrongCode)
}

async fn signs_in(shop: &Shop) -> Outcome {
    keys(shop)?;
    let staff = shop.staff.get_or_init(|| let_in(shop)).await;
    let staff = staff.as_ref().map_err(Not::clone)?;
    let told: Staff = staff.answer.read()?;
    ensure(!told.name.is_empty() && told.role != Role::Unknown, || {
        format!("it is {} with the role {:?}", told.name, told.role)
    })?;
    ensure(told.lock_after > 0, || "lock_after is 0".to_owned())?;
    let known = staff.caller.client.desk().staff().await?.value;
    ensure(known == told, || {
        format!("GET /desk/session says {}", known.name)
    })
}

async fn cookies(shop: &Shop) -> Outcome {
    guarded_cookie(shop, &tablet(shop).await?.answer)?;
    guarded_cookie(shop, &staff(shop).await?.answer)
}
