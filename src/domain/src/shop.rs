//! The shop itself: who it is, when it is open, who its partners are, what it posts.

use crate::bundle::BundleSummary;
use crate::catalog::{Picture, ProductSummary};
use crate::id::{MerchantId, PostId, ProductId};
use crate::show::ShowCard;
use crate::tasting::TastingSummary;
use crate::time::{ClockTime, Local, Moment};
use serde::Serialize;

/// Everything the home page shows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Storefront {
    /// The shop's card.
    pub shop: Shop,
    /// The show that is on, or the next of the coming week.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub show: Option<ShowCard>,
    /// What is cheaper today.
    #[serde(default)]
    pub specials: Vec<ProductSummary>,
    /// What is cheaper together.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub bundles: Vec<BundleSummary>,
    /// What can be tasted in the store.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tastings: Vec<TastingSummary>,
    /// What the shop has to say, the newest first.
    #[serde(default)]
    pub posts: Vec<Post>,
    /// Shops nearby that sell here too.
    #[serde(default)]
    pub partners: Vec<Merchant>,
}

crate::readable!(Storefront { shop, show, posts or Default::default(), specials or Default::default(), bundles or Default::default(), tastings or Default::default(), partners or Default::default() });

/// The shop's card.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Shop {
    /// Its name.
    pub name: String,
    /// One line under the name.
    #[serde(default)]
    pub tagline: String,
    /// Whose shop it is: `阳光花园`.
    #[serde(default)]
    pub neighbourhood: String,
    /// How far, in words: `步行 3 分钟`.
    #[serde(default)]
    pub distance: String,
    /// Where, for a taxi.
    #[serde(default)]
    pub address: String,
    /// To call; empty when there is none.
    #[serde(default)]
    pub phone: String,
    /// The group of neighbours.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub group: Option<Group>,
    /// IANA zone of the shop's clock.
    #[serde(default)]
    pub zone: String,
    /// When it is open, a line for each opening of a week.
    #[serde(default)]
    pub hours: Vec<Hours>,
    /// Whether it is open now, by the server's clock.
    pub opening: Opening,
}

crate::readable!(Shop { name, tagline or Default::default(), neighbourhood or Default::default(), distance or Default::default(), address or Default::default(), phone or Default::default(), group, zone or Default::default(), hours or Default::default(), opening });

/// The neighbours' group (WeCom), entered by QR.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Group {
    /// What it is called.
    pub title: String,
    /// Why one would join.
    #[serde(default)]
    pub note: String,
    /// What the QR says.
    pub url: String,
}

crate::readable!(Group { title, note or Default::default(), url });

/// One opening in a week.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Hours {
    /// 1 (Monday) to 7 (Sunday).
    pub weekday: u8,
    /// `HH:MM` on the shop's clock.
    #[cfg_attr(feature = "openapi", schema(value_type = String, example = "07:30"))]
    pub opens: ClockTime,
    /// `HH:MM`, after `opens`; `24:00` is the end of the day.
    #[cfg_attr(feature = "openapi", schema(value_type = String, example = "21:00"))]
    pub closes: ClockTime,
}

crate::readable!(Hours {
    weekday,
    opens,
    closes
});

/// Open or not, and until when.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Opening {
    /// Whether the door is open.
    pub open: bool,
    /// When that changes; absent when it does not within a week.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, format = DateTime))]
    pub changes_at: Option<Moment>,
}

crate::readable!(Opening { open, changes_at });

impl Opening {
    /// Whether a shop with these hours is open at `now`, and when that changes. The change is given
    /// on the clock of `now`; its offset is not looked up again.
    pub fn at(hours: &[Hours], now: Moment) -> Self {
        let Local {
            weekday,
            minute_of_day,
            ..
        } = now.local();
        let minute_of_week = |weekday: u8, minute: u16| {
            i64::from(weekday.clamp(1, 7) - 1) * 1_440 + i64::from(minute)
        };
        let here = minute_of_week(weekday, minute_of_day);
        // The week before and the week after, so that an opening may reach over its end.
        let mut spans: Vec<(i64, i64)> = (-1..=1)
            .flat_map(|week| hours.iter().map(move |span| (week * 10_080, span)))
            .map(|(week, span)| {
                (
                    week + minute_of_week(span.weekday, span.opens.minutes()),
                    week + minute_of_week(span.weekday, span.closes.minutes()),
                )
            })
            .filter(|(opens, closes)| opens < closes)
            .collect();
        spans.sort_unstable();
        let mut until = here;
        for (opens, closes) in &spans {
            if *opens <= until && *closes > until {
                until = *closes;
            }
        }
        let open = until > here;
        let change = if open {
            Some(until).filter(|until| until - here < 10_080)
        } else {
            spans
                .iter()
                .map(|(opens, _)| *opens)
                .find(|opens| *opens > here)
        };
        let start_of_minute = now.ms - now.ms.rem_euclid(60_000);
        let changes_at = change.map(|change| Moment {
            ms: start_of_minute + (change - here) * 60_000,
            ..now
        });
        Self { open, changes_at }
    }
}

