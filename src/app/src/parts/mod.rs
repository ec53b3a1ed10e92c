//! What several pages use. A folder per part, with its style sheet beside it.

pub mod buy;
pub mod code;
pub mod fetched;
pub mod icon;
pub mod plate;
pub mod price;
pub mod product;
pub mod share;
pub mod sheet;
pub mod sign_in;
pub mod state;
pub mod stepper;
pub mod taste;
pub mod timeline;
pub mod top;
pub mod video;

pub use fetched::fetched;
pub use icon::icon;
