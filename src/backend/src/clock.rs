//! The shop's clock: now, in the shop's IANA zone.

use domain::time::Moment;
use jiff::Timestamp;
use jiff::tz::TimeZone;

/// Tells the time where the shop is.
#[derive(Clone, Debug)]
pub struct Clock {
    zone: TimeZone,
}

impl Clock {
    /// The clock of an IANA zone, for instance `Asia/Shanghai`. The zones are compiled in.
    pub fn of(zone: &str) -> anyhow::Result<Self> {
        Ok(Self {
            zone: TimeZone::get(zone)?,
        })
    }

    /// Now.
    pub fn now(&self) -> Moment {
        self.moment(Timestamp::now().as_millisecond())
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
