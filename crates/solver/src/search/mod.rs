//! The search: build a plan, then again and again take out a few visits that lie close together and
//! put them back better (string ruin and blink recreate: Christiaens and Vanden Berghe 2020,
//! doi:10.1287/trsc.2019.0914), keeping worse plans less and less often.
//!
//! Deterministic for a seed and a number of iterations: a fixed number of logical workers, each with
//! its own random numbers, meet at fixed points, whatever threads carry them.

mod accept;
mod budget;
mod construct;
mod descent;
mod insertion;
mod mix;
mod moves;
mod offers;
mod pairs;
mod recreate;
mod rng;
mod ruin;
#[cfg(test)]
mod samples;
mod seats;
mod state;
#[cfg(test)]
mod tests;
mod worker;

pub use budget::{Budget, Progress};

use crate::problem::Problem;
use crate::solution::Solution;
use budget::Clock;
use worker::Worker;

/// At which steps of the budget the workers meet and the best solution is handed on.
const MEETINGS: [u32; 4] =
    [accept::STEPS / 4, accept::STEPS / 2, accept::STEPS / 4 * 3, accept::STEPS];

/// The best solution found within the budget. Cannot fail: what cannot be done is left out.
pub fn solve(problem: &Problem, budget: &Budget<'_>) -> Solution {
    let clock = Clock::new(budget);
    let first = construct::build(problem);
    let near = ruin::Near::of(problem);
    let mut workers: Vec<Worker<'_>> = (0..budget.workers())
        .map(|id| Worker::new(problem, &near, &first, budget, id as u64))
        .collect();
    for until in MEETINGS {
        run(&mut workers, budget.threads, |worker| worker.search(&clock, until));
        hand_on(&mut workers);
    }
    let iterations = workers.iter().map(Worker::iterations).sum();
    let best = workers.into_iter().map(Worker::into_best).min_by_key(|best| best.cost);
    let best = best.expect("there is a worker");
    worker::complete(problem, best).with_iterations(iterations)
}

/// Lets every worker do its stretch: side by side where there are threads, else in turn. They do
/// not know of each other, so it makes no difference.
fn run<'p>(workers: &mut [Worker<'p>], threads: usize, stretch: impl Fn(&mut Worker<'p>) + Sync) {
    if threads <= 1 {
        workers.iter_mut().for_each(stretch);
        return;
    }
    std::thread::scope(|scope| {
        for worker in workers {
            scope.spawn(|| stretch(worker));
        }
    });
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
