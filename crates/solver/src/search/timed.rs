//! Doors for the benches into the search: its smallest steps on a plan in hand, each to be timed by
//! itself. Nothing else goes through them.

use std::fmt;

use super::budget::Budget;
use super::descent::Descent;
use super::operators::OPERATORS;
use super::ruin::Near;
use super::worker::Worker;
use super::{STEPS, first};
use crate::problem::Problem;

/// A worker on a day, with its first plan in hand.
pub struct Timed<'p> {
    near: &'p Near,
    worker: Worker<'p>,
    descent: Descent,
}

impl fmt::Debug for Timed<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Timed").finish_non_exhaustive()
    }
}

/// Does some work with a worker on the problem.
pub fn timed<R>(
    problem: &Problem,
    budget: &Budget<'_>,
    work: impl FnOnce(&mut Timed<'_>) -> R,
) -> R {
    let near = Near::of(problem);
    let worker = Worker::new(problem, &near, &first(problem), budget, 0);
    work(&mut Timed { near: &near, worker, descent: Descent::default() })
}

impl Timed<'_> {
    /// The names of the operators of the local search.
    pub fn operators() -> Vec<String> {
        OPERATORS.iter().map(|operator| format!("{operator:?}")).collect()
    }

    /// Joins the stretch before each stop of each route to the rest of it: how many stops that are,
    /// and what the ways come to, in seconds, once for each.
    pub fn join(&self) -> (usize, i64) {
        let routes = self.worker.state().routes.iter();
        let stops = routes.flat_map(|route| (0..route.len()).map(move |at| (route, at)));
        let joined = stops.filter_map(|(route, at)| {
            route.join(at, route.start[at], route.prefix[at + 1]).map(|outcome| outcome.ride)
        });
        joined.fold((0, 0), |(count, sum), ride| (count + 1, sum + i64::from(ride)))
    }

    /// Prices every move of an operator beside every visit's neighbours, and takes none: how many
    /// that are.
    pub fn price(&mut self, operator: usize) -> u64 {
        let before = self.descent.looked_at;
        self.descent.price_all(self.worker.state_mut(), self.near, OPERATORS[operator]);
        self.descent.looked_at - before
    }

    /// One iteration, half way down.
    pub fn iterate(&mut self) {
        self.worker.iterate(STEPS / 2);
    }
}
