//! From a list to work lists, and what can come between.

use std::time::{Duration, Instant};

use crate::running::{Carries, Running, children, list, signal};

#[test]
fn a_list_becomes_work_lists_that_hold_for_a_shift() {
    let service = Running::new("whole");
    let token = service.master("bo");
    let id = service.send(&token, "monday", 1);
    let receipt = service.get(&token, &format!("/v1/visit-lists/{id}"));
    assert_eq!(receipt.json()["intake"]["listId"], "monday");
    assert_eq!(
        service.get(&token, &format!("/v1/visit-lists/{id}/content")).text,
        list("monday", 1)
    );
    let plan = service.plan(&token, &id, 200);
    let told = service.get(&token, &format!("/v1/plans/{plan}")).json();
    assert_eq!((&told["stale"], &told["workLists"]), (&false.into(), &12.into()));
    let whole = service.get(&token, &format!("/v1/plans/{plan}/content")).json();
    assert_eq!(whole["workLists"].as_array().map(Vec::len), Some(12));
    for (format, kind, begins) in [
        ("json", "application/json", "{"),
        ("html", "text/html; charset=utf-8", "<!DOCTYPE html>"),
        ("csv", "text/csv; charset=utf-8", "\u{feff}"),
        ("geojson", "application/geo+json", "{\n \"type\": \"FeatureCollection\""),
    ] {
        let path = format!("/v1/plans/{plan}/work-lists/1?format={format}");
        let answer = service.get(&token, &path);
        assert_eq!((answer.status, answer.header("content-type")), (200, kind));
        assert!(answer.text.starts_with(begins), "{format}: {}", &answer.text[..40]);
        assert_eq!(answer.header("cache-control"), "no-store");
    }
    assert_eq!(service.get(&token, &format!("/v1/plans/{plan}/work-lists/13")).code(), "not-found");

    // What the program plans from a file, the service plans byte for byte.
    let here = service.home.join("by-file");
    std::fs::write(service.home.join("monday.json"), list("monday", 1)).unwrap();
    let done = std::process::Command::new(crate::running::PROGRAM)
        .args(["plan", "monday.json", "--iterations", "200", "--out", "by-file", "--map"])
        .arg(crate::running::map())
        .current_dir(&service.home)
        .output()
        .unwrap();
    assert!(done.status.success());
    let by_http = service.get(&token, &format!("/v1/plans/{plan}/content")).text;
    assert_eq!(std::fs::read_to_string(here.join("plan.json")).unwrap(), by_http);

    // The plan, held against its list, breaks nothing.
    let path = format!("/v1/visit-lists/{id}/evaluations");
    let body = Carries { token: &token, body: Some(by_http.as_bytes()), ..Carries::default() };
    let checked = service.ask("POST", &path, &body).json();
    assert_eq!(checked["breaches"], serde_json::json!([]));
}

