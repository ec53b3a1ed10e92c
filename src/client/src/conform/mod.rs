//! Whether a backend keeps the contract: every rule of it, tried from outside.
//!
//! A file for each part of the contract lists its rules, each with the function that tries it.
//! What several rules need (two members, goods, an order, somebody at the desk) is made once, by
//! the rule that needs it first. A part that the backend does not name is skipped.

mod after_sale;
mod asking;
mod backend;
mod bundles;
mod carts;
mod catalogue;
mod desk;
mod document;
mod lists;
mod live;
mod members;
mod once;
mod orders;
mod placing;
mod report;
mod rule;
mod sets;
mod shop;
mod steps;
mod storefront;
mod tastings;

pub use report::{Line, Report, Verdict};

use domain::contract::Capability;
use rule::{Not, Rule};
use shop::Shop;
use std::path::PathBuf;

/// Which backend is tried, and with what.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// Where its API is: `http://127.0.0.1:8080/api/v1`.
    pub base: String,
    /// A program that prints the sign-in code last sent to the number in its environment, `PHONE`.
    /// Without it the code must stand in the answer, as a demo's does.
    pub code_from: Option<PathBuf>,
    /// What opens the desk; without it only its refusals are tried.
    pub desk: Option<DeskKeys>,
}

/// What opens the staff's desk.
#[derive(Clone, Debug)]
pub struct DeskKeys {
    /// A one-time code that makes a tablet one of the shop's. It is spent.
    pub device_code: String,
    /// A PIN of somebody who may work at the counter.
    pub pin: String,
}

/// A part of the contract.
struct Group {
    name: &'static str,
    /// Without this capability the part is skipped.
    of: Option<Capability>,
    rules: &'static [&'static [Rule]],
}

const GROUPS: [Group; 10] = [
    Group {
        name: "backend",
        of: None,
        rules: &[backend::RULES],
    },
    Group {
        name: "catalogue",
        of: Some(Capability::Catalogue),
        rules: &[catalogue::RULES, lists::RULES],
    },
    Group {
        name: "storefront",
        of: Some(Capability::Storefront),
        rules: &[storefront::RULES],
    },
    Group {
        name: "bundles",
        of: Some(Capability::Bundles),
        rules: &[bundles::RULES],
    },
    Group {
        name: "members",
        of: Some(Capability::Members),
        rules: &[members::RULES],
    },
    Group {
        name: "orders",
        of: Some(Capability::Orders),
        rules: &[carts::RULES, placing::RULES, once::RULES, orders::RULES],
    },
    Group {
        name: "sets",
        of: Some(Capability::Bundles),
        rules: &[sets::RULES],
    },
    Group {
        name: "tastings",
        of: Some(Capability::Booking),
        rules: &[tastings::RULES],
    },
    Group {
        name: "live",
        of: Some(Capability::Live),
        rules: &[live::RULES],
    },
    Group {
        name: "desk",
        of: Some(Capability::Desk),
        rules: &[desk::RULES, steps::RULES],
    },
];

/// Tries every rule on a backend. It must be one on which orders may be placed: they are cancelled
/// again, but one is handed over when the desk is tried, and comes back.
pub async fn run(options: Options) -> Report {
    let mut report = Report::default();
    let shop = Shop::new(options).await;
    for group in &GROUPS {
        let left_out = group.of.and_then(|capability| shop.lacks(capability));
        for rule in group.rules.iter().copied().flatten() {
            let outcome = match &left_out {
                None => (rule.check)(&shop).await,
                Some(why) => Err(Not::Tried(why.clone())),
            };
            report.tell(group.name, rule.says, outcome);
        }
    }
    report.left_behind = shop.tidy_up().await;
    report
}
