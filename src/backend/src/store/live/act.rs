//! What can be done in a show.

use crate::language::Language;
use domain::id::{AuthorId, CommentId, DropId, MemberId, PollId, RoundId, StaffId, WishId};
use domain::live::{CommentRequest, DropRequest, PinRequest, PollRequest, WishRoundRequest};
use domain::show::{ShowPlan, ShowStep};

/// Something to be done in a show.
#[derive(Clone, Debug)]
pub(crate) enum Act {
    /// By a member; with the key of the intent where it creates something.
    Member {
        member: MemberId,
        language: Language,
        key: Option<String>,
        what: MemberAct,
    },
    /// By whoever hosts it.
    Host {
        staff: StaffId,
        language: Language,
        key: Option<String>,
        what: HostAct,
    },
    /// Nothing but to have the room at hand.
    Look,
    /// To tell what has become of prices and stock.
    Goods,
    /// To tell how many are here, and how much they like it.
    Counts { viewers: u32 },
    /// To tell whether a picture is sent.
    Air { on: bool },
}

#[derive(Clone, Debug)]
pub(crate) enum MemberAct {
    Comment(CommentRequest),
    Like(u32),
    Vote(PollId, u32),
    Wish(String),
    WishVote(WishId, bool),
    Claim(DropId),
}

#[derive(Clone, Debug)]
pub(crate) enum HostAct {
    Step(ShowStep),
    Edit(ShowPlan),
    Pin(PinRequest),
    Unpin,
    OpenPoll(PollRequest),
    ClosePoll(PollId),
    OpenWishes(WishRoundRequest),
    CloseWishes(RoundId),
    OpenDrop(DropRequest),
    CloseDrop(DropId),
    Answer(CommentId, String),
    Remove(CommentId),
    Mute(AuthorId, bool),
    SlowMode(u32),
}

impl Act {
    /// When whoever hosts says that it was said, by the server's clock in milliseconds.
    pub(super) fn said_at(&self) -> Option<i64> {
        match self {
            Self::Host { what, .. } => match what {
                HostAct::Pin(request) => request.said_at,
                HostAct::OpenPoll(request) => request.said_at,
                HostAct::OpenWishes(request) => request.said_at,
                HostAct::OpenDrop(request) => request.said_at,
                _ => None,
            },
            _ => None,
        }
    }
}

impl MemberAct {
    /// Where it is asked for, and what is said: what a key stands for.
    pub(super) fn said(&self) -> (&'static str, String) {
        match self {
            Self::Comment(request) => (
                "comments",
                serde_json::to_string(request).unwrap_or_default(),
            ),
            Self::Wish(phrase) => ("wishes", phrase.clone()),
            Self::Claim(drop) => ("drops/claim", drop.to_string()),
            Self::Like(_) | Self::Vote(..) | Self::WishVote(..) => ("", String::new()),
        }
    }
}

impl HostAct {
    /// The same for whoever hosts.
    pub(super) fn said(&self) -> (&'static str, String) {
        match self {
            Self::OpenPoll(request) => {
                ("polls", serde_json::to_string(request).unwrap_or_default())
            }
            Self::OpenWishes(request) => ("wishes", request.title.clone()),
            Self::OpenDrop(request) => {
                ("drops", serde_json::to_string(request).unwrap_or_default())
            }
            _ => ("", String::new()),
        }
    }
}
