//! The live room while it is on: one task writes what happens, and everybody who listens is sent it.
//!
//! Whatever is done in a show is handed to the one writer ([`writer`]). It takes what has come within a
//! few milliseconds, commits it at once, and only then tells the fan-out ([`fanout`]); so nothing is
//! sent that a crash could take back, and the order of the commits is the order on the wire.

mod fanout;
mod marks;
mod stream;
mod watch;
mod writer;

pub use fanout::{Fanout, Frame, InProcess};

use crate::clock::Clock;
use crate::store::live::{Act, HostAct, MemberAct, Rooms};
use crate::store::{Answered, Store, StoreError};
use crate::{language::Language, store::AtDesk};
use domain::id::{MemberId, ShowId};
use domain::live::{Beat, EVENTS_KEPT, Room};
use domain::problem::ProblemKind;
use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};
use tokio::sync::{mpsc, oneshot};
use writer::Job;

/// How many acts may wait for the writer.
const WAITING: usize = 4_096;

/// The rooms as everybody may see them: what the last commit has left.
type Shared = Arc<RwLock<HashMap<ShowId, Arc<Room>>>>;

/// What routes may do with rooms.
#[derive(Clone, Debug)]
pub struct Live {
    store: Store,
    clock: Arc<Clock>,
    jobs: mpsc::Sender<Job>,
    rooms: Shared,
    fanout: Arc<dyn Fanout>,
    kept: Kept,
}

/// How many of the last events of a show are kept.
#[derive(Clone, Copy, Debug)]
struct Kept {
    /// To be sent again to whoever has missed them.
    sent_again: u32,
    /// For the show's replay: never fewer than that.
    stored: u32,
}

const KEPT: Kept = Kept {
    sent_again: EVENTS_KEPT,
    stored: 200_000,
};
const _: () = assert!(KEPT.stored >= KEPT.sent_again);

impl Live {
    /// Begins to write, to watch the shelves and to count, until the store is closed.
    pub async fn open(
        store: Store,
        clock: Arc<Clock>,
        fanout: Arc<dyn Fanout>,
    ) -> Result<Self, StoreError> {
        Self::open_keeping(store, clock, fanout, KEPT).await
    }

    /// The same with another number of events that are kept.
    async fn open_keeping(
        store: Store,
        clock: Arc<Clock>,
        fanout: Arc<dyn Fanout>,
        kept: Kept,
    ) -> Result<Self, StoreError> {
        let marks = marks::Marks::open(&store).await?;
        let (jobs, taken) = mpsc::channel(WAITING);
        let live = Self {
            store,
            clock,
            jobs,
            rooms: Shared::default(),
            fanout,
            kept,
        };
        tokio::spawn(writer::write(live.clone(), taken, Rooms::new(), marks));
        tokio::spawn(watch::counts(live.clone()));
        tokio::spawn(watch::goods(live.clone()));
        Ok(live)
    }

    /// Does something in a show, and waits until it is committed.
    pub(crate) async fn act(&self, show: &ShowId, act: Act) -> Result<Answered, StoreError> {
        let (answer, answered) = oneshot::channel();
        let job = Job {
            show: show.clone(),
            act,
            answer,
        };
        let sent = self.jobs.send(job).await;
        sent.map_err(|_| StoreError::BrokeOff)?;
        answered.await.map_err(|_| StoreError::BrokeOff)?
    }

    pub(crate) async fn by_member(
        &self,
        show: &ShowId,
        member: MemberId,
        language: Language,
        key: Option<String>,
        what: MemberAct,
    ) -> Result<Answered, StoreError> {
        let act = Act::Member {
            member,
            language,
            key,
            what,
        };
        self.act(show, act).await
    }

    pub(crate) async fn by_host(
        &self,
        show: &ShowId,
        desk: &AtDesk,
        language: Language,
        key: Option<String>,
        what: HostAct,
    ) -> Result<Answered, StoreError> {
        let act = Act::Host {
            staff: desk.staff.clone(),
            language,
            key,
            what,
        };
        self.act(show, act).await
    }

    /// A room as it is now; refused with `not-found` when there is no such show.
    pub async fn room(&self, show: &ShowId) -> Result<Arc<Room>, StoreError> {
        if let Some(room) = self.known(show) {
            return Ok(room);
        }
        self.act(show, Act::Look).await?;
        self.known(show)
            .ok_or(StoreError::Refused(ProblemKind::NotFound))
    }

