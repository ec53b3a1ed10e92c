//! Shows of the live room: what is planned, what is on, what was.

use crate::catalog::{Picture, ProductSummary};
use crate::id::{ProductId, ShowId, TastingId};
use crate::tasting::TastingSummary;
use crate::time::Moment;
use crate::video::VideoSource;
use serde::Serialize;

/// The longest title of a show, in characters.
pub const MAX_TITLE_CHARS: usize = 40;
/// The longest words about a show, in characters.
pub const MAX_WORDS_CHARS: usize = 300;
/// The most products that a show has.
pub const MAX_GOODS: usize = 30;
/// The shortest show that can be planned, in minutes.
pub const MIN_MINUTES: u32 = 5;
/// The longest show that can be planned, in minutes.
pub const MAX_MINUTES: u32 = 480;

/// How far ahead the home page looks for the next show, in milliseconds: a week.
pub const AHEAD_MS: i64 = 7 * 24 * 3_600_000;
/// How late a show may begin, in milliseconds, and is still to come on the home page.
pub const LATE_MS: i64 = 30 * 60_000;
/// How long what was heard of a show is good for saying that it is on, in milliseconds.
pub const ON_FOR_MS: i64 = 5 * 60_000;
/// How long it is good for saying that it was on a moment ago, in milliseconds.
const WAS_ON_FOR_MS: i64 = 2 * 3_600_000;

/// What a show is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum ShowKind {
    /// 源头直击: where the goods come from.
    Source,
    /// 厨房教学: how they are cooked.
    Kitchen,
    /// Newer than this code: shown by its title.
    #[serde(other)]
    Unknown,
}

crate::readable_words!(ShowKind { "source" => Source, "kitchen" => Kitchen } else Unknown);

impl ShowKind {
    /// The name on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Source => "source",
            Self::Kitchen => "kitchen",
            Self::Unknown => "unknown",
        }
    }
}

/// Where a show stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum ShowState {
    /// It has not begun.
    Scheduled,
    /// It is on.
    Live,
    /// It is over.
    Ended,
    /// Newer than this code: shown, nothing can be done with it.
    #[serde(other)]
    Unknown,
}

crate::readable_words!(ShowState { "scheduled" => Scheduled, "live" => Live, "ended" => Ended } else Unknown);

/// What the host does with a show.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ShowStep {
    /// Goes on air.
    Start,
    /// Says goodbye.
    End,
}

impl ShowStep {
    /// Its name in an address.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Start => "start",
            Self::End => "end",
        }
    }

    /// The step of that name.
    pub fn named(name: &str) -> Option<Self> {
        [Self::Start, Self::End]
            .into_iter()
            .find(|step| step.as_str() == name)
    }

    /// Where a show stands that has taken it: taking it again changes nothing.
    pub fn leads_to(self) -> ShowState {
        match self {
            Self::Start => ShowState::Live,
            Self::End => ShowState::Ended,
        }
    }
}

impl ShowState {
    /// The state after a step; `None` where it is not allowed.
    pub fn after(self, step: ShowStep) -> Option<Self> {
        match (self, step) {
            (Self::Scheduled, ShowStep::Start) => Some(Self::Live),
            (Self::Live, ShowStep::End) => Some(Self::Ended),
            _ => None,
        }
    }

    /// The name on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Scheduled => "scheduled",
            Self::Live => "live",
            Self::Ended => "ended",
            Self::Unknown => "unknown",
        }
    }
}

