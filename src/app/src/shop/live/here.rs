//! What everything in a room shares: the room as it is now, and what one may do in it.

use super::drawn::Drawn;
use crate::browser::address::{Address, address};
use crate::state::{Stores, stores};
use client::live::Status;
use domain::id::ProductId;
use domain::id::ShowId;
use domain::live::{CouponDrop, Pin, Poll, Room, RoomGood, WishRound};
use leptos::prelude::*;

/// What the picture says of time: nothing where there is no picture, or one without a clock (WHEP: what
/// has come is now).
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct PictureClock {
    /// The host's clock of what is seen now, in milliseconds since 1970.
    pub at: Option<i64>,
    /// Whether it moves.
    pub playing: bool,
}

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
    /// What the picture says of time, set by the player some four times a second.
    pub clock: StoredValue<PictureClock>,
    /// Counts up when one wants to jump to what is now.
    pub jump: RwSignal<u32>,
    /// What is drawn of the room.
    pub drawn: Drawn,
}

impl Here {
    /// A room of which nothing is known yet.
    pub fn new(id: ShowId) -> Self {
        let room = RwSignal::new(None);
        Self {
            stores: stores(),
            address: address(),
            id: StoredValue::new(id),
            past: false,
            room,
            status: RwSignal::new(Status::Reconnecting),
            clock: StoredValue::new(PictureClock::default()),
            jump: RwSignal::new(0),
            drawn: Drawn::new(room),
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

    /// A piece of the room as it is now, told anew only when it has changed. What the host shows is not
    /// drawn from it: it waits for the picture, and so do these that follow.
    pub fn piece<T>(self, look: impl Fn(&Room) -> T + Send + Sync + 'static) -> Memo<Option<T>>
    where
        T: PartialEq + Clone + Send + Sync + 'static,
    {
        Memo::new(move |_| self.room.with(|room| room.as_ref().map(&look)))
    }

    /// What is shown to everybody.
    pub fn pin(self) -> Memo<Option<Pin>> {
        Memo::new(move |_| self.drawn.pin())
    }

    /// A piece of the room, and of what is shown to everybody in it.
    pub fn pinned<T>(
        self,
        look: impl Fn(&Room, Option<&RoomGood>) -> T + Send + Sync + 'static,
    ) -> Memo<Option<T>>
    where
        T: PartialEq + Clone + Send + Sync + 'static,
    {
        Memo::new(move |_| self.drawn.pinned(&look))
    }

    /// The poll, with its newest votes.
    pub fn poll(self) -> Memo<Option<Poll>> {
        Memo::new(move |_| self.drawn.poll())
    }

    /// The round of wishes, with the newest.
    pub fn wishes(self) -> Memo<Option<WishRound>> {
        Memo::new(move |_| self.drawn.wishes())
    }

    /// The drop of coupons, with what is left now.
    pub fn coupons(self) -> Memo<Option<CouponDrop>> {
        Memo::new(move |_| self.drawn.coupons())
    }

    /// One of the goods: what is left of it now, at the price that is drawn.
    pub fn good(self, product: ProductId) -> Memo<Option<RoomGood>> {
        Memo::new(move |_| self.drawn.good(&product))
    }

    /// Looks where the picture is, and what it has come to.
    pub fn look(self) {
        self.drawn
            .look(self.clock.try_get_value().unwrap_or_default());
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
