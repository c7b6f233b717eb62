//! Clients that mean no good, or do not know better; and what must not come out, whatever comes in.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::process::Command;
use std::time::{Duration, Instant};

use crate::running::{Carries, Running, list};

#[test]
fn slow_clients_are_let_go_while_others_are_served() {
    let service = Running::new("slow");
    let token = service.master("bo");
    let address = service.at.strip_prefix("http://").unwrap().to_owned();
    let connect = || TcpStream::connect(&address).unwrap();
    let mut slow: Vec<TcpStream> = (0..200).map(|_| connect()).collect();
    for (number, stream) in slow.iter_mut().enumerate() {
        match number % 3 {
            0 => {}
            1 => stream.write_all(b"GET /health HT").unwrap(),
            _ => stream.write_all(b"GET /health HTTP/1.1\r\nHost: a\r\nX: ").unwrap(),
        }
    }
    let began = Instant::now();
    while began.elapsed() < Duration::from_secs(4) {
        assert_eq!(service.get(&token, "/v1/plans?day=2026-11-23").status, 200);
        slow.iter_mut().skip(2).step_by(3).for_each(|stream| drop(stream.write_all(b"x")));
        std::thread::sleep(Duration::from_millis(200));
    }
    for mut stream in slow {
        let left = Duration::from_secs(12).saturating_sub(began.elapsed());
        stream.set_read_timeout(Some(left.max(Duration::from_millis(1)))).unwrap();
        let closed = stream.read_to_end(&mut Vec::new());
        let is_reset = matches!(&closed, Err(e) if e.kind() == std::io::ErrorKind::ConnectionReset);
        assert!(closed.is_ok() || is_reset, "still open: {closed:?}");
    }
}

#[test]
fn what_is_too_large_or_of_another_kind_is_refused_before_it_is_read() {
    let service = Running::new("large");
    let token = service.master("bo");
    let post = |headers: &[(&str, &str)], body: &[u8]| {
        let headers = [headers, &[("idempotency-key", "k")]].concat();
        let carries = Carries { token: &token, headers: &headers, body: Some(body) };
        service.ask("POST", "/v1/visit-lists", &carries)
    };
    // Refused by its head: a client that goes on sending finds the connection closed.
    let mut large = TcpStream::connect(service.at.strip_prefix("http://").unwrap()).unwrap();
    let head = format!(
        "POST /v1/visit-lists HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer {token}\r\n\
         Idempotency-Key: k\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n",
        (10 << 20) + 1
    );
    large.write_all(head.as_bytes()).unwrap();
    let mut answer = [0; 12];
    large.read_exact(&mut answer).unwrap();
    assert_eq!(&answer, b"HTTP/1.1 413");
    assert_eq!(post(&[("content-encoding", "gzip")], b"{}").code(), "unsupported-media-type");
    assert_eq!(post(&[], &[b'['; 17]).code(), "bad-request");
    assert_eq!(post(&[], &[b'['; 100_000]).code(), "bad-request");
    assert_eq!(post(&[], b"\xff").code(), "bad-request");
    let plans = |body: &str| service.post(&token, "/v1/plans", "k", body).code();
    for body in [
        "",
        "[]",
        "{",
        r#"{"list":1}"#,
        r#"{"list":"0190aaaa-0000-7000-8000-000000000000","seconds":0}"#,
        r#"{"list":"0190aaaa-0000-7000-8000-000000000000","seconds":301}"#,
        r#"{"list":"0190aaaa-0000-7000-8000-000000000000","profile":"../../etc/passwd"}"#,
        r#"{"list":"0190aaaa-0000-7000-8000-000000000000","more":1}"#,
        r#"{"list":"0190aaaa-0000-7000-8000-000000000000","seed":-1}"#,
    ] {
        assert_eq!(plans(body), "bad-request", "{body}");
    }
    for path in
        ["/v1/plans/%2e%2e", "/v1/plans/x%00", "/v1/plans/1/work-lists/%C3%A6", "/v1/", "/v2"]
    {
        assert_eq!(service.get(&token, path).code(), "not-found", "{path}");
    }
    let other = service.ask("PUT", "/health", &Carries::default());
    assert_eq!((other.code().as_str(), other.header("allow")), ("method-not-allowed", "GET,HEAD"));
}