/// A show, in short.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ShowSummary {
    /// Its id.
    pub id: ShowId,
    /// What it is about.
    pub kind: ShowKind,
    /// 第 N 场: which one of its kind it is, from 1.
    pub number: u32,
    /// What it is called.
    pub title: String,
    /// A few sentences. Plain text.
    #[serde(default)]
    pub words: String,
    /// Who leads through it.
    #[serde(default)]
    pub host: String,
    /// When it is to begin.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
    pub starts_at: Moment,
    /// How long it is planned to be, in minutes.
    pub minutes: u32,
    /// Its picture.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cover: Option<Picture>,
    /// Where it stands.
    pub state: ShowState,
    /// When it began, once it has.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, format = DateTime))]
    pub started_at: Option<Moment>,
    /// When it ended, once it has.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, format = DateTime))]
    pub ended_at: Option<Moment>,
    /// How many products it has.
    #[serde(default)]
    pub goods_count: u32,
    /// Whether whoever asks wants to be reminded of it.
    #[serde(default)]
    pub remind: bool,
}

crate::readable!(ShowSummary { id, kind, number or 1, title, words or Default::default(), host or Default::default(), starts_at, minutes or 60, cover, state, started_at, ended_at, goods_count or 0, remind or false });

#[cfg(test)]
impl ShowSummary {
    /// A show of which nothing is told but when it is to begin.
    pub(crate) fn announced(starts_at: Moment) -> Self {
        Self {
            id: "s".into(),
            kind: ShowKind::Source,
            number: 1,
            title: String::new(),
            words: String::new(),
            host: String::new(),
            starts_at,
            minutes: 60,
            cover: None,
            state: ShowState::Scheduled,
            started_at: None,
            ended_at: None,
            goods_count: 0,
            remind: false,
        }
    }
}

/// All shows: `GET /shows`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Shows {
    /// The server's clock.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
    pub now: Moment,
    /// Those that are on.
    #[serde(default)]
    pub live: Vec<ShowSummary>,
    /// Those to come, the next first.
    #[serde(default)]
    pub coming: Vec<ShowSummary>,
    /// Those that were, the latest first.
    #[serde(default)]
    pub past: Vec<ShowSummary>,
}

crate::readable!(Shows { now, live or Default::default(), coming or Default::default(), past or Default::default() });

/// A show as the home page tells of it: the one that is on, or the next of the coming week.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ShowCard {
    /// Its id.
    pub id: ShowId,
    /// What it is called.
    pub title: String,
    /// A few sentences. Plain text.
    #[serde(default)]
    pub words: String,
    /// When it is to begin.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
    pub starts_at: Moment,
    /// Whether it is on.
    #[serde(default)]
    pub live: bool,
    /// How many watch it, where that is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub viewers: Option<u32>,
    /// Its picture.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cover: Option<Picture>,
}

crate::readable!(ShowCard { id, title, words or Default::default(), starts_at, live or false, viewers, cover });

/// What may be said of a show.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Said {
    /// It is on.
    On,
    /// It was on a moment ago.
    WasOn,
    /// It is to come.
    Next,
}

impl ShowCard {
    /// What may be said of it at `now`, where the backend told of it `age_ms` ago: what is old never
    /// says that a show is on. `None` where nothing is worth saying any more.
    pub fn said(&self, now: Moment, age_ms: i64) -> Option<Said> {
        match (self.live, age_ms) {
            (true, ..=ON_FOR_MS) => Some(Said::On),
            (true, ..=WAS_ON_FOR_MS) => Some(Said::WasOn),
            (true, _) => None,
            // How late a show is that has just been told of is for the backend to judge.
            (false, ..=ON_FOR_MS) => Some(Said::Next),
            (false, _) => (now.ms - self.starts_at.ms <= LATE_MS).then_some(Said::Next),
        }
    }
}

/// A show with its goods: `GET /shows/{id}`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Show {
    /// It in short.
    pub show: ShowSummary,
    /// Its goods, in the order of the show.
    #[serde(default)]
    pub goods: Vec<ProductSummary>,
    /// What of it can be tasted in the store.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tasting: Option<TastingSummary>,
    /// Where its picture comes from, the best first.
    #[serde(default)]
    pub sources: Vec<VideoSource>,
    /// IANA zone of the shop's clock, which all times here are on.
    #[serde(default)]
    pub zone: String,
    /// The server's clock.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
    pub now: Moment,
}

