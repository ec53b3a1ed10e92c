//! Carts: priced for whoever asks, and kept for a member.

use super::Shop;
use super::guard::{Anybody, SignedIn};
use crate::language::Language;
use crate::problem::{JsonBody, Trouble};
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use domain::cart::MAX_QUANTITY;
use domain::id::CouponId;
use domain::live::readable;
use domain::member::MemberCart;
use domain::pricing::{MAX_LINES, Quote, QuoteRequest, WantedBundle};
use domain::problem::{FieldProblem, Problem};

/// The most coupons that one may ask for.
const MAX_COUPONS: usize = 100;

/// Prices a cart, for a member with their coupons and points. What is wrong with a line or a bundle
/// stands there.
#[utoipa::path(
    post,
    path = "/api/v1/carts/quote",
    tag = "orders",
    request_body = QuoteRequest,
    params(
        ("x-shop-request" = String, Header, description = "any value: sent by the shop's own pages"),
        ("accept-language" = Option<String>, Header, description = "zh-CN or en"),
    ),
    responses(
        (status = 200, body = Quote),
        (status = 400, body = Problem, content_type = "application/problem+json", description = "invalid-body"),
        (status = 403, body = Problem, content_type = "application/problem+json", description = "unsafe-request"),
        (status = 413, body = Problem, content_type = "application/problem+json"),
        (status = 415, body = Problem, content_type = "application/problem+json"),
        (status = 500, body = Problem, content_type = "application/problem+json"),
    )
)]
pub async fn quote(
    State(shop): State<Shop>,
    Anybody(member): Anybody,
    language: Language,
    JsonBody(cart): JsonBody<QuoteRequest>,
) -> Result<Json<Quote>, Trouble> {
    refuse(check_cart(&cart))?;
    let quote = shop
        .store
        .quote(&cart, member.as_ref(), language, &shop.clock)
        .await?;
    Ok(Json(quote))
}

/// The cart that the member has on every phone.
#[utoipa::path(
    get,
    path = "/api/v1/me/cart",
    tag = "members",
    responses(
        (status = 200, body = MemberCart),
        (status = 401, body = Problem, content_type = "application/problem+json", description = "not-signed-in"),
        (status = 500, body = Problem, content_type = "application/problem+json"),
    )
)]
pub async fn my_cart(
    State(shop): State<Shop>,
    SignedIn(member): SignedIn,
) -> Result<Json<MemberCart>, Trouble> {
    Ok(Json(shop.store.member_cart(&member).await?))
}

/// Puts a cart in the place of the one that was there.
#[utoipa::path(
    put,
    path = "/api/v1/me/cart",
    tag = "members",
    request_body = MemberCart,
    params(("x-shop-request" = String, Header, description = "any value: sent by the shop's own pages")),
    responses(
        (status = 204, description = "kept"),
        (status = 400, body = Problem, content_type = "application/problem+json", description = "invalid-body"),
        (status = 401, body = Problem, content_type = "application/problem+json", description = "not-signed-in"),
        (status = 403, body = Problem, content_type = "application/problem+json", description = "unsafe-request"),
        (status = 413, body = Problem, content_type = "application/problem+json"),
        (status = 415, body = Problem, content_type = "application/problem+json"),
        (status = 500, body = Problem, content_type = "application/problem+json"),
    )
)]
pub async fn keep_my_cart(
    State(shop): State<Shop>,
    SignedIn(member): SignedIn,
    JsonBody(cart): JsonBody<MemberCart>,
) -> Result<StatusCode, Trouble> {
    let wanted = QuoteRequest {
        lines: cart.lines.clone(),
        bundles: cart.bundles.clone(),
        ..QuoteRequest::default()
    };
    if !is_empty(&wanted) {
        refuse(check_cart(&wanted))?;
    }
    shop.store.keep_member_cart(&member, &cart).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Refuses a body that has problems.
pub(super) fn refuse(problems: Vec<FieldProblem>) -> Result<(), Trouble> {
    if problems.is_empty() {
        Ok(())
    } else {
        Err(Trouble::invalid_body(problems))
    }
}

/// Trouble with a field of the body.
pub(super) fn wrong(field: String, detail: &str) -> FieldProblem {
    FieldProblem {
        field,
        detail: detail.to_owned(),
    }
}

/// A text that may not be longer than this, in characters.
pub(super) fn check_text(field: &str, text: &str, most: usize) -> Option<FieldProblem> {
    let too_long = text.chars().count() > most || text.contains('\0');
    too_long.then(|| wrong(field.to_owned(), &format!("at most {most} characters")))
}

/// The same of a text that must say something.
pub(super) fn said(field: &str, text: &str, most: usize) -> Option<FieldProblem> {
    let nothing = readable(text).is_empty();
    let problem = || wrong(field.to_owned(), &format!("1 to {most} characters"));
    nothing
        .then(problem)
        .or_else(|| check_text(field, text, most))
}

fn is_empty(cart: &QuoteRequest) -> bool {
    cart.lines.is_empty() && cart.bundles.is_empty()
}

/// What makes no sense in a cart.
pub(super) fn check_cart(cart: &QuoteRequest) -> Vec<FieldProblem> {
    if is_empty(cart) {
        return vec![wrong("/lines".to_owned(), "the cart is empty")];
    }
    if cart.lines.len() + cart.bundles.len() > MAX_LINES {
        let detail = "at most 100 lines, bundles among them";
        return vec![wrong("/lines".to_owned(), detail)];
    }
    let mut problems = Vec::new();
    let mut check_quantity = |field: String, quantity: u32| {
        if !(1..=MAX_QUANTITY).contains(&quantity) {
            problems.push(wrong(field, "1 to 99"));
        }
    };
    for (at, line) in cart.lines.iter().enumerate() {
        check_quantity(format!("/lines/{at}/quantity"), line.quantity);
    }
    for (at, row) in cart.bundles.iter().enumerate() {
        check_quantity(format!("/bundles/{at}/quantity"), row.quantity);
    }
    let twice = |field: String| wrong(field, "it has a line already");
    for at in repeated(&cart.lines, |one, other| one.variant == other.variant) {
        problems.push(twice(format!("/lines/{at}/variant")));
    }
    let same_choice = |one: &WantedBundle, other: &WantedBundle| {
        one.bundle == other.bundle && one.choice == other.choice
    };
    for at in repeated(&cart.bundles, same_choice) {
        problems.push(twice(format!("/bundles/{at}/choice")));
    }
    problems.extend(check_coupons(cart.coupons.as_deref().unwrap_or_default()));
    problems
}

fn check_coupons(asked: &[CouponId]) -> Vec<FieldProblem> {
    if asked.len() > MAX_COUPONS {
        return vec![wrong("/coupons".to_owned(), "at most 100 coupons")];
    }
    repeated(asked, |one, other| one == other)
        .into_iter()
        .map(|at| wrong(format!("/coupons/{at}"), "it is named already"))
        .collect()
}

/// Where something stands again that stood before.
fn repeated<T>(rows: &[T], is_same: impl Fn(&T, &T) -> bool) -> Vec<usize> {
    let mut again = Vec::new();
    for (at, row) in rows.iter().enumerate() {
        if rows.iter().take(at).any(|before| is_same(before, row)) {
            again.push(at);
        }
    }
    again
}
