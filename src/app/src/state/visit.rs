//! Where somebody came from: every entry QR and every link that is passed on says so.

use crate::browser::storage;

/// The source that was named last, as long as this device remembers it.
const FROM: &str = "from";

/// From where they came, if that is known.
pub fn source() -> Option<String> {
    storage::read(FROM)
}
