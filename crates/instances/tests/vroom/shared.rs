//! The shared days: planned in few iterations, judged by an evaluator that knows nothing of us.

use hjemrute_instances::vroom::Vroom;

use crate::common::{evaluated, planned, shared};
use crate::{adds_up, answer};

/// Plans the day, asks the evaluator, and holds its figures against ours.
fn judged(name: &str, iterations: u64, most_left_out: u64) {
    let file = shared(&format!("bench/homecare/{name}.vroom.json"));
    let (Some(file), Some(evaluator)) = (file, shared("tools/eval_vroom.py")) else { return };
    let text = std::fs::read(&file).expect("the day can be read");
    let day = Vroom::read(&text).expect("the day is of the format");
    let plan = planned(&day.instance, &day.tables, iterations);
    let objective = day.objective(&plan);
    assert!(objective.priority_left_out <= most_left_out, "{name}: {objective:?}");
    let answer = answer(&day, &plan);
    adds_up(&serde_json::from_slice(&text).expect("JSON"), &answer);
    let said = evaluated(&evaluator, &file, answer.to_string().as_bytes());
    assert_eq!(said["errors"], serde_json::json!([]), "{name}");
    assert_eq!(said["unassignedPriority"], objective.priority_left_out, "{name}");
    assert_eq!(said["travel"], objective.travel.0, "{name}");
    assert_eq!(said["unassigned"], plan.unassigned.len(), "{name}");
}

#[test]
fn days_of_60() {
    judged("hc_60_6_over", 2000, 40);
    judged("hc_60_6_base", 2000, 20);
}

#[test]
fn days_of_200() {
    judged("hc_200_18_over", 1000, 300);
    judged("hc_200_18_base", 1000, 60);
}

#[test]
fn days_of_500() {
    judged("hc_500_45_over", 100, 500);
    judged("hc_500_45_base", 100, 200);
}

#[test]
fn days_of_1000() {
    judged("hc_1000_90_over", 64, 900);
    judged("hc_1000_90_base", 64, 500);
}
