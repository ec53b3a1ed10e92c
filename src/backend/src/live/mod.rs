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
}

impl Live {
    /// Begins to write, to watch the shelves and to count, until the store is closed.
    pub async fn open(
        store: Store,
        clock: Arc<Clock>,
        fanout: Arc<dyn Fanout>,
    ) -> Result<Self, StoreError> {
        let marks = marks::Marks::open(&store).await?;
        let (jobs, taken) = mpsc::channel(WAITING);
        let live = Self {
            store,
            clock,
            jobs,
            rooms: Shared::default(),
            fanout,
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
        let kept = after <= now.last && now.last - after <= EVENTS_KEPT;
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
