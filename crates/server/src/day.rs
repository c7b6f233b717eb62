//! The planned day on the wall clock: between moments counted in seconds and the local time of a
//! zone, clock changes included.

use hjemrute_osm::Roads;
use hjemrute_travel::{Band, Seconds, Time};
use jiff::civil::{Date, Weekday};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp, Zoned};

/// A date in a time zone, with the instant of its first midnight.
#[derive(Clone, Debug)]
pub struct Day {
    date: Date,
    zone: TimeZone,
    midnight: Timestamp,
}

/// How a wall time came to be a moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wall {
    /// It is there once.
    Plain(Time),
    /// The clocks skip it: the moment as far behind the change (02:30 is taken as 03:30).
    Skipped(Time),
    /// It is there twice: the first of the two.
    Twice(Time),
}

impl Day {
    /// The day in that zone; `None` for dates at the very ends of the calendar.
    pub fn new(date: Date, zone: TimeZone) -> Option<Day> {
        let midnight = date.to_zoned(zone.clone()).ok()?.timestamp();
        Some(Day { date, zone, midnight })
    }

    /// The date.
    pub fn date(&self) -> Date {
        self.date
    }

    /// The moment at which the clock on the wall shows `minutes` after midnight; from 24 × 60 on it
    /// is the next day's clock.
    pub fn moment(&self, minutes: u32) -> Option<Wall> {
        let days = i64::from(minutes / 1440);
        let date = self.date.checked_add(jiff::Span::new().days(days)).ok()?;
        let civil = date.at((minutes % 1440 / 60) as i8, (minutes % 60) as i8, 0, 0);
        let ambiguous = self.zone.to_ambiguous_zoned(civil);
        let kind = match ambiguous.offset() {
            jiff::tz::AmbiguousOffset::Unambiguous { .. } => Wall::Plain,
            jiff::tz::AmbiguousOffset::Gap { .. } => Wall::Skipped,
            jiff::tz::AmbiguousOffset::Fold { .. } => Wall::Twice,
        };
        let instant = ambiguous.compatible().ok()?.timestamp();
        let seconds = instant.as_second() - self.midnight.as_second();
        Some(kind(Time(i32::try_from(seconds).ok()?)))
    }

    /// The moment as an instant with its local offset.
    pub fn instant(&self, time: Time) -> Zoned {
        let since = SignedDuration::from_secs(i64::from(time.0));
        (self.midnight + since).to_zoned(self.zone.clone())
    }

    /// The band of travel times that holds at a moment.
    pub(crate) fn band(&self, time: Time) -> Band {
        let now = self.instant(time);
        let weekend = matches!(now.weekday(), Weekday::Saturday | Weekday::Sunday);
        let minute = 60 * i32::from(now.hour()) + i32::from(now.minute());
        Roads::band(now.month().unsigned_abs().into(), weekend, minute.unsigned_abs())
    }

    /// The moment of an instant; `None` when it is further from the day than seconds can count.
    pub fn time_of(&self, instant: Timestamp) -> Option<Time> {
        i32::try_from(instant.as_second() - self.midnight.as_second()).ok().map(Time)
    }

    /// What the clock on the wall shows, to the minute: `07:36`. Seconds are dropped, so that
    /// nobody is told to be somewhere later than planned.
    pub fn clock(&self, time: Time) -> String {
        self.instant(time).strftime("%H:%M").to_string()
    }

    /// `2026-11-23T07:36:00+01:00`.
    pub fn rfc3339(&self, time: Time) -> String {
        self.instant(time).strftime("%Y-%m-%dT%H:%M:%S%:z").to_string()
    }

    /// How long the day is: 23, 24 or 25 hours.
    pub fn length(&self) -> Seconds {
        match self.moment(1440) {
            Some(Wall::Plain(end) | Wall::Skipped(end) | Wall::Twice(end)) => end - Time(0),
            None => Seconds(86_400),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn oslo(year: i16, month: i8, day: i8) -> Day {
        let zone = TimeZone::get("Europe/Oslo").expect("bundled");
        Day::new(jiff::civil::date(year, month, day), zone).expect("an ordinary date")
    }

    #[test]
    fn clock_changes_are_elapsed_time() {
        assert_eq!(oslo(2026, 11, 23).moment(450), Some(Wall::Plain(Time::at(7, 30))));
        let spring = oslo(2026, 3, 29);
        assert_eq!(spring.moment(150), Some(Wall::Skipped(Time::at(2, 30))));
        assert_eq!(spring.clock(Time::at(2, 30)), "03:30");
        assert_eq!(spring.moment(450), Some(Wall::Plain(Time::at(6, 30))));
        assert_eq!(spring.length(), Seconds(23 * 3600));
        let autumn = oslo(2026, 10, 25);
        assert_eq!(autumn.moment(150), Some(Wall::Twice(Time::at(2, 30))));
        assert_eq!(autumn.rfc3339(Time::at(8, 30)), "2026-10-25T07:30:00+01:00");
        let before_autumn = oslo(2026, 10, 24);
        assert_eq!(before_autumn.moment(31 * 60 + 30), Some(Wall::Plain(Time::at(32, 30))));
    }
}
