//! What was answered with a 2xx is there, whatever happens next: killed at any moment, asked by many at
//! once, and seen from below, where the writes and the answers of the process pass by.

use std::collections::{BTreeMap, BTreeSet};
use std::process::Command;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use crate::running::{Carries, Running, list, signal};

/// Not random, but as good here, and the same every time (Marsaglia's xorshift, 2003).
struct Dice(u64);

impl Dice {
    fn throw(&mut self, below: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % below
    }
}

#[test]
fn nothing_that_was_acknowledged_is_lost_when_the_service_is_killed() {
    kill_again_and_again("killed", 8);
}

#[test]
#[ignore = "long"]
fn nothing_that_was_acknowledged_is_lost_in_2000_kills() {
    kill_again_and_again("killed-long", 2000);
}

/// Sends lists and wishes for plans, kills the service in the midst of it, and looks for what was
/// acknowledged.
fn kill_again_and_again(name: &str, cycles: u64) {
    let mut service = Running::new(name);
    let token = service.master("bo");
    let base = service.send(&token, "base", 1);
    let mut dice = Dice(0x9E37_79B9_7F4A_7C15);
    let (mut lists, mut plans) = (BTreeMap::new(), BTreeSet::new());
    for cycle in 0..cycles {
        let wait = Duration::from_millis(20 + dice.throw(400));
        let said: (Vec<_>, Vec<_>) = std::thread::scope(|threads| {
            let (service, token, base) = (&service, &token, &base);
            let sender = threads.spawn(move || {
                (0..).map_while(|n| put_list(service, token, &format!("{cycle}-{n}"))).collect()
            });
            let wisher = threads.spawn(move || {
                (0..3).map_while(|n| wish(service, token, base, &format!("{cycle}-{n}"))).collect()
            });
            std::thread::sleep(wait);
            assert!(signal("-KILL", service.pid()));
            (sender.join().unwrap(), wisher.join().unwrap())
        });
        lists.extend(said.0);
        plans.extend(said.1);
        service = Running::again(service.kill());
        for (id, name) in lists.iter().rev().take(20) {
            let kept = service.get(&token, &format!("/v1/visit-lists/{id}/content"));
            assert_eq!(kept.text, list(name, 1), "cycle {cycle}: {name} is lost");
        }
        for plan in plans.iter().rev().take(20) {
            let told = service.get(&token, &format!("/v1/plans/{plan}"));
            assert_eq!(told.status, 200, "cycle {cycle}: a plan is lost");
        }
    }
    assert!(!lists.is_empty() && !plans.is_empty(), "nothing was acknowledged at all");
    for (id, name) in &lists {
        let kept = service.get(&token, &format!("/v1/visit-lists/{id}/content"));
        assert_eq!(kept.text, list(name, 1), "{name} is lost");
    }
    assert!(service.tool(&["audit", "--unit", "bo"]).contains("Innsynsloggen er hel"));
    let rows = acts(&service, &token);
    assert!(rows.iter().filter(|act| *act == "list-accepted").count() >= lists.len());
}

/// The id and name of a list that was acknowledged.
fn put_list(service: &Running, token: &str, name: &str) -> Option<(String, String)> {
    let (headers, body) = ([("idempotency-key", name)], list(name, 1));
    let carries = Carries { token, headers: &headers, body: Some(body.as_bytes()) };
    let answer = service.try_ask("POST", "/v1/visit-lists", &carries)?;
    assert_eq!(answer.status, 201, "{answer:?}");
    Some((answer.json()["id"].as_str()?.to_owned(), name.to_owned()))
}

/// The id of a plan that was acknowledged.
fn wish(service: &Running, token: &str, list: &str, key: &str) -> Option<String> {
    let (headers, body) = ([("idempotency-key", key)], order(list));
    let carries = Carries { token, headers: &headers, body: Some(body.as_bytes()) };
    let answer = service.try_ask("POST", "/v1/plans", &carries)?;
    (answer.status == 202).then(|| answer.json()["id"].as_str().map(str::to_owned))?
}

