//! The solver against the best plan there is, on tiny days.

use std::sync::atomic::AtomicBool;

use hjemrute_solver::{Budget, Instance, Plan, Problem, render, solve, verify};
use hjemrute_travel::Tables;

use crate::best;
use crate::days::{count, report};
use crate::draw::{Kind, day};
use crate::tally::key;

/// What the solver makes of a day in so many iterations.
pub(crate) fn solved(instance: &Instance, tables: &Tables, iterations: u64) -> Plan {
    let problem = Problem::compile(instance, tables).expect("a drawn day has no faults");
    let cancelled = AtomicBool::new(false);
    let budget = Budget {
        seed: 1,
        iterations: Some(iterations),
        deadline: None,
        threads: 1,
        cancelled: &cancelled,
        progress: &|_| {},
    };
    render(instance, tables, &problem, &solve(&problem, &budget))
}

#[test]
fn the_solver_finds_the_best_plan() {
    let mut worse = Vec::new();
    for seed in 0..count(300) {
        let (instance, tables) = day(seed, Kind::TINY);
        let wanted = best::plan(&instance, &tables);
        let got = solved(
            &instance,
            &tables,
            std::env::var("ITER").ok().and_then(|x| x.parse().ok()).unwrap_or(400),
        );
        let verdict = verify(&instance, &tables, &got);
        let report = || report(seed, &instance, &tables, &[&wanted, &got]);
        assert!(verdict.breaches.is_empty(), "{:#?}\n{}", verdict.breaches, report());
        assert!(key(got.score) >= key(wanted.score), "better than the best: {}", report());
        if key(got.score) != key(wanted.score) {
            worse.push(report());
        }
    }
    assert!(worse.is_empty(), "{} days: {}", worse.len(), worse.join("\n=====\n"));
}
