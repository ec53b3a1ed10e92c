//! A visit to a demo shop, all of it by the typed client: a member signs in and orders, a tablet
//! becomes one of the shop's desks, and staff sign in there. What came of it is printed as JSON, so
//! that another program can go on from here; `cargo xtask test schemathesis` does.
//!
//! ```sh
//! cargo run -p client --example visit -- http://127.0.0.1:8080/api/v1 13800138000 DEVICE-CODE PIN
//! ```

use client::Client;
use client::native::Native;
use domain::catalog::ProductQuery;
use domain::id::OrderId;
use domain::order::{Contact, Order, OrderRequest, Payment};
use domain::pricing::{QuoteRequest, WantedLine};
use reqwest::Url;
use reqwest::cookie::{CookieStore, Jar};
use serde::Serialize;
use std::env;
use std::error::Error;
use std::io::{Write, stdout};
use std::sync::Arc;

/// How many orders the member places.
const ORDERS: u32 = 12;

/// What a visit leaves behind.
#[derive(Serialize)]
struct Visit {
    /// The `Cookie` header by which the member is known.
    member: String,
    /// The `Cookie` header by which the tablet and whoever is at it are known.
    staff: String,
    /// The member's orders. None is packed yet.
    orders: Vec<OrderId>,
    /// The digits that open their bags.
    codes: Vec<String>,
    /// One more order, which could be placed now.
    next: OrderRequest,
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let [base, phone, device_code, pin] = arguments.as_slice() else {
        return Err("needed are the API's address, a phone, a device code and a PIN".into());
    };
    let shopper = Visitor::new(base)?;
    let members = shopper.client.members();
    let sent = members.send_code(phone).await?;
    let code = sent.demo_code.ok_or("only a demo tells its codes")?;
    members.sign_in(phone, &code).await?;
    let next = shopper.next_order().await?;
    let mut orders = Vec::new();
    for number in 1..=ORDERS {
        orders.push(shopper.place(&next, number).await?);
    }

    let clerk = Visitor::new(base)?;
    clerk.client.desk().register(device_code, "visit").await?;
    clerk.client.desk().sign_in(pin).await?;

    let codes = orders.iter().filter_map(|order| order.code.as_ref());
    let visit = Visit {
        member: shopper.cookies("/me")?,
        staff: clerk.cookies("/desk/session")?,
        codes: codes.map(|code| code.digits.clone()).collect(),
        orders: orders.into_iter().map(|order| order.id).collect(),
        next,
    };
    writeln!(stdout(), "{}", serde_json::to_string(&visit)?)?;
    Ok(())
}

/// Somebody with cookies of their own.
struct Visitor {
    client: Client<Native>,
    cookies: Arc<Jar>,
    base: String,
}

impl Visitor {
    fn new(base: &str) -> Result<Self, Box<dyn Error>> {
        let cookies = Arc::new(Jar::default());
        let http = reqwest::Client::builder().cookie_provider(cookies.clone());
        Ok(Self {
            client: Client::new(Native::from(http.build()?), base, "zh-CN"),
            cookies,
            base: base.to_owned(),
        })
    }

    /// The `Cookie` header with which this path would be asked.
    fn cookies(&self, path: &str) -> Result<String, Box<dyn Error>> {
        let url = Url::parse(&[&self.base, path].concat())?;
        let header = self.cookies.cookies(&url).ok_or("there is no cookie")?;
        Ok(header.to_str()?.to_owned())
    }

    /// One piece of the first thing on the shelves, at the last time there is.
    async fn next_order(&self) -> Result<OrderRequest, Box<dyn Error>> {
        let there = ProductQuery {
            in_stock: true,
            ..ProductQuery::default()
        };
        let products = self.client.catalog().products(&there).await?.value.items;
        let product = products.into_iter().next().ok_or("the shelves are empty")?;
        let lines = vec![WantedLine {
            variant: product.lead.id,
            quantity: 1,
            seen: None,
        }];
        let orders = self.client.orders();
        let cart = QuoteRequest {
            lines,
            ..QuoteRequest::default()
        };
        let quote = orders.quote(&cart).await?;
        let times = orders.pickup_times().await?.value.times;
        Ok(OrderRequest {
            lines: cart.lines,
            bundles: cart.bundles,
            coupons: cart.coupons,
            use_points: cart.use_points,
            quote: quote.id,
            pickup_from: times.last().ok_or("no order can be picked up")?.from,
            contact: Contact::default(),
            note: String::new(),
            payment: Payment::AtStore,
        })
    }

    async fn place(&self, order: &OrderRequest, number: u32) -> Result<Order, client::Error> {
        let key = format!("visit-{number}");
        self.client.orders().place(order, &key).await
    }
}
