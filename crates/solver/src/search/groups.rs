//! Which routes are searched together: neighbours in place and time, by counting how many of each
//! other's visits are near, so that no coordinate is needed. Every route is in one group, and what
//! nobody does yet is offered to the group of one of the nearest carers who could.

use super::part::Members;
use super::rng::Rng;
use super::ruin::Near;
use super::state::State;
use crate::problem::{JobId, Problem, TaskId, VehicleId};

/// How many of a visit's nearest are looked at.
const LOOK: usize = 30;

/// Among how many groups the one is drawn that a visit which nobody makes is offered to.
const ALTERNATIVES: usize = 3;

/// What a link between two routes counts, against one for each neighbour.
const LINK: u32 = 10;

/// The routes of a state in so many groups of about as many tasks, another partition each time.
pub(crate) fn groups(state: &State<'_>, near: &Near, count: usize, rng: &mut Rng) -> Vec<Members> {
    let grouping = Grouping::of(state, near, count, rng);
    let mut groups = vec![Members::default(); count];
    for vehicle in state.problem.vehicle_ids() {
        groups[grouping.group[vehicle.ix()]].vehicles.push(vehicle);
    }
    for bundle in bundles(state.problem) {
        grouping.share_out(&bundle, &mut groups, rng);
    }
    groups
}

/// The jobs that hang together by gaps, each bundle in rising order.
fn bundles(problem: &Problem) -> Vec<Vec<JobId>> {
    let mut seen = vec![false; problem.jobs.len()];
    let mut bundles = Vec::new();
    for job in problem.job_ids() {
        if std::mem::replace(&mut seen[job.ix()], true) {
            continue;
        }
        let mut bundle = vec![job];
        let mut next = 0;
        while let Some(&job) = bundle.get(next) {
            next += 1;
            let job = problem.job(job);
            for follow in job.before.iter().chain(&job.after) {
                if !std::mem::replace(&mut seen[follow.job.ix()], true) {
                    bundle.push(follow.job);
                }
            }
        }
        bundle.sort_unstable();
        bundles.push(bundle);
    }
    bundles
}

/// Which group each route is in.
struct Grouping<'s> {
    state: &'s State<'s>,
    near: &'s Near,
    group: Vec<usize>,
}

impl<'s> Grouping<'s> {
    fn of(state: &'s State<'s>, near: &'s Near, count: usize, rng: &mut Rng) -> Grouping<'s> {
        let used: Vec<usize> =
            (0..state.routes.len()).filter(|route| state.routes[*route].len() > 0).collect();
        let mut group = vec![count; state.routes.len()];
        let ties = Ties::of(state, near);
        let mut left: usize = used.iter().map(|route| state.routes[*route].len()).sum();
        let mut front = vec![0; state.routes.len()];
        for at in 0..count {
            let target = left.div_ceil(count - at);
            let free = |route: &&usize| group[**route] == count;
            // Beside what is taken already, so that what is left over hangs together.
            let seed = match at {
                0 if used.is_empty() => None,
                0 => Some(used[rng.below(used.len())]),
                _ => {
                    used.iter().filter(free).copied().max_by_key(|it| (front[*it], usize::MAX - it))
                }
            };
            let mut pull = vec![0; state.routes.len()];
            let (mut next, mut size) = (seed, 0);
            while let Some(route) = next.filter(|_| size < target) {
                group[route] = at;
                size += state.routes[route].len();
                ties.add_to(route, &mut pull);
                ties.add_to(route, &mut front);
                let free = used.iter().filter(|it| group[**it] == count).copied();
                next = free.max_by_key(|it| (pull[*it], front[*it], usize::MAX - it));
            }
            left -= size;
        }
        let idle = group.iter_mut().filter(|at| **at == count);
        let shift = rng.below(count);
        idle.enumerate().for_each(|(nth, at)| *at = (nth + shift) % count);
        Grouping { state, near, group }
    }

    /// Gives a bundle to a group whole, where it lies in one; otherwise holds what is done of it.
    fn share_out(&self, bundle: &[JobId], groups: &mut [Members], rng: &mut Rng) {
        let problem = self.state.problem;
        let tasks = || bundle.iter().flat_map(|job| problem.job(*job).tasks());
        let done: Vec<(TaskId, usize)> = tasks()
            .filter_map(|task| Some((task, self.group[self.state.route_of(task)?.ix()])))
            .collect();
        let home = match done.first() {
            None => self.near_who_could(bundle[0], rng),
            Some((_, group)) => Some(*group),
        };
        let Some(home) = home else { return };
        if done.iter().all(|(_, group)| *group == home) {
            groups[home].own.extend(bundle);
            return;
        }
        for (task, group) in done {
            let start = self.state.start_of(task).expect("it is done");
            groups[group].held.push((task, start));
        }
    }

    /// For a visit that nobody makes the group of one of the nearest carers who could.
    fn near_who_could(&self, job: JobId, rng: &mut Rng) -> Option<usize> {
        let problem = self.state.problem;
        let able = &problem.able[problem.job(job).tasks.start as usize];
        let tasks = self.near.to(job).iter().flat_map(|other| problem.job(*other).tasks());
        let nearest = tasks.filter_map(|task| self.state.route_of(task));
        let mut groups: Vec<usize> = Vec::new();
        for vehicle in nearest.filter(|route| able.contains(route)).chain(able.first().copied()) {
            let group = self.group[vehicle.ix()];
            if groups.len() < ALTERNATIVES && !groups.contains(&group) {
                groups.push(group);
            }
        }
        (!groups.is_empty()).then(|| groups[rng.below(groups.len())])
    }
}

/// How strongly every two routes are tied.
struct Ties {
    routes: usize,
    cells: Vec<u32>,
}

impl Ties {
    fn of(state: &State<'_>, near: &Near) -> Ties {
        let problem = state.problem;
        let routes = state.routes.len();
        let mut ties = Ties { routes, cells: vec![0; routes * routes] };
        for id in problem.job_ids() {
            let job = problem.job(id);
            let own: Vec<VehicleId> = job.tasks().filter_map(|task| state.route_of(task)).collect();
            let linked = job.before.iter().map(|follow| follow.job).chain([id]);
            let linked = linked.filter(|_| job.linked).map(|job| (job, LINK));
            let others = near.to(id).iter().take(LOOK).map(|job| (*job, 1)).chain(linked);
            for (other, weight) in others {
                for route in problem.job(other).tasks().filter_map(|task| state.route_of(task)) {
                    own.iter().for_each(|from| ties.tie(from.ix(), route.ix(), weight));
                }
            }
        }
        ties
    }

    fn tie(&mut self, one: usize, other: usize, weight: u32) {
        if one != other {
            self.cells[one * self.routes + other] += weight;
            self.cells[other * self.routes + one] += weight;
        }
    }

    /// Adds how strongly each route is tied to this one.
    fn add_to(&self, route: usize, sums: &mut [u32]) {
        let row = &self.cells[route * self.routes..][..self.routes];
        sums.iter_mut().zip(row).for_each(|(sum, tie)| *sum += tie);
    }
}
