//! Calls of the staff's desk.

use crate::read::Write;
use crate::transport::{Method, Transport};
use crate::{Client, Error, Fresh, endpoint};
use domain::check_in::{CheckInRequest, DeskKeys, DeskTastings, Guest, Redeemable, WalkInRequest};
use domain::desk::{CodeLookup, DeskOrders, Device, DeviceRequest, PinRequest};
use domain::id::{BookingId, OrderId, SlotId, TastingId};
use domain::member::Staff;
use domain::order::Order;
use domain::source::{PurchaseClaim, PurchaseRequest, SourceFigures};
use domain::tasting::Plan;

/// Calls of the staff's desk. All but the first three need somebody signed in: refused with
/// `not-signed-in`, and with `forbidden` when that somebody's role may not.
pub struct Desk<'a, T>(pub(crate) &'a Client<T>);

impl<T: Transport> Desk<'_, T> {
    /// Makes this tablet one of the shop's. Refused with `wrong-code`.
    pub async fn register(&self, code: &str, name: &str) -> Result<Device, Error> {
        let write = Write::new(Method::Post, endpoint::desk::devices());
        let body = DeviceRequest {
            code: code.to_owned(),
            name: name.to_owned(),
        };
        self.0.write(write.with(&body)).await
    }

    /// Which tablet this is. Refused with `unknown-device`.
    pub async fn device(&self) -> Result<Fresh<Device>, Error> {
        self.0.read(endpoint::desk::device()).await
    }

    /// Signs somebody of the shop in. Refused with `unknown-device`, `wrong-code`,
    /// `too-many-requests`.
    pub async fn sign_in(&self, pin: &str) -> Result<Staff, Error> {
        let write = Write::new(Method::Post, endpoint::desk::sign_in());
        let body = PinRequest {
            pin: pin.to_owned(),
        };
        self.0.write(write.with(&body)).await
    }

    /// Who is at the desk.
    pub async fn staff(&self) -> Result<Fresh<Staff>, Error> {
        self.0.read(endpoint::desk::session()).await
    }

    /// Locks the desk.
    pub async fn sign_out(&self) -> Result<(), Error> {
        let write = Write::new(Method::Delete, endpoint::desk::session());
        self.0.write(write).await
    }

    /// What there is to do.
    pub async fn orders(&self) -> Result<Fresh<DeskOrders>, Error> {
        self.0.read(endpoint::desk::orders()).await
    }

    /// Takes an order a step further: `pack`, `ready`, `hand-over` or `cancel`. Refused with
    /// `not-now`; a step that was taken already changes nothing.
    pub async fn step(&self, id: &OrderId, step: &str) -> Result<Order, Error> {
        let write = Write::new(Method::Post, endpoint::desk::step(id, step));
        self.0.write(write).await
    }

    /// What a code would hand over; nothing is changed. Refused with `wrong-code`.
    pub async fn preview(&self, code: &str) -> Result<Order, Error> {
        let write = Write::new(Method::Post, endpoint::desk::preview());
        let body = CodeLookup {
            code: code.to_owned(),
        };
        self.0.write(write.with(&body)).await
    }

    /// What a code stands for: an order's digits (6) or a tasting's (8), or the text of either QR
    /// code; nothing is changed. Refused with `wrong-code`.
    pub async fn code(&self, code: &str) -> Result<Redeemable, Error> {
        let write = Write::new(Method::Post, endpoint::desk::code());
        let body = CodeLookup {
            code: code.to_owned(),
        };
        self.0.write(write.with(&body)).await
    }

    /// Who comes to taste today.
    pub async fn tastings(&self) -> Result<Fresh<DeskTastings>, Error> {
        self.0.read(endpoint::desk::tastings()).await
    }

    /// Checks somebody in, after looking: with the nonce of the preview. Refused with `not-now` on
    /// another day, or when the booking is not what was looked at any more.
    pub async fn check_in(&self, id: &BookingId, nonce: &str) -> Result<Guest, Error> {
        let write = Write::new(Method::Post, endpoint::desk::of_booking(id, "check-in"));
        let body = CheckInRequest {
            nonce: nonce.to_owned(),
        };
        self.0.write(write.with(&body)).await
    }

    /// Takes back what was done last with a booking, for two minutes. Refused with `not-now`.
    pub async fn undo(&self, id: &BookingId) -> Result<Guest, Error> {
        let write = Write::new(Method::Post, endpoint::desk::of_booking(id, "undo"));
        self.0.write(write).await
    }

    /// Says that somebody has not come. Refused with `not-now` before it has begun.
    pub async fn no_show(&self, id: &BookingId) -> Result<Guest, Error> {
        let write = Write::new(Method::Post, endpoint::desk::of_booking(id, "no-show"));
        self.0.write(write).await
    }

    /// Gives a free place of today to somebody who has booked nothing; they are checked in at once.
    /// Refused with `slot-full`, `slot-past`.
    pub async fn walk_in(
        &self,
        slot: &SlotId,
        request: &WalkInRequest,
        key: &str,
    ) -> Result<Guest, Error> {
        let write = Write::new(Method::Post, endpoint::desk::walk_in(slot));
        self.0.write(write.with(request).keyed(key)).await
    }

    /// What the owner decides about a tasting. Refused with `forbidden` for anybody else.
    pub async fn plan(&self, id: &TastingId) -> Result<Fresh<Plan>, Error> {
        self.0.read(endpoint::desk::plan(id)).await
    }

    /// Decides otherwise; what is booked already stays. Refused with `forbidden`, `invalid-body`.
    pub async fn keep_plan(&self, id: &TastingId, plan: &Plan) -> Result<Plan, Error> {
        let write = Write::new(Method::Put, endpoint::desk::plan(id));
        self.0.write(write.with(plan)).await
    }

    /// By what the shop's codes can be checked.
    pub async fn keys(&self) -> Result<Fresh<DeskKeys>, Error> {
        self.0.read(endpoint::desk::keys()).await
    }

    /// Where people come from. Refused with `forbidden` for anybody but the owner.
    pub async fn sources(&self) -> Result<Fresh<Vec<SourceFigures>>, Error> {
        self.0.read(endpoint::desk::sources()).await
    }

    /// Makes a claim for a purchase of somebody who is no member yet.
    pub async fn purchase(
        &self,
        request: &PurchaseRequest,
        key: &str,
    ) -> Result<PurchaseClaim, Error> {
        let write = Write::new(Method::Post, endpoint::desk::purchases());
        self.0.write(write.with(request).keyed(key)).await
    }
}
