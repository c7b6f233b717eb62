//! Some of the vehicles of a problem, with the jobs that are theirs alone, as a problem of its own:
//! smaller, so that each step of a search on it costs less, and disjoint from others like it, so
//! that they can be searched side by side and what they find be laid together. A linked visit that
//! hangs together with a route outside stays where and when it is. Knows nothing of search.

use std::collections::BTreeMap;

use crate::problem::{Follow, Job, JobId, NEVER, Problem, Task, TaskId, VehicleId, Window, halves};
use crate::solution::{Drive, Solution};

/// What a part is made of.
#[derive(Clone, Debug, Default)]
pub(crate) struct Members {
    pub(crate) vehicles: Vec<VehicleId>,
    /// The jobs that are wholly its own: all their tasks on its routes, or left out and offered to
    /// it; with each of them all that it is linked to.
    pub(crate) own: Vec<JobId>,
    /// The tasks on its routes that must not move, and when they start.
    pub(crate) held: Vec<(TaskId, i32)>,
}

/// A part of a problem, and where each of its ids comes from.
#[derive(Debug)]
pub(crate) struct Part {
    pub(crate) problem: Problem,
    vehicles: Vec<VehicleId>,
    tasks: Vec<TaskId>,
    jobs: Vec<JobId>,
}

impl Part {
    /// The part of the problem that these members are. `solution` is where the held tasks are held.
    pub(crate) fn of(whole: &Problem, solution: &Solution, members: &Members) -> Part {
        let mut drawn = Drawing::of(whole);
        members.own.iter().for_each(|job| drawn.own(*job));
        drawn.link(members.own.len());
        for (task, start) in &members.held {
            drawn.hold(*task, *start, solution.window[whole.tasks[task.ix()].job.ix()]);
        }
        let vehicles = members.vehicles.clone();
        let route_of: BTreeMap<TaskId, VehicleId> = vehicles
            .iter()
            .flat_map(|id| solution.routes[id.ix()].tasks.iter().map(|task| (*task, *id)))
            .collect();
        let may = |vehicle: VehicleId, at: usize| {
            let (task, held) = (drawn.origin[at], drawn.jobs[drawn.tasks[at].job.ix()].held);
            !held || route_of.get(&task) == Some(&vehicle)
        };
        let price = |(vehicle, at): (VehicleId, usize)| {
            if may(vehicle, at) { whole.fit(vehicle, drawn.origin[at]) } else { NEVER }
        };
        let places = || 0..drawn.tasks.len();
        let fit: Vec<i32> =
            places().flat_map(|at| vehicles.iter().map(move |id| (*id, at))).map(price).collect();
        let mut inside = vec![None; whole.vehicles.len()];
        (0..).zip(&vehicles).for_each(|(at, id)| inside[id.ix()] = Some(VehicleId(at)));
        let able = places()
            .map(|at| {
                let able = whole.able[drawn.origin[at].ix()].iter().filter(|id| may(**id, at));
                able.filter_map(|id| inside[id.ix()]).collect()
            })
            .collect();
        let patients = drawn.patients;
        let face = vehicles
            .iter()
            .flat_map(|id| patients.iter().map(|patient| whole.face(*id, *patient)))
            .collect();
        let problem = Problem {
            vehicles: vehicles.iter().map(|id| whole.vehicles[id.ix()]).collect(),
            begun_errands: vehicles.iter().map(|id| whole.begun_errands(*id).to_vec()).collect(),
            keys: drawn.origin.iter().map(|task| whole.key(*task)).collect(),
            ways: whole.ways.clone(),
            travel: whole.travel,
            waiting: whole.waiting,
            worst_wait: whole.worst_wait,
            overtime: whole.overtime,
            worst_late: whole.worst_late,
            worst_idle: whole.worst_idle,
            work: whole.work,
            balance: whole.balance,
            missed_break: whole.missed_break,
            may_miss_breaks: whole.may_miss_breaks,
            halves: halves(&drawn.jobs),
            limit: None,
            fit,
            face,
            patients: patients.len(),
            able,
            jobs: drawn.jobs,
            tasks: drawn.tasks,
            windows: drawn.windows,
        };
        let jobs = drawn.from;
        Part { problem, vehicles, tasks: drawn.origin, jobs }
    }

