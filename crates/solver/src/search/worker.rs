//! One logical worker: a state, the best it has seen, and its own random numbers.

use super::accept::{Annealing, STEPS};
use super::budget::{Budget, Clock, Progress};
use super::descent::Descent;
use super::mix::{Came, Mix};
use super::pool::{Kinds, Pool};
use super::recreate::Recreate;
use super::rng::Rng;
use super::ruin::{Near, Ruin};
use super::state::State;
use crate::problem::{JobId, Problem};
use crate::solution::Solution;
use crate::timing;

/// How many iterations pass between two looks at the clock.
const BATCH: u64 = 32;

/// Up to how many visits a day is small enough to tell the final times of every promising plan.
const SMALL: usize = 40;

/// How many of the visits nobody makes are tried again in an iteration.
const TRIED: usize = 8;

/// For how many steps the search is guided by where it then had come to.
const GUIDE: u32 = 8;

/// A plan that is worse than the best by more than one part in so many is not worth looking for its
/// best times.
const NEAR: i64 = 2;

/// How many iterations listen to how much worse plans get, before the temperature is set.
const LISTEN: u64 = 256;

/// Searches on its own between meetings.
pub(crate) struct Worker<'p> {
    budget: &'p Budget<'p>,
    state: State<'p>,
    best: Solution,
    /// By route: how it was stamped when it was written into the best.
    best_stamps: Vec<u64>,
    best_left_out: usize,
    /// The visits nobody makes.
    bank: Vec<JobId>,
    rng: Rng,
    near: &'p Near,
    mix: Mix,
    ruin: Ruin<'p>,
    recreate: Recreate,
    descent: Descent,
    annealing: Option<Annealing>,
    /// The routes it has met, where they are of use.
    pool: Option<Pool<'p>>,
    /// How much worse the plans got while listening, and how many did.
    uphill: (i64, i64),
    iterations: u64,
    /// The step at which the guide was last set, for the state as it is.
    guided_at: Option<u32>,
}

