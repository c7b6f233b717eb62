//! How long the search may go on, and how it tells where it is. The only clock in the crate.

use std::fmt;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use super::accept::STEPS;

/// How long to search, from which seed, on how many threads.
#[derive(Clone, Copy)]
pub struct Budget<'a> {
    /// The seed; with `iterations`, the same seed gives the same plan on any machine.
    pub seed: u64,
    /// How many iterations in all. Absent: until the deadline.
    pub iterations: Option<u64>,
    /// When to stop, whatever else. Absent: after the iterations.
    pub deadline: Option<Instant>,
    /// How many threads to use.
    pub threads: usize,
    /// Set to stop at once with the best plan so far.
    pub cancelled: &'a AtomicBool,
    /// Told now and then where the search is, by whichever thread.
    pub progress: &'a (dyn Fn(Progress) + Sync),
}

impl fmt::Debug for Budget<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Budget { seed, iterations, deadline, threads, .. } = self;
        f.debug_struct("Budget")
            .field("seed", seed)
            .field("iterations", iterations)
            .field("deadline", deadline)
            .field("threads", threads)
            .finish_non_exhaustive()
    }
}

/// Where the search is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    /// How much of the budget is used, in thousandths.
    pub permille: u32,
    /// How many iterations this worker has done.
    pub iterations: u64,
    /// How many visits the best plan of this worker leaves out.
    pub left_out: usize,
}

/// How many logical workers search when the budget is a number of iterations: fixed, so that the
/// plan does not depend on the machine.
const WORKERS: usize = 2;

impl Budget<'_> {
    /// How many logical workers the work is shared among. With a number of iterations it is always
    /// the same; against the clock there is one for each thread, up to as many.
    pub(crate) fn workers(&self) -> usize {
        if self.iterations.is_some() { WORKERS } else { self.threads.clamp(1, WORKERS) }
    }

    /// Each worker's own share of the iterations.
    pub(crate) fn share(&self) -> Option<u64> {
        self.iterations.map(|all| all.div_ceil(WORKERS as u64))
    }
}

/// One worker's view of the budget.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Clock<'a> {
    budget: &'a Budget<'a>,
    share: Option<u64>,
    began: Instant,
}

impl<'a> Clock<'a> {
    pub(crate) fn new(budget: &'a Budget<'a>) -> Clock<'a> {
        Clock { budget, share: budget.share(), began: Instant::now() }
    }

    /// How far the budget is used after so many iterations, in [`STEPS`]; `STEPS` is the end.
    pub(crate) fn step(&self, iterations: u64) -> u32 {
        if self.budget.cancelled.load(Ordering::Relaxed) {
            return STEPS;
        }
        let by_clock = self.budget.deadline.map(|deadline| {
            let all = deadline.saturating_duration_since(self.began).max(Duration::from_millis(1));
            (self.began.elapsed().as_nanos() * u128::from(STEPS) / all.as_nanos()) as u64
        });
        let by_count = self.share.map(|share| iterations * u64::from(STEPS) / share.max(1));
        let step = match (by_count, by_clock) {
            (Some(count), Some(clock)) if clock < u64::from(STEPS) => count,
            (Some(_), Some(_)) => u64::from(STEPS),
            (Some(count), None) => count,
            (None, Some(clock)) => clock,
            (None, None) => u64::from(STEPS),
        };
        step.min(u64::from(STEPS)) as u32
    }
}