/// The shop itself or a partner that sells through it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Merchant {
    /// Its id, for `?merchant=`.
    pub id: MerchantId,
    /// What it is.
    #[serde(default)]
    pub kind: MerchantKind,
    /// Its name.
    pub name: String,
    /// One or two sentences.
    #[serde(default)]
    pub story: String,
    /// Its picture.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub picture: Option<Picture>,
    /// How far, in words.
    #[serde(default)]
    pub distance: String,
    /// Where its goods are picked up.
    #[serde(default)]
    pub pickup: String,
}

crate::readable!(Merchant { id, kind or Default::default(), name, story or Default::default(), picture, distance or Default::default(), pickup or Default::default() });

/// What a merchant is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum MerchantKind {
    /// The shop itself.
    Shop,
    /// Fruit.
    Fruit,
    /// Coffee.
    Coffee,
    /// Bread and cake.
    Bakery,
    /// Flowers.
    Flowers,
    /// Housekeeping.
    Housekeeping,
    /// Something else.
    #[default]
    #[serde(other)]
    Unknown,
}

crate::readable_words!(MerchantKind { "shop" => Shop, "fruit" => Fruit, "coffee" => Coffee, "bakery" => Bakery, "flowers" => Flowers, "housekeeping" => Housekeeping } else Unknown);

/// Something the shop has to say.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Post {
    /// Its id.
    pub id: PostId,
    /// What it is about.
    #[serde(default)]
    pub kind: PostKind,
    /// Its headline.
    pub title: String,
    /// A few sentences. Plain text.
    #[serde(default)]
    pub body: String,
    /// Its picture.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub picture: Option<Picture>,
    /// When it was posted.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
    pub published_at: Moment,
    /// What it speaks of.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub product: Option<ProductId>,
}

crate::readable!(Post { id, kind or Default::default(), title, body or Default::default(), picture, published_at, product });

/// What a post is about.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum PostKind {
    /// 今日特惠: what is good today.
    Special,
    /// 厨房小妙招: how to cook or keep it.
    Tip,
    /// Something else.
    #[default]
    #[serde(other)]
    Unknown,
}

crate::readable_words!(PostKind { "special" => Special, "tip" => Tip } else Unknown);

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn hours(weekday: u8, opens: &str, closes: &str) -> Hours {
        Hours {
            weekday,
            opens: ClockTime::parse(opens).unwrap(),
            closes: ClockTime::parse(closes).unwrap(),
        }
    }

    fn at(hours: &[Hours], text: &str) -> (bool, Option<String>) {
        let opening = Opening::at(hours, Moment::parse(text).unwrap());
        (
            opening.open,
            opening.changes_at.map(|moment| moment.to_string()),
        )
    }

    #[test]
    fn says_until_when_it_is_open() {
        let week: Vec<_> = (1..=7).map(|day| hours(day, "07:30", "21:00")).collect();
        assert_eq!(
            at(&week, "2026-11-22T10:42:31+08:00"),
            (true, Some("2026-11-22T21:00:00+08:00".into()))
        );
        assert_eq!(
            at(&week, "2026-11-22T21:00:00+08:00"),
            (false, Some("2026-11-23T07:30:00+08:00".into()))
        );
        assert_eq!(at(&[], "2026-11-22T21:00:00+08:00"), (false, None));
    }

    #[test]
    fn openings_that_touch_are_one() {
        let all_night = [hours(6, "20:00", "24:00"), hours(7, "00:00", "04:00")];
        assert_eq!(
            at(&all_night, "2026-11-21T23:00:00+08:00"),
            (true, Some("2026-11-22T04:00:00+08:00".into()))
        );
        let always: Vec<_> = (1..=7).map(|day| hours(day, "00:00", "24:00")).collect();
        assert_eq!(at(&always, "2026-11-22T10:00:00+08:00"), (true, None));
    }

    proptest! {
        #[test]
        fn nothing_changes_before_it_is_said_to(
            spans in proptest::collection::vec((1_u8..=7, 0_u16..1_440, 1_u16..=1_440), 0..8),
            minute in 0_i64..20_160,
            later in 0_i64..10_080,
        ) {
            let clock = |minutes: u16| ClockTime::parse(&format!("{:02}:{:02}", minutes / 60, minutes % 60)).unwrap();
            let hours: Vec<_> = spans
                .into_iter()
                .map(|(weekday, opens, closes)| Hours { weekday, opens: clock(opens), closes: clock(closes) })
                .collect();
            let start = Moment { ms: 1_790_000_000_000 + minute * 60_000, offset_minutes: 480 };
            let now = Opening::at(&hours, start);
            let then = Moment { ms: start.ms + later * 60_000, ..start };
            match now.changes_at {
                Some(change) if then.ms >= change.ms => {
                    prop_assert!(change.ms > start.ms);
                    prop_assert_ne!(Opening::at(&hours, change).open, now.open);
                }
                _ => prop_assert_eq!(Opening::at(&hours, then).open, now.open),
            }
        }
    }
}
