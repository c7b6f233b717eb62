//! Takes out visits that lie close together, in place and in time: strings of neighbouring routes
//! (Christiaens and Vanden Berghe 2020, doi:10.1287/trsc.2019.0914), now and then a whole route or
//! scattered visits, and often around a visit that nobody makes yet.

use super::rng::Rng;
use super::state::State;
use crate::problem::{FAR, JobId, Problem, VehicleId};

/// How many neighbours are kept for each visit.
const NEIGHBOURS: usize = 120;

/// The longest string.
const LONGEST: usize = 10;

/// For each visit the others, nearest first.
#[derive(Debug)]
pub(crate) struct Near {
    of: Vec<Vec<JobId>>,
}

impl Near {
    pub(crate) fn of(problem: &Problem) -> Near {
        let of = problem.job_ids().map(|job| nearest(problem, job)).collect();
        Near { of }
    }

    /// The visits nearest to this one, nearest first, itself before all.
    pub(crate) fn to(&self, job: JobId) -> &[JobId] {
        &self.of[job.ix()]
    }
}

/// The nearest visits by the way and by the time between their windows, itself first.
fn nearest(problem: &Problem, from: JobId) -> Vec<JobId> {
    let mut others: Vec<(i64, JobId)> =
        problem.job_ids().map(|to| (apart(problem, from, to), to)).collect();
    let keep = NEIGHBOURS.min(others.len());
    if keep < others.len() {
        others.select_nth_unstable(keep);
        others.truncate(keep);
    }
    others.sort_unstable();
    others.into_iter().map(|(_, job)| job).collect()
}

/// Seconds on the road count five times, seconds between the windows half.
fn apart(problem: &Problem, a: JobId, b: JobId) -> i64 {
    if a == b {
        return -1;
    }
    let (a, b) = (problem.job(a), problem.job(b));
    let Some(ways) = problem.ways.first() else { return 0 };
    let road =
        i64::from(ways.at(a.place, b.place).ride) + i64::from(ways.at(b.place, a.place).ride);
    let (a_from, a_to) = span(problem, a.windows());
    let (b_from, b_to) = span(problem, b.windows());
    let idle = i64::from((b_from - a_to).max(a_from - b_to).max(0));
    road * 5 / 2 + idle / 2
}

fn span(problem: &Problem, windows: std::ops::Range<u32>) -> (i32, i32) {
    let windows = &problem.windows[windows.start as usize..windows.end as usize];
    let first = windows.first().map_or(0, |window| window.earliest.max(-FAR / 2));
    let last = windows.last().map_or(0, |window| window.latest.min(FAR / 2));
    (first, last)
}

/// Chooses what to take out.
#[derive(Debug)]
pub(crate) struct Ruin<'p> {
    problem: &'p Problem,
    near: &'p Near,
    /// By route: the turn in which a string was last taken from it.
    taken: Vec<u64>,
    turn: u64,
}

impl<'p> Ruin<'p> {
    pub(crate) fn new(problem: &'p Problem, near: &'p Near) -> Ruin<'p> {
        Ruin { problem, near, taken: vec![0; problem.vehicles.len()], turn: 0 }
    }

    /// Some visits that are made, to be taken out; `size` on average.
    pub(crate) fn choose(
        &mut self,
        state: &State<'_>,
        bank: &[JobId],
        size: usize,
        rng: &mut Rng,
    ) -> Vec<JobId> {
        self.turn += 1;
        let seed = if !bank.is_empty() && rng.once_in(3) {
            bank[rng.below(bank.len())]
        } else {
            JobId(rng.below(self.problem.jobs.len()) as u32)
        };
        match rng.below(20) {
            0..16 => self.strings(state, (seed, size), rng),
            16 => self.whole_route(state, seed, rng),
            17 => self.scattered(state, size, rng),
            _ => self.cluster(state, (seed, size), rng),
        }
    }

    /// A string from each of the routes that pass by the seed.
    fn strings(
        &mut self,
        state: &State<'_>,
        (seed, size): (JobId, usize),
        rng: &mut Rng,
    ) -> Vec<JobId> {
        let used = state.used().max(1);
        let average = (self.problem.tasks.len() / used).max(1);
        let longest = LONGEST.min(average);
        let strings = rng.between(1 + longest, (4 * size).max(1 + longest)) / (1 + longest);
        let mut chosen = Vec::new();
        let mut taken = 0;
        for &job in &self.near.of[seed.ix()] {
            for task in self.problem.job(job).tasks() {
                let Some(vehicle) = state.route_of(task) else { continue };
                if std::mem::replace(&mut self.taken[vehicle.ix()], self.turn) == self.turn {
                    continue;
                }
                let route = &state.routes[vehicle.ix()];
                let at = state.stop_of(task);
                let length = rng.between(1, longest.min(route.len()));
                chosen.extend(
                    self.string(route.len(), at, length, rng)
                        .map(|stop| self.problem.tasks[route.tasks[stop].ix()].job),
                );
                taken += 1;
                if taken == strings {
                    return chosen;
                }
            }
        }
        chosen
    }

    /// The stops of a string of so many around one of them; half the time with a stretch spared in
    /// the middle.
    fn string(
        &self,
        stops: usize,
        at: usize,
        length: usize,
        rng: &mut Rng,
    ) -> impl Iterator<Item = usize> + use<> {
        let mut spared = 0;
        if length > 1 && length < stops && rng.once_in(2) {
            spared = 1;
            while length + spared < stops && rng.once_in(10) {
                spared += 1;
            }
        }
        let whole = length + spared;
        let low = at.saturating_sub(whole - 1);
        let high = at.min(stops - whole);
        let first = rng.between(low, high);
        let gap = first + if spared > 0 { rng.between(1, length - 1) } else { whole };
        (first..first + whole).filter(move |stop| !(gap..gap + spared).contains(stop))
    }

    /// Everything a carer near the seed does.
    fn whole_route(&self, state: &State<'_>, seed: JobId, rng: &mut Rng) -> Vec<JobId> {
        let near = &self.near.of[seed.ix()];
        let skip = rng.below(near.len().min(8));
        let vehicle: Option<VehicleId> = near
            .iter()
            .skip(skip)
            .flat_map(|job| self.problem.job(*job).tasks())
            .find_map(|task| state.route_of(task));
        let route = vehicle.map(|vehicle| &state.routes[vehicle.ix()]);
        route.map_or_else(Vec::new, |route| {
            route.tasks.iter().map(|task| self.problem.tasks[task.ix()].job).collect()
        })
    }

    /// Visits from anywhere.
    fn scattered(&self, state: &State<'_>, size: usize, rng: &mut Rng) -> Vec<JobId> {
        let jobs = self.problem.jobs.len();
        (0..rng.between(2, 2 * size))
            .map(|_| JobId(rng.below(jobs) as u32))
            .filter(|job| state.is_done(*job))
            .collect()
    }

    /// The visits nearest to the seed, some of them spared.
    fn cluster(
        &self,
        state: &State<'_>,
        (seed, size): (JobId, usize),
        rng: &mut Rng,
    ) -> Vec<JobId> {
        let wanted = rng.between(3, 2 * size);
        let near = self.near.of[seed.ix()].iter().filter(|job| state.is_done(**job));
        near.filter(|_| !rng.once_in(4)).take(wanted).copied().collect()
    }
}
