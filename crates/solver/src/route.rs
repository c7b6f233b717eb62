//! One route in time: a carer's stops in order, with what is remembered of every stretch. This room
//! and those below it are the only arithmetic of time in the search: `stretch` drives on from stop
//! to stop, `agreed` is what other routes have a say in, `price` what a stop more would cost.

mod agreed;
mod price;
mod stretch;

pub(crate) use agreed::{Agreed, Peaks, Timing};
pub(crate) use price::{Priced, Seat};
pub(crate) use stretch::{Outcome, Prefix, Slot};

use crate::problem::{FAR, Job, JobId, Problem, Rest, TaskId, Vehicle, VehicleId};

/// A carer's tasks in order, with what is remembered of every stretch.
#[derive(Debug, Default)]
pub(crate) struct Route {
    pub(crate) tasks: Vec<TaskId>,
    /// Where the break is, if the carer has one and the route has a stop.
    pub(crate) slot: Slot,
    /// `prefix[k]`: after `k` stops; one more than there are stops.
    pub(crate) prefix: Vec<Prefix>,
    /// The start of each stop.
    pub(crate) start: Vec<i32>,
    /// The latest start of each stop that keeps every hard end behind it; last, the return.
    pub(crate) latest: Vec<i32>,
    /// The least slack from each stop on, its own included; last, of the way home.
    tail_slack: Vec<i32>,
    /// The largest lateness from each stop on, its own included; last, none.
    tail_worst: Vec<i32>,
    pub(crate) outcome: Outcome,
    pub(crate) cost: i64,
    /// What is brought along for all the stops.
    load: i64,
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
        let Route { tasks, slot, prefix, start, latest, tail_slack, tail_worst, .. } = from;
        let Route { outcome, cost, load, stamp, .. } = from;
        self.tasks.clone_from(tasks);
        self.prefix.clone_from(prefix);
        self.start.clone_from(start);
        self.latest.clone_from(latest);
        self.tail_slack.clone_from(tail_slack);
        self.tail_worst.clone_from(tail_worst);
        (self.slot, self.outcome, self.load) = (*slot, *outcome, *load);
        (self.cost, self.stamp) = (*cost, *stamp);
    }
}

impl Route {
    /// A route with no stops.
    pub(crate) fn empty(vehicle: &Vehicle) -> Route {
        let mut route = Route::default();
        route.prefix.push(Prefix::start(vehicle));
        route.latest.push(vehicle.hard_end);
        route.tail_slack.push(FAR);
        route.tail_worst.push(0);
        route.outcome = Outcome::staying(vehicle);
        route
    }

    /// How many stops there are.
    #[inline]
    pub(crate) fn len(&self) -> usize {
        self.tasks.len()
    }

    /// Whether what the job brings along can be carried beside all the rest.
    #[inline]
    pub(crate) fn can_carry(&self, vehicle: &Vehicle, job: &Job) -> bool {
        job.load <= vehicle.capacity - self.load
    }

    /// Where a task stands.
    pub(crate) fn position(&self, task: TaskId) -> Option<usize> {
        self.tasks.iter().position(|other| *other == task)
    }

    /// Puts the task in; [`settle`](Self::settle) must follow.
    pub(crate) fn insert(&mut self, task: TaskId, seat: Seat) {
        self.tasks.insert(seat.at as usize, task);
        self.slot = seat.slot;
    }

    /// Takes the stop out; [`settle`](Self::settle) must follow.
    pub(crate) fn remove(&mut self, at: usize) {
        self.tasks.remove(at);
        if self.slot.gap as usize > at {
            self.slot.gap -= 1;
        }
    }

    /// The break of the gap before stop `gap`, if it is there.
    #[inline]
    pub(crate) fn rest_in(vehicle: &Vehicle, slot: Slot, gap: usize) -> Option<(Rest, bool)> {
        match vehicle.rest {
            Some(rest) if slot.gap as usize == gap => Some((rest, slot.on_arrival)),
            _ => None,
        }
    }

