//! Two services that share the work over one PostgreSQL server, as two machines would: what one has taken
//! the other knows, and what one leaves undone the other does.

use std::process::Command;
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::running::{Carries, PROGRAM, Running, children, list, signal};

/// The server that there is for tests, as that variable names it; where nothing may be left out there is one.
fn server(variable: &str) -> Option<String> {
    let server = std::env::var(variable).ok();
    assert!(server.is_some() || std::env::var_os("CI").is_none(), "{variable} is not set");
    if server.is_none() {
        println!("not tried: there is no PostgreSQL here");
    }
    server
}

/// What the configuration says of it.
fn kept_on(server: &str) -> String {
    let key = std::env::temp_dir().join(format!("hjemrute-key-{}", std::process::id()));
    format!("postgres = '{server}'\nkey = '{}'\n", key.display())
}

/// Two services of the same units on the server, if there is one.
fn two(name: &str) -> Option<[Running; 2]> {
    let first = kept_on(&server("HJEMRUTE_POSTGRES")?) + "[plans]\nat-once = 1\n";
    let unit = |which: &str| Running::with(&format!("{name}-{which}"), &first, "", &[]);
    Some([unit("one"), unit("other")])
}

#[test]
fn over_a_network_the_database_server_must_prove_who_it_is() {
    let Some(server) = server("HJEMRUTE_POSTGRES_TLS") else { return };
    let service = Running::with("encrypted", &kept_on(&server), "", &[]);
    let token = service.master("by");
    service.send(&token, &format!("encrypted {}", std::process::id()), 1);
    let home = service.stop();
    let config = std::fs::read_to_string(home.join("hjemrute.toml")).unwrap();
    let (address, _) = server.split_once("&sslrootcert").unwrap();
    for (what, other) in [
        ("nobody has vouched for it", address.to_owned()),
        ("it goes by another name", server.replace("localhost", "127.0.0.1")),
        ("it is asked without TLS", server.replace("verify-full", "disable")),
    ] {
        std::fs::write(home.join("hjemrute.toml"), config.replace(&server, &other)).unwrap();
        let asked = Command::new(PROGRAM)
            .args(["token", "list", "--unit", "by", "--config", "hjemrute.toml"])
            .current_dir(&home)
            .output()
            .unwrap();
        let said = String::from_utf8_lossy(&asked.stderr);
        assert!(!asked.status.success() && said.contains("PostgreSQL-tjeneren"), "{what}: {said}");
    }
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
    until(&plan, "begun", &|_| [&one, &other].iter().any(|it| !children(it.pid()).is_empty()));
    let (gone, left) = if children(one.pid()).is_empty() { (other, one) } else { (one, other) };
    assert!(signal("-KILL", gone.pid()));
    assert_eq!(left.end_of(&token, &plan), "done");
    let told = left.get(&token, &format!("/v1/plans/{plan}")).json();
    assert_eq!(told["attempts"], 2);
    assert!(left.tool(&["audit", "--unit", "bo"]).contains("Innsynsloggen er hel"));
}