impl<'p> Worker<'p> {
    pub(crate) fn new(
        problem: &'p Problem,
        near: &'p Near,
        first: &Solution,
        budget: &'p Budget<'p>,
        id: u64,
    ) -> Worker<'p> {
        let mut worker = Worker {
            budget,
            state: State::new(problem),
            best: first.clone(),
            best_stamps: Vec::new(),
            best_left_out: 0,
            bank: Vec::new(),
            rng: Rng::new(budget.seed, id),
            near,
            mix: Mix::new(),
            ruin: Ruin::new(problem, near),
            recreate: Recreate::new(problem),
            descent: Descent::default(),
            annealing: None,
            pool: None,
            uphill: (0, 0),
            iterations: 0,
            guided_at: None,
        };
        worker.adopt(first);
        worker
    }

    pub(crate) fn best(&self) -> &Solution {
        &self.best
    }

    pub(super) fn state(&self) -> &State<'p> {
        &self.state
    }

    pub(super) fn state_mut(&mut self) -> &mut State<'p> {
        &mut self.state
    }

    /// Where it is, which may be worse.
    pub(crate) fn current(&self) -> Solution {
        self.state.solution()
    }

    /// Goes by this temperature, instead of listening for one.
    pub(crate) fn at(self, annealing: Option<Annealing>) -> Worker<'p> {
        Worker { annealing, ..self }
    }

    /// Remembers the routes it meets.
    pub(crate) fn pooling(self, kinds: Option<&'p Kinds>) -> Worker<'p> {
        Worker { pool: kinds.map(Pool::new), ..self }
    }

    pub(crate) fn pool(&self) -> Option<&Pool<'p>> {
        self.pool.as_ref()
    }

    /// The temperature it goes by, once it has listened.
    pub(crate) fn annealing(&self) -> Option<&Annealing> {
        self.annealing.as_ref()
    }

    pub(crate) fn into_best(self) -> Solution {
        self.best
    }

    pub(crate) fn iterations(&self) -> u64 {
        self.iterations
    }

    /// Goes on from another solution, whatever its own.
    pub(crate) fn adopt(&mut self, solution: &Solution) {
        self.state = State::of(self.state.problem, solution);
        self.guided_at = None;
        self.descent = Descent::default();
        self.best = solution.clone();
        self.best_stamps = vec![u64::MAX; solution.routes.len()];
        self.best.cost = compared_cost(self.state.problem, solution);
        self.bank = self.state.left_out();
        self.best_left_out = self.bank.len();
        self.pool.iter_mut().for_each(Pool::start_over);
    }

    /// The same where the solution is better than its own best.
    pub(crate) fn offer(&mut self, solution: &Solution) {
        if compared_cost(self.state.problem, solution) < self.best.cost {
            self.adopt(solution);
        }
    }

    /// Searches until the budget has come to the step.
    pub(crate) fn search(&mut self, clock: &Clock<'_>, until: u32) {
        loop {
            let step = clock.step(self.iterations);
            self.guide(step);
            if step >= until || self.state.problem.jobs.is_empty() {
                return;
            }
            for _ in 0..BATCH {
                self.iterate(step);
            }
            (self.budget.progress)(Progress {
                permille: step * 1000 / STEPS,
                iterations: self.iterations,
                left_out: self.best_left_out,
                cost: self.best.cost,
            });
        }
    }

    /// Guides the search by where it has come to, from time to time.
    fn guide(&mut self, step: u32) {
        if self.guided_at.is_none_or(|at| at + GUIDE <= step) {
            self.guided_at = Some(step);
            self.state.guide();
        }
    }

    /// Takes some visits out, puts them and some of those left out before back in, perhaps goes on
    /// from there by local search, and keeps it or not.
    pub(super) fn iterate(&mut self, step: u32) {
        self.iterations += 1;
        let (before, best, worked) = (self.state.guided(), self.best.cost, self.work());
        let mark = self.state.mark();
        let (drawn, arm) = self.mix.draw(&mut self.rng);
        let mut out = Vec::new();
        let chosen = self.ruin.choose(&self.state, &self.bank, arm.ruin, &mut self.rng);
        let mut kept = self.state.remove(&chosen, &mut out);
        let moved = if arm.descent { out.clone() } else { Vec::new() };
        let leeway = self.leeway(step);
        let tried = self.draw_from_bank();
        out.extend(&self.bank[..tried]);
        kept = kept && self.recreate.put_back(&mut self.state, &mut out, &mut self.rng);
        kept = kept && self.state.keeps_limit();
        if kept {
            // Perhaps not kept, nor as it is: the search and the final times do not see alike.
            self.remember(self.bank.len() - tried + out.len());
            self.descent.around(&mut self.state, self.near, &moved);
            if arm.descent && self.rng.once_in(4) {
                self.make_room(&mut out);
            }
            debug_assert_eq!(self.state.guided(), self.state.recount());
            kept = self.state.keeps_limit();
        }
        let worse = self.state.guided() - before;
        self.listen(worse);
        if kept && worse < leeway {
            self.state.forget();
            self.pool.iter_mut().for_each(|pool| pool.meet(&self.state));
            self.bank.splice(..tried, out);
            self.remember(self.bank.len());
        } else {
            self.state.rollback(mark);
        }
        let came = match () {
            () if self.best.cost < best => Came::Best,
            () if self.state.guided() < before => Came::Better,
            () => Came::Nothing,
        };
        self.mix.reward(drawn, came, self.work() - worked);
    }

    /// Tries to make room for the first of the visits that are left out.
    fn make_room(&mut self, out: &mut Vec<JobId>) {
        let Some(&first) = out.first() else { return };
        if let Some(instead) = self.descent.eject(&mut self.state, self.near, first) {
            out.swap_remove(0);
            out.extend(instead);
        }
    }

    /// Brings some of the visits nobody makes to the front of their list, to be tried again; how many.
    fn draw_from_bank(&mut self) -> usize {
        let tried = self.bank.len().min(TRIED);
        for at in 0..tried {
            let other = self.rng.between(at, self.bank.len() - 1);
            self.bank.swap(at, other);
        }
        tried
    }

    /// How much has been done so far: routes settled, offers made, moves looked at.
    fn work(&self) -> u64 {
        self.state.work() + self.descent.looked_at
    }

    /// Keeps the state if it is the best yet. On a small day it is judged by its final times: the
    /// search starts linked visits as early as can be, and setting off later may save waiting.
    fn remember(&mut self, left_out: usize) {
        let cost = self.state.cost();
        let small = self.state.problem.jobs.len() <= SMALL;
        let waiting = if small { self.state.waiting_cost() } else { 0 };
        if cost - waiting >= self.best.cost {
            return;
        }
        if waiting > 0 {
            let solution = self.state.solution();
            let fixed = cost - self.state.times_cost();
            let most = self.best.cost + self.best.cost / NEAR - fixed;
            let told = fixed + timing::cost_up_to(self.state.problem, &solution, most);
            if told >= self.best.cost {
                return;
            }
            self.best = solution;
            self.best.cost = told;
            self.best_stamps.fill(u64::MAX);
        } else {
            self.state.write_into(&mut self.best, &mut self.best_stamps);
        }
        self.best_left_out = left_out;
    }

    /// How much worse a plan may be this time. While it only listens, no worse at all.
    fn leeway(&mut self, step: u32) -> i64 {
        let annealing = self.annealing.as_ref();
        annealing.map_or(1, |annealing| annealing.leeway(step, &mut self.rng).max(1))
    }

    /// Until there is a temperature, takes in how much worse a plan is. A small day has iterations to
    /// spare, and starts hot; a large one would only lose time there, unless its routes are long: in
    /// them a stop may stand in many places that cost little more, which hides how rough the ground is.
    fn listen(&mut self, worse: i64) {
        match &self.annealing {
            Some(_) => {}
            None => {
                // A plan that leaves out more is no measure of how rough the ground is.
                if worse > 0 && worse < self.recreate.rough() {
                    self.uphill = (self.uphill.0 + worse, self.uphill.1 + 1);
                }
                if self.iterations >= LISTEN {
                    let mean = self.uphill.0 / self.uphill.1.max(1);
                    let stops = self.state.problem.tasks.len() / self.state.used().max(1);
                    let small = self.state.problem.jobs.len() <= SMALL;
                    let share = if small { 12 } else { (stops as i64 * 6 / 10).clamp(6, 15) };
                    self.annealing = Some(Annealing::from(mean * share / 20));
                }
            }
        }
    }
}

/// What a solution costs as workers compare it: a small day with its final times.
fn compared_cost(problem: &Problem, solution: &Solution) -> i64 {
    let small = problem.jobs.len() <= SMALL;
    if small { told_cost(problem, solution) } else { State::of(problem, solution).cost() }
}

/// What a solution costs with its final times. A search that compares by the earliest times may find
/// one of two better that comes to more in the end.
pub(crate) fn told_cost(problem: &Problem, solution: &Solution) -> i64 {
    let state = State::of(problem, solution);
    state.cost() - state.times_cost() + timing::cost(problem, solution)
}

/// Puts in what can still be put in, so that nothing is left out that anybody has room for.
pub(crate) fn complete(problem: &Problem, best: Solution) -> Solution {
    let mut state = State::of(problem, &best);
    let mut recreate = Recreate::new(problem);
    let mut rng = Rng::new(0, 0);
    loop {
        let mut out = state.left_out();
        let before = state.cost();
        let mark = state.mark();
        if !recreate.put_back_exactly(&mut state, &mut out, &mut rng) {
            state.rollback(mark);
        }
        state.forget();
        if state.cost() >= before {
            return state.solution();
        }
    }
}
