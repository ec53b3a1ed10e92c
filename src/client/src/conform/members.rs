//! Signing in and out, sessions, the member's cart.

use super::asking::{Answer, Caller};
use super::document;
use super::rule::{Not, Outcome, Rule, broken, ensure, refused, rules, skip};
use super::shop::{Shop, some_phone};
use crate::endpoint;
use domain::member::{CodeSent, Member, MemberCart, Phone};
use domain::pricing::WantedLine;
use domain::problem::ProblemKind;
use reqwest::Method;
use serde_json::json;

pub(super) const RULES: &[Rule] = rules![
    "a number that is none is invalid-body at /phone" => no_number,
    "a code lasts a while; another one at once is too-many-requests with Retry-After" => code_sent,
    "a wrong code is wrong-code and signs nobody in" => wrong_code,
    "the right code signs in; the number is told with its middle hidden" => signs_in,
    "a code works once" => once,
    "the session is a cookie that is HttpOnly and SameSite" => cookie,
    "what is a member's is not-signed-in for anybody else" => closed,
    "a write without x-shop-request is unsafe-request" => unsafe_writes,
    "a body that is no JSON, or of another shape or type, is refused" => bodies,
    "a member's cart is kept as it was put" => cart,
    "personal answers say Cache-Control: no-store" => private,
    "signing out ends the session; twice is no mistake" => signs_out,
];

async fn no_number(shop: &Shop) -> Outcome {
    let caller = shop.anybody()?;
    for phone in ["", "123", "1380013800x", "02155500137", "138001380000"] {
        let body = json!({"phone": phone, "code": "000000"});
        for path in [endpoint::sign_in_codes(), endpoint::sign_in()] {
            let answer = caller.post(path.as_str(), &body).await?;
            answer.is_problem_at(ProblemKind::InvalidBody, "/phone")?;
        }
    }
    Ok(())
}

async fn code_sent(shop: &Shop) -> Outcome {
    let (caller, body) = (shop.anybody()?, json!({"phone": some_phone()}));
    let path = endpoint::sign_in_codes();
    let answer = caller.post(path.as_str(), &body).await?;
    if matches!(answer.status, 429 | 503) {
        return skip(format!("no code is sent now: {}", answer.status));
    }
    answer.has_status(202)?;
    let sent: CodeSent = answer.read()?;
    ensure(sent.now.ms < sent.expires_at.ms, || {
        "the code expires before it is sent".to_owned()
    })?;
    ensure(sent.now.ms < sent.again_at.ms, || {
        "another code may be asked for at once".to_owned()
    })?;
    let again = caller.post(path.as_str(), &body).await?;
    again.is_problem(ProblemKind::TooManyRequests)?;
    ensure(again.header("retry-after").parse::<u32>().is_ok(), || {
        format!("Retry-After is `{}`", again.header("retry-after"))
    })
}

async fn wrong_code(shop: &Shop) -> Outcome {
    let (caller, phone) = (shop.anybody()?, some_phone());
    let right = shop.code_for(&caller, &phone).await?;
    let members = caller.client.members();
    let wrong = members.sign_in(&phone, &another(&right)).await;
    refused("a wrong code", wrong, ProblemKind::WrongCode)?;
    // A code is for the number it was sent to.
    let others = members.sign_in(&some_phone(), &right).await;
    refused("another number's code", others, ProblemKind::WrongCode)?;
    let nobody = members.me().await;
    refused("GET /me after that", nobody, ProblemKind::NotSignedIn)
}

/// Other digits of the same length.
fn another(digits: &str) -> String {
    let turn = |c: char| c.to_digit(10).and_then(|d| char::from_digit(9 - d, 10));
    digits.chars().map(|c| turn(c).unwrap_or(c)).collect()
}

async fn signs_in(shop: &Shop) -> Outcome {
    let member = shop.signed_in().await?;
    let told: Member = member.answer.read()?;
    let me = member.caller.client.members().me().await?.value;
    ensure(me == told, || {
        "GET /me tells of another member than the sign-in".to_owned()
    })?;
    let hidden = Phone::parse(&member.phone).map(|phone| phone.masked());
    ensure(Some(&me.phone) == hidden.as_ref(), || {
        format!("the number is told as {}", me.phone)
    })
}

async fn once(shop: &Shop) -> Outcome {
    let member = shop.member().await?;
    let caller = shop.anybody()?;
    let members = caller.client.members();
    let again = members.sign_in(&member.phone, &member.code).await;
    refused("the same code again", again, ProblemKind::WrongCode)
}

async fn cookie(shop: &Shop) -> Outcome {
    guarded_cookie(shop, &shop.member().await?.answer)
}

