//! How good a plan is proven to be: the bound beside the search, on a thread of its own, and the bound
//! of a plan that is read again. Knows how long, not how.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Instant;

use hjemrute_solver::{
    Bound, Breach, Budget, Effort, Instance, MOST_VISITS, Problem, Proof, Said, Score, Solution,
    prove, proven, render, solve,
};
use hjemrute_travel::Tables;

use crate::planning::Proving;

/// How many iterations find the plan that the proof begins with, while the search is under way.
const FIRST: u64 = 2000;

/// How many stretches of routes are looked at for the bound in the time of one iteration of the
/// search: as much work again.
const PER_ITERATION: u64 = 500;

/// A day to be searched.
#[derive(Clone, Copy)]
pub(crate) struct Day<'a> {
    pub(crate) instance: &'a Instance,
    pub(crate) tables: &'a Tables,
    pub(crate) problem: &'a Problem,
}

impl Day<'_> {
    /// The best plan within the budget, and what is proved of the day. Against the clock the proof
    /// is looked for beside the search and ends with it; where iterations are counted, after it.
    pub(crate) fn solve_and_prove(
        self,
        budget: &Budget<'_>,
        proving: Proving<'_>,
    ) -> (Solution, Option<Proof>) {
        match budget.deadline {
            _ if self.problem_is_large() => (solve(self.problem, budget), None),
            Some(deadline) if budget.iterations.is_none() => {
                self.side_by_side(budget, deadline, proving)
            }
            _ => {
                let solution = solve(self.problem, budget);
                let work = budget.iterations.unwrap_or(0).saturating_mul(PER_ITERATION);
                let late = || budget.deadline.is_some_and(|deadline| Instant::now() >= deadline);
                let stop = || budget.cancelled.load(Ordering::Relaxed) || late();
                let proved = proving.told;
                let effort = Effort { work, half: &|| false, stop: &stop, proved };
                let proof = self.prove(&solution, effort);
                (solution, proof)
            }
        }
    }

    fn problem_is_large(self) -> bool {
        self.instance.visits.len() > MOST_VISITS
    }

    fn side_by_side(
        self,
        budget: &Budget<'_>,
        deadline: Instant,
        Proving { told: proved, gives_way }: Proving<'_>,
    ) -> (Solution, Option<Proof>) {
        let over = AtomicBool::new(false);
        let stop = || {
            over.load(Ordering::Relaxed)
                || budget.cancelled.load(Ordering::Relaxed)
                || Instant::now() >= deadline
        };
        let began = Instant::now();
        let middle = began + deadline.saturating_duration_since(began) / 2;
        let half = || Instant::now() >= middle;
        let short = Budget { iterations: Some(FIRST), threads: 1, progress: &|_| {}, ..*budget };
        std::thread::scope(|scope| {
            let prover = scope.spawn(|| {
                if gives_way {
                    give_way();
                }
                let first = solve(self.problem, &short);
                self.prove(&first, Effort { work: u64::MAX, half: &half, stop: &stop, proved })
            });
            let solution = solve(self.problem, budget);
            over.store(true, Ordering::Relaxed);
            (solution, prover.join().ok().flatten())
        })
    }

    fn prove(self, solution: &Solution, effort: Effort<'_>) -> Option<Proof> {
        let Day { instance, tables, problem } = self;
        let score = render(instance, tables, problem, solution).score;
        prove(instance, problem, solution, &score, effort)
    }
}

/// Has this thread run only where nobody else wants the processor. Linux weighs each thread by itself;
/// elsewhere the whole process would give way, and nothing is done.
fn give_way() {
    #[cfg(target_os = "linux")]
    let _ = rustix::process::setpriority_process(None, 19);
}

/// Adds the certificate of a plan's bound up again, for a plan of that score.
pub(crate) fn breaches(
    instance: &Instance,
    tables: &Tables,
    score: &Score,
    bound: &Bound,
) -> Vec<Breach> {
    let Ok(problem) = Problem::compile(instance, tables) else { return Vec::new() };
    let proves = proven(instance, &problem, score, bound);
    if proves.is_some_and(|proves| proves >= bound.total.0) {
        return Vec::new();
    }
    let said = bound.total.0;
    let (en, nb) = match proves {
        Some(proves) => (
            format!("the bound is said to be {said}, but its prices prove {proves}"),
            format!("grensen er oppgitt til {said}, men prisene beviser {proves}"),
        ),
        None => (
            "the prices of the bound are not those of this list".to_owned(),
            "prisene bak grensen hører ikke til denne listen".to_owned(),
        ),
    };
    let detail = Said::new(en, nb);
    vec![Breach { rule: "bound-unproven", visit: None, carer: None, detail }]
}
