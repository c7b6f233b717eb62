//! What a stop that is to go between two others comes to at the least, told at a glance: most of the
//! places where it might go are no use, and these few numbers side by side say so without the route.

use super::{Agreed, Guide, Outcome, Route, Timing};
use crate::problem::{Around, FAR, Job, Problem, Vehicle, VehicleId, Ways};

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

/// A stop that is to go somewhere on a route.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Comer<'p> {
    around: Around<'p>,
    opens: i32,
    hard: i32,
    service: i32,
    travel: i64,
    /// All the waiting that it might save.
    waiting: i64,
    /// What it might save besides, where the search is guided.
    guided: Option<Guided<'p>>,
}

/// What tells how much less idle a stop makes a route.
#[derive(Clone, Copy, Debug)]
struct Guided<'p> {
    guide: Guide,
    outcome: Outcome,
    ways: &'p Ways,
    place: u32,
}

impl<'p> Comer<'p> {
    /// The job on the route of the vehicle.
    pub(crate) fn new(
        problem: &'p Problem,
        vehicle: VehicleId,
        route: &Route,
        (job, timing): (&Job, Timing<'_>),
        agreed: &Agreed,
    ) -> Comer<'p> {
        let ways = problem.ways(vehicle);
        let guided =
            || Guided { guide: agreed.guide, outcome: route.outcome, ways, place: job.place };
        Comer {
            around: ways.around(job.place),
            opens: timing.opens(),
            hard: timing.window.hard,
            service: job.stay(problem.vehicle(vehicle)),
            travel: i64::from(problem.travel.0),
            waiting: route.waiting_cost(problem),
            guided: agreed.guide.is_on().then(guided),
        }
    }

    /// The least by which it can raise the cost there: its detour, less all the waiting and idle time that
    /// it might save; nothing where it or whoever is behind it cannot be in time.
    #[inline]
    pub(crate) fn least_raise_in_time(&self, opening: &Opening) -> Option<i64> {
        // Most are ruled out before the ways are looked at.
        let at_once = self.opens.max(opening.ready);
        if at_once > self.hard || at_once + self.service > opening.due {
            return None;
        }
        let (there, on) = self.legs(opening);
        let start = self.opens.max(opening.ready + there);
        let is_in_time = start <= self.hard && start + self.service + on <= opening.due;
        is_in_time.then(|| self.least_raise(opening))
    }

    /// The same, whenever it is there.
    #[inline]
    pub(crate) fn least_raise(&self, opening: &Opening) -> i64 {
        let (there, on) = self.legs(opening);
        let least = self.travel * i64::from(there + on - opening.ride) - self.waiting;
        let Some(Guided { guide, outcome, ways, place }) = &self.guided else { return least };
        let there = ways.at(opening.from, *place).door;
        let on = self.around.from[opening.to as usize].door;
        let more = (there + on - opening.ride).max(0) + self.service + outcome.unrested;
        least - guide.most_saved(outcome, more)
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
