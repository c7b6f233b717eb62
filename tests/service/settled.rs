//! What a unit settles by itself: kept in versions, tried on a plan, and held by the plans that are made
//! with it.

use serde_json::{Value, json};

use crate::running::{Answer, Carries, Running, list};

fn settle(service: &Running, token: &str, read: &str, weights: &Value) -> Answer {
    let body = json!({ "weights": weights }).to_string();
    let headers = [("if-match", read)];
    let carries = Carries { token, headers: &headers, body: Some(body.as_bytes()) };
    service.ask("PUT", "/v1/profiles/own", &carries)
}

/// Minutes for a kilometre of those who go on foot.
fn pace(plan: &Value) -> f64 {
    let lists = plan["workLists"].as_array().unwrap().iter().filter(|list| list["mode"] == "foot");
    let stops = lists.flat_map(|list| list["stops"].as_array().unwrap());
    let ways = stops.filter_map(|stop| {
        Some((stop["travel"]["minutes"].as_f64()?, stop["travel"]["metres"].as_f64()?))
    });
    let (minutes, metres) =
        ways.fold((0.0, 0.0), |all, way: (f64, f64)| (all.0 + way.0, all.1 + way.1));
    1000.0 * minutes / metres
}

#[test]
fn what_a_unit_settles_is_tried_on_a_plan_and_holds_for_the_next() {
    let service = Running::new("settled");
    let token = service.master("bo");
    let list = service.send(&token, "monday", 1);
    let plan = service.plan(&token, &list, 50);
    let content = service.get(&token, &format!("/v1/plans/{plan}/content")).json();

    let weigh = |weights: Value| {
        let body = json!({ "weights": weights }).to_string();
        service.post(&token, &format!("/v1/plans/{plan}/weighings"), "", &body)
    };
    let same = weigh(json!({}));
    assert_eq!(same.status, 200, "{same:?}");
    assert_eq!((&same.json()["breaches"], &same.json()["score"]), (&json!([]), &content["score"]));
    let dearer = weigh(json!({"travel": 2})).json();
    let travel = |told: &Value| told["score"]["parts"]["travel"].as_i64().unwrap();
    assert_eq!((&dearer["breaches"], travel(&dearer)), (&json!([]), 2 * travel(&content)));
    let slower = weigh(json!({"ways": {"foot": 400}})).json();
    assert!(!slower["breaches"].as_array().unwrap().is_empty(), "nobody walks that far in time");
    let wrong = weigh(json!({"ways": {"foot": 4}, "travel": -1}));
    assert_eq!(wrong.code(), "weights-refused");
    let told = wrong.json()["errors"]["faults"].clone();
    assert_eq!(told.as_array().map(Vec::len), Some(2), "{told}");
    assert_eq!(told[1]["pointer"], "/weights/ways/foot");
    assert!(told[1]["detailNb"].as_str().unwrap().contains("fra 25 til 400"), "{told}");
    assert_eq!(weigh(json!({"travle": 2})).code(), "weights-refused");

    let settled = json!({
        "ways": {"foot": 150}, "buffer": 5, "skills": {"sykepleier": ["tegnspråk"]},
        "workingTime": {"ordinaryDay": 60},
    });
    assert_eq!(settle(&service, &token, "\"r0\"", &settled).status, 204);
    assert_eq!(settle(&service, &token, "\"r0\"", &settled).status, 412);
    let told = service.get(&token, "/v1/profiles").json();
    let own = told["profiles"].as_array().unwrap().iter().find(|one| one["name"] == "own").unwrap();
    assert_eq!((&own["version"], &own["changedBy"]), (&json!(1), &json!("test")));
    assert_eq!(own["weights"]["ways"], json!({"car": 100, "ebike": 100, "bike": 100, "foot": 150}));

    let order = json!({"list": list, "iterations": 50, "profile": "own"}).to_string();
    let anew = service.post(&token, "/v1/plans", "own", &order).json();
    let anew = anew["id"].as_str().unwrap();
    assert_eq!(service.end_of(&token, anew), "done");
    let anew = service.get(&token, &format!("/v1/plans/{anew}/content")).json();
    assert_eq!(anew["made"]["profile"], "own.1");
    let warned = |plan: &Value, code: &str| {
        plan["warnings"].as_array().unwrap().iter().any(|warning| warning["code"] == code)
    };
    assert!(warned(&anew, "day-too-long") && !warned(&content, "day-too-long"));
    let barred = |plan: &Value| -> Vec<String> {
        let out = plan["unassigned"].as_array().unwrap().iter();
        let barred = out.filter(|out| out["reason"]["code"] == "no-qualified-carer");
        barred.map(|out| out["visit"].as_str().unwrap().to_owned()).collect()
    };
    assert!(!barred(&content).is_empty() && barred(&anew).is_empty(), "nurses sign now");
    assert!(pace(&anew) > 1.3 * pace(&content), "{} and {}", pace(&anew), pace(&content));
}

/// Nobody signs; but in this unit nurses do.
#[test]
fn what_comes_in_is_read_by_what_its_unit_has_settled() {
    let service = Running::of_units("usual", "", "profile = 'own'", "", &[]);
    let (token, other) = (service.master("bo"), service.master("by"));
    let mut day: Value = serde_json::from_str(&list("pinned", 1)).unwrap();
    let visits = day["visits"].as_array_mut().unwrap();
    let signed = visits.iter_mut().find(|visit| visit["id"] == "v121").unwrap();
    signed["pinned"] = json!({"carer": "c-01"});
    signed.as_object_mut().unwrap().remove("window");
    let mut rejected = |token: &str, version: u32| {
        day["version"] = version.into();
        let key = version.to_string();
        let receipt = service.post(token, "/v1/visit-lists", &key, &day.to_string()).json();
        (receipt["intake"]["rejected"].as_array().unwrap().len(), receipt["id"].clone())
    };
    let usual = || service.get(&token, "/v1/profiles").json()["usual"].clone();
    assert_eq!((rejected(&token, 1).0, usual()), (1, "standard".into()));
    let settled = json!({"skills": {"sykepleier": ["tegnspråk"]}});
    assert_eq!(settle(&service, &token, "\"r0\"", &settled).status, 204);
    let (none, id) = rejected(&token, 2);
    assert_eq!((none, usual()), (0, "own".into()));
    assert_eq!(rejected(&other, 1).0, 1, "the other unit has settled nothing");

    let order = json!({"list": id, "iterations": 5}).to_string();
    let plan = service.post(&token, "/v1/plans", "by own", &order).json();
    let plan = plan["id"].as_str().unwrap();
    assert_eq!(service.end_of(&token, plan), "done");
    assert_eq!(service.get(&token, &format!("/v1/plans/{plan}")).json()["profile"], "own.1");
}