#[test]
fn one_plan_holds_and_whoever_read_an_old_state_looks_again() {
    let service = Running::new("publish");
    let token = service.master("bo");
    let id = service.send(&token, "monday", 1);
    let plan = service.plan(&token, &id, 20);
    let slot = "/v1/published/2026-11-23/day";
    let none = service.get(&token, slot);
    assert_eq!((none.header("etag"), &none.json()["plan"]), ("\"r0\"", &serde_json::Value::Null));
    let body = format!(r#"{{"plan":"{plan}"}}"#);
    let change = |method: &str, etag: &[(&str, &str)], body: &str| {
        let body = Some(body.as_bytes());
        service.ask(method, slot, &Carries { token: &token, headers: etag, body })
    };
    assert_eq!(change("PUT", &[], &body).code(), "if-match-missing");
    assert_eq!(change("PUT", &[("if-match", "\"r7\"")], &body).code(), "precondition-failed");
    let held = change("PUT", &[("if-match", "\"r0\"")], &body);
    assert_eq!((held.status, &held.json()["plan"]), (200, &plan.as_str().into()));
    let again = change("PUT", &[("if-match", "\"r0\"")], &body);
    assert_eq!((again.code().as_str(), again.header("etag")), ("precondition-failed", "\"r1\""));

    // A change of the day makes the plan stale: published again, that is said.
    let patch =
        r#"{"schemaVersion":"1.0","version":2,"visits":[{"id":"v001","status":"cancelled"}]}"#;
    let key = [("idempotency-key", "k")];
    let path = format!("/v1/visit-lists/{id}");
    let carries = Carries { token: &token, headers: &key, body: Some(patch.as_bytes()) };
    let changed = service.ask("PATCH", &path, &carries);
    assert_eq!((changed.status, &changed.json()["intake"]["version"]), (201, &2.into()));
    assert_eq!(service.get(&token, &format!("/v1/plans/{plan}")).json()["stale"], true);
    assert_eq!(change("PUT", &[("if-match", "\"r1\"")], &body).code(), "stale-input");
    let aware = format!(r#"{{"plan":"{plan}","acknowledgeStale":true}}"#);
    assert_eq!(change("PUT", &[("if-match", "\"r1\"")], &aware).status, 200);
    let withdrawn = change("DELETE", &[("if-match", "\"r2\"")], "");
    assert_eq!((withdrawn.status, &withdrawn.json()["plan"]), (200, &serde_json::Value::Null));
}

#[test]
fn the_same_again_is_the_same_answer_and_what_is_old_is_told() {
    let service = Running::new("again");
    let token = service.master("bo");
    let first = service.post(&token, "/v1/visit-lists", "k1", &list("monday", 3));
    let again = service.post(&token, "/v1/visit-lists", "k1", &list("monday", 3));
    assert_eq!((first.status, again.status, &again.text), (201, 201, &first.text));
    assert_eq!(again.header("idempotency-replayed"), "true");
    assert_eq!(again.header("location"), first.header("location"));
    // The same list under another key is the same list.
    let same = service.post(&token, "/v1/visit-lists", "k2", &list("monday", 3));
    assert_eq!((same.status, &same.text), (200, &first.text));
    let post = |key: &str, body: &str| service.post(&token, "/v1/visit-lists", key, body);
    assert_eq!(post("k1", &list("monday", 4)).code(), "idempotency-key-reused");
    let old = post("k3", &list("monday", 2));
    assert_eq!((old.code().as_str(), &old.json()["currentVersion"]), ("stale-version", &3.into()));
    let other = list("monday", 3).replacen("\"accessMinutes\": 1", "\"accessMinutes\": 2", 1);
    assert_eq!(post("k4", &other).code(), "version-conflict");
    let lists = service.get(&token, "/v1/visit-lists?day=2026-11-23").json();
    assert_eq!(lists["lists"].as_array().map(Vec::len), Some(1));
    // A refused list leaves nothing behind, not even its key.
    let broken = list("tuesday", 1).replace("accept-valid", "all-or-nothing");
    let broken = broken.replacen("\"latestStart\"", "\"latestStrat\"", 1);
    let refused = post("k5", &broken);
    assert_eq!((refused.status, refused.code().as_str()), (422, "list-refused"));
    let faults = &refused.json()["errors"]["faults"];
    assert!(faults.as_array().unwrap().iter().any(|it| it["code"] == "unknown-field"), "{faults}");
    assert_eq!(post("k5", &list("tuesday", 1)).status, 201);
    let partly = list("wednesday", 1).replacen("\"latestStart\"", "\"latestStrat\"", 1);
    let taken = post("k6", &partly);
    assert_eq!(taken.status, 201, "{taken:?}");
    assert!(!taken.json()["intake"]["rejected"].as_array().unwrap().is_empty());
}

#[test]
fn a_search_is_followed_and_stops_within_a_second() {
    let service = Running::new("cancel");
    let token = service.master("bo");
    let id = service.send(&token, "monday", 1);
    let order = format!(r#"{{"list":"{id}","seconds":60}}"#);
    let plan = service.post(&token, "/v1/plans", "k", &order).json()["id"].clone();
    let path = format!("/v1/plans/{}", plan.as_str().unwrap());
    let began = Instant::now();
    while service.get(&token, &path).json()["progress"]["permille"].as_u64().unwrap_or(0) == 0 {
        assert!(began.elapsed() < Duration::from_secs(50), "no progress is told");
        std::thread::sleep(Duration::from_millis(50));
    }
    let events = std::thread::scope(|threads| {
        let follower = threads.spawn(|| service.get(&token, &format!("{path}/events")).text);
        std::thread::sleep(Duration::from_millis(600));
        let cancelled =
            service.ask("DELETE", &path, &Carries { token: &token, ..Carries::default() });
        assert_eq!(cancelled.status, 204);
        let began = Instant::now();
        while !children(service.pid()).is_empty() {
            assert!(began.elapsed() < Duration::from_secs(1), "the process goes on");
            std::thread::sleep(Duration::from_millis(20));
        }
        follower.join().unwrap()
    });
    assert!(events.starts_with("event: plan\ndata: {"), "{events}");
    assert!(events.contains(r#""leftOut":"#) && events.contains(r#""state":"cancelled""#));
    let again = service.ask("DELETE", &path, &Carries { token: &token, ..Carries::default() });
    assert_eq!(again.code(), "not-running");
    assert_eq!(service.get(&token, &format!("{path}/content")).code(), "not-done");
}

#[test]
fn a_plan_that_kills_its_process_is_put_aside_and_a_stop_gives_back() {
    let service = Running::new("aside");
    let token = service.master("bo");
    let id = service.send(&token, "monday", 1);
    let order = format!(r#"{{"list":"{id}","seconds":60}}"#);
    let plan = service.post(&token, "/v1/plans", "k", &order).json()["id"].clone();
    let path = format!("/v1/plans/{}", plan.as_str().unwrap());
    let until = |ready: &dyn Fn(&serde_json::Value) -> bool| {
        let began = Instant::now();
        loop {
            let told = service.get(&token, &path).json();
            if ready(&told) {
                return told;
            }
            assert!(began.elapsed() < Duration::from_secs(60), "{told}");
            std::thread::sleep(Duration::from_millis(20));
        }
    };
    for attempt in 1..=3 {
        until(&|told| told["attempts"] == attempt && children(service.pid()).len() == 1);
        assert!(signal("-KILL", children(service.pid())[0]));
        until(&|told| told["attempts"] != attempt || told["state"] != "running");
    }
    let told = until(&|told| told["state"] == "failed");
    assert_eq!((&told["reason"], &told["attempts"]), (&"crashed".into(), &3.into()));

    // Asked to stop, the service gives the attempt back; the next one takes it up again.
    let order = format!(r#"{{"list":"{id}","seconds":3}}"#);
    let plan = service.post(&token, "/v1/plans", "k2", &order).json()["id"].clone();
    std::thread::sleep(Duration::from_millis(500));
    let service = Running::again(service.stop());
    assert_eq!(service.end_of(&token, plan.as_str().unwrap()), "done");
    let told = service.get(&token, &format!("/v1/plans/{}", plan.as_str().unwrap())).json();
    assert_eq!(told["attempts"], 1);
}

#[test]
fn no_more_wait_than_may_and_a_day_is_forgotten_whole() {
    let service = Running::new("queue");
    let token = service.master("bo");
    let id = service.send(&token, "monday", 1);
    let order = format!(r#"{{"list":"{id}","seconds":60}}"#);
    let answers: Vec<_> =
        (0..30).map(|n| service.post(&token, "/v1/plans", &format!("k{n}"), &order)).collect();
    let full: Vec<_> = answers.iter().filter(|answer| answer.status != 202).collect();
    assert!((6..=10).contains(&full.len()), "{}", full.len());
    for answer in full {
        assert_eq!((answer.code().as_str(), answer.header("retry-after")), ("queue-full", "30"));
    }
    let day = "/v1/days/2026-11-23";
    let forget = || service.ask("DELETE", day, &Carries { token: &token, ..Carries::default() });
    assert_eq!(forget().status, 204);
    assert_eq!(forget().code(), "not-found");
    assert_eq!(service.get(&token, &format!("/v1/visit-lists/{id}")).code(), "not-found");
    assert_eq!(
        service.get(&token, "/v1/plans?day=2026-11-23").json()["plans"],
        serde_json::json!([])
    );
    // It may come again, and then is new.
    assert_ne!(service.send(&token, "monday", 1), id);
}

/// The one unit wishes for many plans, the other for one: it waits for no more than one of them. Nor may
/// all units together have as many waiting as they like.
#[test]
fn units_take_turns_and_all_together_wait_no_longer_than_may_be() {
    let service = Running::with("turns", "[plans]\nat-once = 1\nwaiting = 6", "", &[]);
    let (many, one) = (service.master("bo"), service.master("by"));
    let [lists, list] = [&many, &one].map(|token| service.send(token, "monday", 1));
    let wish = |token: &str, list: &str, key: usize| {
        let order = format!(r#"{{"list":"{list}","seconds":1}}"#);
        service.post(token, "/v1/plans", &format!("k{key}"), &order)
    };
    let flood: Vec<_> = (0..4).map(|key| wish(&many, &lists, key)).collect();
    assert!(flood.iter().all(|answer| answer.status == 202));
    let single = wish(&one, &list, 0).json()["id"].as_str().unwrap().to_owned();
    let more: Vec<_> = (4..10).map(|key| wish(&many, &lists, key)).collect();
    let busy = more.iter().find(|answer| answer.status != 202).expect("too many wait");
    assert_eq!((busy.code().as_str(), busy.header("retry-after")), ("busy", "30"));
    assert_eq!(service.end_of(&one, &single), "done");
    let plans = service.get(&many, "/v1/plans?day=2026-11-23").json();
    let plans = plans["plans"].as_array().unwrap();
    let done = plans.iter().filter(|plan| plan["state"] == "done").count();
    assert!(done <= 2, "{done} plans of the other unit came first");
}

#[test]
fn a_plan_that_wants_too_much_memory_fails_alone() {
    let service = Running::with("memory", "[plans]\nmemory = 24", "", &[]);
    let token = service.master("bo");
    let id = service.send(&token, "monday", 1);
    let order = format!(r#"{{"list":"{id}","seconds":1}}"#);
    let plan = service.post(&token, "/v1/plans", "k", &order).json()["id"].clone();
    assert_eq!(service.end_of(&token, plan.as_str().unwrap()), "failed");
    let told = service.get(&token, &format!("/v1/plans/{}", plan.as_str().unwrap())).json();
    assert_eq!((&told["reason"], &told["attempts"]), (&"crashed".into(), &3.into()));
    assert_eq!(service.get("", "/ready").status, 200);
}

/// A process that stands still is ended when its time and a minute are over.
#[test]
#[ignore = "long"]
fn a_plan_that_takes_without_end_is_ended() {
    let service = Running::new("endless");
    let token = service.master("bo");
    let id = service.send(&token, "monday", 1);
    let order = format!(r#"{{"list":"{id}","seconds":2}}"#);
    let plan = service.post(&token, "/v1/plans", "k", &order).json()["id"].clone();
    let path = format!("/v1/plans/{}", plan.as_str().unwrap());
    let began = Instant::now();
    while children(service.pid()).is_empty() {
        assert!(began.elapsed() < Duration::from_secs(20), "nobody begins");
        std::thread::sleep(Duration::from_millis(5));
    }
    assert!(signal("-STOP", children(service.pid())[0]));
    while service.get(&token, &path).json()["attempts"] == 1 {
        assert!(began.elapsed() < Duration::from_secs(90), "it is not ended");
        std::thread::sleep(Duration::from_millis(200));
    }
    assert_eq!(service.get(&token, &path).json()["reason"], "time-limit");
    assert_eq!(service.end_of(&token, plan.as_str().unwrap()), "done");
}

/// The best plan and what is proved of all plans are told while the search goes on, and stand in the plan.
#[test]
fn a_bound_is_told_while_it_is_looked_for() {
    let service = Running::with("bound", "[plans]\nthreads = 1", "", &[]);
    let token = service.master("bo");
    let mut day: serde_json::Value = serde_json::from_str(&list("small", 1)).unwrap();
    day["visits"].as_array_mut().unwrap().truncate(12);
    let answer = service.post(&token, "/v1/visit-lists", "k", &day.to_string());
    assert_eq!(answer.status, 201, "{answer:?}");
    let id = answer.json()["id"].as_str().unwrap().to_owned();
    let order = format!(r#"{{"list":"{id}","seconds":6,"bound":true}}"#);
    let plan = service.post(&token, "/v1/plans", "p", &order).json()["id"].clone();
    let path = format!("/v1/plans/{}", plan.as_str().unwrap());
    let events = service.get(&token, &format!("{path}/events")).text;
    let told = events.lines().filter_map(|line| line.strip_prefix("data: "));
    let told = told.map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap());
    let bounds: Vec<i64> = told.filter_map(|it| it["progress"]["bound"].as_i64()).collect();
    assert!(!bounds.is_empty() && bounds.is_sorted(), "{events}");
    let whole = service.get(&token, &format!("{path}/content")).json();
    let (bound, cost) = (&whole["bound"]["total"], &whole["score"]["total"]);
    assert!(
        bound.as_i64() >= bounds.last().copied() && bound.as_i64() <= cost.as_i64(),
        "{events}"
    );
}
