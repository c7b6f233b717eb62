//! What the tests of the front door share: the demo town, a small list in it with nothing wrong,
//! and ways to make it wrong.

use std::path::Path;
use std::sync::OnceLock;
use std::sync::atomic::AtomicBool;

use hjemrute_osm::Roads;
use hjemrute_server::{Answer, InputFault, Limits, Order, PlanningError, make_plan};
use hjemrute_solver::{Budget, Policy};
use serde_json::{Value, json};

/// The demo town.
pub(crate) fn roads() -> &'static Roads {
    static ROADS: OnceLock<Roads> = OnceLock::new();
    ROADS.get_or_init(|| {
        let town = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../data/demo/lillevik.osm.pbf");
        Roads::read(&town, None).expect("the demo town is part of the repository")
    })
}

/// The list of the demo town.
pub(crate) fn demo_day() -> Vec<u8> {
    let day = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../data/demo/day.json");
    std::fs::read(day).expect("the demo day is part of the repository")
}

/// Three visits to two patients by two carers, all or nothing, and nothing wrong with it.
pub(crate) fn list() -> Value {
    json!({
        "schemaVersion": "1.0", "listId": "small", "version": 1,
        "day": "2026-11-23", "timeZone": "Europe/Oslo",
        "locations": [
            {"id": "BASE", "position": {"lat": 60.2192594, "lon": 7.6502952}},
            {"id": "L1", "position": {"lat": 60.2217177, "lon": 7.6615138}, "accessMinutes": 1},
            {"id": "L2", "address": {"municipalityNumber": "9999", "street": "Møllegata", "number": 29,
                "postalCode": "9999"}, "accessMinutes": 2, "access": "e-lock"}
        ],
        "patients": [{"ref": "p-1", "location": "L1"}, {"ref": "p-2", "location": "L2"}],
        "visits": [
            {"id": "v1", "patient": "p-1", "durationMinutes": 20, "criticality": "important",
                "window": {"earliestStart": "08:00", "latestStart": "09:00"},
                "skills": {"allOf": ["medikament"]}, "continuity": {"primary": "c-1"}},
            {"id": "v2", "patient": "p-1", "durationMinutes": 15.5,
                "gap": {"after": "v1", "minMinutes": 120, "maxMinutes": 300}},
            {"id": "v3", "patient": "p-2", "durationMinutes": 30, "carers": 2,
                "windows": [{"earliestStart": "10:00", "latestStart": "11:00"},
                    {"earliestStart": "13:00", "latestStart": "14:00"}],
                "pinned": {"carer": "c-2"}}
        ],
        "carers": [
            {"ref": "c-1", "skills": ["medikament"], "shift": {"start": "07:30", "end": "15:00"},
                "travel": {"mode": "car", "vehicle": "car-1"}, "start": "BASE",
                "break": {"minutes": 30, "earliest": "10:30", "latest": "12:30", "paid": true,
                    "place": "anywhere"}, "overtime": {"maxMinutes": 30}},
            {"ref": "c-2", "shift": {"start": "07:30", "end": "15:00"}, "travel": {"mode": "foot"},
                "start": "BASE", "end": "BASE"}
        ]
    })
}

/// The list with one value changed; the last step of the pointer may be a new field.
pub(crate) fn with(pointer: &str, value: Value) -> Value {
    changed(list(), pointer, value)
}

/// A list with one value changed.
pub(crate) fn changed(mut list: Value, pointer: &str, value: Value) -> Value {
    let (parent, field) = pointer.rsplit_once('/').expect("a pointer into the list");
    match list.pointer_mut(parent).expect("there is such a parent") {
        Value::Array(items) if field == "-" => items.push(value),
        Value::Array(items) => items[field.parse::<usize>().expect("an index")] = value,
        parent => parent[field] = value,
    }
    list
}

/// The list without one field.
pub(crate) fn without(pointer: &str) -> Value {
    let mut list = list();
    let (parent, field) = pointer.rsplit_once('/').expect("a pointer into the list");
    let parent = list.pointer_mut(parent).and_then(Value::as_object_mut).expect("an object");
    parent.remove(field).expect("there is such a field");
    list
}

/// The list, but what is good of it is planned.
pub(crate) fn lenient(list: Value) -> Value {
    changed(list, "/mode", json!("accept-valid"))
}

/// Plans a body with a few rounds of search.
pub(crate) fn plan(body: &[u8]) -> Result<Answer, PlanningError> {
    let policy = Policy::standard();
    let never = AtomicBool::new(false);
    let order = Order {
        limits: Limits::SERVICE,
        policy: &policy,
        budget: Budget {
            seed: 1,
            iterations: Some(20),
            deadline: None,
            threads: 1,
            cancelled: &never,
            progress: &|_| {},
        },
        prove: None,
        stage: &|_| {},
    };
    make_plan(body, roads(), &order)
}

/// Plans a list that has nothing wrong, or only what its mode accepts.
pub(crate) fn planned(list: &Value) -> Answer {
    plan(list.to_string().as_bytes()).unwrap_or_else(|error| panic!("{error}"))
}

/// The faults of a list that must be refused.
pub(crate) fn refused(body: impl AsRef<str>) -> Vec<InputFault> {
    match plan(body.as_ref().as_bytes()) {
        Err(PlanningError::Refused(faults)) => faults,
        Err(error) => panic!("{error}"),
        Ok(_) => panic!("it was planned"),
    }
}

/// The faults of a list as `(code, pointer)`.
pub(crate) fn told(list: &Value) -> Vec<(&'static str, String)> {
    refused(list.to_string()).into_iter().map(|fault| (fault.code, fault.pointer)).collect()
}
