//! Lists come in pages: `?cursor=&limit=` answered by `{items, next_cursor}`.

use crate::read::{Raw, Read, Unreadable};
use serde::Serialize;

/// How many items a page has when nobody says otherwise.
pub const DEFAULT_LIMIT: u32 = 24;
/// The most items a page may have.
pub const MAX_LIMIT: u32 = 100;

/// Where the next page begins. Only the backend that made it can read it.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(transparent)]
pub struct Cursor(pub String);

impl Read for Cursor {
    fn read(raw: Raw) -> Result<Self, Unreadable> {
        raw.text().map(Self)
    }
}

crate::deserialize_by_reading!(Cursor);

/// One page of a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Page<T> {
    /// The items, in the order asked for.
    pub items: Vec<T>,
    /// Present when there is more.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next_cursor: Option<Cursor>,
    /// How many items all pages have together, when the backend knows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub total: Option<u32>,
}

crate::readable!(Page<T> { items, next_cursor, total });
