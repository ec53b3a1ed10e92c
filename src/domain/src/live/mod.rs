//! The live room: what happens in a show, and what it comes to.
//!
//! Everything that happens is an [`Event`] with an id that rises by one. A [`Room`] is what all
//! events until one of them come to. [`Room::take`] is the only fold there is: the backend makes its
//! snapshots with it, and a page goes on from a snapshot with it, so both have the same.

mod comment;
mod drop;
mod event;
mod fold;
mod limit;
mod poll;
mod room;
mod round;
mod wish;

pub use comment::{
    Answer, AnswerRequest, Comment, CommentRequest, LikesRequest, MAX_ANSWER_CHARS,
    MAX_COMMENT_CHARS, MAX_LIKES, MAX_MARK_CHARS, Merged, Question, is_question, merged, plain,
    readable,
};
pub use drop::{Claim, CouponDrop, DropRequest, MAX_COUPON_DAYS, MAX_COUPONS, MAX_OFF};
pub use event::{Beat, Event, What};
pub use fold::Taken;
pub use limit::{ACTS, COMMENTS, LIKES, Limit};
pub use poll::{
    MAX_OPTION_CHARS, MAX_OPTIONS, MAX_QUESTION_CHARS, Poll, PollOption, PollRequest, VoteRequest,
};
pub use room::{
    MAX_NOTE_CHARS, MAX_SLOW_SECONDS, Mine, MyVote, Pin, PinRequest, Room, RoomGood, Said,
    SlowModeRequest,
};
pub use round::{RoundState, RoundStep};
pub use wish::{
    MAX_GROUPS, MAX_PHRASE_CHARS, MAX_SYNONYMS, MAX_WISHES_EACH, Synonyms, WishGroup, WishRequest,
    WishRound, WishRoundRequest,
};

/// How many comments a snapshot has at most: the last ones.
pub const COMMENTS_KEPT: usize = 200;
/// How many questions a snapshot has at most.
pub const QUESTIONS_KEPT: usize = 100;
/// How many events of a show a backend keeps at least, to be sent again. Before them there is only
/// the snapshot.
pub const EVENTS_KEPT: u32 = 20_000;
/// How often a stream says at least that it is alive, in milliseconds.
pub const BEAT_EVERY: u32 = 10_000;
