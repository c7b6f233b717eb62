//! The format of Mankowska's and Kummer's problems from end to end: one written by hand, what must be
//! refused, and the shared problems through an evaluator that knows nothing of us.

#[path = "../common/mod.rs"]
mod common;

use std::path::Path;

use common::{evaluated, planned, shared};
use hjemrute_instances::InstanceError;
use hjemrute_instances::hhcrsp::{Hhcrsp, Objective};
use serde_json::{Value, json};

fn small() -> Value {
    json!({
        "services": [{ "id": "s1", "default_duration": 10.0 }, { "id": "s2" }],
        "central_offices": [{ "id": "d", "location": [0.0, 0.0] }],
        "patients": [
            { "id": "p1", "time_window": [0.0, 20.0],
              "required_caregivers": [{ "service": "s1" }, { "service": "s2", "duration": 5.5 }],
              "synchronization": { "type": "sequential", "distance": [12, 30] } },
            { "id": "p2", "time_window": [0.0, 5.0],
              "required_caregivers": [{ "service": "s1", "duration": 10.0 }] },
        ],
        "caregivers": [
            { "id": "c1", "abilities": ["s1", "s2"] },
            { "id": "c2", "abilities": ["s2"] },
        ],
        "distances": [[0.0, 10.0, 10.125], [10.0, 0.0, 1.0], [10.125, 1.0, 0.0]],
    })
}

fn read(problem: &Value) -> Result<Hhcrsp, InstanceError> {
    Hhcrsp::read(problem.to_string().as_bytes())
}

#[test]
fn a_small_one_is_read_solved_and_answered() {
    let problem = read(&small()).expect("it is right");
    let plan = planned(&problem.instance, &problem.tables, 300);
    // c1 comes to p2 at 10.125, 5.125 late, then to p1 at 21.125, 1.125 late, and c2 twelve later.
    let Objective { cost, distance, total_tardiness, max_tardiness } = problem.objective(&plan);
    assert_eq!((distance, max_tardiness), (10.125 + 1.0 + 10.0 + 20.0, 13.125));
    assert_eq!(total_tardiness, 5.125 + 1.125 + 13.125);
    assert_eq!(cost, (41.125 + 19.375 + 13.125) / 3.0);
    let answer: Value = serde_json::from_slice(&problem.answer(&plan)).expect("JSON");
    let last = &answer["routes"][1]["locations"][0];
    assert_eq!((&last["service"], &last["arrival_time"]), (&json!("s2"), &json!(33.125)));
    assert_eq!(last["departure_time"], json!(38.625));
}

#[test]
fn two_services_at_once_are_one_visit_of_two_who_can_each_do_one() {
    let mut problem = small();
    problem["patients"][0]["synchronization"] = json!({ "type": "simultaneous" });
    let apart = read(&problem).expect("it is right");
    assert_eq!(apart.instance.visits.len(), 3, "they do not last as long");
    problem["patients"][0]["required_caregivers"][1]["duration"] = json!(10.0);
    let problem = read(&problem).expect("it is right");
    assert_eq!(problem.instance.visits.len(), 2);
    let plan = planned(&problem.instance, &problem.tables, 300);
    // c1 comes to p2 at 10.125, 5.125 late, then with c2 to p1 at 21.125, each 1.125 late.
    let Objective { cost, distance, total_tardiness, max_tardiness } = problem.objective(&plan);
    assert_eq!((distance, max_tardiness), (10.125 + 1.0 + 10.0 + 20.0, 5.125));
    assert_eq!(total_tardiness, 5.125 + 1.125 + 1.125);
    assert_eq!(cost, (41.125 + 7.375 + 5.125) / 3.0);
    let answer: Value = serde_json::from_slice(&problem.answer(&plan)).expect("JSON");
    let last =
        |route: usize| answer["routes"][route]["locations"].as_array().expect("a list").last();
    let services = [0, 1].map(|route| last(route).expect("a stop")["service"].clone());
    assert_eq!(services, [json!("s1"), json!("s2")]);
}

#[test]
fn what_cannot_be_expressed_is_refused() {
    let refused = |change: &dyn Fn(&mut Value)| {
        let mut problem = small();
        change(&mut problem);
        match read(&problem).expect_err("it is wrong") {
            InstanceError::Wrong { field, .. } => field,
            other => panic!("{other}"),
        }
    };
    let of_p1 = |field: &'static str, value: Value| {
        refused(&move |problem| problem["patients"][0][field] = value.clone())
    };
    assert_eq!(of_p1("synchronization", json!({ "type": "independent" })), "synchronization");
    assert_eq!(of_p1("time_window", json!([0.0, 1.00005])), "number");
    assert_eq!(of_p1("required_caregivers", json!([{ "service": "s2" }])), "duration");
    assert_eq!(refused(&|problem| problem["distances"][1] = json!([0.0])), "distances");
}

/// Solves it in so many iterations, and holds the evaluator's figures against ours.
fn judged(file: &Path, evaluator: &Path, iterations: u64) {
    let problem = Hhcrsp::read(&std::fs::read(file).expect("it can be read")).expect("it is right");
    let plan = planned(&problem.instance, &problem.tables, iterations);
    let name = file.display();
    assert!(plan.unassigned.is_empty(), "{name}: {}", plan.unassigned.len());
    let said = evaluated(evaluator, file, &problem.answer(&plan));
    let Objective { cost, distance, total_tardiness, max_tardiness } = problem.objective(&plan);
    let ours = [cost, distance, total_tardiness, max_tardiness];
    let fields = ["cost", "distance", "total_tardiness", "max_tardiness"];
    for (ours, field) in ours.into_iter().zip(fields) {
        let theirs = said[field].as_f64().expect("a number");
        assert!((ours - theirs).abs() < 1e-6, "{name}, {field}: {ours} {theirs}");
    }
}

#[test]
fn some_of_each_kind() {
    let evaluator = shared("tools/eval_hhcrsp.py");
    let small = ["mankowska/InstanzCPLEX_HCSRP_10_1", "mankowska/InstanzCPLEX_HCSRP_25_3"];
    let kummer = ["kummer/HHCRSP_10_3_40_0.8_R_C", "kummer/HHCRSP_50_10_60_0.4_C_RC"];
    for name in small.into_iter().chain(kummer) {
        let file = shared(&format!("bench/hhcrsp/{name}.json"));
        let (Some(file), Some(evaluator)) = (file, &evaluator) else { return };
        judged(&file, evaluator, 300);
    }
}

#[test]
#[ignore = "long"]
fn all_of_them() {
    for set in ["mankowska", "kummer"] {
        let folder = shared(&format!("bench/hhcrsp/{set}"));
        let (Some(folder), Some(evaluator)) = (folder, shared("tools/eval_hhcrsp.py")) else {
            return;
        };
        for file in std::fs::read_dir(folder).expect("a folder") {
            judged(&file.expect("a file").path(), &evaluator, 500);
        }
    }
}
