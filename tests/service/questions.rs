//! Questions about a plan over HTTP: answered for whoever may ask, dropped with the day, and a change
//! by hand kept as a plan like any other.

use serde_json::{Value, json};

use crate::running::{Carries, Running};

#[test]
fn a_plan_is_asked_changed_by_hand_and_forgotten() {
    let service = Running::new("asked");
    let token = service.master("bo");
    let list = service.send(&token, "monday", 1);
    let plan = service.plan(&token, &list, 200);
    let of = format!("/v1/plans/{plan}");
    let content = service.get(&token, &format!("{of}/content")).json();
    let first = content["workLists"].as_array().unwrap().iter().find_map(|list| {
        let stop = list["stops"].as_array()?.iter().find(|stop| stop["kind"] == "visit")?;
        Some((list["carer"].clone(), stop["visit"].as_str()?.to_owned()))
    });
    let (carer, visit) = first.unwrap();

    let path = format!("{of}/visits/{visit}/explanation");
    let explained = service.get(&token, &path).json();
    assert_eq!((&explained["visit"], &explained["state"]), (&json!(visit), &json!("assigned")));
    assert_eq!(explained["seats"][0]["carer"], carer);
    assert_eq!(service.get(&token, &format!("{of}/visits/v999/explanation")).code(), "not-found");
    assert_eq!(service.get("", &path).code(), "unauthorized");

    let may = |it: &&Value| it["difference"].is_object();
    let other = explained["alternatives"].as_array().unwrap().iter().find(may).unwrap();
    let moves = json!({"moves": [{"visit": visit, "carers": [other["carer"]]}]}).to_string();
    let tried = service.post(&token, &format!("{of}/moves"), "", &moves);
    assert_eq!(tried.status, 200, "{tried:?}");
    assert_eq!(tried.json()["breaches"], json!([]));
    assert_eq!(tried.json()["before"], content["score"]);

    let kept = service.post(&token, &format!("{of}/revisions"), "by-hand", &moves);
    assert_eq!(kept.status, 201, "{kept:?}");
    let again = service.post(&token, &format!("{of}/revisions"), "by-hand", &moves);
    assert_eq!(again.text, kept.text);
    let revision = format!("/v1/plans/{}", kept.json()["id"].as_str().unwrap());
    let told = service.get(&token, &revision).json();
    assert_eq!((&told["state"], &told["byHand"]), (&json!("done"), &json!(true)));
    let changed = service.get(&token, &format!("{revision}/content")).json();
    assert_eq!(changed["score"], tried.json()["after"]);
    let nobody = json!({"moves": [{"visit": visit, "carers": ["c-01", "c-02"]}]}).to_string();
    let broken = service.post(&token, &format!("{of}/revisions"), "broken", &nobody);
    assert_eq!((broken.status, broken.code().as_str()), (422, "rules-broken"));
    assert!(broken.json()["errors"]["breaches"][0]["detailNb"].is_string());

    let new = json!({"id": "new-1", "patient": "p-002", "durationMinutes": 15}).to_string();
    let suggested = service.post(&token, &format!("{of}/suggestions?top=2"), "", &new);
    assert_eq!(suggested.json()["suggestions"].as_array().unwrap().len(), 2, "{suggested:?}");
    let bad = service.post(&token, &format!("{of}/suggestions?top=0"), "", &new);
    assert_eq!(bad.code(), "bad-request");

    let forget = Carries { token: &token, ..Carries::default() };
    assert_eq!(service.ask("DELETE", "/v1/days/2026-11-23", &forget).status, 204);
    assert_eq!(service.get(&token, &path).code(), "not-found");
}
