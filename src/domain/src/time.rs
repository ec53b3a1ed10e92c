//! Instants with the shop's own clock beside them.
//!
//! The page must show the shop's time whatever the phone's zone is, and it must not carry a zone
//! database. So the backend writes every time as RFC 3339 with the shop's offset, and a
//! [`Moment`] keeps both: the instant and the wall clock of the shop at that instant.

use crate::read::{Raw, Read, Unreadable};
use serde::{Serialize, Serializer};
use std::fmt;

const MINUTE: i64 = 60_000;
const DAY: i64 = 1_440 * MINUTE;

/// An instant (milliseconds since 1970 UTC) with the offset of the shop's clock at that time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Moment {
    /// Milliseconds since 1970-01-01T00:00:00Z.
    pub ms: i64,
    /// Minutes that the shop's clock is ahead of UTC.
    pub offset_minutes: i16,
}

/// A wall clock reading.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Local {
    /// Gregorian year.
    pub year: i64,
    /// 1 to 12.
    pub month: u8,
    /// 1 to 31.
    pub day: u8,
    /// 1 (Monday) to 7 (Sunday), ISO 8601.
    pub weekday: u8,
    /// 0 to 1439.
    pub minute_of_day: u16,
}

impl Moment {
    /// The shop's wall clock at this moment.
    pub fn local(&self) -> Local {
        let ms = self
            .ms
            .saturating_add(i64::from(self.offset_minutes) * MINUTE);
        let days = ms.div_euclid(DAY);
        let (year, month, day) = civil(days);
        Local {
            year,
            month,
            day,
            weekday: ((days + 3).rem_euclid(7) + 1) as u8,
            minute_of_day: (ms.rem_euclid(DAY) / MINUTE) as u16,
        }
    }

    /// Hours and minutes on the shop's clock: `21:00`.
    pub fn clock(&self) -> String {
        ClockTime(self.local().minute_of_day).to_string()
    }

    /// Reads RFC 3339 with an offset; `None` for anything else. Leap seconds are taken as :59.
    pub fn parse(text: &str) -> Option<Self> {
        let (date, rest) = text.split_at_checked(10)?;
        let rest = rest.strip_prefix(['T', 't', ' '])?;
        let mut date = date.split('-');
        let (year, month, day) = (
            digits(date.next()?, 4)?,
            digits(date.next()?, 2)?,
            digits(date.next()?, 2)?,
        );
        let zone_at = rest.find(['Z', 'z', '+', '-'])?;
        let (clock, zone) = rest.split_at_checked(zone_at)?;
        let (clock, fraction) = clock.split_once('.').unwrap_or((clock, "0"));
        let mut clock = clock.split(':');
        let (hour, minute, second) = (
            digits(clock.next()?, 2)?,
            digits(clock.next()?, 2)?,
            digits(clock.next()?, 2)?,
        );
        if date.next().is_some()
            || clock.next().is_some()
            || fraction.is_empty()
            || !fraction.bytes().all(|b| b.is_ascii_digit())
        {
            return None;
        }
        let millis: i64 = fraction
            .chars()
            .chain("000".chars())
            .take(3)
            .collect::<String>()
            .parse()
            .ok()?;
        let offset = match zone {
            "Z" | "z" => 0,
            _ => {
                let (sign, zone) = zone.split_at_checked(1)?;
                let (hours, minutes) = zone.split_once(':')?;
                let (hours, minutes) = (digits(hours, 2)?, digits(minutes, 2)?);
                if hours > 23 || minutes > 59 {
                    return None;
                }
                (hours * 60 + minutes) * if sign == "-" { -1 } else { 1 }
            }
        };
        let days = days_from_civil(year, month, day);
        // A date that does not exist (30 February) does not survive the way there and back.
        if civil(days) != (year, month as u8, day as u8) || hour > 23 || minute > 59 || second > 60
        {
            return None;
        }
        let ms =
            days * DAY + (hour * 60 + minute - offset) * MINUTE + second.min(59) * 1_000 + millis;
        Some(Self {
            ms,
            offset_minutes: offset as i16,
        })
    }
}

/// RFC 3339 with the shop's offset, to the second: `2026-11-22T21:00:00+08:00`.
impl fmt::Display for Moment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Local {
            year,
            month,
            day,
            minute_of_day,
            ..
        } = self.local();
        let second = self.ms.rem_euclid(MINUTE) / 1_000;
        let (hour, minute) = (minute_of_day / 60, minute_of_day % 60);
        let (sign, offset) = (
            if self.offset_minutes < 0 { '-' } else { '+' },
            self.offset_minutes.unsigned_abs(),
        );
        write!(
            f,
            "{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}{sign}{:02}:{:02}",
            offset / 60,
            offset % 60
        )
    }
}

