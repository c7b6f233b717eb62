//! What the contract has beside windows and skills, from the list to the work lists and back: helpers
//! for a part of a visit, minutes that depend on the carer, preferred starts, cars that are shared,
//! and what would let a visit in.

use hjemrute_server::{Limits, check_by_hand, check_plan, plan_json};
use hjemrute_solver::Policy;
use serde_json::{Value, json};

use crate::common::*;

/// The `plan.json` of a list, which is read again and breaks no rule.
fn clean(list: &Value) -> Value {
    let body = list.to_string();
    let file = plan_json(&plan(body.as_bytes()).unwrap_or_else(|error| panic!("{error}")));
    let policy = Policy::standard();
    let checked = check_plan(body.as_bytes(), &file, roads(), &Limits::SERVICE, &policy);
    assert_eq!(checked.unwrap_or_else(|error| panic!("{error}")).breaches, []);
    serde_json::from_slice(&file).expect("it is JSON")
}

/// Who makes the visit, each with the stop.
fn made<'p>(plan: &'p Value, visit: &str) -> Vec<(&'p str, &'p Value)> {
    let lists = plan["workLists"].as_array().expect("lists").iter();
    let stops = lists.flat_map(|list| {
        let carer = list["carer"].as_str().expect("a carer");
        list["stops"].as_array().expect("stops").iter().map(move |stop| (carer, stop))
    });
    stops.filter(|(_, stop)| stop["visit"] == visit).collect()
}

fn clock(at: &Value) -> &str {
    &at.as_str().expect("an instant")[11..16]
}

fn helped(from: &str) -> Value {
    let list = with("/visits/2/overlap", json!({"kind": "part", "minutes": 10, "from": from}));
    let list = changed(
        list,
        "/visits/2/windows",
        json!([
            {"earliestStart": "10:30", "latestStart": "10:30"}
        ]),
    );
    changed(list, "/visits/2/pinned", json!({}))
}

#[test]
fn a_helper_comes_for_the_first_or_the_last_minutes() {
    for (from, begins, ends) in [("start", "10:30", "10:40"), ("end", "10:50", "11:00")] {
        let plan = clean(&helped(from));
        let both = made(&plan, "v3");
        assert_eq!(both.len(), 2, "conservation: as often as it has carers");
        let is_helper = |stop: &Value| stop["part"] == "helper";
        let (helper, stays) = match is_helper(both[0].1) {
            true => (both[0], both[1]),
            false => (both[1], both[0]),
        };
        assert!(is_helper(helper.1) && !is_helper(stays.1));
        assert_eq!((clock(&helper.1["start"]), clock(&helper.1["leave"])), (begins, ends));
        assert_eq!((clock(&stays.1["start"]), clock(&stays.1["leave"])), ("10:30", "11:00"));
        assert_eq!(helper.1["with"], json!([stays.0]));
        assert_eq!(stays.1["with"], json!([helper.0]));
    }
}

#[test]
fn a_visit_without_its_helper_is_left_out_once() {
    let mut list =
        changed(helped("start"), "/visits/2/skillsEach", json!([{}, {"allOf": ["løft"]}]));
    list["carers"][0]["skills"] = json!(["medikament"]);
    let plan = clean(&list);
    let out: Vec<&Value> = plan["unassigned"].as_array().expect("a list").iter().collect();
    assert_eq!(out.len(), 1);
    assert_eq!(out[0]["visit"], "v3");
    assert_eq!(out[0]["reason"]["code"], "needs-two-carers");
    assert_eq!(plan["score"]["levels"]["normalLeftOut"], 1);
    // Of whoever learns it, the visit can be made.
    assert!(out[0]["wouldFit"]["change"].as_str().is_some_and(|change| change.contains("løft")));
}

