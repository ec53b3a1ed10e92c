//! Answers that are not what the contract says.

use crate::server::{Act, HTML, ok, say};
use crate::{ABOUT, APOLOGY};
use client::Error;
use domain::catalog::{ProductQuery, StockLevel};
use domain::contract::Capability;
use domain::money::Money;

#[track_caller]
fn undecodable(error: Error, at: &str) {
    match error {
        Error::Undecodable { path, detail } => {
            assert_eq!(path, at, "{detail}");
            assert!(!detail.is_empty());
        }
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn an_empty_body() {
    let outcome = outcome!(ok(""), client => client.about());
    undecodable(outcome.error_at_once(), "$…");
    let no_content = vec![Act::Say(
        b"HTTP/1.1 204 No Content\r\nconnection: close\r\n\r\n".to_vec(),
    )];
    let outcome = outcome!(no_content, client => client.about());
    undecodable(outcome.error_at_once(), "$…");
}

#[tokio::test]
async fn html_instead_of_json() {
    let acts = vec![say("200 OK", HTML, APOLOGY)];
    let outcome = outcome!(acts, client => client.storefront());
    undecodable(outcome.error_at_once(), "$");
}

#[tokio::test]
async fn json_that_stops_in_the_middle() {
    let outcome =
        outcome!(ok(r#"{"backend":"linli","capabilities":["cata"#), client => client.about());
    undecodable(outcome.error_at_once(), "$…");
}

#[tokio::test]
async fn json_that_goes_on_after_its_end() {
    let outcome = outcome!(ok([ABOUT, "x"].concat()), client => client.about());
    undecodable(outcome.error_at_once(), "$");
}

#[tokio::test]
async fn wrong_types() {
    let cases = [
        ("null", "$"),
        ("[]", "$"),
        ("\"about\"", "$"),
        (r#"{"backend":7,"contract":"1.0"}"#, "$.backend"),
        (r#"{"backend":"b","contract":["1.0"]}"#, "$.contract"),
        (
            r#"{"backend":"b","contract":"1.0","capabilities":"all"}"#,
            "$.capabilities",
        ),
        (
            r#"{"backend":"b","contract":"1.0","capabilities":["live",{}]}"#,
            "$.capabilities[1]",
        ),
        (r#"{"contract":"1.0"}"#, "$.backend"),
    ];
    for (body, at) in cases {
        let outcome = outcome!(ok(body), client => client.about());
        undecodable(outcome.error_at_once(), at);
    }
}

#[tokio::test]
async fn a_nesting_without_end() {
    let deep = "[".repeat(200_000);
    let outcome = outcome!(ok(&deep), client => client.catalog().categories());
    assert!(matches!(outcome.error_at_once(), Error::Undecodable { .. }));
    // Below a field that nobody knows it is skipped by the same reader.
    let deep = [r#"{"backend":"b","news":"#, &deep].concat();
    let outcome = outcome!(ok(deep), client => client.about());
    assert!(matches!(outcome.error_at_once(), Error::Undecodable { .. }));
}

#[tokio::test]
async fn unknown_values_are_read() {
    let body =
        r#"{"backend":"b","contract":"2.7","capabilities":["teleport","live"],"x":{"y":[]}}"#;
    let about = outcome!(ok(body), client => client.about()).at_once();
    assert_eq!(about.capabilities, [Capability::Unknown, Capability::Live]);
}

#[tokio::test]
async fn json_under_another_name_is_read() {
    // A static host may not know better; the body decides.
    let acts = vec![say("200 OK", "content-type: text/plain\r\n", ABOUT)];
    assert_eq!(
        outcome!(acts, client => client.about()).at_once().contract,
        "1.0"
    );
    let acts = vec![say("203 Somebody Else's", "", ABOUT)];
    assert_eq!(
        outcome!(acts, client => client.about()).at_once().contract,
        "1.0"
    );
}

/// A page with one product, at a price and with a stock as they stand in the text.
fn one_product(amount: &str, stock: &str, content: &str) -> String {
    let item = [
        r#"{"id":"p","name":"n","merchant":"m","category":"c","lead":{"id":"v","name":"n","price":{"amount":"#,
        amount,
        r#","currency":"CNY"},"content":{"amount":"#,
        content,
        r#","unit":"g"},"stock":"#,
        stock,
        "}}",
    ]
    .concat();
    [r#"{"items":["#, &item, "]}"].concat()
}

#[tokio::test]
async fn money_that_does_not_fit() {
    let cases = [
        "9223372036854775808",
        "-9223372036854775809",
        "1e400",
        "12.5",
        "1e3",
        "\"12\"",
        "null",
        "123456789012345678901234567890123456789012345678901234567890",
    ];
    let query = ProductQuery::default();
    for amount in cases {
        let body = one_product(amount, r#"{"level":"plenty"}"#, "200");
        let outcome = outcome!(ok(body), client => client.catalog().products(&query));
        // The parser itself gives up on the one that fits no number at all.
        let at = match amount {
            "1e400" => "$",
            _ => "$.items[0].lead.price.amount",
        };
        undecodable(outcome.error_at_once(), at);
    }
}

#[tokio::test]
async fn the_largest_money_that_fits() {
    let query = ProductQuery::default();
    for amount in [i64::MAX, i64::MIN, 0, -1] {
        let body = one_product(
            &amount.to_string(),
            r#"{"level":"few","left":4294967295}"#,
            "1",
        );
        let page = outcome!(ok(body), client => client.catalog().products(&query)).at_once();
        let lead = &page.items[0].lead;
        assert_eq!(lead.price, Money::fen(amount));
        assert_eq!(lead.stock.most(), 99, "a cart does not believe everything");
        // What a page would draw of it: 500 times the largest does not fit and is left out.
        assert_eq!(lead.unit_price().is_some(), amount.abs_diff(0) <= 1);
        assert_eq!(lead.price.times(2).is_ok(), amount.abs_diff(0) <= 1);
        assert_eq!(
            lead.price.parts().0.starts_with('−'),
            amount < 0,
            "{:?}",
            lead.price.parts()
        );
    }
}

#[tokio::test]
async fn a_content_of_nothing_has_no_unit_price() {
    let query = ProductQuery::default();
    let body = one_product("1280", r#"{"level":"soon","left":null}"#, "0");
    let page = outcome!(ok(body), client => client.catalog().products(&query)).at_once();
    let lead = &page.items[0].lead;
    assert_eq!(lead.unit_price(), None);
    assert_eq!(
        (lead.stock.level, lead.stock.left),
        (StockLevel::Unknown, None)
    );
}

#[tokio::test]
async fn bytes_that_are_no_text() {
    // In a string they become the replacement character: a name with a hole is better than no page.
    let broken = b"{\"backend\":\"l\xff\xfe\",\"contract\":\"1.0\"}";
    let about = outcome!(ok(broken), client => client.about()).at_once();
    assert_eq!(about.backend, "l\u{fffd}\u{fffd}");
    // Anywhere else they are no JSON.
    let outcome = outcome!(ok(b"\xff\xfe\x00\x00"), client => client.about());
    undecodable(outcome.error_at_once(), "$");
    // A lone surrogate is no text, so the whole is no JSON.
    let outcome =
        outcome!(ok(r#"{"backend":"\ud800","contract":"1.0"}"#), client => client.about());
    undecodable(outcome.error_at_once(), "$");
}

#[tokio::test]
async fn a_very_large_body() {
    let five_mb = 5 * 1024 * 1024;
    let padded = [
        r#"{"backend":"b","contract":"1.0","poem":""#,
        &"鱼".repeat(five_mb / 3),
        r#""}"#,
    ]
    .concat();
    let about = outcome!(ok(padded), client => client.about()).at_once();
    assert_eq!(about.backend, "b");

    let blank = outcome!(ok(" ".repeat(five_mb)), client => client.about());
    undecodable(blank.error_at_once(), "$…");
}

#[tokio::test]
async fn an_error_is_short_however_large_the_answer() {
    // A wrong value is named in the error, which is shown and logged: not all 5 MB of it.
    let long = "鱼".repeat(5 * 1024 * 1024 / 3);
    let bodies = [
        ["\"", &long, "\""].concat(),
        [r#"{"backend":{"#, "\"", &long, r#"":7}}"#].concat(),
        [r#"{"capabilities":"#, "\"", &long, "\"}"].concat(),
        ["{\"", &long, r#"":tru}"#].concat(),
    ];
    for body in bodies {
        let outcome = outcome!(ok(body), client => client.about());
        let Error::Undecodable { path, detail } = outcome.error_at_once() else {
            panic!("it is no document about a backend");
        };
        assert!(
            path.len() + detail.len() < 2_000,
            "{} and {} bytes",
            path.len(),
            detail.len()
        );
    }
}
