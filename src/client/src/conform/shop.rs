//! The shop that is tried, and what several rules need of it: made once, by whoever needs it first.

use super::asking::{Answer, Caller};
use super::desk::{AtDesk, Tablet};
use super::placing::Placed;
use super::rule::{Not, Outcome, broken, skip};
use super::{Options, lists};
use crate::{Error, endpoint};
use domain::catalog::{ProductSummary, StockLevel, Variant};
use domain::contract::{About, Capability};
use domain::id::{OrderId, ProductId, VariantId};
use domain::order::Order;
use domain::problem::ProblemKind;
use serde_json::json;
use std::collections::hash_map::RandomState;
use std::hash::BuildHasher;
use std::process::Stdio;
use std::sync::Mutex;
use std::time::Duration;
use tokio::process::Command;
use tokio::sync::OnceCell;

/// How long the program that prints codes may take.
const CODE_PATIENCE: Duration = Duration::from_secs(30);

/// The shop that is tried.
pub(super) struct Shop {
    pub(super) options: Options,
    pub(super) about: Outcome<About>,
    /// Whether there is nobody who answers.
    away: bool,
    members: [OnceCell<Outcome<SignedIn>>; 2],
    goods: OnceCell<Outcome<Vec<Good>>>,
    pub(super) order: OnceCell<Outcome<Placed>>,
    pub(super) tablet: OnceCell<Outcome<Tablet>>,
    pub(super) staff: OnceCell<Outcome<AtDesk>>,
    pub(super) bag: OnceCell<Outcome<Order>>,
    placed: Mutex<Vec<OrderId>>,
}

/// A member who is signed in.
pub(super) struct SignedIn {
    pub(super) caller: Caller,
    pub(super) phone: String,
    pub(super) code: String,
    /// How the backend answered the sign-in.
    pub(super) answer: Answer,
}

/// A variant on the shelves.
#[derive(Clone, Debug)]
pub(super) struct Good {
    pub(super) product: ProductId,
    pub(super) variant: Variant,
}

impl Good {
    pub(super) fn id(&self) -> &VariantId {
        &self.variant.id
    }

    /// How many there are, as far as it is told.
    pub(super) fn left(&self) -> Option<u32> {
        pieces(&self.variant)
    }
}

/// How many there are of a variant, as far as it is told.
fn pieces(variant: &Variant) -> Option<u32> {
    if variant.stock.level == StockLevel::None {
        Some(0)
    } else {
        variant.stock.left
    }
}

impl Shop {
    pub(super) async fn new(options: Options) -> Self {
        let (about, away) = match Caller::new(&options.base) {
            Ok(caller) => match caller.client.about().await {
                Ok(about) => (Ok(about.value), false),
                Err(error) => (Err(error.clone().into()), error == Error::Offline),
            },
            Err(not) => (Err(not), true),
        };
        Self {
            options,
            about,
            away,
            members: Default::default(),
            goods: OnceCell::new(),
            order: OnceCell::new(),
            tablet: OnceCell::new(),
            staff: OnceCell::new(),
            bag: OnceCell::new(),
            placed: Mutex::default(),
        }
    }

    /// Why nothing of this part is tried, where that is so.
    pub(super) fn lacks(&self, capability: Capability) -> Option<String> {
        match &self.about {
            Ok(about) if about.capabilities.contains(&capability) => None,
            Ok(_) => Some("the backend does not name it".to_owned()),
            Err(_) => Some("the backend does not say what it can do".to_owned()),
        }
    }

    /// Somebody who is not signed in. Where nobody answers, nobody asks again.
    pub(super) fn anybody(&self) -> Outcome<Caller> {
        if self.away {
            return skip("nobody answers there");
        }
        Caller::new(&self.options.base)
    }

    /// Somebody who keeps no cookies.
    pub(super) fn forgetful(&self) -> Outcome<Caller> {
        Caller::forgetful(&self.options.base)
    }

    /// A member, for the rule that is about signing in.
    pub(super) async fn signed_in(&self) -> Outcome<&SignedIn> {
        self.nth_member(0).await
    }

    /// A member, for a rule that needs one.
    pub(super) async fn member(&self) -> Outcome<&SignedIn> {
        let member = self.nth_member(0).await;
        member.map_err(|not| not.needed("a member"))
    }

    /// Another member.
    pub(super) async fn other_member(&self) -> Outcome<&SignedIn> {
        let member = self.nth_member(1).await;
        member.map_err(|not| not.needed("a second member"))
    }

    async fn nth_member(&self, which: usize) -> Outcome<&SignedIn> {
        let Some(cell) = self.members.get(which) else {
            return skip("there is no such member");
        };
        let member = cell.get_or_init(|| self.sign_somebody_in()).await;
        member.as_ref().map_err(Not::clone)
    }

    /// Signs a new member in.
    pub(super) async fn sign_somebody_in(&self) -> Outcome<SignedIn> {
        if let Some(why) = self.lacks(Capability::Members) {
            return skip(format!("members: {why}"));
        }
        let (caller, phone) = (self.anybody()?, some_phone());
        let code = self.code_for(&caller, &phone).await?;
        let body = json!({"phone": phone, "code": code});
        let answer = caller.post(endpoint::sign_in().as_str(), &body).await?;
        answer.has_status(200)?;
        Ok(SignedIn {
            caller,
            phone,
            code,
            answer,
        })
    }

