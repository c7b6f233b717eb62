//! What the search promises, on random days with every rule in them.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use super::rng::Rng;
use super::samples::{count, day};
use super::{Budget, Progress, first, improve, solve};
use crate::exact::partition::Limits;
use crate::problem::Problem;
use crate::score::Rate;
use crate::solution::Solution;
use crate::verify::verify;
use crate::{Plan, render};

/// To put routes together for as long as it takes.
pub(super) const FREE: Limits<'_> = Limits { nodes: 200, seconds: None, stop: &|| false };

fn silent(_: Progress) {}

fn planned(
    visits: usize,
    carers: usize,
    seed: u64,
    iterations: u64,
    threads: usize,
) -> (Solution, Plan) {
    let (instance, tables) = day(visits, carers, seed);
    let problem = Problem::compile(&instance, &tables).expect("a sample day has no faults");
    let cancelled = AtomicBool::new(false);
    let budget = Budget {
        seed,
        iterations: Some(iterations),
        deadline: None,
        threads,
        cancelled: &cancelled,
        progress: &silent,
    };
    let solution = solve(&problem, &budget);
    let plan = render(&instance, &tables, &problem, &solution);
    let verdict = verify(&instance, &tables, &plan);
    assert_eq!(verdict.breaches, []);
    (solution, plan)
}

/// Under debug assertions every kept iteration recounts its cost from scratch.
#[test]
fn plans_of_random_days_are_right() {
    for seed in 0..count(40) {
        planned(30, 5, seed, 600, 1);
    }
}

#[test]
fn a_seed_gives_the_same_plan_on_one_thread_and_on_two() {
    for seed in 0..3 {
        let one = planned(60, 8, seed, 2000, 1).1;
        for threads in [2, 3, 8] {
            assert_eq!(one, planned(60, 8, seed, 2000, threads).1);
        }
    }
}

#[test]
fn a_search_that_is_cancelled_at_once_has_a_plan_all_the_same() {
    for (visits, carers, seed) in [(30, 5, 1), (200, 30, 2), (420, 80, 3)] {
        let (instance, tables) = day(visits, carers, seed);
        let problem = Problem::compile(&instance, &tables).expect("no faults");
        let cancelled = AtomicBool::new(true);
        let budget = Budget {
            seed,
            iterations: None,
            deadline: None,
            threads: 2,
            cancelled: &cancelled,
            progress: &silent,
        };
        let plan = render(&instance, &tables, &problem, &solve(&problem, &budget));
        assert_eq!(verify(&instance, &tables, &plan).breaches, []);
        assert!(plan.unassigned.len() * 2 < visits, "{} of {visits}", plan.unassigned.len());
    }
}

/// From first to last: while the first plan is made, while regret betters it, in an iteration, between
/// rounds, while routes are put together.
#[test]
fn a_search_cancelled_at_any_moment_has_a_plan_no_worse_than_the_first() {
    let mut rng = Rng::new(7, 7);
    for seed in 0..count(16) {
        let (visits, carers) = [(20, 4), (60, 9), (200, 30), (820, 150)][seed as usize % 4];
        let (mut instance, tables) = day(visits, carers, seed);
        if visits > 800 {
            // The largest of all is no group's affair, and so there are groups.
            (instance.policy.worst_late, instance.policy.worst_idle) = (Rate(0), Rate(0));
        }
        let problem = Problem::compile(&instance, &tables).expect("no faults");
        let first = first(&problem);
        let cancelled = AtomicBool::new(false);
        let budget = Budget {
            seed,
            iterations: seed.is_multiple_of(3).then_some(10_000_000),
            deadline: Some(Instant::now() + Duration::from_secs(600)),
            threads: 1 + seed as usize % 2,
            cancelled: &cancelled,
            progress: &silent,
        };
        let moment = Duration::from_micros(rng.below(150_000) as u64);
        let found = std::thread::scope(|scope| {
            scope.spawn(|| {
                std::thread::sleep(moment);
                cancelled.store(true, Ordering::Relaxed);
            });
            solve(&problem, &budget)
        });
        let told = |solution: &Solution| render(&instance, &tables, &problem, solution);
        let plan = told(&found);
        assert_eq!(verify(&instance, &tables, &plan).breaches, [], "day {seed}, {moment:?}");
        assert!(plan.score <= told(&first).score, "day {seed}, {moment:?}");
    }
}

#[test]
fn a_plan_that_is_handed_in_is_never_made_worse() {
    for seed in 0..count(24) {
        let (visits, carers) = [(20, 4), (60, 9)][seed as usize % 2];
        let (instance, tables) = day(visits, carers, seed);
        let problem = Problem::compile(&instance, &tables).expect("no faults");
        let told = |solution: &Solution| render(&instance, &tables, &problem, solution);
        let mut solution = planned(visits, carers, seed, 500, 1).0;
        for (cancelled, iterations) in [(true, 1), (false, 64), (false, 700)] {
            let cancelled = AtomicBool::new(cancelled);
            let budget = Budget {
                seed: seed + 1,
                iterations: Some(iterations),
                deadline: None,
                threads: 1,
                cancelled: &cancelled,
                progress: &silent,
            };
            let better = improve(&problem, &solution, &budget);
            let plan = told(&better);
            assert_eq!(verify(&instance, &tables, &plan).breaches, []);
            assert!(plan.score <= told(&solution).score, "day {seed}");
            solution = better;
        }
    }
}

#[test]
fn more_iterations_find_better_plans() {
    let cost =
        |iterations| -> i64 { (0..4).map(|seed| planned(60, 7, seed, iterations, 2).0.cost).sum() };
    assert!(cost(4000) < cost(64));
}

#[test]
fn a_day_without_visits_or_without_carers_is_a_plan_too() {
    assert!(planned(0, 3, 1, 100, 1).1.unassigned.is_empty());
    let (mut instance, tables) = day(5, 1, 1);
    instance.carers.clear();
    let problem = Problem::compile(&instance, &tables).expect("no carers is no fault");
    let cancelled = AtomicBool::new(false);
    let budget = Budget {
        seed: 1,
        iterations: Some(10),
        deadline: None,
        threads: 1,
        cancelled: &cancelled,
        progress: &silent,
    };
    let plan = render(&instance, &tables, &problem, &solve(&problem, &budget));
    assert_eq!(plan.unassigned.len(), 5);
}

/// The later visit must begin within eight hours, so the earlier one is late as far as it may be.
#[test]
fn a_critical_visit_pulls_the_one_it_follows_with_it() {
    let (instance, tables) = crate::notation::parse(
        "travel car 120 s/km
place BASE 0,0
place A 1000,0
visit v1 at A 20 min window 07:45-09:45 normal
visit v2 at A 10 min window 19:45-20:15 time-critical after v1 120 min to 480 min
carer c1 07:30-15:00 from BASE car break 30 min 10:00-12:00
carer c2 15:00-22:30 from BASE car break 30 min 17:30-19:30
",
    )
    .expect("a day");
    let problem = Problem::compile(&instance, &tables).expect("no faults");
    let cancelled = AtomicBool::new(false);
    let budget = Budget {
        seed: 1,
        iterations: Some(100),
        deadline: None,
        threads: 1,
        cancelled: &cancelled,
        progress: &silent,
    };
    let plan = render(&instance, &tables, &problem, &solve(&problem, &budget));
    assert_eq!(plan.unassigned, []);
}
