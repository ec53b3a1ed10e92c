//! What has become of the shelves, and how many are here.

use super::Live;
use crate::store::StoreError;
use crate::store::live::Act;
use domain::show::ShowState;
use std::time::Duration;

/// How often those who are here, and likes, are told at most.
const COUNTS_EVERY: Duration = Duration::from_secs(1);
/// How long after a write the shelves are looked at, so that many writes are one look.
const LOOK_AFTER: Duration = Duration::from_millis(40);

fn goes_on(state: ShowState) -> bool {
    matches!(state, ShowState::Scheduled | ShowState::Live)
}

/// Tells how many are here and how much they like it, at most once a second.
pub(super) async fn counts(live: Live) {
    while !live.store.is_closed() {
        tokio::time::sleep(COUNTS_EVERY).await;
        if let Err(error) = silence(&live).await
            && !live.store.is_closed()
        {
            tracing::warn!(%error, "who sends a picture could not be looked after");
        }
        for room in live.all() {
            let show = &room.show.id;
            let viewers = live.fanout.listeners(show);
            // Likes are counted in the file only.
            if goes_on(room.show.state) && (room.is_live() || room.viewers != viewers) {
                let told = live.act(show, Act::Counts { viewers }).await;
                if let Err(error) = told
                    && !live.store.is_closed()
                {
                    tracing::warn!(%error, "viewers and likes could not be told");
                }
            }
        }
    }
}

/// Tells of those who send no picture any more without having said so.
async fn silence(live: &Live) -> Result<(), StoreError> {
    for show in live.store.gone_silent(live.clock.now().ms).await? {
        live.act(&show, Act::Air { on: false }).await?;
        live.store.forget_sender(&show).await?;
    }
    Ok(())
}

/// Looks at the shelves after every write, whoever has made it, and once a second: goods that were held
/// come back by the clock alone. What is otherwise than in a room is told there.
pub(super) async fn goods(live: Live) {
    while !live.store.is_closed() {
        let _ = tokio::time::timeout(COUNTS_EVERY, live.store.committed()).await;
        tokio::time::sleep(LOOK_AFTER).await;
        for room in live.all() {
            if goes_on(room.show.state) {
                match live.store.shelves_differ(&room).await {
                    Ok(false) => {}
                    Ok(true) => {
                        let _ = live.act(&room.show.id, Act::Goods).await;
                    }
                    Err(error) if !live.store.is_closed() => {
                        tracing::warn!(%error, "the shelves could not be looked at");
                    }
                    Err(_) => {}
                }
            }
        }
    }
}
