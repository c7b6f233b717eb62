//! The routes that workers have met, and the best plan that they come to when they are put together
//! anew: what one plan has right on one side of town and another on the other. Which routes is asked
//! of [`exact::partition`](crate::exact::partition); what it proposes is driven and priced here as any
//! solution is, and is never worse than the one at hand.
//!
//! A route with linked visits fits a plan where they start when that plan has agreed on; so it is
//! driven anew with those starts, and only offered if it can be there by then. All linked visits
//! stay where they are in time, so nothing that routes have agreed on is broken.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use super::rng::Rng;
use super::state::State;
use crate::exact::partition::{Column, Kind, Limits, Partition};
use crate::problem::{Problem, TaskId, VehicleId};
use crate::route::{Agreed, Outcome, Route};
use crate::solution::{Drive, Solution};

/// How many routes are remembered at the most. Of more, the half that was met last stays.
const MOST: usize = 40_000;

/// The carers who are alike in all that the search asks about them, and a mark for each task.
#[derive(Debug)]
pub(crate) struct Kinds {
    /// By vehicle.
    of: Vec<u32>,
    /// By kind, rising.
    vehicles: Vec<Vec<VehicleId>>,
    /// By task, drawn: what a route makes is told by the marks of its tasks together, whatever their
    /// order (Zobrist 1970).
    marks: Vec<u64>,
}

/// The kind of the carer and the mark of what is made.
type Key = (u32, u64);

impl Kinds {
    pub(crate) fn of(problem: &Problem) -> Kinds {
        let tasks = problem.tasks.len();
        let fits = |id: VehicleId| &problem.fit[id.ix() * tasks..][..tasks];
        let faces = |id: VehicleId| &problem.face[id.ix() * problem.patients..][..problem.patients];
        let mut rng = Rng::new(0, 0);
        let marks = problem.tasks.iter().map(|_| rng.next()).collect();
        let mut kinds = Kinds { of: Vec::new(), vehicles: Vec::new(), marks };
        for id in problem.vehicle_ids() {
            let alike = |all: &Vec<VehicleId>| {
                let one = all[0];
                problem.vehicle(one) == problem.vehicle(id)
                    && fits(one) == fits(id)
                    && faces(one) == faces(id)
            };
            let known = kinds.vehicles.iter().position(alike);
            let kind = known.unwrap_or(kinds.vehicles.len());
            kinds.vehicles.resize_with(kinds.vehicles.len().max(kind + 1), Vec::new);
            kinds.vehicles[kind].push(id);
            kinds.of.push(kind as u32);
        }
        kinds
    }

    fn key(&self, id: VehicleId, tasks: &[TaskId]) -> Key {
        let marks = tasks.iter().map(|task| self.marks[task.ix()]);
        (self.of[id.ix()], marks.fold(0, |all, mark| all ^ mark))
    }
}

/// A route that was met.
#[derive(Clone, Debug)]
struct Met {
    drive: Drive,
    /// By stop: the window of its job.
    windows: Vec<u32>,
    /// What it costs by itself; of one with linked visits that hangs on when they start.
    cost: i64,
    outcome: Outcome,
    linked: bool,
    /// When it was last met, counted in routes.
    last: u64,
}

/// The routes that one worker has met: by the kind of the carer and what is made, the cheapest.
#[derive(Debug)]
pub(crate) struct Pool<'p> {
    kinds: &'p Kinds,
    routes: BTreeMap<Key, Met>,
    /// By vehicle: the stamp of its route when it was last looked at.
    seen: Vec<u64>,
    met: u64,
}

