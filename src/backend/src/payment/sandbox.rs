//! A provider for trying: its page asks how the payment shall go, and no money is moved.

use super::{Answer, Opening, Provider, ProviderError, Refund};
use crate::clock::Clock;
use crate::store::{Choice, SandboxPayment, Store, StoreError};
use domain::id::PaymentId;
use domain::payment::PaymentEvent;
use std::sync::Arc;
use tokio::sync::Notify;

/// The sandbox.
#[derive(Clone, Debug)]
pub struct Sandbox {
    pub(super) store: Store,
    pub(super) clock: Arc<Clock>,
    /// Wakes whoever delivers notices.
    pub(super) news: Arc<Notify>,
}

impl Sandbox {
    /// A sandbox that keeps its books in this file.
    pub fn new(store: Store, clock: Arc<Clock>) -> Self {
        Self {
            store,
            clock,
            news: Arc::default(),
        }
    }

    /// A payment, for its page; `None` when there is none.
    pub async fn payment(&self, id: &PaymentId) -> Result<Option<SandboxPayment>, StoreError> {
        let now = self.clock.now().ms;
        self.store.sandbox_payment(id, now).await
    }

    /// Whoever pays has chosen.
    pub async fn choose(&self, id: &PaymentId, choice: Choice) -> Result<(), StoreError> {
        let now = self.clock.now().ms;
        self.store.sandbox_choose(id, choice, now).await?;
        self.news.notify_one();
        Ok(())
    }
}

impl Provider for Sandbox {
    fn open<'a>(&'a self, opening: &'a Opening) -> Answer<'a, String> {
        Box::pin(async move {
            let now = self.clock.now().ms;
            self.store.sandbox_open(opening, now).await?;
            Ok(format!("/pay/sandbox/{}", opening.payment))
        })
    }

    fn query<'a>(&'a self, payment: &'a PaymentId) -> Answer<'a, PaymentEvent> {
        Box::pin(async move {
            let now = self.clock.now().ms;
            let said = self.store.sandbox_said(payment, now).await?;
            Ok(said.unwrap_or(PaymentEvent::Opened))
        })
    }

    fn close<'a>(&'a self, payment: &'a PaymentId) -> Answer<'a, PaymentEvent> {
        Box::pin(async move {
            let now = self.clock.now().ms;
            Ok(self.store.sandbox_close(payment, now).await?)
        })
    }

    fn refund<'a>(&'a self, refund: &'a Refund) -> Answer<'a, ()> {
        Box::pin(async move {
            let now = self.clock.now().ms;
            if self.store.sandbox_refund(refund, now).await? {
                self.news.notify_one();
                Ok(())
            } else {
                Err(ProviderError::Refused)
            }
        })
    }
}
