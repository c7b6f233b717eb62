//! Questions about a plan in hand, on days of the shared folder (skipped where that is not at hand): a
//! new visit at a new door, a move by hand, an explanation. What is timed is all that happens once
//! the day is loaded; that the answers are right is asserted first.

#![allow(clippy::print_stdout, reason = "what is not measured is told")]

use std::hint::black_box;
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;
use std::time::Duration;

use criterion::{Criterion, criterion_group, criterion_main};
use hjemrute_osm::Roads;
use hjemrute_server::{
    Limits, LoadedDay, LoadedPlan, Order, explain, make_plan, plan_json, suggestions, try_moves,
};
use hjemrute_solver::{Budget, Policy, Status};
use serde_json::{Value, json};

/// The days, each with the iterations its plan is given.
const DAYS: [(&str, u64); 2] = [("gamle-oslo-200-1", 2000), ("all-1500-5", 2000)];

fn shared() -> Option<PathBuf> {
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared");
    let shared = std::env::var_os("HJEMRUTE_SHARED").map_or(beside, PathBuf::from).join("data");
    shared.is_dir().then_some(shared)
}

fn planned(list: &[u8], roads: &Roads, iterations: u64) -> Vec<u8> {
    let (policy, never) = (Policy::standard(), AtomicBool::new(false));
    let order = Order {
        limits: Limits::PROGRAM,
        policy: &policy,
        budget: Budget {
            seed: 1,
            iterations: Some(iterations),
            deadline: None,
            threads: 2,
            cancelled: &never,
            progress: &|_| {},
        },
        prove: None,
        stage: &|_| {},
    };
    plan_json(&make_plan(list, roads, &order).expect("the days can be planned"))
}

/// A visit at a door that the list does not have.
fn new_visit() -> Vec<u8> {
    json!({
        "id": "new", "durationMinutes": 20, "criticality": "important",
        "window": {"earliestStart": "10:00", "latestStart": "11:30"},
        "patient": {"ref": "p-new", "location": {"id": "L-new", "accessMinutes": 2,
            "position": {"lat": 59.9139, "lon": 10.7622}}}
    })
    .to_string()
    .into_bytes()
}

fn questions(criterion: &mut Criterion) {
    let Some(shared) = shared() else {
        println!("not measured: the shared data are not at hand");
        return;
    };
    let roads = Roads::read(&shared.join("osm/oslo-center-entur.osm.pbf"), None).expect("a map");
    for (name, iterations) in DAYS {
        let list = std::fs::read(shared.join(format!("days/{name}.json"))).expect("a day");
        let plan = planned(&list, &roads, iterations);
        let policy = Policy::standard();
        let load = || {
            let day = LoadedDay::of(&list, &roads, &Limits::PROGRAM, &policy).expect("a list");
            LoadedPlan::of(day, (&plan, None), &Limits::PROGRAM).expect("a plan of it")
        };
        let loaded = load();
        let mut group = criterion.benchmark_group(format!("questions {name}"));
        group.sample_size(10).measurement_time(Duration::from_secs(4));
        group.bench_function("load", |bencher| bencher.iter(|| black_box(load())));
        let visit = new_visit();
        group.bench_function("surroundings", |bencher| {
            bencher.iter(|| black_box(loaded.day().surroundings(&roads)));
        });
        let around = loaded.day().surroundings(&roads);
        let ask = || {
            let here = (&roads, &around);
            suggestions(&loaded, here, &visit, 5, &Limits::PROGRAM).expect("a visit")
        };
        assert_eq!(ask().plans.len(), 5);
        group.bench_function("suggest 5", |bencher| bencher.iter(|| black_box(ask())));
        let of = &loaded.plan().work_lists;
        let from = of.iter().find(|list| list.visits().count() > 3).expect("somebody is out");
        let moved = from.visits().nth(2).expect("a third").visit.0.clone();
        let to = of.iter().find(|list| list.carer != from.carer && !list.stops.is_empty());
        let to = &to.expect("somebody else is").carer.0;
        let moves = json!({"moves": [{"visit": moved, "carers": [to], "before": Value::Null}]});
        let moves = moves.to_string().into_bytes();
        let change = || try_moves(&loaded, &moves, &Limits::PROGRAM).expect("both are there");
        group.bench_function("move one", |bencher| bencher.iter(|| black_box(change())));
        group.bench_function("explain one that is made", |bencher| {
            bencher.iter(|| black_box(explain(&loaded, &moved)));
        });
        let planned = |id: &hjemrute_solver::VisitId| {
            let mut visits = loaded.day().instance().visits.iter();
            visits.any(|visit| visit.id == *id && visit.status == Status::Planned)
        };
        let out = loaded.plan().unassigned.iter().find(|out| planned(&out.visit));
        if let Some(out) = out {
            group.bench_function("explain one that is left out", |bencher| {
                bencher.iter(|| black_box(explain(&loaded, &out.visit.0)));
            });
        }
        group.finish();
    }
}

criterion_group!(benches, questions);
criterion_main!(benches);
