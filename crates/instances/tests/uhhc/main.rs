//! The unified home healthcare format from end to end: what must be refused, and the shared problems
//! through an evaluator that knows nothing of us, to the last unit of the objective.

#[path = "../common/mod.rs"]
mod common;

use std::path::Path;

use common::{evaluated, planned, shared};
use hjemrute_instances::InstanceError;
use hjemrute_instances::uhhc::Uhhc;
use serde_json::{Value, json};

fn small() -> Value {
    json!({
        "metadata": {
            "origin": "generated",
            "time_window_met": "at_service_start",
            "cost_components": {
                "travel_time": 1, "total_tardiness": 3, "highest_tardiness": 2,
                "total_waiting_time": 1, "total_extra_time": 4, "max_idle_time": 1,
                "caregiver_preferences": 7, "optional_patients": 500, "missed_lunch_break": 60
            }
        },
        "distances": [[0, 10, 20], [10, 0, 15], [20, 15, 0]],
        "terminal_points": [{ "id": "d0", "distance_matrix_index": 0 }],
        "caregivers": [
            { "id": "c1", "abilities": ["s1", "s2"], "departing_point": "d0",
              "arrival_point": "d0", "working_shift": { "start": 0, "end": 400 },
              "lunch_break": true },
            { "id": "c2", "abilities": ["s2"], "departing_point": "d0", "arrival_point": "d0",
              "working_shift": { "start": 0, "end": 240 } },
        ],
        "patients": [
            { "id": "p1", "distance_matrix_index": 1, "optional": true,
              "required_services": [{ "service": "s1", "duration": 30 },
                                    { "service": "s2", "duration": 45 }],
              "synchronization": { "type": "sequential", "distance": { "min": 15, "max": 60 } },
              "time_windows": [{ "start": 60, "end": 120 }] },
            { "id": "p2", "distance_matrix_index": 2, "preferred_caregivers": ["c2"],
              "required_services": [{ "service": "s2", "duration": 30 }],
              "time_windows": [{ "start": 60, "end": 90 }, { "start": 180, "end": 200 }] },
        ],
        "lunch_breaks": { "start": 180, "end": 360, "min_duration": 30 },
    })
}

fn read(problem: &Value) -> Result<Uhhc, InstanceError> {
    Uhhc::read(problem.to_string().as_bytes())
}

#[test]
fn what_the_format_does_not_have_is_refused_by_its_name() {
    let mut problem = small();
    problem["metadata"]["cost_components"]["something_new"] = json!("HARD");
    match read(&problem) {
        Err(InstanceError::Unsupported { field, .. }) => assert_eq!(field, "something_new"),
        other => panic!("{other:?}"),
    }
    problem = small();
    problem["metadata"]["cost_components"]["something_new"] = json!(0);
    problem["patients"][0]["distance_matrix_index"] = json!(3);
    assert!(matches!(read(&problem), Err(InstanceError::Wrong { .. })));
}

/// Every component with a weight, and each one as it must be nothing: they can be read and planned, and cost
/// what they weigh.
#[test]
fn every_component_is_expressed() {
    let components = [
        "travel_time",
        "total_tardiness",
        "highest_tardiness",
        "total_waiting_time",
        "max_waiting_time",
        "total_extra_time",
        "max_idle_time",
        "working_time",
        "workload_balance",
        "caregiver_preferences",
        "incompabilities",
        "qualification",
        "optional_patients",
        "missed_lunch_break",
    ];
    for hard in components.map(Some).into_iter().chain([None]) {
        let mut problem = small();
        for component in components {
            let weight = if hard == Some(component) { json!("HARD") } else { json!(3) };
            problem["metadata"]["cost_components"][component] = weight;
        }
        let day = read(&problem).expect("it is right");
        let plan = planned(&day.instance, &day.tables, 300);
        for (name, amount, cost) in day.objective(&plan).components {
            let weight = if hard == Some(name) { 0 } else { 3 };
            assert_eq!(cost, weight * amount, "{name} where {hard:?} is hard");
        }
    }
}

