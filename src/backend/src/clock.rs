//! The shop's clock: now, in the shop's IANA zone.

use domain::time::Moment;
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

/// Tells the time where the shop is.
#[derive(Clone, Debug)]
pub struct Clock {
    zone: TimeZone,
    /// How far it was put forward, in milliseconds; all its copies together.
    ahead: Arc<AtomicI64>,
}

impl Clock {
    /// The clock of an IANA zone, for instance `Asia/Shanghai`. The zones are compiled in.
    pub fn of(zone: &str) -> anyhow::Result<Self> {
        Ok(Self {
            zone: TimeZone::get(zone)?,
            ahead: Arc::default(),
        })
    }

    /// Now.
    pub fn now(&self) -> Moment {
        let ahead = self.ahead.load(Ordering::Relaxed);
        self.moment(Timestamp::now().as_millisecond() + ahead)
    }

    /// Puts it and all its copies forward, so that a test need not wait for days.
    pub fn put_forward(&self, ms: i64) {
        self.ahead.fetch_add(ms, Ordering::Relaxed);
    }

    /// A stored instant (milliseconds since 1970 UTC) with the shop's offset at that time.
    pub fn moment(&self, ms: i64) -> Moment {
        let at = Timestamp::from_millisecond(ms).unwrap_or(Timestamp::UNIX_EPOCH);
        let offset = self.zone.to_offset(at);
        Moment {
            ms: at.as_millisecond(),
            offset_minutes: i16::try_from(offset.seconds() / 60).unwrap_or(0),
        }
    }

    /// The weekday so many days after `now`: 1 (Monday) to 7 (Sunday).
    pub fn weekday(&self, now: Moment, days: u32) -> u8 {
        let today = now.local().weekday;
        ((u32::from(today) - 1 + days) % 7 + 1) as u8
    }

    /// The instant at which the shop's clock shows so many minutes after midnight, so many days
    /// after `now`; a time that a change of the clock leaves out is taken as the one after it.
    pub fn on_day(&self, now: Moment, days: u32, minutes: i64) -> Option<Moment> {
        let today = Timestamp::from_millisecond(now.ms)
            .ok()?
            .to_zoned(self.zone.clone())
            .date();
        let day = today.checked_add(jiff::Span::new().days(days)).ok()?;
        let wall = day
            .at(0, 0, 0, 0)
            .checked_add(jiff::Span::new().minutes(minutes))
            .ok()?;
        let there = wall.to_zoned(self.zone.clone()).ok()?;
        Some(self.moment(there.timestamp().as_millisecond()))
    }

    /// The date so many days after `now`.
    pub fn date(&self, now: Moment, days: u32) -> Option<Date> {
        let today = Timestamp::from_millisecond(now.ms)
            .ok()?
            .to_zoned(self.zone.clone())
            .date();
        today.checked_add(jiff::Span::new().days(days)).ok()
    }

    /// The instant at which the shop's clock shows so many minutes after midnight of a day: `None`
    /// where a change of the clock leaves that out, the first where it comes twice.
    pub fn exactly(&self, day: Date, minutes: u16) -> Option<Moment> {
        let (hour, minute) = (
            i8::try_from(minutes / 60).ok()?,
            i8::try_from(minutes % 60).ok()?,
        );
        let wall = jiff::civil::Time::new(hour, minute, 0, 0).ok()?;
        let there = self.zone.to_ambiguous_zoned(day.to_datetime(wall));
        let exists = !matches!(there.offset(), jiff::tz::AmbiguousOffset::Gap { .. });
        let there = exists.then(|| there.earlier().ok()).flatten()?;
        Some(self.moment(there.timestamp().as_millisecond()))
    }

    /// When the day of an instant begins and ends on the shop's clock, in milliseconds.
    pub fn day_of(&self, ms: i64) -> Option<(i64, i64)> {
        let there = Timestamp::from_millisecond(ms)
            .ok()?
            .to_zoned(self.zone.clone());
        let begins = there.start_of_day().ok()?;
        let ends = there.tomorrow().ok()?.start_of_day().ok()?;
        Some((
            begins.timestamp().as_millisecond(),
            ends.timestamp().as_millisecond(),
        ))
    }

    /// The instant at which the shop's clock showed `clock` (`HH:MM`), so many days before `now`; a
    /// day earlier still when that is yet to come.
    pub fn at(&self, now: i64, days_ago: u32, clock: &str) -> anyhow::Result<i64> {
        let today = Timestamp::from_millisecond(now)?
            .to_zoned(self.zone.clone())
            .date();
        let time: jiff::civil::Time = clock.parse()?;
        let instant = |days: u32| {
            let day = today.checked_sub(jiff::Span::new().days(days))?;
            Ok::<_, jiff::Error>(
                day.to_datetime(time)
                    .to_zoned(self.zone.clone())?
                    .timestamp()
                    .as_millisecond(),
            )
        };
        let at = instant(days_ago)?;
        Ok(if at > now { instant(days_ago + 1)? } else { at })
    }
}
