//! Polls: one vote a member, changeable until the poll closes.

use super::round::RoundState;
use crate::id::PollId;
use serde::Serialize;

/// The longest question of a poll (and title of a round), in characters.
pub const MAX_QUESTION_CHARS: usize = 60;
/// The longest option of a poll, in characters.
pub const MAX_OPTION_CHARS: usize = 20;
/// The most options of a poll; at least two.
pub const MAX_OPTIONS: usize = 6;

/// A poll with its result so far.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Poll {
    /// Its id.
    pub id: PollId,
    /// What is asked, as the host has written it.
    pub question: String,
    /// What one may choose; its place here is what a vote names.
    pub options: Vec<PollOption>,
    /// Whether one can vote.
    pub state: RoundState,
}

crate::readable!(Poll {
    id,
    question,
    options,
    state
});

impl Poll {
    /// How many have voted.
    pub fn votes(&self) -> u32 {
        self.options
            .iter()
            .fold(0, |sum, option| sum.saturating_add(option.votes))
    }
}

/// What one may choose.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PollOption {
    /// As the host has written it.
    pub text: String,
    /// How many have chosen it.
    #[serde(default)]
    pub votes: u32,
}

crate::readable!(PollOption { text, votes or 0 });

/// Opens a poll: `POST /desk/shows/{id}/polls`, with an `Idempotency-Key`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PollRequest {
    /// What is asked; 1 to [`MAX_QUESTION_CHARS`] characters.
    pub question: String,
    /// What one may choose: 2 to [`MAX_OPTIONS`], each 1 to [`MAX_OPTION_CHARS`] characters.
    pub options: Vec<String>,
    /// When the host has said it, as with a pin.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub said_at: Option<i64>,
}

crate::readable!(PollRequest {
    question,
    options,
    said_at
});

/// Votes: `PUT /shows/{id}/polls/{poll}/vote`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct VoteRequest {
    /// The place of the option, from 0.
    pub option: u32,
}

crate::readable!(VoteRequest { option });
