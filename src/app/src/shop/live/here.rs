//! What everything in a room shares: the room as it is now, and what one may do in it.

use crate::browser::address::{Address, address};
use crate::state::{Stores, stores};
use client::live::Status;
use domain::id::ShowId;
use domain::live::Room;
use leptos::prelude::*;

/// A room that somebody looks at. Copied freely, like the stores.
#[derive(Clone, Copy)]
pub struct Here {
    /// The shop's stores.
    pub stores: Stores,
    /// The page's address.
    pub address: RwSignal<Address>,
    /// Which show.
    pub id: StoredValue<ShowId>,
    /// Whether it is over and seen again: then nothing can be said, voted for or got in it.
    pub past: bool,
    /// The room as it is now; nothing before the first snapshot. Set once a frame at most.
    pub room: RwSignal<Option<Room>>,
    /// How it stands with the server.
    pub status: RwSignal<Status>,
}

impl Here {
    /// A room of which nothing is known yet.
    pub fn new(id: ShowId) -> Self {
        Self {
            stores: stores(),
            address: address(),
            id: StoredValue::new(id),
            past: false,
            room: RwSignal::new(None),
            status: RwSignal::new(Status::Reconnecting),
        }
    }

    /// The room of a show that is over, as it was at some time.
    pub fn past(id: ShowId) -> Self {
        Self {
            past: true,
            status: RwSignal::new(Status::Live),
            ..Self::new(id)
        }
    }

    /// A piece of the room, told anew only when it has changed.
    pub fn piece<T>(self, look: impl Fn(&Room) -> T + Send + Sync + 'static) -> Memo<Option<T>>
    where
        T: PartialEq + Clone + Send + Sync + 'static,
    {
        Memo::new(move |_| self.room.with(|room| room.as_ref().map(&look)))
    }

    /// Takes in what an answer says that no event says: what is of this member.
    pub fn change(self, change: impl FnOnce(&mut Room)) {
        self.room.try_update(|room| room.as_mut().map(change));
    }

    /// Where one signs in, to come back here.
    pub fn sign_in(self) -> String {
        let here = self
            .address
            .with_untracked(|address| [address.path.as_str(), &address.query].concat());
        ["/sign-in?next=", &client::endpoint::encode(&here)].concat()
    }
}