    /// Has a sign-in code sent, and learns it.
    pub(super) async fn code_for(&self, caller: &Caller, phone: &str) -> Outcome<String> {
        let sent = match caller.client.members().send_code(phone).await {
            Ok(sent) => sent,
            Err(Error::Refused { problem, .. })
                if problem.kind == ProblemKind::TooManyRequests
                    || problem.kind == ProblemKind::Unavailable =>
            {
                return skip(format!("no code is sent now: {}", problem.detail));
            }
            Err(error) => return Err(error.into()),
        };
        if let Some(code) = sent.demo_code {
            return Ok(code);
        }
        let Some(program) = &self.options.code_from else {
            return skip("the answer does not show the code: give --code-from");
        };
        let output = Command::new(program)
            .env("PHONE", phone)
            .stdin(Stdio::null())
            .kill_on_drop(true)
            .output();
        let printed = match tokio::time::timeout(CODE_PATIENCE, output).await {
            Ok(Ok(output)) if output.status.success() => output.stdout,
            Ok(Ok(output)) => return skip(format!("--code-from ended with {}", output.status)),
            Ok(Err(error)) => return skip(format!("--code-from cannot be started: {error}")),
            Err(_) => return skip("--code-from printed nothing in 30 s"),
        };
        let code = String::from_utf8_lossy(&printed).trim().to_owned();
        if code.is_empty() {
            return skip("--code-from printed nothing");
        }
        Ok(code)
    }

    /// What is on the shelves: the variants that lists show.
    pub(super) async fn goods(&self) -> Outcome<&[Good]> {
        let goods = self.goods.get_or_init(|| async {
            if let Some(why) = self.lacks(Capability::Catalogue) {
                return skip(format!("needs the catalogue: {why}"));
            }
            let listed = lists::all(&self.anybody()?).await?;
            let good = |product: ProductSummary| Good {
                product: product.id,
                variant: product.lead,
            };
            Ok(listed.into_iter().map(good).collect())
        });
        let goods = goods.await.as_ref();
        goods.map(Vec::as_slice).map_err(|not| not.needed("goods"))
    }

    /// Something that can be bought; where possible something whose number is told.
    pub(super) async fn something(&self) -> Outcome<&Good> {
        let goods = self.goods().await?;
        let there = |good: &&Good| good.variant.stock.available();
        let told = |good: &&Good| good.left().is_some_and(|left| left >= 2);
        let found = goods.iter().filter(there).find(told);
        match found.or_else(|| goods.iter().find(there)) {
            Some(good) => Ok(good),
            None => skip("nothing can be bought in this shop"),
        }
    }

    /// How many there are of something now, as far as it is told.
    pub(super) async fn left(&self, good: &Good) -> Outcome<Option<u32>> {
        let caller = self.anybody()?;
        let product = caller.client.catalog().product(&good.product).await?.value;
        let variants = &product.variants;
        match variants.iter().find(|variant| variant.id == *good.id()) {
            Some(variant) => Ok(pieces(variant)),
            None => broken(format!(
                "{} is not a variant of {} any more",
                good.id(),
                good.product
            )),
        }
    }

    /// Remembers an order, so that it is cancelled in the end.
    pub(super) fn remember(&self, order: &OrderId) {
        if let Ok(mut placed) = self.placed.lock()
            && !placed.contains(order)
        {
            placed.push(order.clone());
        }
    }

    /// Calls off what is still open and signs everybody out. Returns the numbers of orders for which
    /// that did not work.
    pub(super) async fn tidy_up(&self) -> Vec<String> {
        let placed = match self.placed.lock() {
            Ok(placed) => placed.clone(),
            Err(_) => Vec::new(),
        };
        let mut left_behind = Vec::new();
        let member = self.members.first().and_then(OnceCell::get);
        let staff = self.staff.get().and_then(|staff| staff.as_ref().ok());
        if let (Some(staff), Some(keys)) = (staff, &self.options.desk) {
            // A rule has locked the desk meanwhile.
            let _ = staff.caller.client.desk().sign_in(&keys.pin).await;
        }
        if let Some(Ok(member)) = member {
            let orders = member.caller.client.orders();
            for id in &placed {
                let mut order = orders.cancel(id).await.ok();
                if let (None, Some(staff)) = (&order, staff) {
                    order = staff.caller.client.desk().step(id, "cancel").await.ok();
                }
                if order.is_none() {
                    order = orders.order(id).await.ok().map(|order| order.value);
                }
                match order {
                    Some(order) if order.state.is_final() => {}
                    Some(order) => left_behind.push(order.number),
                    None => left_behind.push(id.to_string()),
                }
            }
        }
        if let Some(staff) = staff {
            let _ = staff.caller.client.desk().sign_out().await;
        }
        for member in self.members.iter().filter_map(OnceCell::get).flatten() {
            let _ = member.caller.client.members().sign_out().await;
        }
        left_behind
    }
}

/// A number that is hopefully nobody's.
pub(super) fn some_phone() -> String {
    format!("199{:08}", random() % 100_000_000)
}

/// A name for an intent.
pub(super) fn some_key() -> String {
    format!("conform-{:016x}{:016x}", random(), random())
}

/// Enough chance that two runs do not meet.
fn random() -> u64 {
    RandomState::new().hash_one(std::time::SystemTime::now())
}