    /// Walks the route from the start and remembers every stretch; `false` when a hard end cannot
    /// be kept or the load not be carried.
    pub(crate) fn settle(&mut self, problem: &Problem, id: VehicleId, agreed: &Agreed) -> bool {
        let (vehicle, ways) = (problem.vehicle(id), problem.ways(id));
        self.prefix.truncate(1);
        self.start.clear();
        self.load = self.tasks.iter().map(|task| problem.job_of(*task).load).sum();
        if self.load > vehicle.capacity {
            return false;
        }
        if self.tasks.is_empty() {
            (self.outcome, self.cost) = (Outcome::staying(vehicle), 0);
            self.latest.clear();
            self.latest.push(vehicle.hard_end);
            self.tail_slack.clear();
            self.tail_slack.push(FAR);
            self.tail_worst.clear();
            self.tail_worst.push(0);
            return true;
        }
        let mut prefix = self.prefix[0];
        for (at, &task) in self.tasks.iter().enumerate() {
            let job = problem.job_of(task);
            let rest = Self::rest_in(vehicle, self.slot, at);
            let timing = agreed.timing(problem, problem.tasks[task.ix()].job);
            let served = prefix
                .go(ways.at(prefix.place, job.place), rest)
                .and_then(|there| there.serve(job, late_of(problem, task), timing));
            let Some((start, next)) = served else { return false };
            self.start.push(start);
            self.prefix.push(next);
            prefix = next;
        }
        let home = ways.at(prefix.place, vehicle.end);
        let rest = Self::rest_in(vehicle, self.slot, self.len());
        let Some(outcome) = prefix.finish(home, vehicle, rest) else { return false };
        (self.outcome, self.cost) = (outcome, outcome.cost(problem));
        self.look_back(problem, id, agreed);
        true
    }

    /// Fills in what each stop must know of what comes behind it.
    fn look_back(&mut self, problem: &Problem, id: VehicleId, agreed: &Agreed) {
        let (vehicle, ways) = (problem.vehicle(id), problem.ways(id));
        let stops = self.len();
        self.latest.clear();
        self.latest.resize(stops + 1, 0);
        self.tail_slack.clear();
        self.tail_slack.resize(stops + 1, FAR);
        self.tail_worst.clear();
        self.tail_worst.resize(stops + 1, 0);
        // The latest end of the stretch before a gap, so that the stop behind it starts in time.
        let home = ways.at(self.prefix[stops].place, vehicle.end);
        let home_rest = Self::rest_in(vehicle, self.slot, stops);
        let mut leave_by = match home_rest {
            None => vehicle.hard_end - home.ride,
            Some((rest, true)) => rest.latest.min(vehicle.hard_end - rest.length) - home.ride,
            Some((rest, false)) => rest.latest.min(vehicle.hard_end - home.ride - rest.length),
        };
        self.latest[stops] = leave_by + home.ride;
        let mut tail = match home_rest {
            Some((rest, false)) => rest.latest - self.prefix[stops].spent,
            _ => FAR,
        };
        self.tail_slack[stops] = tail;
        for at in (0..stops).rev() {
            let task = self.tasks[at];
            let job = problem.job_of(task);
            let window = agreed.timing(problem, problem.tasks[task.ix()].job).window;
            let before = self.prefix[at];
            let after = self.prefix[at + 1];
            let way = ways.at(before.place, job.place);
            let latest = window.hard.min(leave_by - job.service);
            self.latest[at] = latest;
            self.tail_worst[at] = self.tail_worst[at + 1].max(self.start[at] - window.latest);
            let spent = after.spent - job.service;
            let free = if job.linked {
                after.anchor
            } else {
                after.anchor.max(window.latest.saturating_sub(spent))
            };
            tail = tail.min(free);
            self.tail_slack[at] = tail;
            leave_by = match Self::rest_in(vehicle, self.slot, at) {
                None => latest - way.door,
                Some((rest, true)) => {
                    rest.latest.min(latest - (way.door - way.ride) - rest.length) - way.ride
                }
                Some((rest, false)) => rest.latest.min(latest - way.door - rest.length),
            };
            match Self::rest_in(vehicle, self.slot, at) {
                Some((rest, on_arrival)) if on_arrival || before.spent > 0 => {
                    let at_rest = before.spent + if on_arrival { way.ride } else { 0 };
                    tail = tail.min(rest.latest - at_rest);
                    // Belongs to the gap, so to the stop behind it.
                    self.tail_slack[at] = tail;
                }
                _ => {}
            }
        }
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
        let (vehicle, ways) = (problem.vehicle(id), problem.ways(id));
        let Some(&(mut prefix)) = self.prefix.first() else { return true };
        for (at, &task) in self.tasks.iter().enumerate() {
            let id = problem.tasks[task.ix()].job;
            let job = problem.job(id);
            let served = prefix
                .go(ways.at(prefix.place, job.place), Self::rest_in(vehicle, self.slot, at))
                .and_then(|there| there.serve(job, 0, agreed.timing(problem, id)));
            let Some((start, next)) = served else { return false };
            tell(id, start);
            prefix = next;
        }
        let home = ways.at(prefix.place, vehicle.end);
        self.tasks.is_empty()
            || prefix.finish(home, vehicle, Self::rest_in(vehicle, self.slot, self.len())).is_some()
    }
}

/// What a second late on the task costs. The second carer of a double visit is late with the first,
/// and a visit counts once.
#[inline]
pub(crate) fn late_of(problem: &Problem, task: TaskId) -> i64 {
    let job = problem.job_of(task);
    if task.0 == job.tasks.start { job.late } else { 0 }
}
