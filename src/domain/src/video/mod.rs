//! The picture of a show: where it comes from, which of several ways is shown, what waits for it, how it
//! is sent, and how a show that is over is seen again.

mod follow;
mod ice;
mod ladder;
mod note;
mod publishing;
mod replay;
mod server_clock;
pub mod standing;

pub use follow::{
    BEHIND_MOST, Change, FAR_BEHIND, Follow, HELD_MOST, NEAR_AGAIN, Reading, SAID_BEFORE, follows,
    host_clock, seconds_said,
};
pub use ice::{IceServer, ice_servers};
pub use ladder::{
    Action, Ask, Happened, KEPT_FOR, Ladder, MANY_STALLS, PAUSES, Place, STALLED_AFTER,
    STEADY_AFTER, Why, tried_for,
};
pub use note::Note;
pub use publishing::{
    AirCheck, PlaylistCheck, PlaylistStatus, Publishing, RtmpDoor, STALE_AFTER, WhipDoor,
};
pub use replay::{
    Chapter, ChapterKind, MAX_REPLAY_EVENTS, REPLAY_EVENTS, Replay, ReplayEvents, ReplayPart,
    Wanted, Watching, chapters,
};
pub use server_clock::{HEARD_FOR, ServerClock};

use crate::time::Moment;
use serde::Serialize;

/// How a picture comes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum VideoKind {
    /// WHEP (draft-ietf-wish-whep): a second behind.
    Whep,
    /// HLS with `EXT-X-PROGRAM-DATE-TIME` (RFC 8216, 4.3.2.6): some seconds behind.
    Hls,
    /// An HLS playlist with nothing but the sound; photos are shown to it.
    Audio,
    /// No stream at all: the pictures of the goods.
    Photos,
    /// A recorded file that can be asked for in ranges (MP4).
    File,
    /// Newer than this code: passed over.
    #[serde(other)]
    Unknown,
}

crate::readable_words!(VideoKind { "whep" => Whep, "hls" => Hls, "audio" => Audio, "photos" => Photos, "file" => File } else Unknown);

/// One way by which a picture comes. Lists of them are in order of preference.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct VideoSource {
    /// How.
    pub kind: VideoKind,
    /// From where: absolute, or a path of the site's own host. Empty for photos.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub url: String,
}

crate::readable!(VideoSource { kind, url or Default::default() });

impl VideoSource {
    /// One of that kind from there.
    pub fn new(kind: VideoKind, url: impl Into<String>) -> Self {
        Self {
            kind,
            url: url.into(),
        }
    }

    /// The one that is always there.
    pub fn photos() -> Self {
        Self::new(VideoKind::Photos, "")
    }
}

/// Whether a picture of a show is sent. Where nothing is said of it nobody knows, as with a media server
/// that does not tell the shop; then one tries.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Air {
    /// Whether.
    pub on: bool,
    /// Since when it is so.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
    pub since: Moment,
}

crate::readable!(Air { on, since });
