//! The search: build a plan, then again and again take out a few visits that lie close together and
//! put them back better (string ruin and blink recreate: Christiaens and Vanden Berghe 2020,
//! doi:10.1287/trsc.2019.0914), keeping worse plans less and less often.
//!
//! Deterministic for a seed and a number of iterations: a fixed number of logical workers, each with
//! its own random numbers, meet at fixed points, whatever threads carry them.

mod accept;
mod bare;
mod budget;
mod construct;
mod descent;
mod groups;
mod insertion;
mod mix;
mod moves;
mod offers;
mod operators;
mod pairs;
mod part;
mod pool;
mod recreate;
mod rng;
mod rounds;
mod ruin;
#[cfg(test)]
pub(crate) mod samples;
mod seats;
mod side_by_side;
mod state;
#[cfg(test)]
mod tests;
mod timed;
mod worker;

pub(crate) use accept::STEPS;
pub(crate) use budget::Clock;
pub use budget::{Budget, Progress};
pub(crate) use insertion::{Blink, best_in_route, best_placement, placement_of_each};
pub(crate) use side_by_side::side_by_side;
pub(crate) use state::{Placement, State};
pub use timed::{Timed, timed};
pub(crate) use worker::complete;

use crate::exact::partition::Limits;
use crate::problem::Problem;
use crate::solution::Solution;
use pool::{Kinds, Pool};
use worker::Worker;

/// How often the workers meet and the best solution is handed on.
const MEETINGS: u32 = 4;

/// The meetings at which the routes that they have met are put together anew.
const TOGETHER: [u32; 2] = [2, 3];

/// How many nodes of the search tree are looked at to put routes together.
const NODES: i32 = 200;

/// Where the temperature begins when a solution is handed in: half way down, so that it is bettered
/// and not begun anew.
const WARM: u32 = STEPS / 2;

/// A first solution, at once: every visit that fits somewhere is in it.
pub(crate) fn first(problem: &Problem) -> Solution {
    construct::greedy(problem)
}

/// The best solution found within the budget. Cannot fail: what cannot be done is left out.
pub fn solve(problem: &Problem, budget: &Budget<'_>) -> Solution {
    let clock = Clock::new(budget, 0);
    from_scratch(problem, &first(problem), &clock, budget)
}

/// The same from a first solution.
pub(crate) fn solve_from(problem: &Problem, first: &Solution, budget: &Budget<'_>) -> Solution {
    from_scratch(problem, first, &Clock::new(budget, 0), budget)
}

fn from_scratch(
    problem: &Problem,
    first: &Solution,
    clock: &Clock<'_>,
    budget: &Budget<'_>,
) -> Solution {
    search(problem, &construct::weighed(problem, first, clock), clock, budget)
}

/// The best solution found within the budget from this one on; never a worse one.
///
/// # Panics
/// If the solution is of another problem.
pub fn improve(problem: &Problem, from: &Solution, budget: &Budget<'_>) -> Solution {
    let found = search(problem, from, &Clock::new(budget, WARM), budget);
    if worker::told_cost(problem, &found) <= worker::told_cost(problem, from) {
        return found;
    }
    from.clone().with_iterations(found.iterations())
}

fn search(problem: &Problem, first: &Solution, clock: &Clock<'_>, budget: &Budget<'_>) -> Solution {
    let near = ruin::Near::of(problem);
    let (best, iterations) = match rounds::count(problem) {
        1 => islands(problem, &near, first, budget, clock),
        count => rounds::search(problem, (&near, count), first, budget, clock),
    };
    worker::complete(problem, best).with_iterations(iterations)
}

/// The search of a small day: each worker on the whole of it, handing on the best when they meet.
fn islands(
    problem: &Problem,
    near: &ruin::Near,
    first: &Solution,
    budget: &Budget<'_>,
    clock: &Clock<'_>,
) -> (Solution, u64) {
    let clock = clock.shared_by(budget.workers());
    let kinds = Kinds::of(problem);
    // How many are disturbed, and how far all are off the mean, is no single route's.
    let adds_up = problem.limit.is_none() && problem.balance.0 == 0;
    let pays = adds_up && clock.pays_for(problem.tasks.len());
    let kinds = pays.then_some(&kinds);
    let mut workers: Vec<Worker<'_>> = (0..budget.workers())
        .map(|id| Worker::new(problem, near, first, budget, id as u64).pooling(kinds))
        .collect();
    for meeting in 1..=MEETINGS {
        let until = clock.from() + (STEPS - clock.from()) * meeting / MEETINGS;
        side_by_side(workers.iter_mut().collect(), budget.threads, |_, worker| {
            worker.search(&clock, until)
        });
        hand_on(&mut workers);
        if TOGETHER.contains(&meeting) {
            put_together(problem, &mut workers, &clock);
        }
    }
    let iterations = workers.iter().map(Worker::iterations).sum();
    let best = workers.into_iter().map(Worker::into_best).min_by_key(|best| best.cost);
    (best.expect("there is a worker"), iterations)
}

/// Whoever is behind the best plan that all their routes come to goes on from that.
fn put_together(problem: &Problem, workers: &mut [Worker<'_>], clock: &Clock<'_>) {
    let best = workers.iter().map(Worker::best).min_by_key(|best| best.cost);
    let pools: Vec<&Pool<'_>> = workers.iter().filter_map(Worker::pool).collect();
    let Some(best) = best.filter(|_| !clock.is_over() && !pools.is_empty()) else { return };
    let limits = Limits { nodes: NODES, seconds: clock.for_programs(), stop: &|| clock.is_over() };
    if let Some(found) = pool::put_together(problem, best, &pools, limits) {
        workers.iter_mut().for_each(|worker| worker.offer(&found));
    }
}

/// Whoever is behind goes on from the best; the first of equals.
fn hand_on(workers: &mut [Worker<'_>]) {
    let best = workers.iter().map(Worker::best).min_by_key(|best| best.cost).cloned();
    let Some(best) = best else { return };
    for worker in workers {
        if best.cost < worker.best().cost {
            worker.adopt(&best);
        }
    }
}
