//! Every way in which a list can be wrong: the code and the pointer that are told, one change at a
//! time to a list with nothing wrong.

use hjemrute_travel::{Mode, Position};
use serde_json::{Value, json};

use crate::common::*;

/// One change to the list, and the faults that must be told of it.
fn check(list: &Value, wanted: &[(&str, &str)]) {
    let told = told(list);
    let told: Vec<(&str, &str)> = told.iter().map(|(code, at)| (*code, at.as_str())).collect();
    assert_eq!(told, wanted);
}

/// A change to one value that is told where it stands.
fn check_at(pointer: &str, value: Value, code: &str) {
    check(&with(pointer, value), &[(code, pointer)]);
}

#[test]
fn the_list_of_these_tests_has_nothing_wrong() {
    let answer = planned(&list());
    assert_eq!(answer.plan.unassigned, []);
    // c-2 works seven and a half hours, and the list gives no break.
    let codes: Vec<_> = answer.plan.warnings.iter().map(|warning| warning.code).collect();
    assert_eq!(codes, ["break-short"]);
}

#[test]
fn a_body_that_is_no_json_is_told_by_line_and_column() {
    let fault = &refused("{\n \"visits\": nonsense}")[0];
    assert_eq!((fault.code, fault.pointer.as_str()), ("malformed-json", ""));
    assert!(fault.detail.en.starts_with("Line 2, column 12"), "{}", fault.detail.en);
    assert_eq!(refused("[".repeat(17))[0].code, "too-deep");
    assert_eq!(refused(format!("[{}1]", "1,".repeat(400_000)))[0].code, "too-many-values");
    assert_eq!(refused(" ".repeat((10 << 20) + 1))[0].code, "body-too-large");
    assert_eq!(refused("[]")[0].code, "wrong-type");
}

#[test]
fn form_is_strict() {
    check_at("/visits/0/window/latestStrat", json!("09:00"), "unknown-field");
    check_at("/vists", json!([]), "unknown-field");
    check_at("/visits/0/durationMinutes", json!("20"), "wrong-type");
    check_at("/visits/0/window", Value::Null, "wrong-type");
    check_at("/visits/0/window/latestStart", json!("9:00"), "time-malformed");
    check_at("/day", json!("23.11.2026"), "time-malformed");
    check_at("/day", json!("9999-12-31"), "day-out-of-range");
    check_at("/timeZone", json!("Oslo"), "time-zone-unknown");
    check_at("/schemaVersion", json!("2.0"), "version-unknown");
    check_at("/visits/0/criticality", json!("urgent"), "unknown-value");
    check_at("/visits/2/id", json!("line\nbreak"), "text-malformed");
    check_at("/version", json!(-1), "number-out-of-range");
    check_at("/visits/2/carers", json!(1.5), "number-out-of-range");
    check_at("/visits/2/windows", json!([]), "number-out-of-range");
    check(&without("/visits/0/patient"), &[("missing-field", "/visits/0/patient")]);
    check(&without("/day"), &[("missing-field", "/day")]);
    check(
        &with("/visits/0/windows", json!([{"earliestStart": "08:00", "latestStart": "09:00"}])),
        &[("either-or", "/visits/0")],
    );
    check(&without("/locations/1/position"), &[("either-or", "/locations/1")]);
    check_at("/visits/2/skillsEach", json!([{"allOf": []}]), "skills-each-mismatch");
}

#[test]
fn a_misspelt_field_is_told_with_the_name_that_was_meant() {
    let faults = refused(with("/visits/0/window/latestStrat", json!("09:00")).to_string());
    assert!(
        faults[0].fix.en.contains("`latestStart`") && faults[0].fix.nb.contains("`latestStart`")
    );
}

#[test]
fn a_key_that_stands_twice_is_a_fault() {
    let body = list().to_string().replacen("\"version\":1", "\"version\":1,\"version\":2", 1);
    assert_eq!(refused(&body)[0].code, "duplicate-key");
    assert_eq!(refused(&body)[0].pointer, "/version");
}

