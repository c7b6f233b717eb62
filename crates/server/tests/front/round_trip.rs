//! A plan that was written can be read and held against its list again; one that was changed in any
//! way that matters is caught; the same work gives the same bytes.

use hjemrute_server::{Checked, Limits, PlanningError, check_plan, plan_json};
use hjemrute_solver::Policy;
use serde_json::{Value, json};

use crate::common::*;

fn check(list: &[u8], plan: &[u8]) -> Result<Checked, PlanningError> {
    check_plan(list, plan, roads(), &Limits::SERVICE, &Policy::standard())
}

/// What is written of the plan for a list.
fn file(list: &str) -> Value {
    let answer = plan(list.as_bytes()).unwrap_or_else(|error| panic!("{error}"));
    serde_json::from_slice(&plan_json(&answer)).expect("it is JSON")
}

/// The rules that the plan of the small list breaks after one change.
fn broken(pointer: &str, value: Value) -> Vec<&'static str> {
    let list = lenient(list()).to_string();
    let plan = changed(file(&list), pointer, value).to_string();
    let checked = check(list.as_bytes(), plan.as_bytes()).unwrap_or_else(|error| panic!("{error}"));
    checked.breaches.into_iter().map(|breach| breach.rule).collect()
}

#[test]
fn the_plan_of_the_demo_day_is_read_back_and_clean() {
    let answer = plan(&demo_day()).unwrap();
    let file = plan_json(&answer);
    let checked = check(&demo_day(), &file).unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(checked.breaches, []);
    assert_eq!(checked.score, answer.plan.score);
    assert_eq!(plan_json(&plan(&demo_day()).unwrap()), file, "byte for byte");
}

/// The key of p-2's door hangs at p-1's, and the break is at the base.
#[test]
fn a_plan_with_keys_and_a_break_at_a_place_is_read_back_and_clean() {
    let list =
        changed(with("/locations/2/access", json!("key")), "/locations/2/keyAt", json!("L1"));
    let list = changed(list, "/carers/0/break/place", json!("BASE")).to_string();
    let file = file(&list);
    let checked = check(list.as_bytes(), file.to_string().as_bytes()).unwrap();
    assert_eq!(checked.breaches, []);
    let stops = file["workLists"].as_array().unwrap().iter();
    let stops: Vec<&Value> = stops.flat_map(|list| list["stops"].as_array().unwrap()).collect();
    let of = |kind: &str| stops.iter().filter(|stop| stop["kind"] == kind).collect::<Vec<_>>();
    assert_eq!(of("key").len(), 2, "one of the two fetches it and brings it back");
    assert!(of("key").iter().all(|stop| stop["location"] == "L1"));
    assert_eq!(of("break")[0]["location"], "BASE");
}

#[test]
fn a_plan_for_another_list_is_no_plan_for_this_one() {
    assert_eq!(broken("/version", json!(2)), ["other-list"]);
    assert_eq!(broken("/listId", json!("large")), ["other-list"]);
    assert_eq!(broken("/rejected", json!([{"visit": "v1", "faults": []}])), ["rejected-unfounded"]);
}

#[test]
fn what_the_file_says_twice_must_agree() {
    assert_eq!(broken("/workLists/0/mode", json!("bike")), ["mode-differs"]);
    assert_eq!(broken("/workLists/0/start", json!("2026-11-23T07:00:00+01:00")), ["span-differs"]);
    assert_eq!(broken("/workLists/0/stops/1/patient", json!("p-2")), ["patient-differs"]);
    assert_eq!(broken("/workLists/0/stops/1/location", json!("L2")), ["location-differs"]);
}

#[test]
fn a_rejected_visit_must_be_told() {
    let list = lenient(with("/visits/0/durationMinutes", json!(0))).to_string();
    let plan = file(&list);
    let silent = changed(plan, "/rejected", json!([{"visit": "v2"}, {"visit": "v2"}])).to_string();
    let checked = check(list.as_bytes(), silent.as_bytes()).unwrap();
    let rules: Vec<_> = checked.breaches.iter().map(|breach| breach.rule).collect();
    assert_eq!(rules, ["rejected-missing", "rejected-twice"]);
}

#[test]
fn the_form_of_a_plan_is_as_strict_as_that_of_a_list() {
    let list = list().to_string();
    let plan = file(&list);
    let cases = [
        ("/workLists/0/stops/1/start", json!("2026-11-23T08:00:00Z"), "time-malformed"),
        ("/workLists/0/stops/1/start", json!("2026-11-23T08:00:00+02:00"), "time-malformed"),
        ("/workLists/0/stops/1/begin", json!(1), "unknown-field"),
        ("/workLists/0/stops/0/location", json!("L9"), "unknown-reference"),
        ("/score/total", json!("much"), "wrong-type"),
        ("/unassigned", json!([{"visit": "v1"}]), "missing-field"),
        ("/warnings", json!([{"code": "odd", "detail": "", "detailNb": ""}]), "unknown-value"),
    ];
    for (pointer, value, code) in cases {
        let wrong = changed(plan.clone(), pointer, value).to_string();
        let Err(PlanningError::Refused(faults)) = check(list.as_bytes(), wrong.as_bytes()) else {
            panic!("{pointer} was accepted");
        };
        assert_eq!(faults[0].code, code, "{pointer}");
    }
}
