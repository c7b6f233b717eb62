//! One route in time: what a stretch from the start of a shift must remember to be driven on, and
//! what the whole then costs. The only arithmetic of time in the search.
//!
//! A carer's clock is held in two parts: seconds *spent* (driving, at doors, resting) since setting
//! off, and the *anchor*, the latest-binding "not before" seen so far, told as a departure. The clock
//! shows `anchor + spent`; waiting moves the anchor and nothing else. *Slack* is the latest departure
//! that would make nothing later than it may be for free; between it and the anchor lies the waiting
//! that no later departure can save (after Vidal, Crainic, Gendreau and Prins 2013,
//! doi:10.1016/j.cor.2012.07.018, with lateness soft).

use crate::problem::{
    Around, FAR, Job, JobId, Problem, Rest, TaskId, Vehicle, VehicleId, Way, Window,
};

/// A stretch from the start of the shift, up to and including the leaving of its last stop.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Prefix {
    pub(crate) place: u32,
    spent: i32,
    anchor: i32,
    slack: i32,
    pub(crate) ride: i32,
    worst: i32,
    /// A break taken before the carer set off, which `spent` does not count.
    at_base: i32,
    late: i64,
}

/// Where in a route the break lies: in the gap before stop `gap` (the last gap is before the
/// return), taken where the last stop was or on arrival.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Slot {
    pub(crate) gap: u32,
    pub(crate) on_arrival: bool,
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
    /// The anchor with which the carer sets off for home.
    anchor: i32,
}

impl Outcome {
    /// Nobody is sent: all of the shift is idle but for the break.
    fn staying(vehicle: &Vehicle) -> Outcome {
        let rest = vehicle.rest.map_or(0, |rest| rest.length);
        let idle = vehicle.shift_end - vehicle.shift_start - rest;
        Outcome { idle, ..Outcome::default() }
    }

    /// Its cost.
    #[inline]
    pub(crate) fn cost(&self, problem: &Problem) -> i64 {
        // What is largest over all routes is no single route's cost.
        let Outcome { ride, waiting, overtime, late, worst: _, idle: _, anchor: _ } = *self;
        i64::from(problem.travel.0) * i64::from(ride)
            + i64::from(problem.waiting.0) * i64::from(waiting)
            + i64::from(problem.overtime.0) * i64::from(overtime)
            + late
    }
}

impl Prefix {
    /// Nothing done yet: at the start place, free to leave when the shift starts.
    #[inline]
    pub(crate) fn start(vehicle: &Vehicle) -> Prefix {
        Prefix {
            place: vehicle.start,
            spent: 0,
            anchor: vehicle.shift_start,
            slack: FAR,
            ride: 0,
            worst: 0,
            at_base: 0,
            late: 0,
        }
    }

    /// The earliest moment at which the carer can go on.
    #[inline]
    pub(crate) fn ready(&self) -> i32 {
        self.anchor + self.spent
    }

