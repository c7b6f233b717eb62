//! The bundle of a made-up day, held against what R4 demands of its resources.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::plan_fhir;
use crate::answer::{ListUnit, Service};
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

/// The names that a receiver of municipal FHIR looks for: no-basis 2.2, VkpCarePlan, and the mapping that
/// docs/API.md tells.
#[test]
fn what_others_look_for_stands_under_its_name() {
    let mut answer = sample::answer();
    let visit =
        answer.plan.work_lists.iter().flat_map(|list| &list.stops).find_map(|stop| match stop {
            hjemrute_solver::Stop::Visit(stop) => Some(stop.visit.0.clone()),
            _ => None,
        });
    let service = Service { system: "9151".into(), code: "15".into() };
    answer.echo.services.insert(visit.clone().unwrap(), service);
    answer.echo.extracted = "2026-11-23T06:05:00+01:00".parse().ok();
    answer.echo.unit =
        ListUnit { municipality: Some("0301".into()), district: Some("030101".into()) };
    let bundle: Value = serde_json::from_slice(&plan_fhir(&answer)).unwrap();
    assert_eq!(bundle["timestamp"], "2026-11-23T05:05:00Z");
    let visit = json!(visit.unwrap());
    let appointments = all(&bundle, "Appointment");
    let is_it = |told: &&(&str, &Value)| told.1["identifier"][0]["value"] == visit;
    let appointment = appointments.iter().find(is_it).unwrap().1;
    let coding = &appointment["serviceType"][0]["coding"][0];
    assert_eq!(coding["system"], "https://finnkode.helsedirektoratet.no/adm/collections/9151");
    assert!(appointment.get("description").is_none());
    let unit = all(&bundle, "Organization")[0].1;
    let address = &unit["address"][0];
    let (district, municipality) =
        (&address["extension"][0], &address["_district"]["extension"][0]);
    assert_eq!(district["valueCoding"]["code"], "030101");
    assert_eq!(municipality["valueCoding"]["code"], "0301");
    for (_, role) in all(&bundle, "PractitionerRole") {
        assert_eq!(role["availableTime"][0]["daysOfWeek"], json!(["mon"]));
        assert!(role["practitioner"]["reference"].is_string());
    }
    for (_, plan) in all(&bundle, "CarePlan") {
        let detail = &plan["activity"][0]["detail"];
        assert!(detail["kind"] == "Appointment" && detail["description"].is_string());
    }
    let task = all(&bundle, "Task")[0].1;
    assert_eq!((&task["status"], &task["focus"]["type"]), (&json!("completed"), &json!("Bundle")));
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
