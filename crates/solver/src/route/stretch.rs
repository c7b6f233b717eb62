//! A stretch of a route from the start of the shift, driven on stop by stop, and what a whole one
//! comes to.
//!
//! A carer's clock is held in two parts: seconds *spent* (driving, at doors, resting) since setting
//! off, and the *anchor*, the latest-binding "not before" seen so far, told as a departure. The clock
//! shows `anchor + spent`; waiting moves the anchor and nothing else. *Slack* is the latest departure
//! that would make nothing later than it may be for free; between it and the anchor lies the waiting
//! that no later departure can save (after Vidal, Crainic, Gendreau and Prins 2013,
//! doi:10.1016/j.cor.2012.07.018, with lateness soft).

use super::Timing;
use crate::gap::Gap;
use crate::problem::{FAR, Job, Problem, Rest, Vehicle};

/// A stretch from the start of the shift, up to and including the leaving of its last stop.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Prefix {
    pub(crate) place: u32,
    pub(super) spent: i32,
    pub(super) anchor: i32,
    pub(super) slack: i32,
    pub(crate) ride: i32,
    pub(super) worst: i32,
    /// A break taken before the carer set off, which `spent` does not count.
    pub(super) at_base: i32,
    /// The length of a break that has not been taken yet.
    pub(super) due: i32,
    pub(super) late: i64,
}

/// Where in a route the break lies: in the gap before stop `gap` (the last gap is before the
/// return), taken where the last stop was or on arrival.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Slot {
    pub(crate) gap: u32,
    pub(crate) on_arrival: bool,
}

impl Slot {
    /// In no gap: the break is not taken.
    pub(crate) const NONE: Slot = Slot { gap: u32::MAX, on_arrival: false };

    /// Whether the break, if there is one at all, lies before a stop or nowhere.
    #[inline]
    pub(crate) fn is_over(self, stop: usize) -> bool {
        self.gap as usize <= stop || self == Slot::NONE
    }

    /// The same break when there is one stop more before its gap.
    #[inline]
    pub(crate) fn one_later(self) -> Slot {
        if self == Slot::NONE { self } else { Slot { gap: self.gap + 1, ..self } }
    }

    /// The same break on a route of so many stops.
    pub(crate) fn within(self, stops: usize) -> Slot {
        if self == Slot::NONE { self } else { Slot { gap: self.gap.min(stops as u32), ..self } }
    }
}

/// What a finished route comes to, in seconds; `late` is already a cost.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Outcome {
    pub(crate) ride: i32,
    pub(crate) waiting: i32,
    pub(crate) overtime: i32,
    pub(crate) late: i64,
    /// The largest lateness of a stop.
    pub(crate) worst: i32,
    /// The part of the shift that is spent neither on the way nor at doors nor resting.
    pub(crate) idle: i32,
    /// What is spent on the way, at doors and at visits.
    pub(crate) work: i32,
    /// The length of a break that is not taken.
    pub(crate) unrested: i32,
    /// The anchor with which the carer sets off for home.
    pub(super) anchor: i32,
}

impl Outcome {
    /// Nobody is sent: all of the shift is idle but for the break.
    pub(crate) fn staying(vehicle: &Vehicle) -> Outcome {
        let rest = vehicle.rest.map_or(0, |rest| rest.length);
        let idle = vehicle.shift_end - vehicle.shift_start - rest;
        Outcome { idle, ..Outcome::default() }
    }

    /// The least that the same stops come to with the break, where this is what they come to without.
    #[inline]
    pub(crate) fn at_least(self, vehicle: &Vehicle) -> Outcome {
        let rest = vehicle.rest.map_or(0, |rest| rest.length);
        Outcome { waiting: 0, unrested: 0, idle: self.idle - rest, ..self }
    }

    /// Its cost.
    #[inline]
    pub(crate) fn cost(&self, problem: &Problem) -> i64 {
        // What is largest over all routes is no single route's cost.
        let Outcome { ride, waiting, overtime, late, unrested, .. } = *self;
        let Outcome { worst: _, idle: _, work, anchor: _, .. } = *self;
        let missed = if unrested > 0 { problem.missed_break } else { 0 };
        i64::from(problem.travel.0) * i64::from(ride)
            + i64::from(problem.waiting.0) * i64::from(waiting)
            + i64::from(problem.overtime.0) * i64::from(overtime)
            + i64::from(problem.work.0) * i64::from(work)
            + late
            + missed
    }

    /// The part of that which other times of the same stops may change.
    pub(crate) fn times_cost(&self, problem: &Problem) -> i64 {
        i64::from(problem.waiting.0) * i64::from(self.waiting)
            + i64::from(problem.overtime.0) * i64::from(self.overtime)
            + self.late
    }
}

