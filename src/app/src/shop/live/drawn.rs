//! What is drawn of a room. What the host shows waits until the picture has come to it
//! (`domain::video::Follow`); without a picture, and wherever nobody feeds it, everything is drawn at once.

use super::here::PictureClock;
use crate::browser::media::elapsed;
use domain::id::ProductId;
use domain::live::{CouponDrop, Event, Pin, Poll, Room, RoomGood, Taken, WishRound};
use domain::video::{Follow, Reading, seconds_said};
use leptos::prelude::*;

/// What is drawn. Copied freely.
#[derive(Clone, Copy)]
pub struct Drawn {
    room: RwSignal<Option<Room>>,
    follow: StoredValue<Option<Follow>>,
    /// Counts up when the picture has come to something, while the room is as it was.
    came: RwSignal<u32>,
    /// How far behind one is, in seconds, where that is so far that one is offered to jump.
    pub behind: RwSignal<Option<i64>>,
}

impl Drawn {
    /// Everything of a room, at once.
    pub fn new(room: RwSignal<Option<Room>>) -> Self {
        Self {
            room,
            follow: StoredValue::new(None),
            came: RwSignal::new(0),
            behind: RwSignal::new(None),
        }
    }

    /// Goes on from a whole room, heard at that time of [`elapsed`].
    pub fn enter(self, room: &Room, at: i64) {
        self.follow.try_update_value(|follow| match follow {
            Some(follow) => follow.again(room, at),
            None => *follow = Some(Follow::of(room)),
        });
    }

    /// Takes the next event into the room, heard at that time of [`elapsed`].
    pub fn take(self, room: &mut Room, event: &Event, at: i64) -> Taken {
        let taken = self.follow.try_update_value(|follow| match follow {
            Some(follow) => follow.take(room, event, at),
            None => room.take(event),
        });
        taken.unwrap_or(Taken::Before)
    }

    /// Looks where the picture is.
    pub fn look(self, clock: PictureClock) {
        let reading = Reading {
            now: elapsed(),
            picture: clock.at,
            playing: clock.playing,
        };
        let looked = self.follow.try_update_value(|follow| {
            let follow = follow.as_mut()?;
            let came = !follow.look(reading).is_empty();
            Some((came, follow.offer()))
        });
        let Some((came, behind)) = looked.flatten() else {
            return;
        };
        if came {
            self.came.try_update(|came| *came = came.wrapping_add(1));
        }
        let Some(said) = self.behind.try_get_untracked() else {
            return;
        };
        let behind = behind.map(|ms| seconds_said(ms, said));
        if behind != said {
            self.behind.set(behind);
        }
    }

    /// Whether anything waits for the picture.
    pub fn waits(self) -> bool {
        let waits = |follow: &Option<Follow>| follow.as_ref().is_some_and(|one| one.waiting() > 0);
        self.follow.try_with_value(waits).unwrap_or_default()
    }

    /// Whether one is offered to jump.
    pub fn is_offered(self) -> bool {
        self.behind.try_get_untracked().flatten().is_some()
    }

    fn see<T>(self, look: impl FnOnce(&Room, Option<&Follow>) -> Option<T>) -> Option<T> {
        self.came.track();
        self.room.with(|room| {
            let room = room.as_ref()?;
            self.follow.with_value(|follow| look(room, follow.as_ref()))
        })
    }

    /// What is shown to everybody, if it is among the goods.
    pub fn pin(self) -> Option<Pin> {
        self.see(|room, follow| pinned(room, follow).map(|(pin, _)| pin.clone()))
    }

    /// Looks at the room and at what is shown to everybody in it.
    pub fn pinned<T>(self, look: impl FnOnce(&Room, Option<&RoomGood>) -> T) -> Option<T> {
        self.see(|room, follow| Some(look(room, pinned(room, follow).map(|(_, good)| good))))
    }

    /// The poll, with its newest votes.
    pub fn poll(self) -> Option<Poll> {
        self.see(|room, follow| match follow {
            Some(follow) => follow.poll(room),
            None => room.poll.clone(),
        })
    }

    /// The round of wishes, with the newest.
    pub fn wishes(self) -> Option<WishRound> {
        self.see(|room, follow| match follow {
            Some(follow) => follow.wishes(room),
            None => room.wishes.clone(),
        })
    }

    /// Looks at the round of wishes, but not at what is wished.
    pub fn round<T>(self, look: impl FnOnce(&WishRound) -> T) -> Option<T> {
        self.see(|room, follow| match follow {
            Some(follow) => follow.round().map(look),
            None => room.wishes.as_ref().map(look),
        })
    }

    /// The drop of coupons, with what is left now.
    pub fn coupons(self) -> Option<CouponDrop> {
        self.see(|room, follow| match follow {
            Some(follow) => follow.drop(room),
            None => room.drop.clone(),
        })
    }

    /// One of the goods: what is left of it now, at the price that is drawn.
    pub fn good(self, product: &ProductId) -> Option<RoomGood> {
        self.see(|room, follow| {
            let mut good = room.good(product)?.clone();
            if let Some(follow) = follow.filter(|follow| follow.waiting() > 0) {
                for variant in &mut good.variants {
                    if let Some(price) = follow.price(room, &variant.id) {
                        (variant.price, variant.former_price) = price;
                    }
                }
            }
            Some(good)
        })
    }
}

fn pinned<'a>(room: &'a Room, follow: Option<&'a Follow>) -> Option<(&'a Pin, &'a RoomGood)> {
    let pin = match follow {
        Some(follow) => follow.pin(),
        None => room.pin.as_ref(),
    }?;
    Some((pin, room.good(&pin.product)?))
}
