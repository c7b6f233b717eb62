//! The bundle of a made-up day, held against what R4 demands of its resources.

use std::collections::BTreeSet;

use serde_json::Value;

use super::plan_fhir;
use crate::page::sample;

fn bundle() -> Value {
    serde_json::from_slice(&plan_fhir(&sample::answer())).unwrap()
}

/// The resources of a kind, with their addresses.
fn all<'a>(bundle: &'a Value, kind: &str) -> Vec<(&'a str, &'a Value)> {
    let entries = bundle["entry"].as_array().unwrap().iter();
    let told = entries.map(|entry| (entry["fullUrl"].as_str().unwrap(), &entry["resource"]));
    told.filter(|(_, resource)| resource["resourceType"] == kind).collect()
}

/// Every text under a name, wherever it stands.
fn texts<'a>(value: &'a Value, name: &str, into: &mut Vec<&'a str>) {
    match value {
        Value::Array(all) => all.iter().for_each(|one| texts(one, name, into)),
        Value::Object(fields) => {
            for (field, value) in fields {
                if let (true, Some(text)) = (field == name, value.as_str()) {
                    into.push(text);
                }
                texts(value, name, into);
            }
        }
        _ => {}
    }
}

#[test]
fn every_visit_is_an_appointment_and_stands_in_its_patients_care_plan() {
    let (answer, bundle) = (sample::answer(), bundle());
    let visits = &answer.instance.visits;
    let appointments = all(&bundle, "Appointment");
    assert_eq!(appointments.len(), visits.len());
    for ((_, told), visit) in appointments.iter().zip(visits) {
        assert_eq!(told["identifier"][0]["value"], visit.id.0);
        let is_left_out = answer.plan.unassigned.iter().any(|out| out.visit == visit.id);
        // The invariants app-2 and app-3: start and end together, and none is for what is proposed.
        assert_eq!(told["status"] == "booked", !is_left_out);
        assert_eq!(told.get("start").is_some(), !is_left_out);
        assert_eq!(told.get("start").is_some(), told.get("end").is_some());
        let participants = told["participant"].as_array().unwrap();
        assert_eq!(participants.len(), 2 + visit.carers());
        // app-1: a type or an actor.
        assert!(participants.iter().all(|it| it.get("type").or(it.get("actor")).is_some()));
    }
    let plans = all(&bundle, "CarePlan");
    let activities = plans.iter().map(|(_, plan)| plan["activity"].as_array().unwrap().len());
    assert_eq!(activities.sum::<usize>(), visits.len());
    assert!(plans.iter().all(|(_, plan)| plan["intent"] == "plan" && plan["status"] == "active"));
    let issues = all(&bundle, "OperationOutcome")[0].1["issue"].as_array().unwrap();
    let left_out = answer.plan.unassigned.len() + answer.rejected.len();
    assert_eq!(issues.len(), left_out + answer.plan.warnings.len());
}

#[test]
fn what_is_referred_to_is_there_and_there_once() {
    let bundle = bundle();
    assert_eq!(
        (&bundle["type"], &bundle["meta"]["versionId"]),
        (&"collection".into(), &"3".into())
    );
    let (mut urls, mut references) = (Vec::new(), Vec::new());
    texts(&bundle, "fullUrl", &mut urls);
    texts(&bundle, "reference", &mut references);
    let there: BTreeSet<_> = urls.iter().collect();
    assert_eq!(there.len(), urls.len());
    assert!(references.len() > 10);
    assert!(references.iter().all(|url| there.contains(url)), "{references:?}");
    assert_eq!(super::url("patient", "p 1/å"), "urn:hjemrute:patient:p%201%2F%C3%A5");
}
