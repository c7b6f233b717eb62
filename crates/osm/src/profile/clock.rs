//! Which band holds when, as data (profiles/hours.toml), and the moment that stands for a band where
//! a sign speaks of hours: the middle of it, on a Wednesday in May or in January.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use hjemrute_travel::{Band, Hours};
use serde::Deserialize;

const HOURS: &str = include_str!("../../profiles/hours.toml");

/// Which part of the day holds when.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Clock {
    workday: BTreeMap<String, u32>,
    weekend: BTreeMap<String, u32>,
    winter: Vec<u32>,
}

/// Minutes of a day.
const DAY: u32 = 24 * 60;

/// A moment of the week and the year as signs tell it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Moment {
    /// From Monday, which is 0.
    pub(crate) weekday: u32,
    /// From January, which is 1.
    pub(crate) month: u32,
    /// Of the month.
    pub(crate) day: u32,
    /// Since midnight.
    pub(crate) minute: u32,
}

impl Clock {
    /// The clock compiled in.
    pub(crate) fn of_norway() -> &'static Clock {
        static CLOCK: OnceLock<Clock> = OnceLock::new();
        CLOCK.get_or_init(|| {
            toml::from_str(HOURS).expect("the hours compiled in are read by a test")
        })
    }

    /// The parts of a day and the minute each starts at, rising.
    fn parts(&self, weekend: bool) -> Vec<(u32, Hours)> {
        let named = if weekend { &self.weekend } else { &self.workday };
        let start = |hours: Hours| Some((*named.get(hours.name())?, hours));
        let mut parts: Vec<(u32, Hours)> = Hours::ALL.into_iter().filter_map(start).collect();
        parts.sort_unstable();
        parts
    }

    /// The band at a minute of a day of a month.
    pub(crate) fn band(&self, month: u32, weekend: bool, minute: u32) -> Band {
        let parts = self.parts(weekend);
        let now = parts.iter().rev().find(|(start, _)| *start <= minute % DAY).or(parts.last());
        let hours = now.map_or(Hours::Day, |(_, hours)| *hours);
        Band { hours, winter: self.winter.contains(&month) }
    }

    /// The middle of a band.
    pub(crate) fn middle(&self, band: Band) -> Moment {
        let parts = self.parts(false);
        let at = parts.iter().position(|(_, hours)| *hours == band.hours);
        let minute = at.map_or(DAY / 2, |at| {
            let (start, next) = (parts[at].0, parts[(at + 1) % parts.len()].0);
            let length = (next + DAY - start) % DAY;
            (start + length / 2) % DAY
        });
        Moment { weekday: 2, month: if band.winter { 1 } else { 5 }, day: 15, minute }
    }
}

/// Bytes that change whenever the hours do.
pub(super) fn fingerprint() -> &'static [u8] {
    HOURS.as_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_clock_tells_the_band() {
        let clock = Clock::of_norway();
        for (month, weekend, minute, expected) in [
            (5, false, 0, "night"),
            (5, false, 389, "night"),
            (5, false, 390, "morning"),
            (5, false, 12 * 60, "day"),
            (1, false, 15 * 60, "afternoon in winter"),
            (12, false, 21 * 60, "evening in winter"),
            (10, true, 8 * 60, "day"),
            (10, true, 7 * 60, "night"),
            (10, false, 25 * 60, "night"),
        ] {
            assert_eq!(clock.band(month, weekend, minute).to_string(), expected, "{minute}");
        }
        let middles: Vec<u32> =
            Hours::ALL.map(|hours| clock.middle(Band { hours, winter: false }).minute).to_vec();
        assert_eq!(middles, [135, 465, 720, 960, 1170]);
        assert!(Band::all().all(|band| {
            let Moment { month, minute, .. } = clock.middle(band);
            clock.band(month, false, minute) == band
        }));
    }
}
