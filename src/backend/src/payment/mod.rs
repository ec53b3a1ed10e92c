//! Payments over the net: what the shop asks of a provider, and how both come to the same end
//! whatever breaks in between.
//!
//! The provider is somebody else. The shop names a payment and writes it down before the provider
//! hears of it, believes a notice only by its signature, and asks when none comes. Money is taken
//! and given back by the provider alone; the shop's books follow.

mod delivery;
pub mod notice;
mod sandbox;
mod settling;

pub use delivery::deliver;
pub use sandbox::Sandbox;
pub use settling::{look, look_at_member, step, sweep};

use crate::store::StoreError;
use domain::id::{OrderId, PaymentId};
use domain::money::Money;
use domain::payment::PaymentEvent;
use domain::time::Moment;
use std::fmt::Debug;
use std::pin::Pin;

/// A payment that is to be opened.
#[derive(Clone, Debug)]
pub struct Opening {
    /// Its name, given by the shop.
    pub payment: PaymentId,
    /// The order that it pays.
    pub order: OrderId,
    /// How much.
    pub amount: Money,
    /// Until when it can be paid.
    pub expires_at: Moment,
}

/// Money of a payment that is to go back.
#[derive(Clone, Debug)]
pub struct Refund {
    /// Names the intent: under one key it is done once.
    pub key: String,
    /// The payment.
    pub payment: PaymentId,
    /// How much of it.
    pub amount: Money,
}

/// Why a provider gave no answer. What was asked may have been done or not; it can be asked again.
#[derive(Debug, thiserror::Error)]
pub enum ProviderError {
    /// It could not be reached, or failed.
    #[error("the provider did not answer: {0}")]
    Silent(#[from] StoreError),
    /// It cannot do that now.
    #[error("the provider refused")]
    Refused,
}

/// An answer that takes its time.
pub type Answer<'a, T> = Pin<Box<dyn Future<Output = Result<T, ProviderError>> + Send + 'a>>;

/// Somebody who takes money for the shop. Each call may be made again and again.
pub trait Provider: Debug + Send + Sync {
    /// Opens a payment; says where to pay.
    fn open<'a>(&'a self, opening: &'a Opening) -> Answer<'a, String>;
    /// How a payment stands.
    fn query<'a>(&'a self, payment: &'a PaymentId) -> Answer<'a, PaymentEvent>;
    /// Closes a payment, so that nobody pays it any more, and says how it ended: it may be paid, or
    /// the provider may be finding out.
    fn close<'a>(&'a self, payment: &'a PaymentId) -> Answer<'a, PaymentEvent>;
    /// Gives money back, once for each key.
    fn refund<'a>(&'a self, refund: &'a Refund) -> Answer<'a, ()>;
}
