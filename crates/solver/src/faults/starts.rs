//! The moments at which a visit may start, as a set of spans: what its windows and the limit of
//! lateness leave, moved along by gaps and cut down by shifts and pins.

use hjemrute_travel::{Seconds, Time};

use crate::plan::{Instance, Visit};

/// A set of moments: spans in rising order, both ends belonging to them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Starts(Vec<(Time, Time)>);

impl Starts {
    /// No moment is too early or too late.
    const EVER: (Time, Time) = (Time(i32::MIN / 8), Time(i32::MAX / 8));

    /// When the visit may start by its windows, lateness included; without windows, when any carer
    /// is at work. Pins do not count.
    pub(super) fn of(instance: &Instance, visit: &Visit) -> Starts {
        if visit.windows.is_empty() {
            return Starts(vec![hours_of_all(instance).unwrap_or(Starts::EVER)]);
        }
        let late = instance.policy.late_limit[visit.criticality.index()];
        let mut spans: Vec<_> =
            visit.windows.iter().map(|window| (window.earliest, window.latest + late)).collect();
        spans.sort_unstable();
        Starts(spans)
    }

    /// Only the moments from `first` to `last`.
    pub(super) fn within(&self, first: Time, last: Time) -> Starts {
        let cut = |&(from, until): &(Time, Time)| (from.max(first), until.min(last));
        Starts(self.0.iter().map(cut).filter(|(from, until)| from <= until).collect())
    }

    /// The moments that lie between `min` and `max` after one of these; none if `max` is the less.
    pub(super) fn later(&self, min: Seconds, max: Option<Seconds>) -> Starts {
        if max.is_some_and(|max| max < min) {
            return Starts(Vec::new());
        }
        let (_, end) = Starts::EVER;
        let last = |until: Time| max.map_or(end, |max| until + max);
        Starts(self.0.iter().map(|&(from, until)| (from + min, last(until))).collect())
    }

    /// The moments in both sets.
    pub(super) fn and(&self, other: &Starts) -> Starts {
        let parts = other.0.iter().flat_map(|&(first, last)| self.within(first, last).0);
        let mut spans: Vec<_> = parts.collect();
        spans.sort_unstable();
        Starts(spans)
    }

    /// Whether there is no such moment.
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

fn hours_of_all(instance: &Instance) -> Option<(Time, Time)> {
    let first = instance.carers.iter().map(|carer| carer.shift_start).min()?;
    let last = instance.carers.iter().map(|carer| carer.shift_end + carer.overtime).max()?;
    Some((first, last))
}

#[cfg(test)]
mod tests {
    use super::super::tests::day;
    use super::*;

    #[test]
    fn sets_are_moved_and_cut() {
        // 08:00 to 09:00 and two hours late: starts until 11:00.
        let day = day();
        let starts = Starts::of(&day, &day.visits[0]);
        assert_eq!(starts, Starts(vec![(Time::at(8, 0), Time::at(11, 0))]));
        let later = starts.later(Seconds::minutes(60), Some(Seconds::minutes(90)));
        assert_eq!(later, Starts(vec![(Time::at(9, 0), Time::at(12, 30))]));
        assert_eq!(later.and(&starts), Starts(vec![(Time::at(9, 0), Time::at(11, 0))]));
        assert!(starts.within(Time::at(11, 1), Time::at(12, 0)).is_empty());
    }
}
