//! The solver against the best plan there is, on tiny days.

use std::sync::atomic::AtomicBool;

use hjemrute_solver::{Budget, Instance, Plan, Problem, render, solve, verify};
use hjemrute_travel::Tables;

use crate::best;
use crate::days::{count, report};
use crate::draw::{Kind, day};
use crate::tally::key;

/// What the solver makes of a day in so many iterations; none where the day cannot be meant.
pub(crate) fn solved(instance: &Instance, tables: &Tables, iterations: u64) -> Option<Plan> {
    let problem = match Problem::compile(instance, tables) {
        Ok(problem) => problem,
        Err(faults) => {
            assert!(!faults.is_empty());
            if std::env::var("FAULTS").is_ok() {
                eprintln!("{faults:#?}");
            }
            return None;
        }
    };
    let cancelled = AtomicBool::new(false);
    let budget = Budget {
        seed: 1,
        iterations: Some(iterations),
        deadline: None,
        threads: 1,
        cancelled: &cancelled,
        progress: &|_| {},
    };
    Some(render(instance, tables, &problem, &solve(&problem, &budget)))
}

#[test]
fn the_solver_finds_the_best_plan() {
    let (mut worse, mut solved_days) = (Vec::new(), 0);
    let iterations = std::env::var("ITER").ok().and_then(|x| x.parse().ok()).unwrap_or(400);
    for seed in 0..count(300) {
        let (instance, tables) = day(seed, Kind::TINY);
        let Some(got) = solved(&instance, &tables, iterations) else { continue };
        let wanted = best::plan(&instance, &tables);
        let verdict = verify(&instance, &tables, &got);
        let report = || report(seed, &instance, &tables, &[&wanted, &got]);
        assert!(verdict.breaches.is_empty(), "{:#?}\n{}", verdict.breaches, report());
        assert!(
            key(&instance, &got) >= key(&instance, &wanted),
            "better than the best: {}",
            report()
        );
        if key(&instance, &got) != key(&instance, &wanted) {
            worse.push(report());
        }
        solved_days += 1;
    }
    assert!(worse.is_empty(), "{} of {solved_days} days: {}", worse.len(), worse.join("\n=====\n"));
}
