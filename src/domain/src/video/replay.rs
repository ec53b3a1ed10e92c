//! A show that is over, seen again.

mod watching;

pub use watching::{Wanted, Watching};

use super::{VideoKind, VideoSource};
use crate::catalog::Picture;
use crate::id::{ProductId, ShowId};
use crate::live::{Event, What};
use crate::time::Moment;
use serde::Serialize;

/// How many events of a replay are answered where nothing is asked for.
pub const REPLAY_EVENTS: u32 = 200;
/// How many may be asked for at once.
pub const MAX_REPLAY_EVENTS: u32 = 500;

/// A show that is over: `GET /shows/{id}/replay`. Everything in it is on one line of time, in milliseconds
/// from when the show began.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Replay {
    /// Of which show.
    pub show: ShowId,
    /// Of which history; another one's rooms and events do not go with it.
    pub epoch: String,
    /// The host's clock where the line begins, in milliseconds since 1970 UTC.
    pub starts_at: i64,
    /// How long it is, in milliseconds.
    pub ms: i64,
    /// The pieces of picture, in order. None: photos are shown.
    #[serde(default)]
    pub parts: Vec<ReplayPart>,
    /// Where one may want to go, in order.
    #[serde(default)]
    pub chapters: Vec<Chapter>,
    /// How many events there were.
    pub events: u32,
    /// The poster: the show's picture.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cover: Option<Picture>,
    /// Whether its picture was drawn for a demo, and nobody was filmed.
    #[serde(default)]
    pub demo: bool,
}

crate::readable!(Replay { show, epoch or Default::default(), starts_at, ms, parts or Default::default(), chapters or Default::default(), events or 0, cover, demo or false });

impl Replay {
    /// The piece of picture that is shown at a time of the line, and how far into it, in milliseconds.
    /// `None` where nothing was sent.
    pub fn part_at(&self, at_ms: i64) -> Option<(&ReplayPart, i64)> {
        let shows = |part: &&ReplayPart| (0..part.ms).contains(&(at_ms.saturating_sub(part.at_ms)));
        let part = self.parts.iter().rev().find(shows)?;
        Some((part, at_ms.saturating_sub(part.at_ms)))
    }

    /// Whether there is nothing to be seen in it.
    pub fn is_empty(&self) -> bool {
        self.ms <= 0 || (self.events == 0 && self.parts.is_empty())
    }

    /// The chapter that a time is in: the last one that begins at or before it.
    pub fn chapter_at(&self, at_ms: i64) -> Option<usize> {
        self.chapters
            .iter()
            .rposition(|chapter| chapter.at_ms <= at_ms)
    }
}

/// A piece of picture of a replay. There is more than one where sending broke off.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ReplayPart {
    /// Where on the line it begins; less than 0 where it was sent before the show began.
    pub at_ms: i64,
    /// How long it is.
    pub ms: i64,
    /// Where it is.
    pub video: VideoSource,
}

crate::readable!(ReplayPart { at_ms, ms, video });

impl ReplayPart {
    /// Whether this page can show it.
    pub fn is_known(&self) -> bool {
        matches!(self.video.kind, VideoKind::File | VideoKind::Hls)
    }
}

/// A place to go to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Chapter {
    /// Where on the line.
    pub at_ms: i64,
    /// What begins there.
    pub kind: ChapterKind,
    /// In words: a product's name, what a poll asks.
    pub title: String,
    /// The product, where one was shown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub product: Option<ProductId>,
    /// Its picture.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub picture: Option<Picture>,
}

crate::readable!(Chapter { at_ms, kind, title or Default::default(), product, picture });

/// What begins at a chapter.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum ChapterKind {
    /// A product was shown to everybody.
    Pin,
    /// A poll was opened.
    Poll,
    /// One could wish for something.
    Wishes,
    /// Coupons were given away.
    Drop,
    /// Newer than this code: a place like any other.
    #[serde(other)]
    Unknown,
}

crate::readable_words!(ChapterKind { "pin" => Pin, "poll" => Poll, "wishes" => Wishes, "drop" => Drop } else Unknown);

/// Some events of a replay: `GET /shows/{id}/replay/events`. What was said of prices and stock is left out
/// as `unknown`: goods have today's.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ReplayEvents {
    /// In their order, without a gap.
    pub items: Vec<Event>,
    /// Whether there are more after them.
    pub more: bool,
}

