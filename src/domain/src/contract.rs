//! What a backend says about itself: `GET /api/v1`.

use serde::Serialize;

/// The version of the contract that this code speaks. Minor versions only add.
pub const VERSION: &str = "1.0";

/// Who answers, and what it can do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct About {
    /// The backend's name and version, for a person.
    pub backend: String,
    /// The version of the contract, `major.minor`.
    pub contract: String,
    /// What it offers. The page hides what is not here.
    #[serde(default)]
    pub capabilities: Vec<Capability>,
}

crate::readable!(About { backend, contract, capabilities or Default::default() });

/// A part of the contract that a backend may offer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Capability {
    /// Categories, products and search.
    Catalogue,
    /// The home page: shop card, posts, specials, partners.
    Storefront,
    /// Carts priced by the server, and orders.
    Orders,
    /// Set meals.
    Bundles,
    /// Tastings in the store.
    Booking,
    /// The live room.
    Live,
    /// Orders that are paid over the net before they are packed.
    Payment,
    /// Membership.
    Members,
    /// The staff's desk.
    Desk,
    /// Something newer than this code.
    #[serde(other)]
    Unknown,
}

crate::readable_words!(Capability { "catalogue" => Catalogue, "storefront" => Storefront, "orders" => Orders, "bundles" => Bundles, "booking" => Booking, "live" => Live, "payment" => Payment, "members" => Members, "desk" => Desk } else Unknown);
