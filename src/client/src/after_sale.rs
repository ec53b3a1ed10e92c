//! Calls after the sale: what comes back, for whoever bought it and for whoever decides.

use crate::read::Write;
use crate::transport::{Method, Transport};
use crate::{Client, Error, Fresh, endpoint};
use domain::after_sale::{DeskReturn, DeskReturns, Return, ReturnAnswer, ReturnRequest};
use domain::id::{OrderId, ReturnId};

/// Calls after the sale. What was asked for stands at its order.
pub struct AfterSale<'a, T>(pub(crate) &'a Client<T>);

impl<T: Transport> AfterSale<'_, T> {
    /// Asks for a return. `key` names the intent: the same key and request give the same return
    /// again. Refused with `not-now` when none can be asked for, `invalid-body`, `body-too-large`.
    pub async fn ask(
        &self,
        order: &OrderId,
        request: &ReturnRequest,
        key: &str,
    ) -> Result<Return, Error> {
        let write = Write::new(Method::Post, endpoint::order_returns(order));
        self.0.write(write.with(request).keyed(key)).await
    }

    /// Takes a return back. Refused with `not-now` when it is decided.
    pub async fn withdraw(&self, order: &OrderId, id: &ReturnId) -> Result<Return, Error> {
        let write = Write::new(Method::Post, endpoint::return_withdraw(order, id));
        self.0.write(write).await
    }

    /// What the desk has to decide.
    pub async fn waiting(&self) -> Result<Fresh<DeskReturns>, Error> {
        self.0.read(endpoint::desk::returns()).await
    }

    /// Decides at the desk: `approve` or `decline`. Refused with `not-now` when it was decided
    /// otherwise; a step that was taken already changes nothing.
    pub async fn decide(
        &self,
        id: &ReturnId,
        step: &str,
        answer: &str,
    ) -> Result<DeskReturn, Error> {
        let write = Write::new(Method::Post, endpoint::desk::return_step(id, step));
        let body = ReturnAnswer {
            answer: answer.to_owned(),
        };
        self.0.write(write.with(&body)).await
    }
}