    /// Goes the way to the next stop, with the break in this gap if `rest` says so.
    #[inline]
    pub(crate) fn go(self, way: Way, rest: Option<(Rest, bool)>) -> Option<Prefix> {
        match rest {
            None => Some(self.spend(way.door)),
            Some((rest, false)) => Some(self.rest(rest)?.spend(way.door)),
            Some((rest, true)) => Some(self.spend(way.ride).rest(rest)?.spend(way.door - way.ride)),
        }
        .map(|prefix| Prefix { ride: self.ride + way.ride, ..prefix })
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
            return Some(Prefix { anchor: begin + rest.length, at_base: rest.length, ..self });
        }
        Some(Prefix {
            anchor: begin - self.spent,
            slack: self.slack.min(rest.latest - self.spent),
            spent: self.spent + rest.length,
            ..self
        })
    }

    /// Makes the visit where the carer now stands; its start, and the stretch that has it. A linked visit holds others up, so departing later is not free for it.
    #[inline]
    pub(crate) fn serve(self, job: &Job, late: i64, timing: Timing<'_>) -> Option<(i32, Prefix)> {
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
            spent: self.spent + job.service,
            anchor,
            slack: self.slack.min(free),
            ride: self.ride,
            worst: self.worst.max(behind),
            at_base: self.at_base,
            late: self.late + late * i64::from(behind),
        };
        Some((start, prefix))
    }

    /// Goes home, with the break in the last gap if `rest` says so: then, on arrival means after
    /// the return, where waiting for it is no waiting.
    #[inline]
    pub(crate) fn finish(
        self,
        way: Way,
        vehicle: &Vehicle,
        rest: Option<(Rest, bool)>,
    ) -> Option<Outcome> {
        let stretch = match rest {
            Some((rest, false)) => self.rest(rest)?,
            _ => self,
        };
        let back = stretch.ready() + way.ride;
        let end = match rest {
            Some((rest, true)) => {
                let begin = back.max(rest.earliest);
                if begin > rest.latest {
                    return None;
                }
                begin + rest.length
            }
            _ => back,
        };
        let after = rest.filter(|(_, on_arrival)| *on_arrival).map_or(0, |(rest, _)| rest.length);
        let busy = stretch.spent + stretch.at_base + way.ride + after;
        (end <= vehicle.hard_end).then(|| Outcome {
            idle: end.max(vehicle.shift_end) - vehicle.shift_start - busy,
            ride: self.ride + way.ride,
            waiting: (stretch.anchor - stretch.slack).max(0),
            overtime: (end - vehicle.shift_end).max(0),
            late: self.late,
            worst: self.worst,
            anchor: stretch.anchor,
        })
    }
}

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

/// When a job may start: in its window, and no earlier than `floor`.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Timing<'p> {
    pub(crate) window: &'p Window,
    pub(crate) floor: i32,
}

/// What is largest of several routes, in seconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Peaks {
    late: i32,
    idle: i32,
}

impl Peaks {
    /// Of no route, or where nobody asks.
    pub(crate) const NONE: Peaks = Peaks { late: 0, idle: 0 };

    /// Of these routes.
    pub(crate) fn of(routes: &[Route]) -> Peaks {
        routes.iter().fold(Peaks::NONE, |peaks, route| peaks.with(&route.outcome))
    }

    fn with(self, outcome: &Outcome) -> Peaks {
        Peaks { late: self.late.max(outcome.worst), idle: self.idle.max(outcome.idle) }
    }

    /// What they cost.
    #[inline]
    pub(crate) fn cost(self, problem: &Problem) -> i64 {
        i64::from(problem.worst_late.0) * i64::from(self.late)
            + i64::from(problem.worst_idle.0) * i64::from(self.idle)
    }
}

/// What the routes have agreed about each job they share: the window it uses, and no earlier start
/// than `start`. Only linked jobs are held to the start; the others are their own route's affair.
#[derive(Clone, Debug)]
pub(crate) struct Agreed {
    /// By job: the index into [`Problem::windows`].
    pub(crate) window: Vec<u32>,
    /// By job, in seconds.
    pub(crate) start: Vec<i32>,
    /// What is largest of all routes.
    pub(crate) peaks: Peaks,
}

impl Agreed {
    /// What a route comes to, with what it adds to what is largest of all.
    #[inline]
    pub(crate) fn cost(&self, problem: &Problem, outcome: &Outcome) -> i64 {
        let raised = self.peaks.with(outcome).cost(problem) - self.peaks.cost(problem);
        outcome.cost(problem) + raised
    }

