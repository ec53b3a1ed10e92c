//! The sandbox sends its notices, each until it is taken, also after a restart.

use super::Sandbox;
use super::notice::{SIGNATURE, sign};
use crate::store::StoreError;
use axum::Router;
use axum::body::Body;
use axum::http::{Request, header};
use domain::payment::Notice;
use std::time::Duration;
use tower::ServiceExt;

/// Where the shop takes notices.
const ADDRESS: &str = "/api/v1/payments/notices";
/// The longest that the sandbox sleeps without looking.
const NAP: i64 = 5_000;

/// Goes on until the shop is closed. The notices go through the shop's own routes, as if they came
/// over the net.
pub async fn deliver(sandbox: Sandbox, shop: Router, secret: String) {
    while !sandbox.store.is_closed() {
        let next = match deliver_due(&sandbox, &shop, &secret).await {
            Ok(next) => next,
            Err(_) if sandbox.store.is_closed() => return,
            Err(error) => {
                tracing::warn!(%error, "notices are sent again in a moment");
                None
            }
        };
        let now = sandbox.clock.now().ms;
        let pause = next.map_or(NAP, |next| (next - now).clamp(5, NAP));
        let pause = Duration::from_millis(pause.unsigned_abs());
        tokio::select! {
            () = tokio::time::sleep(pause) => {}
            () = sandbox.news.notified() => {}
        }
    }
}

/// Sends what is due by now; says when the next is.
async fn deliver_due(
    sandbox: &Sandbox,
    shop: &Router,
    secret: &str,
) -> Result<Option<i64>, StoreError> {
    for notice in sandbox.store.sandbox_due(&sandbox.clock).await? {
        let now = sandbox.clock.now().ms;
        let taken = send(shop, secret, &notice, now).await;
        sandbox.store.sandbox_sent(&notice.id, taken, now).await?;
    }
    sandbox.store.sandbox_next().await
}

/// Sends a notice; whether it was taken.
async fn send(shop: &Router, secret: &str, notice: &Notice, now: i64) -> bool {
    let Ok(body) = serde_json::to_vec(notice) else {
        return false;
    };
    let request = Request::post(ADDRESS)
        .header(header::CONTENT_TYPE, "application/json")
        .header(SIGNATURE, sign(secret, &body, now))
        .body(Body::from(body));
    let Ok(request) = request else { return false };
    match shop.clone().oneshot(request).await {
        Ok(answer) => answer.status().is_success(),
        Err(never) => match never {},
    }
}