impl Prefix {
    /// Nothing done yet: at the start place, free to leave when the shift starts.
    #[inline]
    pub(crate) fn start(vehicle: &Vehicle) -> Prefix {
        Prefix {
            place: vehicle.start,
            spent: 0,
            anchor: vehicle.ready,
            // Who has set off cannot do so later.
            slack: if vehicle.cannot_wait() { vehicle.ready } else { FAR },
            ride: 0,
            worst: 0,
            at_base: 0,
            due: vehicle.rest.map_or(0, |rest| rest.length),
            late: 0,
        }
    }

    /// The earliest moment at which the carer can go on.
    #[inline]
    pub(crate) fn ready(&self) -> i32 {
        self.anchor + self.spent
    }

    /// The stretch at whose end the carer goes on no earlier than at that moment; until then is no
    /// waiting.
    #[inline]
    fn free_from(self, moment: i32) -> Prefix {
        let more = (moment - self.ready()).max(0);
        Prefix { anchor: self.anchor + more, slack: self.slack.saturating_add(more), ..self }
    }

    /// The stretch with stop `at` made, where that is the last that has begun.
    #[inline]
    pub(crate) fn behind_stop(self, vehicle: &Vehicle, at: usize) -> Prefix {
        if at + 1 == vehicle.begun as usize { self.free_from(vehicle.free) } else { self }
    }

    /// Goes through what lies before the next stop.
    #[inline]
    pub(crate) fn go(self, gap: Gap) -> Option<Prefix> {
        let there = self.spend(gap.before);
        let there = match gap.rest {
            None => there,
            Some(rest) => there.rest(rest)?.spend(gap.after),
        };
        Some(Prefix { ride: self.ride + gap.ride, ..there })
    }

    #[inline]
    fn spend(self, seconds: i32) -> Prefix {
        Prefix { spent: self.spent + seconds, ..self }
    }

    /// Takes the break here. Before the carer has left, it only makes the departure later.
    #[inline]
    fn rest(self, rest: Rest) -> Option<Prefix> {
        let begin = self.ready().max(rest.earliest);
        if begin > rest.latest {
            return None;
        }
        if self.spent == 0 {
            let (anchor, at_base) = ((begin + rest.length).max(rest.departs), rest.length);
            return Some(Prefix { anchor, at_base, due: 0, ..self });
        }
        Some(Prefix {
            anchor: begin - self.spent,
            slack: self.slack.min(rest.latest - self.spent),
            spent: self.spent + rest.length,
            due: 0,
            ..self
        })
    }

    /// Makes the visit where the carer now stands; its start, and the stretch that has it. A linked visit holds others up, so departing later is not free for it.
    #[inline]
    pub(crate) fn serve(
        self,
        (job, vehicle): (&Job, &Vehicle),
        late: i64,
        timing: Timing<'_>,
    ) -> Option<(i32, Prefix)> {
        let Timing { window, floor } = timing;
        let anchor = self.anchor.max(floor.max(window.earliest) - self.spent);
        let start = anchor + self.spent;
        if start > window.hard {
            return None;
        }
        let free =
            if job.linked { anchor } else { anchor.max(window.latest.saturating_sub(self.spent)) };
        let behind = (start - window.latest).max(0);
        let prefix = Prefix {
            place: job.place,
            spent: self.spent + job.stay(vehicle),
            anchor,
            slack: self.slack.min(free),
            ride: self.ride,
            worst: self.worst.max(behind),
            at_base: self.at_base,
            due: self.due,
            late: self.late + late * i64::from(behind),
        };
        Some((start, prefix))
    }

    /// Goes home through the last gap. A break after the return waits for nobody.
    #[inline]
    pub(crate) fn finish(self, gap: Gap, vehicle: &Vehicle) -> Option<Outcome> {
        let at_home = gap.rest.filter(|_| gap.home);
        let stretch = self.go(Gap { rest: gap.rest.filter(|_| !gap.home), ..gap })?;
        let back = stretch.ready();
        let end = match at_home {
            Some(rest) => {
                let begin = back.max(rest.earliest);
                if begin > rest.latest {
                    return None;
                }
                begin + rest.length
            }
            None => back,
        };
        let busy = stretch.spent + stretch.at_base + at_home.map_or(0, |rest| rest.length);
        let unrested = if at_home.is_some() { 0 } else { stretch.due };
        let rested = vehicle.rest.map_or(0, |rest| rest.length - unrested);
        (end <= vehicle.hard_end).then(|| Outcome {
            idle: end.max(vehicle.shift_end) - vehicle.shift_start - busy,
            work: busy - rested,
            unrested,
            ride: stretch.ride,
            waiting: (stretch.anchor - stretch.slack).max(0),
            overtime: (end - vehicle.shift_end).max(0),
            late: self.late,
            worst: self.worst,
            anchor: stretch.anchor,
        })
    }
}
