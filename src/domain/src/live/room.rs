//! A room as it is now.

use super::comment::{Comment, Question};
use super::drop::{Claim, CouponDrop};
use super::poll::Poll;
use super::wish::WishRound;
use crate::catalog::{Picture, Variant};
use crate::id::{AuthorId, PollId, ProductId, VariantId, WishId};
use crate::show::ShowSummary;
use crate::tasting::TastingSummary;
use crate::time::Moment;
use crate::video::{Air, VideoSource};
use serde::Serialize;

/// The longest pause between two comments of a member that the host may ask for, in seconds.
pub const MAX_SLOW_SECONDS: u32 = 300;
/// The longest note at a pinned product, in characters.
pub const MAX_NOTE_CHARS: usize = 40;

/// Everything that is in a room after an event: `GET /shows/{id}/room`. What is the same for
/// everybody changes by [`Room::take`] only; `mine` changes by the answers to what one does.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Room {
    /// The show.
    pub show: ShowSummary,
    /// The server's clock.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
    pub now: Moment,
    /// Of which history it is; another one's events do not follow.
    pub epoch: String,
    /// The number of the last event that is in it; 0 before the first.
    pub last_event_id: u32,
    /// The goods in the order of the show, each with all its kinds.
    #[serde(default)]
    pub goods: Vec<RoomGood>,
    /// What of it can be tasted in the store.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tasting: Option<TastingSummary>,
    /// What is shown to everybody.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pin: Option<Pin>,
    /// The last comments, at most [`super::COMMENTS_KEPT`], the oldest first.
    #[serde(default)]
    pub comments: Vec<Comment>,
    /// The questions, at most [`super::QUESTIONS_KEPT`], the oldest first.
    #[serde(default)]
    pub questions: Vec<Question>,
    /// The last poll.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub poll: Option<Poll>,
    /// The last round of wishes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub wishes: Option<WishRound>,
    /// The last drop of coupons.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub drop: Option<CouponDrop>,
    /// How many likes there were.
    #[serde(default)]
    pub likes: u32,
    /// How many people are here.
    #[serde(default)]
    pub viewers: u32,
    /// How many seconds a member waits between two comments.
    #[serde(default)]
    pub slow_seconds: u32,
    /// Who may not write.
    #[serde(default)]
    pub muted: Vec<AuthorId>,
    /// Where the picture comes from, the best first. It changes with the show only.
    #[serde(default)]
    pub sources: Vec<VideoSource>,
    /// Whether a picture is sent; absent where nobody knows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub air: Option<Air>,
    /// When the host has said what is shown.
    #[serde(default)]
    pub said: Said,
    /// What is of whoever asks; absent for nobody.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mine: Option<Mine>,
}

crate::readable!(Room { show, now, epoch, last_event_id, goods or Default::default(), tasting, pin, comments or Default::default(), questions or Default::default(), poll, wishes, drop, likes or 0, viewers or 0, slow_seconds or 0, muted or Default::default(), sources or Default::default(), air, said or Default::default(), mine });

impl Room {
    /// The room of a show in which nothing has happened yet, without its goods.
    pub fn begin(show: ShowSummary, epoch: String) -> Self {
        Self {
            now: show.starts_at,
            show,
            epoch,
            last_event_id: 0,
            goods: Vec::new(),
            tasting: None,
            pin: None,
            comments: Vec::new(),
            questions: Vec::new(),
            poll: None,
            wishes: None,
            drop: None,
            likes: 0,
            viewers: 0,
            slow_seconds: 0,
            muted: Vec::new(),
            sources: Vec::new(),
            air: None,
            said: Said::default(),
            mine: None,
        }
    }

    /// Something of the show's goods.
    pub fn good(&self, product: &ProductId) -> Option<&RoomGood> {
        self.goods.iter().find(|good| good.product == *product)
    }

    /// What is shown to everybody, as it is now.
    pub fn pinned(&self) -> Option<&RoomGood> {
        self.good(&self.pin.as_ref()?.product)
    }
}

/// By the host's clock, in milliseconds since 1970 UTC: when what is shown was last said or taken back.
/// Whoever comes into a room whose picture is behind can wait with it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Said {
    /// The pin.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pin: Option<i64>,
    /// The poll.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub poll: Option<i64>,
    /// The round of wishes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub wishes: Option<i64>,
    /// The drop of coupons.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub drop: Option<i64>,
}

crate::readable!(Said {
    pin,
    poll,
    wishes,
    drop
});

/// A product in a room.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RoomGood {
    /// Which one.
    pub product: ProductId,
    /// Its name.
    pub name: String,
    /// What and how much, very short.
    #[serde(default)]
    pub subtitle: String,
    /// Its picture.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub picture: Option<Picture>,
    /// How it is sold, with price and stock of now; at least one.
    pub variants: Vec<Variant>,
}

crate::readable!(RoomGood { product, name, subtitle or Default::default(), picture, variants });

impl RoomGood {
    /// The kind to show: the one asked for, else the first that can be had, else the first.
    pub fn variant(&self, asked: Option<&VariantId>) -> Option<&Variant> {
        let named = asked.and_then(|id| self.variants.iter().find(|one| one.id == *id));
        let had = || self.variants.iter().find(|one| one.stock.available());
        named.or_else(had).or_else(|| self.variants.first())
    }
}

/// A product that is shown to everybody.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Pin {
    /// Which one; it is among the show's goods.
    pub product: ProductId,
    /// In which kind; absent: any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub variant: Option<VariantId>,
    /// A word of the host's.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub note: String,
}

crate::readable!(Pin { product, variant, note or Default::default() });

/// Shows a product to everybody: `PUT /desk/shows/{id}/pin`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
// A PIN at the desk has the plain name in the document.
#[cfg_attr(
    feature = "openapi",
    derive(utoipa::ToSchema),
    schema(as = PinGoodRequest)
)]
pub struct PinRequest {
    /// Which one of the show's goods.
    pub product: ProductId,
    /// In which kind.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub variant: Option<VariantId>,
    /// A word to it; at most [`MAX_NOTE_CHARS`] characters.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub note: String,
    /// When the host has said it, by the server's clock in milliseconds since 1970 UTC; absent: now. See
    /// [`crate::video::host_clock`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub said_at: Option<i64>,
}

crate::readable!(PinRequest { product, variant, note or Default::default(), said_at });

/// Has members wait between two comments: `PUT /desk/shows/{id}/slow-mode`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SlowModeRequest {
    /// How many seconds, at most [`MAX_SLOW_SECONDS`]; 0: not at all.
    pub seconds: u32,
}

crate::readable!(SlowModeRequest { seconds });

/// What is of whoever asks.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Mine {
    /// By what name they are known in this show.
    pub author: AuthorId,
    /// How they want to be called; may be empty.
    #[serde(default)]
    pub name: String,
    /// Their vote in the last poll.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub vote: Option<MyVote>,
    /// What they have wished and voted for in the last round.
    #[serde(default)]
    pub wishes: Vec<WishId>,
    /// What they have got of the last drop.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub claim: Option<Claim>,
    /// Whether they may not write.
    #[serde(default)]
    pub muted: bool,
    /// When they may write again, where slow mode has them wait.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, format = DateTime))]
    pub again_at: Option<Moment>,
}

crate::readable!(Mine { author, name or Default::default(), vote, wishes or Default::default(), claim, muted or false, again_at });

/// A vote of whoever asks.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct MyVote {
    /// In which poll.
    pub poll: PollId,
    /// The place of the option, from 0.
    pub option: u32,
}

crate::readable!(MyVote { poll, option });
