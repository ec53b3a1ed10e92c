//! How an order that is paid over the net comes to its end: the shop asks where no notice came,
//! closes a payment before it calls its order off, and has money given back until that is done.

use super::ProviderError;
use crate::language::Language;
use crate::problem::Trouble;
use crate::routes::Shop;
use crate::store::{By, StoreError};
use domain::id::{MemberId, OrderId};
use domain::order::{Order, Step};
use domain::payment::PaymentEvent;
use domain::problem::ProblemKind;
use std::time::Duration;

/// How often the shop looks for what was left undone.
const SWEEP: Duration = Duration::from_secs(2);

/// Looks after an order of which nobody has said how its payment ended, before it is told. Where the
/// provider is silent it is told as it is known.
pub async fn look(shop: &Shop, order: &OrderId) -> Result<(), StoreError> {
    let Some(is_overdue) = shop.store.waits(order, shop.clock.now().ms).await? else {
        return Ok(());
    };
    let looked = if is_overdue {
        call_off(shop, order).await
    } else {
        ask(shop, order).await
    };
    match looked {
        Err(ProviderError::Silent(error)) => Err(error),
        Err(ProviderError::Refused) | Ok(()) => Ok(()),
    }
}

/// The same for whichever order of a member waits for its payment.
pub async fn look_at_member(shop: &Shop, member: &MemberId) -> Result<(), StoreError> {
    match shop.store.awaiting(member).await? {
        Some(order) => look(shop, &order).await,
        None => Ok(()),
    }
}

/// Takes an order a step further. Before it is called off its payment is closed; what was paid goes
/// back.
pub async fn step(
    shop: &Shop,
    id: &OrderId,
    step: Step,
    by: By<'_>,
    language: Language,
) -> Result<Option<Order>, Trouble> {
    let is_theirs = match &by {
        By::Member(member) => shop.store.is_order_of(member, id).await?,
        By::Staff(_) => true,
    };
    if step == Step::Cancel && is_theirs {
        let ended = close(shop, id).await?;
        // It was paid a moment ago, and whoever calls it off does not know that yet.
        if matches!(ended, Some(PaymentEvent::Paid | PaymentEvent::Processing)) {
            return Err(StoreError::Refused(ProblemKind::NotNow).into());
        }
    }
    let order = shop
        .store
        .step(id, step, by.clone(), language, &shop.clock)
        .await?;
    if step != Step::Cancel || order.is_none() {
        return Ok(order);
    }
    if refund(shop, Some(id)).await? == 0 {
        return Ok(order);
    }
    Ok(shop.store.order_for(&by, id, language, &shop.clock).await?)
}

/// Asks the provider how the payment of an order stands.
async fn ask(shop: &Shop, order: &OrderId) -> Result<(), ProviderError> {
    let Some(provider) = &shop.provider else {
        return Ok(());
    };
    if let Some(payment) = shop.store.unsettled(order).await? {
        let said = provider.query(&payment).await?;
        if said != PaymentEvent::Opened {
            shop.store.learn(&payment, said, &shop.clock).await?;
        }
    }
    Ok(())
}

/// Has the provider close the payment of an order of which nothing was heard, and takes in how it
/// ended.
async fn close(shop: &Shop, order: &OrderId) -> Result<Option<PaymentEvent>, ProviderError> {
    let Some(provider) = &shop.provider else {
        return Ok(None);
    };
    let Some(payment) = shop.store.unsettled(order).await? else {
        return Ok(None);
    };
    let ended = provider.close(&payment).await?;
    shop.store.learn(&payment, ended, &shop.clock).await?;
    Ok(Some(ended))
}

/// Calls an order off that nobody paid in time.
async fn call_off(shop: &Shop, order: &OrderId) -> Result<(), ProviderError> {
    close(shop, order).await?;
    Ok(shop.store.expire(order, &shop.clock).await?)
}

/// Has money given back that was promised; how often it was. What the provider does not do now it
/// is asked for again.
async fn refund(shop: &Shop, order: Option<&OrderId>) -> Result<usize, StoreError> {
    let Some(provider) = &shop.provider else {
        return Ok(0);
    };
    let mut done = 0;
    for refund in shop.store.requested_refunds(order).await? {
        match provider.refund(&refund).await {
            Ok(()) => {
                shop.store.refund_done(&refund, &shop.clock).await?;
                done += 1;
            }
            Err(error) => {
                tracing::warn!(%error, payment = %refund.payment, "a refund waits for the provider");
            }
        }
    }
    Ok(done)
}

/// Goes on until the shop is closed: calls off what nobody paid in time, and has money given back,
/// also what was promised before a crash.
pub async fn sweep(shop: Shop) {
    while !shop.store.is_closed() {
        if let Err(error) = sweep_once(&shop).await
            && !shop.store.is_closed()
        {
            tracing::warn!(%error, "payments are looked at again in a moment");
        }
        tokio::time::sleep(SWEEP).await;
    }
}

async fn sweep_once(shop: &Shop) -> Result<(), ProviderError> {
    for order in shop.store.overdue(shop.clock.now().ms).await? {
        call_off(shop, &order).await?;
    }
    refund(shop, None).await?;
    Ok(())
}