/// Where qualification has a weight somebody without the ability may come, and is counted.
#[test]
fn a_rule_with_a_weight_may_be_broken_at_its_price() {
    let mut problem = small();
    problem["metadata"]["cost_components"]["qualification"] = json!(2);
    problem["metadata"]["cost_components"]["incompabilities"] = json!(5);
    for caregiver in 0..2 {
        problem["caregivers"][caregiver]["abilities"] = json!(["s1"]);
    }
    problem["patients"][1]["incompatible_caregivers"] = json!(["c1", "c2"]);
    let day = read(&problem).expect("it is right");
    let plan = planned(&day.instance, &day.tables, 300);
    let told = day.objective(&plan).components;
    assert!(plan.unassigned.is_empty(), "{told:?}");
    assert!(told.contains(&("qualification", 2, 4)), "{told:?}");
    assert!(told.contains(&("incompabilities", 1, 5)), "{told:?}");
}

#[test]
fn a_patient_gets_both_services_or_none() {
    let mut problem = small();
    problem["caregivers"][1]["abilities"] = json!(["s3"]);
    problem["patients"][1]["required_services"][0]["service"] = json!("s1");
    let day = read(&problem).expect("it is right");
    let plan = planned(&day.instance, &day.tables, 300);
    let out = day.objective(&plan).components;
    assert_eq!(plan.unassigned.len(), 2, "nobody else has the second skill: {out:?}");
    assert!(out.contains(&("optional_patients", 1, 500)), "{out:?}");
}

/// Where everybody sets out when the shift starts, waiting at the first door counts.
#[test]
fn who_sets_out_when_the_shift_starts_waits_at_the_first_door() {
    let mut problem = small();
    problem["metadata"]["origin"] = json!("bazirha-caie");
    problem["lunch_breaks"] = json!(null);
    problem["patients"][0]["required_services"] = json!([]);
    problem["metadata"]["cost_components"]["total_waiting_time"] = json!(2);
    let day = read(&problem).expect("it is right");
    let plan = planned(&day.instance, &day.tables, 300);
    let told = day.objective(&plan).components;
    assert!(told.contains(&("total_waiting_time", 40, 80)), "from 20 to 60: {told:?}");
}

/// Solves it in so many iterations, and holds every figure of the evaluator against ours.
fn judged(file: &Path, evaluator: &Path, iterations: u64) {
    let problem = Uhhc::read(&std::fs::read(file).expect("it can be read")).expect("it is right");
    let plan = planned(&problem.instance, &problem.tables, iterations);
    let said = evaluated(evaluator, file, &problem.answer(&plan));
    let (ours, name) = (problem.objective(&plan), file.display());
    for (component, amount, cost) in &ours.components {
        let theirs = &said["components"][*component];
        assert_eq!(
            (&theirs["value"], &theirs["cost"]),
            (&json!(amount), &json!(cost)),
            "{name}: {component}"
        );
    }
    assert_eq!(said["objective"], json!(ours.cost), "{name}");
}

#[test]
fn some_of_the_shared_ones() {
    let small = ["000", "001", "003", "005", "008"].map(|name| format!("small/instance-{name}"));
    let others = ["116", "134", "235"].map(|name| format!("validation/i-{name}"));
    for name in small.into_iter().chain(others) {
        let file = shared(&format!("bench/uhhc/{name}.json"));
        let (Some(file), Some(evaluator)) = (file, shared("tools/eval_uhhc.py")) else { return };
        judged(&file, &evaluator, 600);
    }
}

#[test]
#[ignore = "long"]
fn the_large_ones() {
    let folder = shared("bench/uhhc/validation");
    let (Some(folder), Some(evaluator)) = (folder, shared("tools/eval_uhhc.py")) else { return };
    for file in std::fs::read_dir(folder).expect("a folder") {
        judged(&file.expect("a file").path(), &evaluator, 500);
    }
}