    /// What a solution of the whole has of it. Its cost is not told.
    pub(crate) fn cut_from(&self, whole: &Problem, solution: &Solution) -> Solution {
        let ids: BTreeMap<TaskId, TaskId> =
            self.tasks.iter().copied().zip((0..).map(TaskId)).collect();
        let routes = self.vehicles.iter().map(|id| {
            let drive = &solution.routes[id.ix()];
            Drive { tasks: drive.tasks.iter().map(|task| ids[task]).collect(), ..drive.clone() }
        });
        let windows = self.problem.jobs.iter().zip(&self.jobs).map(|(job, origin)| {
            let nth = solution.window[origin.ix()] - whole.job(*origin).windows.start;
            job.windows.start + if job.held { 0 } else { nth }
        });
        Solution::new(routes.collect(), windows.collect(), 0)
    }

    /// Lays what was found into a solution of the whole, whose cost is then no longer true.
    pub(crate) fn lay_into(&self, whole: &Problem, solution: &mut Solution, found: &Solution) {
        for (vehicle, drive) in self.vehicles.iter().zip(&found.routes) {
            let tasks = drive.tasks.iter().map(|task| self.tasks[task.ix()]).collect();
            solution.routes[vehicle.ix()] = Drive { tasks, ..drive.clone() };
        }
        for ((job, origin), window) in self.problem.jobs.iter().zip(&self.jobs).zip(&found.window) {
            if !job.held {
                let nth = window - job.windows.start;
                solution.window[origin.ix()] = whole.job(*origin).windows.start + nth;
            }
        }
    }
}

/// The jobs of a part while they are drawn.
struct Drawing<'p> {
    whole: &'p Problem,
    jobs: Vec<Job>,
    /// By job of the part: the job of the whole.
    from: Vec<JobId>,
    tasks: Vec<Task>,
    /// By task of the part: the task of the whole.
    origin: Vec<TaskId>,
    windows: Vec<Window>,
    /// By patient of the part: the patient of the whole.
    patients: Vec<u32>,
    /// By patient of the whole: the one of the part.
    numbers: BTreeMap<u32, u32>,
}

impl<'p> Drawing<'p> {
    fn of(whole: &'p Problem) -> Drawing<'p> {
        Drawing {
            whole,
            jobs: Vec::new(),
            from: Vec::new(),
            tasks: Vec::new(),
            origin: Vec::new(),
            windows: Vec::new(),
            patients: Vec::new(),
            numbers: BTreeMap::new(),
        }
    }

    fn own(&mut self, id: JobId) {
        let job = self.whole.job(id);
        let windows = &self.whole.windows[job.windows.start as usize..job.windows.end as usize];
        self.draw(id, job.tasks(), windows);
    }

    /// A task that starts then and no other time.
    fn hold(&mut self, task: TaskId, start: i32, window: u32) {
        let id = self.whole.tasks[task.ix()].job;
        let latest = self.whole.windows[window as usize].latest.min(start);
        let moment = Window { earliest: start, latest, hard: start, moved: false, price: 0 };
        self.draw(id, [task].into_iter(), &[moment]);
        let counts = task.0 == self.whole.job(id).tasks.start;
        let job = self.jobs.last_mut().expect("just drawn");
        (job.held, job.linked) = (true, false);
        job.late = if counts { job.late } else { 0 };
    }

    fn draw(&mut self, id: JobId, tasks: impl Iterator<Item = TaskId>, windows: &[Window]) {
        let job = self.whole.job(id);
        let (first, first_window) = (self.tasks.len() as u32, self.windows.len() as u32);
        let own = JobId(self.jobs.len() as u32);
        for task in tasks {
            self.tasks.push(Task { job: own, place: job.place });
            self.origin.push(task);
        }
        self.windows.extend(windows);
        let next = self.patients.len() as u32;
        let patient = *self.numbers.entry(job.patient).or_insert(next);
        if patient == next {
            self.patients.push(job.patient);
        }
        self.jobs.push(Job {
            tasks: first..self.tasks.len() as u32,
            windows: first_window..self.windows.len() as u32,
            patient,
            after: None,
            before: Vec::new(),
            ..job.clone()
        });
        self.from.push(id);
    }

    /// Ties the first so many jobs as they are tied in the whole.
    fn link(&mut self, own: usize) {
        let ids: BTreeMap<JobId, JobId> = self.from.iter().copied().zip((0..).map(JobId)).collect();
        let inside = |follow: &Follow| Follow { job: ids[&follow.job], ..*follow };
        for (job, origin) in self.jobs[..own].iter_mut().zip(&self.from) {
            let origin = self.whole.job(*origin);
            job.after = origin.after.as_ref().map(inside);
            job.before = origin.before.iter().map(inside).collect();
        }
    }
}
