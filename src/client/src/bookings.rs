//! Calls about tastings in the store.

use crate::read::Write;
use crate::transport::{Method, Transport};
use crate::{Client, Error, Fresh, endpoint};
use domain::booking::{Booking, BookingRequest, MoveRequest, MyBookings, Verdict, VerdictRequest};
use domain::id::{BookingId, SlotId, TastingId};
use domain::page::Page;
use domain::slot_hold::{HoldRequest, SlotHold};
use domain::tasting::{Tasting, TastingSummary};
use domain::waiting::{WaitRequest, Waiting};

/// Calls about tastings. All but the first two need a member: refused with `not-signed-in`.
pub struct Bookings<'a, T>(pub(crate) &'a Client<T>);

impl<T: Transport> Bookings<'_, T> {
    /// What can be tasted, in the shop's order.
    pub async fn tastings(&self) -> Result<Fresh<Page<TastingSummary>>, Error> {
        self.0.read(endpoint::tastings()).await
    }

    /// One tasting, with its slots of fourteen days. Refused with `not-found` when there is none.
    pub async fn tasting(&self, id: &TastingId) -> Result<Fresh<Tasting>, Error> {
        self.0.read(endpoint::tasting(id)).await
    }

    /// The place that the member holds, if it holds one.
    pub async fn held(&self) -> Result<Fresh<Option<SlotHold>>, Error> {
        self.0.read(endpoint::my_slot_hold()).await
    }

    /// Holds a place for five minutes, in the place of another one. Refused with `slot-full`,
    /// `slot-past`, `held-too-often` (with the seconds to wait), `not-found`.
    pub async fn hold(&self, slot: &SlotId, party: u32) -> Result<SlotHold, Error> {
        let write = Write::new(Method::Put, endpoint::my_slot_hold());
        let body = HoldRequest {
            slot: slot.clone(),
            party,
        };
        self.0.write(write.with(&body)).await
    }

    /// Lets the place go. Letting go of nothing is no mistake.
    pub async fn let_go(&self) -> Result<(), Error> {
        let write = Write::new(Method::Delete, endpoint::my_slot_hold());
        self.0.write(write).await
    }

    /// Books. `key` names the intent. Refused with `slot-full`, `slot-past`, `hold-expired`,
    /// `one-per-member`, `not-found`, `invalid-body`.
    pub async fn book(&self, request: &BookingRequest, key: &str) -> Result<Booking, Error> {
        let write = Write::new(Method::Post, endpoint::bookings());
        self.0.write(write.with(request).keyed(key)).await
    }

    /// The member's bookings and the lines that it stands in.
    pub async fn mine(&self) -> Result<Fresh<MyBookings>, Error> {
        self.0.read(endpoint::my_bookings()).await
    }

    /// One of the member's bookings. Refused with `not-found` also when it is somebody else's.
    pub async fn booking(&self, id: &BookingId) -> Result<Fresh<Booking>, Error> {
        self.0.read(endpoint::booking(id)).await
    }

    /// Moves a booking to another time of the same tasting. Refused with `not-now` after the
    /// cut-off, `slot-full`, `slot-past`; moving it to where it is changes nothing.
    pub async fn move_to(&self, id: &BookingId, slot: &SlotId) -> Result<Booking, Error> {
        let write = Write::new(Method::Post, endpoint::of_booking(id, "move"));
        let body = MoveRequest { slot: slot.clone() };
        self.0.write(write.with(&body)).await
    }

    /// Calls a booking off. Refused with `not-now` after the cut-off; calling off what is called off
    /// changes nothing.
    pub async fn cancel(&self, id: &BookingId) -> Result<Booking, Error> {
        let write = Write::new(Method::Post, endpoint::of_booking(id, "cancel"));
        self.0.write(write).await
    }

    /// Says on the day that the member will come. Refused with `not-now` at another time.
    pub async fn confirm_coming(&self, id: &BookingId) -> Result<Booking, Error> {
        let write = Write::new(Method::Post, endpoint::of_booking(id, "confirm-coming"));
        self.0.write(write).await
    }

    /// Says how it was. Refused with `not-now` before the member has come.
    pub async fn judge(&self, id: &BookingId, verdict: Verdict) -> Result<Booking, Error> {
        let write = Write::new(Method::Post, endpoint::of_booking(id, "verdict"));
        self.0.write(write.with(&VerdictRequest { verdict })).await
    }

    /// Where a booking's calendar file is: for a link, which the session's cookie goes with.
    pub fn calendar_address(&self, id: &BookingId) -> String {
        let endpoint = endpoint::of_booking(id, "calendar.ics");
        [&self.0.base, endpoint.as_str()].concat()
    }

    /// Stands in the line of a full slot. `key` names the intent. Refused with `not-now` when places
    /// are free or nothing can become free any more, `one-per-member` when the member stands in
    /// another line of the tasting already.
    pub async fn wait(&self, slot: &SlotId, party: u32, key: &str) -> Result<Waiting, Error> {
        let write = Write::new(Method::Post, endpoint::waiting(slot));
        self.0
            .write(write.with(&WaitRequest { party }).keyed(key))
            .await
    }

    /// Leaves the line. Leaving one that one does not stand in is no mistake.
    pub async fn leave(&self, slot: &SlotId) -> Result<(), Error> {
        let write = Write::new(Method::Delete, endpoint::waiting(slot));
        self.0.write(write).await
    }
}
