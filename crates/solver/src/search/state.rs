//! The solution the search works on: routes, what they have agreed, the cost of it all, and a
//! journal by which every change can be taken back. Knows how to change; never asks whether to.

use std::collections::VecDeque;

use crate::problem::{FAR, Job, JobId, Problem, TaskId, VehicleId};
use crate::route::{Agreed, Route, Seat};
use crate::solution::{Drive, Solution};

/// The mark of a task on no route.
const NOWHERE: u32 = u32::MAX;

/// A solution under way. Every route is settled, every linked visit agreed, and `cost` is the cost,
/// except inside a change.
#[derive(Debug)]
pub(crate) struct State<'p> {
    pub(crate) problem: &'p Problem,
    pub(crate) routes: Vec<Route>,
    pub(crate) agreed: Agreed,
    /// By task: the route it is on, or [`NOWHERE`].
    route_of: Vec<u32>,
    /// `vehicle × patients + patient`: how many of the patient's visits with wishes the carer has.
    faces: Vec<u8>,
    cost: i64,
    journal: Vec<Entry>,
    /// By route: the mark under which it was last written down.
    written: Vec<u32>,
    mark: u32,
    spare: Vec<Route>,
    queue: VecDeque<u32>,
    queued: Vec<bool>,
}

/// One thing as it was.
#[derive(Debug)]
enum Entry {
    Route(u32, Route),
    Job(JobId, u32, i32),
    Seat(TaskId, u32),
    Face(u32, u8),
}

/// A point that the state can be taken back to.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Mark {
    entries: usize,
    cost: i64,
}

/// Where each task of a job goes, and in which window it starts.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Placement {
    pub(crate) job: JobId,
    pub(crate) window: u32,
    /// It starts no earlier, where it is linked.
    pub(crate) floor: i32,
    pub(crate) first: (VehicleId, Seat),
    pub(crate) second: Option<(VehicleId, Seat)>,
}

