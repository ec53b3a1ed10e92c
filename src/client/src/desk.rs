//! Calls of the staff's desk.

use crate::read::Write;
use crate::transport::{Method, Transport};
use crate::{Client, Error, Fresh, endpoint};
use domain::desk::{CodeLookup, DeskOrders, Device, DeviceRequest, PinRequest};
use domain::id::OrderId;
use domain::member::Staff;
use domain::order::Order;

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
}
