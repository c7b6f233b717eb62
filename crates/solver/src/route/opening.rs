//! What a stop that is to go between two others comes to at the least, told at a glance: most of the
//! places where it might go are no use, and these few numbers side by side say so without the route.

use super::{Route, Timing};
use crate::problem::{Around, FAR, Job, Problem, Vehicle};

/// What lies between two stops of a route, or before the first or behind the last.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Opening {
    from: u32,
    to: u32,
    /// When the carer is ready to leave the stop before.
    ready: i32,
    /// When the stop behind must be reached.
    due: i32,
    /// The ride between the two.
    ride: i32,
}

impl Opening {
    /// When the carer is ready to leave the stop before.
    #[inline]
    pub(crate) fn ready(&self) -> i32 {
        self.ready
    }

    /// The place before it.
    #[inline]
    pub(crate) fn from(&self) -> u32 {
        self.from
    }

    /// The place behind it.
    #[inline]
    pub(crate) fn to(&self) -> u32 {
        self.to
    }

    /// The ride between the two, in seconds; very long where it may become shorter in other ways.
    #[inline]
    pub(crate) fn ride(&self) -> i64 {
        i64::from(self.ride)
    }
}

/// So long that every detour is less.
const UNTOLD: i32 = 1 << 30;

/// A stop that is to go somewhere.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Comer<'p> {
    around: Around<'p>,
    opens: i32,
    hard: i32,
    service: i32,
    travel: i64,
}

impl<'p> Comer<'p> {
    pub(crate) fn new(
        problem: &Problem,
        around: Around<'p>,
        job: &Job,
        timing: Timing<'_>,
    ) -> Comer<'p> {
        Comer {
            around,
            opens: timing.opens(),
            hard: timing.window.hard,
            service: job.service,
            travel: i64::from(problem.travel.0),
        }
    }

    /// What its detour costs, if it can be there in time and whoever is behind it too.
    #[inline]
    pub(crate) fn detour(&self, opening: &Opening) -> Option<i64> {
        // Most are ruled out before the ways are looked at.
        let at_once = self.opens.max(opening.ready);
        if at_once > self.hard || at_once + self.service > opening.due {
            return None;
        }
        let (there, on) = self.legs(opening);
        let start = self.opens.max(opening.ready + there);
        let is_in_time = start <= self.hard && start + self.service + on <= opening.due;
        is_in_time.then(|| self.travel * i64::from(there + on - opening.ride))
    }

    /// What its detour costs, whenever it is there.
    #[inline]
    pub(crate) fn least_detour(&self, opening: &Opening) -> i64 {
        let (there, on) = self.legs(opening);
        self.travel * i64::from(there + on - opening.ride)
    }

    #[inline]
    fn legs(&self, opening: &Opening) -> (i32, i32) {
        (self.around.to[opening.from as usize], self.around.from[opening.to as usize].ride)
    }
}

impl Route {
    /// What lies before stop `at`; behind the last stop where that is as many as there are stops.
    #[inline]
    pub(crate) fn opening(&self, at: usize) -> &Opening {
        &self.openings[at]
    }

    /// What lies before each stop, and before the return.
    #[inline]
    pub(crate) fn openings(&self) -> &[Opening] {
        &self.openings
    }

    /// Writes down what lies between the stops of a settled route.
    pub(super) fn lay_open(&mut self, vehicle: &Vehicle) {
        self.openings.clear();
        // Beside a new stop a key may be fetched with less of a detour.
        let detours = !self.errands.is_empty();
        for (at, before) in self.prefix.iter().enumerate() {
            let (to, ride) = match self.prefix.get(at + 1) {
                Some(after) => (after.place, after.ride),
                None => (vehicle.end, self.outcome.ride),
            };
            let opening = Opening {
                from: before.place,
                to,
                ready: before.ready(),
                due: self.latest[at],
                ride: ride - before.ride,
            };
            self.openings.push(match detours {
                true => Opening { ready: -FAR, due: i32::MAX, ride: UNTOLD, ..opening },
                false => opening,
            });
        }
    }
}