#[test]
fn all_faults_are_told_at_once() {
    let mut list = with("/visits/0/durationMinutes", json!(0));
    list = changed(list, "/visits/1/gap/after", json!("v9"));
    list = changed(list, "/locations/1/position", json!({"lat": 0, "lon": 0}));
    list = changed(list, "/carers/1/travel/mode", json!("horse"));
    list = changed(list, "/extra", json!(1));
    check(
        &list,
        &[
            ("unknown-field", "/extra"),
            ("null-island", "/locations/1/position"),
            ("duration-out-of-range", "/visits/0/durationMinutes"),
            ("unknown-value", "/carers/1/travel/mode"),
        ],
    );
    // A visit that follows nothing is found once the entries themselves can be read.
    check(
        &with("/visits/1/gap/after", json!("v9")),
        &[("unknown-reference", "/visits/1/gap/after")],
    );
}

#[test]
fn ids_stand_once_and_references_lead_somewhere() {
    let twice = with("/visits/2/id", json!("v1"));
    let both = [("duplicate-visit-id", "/visits/0/id"), ("duplicate-visit-id", "/visits/2/id")];
    check(&twice, &both);
    check(&lenient(twice), &both);
    let again = list()["carers"][1].clone();
    check(
        &with("/carers/-", again),
        &[("duplicate-id", "/carers/1/ref"), ("duplicate-id", "/carers/2/ref")],
    );
    check_at("/visits/0/patient", json!("p-9"), "unknown-reference");
    check_at("/patients/0/location", json!("L9"), "unknown-reference");
    check_at("/carers/0/start", json!("L9"), "unknown-reference");
    check_at("/carers/1/end", json!("L9"), "unknown-reference");
}

#[test]
fn places_are_found_or_told() {
    check_at("/locations/1/position", json!({"lat": 0, "lon": 0.0}), "null-island");
    check_at(
        "/locations/1/position",
        json!({"lat": 7.6615, "lon": 60.2217}),
        "coordinates-swapped",
    );
    check_at("/locations/1/position", json!({"lat": 59.91, "lon": 10.75}), "outside-area");
    check_at("/locations/2/address/number", json!(0), "number-out-of-range");
    check(
        &with("/locations/1/position/lat", json!(1e308)),
        &[("number-out-of-range", "/locations/1/position/lat")],
    );
    check(
        &with("/locations/1/position", json!({"lat": 60.2300, "lon": 7.6300})),
        &[("not-on-map", "/locations/1/position")],
    );
    let faults = refused(with("/locations/2/address/number", json!(2900)).to_string());
    assert_eq!(
        (faults[0].code, faults[0].pointer.as_str()),
        ("address-unknown", "/locations/2/address")
    );
    assert!(
        faults[0].detail.nb.contains("Møllegata"),
        "the nearest are shown: {}",
        faults[0].detail.nb
    );
}

#[test]
fn times_and_lengths_make_sense() {
    check_at(
        "/visits/0/window",
        json!({"earliestStart": "22:00", "latestStart": "02:00"}),
        "window-empty",
    );
    for minutes in [json!(0), json!(-5), json!(721), json!(0.001)] {
        check_at("/visits/0/durationMinutes", minutes, "duration-out-of-range");
    }
    check_at("/carers/0/shift", json!({"start": "22:00", "end": "07:30"}), "shift-empty");
    check(&with("/carers/0/break/minutes", json!(121)), &[("break-infeasible", "/carers/0/break")]);
}

