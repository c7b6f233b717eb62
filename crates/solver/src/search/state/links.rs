//! Times across routes: what is agreed on the visits that several routes share. The agreed starts are
//! the least fixpoint of the difference constraints of routes, double visits and gaps; what is put in
//! only raises them, from where they are, and what is taken out lets them be agreed anew from below.

use super::{Entry, Placement, State};
use crate::problem::{FAR, JobId, VehicleId};

impl State<'_> {
    /// Lets every start that the touched routes held up fall back, and settles them: the least
    /// fixpoint from below, over the routes that are tied to them by links, and those that were: `freed`.
    pub(super) fn relax(&mut self, touched: &[VehicleId], freed: &[VehicleId]) -> bool {
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
        if touched.iter().chain(freed).all(|vehicle| !self.routes[vehicle.ix()].linked) {
            return true;
        }
        let tied = self.tied(&[touched, freed].concat());
        let linked = self.linked_on(&tied);
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

    /// The routes with a visit that one of these is linked to.
    pub(super) fn linked_with(&self, jobs: &[JobId]) -> Vec<VehicleId> {
        let problem = self.problem;
        let links = jobs.iter().map(|id| problem.job(*id));
        let others = links.flat_map(|job| job.before.iter().chain(&job.after));
        let tasks = others.flat_map(|follow| problem.job(follow.job).tasks());
        tasks.filter_map(|task| self.route_of(task)).collect()
    }

    /// The linked visits on the routes; a double visit may be named twice.
    pub(super) fn linked_on(&self, routes: &[VehicleId]) -> Vec<JobId> {
        let tasks = routes.iter().flat_map(|vehicle| &self.routes[vehicle.ix()].tasks);
        let jobs = tasks.map(|task| self.problem.tasks[task.ix()].job);
        jobs.filter(|job| self.problem.job(*job).linked).collect()
    }

    /// Agrees anew on the linked visits of the tied routes, from below until nothing moves: the
    /// earliest times at which all can be kept. Changes no route.
    pub(super) fn agree(&mut self, tied: &[VehicleId], linked: &[JobId]) -> bool {
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

    /// Whether the vehicle has none of the visits that nobody may make who makes this one.
    pub(crate) fn may_have(&self, id: JobId, vehicle: VehicleId) -> bool {
        let job = self.problem.job(id);
        let mut others = job.after.iter().chain(&job.before).filter(|follow| follow.apart);
        !others.any(|follow| {
            let mut tasks = self.problem.job(follow.job).tasks();
            tasks.any(|task| self.route_of(task) == Some(vehicle))
        })
    }

    pub(super) fn keeps_apart(&self, placement: &Placement) -> bool {
        let mut seats = [Some(placement.first), placement.second].into_iter().flatten();
        seats.all(|(vehicle, _)| self.may_have(placement.job, vehicle))
    }

    /// Whether the visit may be made at all as things stand: what it must follow is done.
    pub(crate) fn may_follow(&self, id: JobId) -> bool {
        self.problem.job(id).after.is_none_or(|follow| self.is_done(follow.job))
    }

    /// Settles queued routes until no linked visit moves any more.
    pub(super) fn settle_queue(&mut self) -> bool {
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
    pub(super) fn hear(&mut self, vehicle: VehicleId) {
        if !self.routes[vehicle.ix()].linked {
            return;
        }
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
    pub(super) fn spread(&mut self, id: JobId) {
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
}
