//! The seats of a route that a visit might take, one after the other.

use crate::problem::{Problem, TaskId, VehicleId};
use crate::route::{Agreed, Comer, Route, Seat, Slot, Timing};

/// The seats of a route in which the job can start within its window, as far as its neighbours'
/// times tell.
pub(super) struct Seats<'a> {
    route: &'a Route,
    /// What tells how dear a seat is at the least; nothing where a key changes that.
    comer: Option<Comer<'a>>,
    has_break: bool,
    may_miss_break: bool,
    until: i32,
    at: usize,
    /// Which of the places of the break relative to the seat comes next.
    variant: u8,
}

impl<'a> Seats<'a> {
    pub(super) fn of(
        problem: &'a Problem,
        vehicle: VehicleId,
        route: &'a Route,
        (task, timing): (TaskId, Timing<'_>),
        agreed: &Agreed,
    ) -> Seats<'a> {
        if route.goes_for_keys(problem, vehicle, task) {
            // Each is priced with the break and the stops for keys wherever they are then best.
            let (has_break, may_miss_break) = (false, false);
            let (until, at, variant) = (i32::MAX, 0, 0);
            return Seats { route, comer: None, has_break, may_miss_break, until, at, variant };
        }
        let (job, carer) = (problem.job_of(task), problem.vehicle(vehicle));
        // Before a stop that must begin earlier than the job can be over there is no seat.
        let over = timing.opens() + job.stay(carer);
        let starts = &route.latest[..route.len()];
        Seats {
            route,
            comer: Some(Comer::new(problem, vehicle, route, (job, timing), agreed)),
            has_break: carer.rest.is_some(),
            may_miss_break: problem.may_miss_breaks,
            until: timing.window.hard,
            at: starts.partition_point(|latest| *latest < over).max(carer.begun as usize),
            variant: 0,
        }
    }

    /// The next seat that may raise the cost of the route by less.
    #[inline]
    pub(super) fn next_below(&mut self, below: i64) -> Option<Seat> {
        let stops = self.route.len();
        while self.variant == 0 {
            if self.at > stops || self.route.opening(self.at).ready() > self.until {
                return None;
            }
            let Some(comer) = &self.comer else { break };
            match comer.least_raise_in_time(self.route.opening(self.at)) {
                Some(least) if least < below => break,
                _ => self.at += 1,
            }
        }
        let (at, slot) = (self.at as u32, self.route.slot);
        let (slot, more) = match (self.has_break, stops) {
            (false, _) => (slot, false),
            // A route's first stop decides where its break is.
            (true, 0) => {
                let variants = [(1, true), (1, false), (0, true), (0, false)];
                let slot = variants.get(self.variant as usize);
                let slot = slot.map_or(Slot::NONE, |&(gap, on_arrival)| Slot { gap, on_arrival });
                (slot, self.variant < if self.may_miss_break { 4 } else { 3 })
            }
            (true, _) if slot.gap > at => (slot.one_later(), false),
            (true, _) if slot.gap < at => (slot, false),
            // The break was just here: it is now before the new stop, or behind it, and on
            // arrival as it was, or not.
            (true, _) => {
                let gap = at + u32::from(self.variant & 1);
                let on_arrival = slot.on_arrival ^ (self.variant > 1);
                (Slot { gap, on_arrival }, self.variant < 3)
            }
        };
        if more {
            self.variant += 1;
        } else {
            (self.variant, self.at) = (0, self.at + 1);
        }
        Some(Seat { at, slot })
    }
}

impl Iterator for Seats<'_> {
    type Item = Seat;

    fn next(&mut self) -> Option<Seat> {
        self.next_below(i64::MAX)
    }
}
