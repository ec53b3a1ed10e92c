//! What holds for a backend whatever it offers.

use super::document;
use super::rule::{Not, Outcome, Rule, ensure, rules};
use super::shop::Shop;
use domain::contract::{About, Capability, VERSION};
use domain::problem::ProblemKind;
use reqwest::Method;

pub(super) const RULES: &[Rule] = rules![
    "it names itself, the contract's version and what it can do" => names_itself,
    "an address that is none is the problem not-found" => no_such_address,
    "a wrong method is the problem method-not-allowed" => wrong_method,
    "a read has an ETag, and who has that copy is answered 304" => confirmed,
    "a read says Cache-Control: no-cache, Vary: Accept-Language and Date" => kept,
];

async fn names_itself(shop: &Shop) -> Outcome {
    let About {
        backend,
        contract,
        capabilities,
    } = shop.about.as_ref().map_err(Not::clone)?;
    ensure(!backend.trim().is_empty(), || "it has no name".to_owned())?;
    let major = |version: &str| version.split('.').next().map(str::to_owned);
    ensure(major(contract) == major(VERSION), || {
        format!("its contract is {contract}, this is about {VERSION}")
    })?;
    let known = capabilities.iter().any(|one| *one != Capability::Unknown);
    ensure(known, || "it names no capability".to_owned())
}

async fn no_such_address(shop: &Shop) -> Outcome {
    let caller = shop.anybody()?;
    for path in ["/there-is-nothing-here", "/there/is/nothing/here?q=1"] {
        caller.get(path).await?.is_problem(ProblemKind::NotFound)?;
    }
    let posted = caller
        .post("/there-is-nothing-here", &serde_json::json!({}))
        .await?;
    posted.is_problem(ProblemKind::NotFound)?;
    Ok(())
}

async fn wrong_method(shop: &Shop) -> Outcome {
    let caller = shop.anybody()?;
    for method in [Method::POST, Method::PUT, Method::DELETE, Method::PATCH] {
        let answer = caller.ask(method, "").send().await?;
        answer.is_problem(ProblemKind::MethodNotAllowed)?;
    }
    Ok(())
}

async fn confirmed(shop: &Shop) -> Outcome {
    document::is_confirmed(&shop.anybody()?, "").await
}

async fn kept(shop: &Shop) -> Outcome {
    document::is_kept_right(&shop.anybody()?, "").await
}
