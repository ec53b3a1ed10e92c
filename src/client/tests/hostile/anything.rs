//! Anything at all, to every call there is.

use crate::server::{Act, Hasty, JSON, Server, http};
use client::transport::{Copy, Failure, Request, Response, Transport};
use client::{Client, Error, Fresh, Source};
use domain::catalog::{ProductQuery, Tint};
use domain::pricing::QuoteRequest;
use proptest::prelude::*;

/// Documents of the contract, to be spoiled.
const GOLDEN: [&str; 7] = [
    include_str!("../golden/about.json"),
    include_str!("../golden/categories.json"),
    include_str!("../golden/storefront.json"),
    include_str!("../golden/products.json"),
    include_str!("../golden/product.json"),
    include_str!("../golden/problem.json"),
    include_str!("../golden/desk_returns.json"),
];

/// Bytes from nowhere, or a document of the contract with some bytes changed and its end cut off.
fn any_body() -> impl Strategy<Value = Vec<u8>> {
    let spoiled = (
        0..GOLDEN.len(),
        proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..4),
        proptest::option::weighted(0.3, any::<prop::sample::Index>()),
    )
        .prop_map(|(which, changes, end)| {
            let mut bytes = GOLDEN[which].as_bytes().to_vec();
            for (at, byte) in changes {
                let at = at.index(bytes.len());
                bytes[at] = byte;
            }
            if let Some(end) = end {
                bytes.truncate(end.index(bytes.len()));
            }
            bytes
        });
    prop_oneof![
        proptest::collection::vec(any::<u8>(), 0..400),
        "[\\[\\]{}:,\"a-z0-9. ]{0,80}".prop_map(String::into_bytes),
        spoiled,
    ]
}

fn any_content_type() -> impl Strategy<Value = &'static str> {
    prop_oneof![
        Just("application/json"),
        Just("application/problem+json"),
        Just("text/html"),
        Just(""),
    ]
}

/// Asks for everything there is, and looks at all that came.
async fn every_call<T: Transport>(client: &Client<T>) -> Vec<Result<Source, Error>> {
    let query = ProductQuery::default();
    let id = "p".into();
    let mut looks = Vec::new();
    fn look<V: std::fmt::Debug>(result: Result<Fresh<V>, Error>) -> Result<Source, Error> {
        result
            .inspect(|fresh| assert!(!format!("{fresh:?}").is_empty()))
            .inspect_err(|error| assert!(!error.to_string().is_empty()))
            .map(|fresh| fresh.source)
    }
    looks.push(look(client.about().await));
    looks.push(look(client.storefront().await));
    looks.push(look(client.catalog().categories().await));
    let page = client.catalog().products(&query).await;
    if let Ok(page) = &page {
        for item in &page.value.items {
            let _ = (
                item.lead.unit_price(),
                item.lead.price.parts(),
                item.lead.stock.most(),
                item.picture.as_ref().map(|picture| picture.tint) == Some(Tint::Unknown),
            );
        }
    }
    looks.push(look(page));
    looks.push(look(client.catalog().product(&id).await));
    looks.push(look(client.bookings().tastings().await));
    looks.push(look(client.bookings().tasting(&"t".into()).await));
    looks.push(look(client.bookings().mine().await));
    looks.push(look(client.bookings().held().await));
    looks.push(look(client.desk().tastings().await));
    looks.push(look(client.shows().list().await));
    looks.push(look(client.shows().show(&"s".into()).await));
    looks.push(look(client.shows().room(&"s".into()).await));
    looks.push(look(client.shows().replay(&"s".into()).await));
    looks.push(look(client.shows().replay_room(&"s".into(), 1).await));
    let events = client.shows().replay_events(&"s".into(), 0, 9).await;
    looks.push(look(events));
    looks.push(look(client.desk_shows().publishing(&"s".into()).await));
    looks.push(look(client.desk_shows().air(&"s".into()).await));
    looks.push(look(client.desk_shows().questions(&"s".into()).await));
    looks.push(look(client.desk_shows().synonyms().await));
    looks.push(look(client.after_sale().waiting().await));
    fn done<V: std::fmt::Debug>(result: Result<V, Error>) -> Result<Source, Error> {
        result
            .inspect(|value| assert!(!format!("{value:?}").is_empty()))
            .map(|_| Source::Backend)
    }
    looks.push(done(client.members().hold(&QuoteRequest::default()).await));
    looks.push(done(client.members().release_hold().await));
    looks.push(done(client.desk_shows().renew_key(&"s".into()).await));
    looks.push(done(client.shows().like(&"s".into(), 1).await));
    let vote = client.shows().vote(&"s".into(), &"p".into(), 0).await;
    looks.push(done(vote));
    let claim = client.shows().claim(&"s".into(), &"d".into(), "key").await;
    looks.push(done(claim));
    looks.push(done(client.orders().pay(&"o".into(), "key").await));
    looks
}

fn in_a_runtime<F: Future>(future: F) -> F::Output {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap()
        .block_on(future)
}

/// Always the same answer, whichever copy is asked for.
struct Stubborn(Response);

impl Transport for &Stubborn {
    async fn send(&self, request: Request) -> Result<Response, Failure> {
        match request.copy {
            Copy::Current => Ok(self.0.clone()),
            Copy::Last => Err(Failure::Unreachable),
        }
    }

    async fn sleep(&self, _: u32) {}

    fn random(&self) -> f64 {
        0.5
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_answer_breaks_the_client(
        status in any::<u16>(),
        content_type in any_content_type(),
        retry_after in proptest::option::of(any::<u32>()),
        body in any_body(),
    ) {
        let stubborn = Stubborn(Response {
            status,
            content_type: content_type.to_owned(),
            retry_after,
            date: None,
            body: String::from_utf8_lossy(&body).into_owned(),
        });
        let looks = in_a_runtime(every_call(&Client::new(&stubborn, "/api/v1", "zh-CN")));
        for look in looks {
            match look {
                Ok(source) => {
                    prop_assert!((200..300).contains(&status));
                    prop_assert_eq!(source, Source::Backend);
                }
                Err(Error::Refused { problem, retry_after: told }) => {
                    prop_assert!(!(200..300).contains(&status));
                    prop_assert_eq!(problem.status, status);
                    prop_assert_eq!(told, retry_after);
                }
                Err(Error::Unsupported) => prop_assert!(matches!(status, 404 | 405 | 501)),
                Err(Error::Undecodable { .. }) => prop_assert!((200..300).contains(&status)),
                Err(error) => prop_assert!(false, "there was an answer: {error:?}"),
            }
        }
    }
}

proptest! {
    // Fewer: each one opens up to sixty connections.
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_bytes_on_the_socket_break_the_client(
        status in prop_oneof![Just(200_u16), 200_u16..600],
        body in any_body(),
        spoil_head in proptest::option::weighted(0.3, (any::<prop::sample::Index>(), any::<u8>())),
    ) {
        let mut bytes = http(&format!("{status} Whatever"), JSON, &body);
        if let Some((at, byte)) = spoil_head {
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        let looks = in_a_runtime(async {
            let server = Server::start(vec![Act::Say(bytes); 64]).await;
            // A spoilt length may make it wait for more that never comes.
            let hasty = Hasty::gives_up_after(2_000);
            every_call(&Client::new(&hasty, &server.base, "zh-CN")).await
        });
        for look in looks.iter().filter(|_| spoil_head.is_none()) {
            prop_assert!(look.is_err() || (200..300).contains(&status));
        }
    }
}
