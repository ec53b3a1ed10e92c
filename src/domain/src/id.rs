//! Ids are opaque strings on the wire and types in the code, so that they cannot be mixed up.

use crate::read::{Raw, Read, Unreadable};
use serde::Serialize;
use std::fmt;

macro_rules! id {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
        #[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
        #[serde(transparent)]
        pub struct $name(String);

        impl $name {
            /// The id as it stands on the wire.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl Read for $name {
            fn read(raw: Raw) -> Result<Self, Unreadable> {
                raw.text().map(Self)
            }
        }

        crate::deserialize_by_reading!($name);

        impl From<&str> for $name {
            fn from(text: &str) -> Self {
                Self(text.to_owned())
            }
        }

        impl From<String> for $name {
            fn from(text: String) -> Self {
                Self(text)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    )+};
}

id! {
    /// A product, for instance `avocado`.
    ProductId,
    /// One way a product is sold: its size or kind. Prices and stock belong to variants.
    VariantId,
    /// Goods sold together for one price.
    BundleId,
    /// A coupon that somebody holds.
    CouponId,
    /// A shelf of the catalogue.
    CategoryId,
    /// The shop itself or one of its partners.
    MerchantId,
    /// A post on the home page.
    PostId,
    /// Prices that a backend has offered for a cart.
    QuoteId,
    /// An order.
    OrderId,
    /// Pieces of an order that come back.
    ReturnId,
    /// A payment of an order, by the name that the provider gave it.
    PaymentId,
    /// Somebody who buys.
    MemberId,
    /// Somebody of the shop.
    StaffId,
    /// A tablet of the shop.
    DeviceId,
    /// What is offered to be tasted.
    TastingId,
    /// One time at which something is tasted.
    SlotId,
    /// An event of the shop's.
    EventId,
    /// A place that somebody has booked at a tasting.
    BookingId,
    /// A place in a line that waits for one.
    WaitingId,
    /// A show of the live room.
    ShowId,
    /// A comment in a show.
    CommentId,
    /// Whoever writes in a show, by a name that says nothing of them and is another one in each show.
    AuthorId,
    /// A poll in a show.
    PollId,
    /// A round of wishes in a show.
    RoundId,
    /// What several wishes mean; see [`crate::live::Synonyms`].
    WishId,
    /// Coupons that a show gives away.
    DropId,
}
