//! Questions about a plan in hand, through the front door: what is suggested is no worse than the same
//! order by hand on the list with the visit, and what is moved by hand is told whole.

use hjemrute_server::{
    Limits, LoadedDay, LoadedPlan, PlanningError, Suggested, by_hand_json, check_by_hand, explain,
    explained_json, plan_json, revised, suggested_json, suggestions, tried_json, try_moves,
};
use hjemrute_solver::Policy;
use serde_json::{Value, json};

use crate::common::{demo_day, plan, roads};

fn loaded() -> LoadedPlan {
    let body = demo_day();
    let answer = plan(&body).unwrap_or_else(|error| panic!("{error}"));
    load(&body, &plan_json(&answer))
}

fn load(list: &[u8], plan: &[u8]) -> LoadedPlan {
    let policy = Policy::standard();
    let day = LoadedDay::of(list, roads(), &Limits::SERVICE, &policy);
    let loaded = day.and_then(|day| LoadedPlan::of(day, (plan, None), &Limits::SERVICE));
    loaded.unwrap_or_else(|error| panic!("{error}"))
}

fn read(json: &[u8]) -> Value {
    serde_json::from_slice(json).expect("it is JSON")
}

fn new_visit() -> Value {
    json!({
        "id": "new-1", "durationMinutes": 20, "criticality": "important",
        "window": {"earliestStart": "10:00", "latestStart": "11:00"},
        "patient": {"ref": "p-new", "location": {"id": "L-new",
            "position": {"lat": 60.2217177, "lon": 7.6615138}, "accessMinutes": 2}}
    })
}

fn suggest<'a>(loaded: &'a LoadedPlan, visit: &Value) -> Result<Suggested<'a>, PlanningError> {
    let around = loaded.day().surroundings(roads());
    let body = visit.to_string();
    suggestions(loaded, (roads(), &around), body.as_bytes(), 5, &Limits::SERVICE)
}

/// The list with the visit, patient and location in their places, as a change of it would have them.
fn with_visit(visit: &Value) -> Value {
    let mut list = read(&demo_day());
    let mut visit = visit.clone();
    let mut patient = visit["patient"].take();
    let location = patient["location"].take();
    patient["location"] = location["id"].clone();
    visit["patient"] = patient["ref"].clone();
    for (kind, entry) in [("locations", location), ("patients", patient), ("visits", visit)] {
        list[kind].as_array_mut().expect("a list").push(entry);
    }
    list
}

#[test]
fn a_suggestion_keeps_every_rule_and_costs_no_more_than_the_same_order_by_hand() {
    let loaded = loaded();
    let visit = new_visit();
    let suggested = suggest(&loaded, &visit);
    let suggested = suggested.unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(suggested.plans.len(), 5);
    let told = read(&suggested_json(&suggested));
    let list = with_visit(&visit).to_string();
    for (plan, told) in suggested.plans.iter().zip(told["suggestions"].as_array().unwrap()) {
        let stops = |list: &hjemrute_solver::WorkList| -> Vec<Value> {
            list.visits().map(|stop| json!({"visit": stop.visit.0})).collect()
        };
        let lists = plan.work_lists.iter();
        let lists: Vec<Value> =
            lists.map(|list| json!({"carer": list.carer.0, "stops": stops(list)})).collect();
        let hand = json!({"schemaVersion": "1.0", "workLists": lists}).to_string();
        let checked = check_by_hand(
            (list.as_bytes(), hand.as_bytes(), None),
            roads(),
            &Limits::SERVICE,
            &Policy::standard(),
        );
        let checked = checked.unwrap_or_else(|error| panic!("{error}"));
        assert_eq!(checked.breaches(), []);
        // Its breaks and windows are looked for anew, by themselves.
        let total = read(&by_hand_json(&checked))["score"]["total"].as_i64();
        assert!(total >= Some(plan.score.total.0), "{total:?}");
        assert!(told["difference"]["cost"].is_number() && told["seats"][0]["start"].is_string());
    }
    let costs: Vec<_> = suggested.plans.iter().map(|plan| plan.score).collect();
    assert!(costs.is_sorted());
}

