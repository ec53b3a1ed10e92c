//! The page of the sandbox provider: a real page to which a shopper is sent, and from which they come
//! back. It stands for somebody else's site, so it shares nothing with the shop's pages.

use crate::language::Language;
use crate::payment::Sandbox;
use crate::problem::{PathId, Trouble};
use crate::store::{Choice, SandboxPayment};
use axum::Router;
use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::middleware::{self, Next};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::get;
use client::endpoint::encode;
use domain::problem::ProblemKind;

/// Nothing but the page's own sheet, and a form that leads nowhere else.
const POLICY: &str = "default-src 'none'; style-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'";

const SHEET: &str = include_str!("sandbox.css");

/// The sandbox, and for whom it takes money.
#[derive(Clone, Debug)]
pub struct Counter {
    /// Who takes the money.
    pub sandbox: Sandbox,
    /// What the shop is called.
    pub shop: String,
}

/// The sandbox's pages.
pub fn pages(counter: Counter) -> Router {
    Router::new()
        .route("/pay/sandbox.css", get(sheet))
        .route("/pay/sandbox/{id}", get(page).post(choose))
        .with_state(counter)
        .method_not_allowed_fallback(crate::problem::method_not_allowed)
        .layer(middleware::from_fn(apart))
}

async fn apart(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    for (name, value) in [
        (header::CONTENT_SECURITY_POLICY, POLICY),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        // Not "no-referrer": with that a form's `Origin` is null, and the guard below needs it.
        (header::REFERRER_POLICY, "same-origin"),
        (header::CACHE_CONTROL, "no-store"),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    response
}

async fn sheet() -> Response {
    ([(header::CONTENT_TYPE, "text/css; charset=utf-8")], SHEET).into_response()
}

async fn page(
    State(counter): State<Counter>,
    language: Language,
    PathId(id): PathId,
) -> Result<Response, Trouble> {
    let payment = found(&counter, &id).await?;
    let html = if payment.is_open {
        form(&counter, &payment, language)
    } else {
        over(&counter, &payment, language)
    };
    Ok(([(header::VARY, "accept-language")], Html(html)).into_response())
}

async fn choose(
    State(counter): State<Counter>,
    headers: HeaderMap,
    PathId(id): PathId,
    form: Result<Bytes, BytesRejection>,
) -> Result<Response, Trouble> {
    if !is_own_form(&headers) {
        return Err(Trouble::new(
            ProblemKind::UnsafeRequest,
            "pay on the page itself",
        ));
    }
    let payment = found(&counter, &id).await?;
    let form = form.unwrap_or_default();
    let choice = match &*form {
        b"choice=paid" => Choice::Paid,
        b"choice=declined" => Choice::Declined,
        b"choice=late" => Choice::Late,
        b"choice=left" => Choice::Left,
        _ => {
            return Err(Trouble::new(
                ProblemKind::InvalidBody,
                "choice is paid, declined, late or left",
            ));
        }
    };
    counter.sandbox.choose(&id.into(), choice).await?;
    let back = back(&payment);
    Ok((StatusCode::SEE_OTHER, [(header::LOCATION, back)]).into_response())
}

async fn found(counter: &Counter, id: &str) -> Result<SandboxPayment, Trouble> {
    let payment = counter.sandbox.payment(&id.into()).await?;
    payment.ok_or_else(|| Trouble::new(ProblemKind::NotFound, "there is no such payment"))
}

/// Where the shopper goes afterwards.
fn back(payment: &SandboxPayment) -> String {
    ["/orders/", &encode(&payment.reference)].concat()
}

/// Whether a form was sent by this page: browsers say so in one header or the other. Nobody is made
/// to pay by another site's form.
fn is_own_form(headers: &HeaderMap) -> bool {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    if let Some(site) = text("sec-fetch-site") {
        return site == "same-origin";
    }
    let own = text("origin")
        .and_then(|origin| origin.split_once("://"))
        .map(|(_, host)| host);
    own.is_some() && own == text("host")
}

struct Texts {
    lang: &'static str,
    title: &'static str,
    to: &'static str,
    choose: &'static str,
    buttons: [(&'static str, &'static str, &'static str); 4],
    over: &'static str,
    back: &'static str,
}

const ZH: Texts = Texts {
    lang: "zh-CN",
    title: "沙盒支付 · 不会扣钱",
    to: "付给",
    choose: "请选择这次付款的结果：",
    buttons: [
        ("paid", "付款成功", "马上通知店里"),
        ("late", "付款成功，通知晚到", "十五秒后才通知店里"),
        ("declined", "付款被拒", "银行没有同意"),
        ("left", "不付，直接离开", "不给任何答复"),
    ],
    over: "这笔付款已经结束了。",
    back: "回到订单",
};

const EN: Texts = Texts {
    lang: "en",
    title: "Sandbox payment · no money is taken",
    to: "To",
    choose: "Choose how this payment goes:",
    buttons: [
        ("paid", "It is paid", "The shop hears of it at once"),
        (
            "late",
            "It is paid, the notice comes late",
            "The shop hears of it after 15 seconds",
        ),
        ("declined", "It is declined", "The bank says no"),
        ("left", "Leave without an answer", "Nobody says anything"),
    ],
    over: "This payment is over.",
    back: "Back to the order",
};

fn texts(language: Language) -> &'static Texts {
    match language {
        Language::Zh => &ZH,
        Language::En => &EN,
    }
}

fn form(counter: &Counter, payment: &SandboxPayment, language: Language) -> String {
    let texts = texts(language);
    let buttons: String = texts
        .buttons
        .iter()
        .map(|(choice, name, note)| {
            format!(
                "<button name=\"choice\" value=\"{choice}\" class=\"{choice}\"><b>{name}</b><small>{note}</small></button>"
            )
        })
        .collect();
    let main = format!(
        "<p id=\"choose\">{}</p><form method=\"post\" aria-labelledby=\"choose\">{buttons}</form>",
        texts.choose
    );
    frame(counter, payment, texts, &main)
}

fn over(counter: &Counter, payment: &SandboxPayment, language: Language) -> String {
    let texts = texts(language);
    let (over, name, address) = (texts.over, texts.back, back(payment));
    let main = format!("<p>{over}</p><a href=\"{address}\">{name}</a>");
    frame(counter, payment, texts, &main)
}

fn frame(counter: &Counter, payment: &SandboxPayment, texts: &Texts, main: &str) -> String {
    let Texts {
        lang, title, to, ..
    } = texts;
    let (shop, amount) = (escaped(&counter.shop), payment.amount);
    format!(
        "<!doctype html><html lang=\"{lang}\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\
         <meta name=\"color-scheme\" content=\"light\"><title>{title}</title>\
         <link rel=\"stylesheet\" href=\"/pay/sandbox.css\"></head><body><main>\
         <h1>{title}</h1><dl><dt>{to}</dt><dd>{shop}</dd></dl><p class=\"amount\">{amount}</p>{main}</main></body></html>"
    )
}

/// A text that is shown as it is.
fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn only_its_own_form_pays() {
        let sent = |headers: &[(&'static str, &str)]| {
            let mut map = HeaderMap::new();
            for (name, value) in headers {
                map.insert(*name, HeaderValue::from_str(value).unwrap());
            }
            is_own_form(&map)
        };
        let host = ("host", "shop.example:8080");
        assert!(sent(&[host, ("sec-fetch-site", "same-origin")]));
        assert!(sent(&[host, ("origin", "http://shop.example:8080")]));
        assert!(!sent(&[host]));
        assert!(!sent(&[host, ("origin", "null")]));
        assert!(!sent(&[host, ("origin", "http://shop.example")]));
        assert!(!sent(&[host, ("origin", "http://evil.example")]));
        for site in ["cross-site", "same-site", "none"] {
            let own = ("origin", "http://shop.example:8080");
            assert!(!sent(&[host, own, ("sec-fetch-site", site)]));
        }
    }

    #[test]
    fn a_name_is_a_text() {
        assert_eq!(escaped("<b>\"A&B\""), "&lt;b&gt;&quot;A&amp;B&quot;");
    }
}