#[test]
fn visits_that_depend_on_each_other_can() {
    check_at("/visits/1/gap", json!({"after": "v2"}), "impossible-dependency");
    check_at(
        "/visits/1/gap",
        json!({"after": "v1", "minMinutes": 60, "maxMinutes": 30}),
        "impossible-dependency",
    );
    check_at("/visits/2/gap", json!({"after": "v1", "minMinutes": 540}), "impossible-dependency");
    let mut circle = with("/visits/0/gap", json!({"after": "v2"}));
    circle = changed(circle, "/visits/1/gap", json!({"after": "v1"}));
    check(
        &circle,
        &[("impossible-dependency", "/visits/0/gap"), ("impossible-dependency", "/visits/1/gap")],
    );
}

#[test]
fn pins_are_kept_or_refused() {
    check(
        &with("/visits/2/pinned", json!({"carer": "c-9"})),
        &[("unknown-reference", "/visits/2/pinned/carer")],
    );
    check(
        &with("/visits/0/pinned", json!({"carer": "c-2"})),
        &[("pin-infeasible", "/visits/0/pinned/carer")],
    );
    check(
        &with("/visits/2/continuity", json!({"avoid": ["c-2"]})),
        &[("pin-infeasible", "/visits/2/pinned/carer")],
    );
    check(
        &with("/visits/0/pinned", json!({"start": "07:59"})),
        &[("pin-infeasible", "/visits/0/pinned/start")],
    );
    check(
        &with("/visits/0/pinned", json!({"start": "10:01"})),
        &[("pin-infeasible", "/visits/0/pinned/start")],
    );
    let kept = planned(&with("/visits/0/pinned", json!({"carer": "c-1", "start": "08:10"})));
    assert_eq!(kept.plan.unassigned, []);
}

/// Each by itself could be kept, but two fill more than the shift, and a double visit needs them both.
#[test]
fn pins_that_cannot_be_kept_together_refuse_the_list() {
    let long = with("/visits/0/pinned", json!({"carer": "c-1"}));
    let long = changed(long, "/visits/0/durationMinutes", json!(300));
    let long = changed(long, "/visits/1/pinned", json!({"carer": "c-1"}));
    let long = changed(long, "/visits/1/durationMinutes", json!(300));
    let codes: Vec<_> = told(&lenient(long)).into_iter().map(|(code, _)| code).collect();
    assert_eq!(codes, ["pin-infeasible", "pin-infeasible"]);
}

#[test]
fn a_car_has_one_driver_at_a_time() {
    let travel = json!({"mode": "car", "vehicle": "car-1"});
    check(
        &with("/carers/1/travel", travel),
        &[("vehicle-taken-twice", "/carers/1/travel/vehicle")],
    );
}

#[test]
fn a_key_has_a_place_and_a_place_is_on_the_list() {
    check_at("/locations/2/access", json!("key"), "key-mismatch");
    check_at("/locations/2/keyAt", json!("BASE"), "key-mismatch");
    check_at("/carers/0/break/place", json!("nowhere"), "unknown-reference");
}

#[test]
fn a_visit_is_made_by_one_or_two() {
    check_at("/visits/2/carers", json!(3), "number-out-of-range");
}

#[test]
fn a_part_of_a_visit_is_for_the_second_of_two_and_no_longer_than_it() {
    let part = |minutes: u32| json!({"kind": "part", "minutes": minutes, "from": "start"});
    check_at("/visits/0/overlap", part(15), "overlap-mismatch");
    check_at("/visits/2/overlap", part(31), "overlap-mismatch");
    planned(&with("/visits/2/overlap", json!({"kind": "whole-visit"})));
    assert_eq!(planned(&with("/visits/2/overlap", part(30))).instance.visits.len(), 3);
    assert_eq!(planned(&with("/visits/2/overlap", part(15))).instance.visits.len(), 4);
}

