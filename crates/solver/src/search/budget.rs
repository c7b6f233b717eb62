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
    /// What that plan costs, in tenths of a weighted second.
    pub cost: i64,
}

/// How many logical workers search a small day when the budget is a number of iterations: fixed, so
/// that the plan does not depend on the machine.
const WORKERS: usize = 2;

/// In how many rounds the groups of a large day are searched at the most.
const ROUNDS: u64 = 24;

/// How many iterations each group is given in a round, at the least.
const SPELL: u64 = 1024;

/// How long each group is given in a round, at the least, in milliseconds.
const SPELL_MS: u128 = 50;

/// How many iterations there must be for each task, before it pays to put routes together.
const TOGETHER_AFTER: u64 = 64;

/// How many milliseconds that takes for each task.
const TOGETHER_MS: u128 = 3;

/// The part of the time that it may take, one in so many.
const TOGETHER: u128 = 16;

/// How long it may take at the most, cancelled or not.
const LONGEST: Duration = Duration::from_secs(1);

impl<'a> Budget<'a> {
    /// One part in so many of what is left of it, from now on, told to nobody.
    pub(crate) fn part(&self, parts: u32, of: Option<Duration>) -> Budget<'a> {
        let iterations = self.iterations.map(|all| all / u64::from(parts));
        let deadline = of.map(|whole| Instant::now() + whole / parts);
        Budget { iterations, deadline, progress: &|_| {}, ..*self }
    }

    /// How much time is left, where the clock decides.
    pub(crate) fn left(&self) -> Option<Duration> {
        let deadline = self.deadline?;
        Some(deadline.saturating_duration_since(Instant::now()))
    }

    /// The stretch of it from one thousandth to another, begun now: of the time that is left what is its due.
    pub(crate) fn stretch(&self, from: u32, to: u32) -> Budget<'a> {
        let of_all = |all: u64| all * u64::from(to) / 1000 - all * u64::from(from) / 1000;
        let now = Instant::now();
        let due = |end: Instant| {
            now + end.saturating_duration_since(now) * (to - from) / (1000 - from).max(1)
        };
        let (iterations, deadline) = (self.iterations.map(of_all), self.deadline.map(due));
        Budget { iterations, deadline, ..*self }
    }

    /// How many logical workers search a small day. With a number of iterations it is always the
    /// same; against the clock there is one for each thread, up to as many.
    pub(crate) fn workers(&self) -> usize {
        if self.iterations.is_some() { WORKERS } else { self.threads.clamp(1, WORKERS) }
    }
}

/// One worker's view of the budget, or of a stretch of it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Clock<'a> {
    budget: &'a Budget<'a>,
    /// How many iterations this worker has for the stretch.
    share: Option<u64>,
    began: Instant,
    ends: Option<Instant>,
    from: u32,
    to: u32,
}

