//! The one task that writes.

use super::fanout::Frame;
use super::marks::Marks;
use super::{Live, stream};
use crate::store::live::{Act, Limits, Rooms};
use crate::store::{Answered, StoreError};
use domain::id::ShowId;
use domain::live::{Event, What};
use std::sync::{Arc, PoisonError};
use std::time::Duration;
use tokio::sync::{mpsc, oneshot};

/// How long the first act waits for others that are committed with it.
const WINDOW: Duration = Duration::from_millis(5);
/// How often it is looked whether the shop is closed, when nothing is asked for.
const LOOK_UP: Duration = Duration::from_secs(1);
/// How many acts one commit has at most.
const MOST: usize = 256;

/// Something to be done, and who waits for it.
#[derive(Debug)]
pub(crate) struct Job {
    pub(crate) show: ShowId,
    pub(crate) act: Act,
    pub(crate) answer: oneshot::Sender<Result<Answered, StoreError>>,
}

/// Writes until nobody can ask for anything any more.
pub(super) async fn write(
    live: Live,
    mut jobs: mpsc::Receiver<Job>,
    mut rooms: Rooms,
    mut marks: Marks,
) {
    let mut limits = Limits::default();
    loop {
        let first = match tokio::time::timeout(LOOK_UP, jobs.recv()).await {
            Ok(Some(first)) => first,
            Ok(None) => return,
            // This task itself could ask, so nobody asking is not how it ends.
            Err(_) if live.store.is_closed() => return,
            Err(_) => continue,
        };
        tokio::time::sleep(WINDOW).await;
        let mut taken = vec![first];
        while taken.len() < MOST
            && let Ok(job) = jobs.try_recv()
        {
            taken.push(job);
        }
        let (mut acts, mut waiting) = (Vec::new(), Vec::new());
        for job in taken {
            acts.push((job.show, job.act));
            waiting.push(job.answer);
        }
        let committed = live
            .store
            .in_one_commit(
                &acts,
                &mut rooms,
                &mut limits,
                &live.clock,
                live.kept.stored,
            )
            .await;
        match committed {
            Ok(batch) => {
                share(&live, &acts, &rooms);
                for (show, events) in &batch.happened {
                    if let Some(room) = rooms.get(show) {
                        marks.mark(show, &room.epoch, room.last_event_id);
                    }
                    live.fanout.publish(show, frames(events));
                }
                for (answer, answered) in waiting.into_iter().zip(batch.answers) {
                    // Whoever has gone meanwhile hears nothing.
                    let _ = answer.send(answered);
                }
            }
            Err(error) => {
                tracing::error!(%error, "what was done in the live room could not be written");
                rooms.clear();
                for answer in waiting {
                    let _ = answer.send(Err(StoreError::BrokeOff));
                }
            }
        }
    }
}

/// Shows everybody what the commit has left.
fn share(live: &Live, acts: &[(ShowId, Act)], rooms: &Rooms) {
    let mut shared = live.rooms.write().unwrap_or_else(PoisonError::into_inner);
    for (show, _) in acts {
        if let Some(room) = rooms.get(show) {
            let there = shared.get(show);
            let same = there.is_some_and(|there| {
                there.last_event_id == room.last_event_id && there.epoch == room.epoch
            });
            if !same {
                shared.insert(show.clone(), Arc::new(room.clone()));
            }
        }
    }
}

fn frames(events: &[Event]) -> Arc<[Frame]> {
    let frame = |event: &Event| Frame {
        id: event.id,
        bytes: stream::event(event.id, &serde_json::to_string(event).unwrap_or_default()),
        last: event.what == What::Ended,
    };
    events.iter().map(frame).collect()
}