#[test]
fn a_plan_by_hand_may_say_who_helps() {
    let list = helped("end").to_string();
    let stop = |visit: &str| json!({"visit": visit});
    let hand = |first: Value, second: Value| {
        let lists = json!([
            {"carer": "c-1", "stops": [stop("v1"), first, stop("v2")]},
            {"carer": "c-2", "stops": [second]}
        ]);
        let hand = json!({"schemaVersion": "1.0", "workLists": lists}).to_string();
        let (limits, policy) = (Limits::SERVICE, Policy::standard());
        let checked =
            check_by_hand((list.as_bytes(), hand.as_bytes(), None), roads(), &limits, &policy);
        let checked = checked.unwrap_or_else(|error| panic!("{error}"));
        checked.breaches().iter().map(|breach| breach.rule).collect::<Vec<_>>()
    };
    let helps = json!({"visit": "v3", "part": "helper"});
    assert_eq!(hand(stop("v3"), helps.clone()), [""; 0]);
    assert_eq!(hand(helps, stop("v3")), [""; 0]);
    assert_eq!(hand(stop("v3"), stop("v3")), [""; 0]);
}

#[test]
fn a_visit_lasts_as_long_as_its_carer_takes() {
    let lasts = json!({"usual": 20, "carers": [{"ref": "c-1", "minutes": 35}]});
    let list = with("/visits/0/durationMinutes", lasts);
    let list = changed(list, "/visits/0/pinned", json!({"carer": "c-1", "start": "08:30"}));
    let plan = clean(&list);
    let (carer, stop) = made(&plan, "v1")[0];
    assert_eq!((carer, clock(&stop["start"]), clock(&stop["leave"])), ("c-1", "08:30", "09:05"));
}

#[test]
fn a_preferred_start_is_kept_where_it_costs_less_than_missing_it() {
    let list = with("/visits/0/preferredStart", json!("08:55"));
    let plan = clean(&list);
    let start = clock(&made(&plan, "v1")[0].1["start"]).to_owned();
    assert!(("08:40".."09:01").contains(&start.as_str()), "{start}");
    assert_eq!(plan["score"]["parts"].get("preferred"), None);
    // It cannot be so early: what that costs is told.
    let plan = clean(&with("/visits/0/preferredStart", json!("07:00")));
    assert_eq!(plan["score"]["parts"]["preferred"], 600);
}

#[test]
fn who_shares_a_car_drives_or_walks() {
    let mut list = with("/vehicles", json!([{"id": "car-1", "mode": "car", "seats": 2}]));
    for carer in 0..2 {
        list["carers"][carer]["travel"] = json!({"mode": "car-or-foot"});
    }
    let plan = clean(&list);
    let how: Vec<_> = plan["workLists"].as_array().expect("lists").iter().collect();
    let cars: Vec<_> = how.iter().filter(|list| list["vehicle"] == "car-1").collect();
    assert_eq!(cars.len(), 1);
    assert_eq!(cars[0]["mode"], "car");
    assert_eq!(how.iter().filter(|list| list["mode"] == "foot").count(), 1);
    // Another driver of the same car is a breach, a car that is not there another.
    let body = list.to_string();
    let check = |plan: &Value| {
        let (plan, policy) = (plan.to_string(), Policy::standard());
        let checked =
            check_plan(body.as_bytes(), plan.as_bytes(), roads(), &Limits::SERVICE, &policy);
        let breaches = checked.unwrap_or_else(|error| panic!("{error}")).breaches;
        breaches.into_iter().map(|breach| breach.rule).collect::<Vec<_>>()
    };
    let walks = how.iter().position(|list| list["mode"] == "foot").expect("one walks");
    let taken = changed(plan.clone(), &format!("/workLists/{walks}/mode"), json!("car"));
    let taken = changed(taken, &format!("/workLists/{walks}/vehicle"), json!("car-1"));
    assert!(check(&taken).contains(&"car-taken-twice") || how[walks]["stops"] == json!([]));
    let bike = changed(plan.clone(), &format!("/workLists/{walks}/mode"), json!("bike"));
    assert!(check(&bike).contains(&"mode-differs"));
}
