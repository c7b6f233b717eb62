//! From a day to its plan, by a fixed number of iterations: compile, search, render. What is timed is
//! also looked at: every run gives the same plan, `verify` finds nothing wrong with it, and it leaves
//! out no more than a plan of that many iterations did when this was written.

use std::hint::black_box;
use std::sync::atomic::AtomicBool;
use std::time::Duration;

use criterion::{Criterion, SamplingMode, criterion_group, criterion_main};
use hjemrute_solver::{Budget, Instance, Plan, Problem, render, solve, verify};
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

fn planned(instance: &Instance, tables: &Tables, iterations: u64) -> Plan {
    let problem = Problem::compile(instance, tables).expect("a made day has no faults");
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

criterion_group!(benches, plans);
criterion_main!(benches);
