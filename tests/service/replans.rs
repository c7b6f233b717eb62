//! Planning anew during the day, what that changes, and what plans amount to.

use serde_json::json;

use crate::running::{Carries, Running};

#[test]
fn a_day_is_planned_anew_against_the_plan_that_holds() {
    let service = Running::new("anew");
    let token = service.master("bo");
    let list = service.send(&token, "monday", 1);
    let held = service.plan(&token, &list, 200);
    let patch =
        r#"{"schemaVersion":"1.0","version":2,"visits":[{"id":"v001","status":"cancelled"}]}"#;
    let key = [("idempotency-key", "off")];
    let carries = Carries { token: &token, headers: &key, body: Some(patch.as_bytes()) };
    let changed = service.ask("PATCH", &format!("/v1/visit-lists/{list}"), &carries).json();
    let list = changed["id"].as_str().expect("a list").to_owned();

    let wish = |key: &str, more: &str| {
        let body = format!(r#"{{"list":"{list}","iterations":100{more}}}"#);
        service.post(&token, "/v1/plans", key, &body)
    };
    assert_eq!(wish("a", r#","now":"09:00""#).code(), "from-missing");
    assert_eq!(wish("b", &format!(r#","from":"{held}","now":"9""#)).code(), "bad-request");
    assert_eq!(wish("c", &format!(r#","from":"{list}""#)).code(), "not-found");
    let more = format!(r#","from":"{held}","now":"09:00","maxChanges":0"#);
    let anew = wish("d", &more).json()["id"].as_str().expect("a plan").to_owned();
    service.end_of(&token, &anew);
    let told = service.get(&token, &format!("/v1/plans/{anew}")).json();
    assert_eq!((&told["state"], &told["from"]), (&json!("done"), &json!(held)));

    let plan = service.get(&token, &format!("/v1/plans/{anew}/content")).json();
    assert_eq!(plan["replanned"]["maxChanges"], 0);
    let changes = service.get(&token, &format!("/v1/plans/{anew}/changes?from={held}")).json();
    assert_eq!(changes["counts"]["cancelled"], 1, "{changes}");
    let forced = plan["replanned"]["forced"].as_array().expect("a list").len();
    assert_eq!(changes["patients"], forced, "{changes}");

    let lists = plan["workLists"].as_array().expect("a list").iter();
    let mut stops = lists.flat_map(|list| list["stops"].as_array().expect("a list"));
    let visit = stops.find_map(|stop| stop["visit"].as_str()).expect("a visit");
    let asked = format!("/v1/plans/{anew}/visits/{visit}/explanation");
    assert_eq!(service.get(&token, &asked).status, 200);

    let side = format!("/v1/plans/{anew}/comparison?with={held}");
    let told = service.get(&token, &side).json();
    assert!(told["figures"].as_array().is_some_and(|figures| figures.len() > 20), "{told}");
    let told = service.get(&token, &format!("{side}&format=csv"));
    assert!(told.text.starts_with("figure,part,unit,a,b,change\r\n"), "{told:?}");

    let slot = "/v1/published/2026-11-23/day";
    let body = format!(r#"{{"plan":"{anew}"}}"#);
    let tag = [("if-match", "\"r0\"")];
    let carries = Carries { token: &token, headers: &tag, body: Some(body.as_bytes()) };
    assert_eq!(service.ask("PUT", slot, &carries).status, 200);
    let kpi = service.get(&token, "/v1/kpi?from=2026-11-01&to=2026-11-30");
    assert!(kpi.text.contains(&format!("2026-11-23,day,{anew},paidMinutes,,min,")), "{kpi:?}");
    let backwards = service.get(&token, "/v1/kpi?from=2026-11-30&to=2026-11-01");
    assert_eq!(backwards.code(), "period-refused");
}