/// What the document allows and what it does not, by the thousand.
#[test]
#[ignore = "long"]
fn every_operation_answers_as_the_document_says() {
    if Command::new("python3").arg("--version").output().is_err() {
        assert!(std::env::var_os("CI").is_none(), "there is no python3");
        println!("not tried: there is no python3 here");
        return;
    }
    let service = Running::new("document");
    let token = service.master("bo");
    let list = service.send(&token, "monday", 1);
    let plan = service.plan(&token, &list, 20);
    let asked = Command::new("tests/service/schemathesis.sh")
        .args([&service.at, &token, &list, &plan])
        .arg(concat!(env!("CARGO_TARGET_TMPDIR"), "/schemathesis"))
        .args(["--max-examples", "100"])
        .status();
    assert!(asked.expect("the script starts").success());
    assert_eq!(service.get("", "/ready").status, 200);
}

/// Puts a word of its own into every text of a list, and looks for each of them wherever the service
/// tells or keeps something.
#[test]
fn nothing_of_a_list_stands_in_logs_problems_measurements_or_on_the_disk() {
    let service = Running::new("canary");
    let token = service.master("bo");
    let mut text = list("CNRY-list", 1);
    for (old, new) in [
        ("\"v001\"", "\"CNRY-visit\""),
        ("\"L001\"", "\"CNRY-place\""),
        ("\"system\": \"demo\"", "\"system\": \"CNRY-system\""),
        ("\"instance\": \"lillevik\"", "\"instance\": \"CNRY-instance\""),
    ] {
        assert!(text.contains(old), "{old}");
        text = text.replace(old, new);
    }
    let id = service.post(&token, "/v1/visit-lists", "CNRY-key", &text).json()["id"].clone();
    let id = id.as_str().unwrap();
    let plan = service.plan(&token, id, 20);
    let mut told = String::new();
    // Values in the wrong place, and a national identity number of nobody's.
    for (old, new) in [
        ("\"accessMinutes\": 1", "\"accessMinutes\": \"CNRY-text\""),
        ("\"durationMinutes\": ", "\"CNRY key with a name\": 1, \"durationMinutes\": "),
        ("\"schemaVersion\": \"1.0\"", "\"schemaVersion\": \"CNRY-schema\""),
        ("\"timeZone\": \"Europe/Oslo\"", "\"timeZone\": \"CNRY/zone\""),
        ("\"CNRY-visit\"", "\"01017012345 CNRY-name\""),
        ("\"day\": \"2026-11-23\"", "\"day\": \"CNRY-day\""),
    ] {
        let bad = text.replace("accept-valid", "all-or-nothing").replacen(old, new, 1);
        let answer = service.post(&token, "/v1/visit-lists", "CNRY-bad", &bad);
        assert_eq!(answer.status, 422, "{new}");
        told += &answer.text;
    }
    told = told.replace("CNRY-visit", "").replace("CNRY-place", "");
    for path in ["/v1/plans?day=CNRY-day", "/v1/visit-lists/CNRY-id", "/CNRY-path?CNRY-query=1"] {
        told += &service.get(&token, path).text;
    }
    told += &service.get("CNRY-token", "/v1/plans?day=2026-11-23").text;
    told += &service.get(&token, &format!("/v1/plans/{plan}")).text;
    told += &service.get(&token, "/v1/audit").text;
    told += &service.get(&token, "/metrics").text;
    let home = service.stop();
    told += &std::fs::read_to_string(home.join("log")).unwrap();
    for entry in std::fs::read_dir(home.join("data")).unwrap() {
        told += &String::from_utf8_lossy(&std::fs::read(entry.unwrap().path()).unwrap());
    }
    let at = told.find("CNRY");
    assert_eq!(
        at.map(|at| told[at.saturating_sub(80)..].chars().take(160).collect::<String>()),
        None
    );
    assert!(!told.contains("01017012345"));
}
