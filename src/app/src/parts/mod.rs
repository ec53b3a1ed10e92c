//! What several pages use. A folder per part, with its style sheet beside it.

pub mod buy;
pub mod icon;
pub mod plate;
pub mod price;
pub mod product;
pub mod share;
pub mod sheet;
pub mod state;
pub mod stepper;
pub mod taste;
pub mod top;

pub use icon::icon;
