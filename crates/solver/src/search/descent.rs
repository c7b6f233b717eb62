//! Local search around visits that have just been put somewhere: moves that bring a visit beside one
//! that lies near it, each made at once if it lowers the cost (granular neighbourhoods: Toth and Vigo
//! 2003, doi:10.1287/ijoc.15.4.333.24890). Which moves there are is told by `operators`, what they come
//! to by `moves`.

use super::insertion::{Blink, best_in_route, best_placement};
use super::moves::{Move, Pricing};
use super::operators::{OPERATORS, Operator, Pair, moves};
use super::ruin::Near;
use super::state::State;
use crate::problem::{FAR, JobId, TaskId};

/// How many of a visit's neighbours it is brought beside.
const NEAR: usize = 12;

/// What the descent works with.
#[derive(Debug, Default)]
pub(crate) struct Descent {
    pricing: Pricing,
    /// How many moves were looked at: the work it was.
    pub(crate) looked_at: u64,
}

impl Descent {
    /// Moves the visits, and what they meet, as long as that lowers the cost.
    pub(crate) fn around(&mut self, state: &mut State<'_>, near: &Near, jobs: &[JobId]) {
        for job in jobs {
            for task in state.problem.job(*job).tasks() {
                while self.improve(state, near, task) {}
            }
        }
    }

    /// Makes room for a visit that nobody makes: a neighbour goes elsewhere, or if that is better is
    /// left out in its place. Tells who then is; `None` where nothing is gained.
    pub(crate) fn eject(
        &mut self,
        state: &mut State<'_>,
        near: &Near,
        job: JobId,
    ) -> Option<Vec<JobId>> {
        let problem = state.problem;
        // What two carers do is linked too.
        let is_single = |job: JobId| !problem.job(job).linked && !problem.job(job).held;
        if !is_single(job) || state.is_done(job) {
            return None;
        }
        for &other in near.to(job).iter().skip(1).take(NEAR) {
            let route = state.route_of(TaskId(problem.job(other).tasks.start));
            let Some(vehicle) = route.filter(|_| is_single(other)) else { continue };
            self.looked_at += 1;
            let (mark, before) = (state.mark(), state.guided());
            let mut out = Vec::new();
            let fits = state.remove(&[other], &mut out)
                && best_in_route(state, job, vehicle).is_some_and(|(_, seat)| state.insert(&seat));
            let elsewhere = fits.then(|| best_placement(state, other, -FAR, &mut Blink::Never));
            let kept = match elsewhere.flatten() {
                Some((cost, seat)) if cost < problem.job(other).drop.0 => state.insert(&seat),
                _ => fits,
            };
            if kept && state.guided() < before {
                out.retain(|job| !state.is_done(*job));
                return Some(out);
            }
            state.rollback(mark);
        }
        None
    }

    /// Prices every move of an operator around every visit that is not ruled out at a glance, and makes none.
    pub(super) fn price_all(&mut self, state: &mut State<'_>, near: &Near, operator: Operator) {
        let problem = state.problem;
        for task in (0..problem.tasks.len() as u32).map(TaskId) {
            for job in near.to(problem.tasks[task.ix()].job).iter().skip(1).take(NEAR) {
                let other = TaskId(problem.job(*job).tasks.start);
                let Some(pair) = Pair::of(state, task, other, 0) else { continue };
                moves(state, operator, &pair, |state, change| {
                    self.looked_at += 1;
                    let _ = change.change(state, 0, &mut self.pricing);
                    false
                });
            }
        }
    }

    /// Makes the first move found for the task that lowers the cost.
    fn improve(&mut self, state: &mut State<'_>, near: &Near, task: TaskId) -> bool {
        let problem = state.problem;
        let mut traded = false;
        for job in near.to(problem.tasks[task.ix()].job).iter().skip(1).take(NEAR) {
            for other in problem.job(*job).tasks() {
                let Some(pair) = Pair::of(state, task, other, 0) else { continue };
                // Whole routes are traded with the nearest other route only.
                let whole = pair.is_of_two() && !std::mem::replace(&mut traded, true);
                let operators = OPERATORS.into_iter().filter(|op| whole || *op != Operator::Routes);
                for operator in operators {
                    if moves(state, operator, &pair, |state, change| self.take(state, change, 0)) {
                        return true;
                    }
                }
            }
        }
        false
    }

    /// Makes the move if it changes the cost by less than `below`.
    fn take(&mut self, state: &mut State<'_>, change: &Move, below: i64) -> bool {
        self.looked_at += 1;
        let Some(priced) = change.change(state, below, &mut self.pricing) else { return false };
        let (before, exact) = (state.guided(), change.is_free(state));
        let mark = state.mark();
        let kept = state.remake(change.remade(state)) && state.guided() < before + below;
        debug_assert!(!exact || kept && state.guided() == before + priced, "{change:?}: {priced}");
        if !kept {
            state.rollback(mark);
        }
        kept
    }
}

#[cfg(test)]
mod tests {
    use super::super::construct;
    use super::super::samples::{count, day};
    use super::*;
    use crate::problem::Problem;
    use crate::score::{Cost, Rate};

    /// Moves that make plans worse are made too. Each is held against its price when it is made
    /// (`take`), and everything against a recount.
    #[test]
    fn every_operator_comes_to_what_it_was_priced_at() {
        let mut made = [0; OPERATORS.len()];
        for seed in 0..count(40) {
            let (mut instance, tables) = day(36, 7, seed);
            // Prices that look at all routes, and breaks that may be missed.
            instance.policy.balance = Rate(seed as i32 % 3);
            instance.policy.missed_break = (seed % 4 == 1).then_some(Cost(20_000));
            let problem = Problem::compile(&instance, &tables).expect("a sample day has no faults");
            let near = Near::of(&problem);
            let mut state = State::of(&problem, &construct::greedy(&problem));
            let mut descent = Descent::default();
            if seed % 2 == 0 {
                state.guide();
            }
            for (turn, task) in (0..problem.tasks.len() as u32).map(TaskId).enumerate() {
                let job = problem.tasks[task.ix()].job;
                let other = near.to(job)[1 + turn % 9];
                let other = TaskId(problem.job(other).tasks.start);
                for (operator, made) in OPERATORS.into_iter().zip(&mut made) {
                    let below = 60_000 * (turn as i64 % 3);
                    let Some(pair) = Pair::of(&state, task, other, below) else { continue };
                    let took =
                        |state: &mut State<'_>, change: &Move| descent.take(state, change, below);
                    *made += u32::from(moves(&mut state, operator, &pair, took));
                    assert_eq!(state.guided(), state.recount());
                    state.forget();
                }
            }
        }
        assert!(made.iter().all(|made| *made > 0), "{made:?}");
    }

    #[test]
    fn making_room_lowers_the_cost_and_tells_who_is_out() {
        let mut made = 0;
        for seed in 0..count(30) {
            let (instance, tables) = day(40, 4, seed);
            let problem = Problem::compile(&instance, &tables).expect("a sample day has no faults");
            let near = Near::of(&problem);
            let mut state = State::of(&problem, &construct::greedy(&problem));
            for job in state.left_out() {
                let before = (state.cost(), state.left_out().len());
                let Some(out) = Descent::default().eject(&mut state, &near, job) else { continue };
                made += 1;
                assert!(state.cost() < before.0 && state.cost() == state.recount());
                assert_eq!(state.left_out().len() + 1, before.1 + out.len());
                assert!(state.is_done(job) && out.iter().all(|job| !state.is_done(*job)));
                state.forget();
            }
        }
        assert!(made > 0);
    }
}