    #[inline]
    pub(crate) fn timing<'p>(&self, problem: &'p Problem, job: JobId) -> Timing<'p> {
        let floor = if problem.job(job).linked { self.start[job.ix()] } else { -FAR };
        Timing { window: &problem.windows[self.window[job.ix()] as usize], floor }
    }
}

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

    /// The least by which a stop before stop `at` can raise the cost: its detour, less all the
    /// waiting that it might save.
    #[inline]
    pub(crate) fn least_raise(
        &self,
        problem: &Problem,
        vehicle: &Vehicle,
        stop: Around<'_>,
        at: usize,
    ) -> i64 {
        let before = &self.prefix[at];
        let (after, ride) = match self.prefix.get(at + 1) {
            Some(after) => (after.place, after.ride),
            None => (vehicle.end, self.outcome.ride),
        };
        let direct = ride - before.ride;
        let detour = stop.to[before.place as usize] + stop.from[after as usize].ride - direct;
        i64::from(problem.travel.0) * i64::from(detour) - self.waiting_cost(problem)
    }

    /// What its waiting costs.
    #[inline]
    pub(crate) fn waiting_cost(&self, problem: &Problem) -> i64 {
        i64::from(problem.waiting.0) * i64::from(self.outcome.waiting)
    }

    /// What the route would come to with the task in the seat; `None` when a hard end is not kept.
    /// O(1) where the push dies in waiting, else as far as it reaches.
    #[inline]
    pub(crate) fn price(
        &self,
        problem: &Problem,
        id: VehicleId,
        (task, own): (TaskId, Timing<'_>),
        seat: Seat,
        agreed: &Agreed,
    ) -> Option<Priced> {
        let (vehicle, ways) = (problem.vehicle(id), problem.ways(id));
        let at = seat.at as usize;
        let job = problem.job_of(task);
        let before = self.prefix[at];
        let (start, mut prefix) = before
            .go(ways.at(before.place, job.place), Self::rest_in(vehicle, seat.slot, at))?
            .serve(job, late_of(problem, task), own)?;
        let mut pushes = false;
        for next in at..self.len() {
            let next_task = self.tasks[next];
            let next_job = problem.job_of(next_task);
            let timing = agreed.timing(problem, problem.tasks[next_task.ix()].job);
            let rest = Self::rest_in(vehicle, seat.slot, next + 1);
            let (next_start, served) = prefix
                .go(ways.at(prefix.place, next_job.place), rest)?
                .serve(next_job, late_of(problem, next_task), timing)?;
            if next_start > self.latest[next] {
                return None;
            }
            if next_start == self.start[next] {
                let outcome = self.rejoin(next, served);
                return Some(Priced { cost: agreed.cost(problem, &outcome), start, pushes });
            }
            pushes |= next_job.linked && next_start > self.start[next];
            prefix = served;
        }
        let home = ways.at(prefix.place, vehicle.end);
        let outcome =
            prefix.finish(home, vehicle, Self::rest_in(vehicle, seat.slot, self.len() + 1))?;
        Some(Priced { cost: agreed.cost(problem, &outcome), start, pushes })
    }

    /// The outcome when stop `at` starts when it always did, after another stretch before it: the
    /// rest of the route is as it was, told from another departure.
    #[inline]
    fn rejoin(&self, at: usize, served: Prefix) -> Outcome {
        let old = self.prefix[at + 1];
        let last = self.prefix[self.len()];
        let more_spent = served.spent - old.spent;
        let anchor = self.outcome.anchor - more_spent;
        let slack = served.slack.min(self.tail_slack[at + 1].saturating_sub(more_spent));
        Outcome {
            ride: self.outcome.ride - old.ride + served.ride,
            waiting: (anchor - slack).max(0),
            overtime: self.outcome.overtime,
            late: last.late - old.late + served.late,
            worst: served.worst.max(self.tail_worst[at + 1]),
            idle: self.outcome.idle - more_spent - (served.at_base - old.at_base),
            anchor,
        }
    }
}

/// What a second late on the task costs. The second carer of a double visit is late with the first,
/// and a visit counts once.
#[inline]
pub(crate) fn late_of(problem: &Problem, task: TaskId) -> i64 {
    let job = problem.job_of(task);
    if task.0 == job.tasks.start { job.late } else { 0 }
}
