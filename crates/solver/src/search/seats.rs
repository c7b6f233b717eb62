//! The seats of a route that a visit might take, one after the other.

use crate::problem::{FAR, Problem, TaskId, VehicleId};
use crate::route::{Route, Seat, Slot, Timing};

/// The seats of a route in which the job can start within its window, as far as its neighbours'
/// times tell.
pub(super) struct Seats<'a> {
    route: &'a Route,
    has_break: bool,
    may_miss_break: bool,
    until: i32,
    at: usize,
    /// Which of the places of the break relative to the seat comes next.
    variant: u8,
}

impl<'a> Seats<'a> {
    pub(super) fn of(
        problem: &Problem,
        vehicle: VehicleId,
        route: &'a Route,
        task: TaskId,
        timing: Timing<'_>,
    ) -> Seats<'a> {
        if route.goes_for_keys(problem, vehicle, task) {
            // Each is priced with the break and the stops for keys wherever they are then best.
            let (has_break, may_miss_break) = (false, false);
            return Seats { route, has_break, may_miss_break, until: FAR, at: 0, variant: 0 };
        }
        let job = problem.job_of(task);
        // Before a stop that must begin earlier than the job can be over there is no seat.
        let over = timing.window.earliest.max(timing.floor) + job.service;
        let starts = &route.latest[..route.len()];
        Seats {
            route,
            has_break: problem.vehicle(vehicle).rest.is_some(),
            may_miss_break: problem.may_miss_breaks,
            until: timing.window.hard,
            at: starts
                .partition_point(|latest| *latest < over)
                .max(problem.vehicle(vehicle).begun as usize),
            variant: 0,
        }
    }
}

impl Iterator for Seats<'_> {
    type Item = Seat;

    #[inline]
    fn next(&mut self) -> Option<Seat> {
        let stops = self.route.len();
        if self.at > stops || self.route.prefix[self.at].ready() > self.until {
            return None;
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