crate::readable!(ReplayEvents { items, more or false });

/// The chapters of events, of which `named` knows the goods. One that shows again what is shown already is
/// none.
pub fn chapters<'a>(
    events: impl IntoIterator<Item = &'a Event>,
    starts_at: i64,
    named: impl Fn(&ProductId) -> Option<(String, Option<Picture>)>,
) -> Vec<Chapter> {
    let (mut chapters, mut shown) = (Vec::new(), None::<ProductId>);
    for event in events {
        let mut product = None;
        let (kind, title, picture) = match &event.what {
            What::Pinned { pin } => {
                if shown.as_ref() == Some(&pin.product) {
                    continue;
                }
                shown = Some(pin.product.clone());
                let Some((name, picture)) = named(&pin.product) else {
                    continue;
                };
                product = Some(pin.product.clone());
                (ChapterKind::Pin, name, picture)
            }
            What::Unpinned => {
                shown = None;
                continue;
            }
            What::PollOpened { poll } => (ChapterKind::Poll, poll.question.clone(), None),
            What::WishesOpened { round } => (ChapterKind::Wishes, round.title.clone(), None),
            What::DropOpened { drop } => (ChapterKind::Drop, drop.title.clone(), None),
            _ => continue,
        };
        chapters.push(Chapter {
            at_ms: event.clock_ms().saturating_sub(starts_at).max(0),
            kind,
            title,
            product,
            picture,
        });
    }
    chapters
}

/// The line of time as a person reads it: a moment of it on the shop's clock.
impl Replay {
    /// When something on the line was, with the offset of this clock.
    pub fn moment(&self, at_ms: i64, like: Moment) -> Moment {
        Moment {
            ms: self.starts_at.saturating_add(at_ms),
            ..like
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::live::Pin;

    fn part(at_ms: i64, ms: i64, url: &str) -> ReplayPart {
        ReplayPart {
            at_ms,
            ms,
            video: VideoSource::new(VideoKind::File, url),
        }
    }

    fn replay() -> Replay {
        Replay {
            show: "s".into(),
            epoch: "e".into(),
            starts_at: 1_000,
            ms: 60_000,
            parts: vec![part(-5_000, 20_000, "a"), part(30_000, 20_000, "b")],
            chapters: Vec::new(),
            events: 0,
            cover: None,
            demo: false,
        }
    }

    #[test]
    fn a_time_has_its_piece_of_picture() {
        let replay = replay();
        let at = |ms| {
            let found = replay.part_at(ms);
            found.map(|(part, into)| (part.video.url.as_str(), into))
        };
        assert_eq!(at(0), Some(("a", 5_000)));
        assert_eq!(at(14_999), Some(("a", 19_999)));
        assert_eq!(at(15_000), None);
        assert_eq!(at(30_000), Some(("b", 0)));
        assert_eq!(at(50_000), None);
    }

    #[test]
    fn a_chapter_begins_where_something_else_is_shown() {
        let pin = |id, clock, product: &str| Event {
            id,
            at: Moment {
                ms: 0,
                offset_minutes: 0,
            },
            clock: Some(clock),
            what: What::Pinned {
                pin: Pin {
                    product: product.into(),
                    variant: None,
                    note: String::new(),
                },
            },
        };
        let unpin = |id, clock| Event {
            what: What::Unpinned,
            ..pin(id, clock, "")
        };
        let events = [
            pin(1, 2_500, "p"),
            pin(2, 3_000, "p"),
            unpin(3, 4_000),
            pin(4, 5_000, "p"),
            pin(5, 6_000, "gone"),
            pin(6, 7_000, "q"),
        ];
        let named = |id: &ProductId| (id.as_str() != "gone").then(|| (id.to_string(), None));
        let mut replay = replay();
        replay.chapters = chapters(&events, 1_000, named);
        let at: Vec<_> = replay
            .chapters
            .iter()
            .map(|one| (one.at_ms, one.title.as_str()))
            .collect();
        assert_eq!(at, [(1_500, "p"), (4_000, "p"), (6_000, "q")]);
        assert_eq!(replay.chapter_at(0), None);
        assert_eq!(replay.chapter_at(5_999), Some(1));
    }
}
