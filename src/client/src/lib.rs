//! How the shop speaks: a typed client for any backend that keeps the JSON contract.
//!
//! ```no_run
//! # async fn example() -> Result<(), client::Error> {
//! # #[cfg(feature = "native")] {
//! let client = client::Client::new(client::native::Native::new(), "http://127.0.0.1:8080/api/v1", "zh-CN");
//! let page = client.catalog().products(&domain::catalog::ProductQuery::default()).await?;
//! println!("{} products", page.value.items.len());
//! # }
//! # Ok(()) }
//! ```
//!
//! [`endpoint`] is the only place where a path is spelled. A call returns a domain type or one
//! [`Error`]. [`transport::Transport`] has two implementations: the browser's and a native one, so
//! that the very same client tests a backend from the command line.

pub mod after_sale;
pub mod bookings;
pub mod desk;
pub mod desk_shows;
pub mod endpoint;
mod error;
pub mod intents;
pub mod json;
pub mod live;
pub mod orders;
pub mod outbox;
pub mod page;
mod read;
pub mod shows;
pub mod transport;

#[cfg(target_arch = "wasm32")]
pub mod browser;
#[cfg(all(feature = "native", not(target_arch = "wasm32")))]
pub mod conform;
#[cfg(all(feature = "native", not(target_arch = "wasm32")))]
pub mod native;

pub use error::Error;
pub use read::{Fresh, Source};

use domain::bundle::{Bundle, BundleSummary};
use domain::catalog::{Category, Product, ProductQuery, ProductSummary};
use domain::contract::About;
use domain::id::{BundleId, ProductId};
use domain::page::Page;
use domain::shop::Storefront;
use transport::Transport;

/// A backend, as one speaks to it.
pub struct Client<T> {
    transport: T,
    base: String,
    language: String,
}

impl<T: Transport> Client<T> {
    /// A client of the API at `base` (`/api/v1`, or absolute), that asks for texts in `language`
    /// (a BCP 47 tag).
    pub fn new(transport: T, base: &str, language: &str) -> Self {
        Self {
            transport,
            base: base.trim_end_matches('/').to_owned(),
            language: language.to_owned(),
        }
    }

    /// Who answers, and what it can do.
    pub async fn about(&self) -> Result<Fresh<About>, Error> {
        self.read(endpoint::about()).await
    }

    /// Everything the home page shows.
    pub async fn storefront(&self) -> Result<Fresh<Storefront>, Error> {
        self.read(endpoint::storefront()).await
    }

    /// What the shop sells.
    pub fn catalog(&self) -> Catalog<'_, T> {
        Catalog(self)
    }

    /// Carts and orders.
    pub fn orders(&self) -> orders::Orders<'_, T> {
        orders::Orders(self)
    }

    /// What lies in the outbox.
    pub fn intents(&self) -> intents::Intents<'_, T> {
        intents::Intents(self)
    }

    /// Tastings in the store.
    pub fn bookings(&self) -> bookings::Bookings<'_, T> {
        bookings::Bookings(self)
    }

    /// Shows, and what one does in them.
    pub fn shows(&self) -> shows::Shows<'_, T> {
        shows::Shows(self)
    }

    /// The staff's side of shows.
    pub fn desk_shows(&self) -> desk_shows::DeskShows<'_, T> {
        desk_shows::DeskShows(self)
    }

    /// Signing in and out.
    pub fn members(&self) -> orders::Members<'_, T> {
        orders::Members(self)
    }

    /// What comes back.
    pub fn after_sale(&self) -> after_sale::AfterSale<'_, T> {
        after_sale::AfterSale(self)
    }

    /// The staff's desk.
    pub fn desk(&self) -> desk::Desk<'_, T> {
        desk::Desk(self)
    }
}

/// Calls about what the shop sells.
pub struct Catalog<'a, T>(&'a Client<T>);

impl<T: Transport> Catalog<'_, T> {
    /// The shelves, in the shop's order.
    pub async fn categories(&self) -> Result<Fresh<Vec<Category>>, Error> {
        self.0.read(endpoint::categories()).await
    }

    /// One page of products. Refused with `invalid-query` when the backend cannot make sense of a
    /// parameter; a stale cursor is one.
    pub async fn products(
        &self,
        query: &ProductQuery,
    ) -> Result<Fresh<Page<ProductSummary>>, Error> {
        self.0.read(endpoint::products(query)).await
    }

    /// One product. Refused with `not-found` when there is none.
    pub async fn product(&self, id: &ProductId) -> Result<Fresh<Product>, Error> {
        self.0.read(endpoint::product(id)).await
    }

    /// What is sold together, with what each costs as it is offered first.
    pub async fn bundles(&self) -> Result<Fresh<Page<BundleSummary>>, Error> {
        self.0.read(endpoint::bundles()).await
    }

    /// One bundle. Refused with `not-found` when there is none.
    pub async fn bundle(&self, id: &BundleId) -> Result<Fresh<Bundle>, Error> {
        self.0.read(endpoint::bundle(id)).await
    }
}