#[test]
fn minutes_that_depend_on_the_carer_are_for_one_carer() {
    let by_carer = json!({"usual": 20, "carers": [{"ref": "c-1", "minutes": 35}]});
    check_at("/visits/2/durationMinutes", by_carer.clone(), "either-or");
    planned(&with("/visits/0/durationMinutes", by_carer));
    let wrong = json!({"c-1": 20});
    check(
        &with("/visits/0/durationMinutes", wrong),
        &[
            ("missing-field", "/visits/0/durationMinutes/usual"),
            ("missing-field", "/visits/0/durationMinutes/carers"),
            ("unknown-field", "/visits/0/durationMinutes/c-1"),
        ],
    );
}

#[test]
fn a_published_plan_that_is_not_given_is_asked_for() {
    check_at("/publishedPlan", json!({"planId": "plan-1"}), "published-plan-missing");
}

#[test]
fn too_many_visits_or_carers_are_told_by_the_limit() {
    let visit = |n: usize| json!({"id": format!("x{n}"), "patient": "p-1", "durationMinutes": 10});
    let many = |n: usize| Value::Array((0..n).map(visit).collect());
    check(&with("/visits", many(5_001)), &[("too-many-visits", "/visits")]);
    let carer = list()["carers"][1].clone();
    check(&with("/carers", Value::Array(vec![carer; 501])), &[("too-many-carers", "/carers")]);
}

#[test]
fn nothing_to_do_and_nobody_to_do_it_are_no_faults() {
    let idle = planned(&with("/visits", json!([])));
    assert_eq!(idle.plan.warnings[0].code, "no-visits");
    assert!(idle.plan.work_lists.iter().all(|list| list.stops.is_empty()));
    let mut alone = without("/visits/2/pinned");
    alone = changed(alone, "/carers", json!([]));
    let alone = planned(&alone);
    assert_eq!(alone.plan.warnings[0].code, "no-carers");
    let reasons: Vec<_> = alone.plan.unassigned.iter().map(|out| out.reason.code.name()).collect();
    assert_eq!(reasons, ["no-carer-on-shift"; 3]);
    planned(&changed(with("/visits", json!([])), "/carers", json!([])));
}

#[test]
fn doubts_are_warnings() {
    let again = list()["visits"][0].clone();
    let doubted = planned(&with("/visits/-", changed(again, "/id", json!("v4"))));
    assert_eq!(doubted.plan.warnings[0].code, "possible-duplicate-visit");
    assert_eq!(doubted.plan.warnings[0].visit.as_ref().map(|id| id.0.as_str()), Some("v4"));
}

/// Some hundred metres into the woods a path goes on, and no road.
#[test]
fn a_door_that_a_way_of_travelling_does_not_reach_is_told_with_the_metres() {
    let (box_, step) = (roads().bounds(), 2_000);
    let lons = || (box_.south_west.lon..box_.north_east.lon).step_by(step);
    let lats = (box_.south_west.lat..box_.north_east.lat).step_by(step);
    let mut grid = lats.flat_map(|lat| lons().map(move |lon| Position { lon, lat }));
    let refused = |place: &Position| roads().snap(Mode::Car, *place, None).err()?.metres;
    let on_foot = |place: &Position| roads().snap(Mode::Foot, *place, None).is_ok();
    let woods = grid.find(|place| refused(place).is_some() && on_foot(place)).expect("a path");
    let position = json!({"lon": woods.lon_degrees(), "lat": woods.lat_degrees()});
    let list = with("/locations/1/position", position);
    let answer = planned(&list);
    let told: Vec<_> = answer.plan.warnings.iter().filter(|it| it.code == "cut-off").collect();
    let visits: Vec<_> = told.iter().filter_map(|it| Some(it.visit.as_ref()?.0.as_str())).collect();
    assert_eq!(visits, ["v1", "v2"]);
    let metres = refused(&woods).expect("it was");
    assert!(told[0].detail.nb.contains(&format!("med bil: nærmeste vei er {metres} m unna")));
    let out = |id: &str| answer.plan.unassigned.iter().find(|out| out.visit.0 == id);
    assert_eq!(out("v1").map(|out| out.reason.code.name()), Some("unreachable-by-mode"));
}
