//! Two services that share the work over one PostgreSQL server, as two machines would: what one has taken
//! the other knows, and what one leaves undone the other does.

use std::time::{Duration, Instant};

use serde_json::Value;

use crate::running::{Carries, Running, children, list, signal};

/// Two services of the same units on the server that there is for tests, if there is one.
fn two(name: &str) -> Option<[Running; 2]> {
    let Ok(server) = std::env::var("HJEMRUTE_POSTGRES") else {
        assert!(std::env::var_os("CI").is_none(), "HJEMRUTE_POSTGRES is not set");
        println!("not tried: there is no PostgreSQL here");
        return None;
    };
    let key = std::env::temp_dir().join(format!("hjemrute-key-{}", std::process::id()));
    let mut first = format!("postgres = '{server}'\nkey = '{}'\n", key.display());
    first += "[plans]\nat-once = 1\n";
    let unit = |which: &str| Running::with(&format!("{name}-{which}"), &first, "", &[]);
    Some([unit("one"), unit("other")])
}

#[test]
fn two_services_share_the_work_and_one_takes_over_from_the_other() {
    let Some([one, other]) = two("shared") else { return };
    let token = one.master("bo");
    let carries = Carries { token: &token, ..Carries::default() };
    one.ask("DELETE", "/v1/days/2026-11-23", &carries);
    let id = one.send(&token, "monday", 1);
    let again = other.post(&token, "/v1/visit-lists", "monday 1", &list("monday", 1));
    assert_eq!((again.status, again.json()["id"].as_str()), (201, Some(id.as_str())));
    let conflict = other.post(&token, "/v1/visit-lists", "k", &list("monday", 0));
    assert_eq!(conflict.code(), "stale-version");

    // Both make plans; how far one of them is, and that nobody wants it any more, both know.
    let wish = |key: &str, seconds: u32| {
        let order = format!(r#"{{"list":"{id}","seconds":{seconds}}}"#);
        one.post(&token, "/v1/plans", key, &order).json()["id"].as_str().unwrap().to_owned()
    };
    let until = |plan: &str, what: &str, ready: &dyn Fn(&Value) -> bool| {
        let began = Instant::now();
        loop {
            let told = other.get(&token, &format!("/v1/plans/{plan}")).json();
            if ready(&told) {
                return;
            }
            assert!(began.elapsed() < Duration::from_secs(60), "{what}: {told}");
            std::thread::sleep(Duration::from_millis(20));
        }
    };
    let plans = [wish("a", 60), wish("b", 60)];
    for plan in &plans {
        until(plan, "progress", &|told| told["progress"]["permille"].as_u64() > Some(0));
    }
    assert_eq!([&one, &other].map(|it| children(it.pid()).len()), [1, 1]);
    for plan in &plans {
        assert_eq!(one.ask("DELETE", &format!("/v1/plans/{plan}"), &carries).status, 204);
    }
    let began = Instant::now();
    while [&one, &other].iter().any(|it| !children(it.pid()).is_empty()) {
        assert!(began.elapsed() < Duration::from_secs(1), "a process goes on");
        std::thread::sleep(Duration::from_millis(10));
    }

    // Whoever makes a plan is gone: when its lease has run out, the other one makes it.
    let plan = wish("c", 2);
    until(&plan, "begun", &|told| told["state"] == "running");
    let (gone, left) = if children(one.pid()).is_empty() { (other, one) } else { (one, other) };
    assert!(signal("-KILL", gone.pid()));
    assert_eq!(left.end_of(&token, &plan), "done");
    let told = left.get(&token, &format!("/v1/plans/{plan}")).json();
    assert_eq!(told["attempts"], 2);
    assert!(left.tool(&["audit", "--unit", "bo"]).contains("Innsynsloggen er hel"));
}
