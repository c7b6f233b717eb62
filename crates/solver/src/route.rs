//! One route in time: a carer's stops in order, with what is remembered of every stretch. This room
//! and those below it are the only arithmetic of time in the search: `stretch` drives on from stop
//! to stop, `tail` looks back from the end, `agreed` is what other routes have a say in, `price` what a
//! stop more would cost, `opening` what is sure of that at a glance.

mod agreed;
mod guide;
mod opening;
mod price;
mod stretch;
mod tail;

pub(crate) use agreed::{Agreed, Peaks, Timing};
pub(crate) use guide::{Guide, off_the_mean};
pub(crate) use opening::{Comer, Opening};
pub(crate) use price::{Priced, Seat};
pub(crate) use stretch::{Outcome, Prefix, Slot};
use tail::Tail;

use std::ops::Range;

use crate::gap::{Course, Errand};
use crate::problem::{JobId, Problem, TaskId, Vehicle, VehicleId};

/// A carer's tasks in order, with what is remembered of every stretch.
#[derive(Debug, Default)]
pub(crate) struct Route {
    pub(crate) tasks: Vec<TaskId>,
    /// Where the break is, if the carer has one and the route has a stop.
    pub(crate) slot: Slot,
    /// Where keys are fetched and brought back, in the order of driving.
    pub(crate) errands: Vec<Errand>,
    /// `prefix[k]`: after `k` stops; one more than there are stops.
    pub(crate) prefix: Vec<Prefix>,
    /// The start of each stop.
    pub(crate) start: Vec<i32>,
    /// The latest start of each stop that keeps every hard end behind it; last, the return.
    pub(crate) latest: Vec<i32>,
    /// From each stop on, its own included; last, of the way home.
    tail: Vec<Tail>,
    /// What is brought along for the first so many stops; one more than there are stops.
    loads: Vec<i64>,
    /// What lies between every two stops; last, before the return.
    openings: Vec<Opening>,
    /// Whether it has a linked stop.
    pub(crate) linked: bool,
    pub(crate) outcome: Outcome,
    pub(crate) cost: i64,
    /// Another one for each way the route has been, so that what was found out about it can be kept.
    pub(crate) stamp: u64,
}

impl Clone for Route {
    fn clone(&self) -> Route {
        let mut copy = Route::default();
        copy.clone_from(self);
        copy
    }

    fn clone_from(&mut self, from: &Route) {
        let Route { tasks, slot, errands, prefix, start, latest, tail, .. } = from;
        let Route { loads, openings, linked, outcome, cost, stamp, .. } = from;
        self.tasks.clone_from(tasks);
        self.errands.clone_from(errands);
        self.prefix.clone_from(prefix);
        self.start.clone_from(start);
        self.latest.clone_from(latest);
        self.tail.clone_from(tail);
        self.loads.clone_from(loads);
        self.openings.clone_from(openings);
        (self.slot, self.outcome, self.linked) = (*slot, *outcome, *linked);
        (self.cost, self.stamp) = (*cost, *stamp);
    }
}

impl Route {
    /// A route with no stops.
    pub(crate) fn empty(vehicle: &Vehicle) -> Route {
        let mut route = Route::default();
        route.prefix.push(Prefix::start(vehicle));
        route.loads.push(0);
        route.no_way_back(vehicle);
        route.outcome = Outcome::staying(vehicle);
        route.lay_open(vehicle);
        route
    }

    /// How many stops there are.
    #[inline]
    pub(crate) fn len(&self) -> usize {
        self.tasks.len()
    }

    /// What is brought along for all of it.
    #[inline]
    pub(crate) fn all_load(&self) -> i64 {
        self.loads[self.loads.len() - 1]
    }

    /// What is brought along for a stretch of the stops.
    #[inline]
    pub(crate) fn load(&self, stops: Range<usize>) -> i64 {
        self.loads[stops.end] - self.loads[stops.start]
    }