#[test]
fn what_is_wrong_with_a_new_visit_is_told_where_it_stands() {
    let loaded = loaded();
    let told = |visit: Value| -> Vec<(&'static str, String)> {
        match suggest(&loaded, &visit) {
            Err(PlanningError::Refused(faults)) => {
                faults.into_iter().map(|fault| (fault.code, fault.pointer)).collect()
            }
            Err(error) => panic!("{error}"),
            Ok(_) => panic!("it was taken"),
        }
    };
    let mut late = new_visit();
    late["window"]["latestStart"] = "09:00".into();
    assert_eq!(told(late), [("window-empty", "/window".to_owned())]);
    let mut far = new_visit();
    far["patient"]["location"]["position"]["lat"] = 61.0.into();
    let first = told(far).remove(0);
    assert_eq!(first, ("outside-area", "/patient/location/position".to_owned()));
    let mut there = new_visit();
    there["id"] = "v002".into();
    assert_eq!(told(there), [("duplicate-visit-id", "/id".to_owned())]);
    let mut whose = new_visit();
    whose["patient"] = "nobody".into();
    assert_eq!(told(whose).remove(0), ("unknown-reference", "/patient".to_owned()));
}

#[test]
fn every_visit_of_the_plan_is_explained() {
    let loaded = loaded();
    for visit in &loaded.day().instance().visits {
        let explained = explain(&loaded, &visit.id.0).expect("it is on the list");
        let told = read(&explained_json(&explained));
        match told["state"].as_str() {
            Some("assigned") => {
                let others = told["alternatives"].as_array().unwrap();
                assert_eq!(others.len() + told["seats"].as_array().unwrap().len(), 12);
                for other in others {
                    assert!(!other["detailNb"].as_str().unwrap().is_empty(), "{other}");
                    assert!(other["rule"].is_string() != other["difference"].is_object());
                }
            }
            Some("unassigned") => assert!(told["reason"]["code"].is_string()),
            other => panic!("{other:?}"),
        }
    }
    assert!(explain(&loaded, "v999").is_none());
}

#[test]
fn a_move_is_told_whole_and_kept_as_a_plan_that_can_be_loaded() {
    let loaded = loaded();
    let firsts = loaded.plan().work_lists.iter().filter_map(|list| list.visits().next());
    let firsts: Vec<String> = firsts.map(|stop| stop.visit.0.clone()).collect();
    let mut kept = 0;
    for (visit, carer) in firsts.iter().flat_map(|visit| {
        loaded.day().instance().carers.iter().map(move |carer| (visit, carer.id.0.as_str()))
    }) {
        let moves = json!({"moves": [{"visit": visit, "carers": [carer]}]}).to_string();
        let tried = try_moves(&loaded, moves.as_bytes(), &Limits::SERVICE);
        let tried = tried.unwrap_or_else(|error| panic!("{error}"));
        let told = read(&tried_json(&tried));
        let broken = told["breaches"].as_array().unwrap();
        assert_eq!(broken.is_empty(), tried.is_sound());
        assert!(broken.iter().all(|it| !it["detailNb"].as_str().unwrap().is_empty()));
        let touched = told["workLists"].as_array().unwrap().len();
        assert!(touched < loaded.day().instance().carers.len(), "{told:#}");
        if let Some(answer) = revised(&tried, roads().map_id()) {
            load(&demo_day(), &plan_json(&answer));
            kept += usize::from(touched > 0);
        }
    }
    assert!(kept > 1, "{kept}");
    let nobody = json!({"moves": [{"visit": firsts[0], "carers": []}]}).to_string();
    let tried =
        try_moves(&loaded, nobody.as_bytes(), &Limits::SERVICE).unwrap_or_else(|e| panic!("{e}"));
    let told = read(&tried_json(&tried));
    assert_eq!(told["unassigned"].as_array().unwrap().len(), loaded.plan().unassigned.len() + 1);
    let unknown = json!({"moves": [{"visit": "v999", "carers": ["c-99"]}]}).to_string();
    match try_moves(&loaded, unknown.as_bytes(), &Limits::SERVICE) {
        Err(PlanningError::Refused(faults)) => assert_eq!(faults.len(), 2),
        _ => panic!("it was tried"),
    }
}