impl Serialize for Moment {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl Read for Moment {
    fn read(raw: Raw) -> Result<Self, Unreadable> {
        Self::parse(&raw.text()?).ok_or(Unreadable::here("a time is RFC 3339 with an offset"))
    }
}

crate::deserialize_by_reading!(Moment);

/// A time of day on the shop's clock, in minutes after midnight; `24:00` is the end of the day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ClockTime(u16);

impl ClockTime {
    /// Reads `HH:MM` from `00:00` to `24:00`.
    pub fn parse(text: &str) -> Option<Self> {
        let (hour, minute) = text.split_once(':')?;
        let (hour, minute) = (digits(hour, 2)?, digits(minute, 2)?);
        let total = hour * 60 + minute;
        (minute < 60 && total <= 1_440).then_some(Self(total as u16))
    }

    /// Minutes after midnight, 0 to 1440.
    pub fn minutes(&self) -> u16 {
        self.0
    }
}

impl fmt::Display for ClockTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:02}:{:02}", self.0 / 60, self.0 % 60)
    }
}

impl Serialize for ClockTime {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl Read for ClockTime {
    fn read(raw: Raw) -> Result<Self, Unreadable> {
        Self::parse(&raw.text()?).ok_or(Unreadable::here("a time of day is HH:MM"))
    }
}

crate::deserialize_by_reading!(ClockTime);

fn digits(text: &str, width: usize) -> Option<i64> {
    (text.len() == width && text.bytes().all(|b| b.is_ascii_digit())).then(|| text.parse().ok())?
}

/// Days since 1970-01-01 of a Gregorian date (H. Hinnant, "chrono-compatible low-level date
/// algorithms", `days_from_civil`).
fn days_from_civil(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let year_of_era = year.rem_euclid(400);
    let day_of_year = (153 * (month + if month > 2 { -3 } else { 9 }) + 2) / 5 + day - 1;
    era * 146_097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - 719_468
}

/// The inverse of [`days_from_civil`] (the same source, `civil_from_days`).
fn civil(days: i64) -> (i64, u8, u8) {
    let shifted = days + 719_468;
    let era = shifted.div_euclid(146_097);
    let day_of_era = shifted.rem_euclid(146_097);
    let year_of_era =
        (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted_month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * shifted_month + 2) / 5 + 1;
    let month = if shifted_month < 10 {
        shifted_month + 3
    } else {
        shifted_month - 9
    };
    (
        year_of_era + era * 400 + i64::from(month <= 2),
        month as u8,
        day as u8,
    )
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn keeps_the_clock_of_the_shop() {
        let moment = Moment::parse("2026-11-22T06:10:00+08:00").unwrap();
        assert_eq!(moment.clock(), "06:10");
        assert_eq!(moment.to_string(), "2026-11-22T06:10:00+08:00");
        let local = moment.local();
        assert_eq!((local.month, local.day, local.weekday), (11, 22, 7));
    }

    #[test]
    fn refuses_what_is_not_a_time() {
        for text in [
            "",
            "2026-11-22",
            "2026-11-22T06:10:00",
            "2026-02-30T00:00:00Z",
            "2026-11-22T25:00:00Z",
            "2026-11-22T06:10:00+8:00",
            "22-11-2026T06:10:00Z",
            "2026-11-22T06:10:00.Z",
            "刚刚",
            "2026-1１-22T06:10:00Z",
        ] {
            assert_eq!(Moment::parse(text), None, "{text}");
        }
        for text in ["7:30", "24:01", "12:60", "", "ab:cd"] {
            assert_eq!(ClockTime::parse(text), None, "{text}");
        }
    }

    proptest! {
        #[test]
        fn agrees_with_a_calendar_library(seconds in -60_000_000_000_i64..200_000_000_000, offset in -720_i16..840) {
            let moment = Moment { ms: seconds * 1_000, offset_minutes: offset };
            let zone = jiff::tz::Offset::from_seconds(i32::from(offset) * 60).unwrap();
            let there = zone.to_datetime(jiff::Timestamp::from_second(seconds).unwrap());
            let local = moment.local();
            prop_assert_eq!((local.year, local.month as i8, local.day as i8), (i64::from(there.year()), there.month(), there.day()));
            prop_assert_eq!(local.weekday as i8, there.weekday().to_monday_one_offset());
            prop_assert_eq!(local.minute_of_day as i16, i16::from(there.hour()) * 60 + i16::from(there.minute()));
        }

        #[test]
        fn is_read_back_as_written(seconds in 0_i64..4_000_000_000, offset in -720_i16..840) {
            let moment = Moment { ms: seconds * 1_000, offset_minutes: offset };
            prop_assert_eq!(Moment::parse(&moment.to_string()), Some(moment));
        }

        #[test]
        fn no_text_breaks_the_reader(text in "\\PC{0,40}") {
            let _ = Moment::parse(&text);
            let _ = ClockTime::parse(&text);
        }
    }
}
