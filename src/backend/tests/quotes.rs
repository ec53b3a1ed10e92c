//! What a cart costs, and when it can be picked up. Nobody needs to be signed in for that.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    missing_docs,
    reason = "tests"
)]

mod common;

use common::people::wanted;
use common::{OpenShop, now};
use domain::money::Money;
use domain::pricing::{LineProblem, LineProblemKind, Quote, QuoteRequest, WantedLine};

async fn quote(shop: &OpenShop, language: &str, lines: &[WantedLine]) -> Quote {
    let cart = QuoteRequest {
        lines: lines.to_vec(),
        ..QuoteRequest::default()
    };
    shop.client(language).orders().quote(&cart).await.unwrap()
}

fn seen(variant: &str, quantity: u32, fen: i64) -> WantedLine {
    WantedLine {
        seen: Some(Money::fen(fen)),
        ..wanted(variant, quantity)
    }
}

fn problem(kind: LineProblemKind) -> LineProblem {
    kind.into()
}

#[tokio::test]
async fn a_cart_is_priced() {
    let shop = OpenShop::demo().await;
    let before = shop.books().await;
    let lines = [seen("tomato-500g", 2, 590), wanted("avocado-2", 1)];
    let quote = quote(&shop, "zh-CN", &lines).await;
    assert!(quote.orderable);
    assert_eq!(quote.total, Money::fen(2 * 590 + 1_280));
    let totals: Vec<_> = quote.lines.iter().map(|line| line.total).collect();
    assert_eq!(totals, [Some(Money::fen(1_180)), Some(Money::fen(1_280))]);
    for (line, wanted) in quote.lines.iter().zip(&lines) {
        assert_eq!(line.variant, wanted.variant);
        assert_eq!(line.quantity, wanted.quantity);
        assert_eq!(line.problem, None);
    }
    let tomato = quote.lines[0].item.as_ref().unwrap();
    assert_eq!(tomato.product.as_str(), "tomato");
    assert_eq!(tomato.merchant.as_str(), "linli");
    // Good for about a quarter of an hour, told on the shop's clock.
    let good_for = quote.expires_at.ms - quote.now.ms;
    assert!(
        (14 * 60_000..=15 * 60_000).contains(&good_for),
        "{good_for}"
    );
    assert_eq!(quote.now.offset_minutes, 480);
    assert_eq!(quote.expires_at.offset_minutes, 480);
    // Nothing is put by for whoever only asks.
    assert_eq!(shop.books().await, before);
}

#[tokio::test]
async fn a_quote_speaks_both_languages() {
    let shop = OpenShop::demo().await;
    let lines = [wanted("tomato-1500g", 1)];
    let names = |quote: Quote| {
        let item = quote.lines[0].item.clone().unwrap();
        (item.name, item.variant_name)
    };
    let zh = names(quote(&shop, "zh-CN", &lines).await);
    let en = names(quote(&shop, "en", &lines).await);
    assert_eq!(zh, ("沙瓤番茄".into(), "3 斤".into()));
    assert_eq!(en, ("Heritage tomatoes".into(), "1.5 kg".into()));
}

#[tokio::test]
async fn what_is_wrong_stands_at_its_line() {
    let shop = OpenShop::demo().await;
    let lines = [
        wanted("carrot-500g", 1),
        seen("tomato-500g", 2, 550),
        wanted("salmon-sashimi-400g", 5),
        wanted("blueberry-125g", 1),
        wanted("no-such-variant", 1),
        // What is short comes before what it costs.
        seen("cold-brew-900ml", 6, 1),
    ];
    let quote = quote(&shop, "zh-CN", &lines).await;
    assert!(!quote.orderable);
    let problems: Vec<_> = quote.lines.iter().map(|line| line.problem).collect();
    let short = |left| LineProblem {
        left: Some(left),
        ..problem(LineProblemKind::StockShort)
    };
    let moved = LineProblem {
        was: Some(Money::fen(550)),
        ..problem(LineProblemKind::PriceMoved)
    };
    assert_eq!(
        problems,
        [
            None,
            Some(moved),
            Some(short(4)),
            Some(problem(LineProblemKind::SoldOut)),
            Some(problem(LineProblemKind::NoLongerSold)),
            Some(short(5)),
        ]
    );
    // What can be had is summed; what cannot has no sum, but still its price.
    let totals: Vec<_> = quote.lines.iter().map(|line| line.total).collect();
    let fen = |fen| Some(Money::fen(fen));
    assert_eq!(totals, [fen(390), fen(1_180), None, None, None, None]);
    assert_eq!(quote.total, Money::fen(390 + 1_180));
    let prices: Vec<_> = quote.lines.iter().map(|line| line.unit_price).collect();
    assert_eq!(
        prices,
        [fen(390), fen(590), fen(8_680), fen(1_590), None, fen(5_400)]
    );
    let known: Vec<_> = quote.lines.iter().map(|line| line.item.is_some()).collect();
    assert_eq!(known, [true, true, true, true, false, true]);
}

