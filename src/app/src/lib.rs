//! What people see: the shop for shoppers on a phone, the desk for staff on a tablet.
//!
//! Two binaries over this one library, so that the linker leaves the desk out of the shopper's
//! wasm. A page lives in `shop/<page>` or `desk/<page>`, what several pages use in `parts/`, what
//! outlives a page in `state/`, the browser behind `browser/`, every word in `words/`.

pub mod browser;
pub mod desk;
pub mod parts;
pub mod shop;
pub mod state;
pub mod view;
pub mod words;