    /// Puts the task in; [`settle`](Self::settle) must follow.
    pub(crate) fn insert(&mut self, task: TaskId, seat: Seat) {
        self.tasks.insert(seat.at as usize, task);
        self.slot = seat.slot;
    }

    /// Takes the stop out; [`settle`](Self::settle) must follow.
    pub(crate) fn remove(&mut self, at: usize) {
        self.tasks.remove(at);
        if !self.slot.is_over(at) {
            self.slot.gap -= 1;
        }
    }

    /// How it drives what lies between its stops.
    #[inline]
    pub(crate) fn course<'a>(&'a self, problem: &'a Problem, id: VehicleId) -> Course<'a> {
        Course { errands: &self.errands, ..Course::plain(problem, id, self.slot) }
    }

    /// Walks the route from the start and remembers every stretch; `false` when a hard end cannot
    /// be kept or the load not be carried.
    pub(crate) fn settle(&mut self, problem: &Problem, id: VehicleId, agreed: &Agreed) -> bool {
        let vehicle = problem.vehicle(id);
        self.prefix.truncate(1);
        self.start.clear();
        self.loads.truncate(1);
        let mut load = 0;
        self.linked = false;
        for task in &self.tasks {
            let job = problem.job_of(*task);
            load += job.load;
            self.loads.push(load);
            self.linked |= job.linked;
        }
        if load > vehicle.capacity || !vehicle.may_rest(self.slot) && !self.tasks.is_empty() {
            return false;
        }
        if self.tasks.is_empty() {
            self.outcome = Outcome::staying(vehicle);
            self.cost = agreed.alone(problem, &self.outcome);
            self.no_way_back(vehicle);
            self.errands.clear();
            self.lay_open(vehicle);
            return true;
        }
        let course = Course { errands: &self.errands, ..Course::plain(problem, id, self.slot) };
        let mut prefix = self.prefix[0];
        for (at, &task) in self.tasks.iter().enumerate() {
            let job = problem.job_of(task);
            let timing = agreed.timing(problem, problem.tasks[task.ix()].job);
            let served = prefix
                .go(course.before(at, prefix.place, job.place))
                .and_then(|there| there.serve((job, vehicle), late_of(problem, task), timing));
            let Some((start, next)) = served else { return false };
            let next = next.behind_stop(vehicle, at);
            self.start.push(start);
            self.prefix.push(next);
            prefix = next;
        }
        let home = course.home(self.tasks.len(), prefix.place);
        let Some(outcome) = prefix.finish(home, vehicle) else { return false };
        (self.outcome, self.cost) = (outcome, agreed.alone(problem, &outcome));
        self.look_back(problem, id, agreed);
        self.lay_open(vehicle);
        true
    }

    /// Tells the start of each stop without remembering anything; `false` when a hard end of a
    /// visit or of the shift cannot be kept.
    pub(crate) fn starts(
        &self,
        problem: &Problem,
        id: VehicleId,
        agreed: &Agreed,
        mut tell: impl FnMut(JobId, i32),
    ) -> bool {
        let course = self.course(problem, id);
        let Some(&(mut prefix)) = self.prefix.first() else { return true };
        for (at, &task) in self.tasks.iter().enumerate() {
            let id = problem.tasks[task.ix()].job;
            let job = problem.job(id);
            let served = prefix.go(course.before(at, prefix.place, job.place)).and_then(|there| {
                there.serve((job, course.vehicle), 0, agreed.timing(problem, id))
            });
            let Some((start, next)) = served else { return false };
            tell(id, start);
            prefix = next.behind_stop(course.vehicle, at);
        }
        let home = course.home(self.len(), prefix.place);
        self.tasks.is_empty() || prefix.finish(home, course.vehicle).is_some()
    }
}

/// What a second late on the task costs. The second carer of a double visit is late with the first,
/// and a visit counts once.
#[inline]
pub(crate) fn late_of(problem: &Problem, task: TaskId) -> i64 {
    let job = problem.job_of(task);
    if task.0 == job.tasks.start { job.late } else { 0 }
}
