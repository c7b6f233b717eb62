//! What the pages and the demo promise: the calls that docs/API.md works through, in its order and with
//! curl, and a service that needs nothing but its own name.

use std::fs;
use std::process::Command;

use crate::running::{Running, home};

#[test]
fn the_calls_of_the_page_work() {
    if Command::new("curl").arg("--version").output().is_err() {
        assert!(std::env::var_os("CI").is_none(), "there is no curl");
        println!("not tried: there is no curl here");
        return;
    }
    let page = fs::read_to_string("docs/API.md").expect("the page");
    let blocks = page.split("```sh\n").skip(1).filter_map(|rest| rest.split("```").next());
    let service = Running::new("page");
    fs::copy("data/demo/day.json", service.home.join("day.json")).expect("copied");
    let calls: String = blocks.collect();
    assert!(calls.matches("curl").count() >= 10);
    let calls = calls.replace("http://127.0.0.1:8080", &service.at);
    let calls = format!("set -euo pipefail\nTOKEN={}\n{calls}", service.master("bo"));
    let done = Command::new("bash").arg("-c").arg(calls).current_dir(&service.home).output();
    let done = done.expect("bash starts");
    let out = String::from_utf8_lossy(&done.stdout);
    assert!(done.status.success(), "{out}\n{}", String::from_utf8_lossy(&done.stderr));
    assert!(out.contains("\"state\":\"done\""), "{out}");
}

#[test]
fn the_demo_serves_a_town_of_its_own() {
    let service = Running::demo(home("demo"));
    assert_eq!(service.get("", "/ready").status, 200);
    assert_eq!(service.get("", "/health").status, 200);
    assert_eq!(service.get("", "/v1/limits").json()["visits"], 5000);
    let shown = service.shown.clone();
    let lists = service.get(&shown, "/v1/visit-lists?day=2026-11-23");
    assert_eq!(lists.status, 200, "{lists:?}");
    assert!(service.get(&shown, "/metrics").text.contains("hjemrute_http_requests_total{"));
}
