//! What a stop more would make of a route, without putting it in.

use super::{Agreed, Route, Slot, Timing, late_of};
use crate::errands;
use crate::gap::Course;
use crate::problem::{Problem, TaskId, Vehicle, VehicleId};

/// What a stop to be put in comes to.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Priced {
    /// The cost of the route with it.
    pub(crate) cost: i64,
    /// When it would start.
    pub(crate) start: i32,
    /// Whether it makes a linked visit behind it later, so that other routes pay too.
    pub(crate) pushes: bool,
}

/// A place for a stop in a route: before stop `at`, with the break then in `slot`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Seat {
    pub(crate) at: u32,
    pub(crate) slot: Slot,
}

impl Route {
    /// The most that a stop more can save it.
    #[inline]
    pub(crate) fn most_saved(&self, problem: &Problem, agreed: &Agreed) -> i64 {
        self.waiting_cost(problem) + agreed.guide.cost(&self.outcome)
    }

    /// Whether the route, with the task too, goes anywhere for keys.
    #[inline]
    pub(crate) fn goes_for_keys(&self, problem: &Problem, id: VehicleId, task: TaskId) -> bool {
        let fetches = problem.vehicle(id).fetches;
        fetches && (!self.errands.is_empty() || errands::asks(problem, id, task))
    }

    /// What its waiting costs.
    #[inline]
    pub(crate) fn waiting_cost(&self, problem: &Problem) -> i64 {
        i64::from(problem.waiting.0) * i64::from(self.outcome.waiting)
    }

    /// What the route would come to with the task in the seat; `None` when a hard end is not kept.
    /// O(1) where the push dies in waiting or does no harm, else as far as it reaches.
    #[inline]
    pub(crate) fn price(
        &self,
        problem: &Problem,
        id: VehicleId,
        (task, own): (TaskId, Timing<'_>),
        seat: Seat,
        agreed: &Agreed,
    ) -> Option<Priced> {
        let vehicle = problem.vehicle(id);
        if seat.at < vehicle.begun || !vehicle.may_rest(seat.slot) {
            return None;
        }
        if self.goes_for_keys(problem, id, task) {
            return errands::price(problem, id, (&self.tasks, seat.at, task, own), agreed);
        }
        let course = Course::plain(problem, id, seat.slot);
        let at = seat.at as usize;
        let job = problem.job_of(task);
        let before = self.prefix[at];
        let (start, mut prefix) = before.go(course.before(at, before.place, job.place))?.serve(
            (job, vehicle),
            late_of(problem, task),
            own,
        )?;
        let mut pushes = false;
        for next in at..self.len() {
            let next_task = self.tasks[next];
            let next_job = problem.job_of(next_task);
            let timing = agreed.timing(problem, problem.tasks[next_task.ix()].job);
            let (next_start, served) = prefix
                .go(course.before(next + 1, prefix.place, next_job.place))?
                .serve((next_job, vehicle), late_of(problem, next_task), timing)?;
            if next_start > self.latest[next] {
                return None;
            }
            if let Some(outcome) = self.join(next, next_start, served) {
                return Some(Priced { cost: agreed.cost(problem, &outcome), start, pushes });
            }
            pushes |= next_job.linked && next_start > self.start[next];
            prefix = served;
        }
        let home = course.home(self.len() + 1, prefix.place);
        let outcome = prefix.finish(home, course.vehicle)?;
        Some(Priced { cost: agreed.cost(problem, &outcome), start, pushes })
    }

    /// Before which stop the route first changes with a stop more in the seat, and its break.
    pub(crate) fn changes_from(&self, vehicle: &Vehicle, seat: Seat) -> usize {
        let at = seat.at;
        match vehicle.rest {
            Some(_) if seat.slot != self.slot => at.min(seat.slot.gap).min(self.slot.gap) as usize,
            _ => at as usize,
        }
    }

    /// Whether behind stop `old` the break is where it was, now that this is stop `new` and the break
    /// in `slot`.
    pub(crate) fn rests_alike(
        &self,
        vehicle: &Vehicle,
        slot: Slot,
        new: usize,
        old: usize,
    ) -> bool {
        let is_over = (slot.is_over(new), self.slot.is_over(old));
        match is_over {
            _ if vehicle.rest.is_none() => true,
            (true, true) => true,
            (false, false) => {
                slot.gap as usize - new == self.slot.gap as usize - old
                    && slot.on_arrival == self.slot.on_arrival
            }
            _ => false,
        }
    }
}
