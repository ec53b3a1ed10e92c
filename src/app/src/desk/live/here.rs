//! What everything of one show shares: the room as it is now, and a way to do something in it.

use super::draft::Draft;
use super::{Host, why_not};
use crate::browser::now_ms;
use crate::desk::once::{Kept, Once, Sent};
use crate::state::Stores;
use crate::view::task;
use client::browser::Browser;
use client::live::Status;
use client::{Client, Error};
use domain::id::ShowId;
use domain::live::Room;
use domain::show::ShowState;
use domain::video::ServerClock;
use leptos::prelude::*;
use std::future::Future;

/// A show that is led. Copied freely, like the stores.
#[derive(Clone, Copy)]
pub struct Here {
    pub host: Host,
    /// Which show.
    pub id: StoredValue<ShowId>,
    /// The room as it is now; nothing before the first snapshot. Set once a frame at most.
    pub room: RwSignal<Option<Room>>,
    /// How it stands with the server.
    pub status: RwSignal<Status>,
    /// How many comments there were in the last minute.
    pub a_minute: RwSignal<usize>,
    /// Where the show stands, once that is known.
    pub state: Memo<Option<ShowState>>,
    /// What is known of the server's clock.
    pub clock: StoredValue<ServerClock>,
}

impl Here {
    /// A show of which nothing is known yet.
    pub fn new(host: Host, id: ShowId) -> Self {
        let room = RwSignal::new(None::<Room>);
        Self {
            host,
            id: StoredValue::new(id),
            room,
            status: RwSignal::new(Status::Reconnecting),
            a_minute: RwSignal::new(0),
            state: Memo::new(move |_| room.with(|room| room.as_ref().map(|room| room.show.state))),
            clock: StoredValue::new(ServerClock::default()),
        }
    }

    /// A piece of the room, told anew only when it has changed.
    pub fn piece<T>(self, look: impl Fn(&Room) -> T + Send + Sync + 'static) -> Memo<Option<T>>
    where
        T: PartialEq + Clone + Send + Sync + 'static,
    {
        Memo::new(move |_| self.room.with(|room| room.as_ref().map(&look)))
    }

    /// Whether the show is on.
    pub fn is_live(self) -> bool {
        self.state.get() == Some(ShowState::Live)
    }

    /// Whether the show is over.
    pub fn is_over(self) -> bool {
        self.state.get() == Some(ShowState::Ended)
    }

    /// When what is being pressed was said, by the server's clock: so that it goes with the picture, however
    /// slow the network is. Nothing where the server's clock is not known yet.
    pub fn said_at(self) -> Option<i64> {
        self.clock.with_value(|clock| clock.at(now_ms()))
    }

    /// A text of this show that is being written.
    pub fn draft(self, name: &str) -> Draft {
        let id = self.id.get_value();
        Draft::of(["desk/live/", id.as_str(), "/", name].concat())
    }

    /// Something that is done once in a show, and seen through.
    pub fn once<A: Clone + Send + Sync + 'static>(
        self,
        what: &str,
        send: fn(Stores, Kept) -> Sent<A>,
    ) -> Once<A> {
        self.host
            .staff
            .with_value(|staff| Once::of(what, staff, send))
    }

    /// Does something that may be done twice. What does not succeed is said, and can be pressed again.
    pub fn does<T: 'static, F: Future<Output = Result<T, Error>> + 'static>(
        self,
        busy: RwSignal<bool>,
        call: impl FnOnce(Client<Browser>, ShowId) -> F,
        then: impl FnOnce(T) + 'static,
    ) {
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        let host = self.host;
        let id = self.id.get_value();
        let asked = call(host.stores.client(), id.clone());
        task(async move {
            let answer = asked.await;
            busy.try_set(false);
            match answer {
                Ok(done) => {
                    then(done);
                    self.look_again(&id).await;
                }
                Err(error) => {
                    host.stores.say(why_not(&error));
                    host.heed(&error);
                }
            }
        });
    }

    /// Reads the room anew when it is over: nothing comes by its stream any more.
    async fn look_again(self, id: &ShowId) {
        if self.state.try_get_untracked().flatten() != Some(ShowState::Ended) {
            return;
        }
        match self.host.stores.client().shows().room(id).await {
            Ok(fresh) => {
                self.room.try_set(Some(fresh.value));
            }
            Err(error) => leptos::logging::warn!("the room is as it was: {error}"),
        }
    }
}
