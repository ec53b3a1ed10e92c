//! Calls about carts, orders and whoever is signed in.

use crate::read::Write;
use crate::transport::{Method, Transport};
use crate::{Client, Error, Fresh, endpoint};
use domain::coupon::Coupon;
use domain::hold::Hold;
use domain::id::OrderId;
use domain::member::{CodeRequest, CodeSent, Member, MemberCart, SignInRequest};
use domain::order::{Order, OrderRequest, OrderTab, PickupTimes};
use domain::page::{Cursor, Page};
use domain::payment::PaymentStart;
use domain::points::Points;
use domain::pricing::{Quote, QuoteRequest};
use domain::source::{ClaimRequest, Credit, JoinRequest, Joined, Visit};

/// Calls about carts and orders.
pub struct Orders<'a, T>(pub(crate) &'a Client<T>);

impl<T: Transport> Orders<'_, T> {
    /// Prices a cart, with the member's coupons and points where somebody is signed in. What is
    /// wrong with a line or a bundle stands there; refused with `invalid-body` only when the cart
    /// makes no sense (nothing in it, a variant or a choice twice, a quantity that is none).
    pub async fn quote(&self, cart: &QuoteRequest) -> Result<Quote, Error> {
        let write = Write::new(Method::Post, endpoint::quote());
        self.0.write(write.with(cart)).await
    }

    /// When an order can be picked up.
    pub async fn pickup_times(&self) -> Result<Fresh<PickupTimes>, Error> {
        self.0.read(endpoint::pickup_times()).await
    }

    /// Orders. `key` names the intent: the same key and request give the same order again.
    /// Refused with `not-signed-in`, `quote-changed`, `pickup-unavailable`, `invalid-body`; one that
    /// is paid over the net also with `payment-open`, `too-many-unpaid`.
    pub async fn place(&self, order: &OrderRequest, key: &str) -> Result<Order, Error> {
        let write = Write::new(Method::Post, endpoint::orders());
        self.0.write(write.with(order).keyed(key)).await
    }

    /// The member's orders, the newest first.
    pub async fn list(
        &self,
        tab: Option<OrderTab>,
        cursor: Option<&Cursor>,
    ) -> Result<Fresh<Page<Order>>, Error> {
        self.0.read(endpoint::orders_in(tab, cursor)).await
    }

    /// One of the member's orders. Refused with `not-found` also when it is somebody else's.
    pub async fn order(&self, id: &OrderId) -> Result<Fresh<Order>, Error> {
        self.0.read(endpoint::order(id)).await
    }

    /// Calls an order off. Refused with `not-now` when it is packed already; calling off what is
    /// called off changes nothing.
    pub async fn cancel(&self, id: &OrderId) -> Result<Order, Error> {
        let write = Write::new(Method::Post, endpoint::order_cancel(id));
        self.0.write(write).await
    }

    /// Goes to pay. As long as a payment of the order is open, the same one is answered. Refused
    /// with `not-now` when there is nothing to be paid, or while the provider is finding out.
    pub async fn pay(&self, id: &OrderId, key: &str) -> Result<PaymentStart, Error> {
        let write = Write::new(Method::Post, endpoint::order_payment(id));
        self.0.write(write.keyed(key)).await
    }
}

/// Calls about whoever is signed in.
pub struct Members<'a, T>(pub(crate) &'a Client<T>);

impl<T: Transport> Members<'_, T> {
    /// Has a code sent. Refused with `invalid-body` for a number that is none, with
    /// `too-many-requests` when the last one was asked for too shortly ago.
    pub async fn send_code(&self, phone: &str) -> Result<CodeSent, Error> {
        let write = Write::new(Method::Post, endpoint::sign_in_codes());
        let body = CodeRequest {
            phone: phone.to_owned(),
        };
        self.0.write(write.with(&body)).await
    }

    /// Signs in; the session is a cookie that no script sees. Refused with `wrong-code`,
    /// `expired-code`, `too-many-requests`.
    pub async fn sign_in(&self, phone: &str, code: &str) -> Result<Member, Error> {
        let write = Write::new(Method::Post, endpoint::sign_in());
        let body = SignInRequest {
            phone: phone.to_owned(),
            code: code.to_owned(),
        };
        self.0.write(write.with(&body)).await
    }

    /// Signs in, makes a member of whoever was none, and credits a purchase just made. Refused as
    /// [`Self::sign_in`] is; a claim that is none stands in the answer.
    pub async fn join(&self, request: &JoinRequest) -> Result<Joined, Error> {
        let write = Write::new(Method::Post, endpoint::join());
        self.0.write(write.with(request)).await
    }

    /// Has a purchase just made credited. Refused with `wrong-code`, `expired-code`,
    /// `too-many-requests`.
    pub async fn claim(&self, claim: &str) -> Result<Credit, Error> {
        let write = Write::new(Method::Post, endpoint::my_claims());
        let body = ClaimRequest {
            claim: claim.to_owned(),
        };
        self.0.write(write.with(&body)).await
    }

    /// Tells that somebody has come in from there; nobody need be signed in.
    pub async fn visit(&self, from: &str) -> Result<(), Error> {
        let write = Write::new(Method::Post, endpoint::visits());
        let body = Visit {
            from: from.to_owned(),
        };
        self.0.write(write.with(&body)).await
    }

    /// Who is signed in. Refused with `not-signed-in` when nobody is.
    pub async fn me(&self) -> Result<Fresh<Member>, Error> {
        self.0.read(endpoint::me()).await
    }

    /// Signs out. Signing out twice is no mistake.
    pub async fn sign_out(&self) -> Result<(), Error> {
        let write = Write::new(Method::Delete, endpoint::session());
        self.0.write(write).await
    }

    /// The coupons that the member holds: first those that can be used.
    pub async fn coupons(&self) -> Result<Fresh<Vec<Coupon>>, Error> {
        self.0.read(endpoint::my_coupons()).await
    }

    /// How many points the member has, and what happened to them last.
    pub async fn points(&self) -> Result<Fresh<Points>, Error> {
        self.0.read(endpoint::my_points()).await
    }

    /// Has the goods of a cart held for the checkout, those of its bundles too. Asking again changes
    /// how many are held, never how long. Coupons and points do not matter here.
    pub async fn hold(&self, cart: &QuoteRequest) -> Result<Hold, Error> {
        let write = Write::new(Method::Put, endpoint::my_hold());
        self.0.write(write.with(cart)).await
    }

    /// Puts back what is held for the member. Doing so twice is no mistake.
    pub async fn release_hold(&self) -> Result<(), Error> {
        let write = Write::new(Method::Delete, endpoint::my_hold());
        self.0.write(write).await
    }

    /// The cart that the member has on every phone.
    pub async fn cart(&self) -> Result<Fresh<MemberCart>, Error> {
        self.0.read(endpoint::my_cart()).await
    }

    /// Puts a cart in the place of the one that was there.
    pub async fn keep_cart(&self, cart: &MemberCart) -> Result<(), Error> {
        let write = Write::new(Method::Put, endpoint::my_cart());
        self.0.write(write.with(cart)).await
    }
}
