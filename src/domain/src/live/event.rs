//! What happens in a show.

use super::comment::{Answer, Comment};
use super::drop::CouponDrop;
use super::poll::Poll;
use super::room::Pin;
use super::wish::{WishGroup, WishRound};
use crate::catalog::Stock;
use crate::id::{AuthorId, CommentId, DropId, PollId, ProductId, RoundId, VariantId};
use crate::money::Money;
use crate::time::Moment;
use serde::Serialize;

/// Something that has happened. Events of a show are numbered from 1, without a gap, within an epoch.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Event {
    /// Its number.
    pub id: u32,
    /// When it happened; a whole second, as it travels.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
    pub at: Moment,
    /// When it was done by the host's clock, in milliseconds since 1970 UTC. The time of a picture
    /// (`EXT-X-PROGRAM-DATE-TIME`) is compared with it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub clock: Option<i64>,
    /// What happened.
    pub what: What,
}

crate::readable!(Event {
    id,
    at,
    clock,
    what
});

impl Event {
    /// The host's clock; of an event that does not say it, when it happened.
    pub fn clock_ms(&self) -> i64 {
        self.clock.unwrap_or(self.at.ms)
    }
}

/// What can happen. Nothing here depends on who listens or in which language.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum What {
    /// The show has begun.
    Started,
    /// The show is over; whatever was open is closed.
    Ended,
    /// The shop has changed what the show is; the snapshot has it.
    Changed,
    /// Somebody has said or asked something.
    Comment {
        /// What.
        comment: Comment,
    },
    /// A comment was taken away.
    CommentRemoved {
        /// Which one.
        comment: CommentId,
    },
    /// A question was answered.
    Answered {
        /// The comment that asked.
        comment: CommentId,
        /// What was answered.
        answer: Answer,
    },
    /// A product is shown to everybody.
    Pinned {
        /// Which one.
        pin: Pin,
    },
    /// No product is shown to everybody any more.
    Unpinned,
    /// Price or stock of something of the show have changed.
    Goods {
        /// Of which product.
        product: ProductId,
        /// In which kind.
        variant: VariantId,
        /// What it costs now.
        price: Money,
        /// What it cost before, when it is on special.
        #[serde(skip_serializing_if = "Option::is_none")]
        former_price: Option<Money>,
        /// What is left.
        stock: Stock,
    },
    /// A poll can be voted in.
    PollOpened {
        /// Which one.
        poll: Poll,
    },
    /// The result of a poll has changed.
    PollVotes {
        /// Of which one.
        poll: PollId,
        /// How many have chosen each option.
        votes: Vec<u32>,
    },
    /// A poll is over.
    PollClosed {
        /// Which one.
        poll: PollId,
    },
    /// One may wish for something.
    WishesOpened {
        /// Which round.
        round: WishRound,
    },
    /// Something is wished for the first time, or by more or fewer.
    Wished {
        /// In which round.
        round: RoundId,
        /// What.
        group: WishGroup,
    },
    /// A round of wishes is over.
    WishesClosed {
        /// Which one.
        round: RoundId,
    },
    /// Coupons can be claimed.
    DropOpened {
        /// Which ones.
        drop: CouponDrop,
    },
    /// A coupon was claimed.
    DropClaimed {
        /// Of which drop.
        drop: DropId,
        /// How many are left.
        left: u32,
    },
    /// No more coupons can be claimed.
    DropClosed {
        /// Of which drop.
        drop: DropId,
    },
    /// There are more likes.
    Likes {
        /// How many since the show began.
        total: u32,
    },
    /// More or fewer people are here.
    Viewers {
        /// How many.
        count: u32,
    },
    /// Members must wait between two comments.
    SlowMode {
        /// So many seconds; 0 when they need not.
        seconds: u32,
    },
    /// Somebody may not write any more.
    Muted {
        /// Who.
        author: AuthorId,
    },
    /// Somebody may write again.
    Unmuted {
        /// Who.
        author: AuthorId,
    },
    /// A picture is sent.
    OnAir,
    /// No picture is sent any more.
    OffAir,
    /// Newer than this code: counted, and nothing else.
    #[serde(other)]
    Unknown,
}

crate::readable_kinds!(What {
    "started" => Started,
    "ended" => Ended,
    "changed" => Changed,
    "comment" => Comment { comment },
    "comment_removed" => CommentRemoved { comment },
    "answered" => Answered { comment, answer },
    "pinned" => Pinned { pin },
    "unpinned" => Unpinned,
    "goods" => Goods { product, variant, price, former_price, stock },
    "poll_opened" => PollOpened { poll },
    "poll_votes" => PollVotes { poll, votes },
    "poll_closed" => PollClosed { poll },
    "wishes_opened" => WishesOpened { round },
    "wished" => Wished { round, group },
    "wishes_closed" => WishesClosed { round },
    "drop_opened" => DropOpened { drop },
    "drop_claimed" => DropClaimed { drop, left },
    "drop_closed" => DropClosed { drop },
    "likes" => Likes { total },
    "viewers" => Viewers { count },
    "slow_mode" => SlowMode { seconds },
    "muted" => Muted { author },
    "unmuted" => Unmuted { author },
    "on_air" => OnAir,
    "off_air" => OffAir,
} else Unknown);

/// What a stream says of itself: the data of its frames `beat` and `resync`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Beat {
    /// The epoch of its events. Another one means that the history before it is lost.
    pub epoch: String,
    /// The number of the last event that it has sent, or left out: the next one is one more.
    pub last: u32,
}

crate::readable!(Beat { epoch, last });