    fn known(&self, show: &ShowId) -> Option<Arc<Room>> {
        let rooms = self.rooms.read().unwrap_or_else(PoisonError::into_inner);
        rooms.get(show).cloned()
    }

    /// All rooms that somebody has looked at.
    fn all(&self) -> Vec<Arc<Room>> {
        let rooms = self.rooms.read().unwrap_or_else(PoisonError::into_inner);
        rooms.values().cloned().collect()
    }

    /// How many follow a show now.
    pub fn listeners(&self, show: &ShowId) -> u32 {
        self.fanout.listeners(show)
    }

    /// The stream of a show's events after this one of this epoch, as an answer's body.
    pub async fn stream(
        &self,
        show: &ShowId,
        epoch: Option<&str>,
        after: Option<u32>,
    ) -> Result<axum::body::Body, StoreError> {
        self.room(show).await?;
        // First of all one listens: what happens while the rest is read comes after it.
        let frames = self.fanout.subscribe(show);
        let room = self.room(show).await?;
        let now = Beat {
            epoch: room.epoch.clone(),
            last: room.last_event_id,
        };
        let same = epoch.is_none_or(|epoch| epoch == now.epoch);
        let after = after.unwrap_or(now.last);
        let kept = after <= now.last && now.last - after <= self.kept.sent_again;
        let mut begin = None;
        if same && kept {
            let missing = self.store.events_after(show, after, &self.clock).await?;
            // Where the oldest are gone, a snapshot is needed.
            let first = missing.first().map_or(after + 1, |(id, _)| *id);
            if first == after + 1 {
                begin = Some((after, missing));
            }
        }
        let over = room.show.state == domain::show::ShowState::Ended;
        Ok(stream::body(
            frames,
            now,
            begin,
            over,
            self.store.goodbye(),
            self.fanout.enter(show),
        ))
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::demo;
    use domain::show::ShowStep;
    use futures_util::StreamExt;

    async fn host(live: &Live, show: &ShowId, what: HostAct) {
        let act = Act::Host {
            staff: "nobody".into(),
            language: Language::Zh,
            key: None,
            what,
        };
        live.act(show, act).await.unwrap();
    }

    /// The first frames that somebody is sent who has come so far.
    async fn begins(live: &Live, show: &ShowId, after: u32, frames: usize) -> String {
        let body = live.stream(show, None, Some(after)).await.unwrap();
        let sent: Vec<_> = body.into_data_stream().take(frames).collect().await;
        let sent = sent.into_iter().map(|piece| piece.unwrap().to_vec());
        String::from_utf8(sent.flatten().collect()).unwrap()
    }

    #[tokio::test]
    async fn of_eight_events_five_are_kept() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(&folder.path().join("shop.sqlite"))
            .await
            .unwrap();
        demo::found(
            &store,
            None,
            &folder.path().join("pictures"),
            1_795_315_351_000,
        )
        .await
        .unwrap();
        let (_, zone) = store.name_and_zone().await.unwrap();
        let clock = Arc::new(Clock::of(&zone).unwrap());
        let fanout = Arc::new(InProcess::default());
        let five = Kept {
            sent_again: 5,
            stored: 5,
        };
        let live = Live::open_keeping(store.clone(), Arc::clone(&clock), fanout, five)
            .await
            .unwrap();
        let show = ShowId::from("tonight");
        host(&live, &show, HostAct::Step(ShowStep::Start)).await;
        for seconds in 1..=6 {
            host(&live, &show, HostAct::SlowMode(seconds)).await;
        }
        let ids = async || -> Vec<u32> {
            let all = store.events_after(&show, 0, &clock).await.unwrap();
            all.into_iter().map(|(id, _)| id).collect()
        };
        assert_eq!(ids().await, [1, 2, 3, 4, 5, 6, 7]);
        // With a new plan the room is written down, and what nobody needs any more is forgotten.
        let plan = store.show_plan(&show, &clock).await.unwrap().unwrap();
        host(&live, &show, HostAct::Edit(plan)).await;
        assert_eq!(ids().await, [4, 5, 6, 7, 8]);
        let sent = begins(&live, &show, 3, 6).await;
        assert!(sent.starts_with("event: beat\n"), "{sent}");
        let ids: Vec<_> = sent
            .lines()
            .filter_map(|line| line.strip_prefix("id: "))
            .collect();
        assert_eq!(ids, ["4", "5", "6", "7", "8"]);
        let sent = begins(&live, &show, 2, 1).await;
        assert!(sent.starts_with("event: resync\n"), "{sent}");
    }
}