impl<'p> State<'p> {
    /// Nobody sent out, every visit left out.
    pub(crate) fn new(problem: &'p Problem) -> State<'p> {
        let jobs = problem.jobs.len();
        State {
            problem,
            routes: problem.vehicles.iter().map(Route::empty).collect(),
            agreed: Agreed {
                window: problem.jobs.iter().map(|job| job.windows.start).collect(),
                start: vec![-FAR; jobs],
            },
            route_of: vec![NOWHERE; problem.tasks.len()],
            faces: vec![0; problem.vehicles.len() * problem.patients],
            cost: problem.jobs.iter().map(|job| job.drop.0).sum(),
            journal: Vec::new(),
            written: vec![0; problem.vehicles.len()],
            mark: 0,
            spare: Vec::new(),
            queue: VecDeque::new(),
            queued: vec![false; problem.vehicles.len()],
        }
    }

    /// The state of a solution.
    pub(crate) fn of(problem: &'p Problem, solution: &Solution) -> State<'p> {
        let mut state = State::new(problem);
        state.agreed.window.clone_from(&solution.window);
        for (vehicle, drive) in problem.vehicle_ids().zip(&solution.routes) {
            let route = &mut state.routes[vehicle.ix()];
            (route.tasks, route.slot) = (drive.tasks.clone(), drive.slot);
            for &task in &drive.tasks {
                let job = problem.job_of(task);
                state.route_of[task.ix()] = vehicle.0;
                state.cost += i64::from(problem.fit(vehicle, task));
                state.meet(vehicle, job);
                if task.0 == job.tasks.start {
                    state.cost -= job.drop.0;
                }
            }
        }
        let all: Vec<VehicleId> = problem.vehicle_ids().collect();
        let linked = state.linked_on(&all);
        let agreed = state.agree(&all, &linked);
        assert!(agreed, "a solution keeps every hard end");
        all.iter().for_each(|vehicle| state.enqueue(*vehicle));
        let settled = state.settle_queue();
        assert!(settled, "a solution keeps every hard end");
        state.forget();
        state
    }

    /// What can be kept of it.
    pub(crate) fn solution(&self) -> Solution {
        let drive = |route: &Route| Drive { tasks: route.tasks.clone(), slot: route.slot };
        Solution::new(
            self.routes.iter().map(drive).collect(),
            self.agreed.window.clone(),
            self.cost,
        )
    }

    /// The visits nobody makes.
    pub(crate) fn left_out(&self) -> Vec<JobId> {
        self.problem.job_ids().filter(|job| !self.is_done(*job)).collect()
    }

    /// What it costs, left-out visits included.
    pub(crate) fn cost(&self) -> i64 {
        self.cost
    }

    /// The route a task is on.
    #[inline]
    pub(crate) fn route_of(&self, task: TaskId) -> Option<VehicleId> {
        let route = self.route_of[task.ix()];
        (route != NOWHERE).then_some(VehicleId(route))
    }

    /// Whether the visit is made.
    #[inline]
    pub(crate) fn is_done(&self, job: JobId) -> bool {
        self.route_of[self.problem.job(job).tasks.start as usize] != NOWHERE
    }

    /// The price of the carer being a new face, if the visit is the first at which that shows.
    #[inline]
    pub(crate) fn face(&self, vehicle: VehicleId, job: &Job) -> i64 {
        let cell = vehicle.ix() * self.problem.patients + job.patient as usize;
        let shows = job.wishes && self.faces[cell] == 0;
        if shows { i64::from(self.problem.face(vehicle, job.patient)) } else { 0 }
    }

    /// A point to come back to. Marks nest; the outermost is forgotten by [`forget`](Self::forget).
    pub(crate) fn mark(&mut self) -> Mark {
        self.mark += 1;
        Mark { entries: self.journal.len(), cost: self.cost }
    }

    /// Takes back everything since the mark.
    pub(crate) fn rollback(&mut self, mark: Mark) {
        while self.journal.len() > mark.entries {
            match self.journal.pop().expect("longer than the mark") {
                Entry::Route(id, mut was) => {
                    std::mem::swap(&mut self.routes[id as usize], &mut was);
                    self.spare.push(was);
                }
                Entry::Job(job, window, start) => {
                    self.agreed.window[job.ix()] = window;
                    self.agreed.start[job.ix()] = start;
                }
                Entry::Seat(task, route) => self.route_of[task.ix()] = route,
                Entry::Face(cell, count) => self.faces[cell as usize] = count,
            }
        }
        self.cost = mark.cost;
        // What an outer mark has written down must be written down again before it changes.
        self.mark += 1;
    }

    /// Keeps every change for good.
    pub(crate) fn forget(&mut self) {
        while let Some(entry) = self.journal.pop() {
            if let Entry::Route(_, route) = entry {
                self.spare.push(route);
            }
        }
        self.mark += 1;
    }

    /// Makes the visit as the placement says. On `false` a hard end could not be kept, and the
    /// caller must roll back.
    pub(crate) fn insert(&mut self, placement: &Placement) -> bool {
        let Placement { job: id, window, floor, first, second } = *placement;
        let problem = self.problem;
        let job = problem.job(id);
        self.write_job(id);
        self.agreed.window[id.ix()] = window;
        let earliest = problem.windows[window as usize].earliest;
        self.agreed.start[id.ix()] = self.floor(id).max(floor).max(earliest);
        self.cost -= job.drop.0;
        for (task, (vehicle, seat)) in job.tasks().zip([Some(first), second].into_iter().flatten())
        {
            self.write_route(vehicle);
            self.routes[vehicle.ix()].insert(task, seat);
            self.seat(task, vehicle.0);
            self.meet(vehicle, job);
            self.cost += i64::from(problem.fit(vehicle, task));
        }
        let vehicles = [Some(first), second].into_iter().flatten().map(|(vehicle, _)| vehicle);
        if job.linked {
            self.spread(id);
            self.settle_queue() && vehicles.into_iter().all(|vehicle| self.replace_break(vehicle))
        } else {
            self.replace_break(first.0) && {
                self.hear(first.0);
                self.settle_queue()
            }
        }
    }

    /// Leaves the visits out, and with them every visit that must follow one of them. On `false` a
    /// hard end could not be kept (ways need not be shorter without a stop), and the caller must
    /// roll back.
    pub(crate) fn remove(&mut self, jobs: &[JobId], removed: &mut Vec<JobId>) -> bool {
        let mut touched: Vec<VehicleId> = Vec::new();
        let mut todo: Vec<JobId> = jobs.to_vec();
        while let Some(id) = todo.pop() {
            if !self.is_done(id) {
                continue;
            }
            removed.push(id);
            self.take_out(id, &mut touched);
            todo.extend(self.problem.job(id).before.iter().map(|follow| follow.job));
        }
        self.relax(&touched)
    }

    fn take_out(&mut self, id: JobId, touched: &mut Vec<VehicleId>) {
        let problem = self.problem;
        let job = problem.job(id);
        self.cost += job.drop.0;
        for task in job.tasks() {
            let vehicle = self.route_of(task).expect("a done visit has all its tasks on routes");
            self.write_route(vehicle);
            let route = &mut self.routes[vehicle.ix()];
            let at = route.position(task).expect("a task is on the route it says");
            route.remove(at);
            self.seat(task, NOWHERE);
            self.part(vehicle, job);
            self.cost -= i64::from(problem.fit(vehicle, task));
            if !touched.contains(&vehicle) {
                touched.push(vehicle);
            }
        }
    }

    /// Lets every start that the touched routes held up fall back, and settles them: the least
    /// fixpoint from below, over the routes that are tied to them by links.
    fn relax(&mut self, touched: &[VehicleId]) -> bool {
        for &vehicle in touched {
            if !self.routes[vehicle.ix()].place_break_and_settle(
                self.problem,
                vehicle,
                &self.agreed,
                &mut self.cost,
            ) {
                return false;
            }
        }
        let tied = self.tied(touched);
        let linked = self.linked_on(&tied);
        if linked.is_empty() {
            return true;
        }
        let before: Vec<i32> = linked.iter().map(|job| self.agreed.start[job.ix()]).collect();
        let agreed = self.agree(&tied, &linked);
        // Journal what it was, so that a rollback finds it, now that it is known what changed.
        let mut moved: Vec<VehicleId> = Vec::new();
        for (job, was) in linked.into_iter().zip(before) {
            let now = self.agreed.start[job.ix()];
            if now != was {
                self.journal.push(Entry::Job(job, self.agreed.window[job.ix()], was));
                moved.extend(self.problem.job(job).tasks().filter_map(|task| self.route_of(task)));
            }
        }
        moved.sort_unstable();
        moved.dedup();
        if moved.is_empty() {
            return agreed;
        }
        agreed
            && moved.into_iter().all(|vehicle| {
                self.write_route(vehicle);
                self.routes[vehicle.ix()].place_break_and_settle(
                    self.problem,
                    vehicle,
                    &self.agreed,
                    &mut self.cost,
                )
            })
            && touched.iter().all(|vehicle| self.replace_break(*vehicle))
    }

    /// The linked visits on the routes; a double visit may be named twice.
    fn linked_on(&self, routes: &[VehicleId]) -> Vec<JobId> {
        let tasks = routes.iter().flat_map(|vehicle| &self.routes[vehicle.ix()].tasks);
        let jobs = tasks.map(|task| self.problem.tasks[task.ix()].job);
        jobs.filter(|job| self.problem.job(*job).linked).collect()
    }

    /// Agrees anew on the linked visits of the tied routes, from below until nothing moves: the
    /// earliest times at which all can be kept. Changes no route.
    fn agree(&mut self, tied: &[VehicleId], linked: &[JobId]) -> bool {
        let problem = self.problem;
        for job in linked {
            let window = self.agreed.window[job.ix()] as usize;
            self.agreed.start[job.ix()] = problem.windows[window].earliest;
        }
        for job in linked {
            self.spread_quietly(*job);
        }
        for &vehicle in tied {
            self.enqueue(vehicle);
        }
        let mut patience = 200 + 20 * tied.len();
        while let Some(route) = self.queue.pop_front() {
            self.queued[route as usize] = false;
            patience -= 1;
            let vehicle = VehicleId(route);
            let mut raised: Vec<(JobId, i32)> = Vec::new();
            let kept = patience > 0
                && self.routes[route as usize].starts(
                    problem,
                    vehicle,
                    &self.agreed,
                    |job, start| {
                        if problem.job(job).linked && start > self.agreed.start[job.ix()] {
                            raised.push((job, start));
                        }
                    },
                );
            if !kept {
                self.clear_queue();
                return false;
            }
            for (job, start) in raised {
                if start > self.agreed.start[job.ix()] {
                    self.agreed.start[job.ix()] = start;
                    self.spread_quietly(job);
                }
            }
        }
        true
    }

    /// The routes whose times hang together with those given, themselves included.
    fn tied(&self, from: &[VehicleId]) -> Vec<VehicleId> {
        let problem = self.problem;
        let mut seen = vec![false; self.routes.len()];
        let mut tied: Vec<VehicleId> = from.to_vec();
        from.iter().for_each(|vehicle| seen[vehicle.ix()] = true);
        let mut next = 0;
        while let Some(&vehicle) = tied.get(next) {
            next += 1;
            for task in &self.routes[vehicle.ix()].tasks {
                let id = problem.tasks[task.ix()].job;
                let job = problem.job(id);
                if !job.linked {
                    continue;
                }
                let near = job.before.iter().chain(&job.after).map(|follow| follow.job).chain([id]);
                for task in near.flat_map(|job| problem.job(job).tasks()) {
                    if let Some(other) = self.route_of(task)
                        && !std::mem::replace(&mut seen[other.ix()], true)
                    {
                        tied.push(other);
                    }
                }
            }
        }
        tied
    }

    /// The earliest start of a job that the jobs it follows or precedes leave it.
    pub(crate) fn floor(&self, id: JobId) -> i32 {
        let job = self.problem.job(id);
        let after = job.after.filter(|follow| self.is_done(follow.job));
        let after = after.map(|follow| self.agreed.start[follow.job.ix()] + follow.min);
        let before = job.before.iter().filter(|follow| self.is_done(follow.job));
        let before = before.map(|follow| self.agreed.start[follow.job.ix()] - follow.max);
        after.into_iter().chain(before).fold(-FAR, i32::max)
    }

    /// Whether a start makes a job that it is tied to start later.
    pub(crate) fn pushes(&self, id: JobId, start: i32) -> bool {
        let job = self.problem.job(id);
        let too_late =
            |job: JobId, least: i32| self.is_done(job) && self.agreed.start[job.ix()] < least;
        job.after.is_some_and(|follow| too_late(follow.job, start - follow.max))
            || job.before.iter().any(|follow| too_late(follow.job, start + follow.min))
    }

    /// Whether the visit may be made at all as things stand: what it must follow is done.
    pub(crate) fn may_follow(&self, id: JobId) -> bool {
        self.problem.job(id).after.is_none_or(|follow| self.is_done(follow.job))
    }

    /// Settles queued routes until no linked visit moves any more.
    fn settle_queue(&mut self) -> bool {
        let problem = self.problem;
        let mut patience = 200 + 20 * self.routes.len();
        while let Some(route) = self.queue.pop_front() {
            self.queued[route as usize] = false;
            patience -= 1;
            let vehicle = VehicleId(route);
            self.write_route(vehicle);
            let old = self.routes[route as usize].cost;
            if patience == 0 || !self.routes[route as usize].settle(problem, vehicle, &self.agreed)
            {
                self.clear_queue();
                return false;
            }
            self.cost += self.routes[route as usize].cost - old;
            self.hear(vehicle);
        }
        true
    }

    /// Takes in which linked visits the settled route makes later than agreed.
    fn hear(&mut self, vehicle: VehicleId) {
        for at in 0..self.routes[vehicle.ix()].len() {
            let route = &self.routes[vehicle.ix()];
            let (job, start) = (self.problem.tasks[route.tasks[at].ix()].job, route.start[at]);
            if self.problem.job(job).linked && start > self.agreed.start[job.ix()] {
                self.raise(job, start);
            }
        }
    }

    /// Makes a linked visit start later, and tells everyone whom that concerns.
    fn raise(&mut self, job: JobId, start: i32) {
        self.write_job(job);
        self.agreed.start[job.ix()] = start;
        self.spread(job);
    }

    /// Holds the neighbours of a linked visit to its agreed start.
    fn spread(&mut self, id: JobId) {
        let problem = self.problem;
        for task in problem.job(id).tasks() {
            if let Some(vehicle) = self.route_of(task) {
                self.enqueue(vehicle);
            }
        }
        for (job, least) in self.bounds(id) {
            if self.agreed.start[job.ix()] < least {
                self.raise(job, least);
            }
        }
    }

    /// As [`spread`](Self::spread), without the journal: for the fixpoint from below.
    fn spread_quietly(&mut self, id: JobId) {
        let problem = self.problem;
        for task in problem.job(id).tasks() {
            if let Some(vehicle) = self.route_of(task) {
                self.enqueue(vehicle);
            }
        }
        for (job, least) in self.bounds(id) {
            if self.agreed.start[job.ix()] < least {
                self.agreed.start[job.ix()] = least;
                self.spread_quietly(job);
            }
        }
    }

    /// What the agreed start of a job asks of those it is tied to: no earlier than so.
    fn bounds(&self, id: JobId) -> Vec<(JobId, i32)> {
        let job = self.problem.job(id);
        let start = self.agreed.start[id.ix()];
        let after = job.after.iter().map(|follow| (follow.job, start - follow.max));
        let before = job.before.iter().map(|follow| (follow.job, start + follow.min));
        after.chain(before).filter(|(job, _)| self.is_done(*job)).collect()
    }

    /// Moves the break of a settled route to its best slot.
    fn replace_break(&mut self, vehicle: VehicleId) -> bool {
        self.write_route(vehicle);
        self.routes[vehicle.ix()].place_break_and_settle(
            self.problem,
            vehicle,
            &self.agreed,
            &mut self.cost,
        )
    }

    fn seat(&mut self, task: TaskId, route: u32) {
        self.journal.push(Entry::Seat(task, self.route_of[task.ix()]));
        self.route_of[task.ix()] = route;
    }

    fn meet(&mut self, vehicle: VehicleId, job: &Job) {
        self.cost += self.face(vehicle, job);
        self.count_face(vehicle, job, |count| count + 1);
    }

    fn part(&mut self, vehicle: VehicleId, job: &Job) {
        self.count_face(vehicle, job, |count| count - 1);
        self.cost -= self.face(vehicle, job);
    }

    fn count_face(&mut self, vehicle: VehicleId, job: &Job, change: impl Fn(u8) -> u8) {
        if job.wishes {
            let cell = vehicle.ix() * self.problem.patients + job.patient as usize;
            self.journal.push(Entry::Face(cell as u32, self.faces[cell]));
            self.faces[cell] = change(self.faces[cell]);
        }
    }

    fn write_job(&mut self, job: JobId) {
        self.journal.push(Entry::Job(
            job,
            self.agreed.window[job.ix()],
            self.agreed.start[job.ix()],
        ));
    }

    fn write_route(&mut self, vehicle: VehicleId) {
        if std::mem::replace(&mut self.written[vehicle.ix()], self.mark) == self.mark {
            return;
        }
        let mut copy = self.spare.pop().unwrap_or_default();
        copy.clone_from(&self.routes[vehicle.ix()]);
        self.journal.push(Entry::Route(vehicle.0, copy));
    }

    fn enqueue(&mut self, vehicle: VehicleId) {
        if !std::mem::replace(&mut self.queued[vehicle.ix()], true) {
            self.queue.push_back(vehicle.0);
        }
    }

    fn clear_queue(&mut self) {
        for route in self.queue.drain(..) {
            self.queued[route as usize] = false;
        }
    }

    /// The cost from scratch; what `cost` must be.
    pub(crate) fn recount(&self) -> i64 {
        let problem = self.problem;
        let dropped =
            problem.job_ids().filter(|job| !self.is_done(*job)).map(|job| problem.job(job).drop.0);
        let routes = problem.vehicle_ids().map(|vehicle| {
            let route = &self.routes[vehicle.ix()];
            let fits = route.tasks.iter().map(|task| i64::from(problem.fit(vehicle, *task)));
            let met = problem.met(&route.tasks);
            let faces = met.iter().map(|patient| i64::from(problem.face(vehicle, *patient)));
            let mut fresh = Route::empty(problem.vehicle(vehicle));
            (fresh.tasks, fresh.slot) = (route.tasks.clone(), route.slot);
            assert!(
                fresh.settle(problem, vehicle, &self.agreed),
                "a settled route can be settled again"
            );
            assert_eq!(fresh.start, route.start, "a settled route is settled");
            fresh.cost + fits.sum::<i64>() + faces.sum::<i64>()
        });
        dropped.sum::<i64>() + routes.sum::<i64>()
    }
}
