//! Who is signed in on this device. The session itself is a cookie that no script sees; what is
//! kept here is only what its page may show, and it goes when the member signs out, also offline.

use super::{Stores, reading};
use crate::browser::{now_ms, storage};
use crate::view::task;
use client::Error;
use domain::booking::{Booking, BookingState, MISSED_AFTER};
use domain::member::Member;
use domain::order::Order;
use leptos::prelude::*;

const MEMBER: &str = "member";
/// Orders that wait for pickup, as they were last seen: the code must open the bag without a network.
const ORDERS: &str = "orders";
/// Bookings that are to come, as they were last seen: their code is shown without a network too.
const BOOKINGS: &str = "bookings";
/// Set while the backend does not know yet that the member has signed out.
const LEAVING: &str = "leaving";
/// Who picks up, as typed.
pub const CONTACT: &str = "contact";
/// The word to the shop, as typed.
pub const NOTE: &str = "note";
/// The word to the shop about a tasting, as typed.
pub const TASTE_NOTE: &str = "taste-note";
/// The cart as it was when it met the member's other phones last.
pub const MET: &str = "met";
/// What one means to give back, as far as it is filled in.
pub const RETURN: &str = "return";
/// What one means to say in a show, as typed, and what of it was not said yet.
pub const SAYING: &str = "saying";
/// A wish in the live room, as typed.
pub const WISH: &str = "wish";
/// A wish of which it is not known whether it arrived.
pub const WISHING: &str = "wishing";
/// What was wished for in the last round.
pub const WISHED: &str = "wished";
/// A coupon of the live room of which it is not known whether it was got.
pub const CLAIM: &str = "claim";
/// Whether something lies in the outbox: a hint, so that the next page sees it through.
pub const INTENT: &str = "intent";

/// Who is signed in.
#[derive(Clone, Copy, Debug)]
pub struct Session {
    /// The member, as far as this device knows.
    pub member: RwSignal<Option<Member>>,
}

impl Session {
    pub(super) fn restore() -> Self {
        let session = Self {
            member: RwSignal::new(storage::read(MEMBER)),
        };
        storage::on_change(MEMBER, move || {
            // Whatever was read belongs to whoever was here before.
            reading::forget();
            session.member.set(storage::read(MEMBER));
        });
        session
    }

    /// Whether somebody is signed in.
    pub fn is_open(&self) -> bool {
        self.member.with(Option::is_some)
    }

    /// Somebody has signed in.
    pub fn begin(&self, member: Member) {
        for key in [LEAVING, MET] {
            storage::forget(key);
        }
        storage::write(MEMBER, &member);
        self.member.set(Some(member));
    }

    /// The session has ended: what is the member's leaves this device.
    pub fn end(&self) {
        for key in [
            MEMBER, ORDERS, BOOKINGS, CONTACT, NOTE, TASTE_NOTE, RETURN, SAYING, MET, WISH,
            WISHING, WISHED, CLAIM,
        ] {
            storage::forget(key);
        }
        reading::forget();
        self.member.set(None);
    }

    /// Signs out: here at once, at the backend as soon as it can be reached.
    pub fn sign_out(&self, stores: Stores) {
        storage::write(LEAVING, &true);
        // An order on its way is in the list of whoever signs in again.
        storage::forget(INTENT);
        self.end();
        stores.cart.forget();
        self.finish_leaving(stores);
    }

    /// Tells the backend that the member has signed out, if it does not know yet.
    pub(super) fn finish_leaving(&self, stores: Stores) {
        if storage::read::<bool>(LEAVING).is_some() {
            task(async move {
                if stores.client().members().sign_out().await.is_ok() {
                    storage::forget(LEAVING);
                }
            });
        }
    }

    /// What an error says of the session: one that is over has ended here too.
    pub fn heed(&self, error: &Error) {
        if error.is_not_signed_in() {
            self.end();
        }
    }
}

/// Remembers an order as long as it waits for pickup.
pub fn remember(order: &Order) {
    let mut kept: Vec<Order> = storage::read(ORDERS).unwrap_or_default();
    kept.retain(|there| there.id != order.id);
    if !order.state.is_final() {
        kept.push(order.clone());
    }
    storage::write(ORDERS, &kept);
}

/// An order as it was last seen on this device.
pub fn remembered(id: &str) -> Option<Order> {
    let kept: Vec<Order> = storage::read(ORDERS)?;
    kept.into_iter().find(|order| order.id.as_str() == id)
}

/// Remembers bookings as long as they are to come.
pub fn remember_bookings(seen: &[Booking]) {
    let mut kept = remembered_bookings();
    kept.retain(|there| seen.iter().all(|seen| seen.id != there.id));
    kept.extend(seen.iter().filter(|booking| is_to_come(booking)).cloned());
    kept.sort_by_key(|booking| booking.from.ms);
    storage::write(BOOKINGS, &kept);
}

/// Remembers that these are all that are to come.
pub fn remember_all_bookings(all: &[Booking]) {
    storage::forget(BOOKINGS);
    remember_bookings(all);
}

/// The bookings that are to come as they were last seen on this device, the earliest first.
pub fn remembered_bookings() -> Vec<Booking> {
    let mut kept: Vec<Booking> = storage::read(BOOKINGS).unwrap_or_default();
    kept.retain(is_to_come);
    kept
}

fn is_to_come(booking: &Booking) -> bool {
    let counts_until = booking.to.ms.saturating_add(MISSED_AFTER);
    booking.state == BookingState::Booked && now_ms() < counts_until
}
