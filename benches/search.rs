//! From a day to its plan, by a fixed number of iterations: compile, search, render. What is timed is
//! also looked at: every run gives the same plan, `verify` finds nothing wrong with it, and it leaves
//! out no more than a plan of that many iterations did when this was written. Then what that is made of:
//! the first plan, one iteration, the moves of each operator, a stretch joined to the rest of a route.

use std::hint::black_box;
use std::sync::atomic::AtomicBool;
use std::time::Duration;

use criterion::{Criterion, SamplingMode, criterion_group, criterion_main};
use hjemrute_solver::{Budget, Instance, Plan, Problem, Timed, render, solve, timed, verify};
use hjemrute_travel::Tables;

mod made;

/// How many visits, how many iterations, and how many visits may be left out at the most.
const DAYS: [(usize, u64, usize); 3] = [(60, 2000, 6), (200, 1000, 20), (1000, 200, 100)];

fn plans(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("plan");
    group
        .sample_size(10)
        .sampling_mode(SamplingMode::Flat)
        .warm_up_time(Duration::from_millis(500))
        .measurement_time(Duration::from_secs(8));
    for (visits, iterations, most_left_out) in DAYS {
        let (instance, tables) = made::day(visits);
        let wanted = planned(&instance, &tables, iterations);
        assert_eq!(verify(&instance, &tables, &wanted).breaches, []);
        let left_out = wanted.unassigned.len();
        assert!(left_out <= most_left_out, "{visits} visits: {left_out} left out");
        group.bench_function(format!("{visits} visits, {iterations} iterations"), |bencher| {
            bencher.iter(|| {
                let plan = planned(black_box(&instance), &tables, iterations);
                assert_eq!(plan.score, wanted.score);
                plan
            });
        });
    }
    group.finish();
}

/// What a search is made of, each by itself.
fn steps(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("step");
    group
        .sample_size(10)
        .warm_up_time(Duration::from_millis(300))
        .measurement_time(Duration::from_secs(2));
    for (visits, _, most_left_out) in DAYS {
        let (instance, tables) = made::day(visits);
        let problem = Problem::compile(&instance, &tables).expect("a made day has no faults");
        group.bench_function(format!("first plan of {visits} visits"), |bencher| {
            bencher.iter(|| {
                let never_begun = AtomicBool::new(true);
                let first = solve(&problem, &budget(&never_begun, 1));
                let plan = render(&instance, &tables, &problem, &first);
                assert!(plan.unassigned.len() <= 3 * most_left_out, "{}", plan.unassigned.len());
                plan
            });
        });
        let never = AtomicBool::new(false);
        timed(&problem, &budget(&never, 1), |worker| {
            group.bench_function(format!("one iteration, {visits} visits"), |bencher| {
                bencher.iter(|| worker.iterate());
            });
        });
    }
    let (instance, tables) = made::day(200);
    let problem = Problem::compile(&instance, &tables).expect("a made day has no faults");
    let never = AtomicBool::new(false);
    timed(&problem, &budget(&never, 1), |worker| {
        let wanted = worker.join();
        assert!(wanted.0 > 100 && wanted.1 > 0, "{wanted:?}");
        group.bench_function(format!("{} stretches joined", wanted.0), |bencher| {
            bencher.iter(|| assert_eq!(worker.join(), wanted));
        });
        for (nth, operator) in Timed::operators().iter().enumerate() {
            let moves = worker.price(nth);
            assert!(moves > 0, "{operator}");
            group.bench_function(format!("{operator}, {moves} moves priced"), |bencher| {
                bencher.iter(|| assert_eq!(worker.price(nth), moves));
            });
        }
    });
    group.finish();
}

fn planned(instance: &Instance, tables: &Tables, iterations: u64) -> Plan {
    let problem = Problem::compile(instance, tables).expect("a made day has no faults");
    let cancelled = AtomicBool::new(false);
    render(instance, tables, &problem, &solve(&problem, &budget(&cancelled, iterations)))
}

fn budget(cancelled: &AtomicBool, iterations: u64) -> Budget<'_> {
    Budget {
        seed: 1,
        iterations: Some(iterations),
        deadline: None,
        threads: 1,
        cancelled,
        progress: &|_| {},
    }
}

criterion_group!(benches, plans, steps);
criterion_main!(benches);