fn order(list: &str) -> String {
    format!(r#"{{"list":"{list}","iterations":5}}"#)
}

/// Every act of the log, oldest first.
fn acts(service: &Running, token: &str) -> Vec<String> {
    let mut acts = Vec::new();
    loop {
        let page = service.get(token, &format!("/v1/audit?after={}", acts.len())).json();
        let rows = page["rows"].as_array().unwrap();
        if rows.is_empty() {
            return acts;
        }
        acts.extend(rows.iter().map(|row| row["act"].as_str().unwrap().to_owned()));
    }
}

#[test]
fn many_who_send_the_same_list_at_once_send_one_list() {
    send_at_once("at-once", 50, 1);
}

#[test]
#[ignore = "long"]
fn fifty_who_send_two_hundred_lists_at_once_send_two_hundred_lists() {
    send_at_once("at-once-long", 50, 200);
}

fn send_at_once(name: &str, clients: usize, rounds: usize) {
    let service = Running::new(name);
    let token = service.master("bo");
    for round in 0..rounds {
        let key = format!("round {round}");
        let body = list(&key, 1);
        let post = || loop {
            let answer = service.post(&token, "/v1/visit-lists", &key, &body);
            match answer.status {
                503 => assert_eq!(answer.header("retry-after"), "5"),
                _ => return answer,
            }
        };
        let answers: Vec<_> = std::thread::scope(|threads| {
            let all: Vec<_> = (0..clients).map(|_| threads.spawn(post)).collect();
            all.into_iter().map(|one| one.join().unwrap()).collect()
        });
        let ids: BTreeSet<_> = answers.iter().map(|it| it.json()["id"].to_string()).collect();
        assert_eq!((ids.len(), answers.len()), (1, clients), "round {round}");
        let fresh = answers.iter().filter(|it| it.header("idempotency-replayed").is_empty());
        assert_eq!(fresh.count(), 1);
    }
    let lists = service.get(&token, "/v1/visit-lists?day=2026-11-23").json();
    assert_eq!(lists["lists"].as_array().map(Vec::len), Some(rounds));
}

#[test]
fn of_many_who_publish_at_once_one_does() {
    publish_at_once("race", 20, 4);
}

#[test]
#[ignore = "long"]
fn of_a_hundred_who_publish_a_hundred_times_one_does_each_time() {
    publish_at_once("race-long", 100, 100);
}

fn publish_at_once(name: &str, writers: u32, rounds: u32) {
    let service = Running::new(name);
    let token = service.master("bo");
    let list = service.send(&token, "monday", 1);
    let plan = service.plan(&token, &list, 5);
    let body = format!(r#"{{"plan":"{plan}"}}"#);
    for round in 0..rounds {
        let etag = format!("\"r{round}\"");
        let headers = [("if-match", etag.as_str())];
        let (won, told) = (AtomicU32::new(0), AtomicU32::new(0));
        std::thread::scope(|threads| {
            for _ in 0..writers {
                threads.spawn(|| {
                    let body = Some(body.as_bytes());
                    let carries = Carries { token: &token, headers: &headers, body };
                    match service.ask("PUT", "/v1/published/2026-11-23/day", &carries).status {
                        200 => won.fetch_add(1, Ordering::Relaxed),
                        412 => told.fetch_add(1, Ordering::Relaxed),
                        other => panic!("{other}"),
                    };
                });
            }
        });
        assert_eq!((won.into_inner(), told.into_inner()), (1, writers - 1), "round {round}");
    }
}

#[test]
fn no_change_is_acknowledged_before_it_is_on_the_disk() {
    if Command::new("strace").arg("-V").output().is_err() {
        println!("not tried: there is no strace here");
        return;
    }
    let home = Running::new("synced").stop();
    let strace = [
        "strace",
        "-f",
        "-qq",
        "-y",
        "-s",
        "16",
        "-o",
        "trace",
        "-e",
        "trace=pwrite64,write,fsync,fdatasync,sendto,writev",
    ];
    let service = Running::under(&strace, home);
    let token = service.master("bo");
    (0..30).for_each(|n| drop(service.send(&token, &format!("list {n}"), 1)));
    let trace = std::fs::read_to_string(service.kill().join("trace")).expect("a trace");
    let (acknowledged, unsynced) = unsynced(&trace);
    assert!(acknowledged >= 30, "{acknowledged} acknowledgements were seen");
    assert_eq!(unsynced, 0);
}

/// How many 201s went out, and how many of them while a file of ours had bytes that were not synced.
fn unsynced(trace: &str) -> (u32, u32) {
    let (mut dirty, mut seen, mut early) = (BTreeSet::new(), 0, 0);
    for line in trace.lines() {
        // `123 pwrite64(7</data/bo.sqlite-wal>, …`
        let Some((call, rest)) = line.split_once('(') else { continue };
        let call = call.rsplit(' ').next().unwrap_or_default();
        let file = rest.split(['<', '>']).nth(1).unwrap_or_default();
        let is_ours = file.contains(".sqlite") && !file.ends_with("-shm");
        match call {
            "pwrite64" if is_ours => drop(dirty.insert(file)),
            "fsync" | "fdatasync" => drop(dirty.remove(file)),
            _ if rest.contains("HTTP/1.1 201") => {
                seen += 1;
                early += u32::from(!dirty.is_empty());
            }
            _ => {}
        }
    }
    (seen, early)
}

#[test]
fn a_full_disk_is_told_and_nothing_is_acknowledged() {
    if Command::new("strace").arg("-V").output().is_err() {
        println!("not tried: there is no strace here");
        return;
    }
    for (name, call, error) in
        [("full", "pwrite64", "ENOSPC"), ("broken", "fsync,fdatasync", "EIO")]
    {
        let service = Running::new(name);
        let token = service.master("bo");
        let first = service.send(&token, "before", 1);
        let inject = format!("inject={call}:error={error}:when=1+");
        // The log alone: SQLite writes to its file of shared memory when it only reads.
        let home = service.stop();
        let wal = home.join("data/bo.sqlite-wal").display().to_string();
        let strace = ["strace", "-f", "-qq", "-o", "/dev/null", "-P", &wal, "-e", &inject];
        let service = Running::under(&strace, home);
        let refused = service.post(&token, "/v1/visit-lists", "k", &list("after", 1));
        assert_eq!((refused.status, refused.code().as_str()), (503, "storage-unavailable"));
        let kept = service.get(&token, &format!("/v1/visit-lists/{first}"));
        assert_eq!(kept.status, 200, "what is there can be read");
        let service = Running::again(service.kill());
        assert_eq!(service.post(&token, "/v1/visit-lists", "k", &list("after", 1)).status, 201);
    }
}
