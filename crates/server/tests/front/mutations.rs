//! Whatever is done to a list: it never panics, it is never answered with nothing, no visit is lost,
//! and no value of it is repeated in a fault.

use std::collections::BTreeMap;

use hjemrute_server::{Answer, FAULT_CODES, InputFault, PlanningError};
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::common::*;

/// Nobody's name; looks like free text on a patient.
const CANARY: &str = "Kari Nordmann er redd for hunder";

fn judge(body: &[u8]) -> Result<(), TestCaseError> {
    match plan(body) {
        Ok(answer) => conserved(body, &answer),
        Err(PlanningError::Refused(faults)) => {
            prop_assert!(!faults.is_empty());
            faults.iter().try_for_each(well_told)
        }
        Err(error) => Err(TestCaseError::fail(error.to_string())),
    }
}

fn well_told(fault: &InputFault) -> Result<(), TestCaseError> {
    let said = [&fault.detail.en, &fault.detail.nb, &fault.fix.en, &fault.fix.nb];
    prop_assert!(FAULT_CODES.contains(&fault.code));
    prop_assert!(fault.pointer.is_empty() || fault.pointer.starts_with('/'));
    prop_assert!(said.iter().all(|text| !text.is_empty()));
    prop_assert!(!said.iter().any(|text| text.contains(CANARY)), "{}", fault.detail.en);
    prop_assert!(!fault.pointer.contains(CANARY));
    Ok(())
}

/// Every visit of the list is on the work lists, left out, or rejected; exactly one of them.
fn conserved(body: &[u8], answer: &Answer) -> Result<(), TestCaseError> {
    // A number too large for any float can stand in what was rejected, and this reader minds it.
    let Ok(list) = serde_json::from_slice::<Value>(body) else { return Ok(()) };
    let mut told: BTreeMap<&str, usize> = BTreeMap::new();
    let assigned: std::collections::BTreeSet<&str> = answer
        .plan
        .work_lists
        .iter()
        .flat_map(|list| &list.stops)
        .filter_map(|stop| match stop {
            hjemrute_solver::Stop::Visit(stop) => Some(stop.visit.0.as_str()),
            _ => None,
        })
        .collect();
    let out = answer.plan.unassigned.iter().map(|out| out.visit.0.as_str());
    let rejected = answer.rejected.iter().map(|(visit, _)| visit.0.as_str());
    assigned
        .into_iter()
        .chain(out)
        .chain(rejected)
        .for_each(|id| *told.entry(id).or_default() += 1);
    let asked = list["visits"].as_array().map_or(0, Vec::len);
    prop_assert!(told.values().all(|&times| times == 1));
    prop_assert_eq!(told.len(), asked);
    Ok(())
}

/// Every pointer to a value of the list.
fn pointers(value: &Value, at: String, all: &mut Vec<String>) {
    match value {
        Value::Object(fields) => {
            for (name, value) in fields {
                pointers(value, format!("{at}/{name}"), all);
            }
        }
        Value::Array(items) => {
            for (index, value) in items.iter().enumerate() {
                pointers(value, format!("{at}/{index}"), all);
            }
        }
        _ => {}
    }
    if !at.is_empty() {
        all.push(at);
    }
}

fn anything() -> impl Strategy<Value = Value> {
    prop_oneof![
        Just(Value::Null),
        Just(json!(CANARY)),
        Just(json!([])),
        Just(json!({})),
        Just(json!({"id": CANARY})),
        Just(json!([CANARY])),
        any::<bool>().prop_map(Value::Bool),
        any::<f64>().prop_map(|number| json!(number)),
        (-3i64..3_000).prop_map(|number| json!(number)),
        (0u32..50, 0u32..61).prop_map(|(h, m)| json!(format!("{h:02}:{m:02}"))),
        prop_oneof!["v1", "v2", "v3", "c-1", "c-2", "p-1", "L1", "L2", "BASE"]
            .prop_map(|id| json!(id)),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn any_values_may_be_put_anywhere(
        changes in prop::collection::vec((any::<prop::sample::Index>(), anything()), 1..4),
        accept in any::<bool>(),
    ) {
        let mut list = if accept { lenient(list()) } else { list() };
        for (which, value) in changes {
            let mut all = Vec::new();
            pointers(&list, String::new(), &mut all);
            // An id may be repeated in a fault; everything else may not.
            all.retain(|at| !(at.ends_with("/id") || at.ends_with("/ref")));
            list = changed(list, &all[which.index(all.len())], value);
        }
        judge(list.to_string().as_bytes())?;
    }

    #[test]
    fn any_bytes_may_be_changed(
        edits in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>(), 0u8..3), 1..4),
    ) {
        let mut body = lenient(list()).to_string().into_bytes();
        for (at, byte, how) in edits {
            let at = at.index(body.len());
            match how {
                0 => body[at] = byte,
                1 => body.insert(at, byte),
                _ => body.truncate(at.max(1)),
            }
        }
        judge(&body)?;
    }
}

#[test]
fn entries_may_be_taken_away_and_named_after_each_other() {
    for section in ["locations", "patients", "visits", "carers"] {
        for index in 0..list()[section].as_array().unwrap().len() {
            let mut fewer = lenient(list());
            fewer[section].as_array_mut().unwrap().remove(index);
            judge(fewer.to_string().as_bytes()).unwrap();
            let mut twice = lenient(list());
            let again = twice[section][index].clone();
            twice[section].as_array_mut().unwrap().push(again);
            judge(twice.to_string().as_bytes()).unwrap();
        }
    }
}