/// The answer sets a cookie that no script and no other site can use.
pub(super) fn guarded_cookie(shop: &Shop, answer: &Answer) -> Outcome {
    let cookies = answer.values("set-cookie");
    ensure(!cookies.is_empty(), || {
        format!("{} sets no cookie", answer.asked)
    })?;
    for cookie in cookies {
        let mut parts = cookie.split(';').map(|part| part.trim().to_lowercase());
        let name = parts.next().unwrap_or_default();
        let name = name.split('=').next().unwrap_or_default().to_owned();
        let attributes: Vec<_> = parts.collect();
        let has = |attribute: &str| attributes.iter().any(|one| one == attribute);
        ensure(has("httponly"), || {
            format!("the cookie {name} is not HttpOnly")
        })?;
        ensure(has("samesite=lax") || has("samesite=strict"), || {
            format!("the cookie {name} is not SameSite=Lax or Strict")
        })?;
        let secret = shop.options.base.starts_with("https:");
        ensure(!secret || has("secure"), || {
            format!("the cookie {name} is not Secure")
        })?;
    }
    Ok(())
}

async fn closed(shop: &Shop) -> Outcome {
    let caller = shop.anybody()?;
    for path in [endpoint::me(), endpoint::my_cart()] {
        let answer = caller.get(path.as_str()).await?;
        answer.is_problem(ProblemKind::NotSignedIn)?;
    }
    let empty = MemberCart::default();
    let put = caller.client.members().keep_cart(&empty).await;
    refused("PUT /me/cart", put, ProblemKind::NotSignedIn)
}

async fn unsafe_writes(shop: &Shop) -> Outcome {
    let caller = &shop.member().await?.caller;
    let phone = some_phone();
    let writes = [
        (Method::POST, endpoint::sign_in_codes()),
        (Method::POST, endpoint::sign_in()),
        (Method::PUT, endpoint::my_cart()),
        (Method::DELETE, endpoint::session()),
    ];
    for (method, path) in writes {
        let body = json!({"phone": phone, "code": "000000", "lines": []});
        let answer = caller.bare(method, path.as_str()).json(&body).send();
        answer.await?.is_problem(ProblemKind::UnsafeRequest)?;
    }
    let me = caller.client.members().me().await;
    ensure(me.is_ok(), || {
        "a sign-out without x-shop-request ended the session".to_owned()
    })
}

async fn bodies(shop: &Shop) -> Outcome {
    let caller = shop.anybody()?;
    for path in [endpoint::sign_in_codes(), endpoint::sign_in()] {
        document::bodies_are_checked(&caller, path.as_str()).await?;
    }
    Ok(())
}

async fn cart(shop: &Shop) -> Outcome {
    let members = shop.member().await?.caller.client.members();
    // It is kept as it was put: also what is not sold any more.
    let full = MemberCart {
        lines: vec![WantedLine {
            variant: "there-is-no-such-variant".into(),
            quantity: 3,
            seen: Some(domain::money::Money::fen(990)),
        }],
        ..MemberCart::default()
    };
    for cart in [full, MemberCart::default()] {
        members.keep_cart(&cart).await?;
        let kept = members.cart().await?.value;
        ensure(kept == cart, || {
            format!("a cart of {} lines is not kept as put", cart.lines.len())
        })?;
    }
    Ok(())
}

async fn private(shop: &Shop) -> Outcome {
    let member = shop.member().await?;
    member.answer.is_private()?;
    for path in [endpoint::me(), endpoint::my_cart()] {
        let answer = member.caller.get(path.as_str()).await?;
        answer.has_status(200)?;
        answer.is_private()?;
    }
    Ok(())
}

async fn signs_out(shop: &Shop) -> Outcome {
    let member = shop.sign_somebody_in().await;
    let member = member.map_err(|not| not.needed("a third member"))?;
    let cookies = member.answer.values("set-cookie");
    let pairs = cookies.iter().filter_map(|cookie| cookie.split(';').next());
    let pairs = pairs.collect::<Vec<_>>().join("; ");
    let thief = shop.forgetful()?;
    with_cookies(&thief, &pairs).await?.has_status(200)?;
    let members = member.caller.client.members();
    for _ in 0..2 {
        members.sign_out().await?;
        let me = members.me().await;
        refused("GET /me after signing out", me, ProblemKind::NotSignedIn)?;
    }
    match with_cookies(&thief, &pairs).await? {
        answer if answer.status == 200 => broken("the cookie of before still works"),
        answer => answer.is_problem(ProblemKind::NotSignedIn).map(|_| ()),
    }
}

async fn with_cookies(caller: &Caller, pairs: &str) -> Result<Answer, Not> {
    let ask = caller.ask(Method::GET, endpoint::me().as_str());
    ask.header("cookie", pairs).send().await
}
