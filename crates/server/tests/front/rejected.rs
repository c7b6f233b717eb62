//! Lists of which a part is wrong, and the mode that takes the rest: what is left out, what that
//! drags along, and that no visit is ever dropped in silence.

use hjemrute_server::{Answer, plan_json};
use serde_json::{Value, json};

use crate::common::*;

/// The rejected visits with the code and the cause of their first fault.
fn rejected(answer: &Answer) -> Vec<(&str, &str, Option<&str>)> {
    let first = answer.rejected.iter().map(|(id, faults)| (id, &faults[0]));
    first.map(|(id, fault)| (id.0.as_str(), fault.code, fault.caused_by.as_deref())).collect()
}

fn left_out(answer: &Answer) -> Vec<(&str, &str)> {
    answer.left_out.iter().map(|fault| (fault.code, fault.pointer.as_str())).collect()
}

#[test]
fn a_visit_with_a_fault_is_rejected_with_those_that_must_follow_it() {
    let answer = planned(&lenient(with("/visits/0/durationMinutes", json!(0))));
    assert_eq!(
        rejected(&answer),
        [
            ("v1", "duration-out-of-range", None),
            ("v2", "dragged-along", Some("/visits/0/durationMinutes"))
        ]
    );
    assert_eq!(answer.instance.visits.len(), 1);
}

#[test]
fn a_place_that_is_not_found_takes_its_patient_and_their_visits_along() {
    let answer = planned(&lenient(with("/locations/2/address/street", json!("Ingensteds gate"))));
    let cause = "/locations/2/address";
    assert_eq!(rejected(&answer), [("v3", "address-unknown", Some(cause))]);
    assert!(answer.rejected[0].1[0].detail.nb.starts_with("L2: "));
    assert_eq!(
        left_out(&answer),
        [("address-unknown", cause), ("address-unknown", "/patients/1/location")]
    );
}

#[test]
fn a_carer_with_a_fault_stays_home_and_so_do_the_visits_pinned_to_that_carer() {
    let answer = planned(&lenient(with("/carers/1/shift/end", json!("07:00"))));
    assert_eq!(rejected(&answer), [("v3", "dragged-along", Some("/carers/1/shift"))]);
    assert_eq!(left_out(&answer), [("shift-empty", "/carers/1/shift")]);
    assert_eq!(answer.plan.warnings[0].code, "rejected-carer");
    assert_eq!(answer.plan.work_lists.len(), 1);
}

#[test]
fn a_fault_of_the_list_itself_refuses_it_in_every_mode() {
    assert_eq!(refused(lenient(with("/vists", json!([]))).to_string())[0].code, "unknown-field");
}

#[test]
fn what_stands_under_ext_comes_back_where_it_belongs() {
    let mut list = with("/ext", json!({"batch": [1, 2.50]}));
    list = changed(list, "/visits/0/ext", json!("a"));
    list = changed(list, "/visits/2/ext", json!({"b": null}));
    list = changed(list, "/visits/2/status", json!("cancelled"));
    list = changed(list, "/carers/0/ext", json!(true));
    list = changed(list, "/patients/0/ext", json!([]));
    list = changed(list, "/locations/0/ext", json!(7));
    let plan: Value = serde_json::from_slice(&plan_json(&planned(&list))).unwrap();
    assert_eq!(plan["ext"], json!({"batch": [1, 2.50]}));
    assert_eq!(plan["workLists"][0]["ext"], json!(true));
    let stops = plan["workLists"][0]["stops"].as_array().unwrap();
    let v1 = stops.iter().find(|stop| stop["visit"] == "v1").unwrap();
    assert_eq!(v1["ext"], json!("a"));
    assert_eq!(plan["unassigned"][0]["reason"]["code"], json!("cancelled"));
    assert_eq!(plan["unassigned"][0]["ext"], json!({"b": null}));
    assert_eq!(plan["patients"], json!([{"ref": "p-1", "ext": []}]));
    assert_eq!(plan["locations"], json!([{"id": "BASE", "ext": 7}]));
}

#[test]
fn ext_is_handed_back_as_it_was_written() {
    let body =
        with("/ext", json!("here")).to_string().replace("\"here\"", "{ \"x\": 1e999, \"x\": 1.50}");
    let plan = String::from_utf8(plan_json(&plan(body.as_bytes()).unwrap())).unwrap();
    assert!(plan.contains("{ \"x\": 1e999, \"x\": 1.50}"));
}

#[test]
fn the_file_names_what_was_rejected_and_why() {
    let list = lenient(with("/carers/1/shift/end", json!("07:00")));
    let plan: Value = serde_json::from_slice(&plan_json(&planned(&list))).unwrap();
    let rejected = plan["rejected"].as_array().unwrap();
    assert_eq!(rejected[0]["visit"], json!("v3"));
    assert_eq!(rejected[0]["faults"][0]["causedBy"], json!("/carers/1/shift"));
    assert_eq!(rejected[1]["carer"], json!("c-2"));
    for said in ["detail", "detailNb", "fix", "fixNb"] {
        assert!(rejected[1]["faults"][0][said].is_string());
    }
}