impl<'p> Pool<'p> {
    pub(crate) fn new(kinds: &'p Kinds) -> Pool<'p> {
        let seen = vec![0; kinds.of.len()];
        Pool { kinds, routes: BTreeMap::new(), seen, met: 0 }
    }

    /// Remembers the routes of a state that have changed since it was last looked at.
    pub(crate) fn meet(&mut self, state: &State<'_>) {
        for id in state.problem.vehicle_ids() {
            let route = &state.routes[id.ix()];
            let before = std::mem::replace(&mut self.seen[id.ix()], route.stamp);
            if before != route.stamp && route.len() > 0 {
                self.remember(state, id);
            }
        }
        if self.routes.len() > MOST {
            self.thin_out(MOST / 2);
        }
    }

    fn remember(&mut self, state: &State<'_>, id: VehicleId) {
        let problem = state.problem;
        let route = &state.routes[id.ix()];
        self.met += 1;
        let key = self.kinds.key(id, &route.tasks);
        let linked = || route.tasks.iter().any(|task| problem.job_of(*task).linked);
        match self.routes.entry(key) {
            Entry::Occupied(mut known) => {
                let known = known.get_mut();
                known.last = self.met;
                // Of one with linked visits the last, whose starts are nearest to those of today.
                if known.linked || cost(problem, id, route, &state.agreed.window) < known.cost {
                    *known = Met { last: self.met, ..Met::of(state, id, known.linked) };
                }
            }
            Entry::Vacant(free) => {
                free.insert(Met { last: self.met, ..Met::of(state, id, linked()) });
            }
        }
    }

    /// Forgets the so many routes that have not been met for longest.
    fn thin_out(&mut self, least: usize) {
        let mut last: Vec<u64> = self.routes.values().map(|met| met.last).collect();
        let (_, kept, _) = last.select_nth_unstable(least);
        let kept = *kept;
        self.routes.retain(|_, met| met.last >= kept);
    }

    /// Looks at every route anew: another state has come.
    pub(crate) fn start_over(&mut self) {
        self.seen.fill(0);
    }
}

impl Met {
    /// A route of a state as it is.
    fn of(state: &State<'_>, id: VehicleId, linked: bool) -> Met {
        let (problem, route) = (state.problem, &state.routes[id.ix()]);
        let window = |task: &TaskId| state.agreed.window[problem.tasks[task.ix()].job.ix()];
        Met {
            drive: Drive {
                tasks: route.tasks.clone(),
                slot: route.slot,
                errands: route.errands.clone(),
            },
            windows: route.tasks.iter().map(window).collect(),
            cost: cost(problem, id, route, &state.agreed.window),
            outcome: route.outcome,
            linked,
            last: 0,
        }
    }
}

/// What a settled route costs by itself, its visits' wishes and times included, and nothing that only
/// guides the search. `windows` is by job.
fn cost(problem: &Problem, id: VehicleId, route: &Route, windows: &[u32]) -> i64 {
    let fits: i64 = route.tasks.iter().map(|task| i64::from(problem.fit(id, *task))).sum();
    let faces: i64 = match problem.patients {
        0 => 0,
        _ => problem
            .met(&route.tasks)
            .iter()
            .map(|patient| i64::from(problem.face(id, *patient)))
            .sum(),
    };
    let first = |task: &&TaskId| task.0 == problem.job_of(**task).tasks.start;
    let window = |task: &TaskId| windows[problem.tasks[task.ix()].job.ix()] as usize;
    let times = route.tasks.iter().filter(first).map(|task| problem.windows[window(task)].price);
    route.outcome.cost(problem) + fits + faces + times.sum::<i64>()
}

/// The best plan that the routes of the pools come to, together with those of the solution at hand, if
/// that is better than the solution.
pub(crate) fn put_together(
    problem: &Problem,
    at_hand: &Solution,
    pools: &[&Pool<'_>],
    limits: Limits<'_>,
) -> Option<Solution> {
    let kinds = pools.first()?.kinds;
    let state = State::of(problem, at_hand);
    let mut own = Pool::new(kinds);
    own.meet(&state);
    let mut drawing = Drawing::of(&state, kinds);
    drawing.columns = own.routes.iter().map(|(key, met)| (*key, (met.cost, met))).collect();
    for (key, met) in pools.iter().flat_map(|pool| &pool.routes) {
        drawing.offer(*key, met);
    }
    let (partition, met) = drawing.partition(&own);
    let chosen = partition.solve(limits)?;
    let solution = laid_out(&state, kinds, &partition, &met, &chosen);
    let found = State::try_of(problem, &solution)?;
    (found.cost() < state.cost()).then(|| found.solution())
}

/// The question while it is drawn.
struct Drawing<'s> {
    state: &'s State<'s>,
    kinds: &'s Kinds,
    /// By task: its row, where it has one.
    row: Vec<Option<u32>>,
    drops: Vec<Option<i64>>,
    /// The cost, and how it is driven.
    columns: BTreeMap<Key, (i64, &'s Met)>,
    /// What routes have agreed on in the state; for a moment, with the windows of a route that is
    /// tried.
    agreed: Agreed,
}

impl<'s> Drawing<'s> {
    /// Without a route.
    fn of(state: &'s State<'s>, kinds: &'s Kinds) -> Drawing<'s> {
        let problem = state.problem;
        let mut row = vec![None; problem.tasks.len()];
        let mut drops = Vec::new();
        for id in problem.job_ids() {
            let job = problem.job(id);
            // What hangs together with others stays made, or left out.
            if job.linked && !state.is_done(id) {
                continue;
            }
            for task in job.tasks() {
                row[task.ix()] = Some(drops.len() as u32);
                drops.push((!job.linked && !job.held).then_some(job.drop.0));
            }
        }
        let (columns, agreed) = (BTreeMap::new(), state.agreed.clone());
        Drawing { state, kinds, row, drops, columns, agreed }
    }

    /// Takes the route in, if it fits the state and is the cheapest that makes the same.
    fn offer(&mut self, key: Key, met: &'s Met) {
        let problem = self.state.problem;
        let peaks = self.state.agreed.peaks;
        if met.drive.tasks.iter().any(|task| self.row[task.ix()].is_none()) {
            return;
        }
        let driven = match met.linked {
            false => Some((met.cost, met.outcome)),
            true => self.driven(self.kinds.vehicles[key.0 as usize][0], met),
        };
        let Some((cost, outcome)) = driven else { return };
        // What is largest of all is the price of all, and may not grow.
        if problem.prices_peaks() && peaks.with(&outcome) != peaks {
            return;
        }
        if self.columns.get(&key).is_none_or(|(known, _)| cost < *known) {
            self.columns.insert(key, (cost, met));
        }
    }

    /// What the route comes to if its linked visits start when the state says.
    fn driven(&mut self, vehicle: VehicleId, met: &Met) -> Option<(i64, Outcome)> {
        let problem = self.state.problem;
        let job = |task: &TaskId| problem.tasks[task.ix()].job;
        for (task, window) in met.drive.tasks.iter().zip(&met.windows) {
            if !problem.job_of(*task).linked {
                self.agreed.window[job(task).ix()] = *window;
            }
        }
        let mut route = Route::empty(problem.vehicle(vehicle));
        route.tasks.clone_from(&met.drive.tasks);
        route.errands.clone_from(&met.drive.errands);
        route.slot = met.drive.slot;
        let on_time = |(task, start): (&TaskId, &i32)| {
            !problem.job_of(*task).linked || *start == self.agreed.start[job(task).ix()]
        };
        let kept = route.settle(problem, vehicle, &self.agreed)
            && route.tasks.iter().zip(&route.start).all(on_time);
        let cost = cost(problem, vehicle, &route, &self.agreed.window);
        for id in met.drive.tasks.iter().map(job) {
            self.agreed.window[id.ix()] = self.state.agreed.window[id.ix()];
        }
        kept.then_some((cost, route.outcome))
    }

    /// The question, and how each of its columns is driven; `own` are the routes of the state.
    fn partition(self, own: &Pool<'_>) -> (Partition, Vec<&'s Met>) {
        let problem = self.state.problem;
        let kind = |all: &Vec<VehicleId>| {
            let peaks = self.state.agreed.peaks;
            let idle = Route::empty(problem.vehicle(all[0])).outcome;
            let must = problem.prices_peaks() && peaks.with(&idle) != peaks;
            Kind { most: all.len() as u32, all: must }
        };
        let kinds = self.kinds.vehicles.iter().map(kind).collect();
        let row = |task: &TaskId| self.row[task.ix()].expect("only such are taken in");
        let (mut columns, mut routes, mut start) = (Vec::new(), Vec::new(), Vec::new());
        for (key, (cost, met)) in self.columns {
            if own.routes.contains_key(&key) {
                start.push(columns.len());
            }
            columns.push(Column {
                rows: met.drive.tasks.iter().map(row).collect(),
                kind: key.0,
                cost,
            });
            routes.push(met);
        }
        (Partition { drops: self.drops, kinds, columns, start }, routes)
    }
}

/// The solution that the chosen routes are. Who drives one of them already goes on driving it.
fn laid_out(
    state: &State<'_>,
    kinds: &Kinds,
    partition: &Partition,
    met: &[&Met],
    chosen: &[usize],
) -> Solution {
    let problem = state.problem;
    let mut routes = vec![Drive::default(); problem.vehicles.len()];
    let mut window = state.agreed.window.clone();
    let kind = |at: usize| partition.columns[at].kind as usize;
    let own = |at: &usize| {
        let of_kind = kinds.vehicles[kind(*at)].iter().copied();
        let tasks = &met[*at].drive.tasks;
        of_kind.clone().find(|id| state.routes[id.ix()].tasks == *tasks)
    };
    let drivers: Vec<Option<VehicleId>> = chosen.iter().map(own).collect();
    let mut free = kinds.vehicles.clone();
    free.iter_mut().for_each(|all| all.retain(|id| !drivers.contains(&Some(*id))));
    let mut free: Vec<_> = free.into_iter().map(Vec::into_iter).collect();
    for (at, driver) in chosen.iter().zip(drivers) {
        let Some(id) = driver.or_else(|| free[kind(*at)].next()) else { continue };
        let met = met[*at];
        for (task, chosen) in met.drive.tasks.iter().zip(&met.windows) {
            let job = problem.tasks[task.ix()].job;
            if !problem.job(job).linked {
                window[job.ix()] = *chosen;
            }
        }
        routes[id.ix()] = met.drive.clone();
    }
    Solution::new(routes, window, 0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render;
    use crate::search::recreate::Recreate;
    use crate::search::samples::{count, day};
    use crate::search::{construct, tests::FREE};
    use crate::verify::verify;

    /// Takes some visits out and puts them back, worse or not.
    fn shaken(state: &mut State<'_>, recreate: &mut Recreate, rng: &mut Rng) {
        let mark = state.mark();
        let jobs: Vec<_> = state.problem.job_ids().filter(|_| rng.once_in(5)).collect();
        let mut out = Vec::new();
        let kept = state.remove(&jobs, &mut out) && recreate.put_back(state, &mut out, rng);
        if !kept {
            state.rollback(mark);
        }
        state.forget();
    }

    /// What is put together of routes from all over is a plan that keeps every rule and costs what it
    /// says, less than the one at hand; with every rule in the days.
    #[test]
    fn routes_put_together_are_a_better_plan_or_none() {
        let mut better = 0;
        for seed in 0..count(60) {
            let (visits, carers) = [(24, 5), (50, 9)][seed as usize % 2];
            let (instance, tables) = day(visits, carers, seed);
            let problem = Problem::compile(&instance, &tables).expect("a sample day has no faults");
            let kinds = Kinds::of(&problem);
            let mut pool = Pool::new(&kinds);
            let mut state = State::of(&problem, &construct::greedy(&problem));
            let (mut rng, mut recreate) = (Rng::new(seed, 11), Recreate::new(&problem));
            let mut best = state.solution();
            for _ in 0..60 {
                shaken(&mut state, &mut recreate, &mut rng);
                pool.meet(&state);
                if state.cost() < best.cost {
                    best = state.solution();
                }
            }
            let Some(found) = put_together(&problem, &best, &[&pool], FREE) else { continue };
            better += 1;
            let state = State::of(&problem, &found);
            assert_eq!((found.cost, state.cost()), (state.cost(), state.recount()), "day {seed}");
            assert!(found.cost < best.cost, "day {seed}");
            let plan = render(&instance, &tables, &problem, &found);
            assert_eq!(verify(&instance, &tables, &plan).breaches, [], "day {seed}");
        }
        assert!(better > 5, "{better}");
    }

    #[test]
    fn a_full_pool_keeps_what_was_met_last() {
        let (instance, tables) = day(24, 5, 1);
        let problem = Problem::compile(&instance, &tables).expect("a sample day has no faults");
        let kinds = Kinds::of(&problem);
        let mut pool = Pool::new(&kinds);
        let mut state = State::of(&problem, &construct::greedy(&problem));
        let (mut rng, mut recreate) = (Rng::new(1, 11), Recreate::new(&problem));
        for _ in 0..40 {
            shaken(&mut state, &mut recreate, &mut rng);
            pool.meet(&state);
        }
        let last: Vec<Key> = problem
            .vehicle_ids()
            .filter(|id| state.routes[id.ix()].len() > 0)
            .map(|id| kinds.key(id, &state.routes[id.ix()].tasks))
            .collect();
        let (before, most) = (pool.routes.len(), pool.routes.len() / 2);
        pool.start_over();
        pool.meet(&state);
        pool.thin_out(most);
        assert!(pool.routes.len() <= before - most / 2 && !last.is_empty());
        assert!(last.iter().all(|key| pool.routes.contains_key(key)));
    }
}