crate::readable!(Show { show, goods or Default::default(), tasting, sources or Default::default(), zone or Default::default(), now });

/// Says whether one wants to be reminded: `PUT /shows/{id}/reminder`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ReminderRequest {
    /// Whether.
    pub remind: bool,
}

crate::readable!(ReminderRequest { remind });

/// A text in the shop's languages.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Texts {
    /// In Chinese, which is shown where another one is missing.
    pub zh: String,
    /// In English; may be empty.
    #[serde(default)]
    pub en: String,
}

crate::readable!(Texts { zh, en or Default::default() });

/// What is decided about a show: `GET` and `PUT /desk/shows/{id}`, and `POST /desk/shows` with an
/// `Idempotency-Key`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ShowPlan {
    /// What it is about.
    pub kind: ShowKind,
    /// What it is called; at most [`MAX_TITLE_CHARS`] characters, not empty in Chinese.
    pub title: Texts,
    /// A few sentences; at most [`MAX_WORDS_CHARS`] characters.
    #[serde(default)]
    pub words: Texts,
    /// Who leads through it.
    #[serde(default)]
    pub host: Texts,
    /// When it is to begin.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
    pub starts_at: Moment,
    /// How long it is to be, in minutes; [`MIN_MINUTES`] to [`MAX_MINUTES`].
    pub minutes: u32,
    /// Its goods in their order; at most [`MAX_GOODS`], each once.
    #[serde(default)]
    pub goods: Vec<ProductId>,
    /// What can be tasted of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tasting: Option<TastingId>,
}

crate::readable!(ShowPlan { kind, title, words or Default::default(), host or Default::default(), starts_at, minutes, goods or Default::default(), tasting });

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_show_begins_once_and_ends_once(steps in proptest::collection::vec(any::<bool>(), 0..20)) {
            let mut states = vec![ShowState::Scheduled];
            for start in steps {
                let step = if start { ShowStep::Start } else { ShowStep::End };
                let state = states.last().copied().unwrap_or(ShowState::Unknown);
                if let Some(next) = state.after(step) {
                    prop_assert_eq!(next, step.leads_to());
                    states.push(next);
                }
            }
            let way = [ShowState::Scheduled, ShowState::Live, ShowState::Ended];
            prop_assert_eq!(states.as_slice(), way.get(..states.len()).unwrap_or_default());
        }
    }

    #[test]
    fn what_is_old_does_not_say_that_a_show_is_on() {
        let now = Moment {
            ms: 1_790_000_000_000,
            offset_minutes: 480,
        };
        let minute = 60_000;
        let show = |live, starts_in: i64| ShowCard {
            id: "tonight".into(),
            title: "今晚做什么".into(),
            words: String::new(),
            starts_at: Moment {
                ms: now.ms + starts_in * minute,
                ..now
            },
            live,
            viewers: None,
            cover: None,
        };
        let on = show(true, -10);
        // A clock of the device that is slow makes it younger than now.
        for (age, said) in [
            (-60, Some(Said::On)),
            (0, Some(Said::On)),
            (5, Some(Said::On)),
            (6, Some(Said::WasOn)),
            (120, Some(Said::WasOn)),
            (121, None),
        ] {
            assert_eq!(on.said(now, age * minute), said, "{age}");
        }
        for (starts_in, age, said) in [
            (60, 0, Some(Said::Next)),
            (60, 600, Some(Said::Next)),
            (-30, 600, Some(Said::Next)),
            (-31, 600, None),
            (-31, 0, Some(Said::Next)),
        ] {
            assert_eq!(show(false, starts_in).said(now, age * minute), said);
        }
    }

    #[test]
    fn a_state_that_is_not_known_is_never_changed() {
        for step in [ShowStep::Start, ShowStep::End] {
            assert_eq!(ShowState::Unknown.after(step), None);
            assert_eq!(ShowStep::named(step.as_str()), Some(step));
        }
        assert_eq!(ShowStep::named("pause"), None);
    }
}