#[tokio::test]
async fn the_last_piece_can_be_had() {
    let shop = OpenShop::demo().await;
    let all = quote(&shop, "zh-CN", &[wanted("salmon-sashimi-400g", 4)]).await;
    assert!(all.orderable);
    // As much as a cart may hold, of every shelf.
    let lines = [wanted("carrot-500g", 99)];
    let many = quote(&shop, "zh-CN", &lines).await;
    assert_eq!(many.total, Money::fen(99 * 390));
    assert!(many.orderable);
}

#[tokio::test]
async fn a_quote_follows_the_shelf() {
    let shop = OpenShop::demo().await;
    let lines = [seen("carrot-500g", 3, 390)];
    let first = quote(&shop, "zh-CN", &lines).await;
    shop.change("UPDATE variants SET price = 420 WHERE id = 'carrot-500g'")
        .await;
    let dearer = quote(&shop, "zh-CN", &lines).await;
    assert_ne!(dearer.id, first.id);
    assert_eq!(dearer.total, Money::fen(3 * 420));
    let problem = dearer.lines[0].problem.unwrap();
    assert_eq!(problem.kind, LineProblemKind::PriceMoved);
    assert_eq!(problem.was, Some(Money::fen(390)));
    assert!(!dearer.orderable);
    // Whoever has seen the new price may buy.
    let accepted = quote(&shop, "zh-CN", &[seen("carrot-500g", 3, 420)]).await;
    assert!(accepted.orderable);
    shop.change("UPDATE variants SET stock = 0 WHERE id = 'carrot-500g'")
        .await;
    let gone = quote(&shop, "zh-CN", &lines).await;
    let problem = gone.lines[0].problem.unwrap();
    assert_eq!(problem.kind, LineProblemKind::SoldOut);
    shop.change("DELETE FROM variants WHERE id = 'carrot-500g'")
        .await;
    let gone = quote(&shop, "zh-CN", &lines).await;
    let problem = gone.lines[0].problem.unwrap();
    assert_eq!(problem.kind, LineProblemKind::NoLongerSold);
    assert_eq!(gone.total, Money::fen(0));
}

#[tokio::test]
async fn pickup_times_are_half_hours_to_come() {
    let shop = OpenShop::demo().await;
    let zh = now(shop.client("zh-CN").orders().pickup_times().await.unwrap());
    let en = now(shop.client("en").orders().pickup_times().await.unwrap());
    assert_eq!(zh.zone, "Asia/Shanghai");
    assert!(!zh.times.is_empty());
    for time in &zh.times {
        assert_eq!(time.to.ms - time.from.ms, 30 * 60_000, "{time:?}");
        assert!(time.from.ms >= zh.now.ms + 30 * 60_000, "{time:?}");
        assert_eq!(time.from.offset_minutes, 480);
        let minute = time.from.local().minute_of_day;
        assert!((7 * 60..=21 * 60).contains(&minute), "{time:?}");
    }
    assert!(zh.times.is_sorted_by(|one, next| one.to.ms <= next.from.ms));
    let place = |times: &domain::order::PickupTimes| times.times[0].place.clone();
    assert!(!place(&zh).is_empty() && !place(&en).is_empty());
    assert_ne!(place(&zh), place(&en));
}

#[tokio::test]
async fn a_shop_that_never_opens_offers_no_time() {
    let shop = OpenShop::demo().await;
    shop.change("DELETE FROM hours").await;
    let times = now(shop.client("zh-CN").orders().pickup_times().await.unwrap());
    assert_eq!(times.times, []);
    // A shop without a merchant of its own still has an address.
    let empty = OpenShop::empty().await;
    let times = empty.client("zh-CN").orders().pickup_times().await;
    assert!(!now(times.unwrap()).times.is_empty());
}
