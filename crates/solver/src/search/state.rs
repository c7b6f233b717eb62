//! The solution the search works on: routes, what they have agreed, the cost of it all, and a
//! journal by which every change can be taken back. Knows how to change; never asks whether to.

mod cost;
#[cfg(test)]
mod fixpoint;
mod fleet;
mod journal;
mod links;
mod promised;
mod trial;

use std::collections::VecDeque;

use super::offers::Offers;
use crate::breaks::Line;
use crate::errands;
use crate::problem::{FAR, Job, JobId, Problem, TaskId, VehicleId, Window};
use crate::route::{Agreed, Guide, Peaks, Route, Seat, Slot};
use crate::solution::{Drive, Solution};
use fleet::Fleet;
use journal::Entry;
use trial::Trial;

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
    /// By task on a route: which of its stops it is.
    stop_of: Vec<u32>,
    /// `vehicle × patients + patient`: how many of the patient's visits with wishes the carer has.
    faces: Vec<u8>,
    cost: i64,
    pub(super) fleet: Fleet,
    /// Whether it has a price who comes to whom.
    prices_persons: bool,
    /// What routes are known to offer.
    pub(super) offers: Offers,
    /// How many stamps have been given to routes.
    stamps: u64,
    journal: Vec<Entry>,
    /// By route: the mark under which it was last written down.
    written: Vec<u32>,
    mark: u32,
    spare: Vec<Route>,
    queue: VecDeque<u32>,
    queued: Vec<bool>,
    trial: Trial,
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
                peaks: Peaks::NONE,
                guide: Guide::NONE,
            },
            route_of: vec![NOWHERE; problem.tasks.len()],
            stop_of: vec![0; problem.tasks.len()],
            faces: vec![0; problem.vehicles.len() * problem.patients],
            cost: problem.jobs.iter().map(|job| job.drop.0).sum(),
            fleet: Fleet::new(problem),
            prices_persons: problem.prices_persons(),
            offers: Offers::new(problem),
            stamps: 0,
            journal: Vec::new(),
            written: vec![0; problem.vehicles.len()],
            mark: 0,
            spare: Vec::new(),
            queue: VecDeque::new(),
            queued: vec![false; problem.vehicles.len()],
            trial: Trial::new(problem),
        }
    }

    /// What has begun, and nothing else.
    ///
    /// # Panics
    /// If what has begun could not be so; `compile` sees to it that it could.
    pub(crate) fn begun(problem: &'p Problem) -> State<'p> {
        let mut routes: Vec<Drive> = problem.vehicles.iter().map(|_| Drive::default()).collect();
        for (vehicle, tasks) in problem.vehicle_ids().zip(problem.begun_tasks()) {
            let gap = problem.vehicle(vehicle).begun;
            let slot = problem.vehicle(vehicle).begun_rest;
            let slot = slot.unwrap_or(Slot { gap, on_arrival: false });
            routes[vehicle.ix()] = {
                let errands = problem.begun_errands(vehicle).to_vec();
                Drive { tasks, slot, errands }
            };
        }
        let windows = problem.jobs.iter().map(|job| job.windows.start).collect();
        State::of(problem, &Solution::new(routes, windows, 0))
    }

    /// The state of a solution.
    ///
    /// # Panics
    /// If the solution does not keep every hard end.
    pub(crate) fn of(problem: &'p Problem, solution: &Solution) -> State<'p> {
        State::try_of(problem, solution).expect("a solution keeps every hard end")
    }

    /// The state of a solution, if it keeps every hard end.
    pub(crate) fn try_of(problem: &'p Problem, solution: &Solution) -> Option<State<'p>> {
        let mut state = State::new(problem);
        state.agreed.window.clone_from(&solution.window);
        for (vehicle, drive) in problem.vehicle_ids().zip(&solution.routes) {
            let route = &mut state.routes[vehicle.ix()];
            (route.tasks, route.slot) = (drive.tasks.clone(), drive.slot);
            route.errands.clone_from(&drive.errands);
            let line = Line::of(&route.tasks);
            let carried = (route.errands.as_slice(), &state.agreed);
            let goes = problem.vehicle(vehicle).fetches || !route.errands.is_empty();
            if goes && !errands::suffice(problem, vehicle, line, carried) {
                route.arrange(problem, vehicle, &state.agreed);
            }
            state.number(vehicle, 0);
            for &task in &drive.tasks {
                let job = problem.job_of(task);
                state.route_of[task.ix()] = vehicle.0;
                state.cost += i64::from(problem.fit(vehicle, task));
                state.meet(vehicle, job);
                state.fleet.load(vehicle, job.load);
                if task.0 == job.tasks.start {
                    let window = state.agreed.window[problem.tasks[task.ix()].job.ix()];
                    state.cost += problem.windows[window as usize].price - job.drop.0;
                }
            }
        }
        let all: Vec<VehicleId> = problem.vehicle_ids().collect();
        let linked = state.linked_on(&all);
        let agreed = state.agree(&all, &linked);
        all.iter().for_each(|vehicle| state.enqueue(*vehicle));
        let kept = agreed && state.settle_queue();
        state.forget();
        state.look_at_the_peaks();
        kept.then_some(state)
    }

    /// What can be kept of it.
    pub(crate) fn solution(&self) -> Solution {
        let drive = |route: &Route| Drive {
            tasks: route.tasks.clone(),
            slot: route.slot,
            errands: route.errands.clone(),
        };
        Solution::new(
            self.routes.iter().map(drive).collect(),
            self.agreed.window.clone(),
            self.cost(),
        )
    }

    /// Makes the solution the one that it is; of the routes only those that are not as they were
    /// stamped when they were last written there.
    pub(crate) fn write_into(&self, solution: &mut Solution, stamps: &mut [u64]) {
        for ((route, drive), stamp) in self.routes.iter().zip(&mut solution.routes).zip(stamps) {
            if *stamp != route.stamp {
                *stamp = route.stamp;
                drive.tasks.clone_from(&route.tasks);
                drive.errands.clone_from(&route.errands);
                drive.slot = route.slot;
            }
        }
        solution.window.clone_from(&self.agreed.window);
        solution.cost = self.cost();
    }

    /// The visits nobody makes.
    pub(crate) fn left_out(&self) -> Vec<JobId> {
        self.problem.job_ids().filter(|job| !self.is_done(*job)).collect()
    }

    /// Agrees on what is largest as it is now, against which seats are priced.
    fn look_at_the_peaks(&mut self) {
        self.agreed.peaks = self.peaks();
    }

    /// The visits made that are of no use without another, which nobody makes.
    pub(crate) fn halves(&self) -> Vec<JobId> {
        let alone = |id: &&JobId| {
            let mut rest = self.problem.job(**id).before.iter().filter(|follow| follow.whole);
            self.is_done(**id) && rest.any(|follow| !self.is_done(follow.job))
        };
        self.problem.halves.iter().filter(alone).copied().collect()
    }

    /// How much has been done so far: a route settled is eight times the work of an offer.
    pub(crate) fn work(&self) -> u64 {
        8 * self.stamps + self.offers.made()
    }

    /// The route a task is on.
    #[inline]
    pub(crate) fn route_of(&self, task: TaskId) -> Option<VehicleId> {
        let route = self.route_of[task.ix()];
        (route != NOWHERE).then_some(VehicleId(route))
    }

    /// When a task that somebody does starts.
    pub(crate) fn start_of(&self, task: TaskId) -> Option<i32> {
        Some(self.routes[self.route_of(task)?.ix()].start[self.stop_of(task)])
    }

    /// How many routes have stops.
    pub(crate) fn used(&self) -> usize {
        self.fleet.used()
    }

    /// Whether it has a price who comes to whom.
    #[inline]
    pub(crate) fn prices_persons(&self) -> bool {
        self.prices_persons
    }

    /// Which of the stops of its route a task is.
    #[inline]
    pub(crate) fn stop_of(&self, task: TaskId) -> usize {
        self.stop_of[task.ix()] as usize
    }

    /// Takes note of where the tasks of a route stand, from a stop on.
    fn number(&mut self, vehicle: VehicleId, from: usize) {
        let tasks = &self.routes[vehicle.ix()].tasks;
        for (at, task) in tasks.iter().enumerate().skip(from) {
            self.stop_of[task.ix()] = at as u32;
        }
        self.fleet.note(vehicle, !tasks.is_empty());
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

    /// How many of the patient's visits with wishes the carer has.
    #[inline]
    pub(super) fn meetings(&self, vehicle: VehicleId, patient: u32) -> u8 {
        self.faces[vehicle.ix() * self.problem.patients + patient as usize]
    }

    /// Makes the visit as the placement says. On `false` a hard end could not be kept, and the
    /// caller must roll back.
    pub(crate) fn insert(&mut self, placement: &Placement) -> bool {
        let kept = self.keeps_apart(placement) && self.put(placement);
        self.look_at_the_peaks();
        kept
    }

    fn put(&mut self, placement: &Placement) -> bool {
        let Placement { job: id, window, floor, first, second } = *placement;
        let problem = self.problem;
        let job = problem.job(id);
        self.write_job(id);
        self.agreed.window[id.ix()] = window;
        let Window { earliest, price, .. } = problem.windows[window as usize];
        self.agreed.start[id.ix()] = self.floor(id).max(floor).max(earliest);
        self.cost += price - job.drop.0;
        for (task, (vehicle, seat)) in job.tasks().zip([Some(first), second].into_iter().flatten())
        {
            self.write_route(vehicle);
            self.routes[vehicle.ix()].insert(task, seat);
            self.number(vehicle, seat.at as usize);
            self.fleet.load(vehicle, job.load);
            self.seat(task, vehicle.0);
            self.meet(vehicle, job);
            self.cost += i64::from(problem.fit(vehicle, task));
        }
        let vehicles = [Some(first), second].into_iter().flatten().map(|(vehicle, _)| vehicle);
        if job.linked {
            for vehicle in vehicles.clone().filter(|vehicle| problem.vehicle(*vehicle).fetches) {
                self.routes[vehicle.ix()].arrange(problem, vehicle, &self.agreed);
            }
            self.spread(id);
            self.settle_queue() && vehicles.into_iter().all(|vehicle| self.replace_break(vehicle))
        } else {
            self.replace_break(first.0) && {
                self.hear(first.0);
                self.settle_queue()
            }
        }
    }

    /// Leaves the visits out that are not held, and with them every visit that must follow one of
    /// them. On `false` a hard end could not be kept (ways need not be shorter without a stop), and
    /// the caller must roll back.
    pub(crate) fn remove(&mut self, jobs: &[JobId], removed: &mut Vec<JobId>) -> bool {
        let mut touched: Vec<VehicleId> = Vec::new();
        let mut todo: Vec<JobId> = jobs.to_vec();
        while let Some(id) = todo.pop() {
            if !self.is_done(id) || self.problem.job(id).held {
                continue;
            }
            removed.push(id);
            self.take_out(id, &mut touched);
            todo.extend(self.problem.job(id).before.iter().map(|follow| follow.job));
        }
        let kept = self.relax(&touched, &self.linked_with(removed));
        self.look_at_the_peaks();
        kept
    }

    /// What it costs that the visit is at the time it is.
    fn window_price(&self, job: JobId) -> i64 {
        self.problem.windows[self.agreed.window[job.ix()] as usize].price
    }

    fn take_out(&mut self, id: JobId, touched: &mut Vec<VehicleId>) {
        let problem = self.problem;
        let job = problem.job(id);
        self.cost += job.drop.0 - self.window_price(id);
        for task in job.tasks() {
            let vehicle = self.route_of(task).expect("a done visit has all its tasks on routes");
            self.write_route(vehicle);
            let at = self.stop_of(task);
            self.routes[vehicle.ix()].remove(at);
            self.fleet.load(vehicle, -job.load);
            self.number(vehicle, at);
            self.seat(task, NOWHERE);
            self.part(vehicle, job);
            self.cost -= i64::from(problem.fit(vehicle, task));
            if !touched.contains(&vehicle) {
                touched.push(vehicle);
            }
        }
    }

    /// Makes the routes anew of the stops that they have among them. On `false` a hard end could not
    /// be kept, and the caller must roll back.
    pub(super) fn remake(&mut self, routes: Vec<(VehicleId, Vec<TaskId>)>) -> bool {
        let problem = self.problem;
        let touched: Vec<VehicleId> = routes.iter().map(|(vehicle, _)| *vehicle).collect();
        for (vehicle, tasks) in routes {
            self.write_route(vehicle);
            for &task in &tasks {
                let from = VehicleId(self.route_of[task.ix()]);
                if from != vehicle {
                    let job = problem.job_of(task);
                    self.part(from, job);
                    self.meet(vehicle, job);
                    self.fleet.load(from, -job.load);
                    self.fleet.load(vehicle, job.load);
                    self.cost += i64::from(problem.fit(vehicle, task));
                    self.cost -= i64::from(problem.fit(from, task));
                    self.seat(task, vehicle.0);
                }
            }
            let route = &mut self.routes[vehicle.ix()];
            route.slot = route.slot.within(tasks.len());
            route.tasks = tasks;
            self.number(vehicle, 0);
        }
        let kept = self.relax(&touched, &[]);
        self.look_at_the_peaks();
        kept
    }

    /// Looks anew for the break of the route, and leaves it where that is no better.
    pub(crate) fn rest_anew(&mut self, vehicle: VehicleId) {
        let (mark, before) = (self.mark(), self.guided());
        self.write_route(vehicle);
        if !self.relax(&[vehicle], &[]) || self.guided() >= before {
            self.rollback(mark);
        }
        self.forget();
        self.look_at_the_peaks();
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
}