impl<'a> Clock<'a> {
    /// The whole budget, from a step on.
    pub(crate) fn new(budget: &'a Budget<'a>, from: u32) -> Clock<'a> {
        let (share, ends) = (budget.iterations, budget.deadline);
        Clock { budget, share, began: Instant::now(), ends, from, to: STEPS }
    }

    /// What is left of it as a budget of its own, for so many threads, told to nobody.
    pub(crate) fn budget(&self, seed: u64, threads: usize) -> Budget<'a> {
        let (iterations, deadline) = (self.share, self.ends);
        Budget { seed, iterations, deadline, threads, progress: &|_| {}, ..*self.budget }
    }

    /// The same for each of so many workers.
    pub(crate) fn shared_by(&self, workers: usize) -> Clock<'a> {
        Clock { share: self.share.map(|all| all.div_ceil(workers as u64)), ..*self }
    }

    /// The step it begins at.
    pub(crate) fn from(&self) -> u32 {
        self.from
    }

    /// The step it ends at.
    pub(crate) fn to(&self) -> u32 {
        self.to
    }

    /// The stretch between two steps for the `nth` of so many groups that are searched in turn by as
    /// many at once as there are threads.
    pub(crate) fn turn(&self, (from, to): (u32, u32), nth: usize, groups: usize) -> Clock<'a> {
        let part = |all: u64| {
            (all * u64::from(to - from)).div_ceil(u64::from(self.to - self.from) * groups as u64)
        };
        let began = Instant::now();
        let turns = (groups - nth).div_ceil(self.budget.threads.clamp(1, groups)) as u32;
        let ends = self.moment(to).map(|end| began + end.saturating_duration_since(began) / turns);
        Clock { budget: self.budget, share: self.share.map(part), began, ends, from, to }
    }

    /// When the step is due.
    fn moment(&self, step: u32) -> Option<Instant> {
        let all = self.ends?.saturating_duration_since(self.began);
        Some(self.began + all * (step - self.from) / (self.to - self.from).max(1))
    }

    /// In how many rounds so many groups are searched: each round costs something to begin.
    pub(crate) fn rounds(&self, groups: usize) -> u32 {
        let by_count = self.share.map(|all| all / (SPELL * groups as u64));
        let by_clock = self.ends.map(|end| {
            let threads = self.budget.threads.clamp(1, groups) as u128;
            let left = end.saturating_duration_since(self.began).as_millis();
            (left * threads / (SPELL_MS * groups as u128)) as u64
        });
        by_count.or(by_clock).unwrap_or(1).clamp(1, ROUNDS) as u32
    }

    /// Whether there is enough of it to put routes of so many tasks together.
    pub(crate) fn pays_for(&self, tasks: usize) -> bool {
        match (self.share, self.ends) {
            (Some(share), _) => share >= TOGETHER_AFTER * tasks as u64,
            (None, Some(ends)) => {
                let all = ends.saturating_duration_since(self.began).as_millis();
                all >= TOGETHER_MS * TOGETHER * tasks as u128
            }
            (None, None) => false,
        }
    }

    /// How many seconds each of the programs that put routes together may take; none where it goes by
    /// iterations. They cannot be cancelled, so it is never long.
    pub(crate) fn for_programs(&self) -> Option<f64> {
        let ends = self.ends.filter(|_| self.share.is_none())?;
        let part = ends.saturating_duration_since(self.began) / TOGETHER as u32;
        let left = ends.saturating_duration_since(Instant::now()) / 4;
        Some(part.min(left).min(LONGEST).as_secs_f64())
    }

    /// Whether there is nothing left of the budget but iterations.
    pub(crate) fn is_over(&self) -> bool {
        self.budget.cancelled.load(Ordering::Relaxed)
            || self.budget.deadline.is_some_and(|deadline| Instant::now() >= deadline)
    }

    /// Whether an eighth of the time is gone, after which a first plan should be there; never by the
    /// count of iterations.
    pub(crate) fn has_begun(&self) -> bool {
        let all = self.ends.map(|ends| ends.saturating_duration_since(self.began));
        self.budget.cancelled.load(Ordering::Relaxed)
            || self.share.is_none() && all.is_some_and(|all| 8 * self.began.elapsed() >= all)
    }

    /// How far the stretch is used after so many iterations, between the steps it lies between;
    /// [`STEPS`] where the budget is over.
    pub(crate) fn step(&self, iterations: u64) -> u32 {
        if self.budget.cancelled.load(Ordering::Relaxed) {
            return STEPS;
        }
        let span = u64::from(self.to - self.from);
        let by_clock = self.ends.map(|ends| {
            let all = ends.saturating_duration_since(self.began).max(Duration::from_micros(1));
            (self.began.elapsed().as_nanos() * u128::from(span) / all.as_nanos()) as u64
        });
        let by_count = self.share.map(|share| iterations * span / share.max(1));
        let used = match (by_count, by_clock) {
            (Some(_), Some(_)) if self.is_over() => return STEPS,
            (Some(count), _) => count,
            (None, Some(clock)) => clock,
            (None, None) => return STEPS,
        };
        self.from + used.min(span) as u32
    }
}
