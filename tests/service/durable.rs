//! What was answered with a 2xx is there, whatever happens next: killed at any moment, whole or only the
//! process that makes a plan; asked by many at once; brought back from a backup; and seen from below, where
//! the writes and the answers of the process pass by.

use std::collections::{BTreeMap, BTreeSet};
use std::process::Command;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use crate::running::{Carries, Running, children, list, signal};

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

/// A hundred kills, of services side by side: most of a cycle is waiting.
#[test]
fn nothing_that_was_acknowledged_is_lost_when_the_service_is_killed() {
    std::thread::scope(|threads| {
        for one in 1..=5 {
            threads.spawn(move || kill_again_and_again(&format!("killed-{one}"), one, 20, 120));
        }
    });
}

#[test]
#[ignore = "long"]
fn nothing_that_was_acknowledged_is_lost_in_2000_kills() {
    kill_again_and_again("killed-long", 7, 2000, 400);
}

/// What was acknowledged.
#[derive(Default)]
struct Acknowledged {
    lists: BTreeMap<String, String>,
    plans: BTreeSet<String>,
    /// The revision of what holds.
    published: u64,
}

/// Sends lists, wishes for plans and publishes, kills the service in the midst of it, and looks for what
/// was acknowledged.
fn kill_again_and_again(name: &str, seed: u64, cycles: u64, longest: u64) {
    let mut service = Running::new(name);
    let token = service.master("bo");
    let base = service.send(&token, "base", 1);
    let done = service.plan(&token, &base, 5);
    let mut dice = Dice(0x9E37_79B9_7F4A_7C15 ^ seed);
    let mut said = Acknowledged::default();
    for cycle in 0.. {
        // On a machine that is slow just now it takes longer before anything is acknowledged.
        let is_enough = !said.lists.is_empty() && !said.plans.is_empty();
        if cycle >= cycles && is_enough || cycle > 10 * cycles {
            break;
        }
        let wait = Duration::from_millis(20 + dice.throw(longest));
        std::thread::scope(|threads| {
            let (service, token, base, done) = (&service, &token, &base, &done);
            let sender = threads.spawn(move || {
                let names = (0..).map(|n| format!("{cycle}-{n}"));
                names.map_while(|name| put_list(service, token, &name)).collect::<Vec<_>>()
            });
            let wisher = threads.spawn(move || {
                let keys = (0..2).map(|n| format!("{cycle}-{n}"));
                keys.map_while(|key| wish(service, token, base, &key)).collect::<Vec<_>>()
            });
            let before = said.published;
            let publisher = threads.spawn(move || publish_on(service, token, done, before));
            std::thread::sleep(wait / 2);
            if cycle % 2 == 0 {
                // Only whoever makes plans dies at first, and the service goes on.
                children(service.pid()).into_iter().for_each(|maker| {
                    signal("-KILL", maker);
                });
            }
            std::thread::sleep(wait / 2);
            assert!(signal("-KILL", service.pid()));
            said.lists.extend(sender.join().unwrap());
            said.plans.extend(wisher.join().unwrap());
            said.published = publisher.join().unwrap();
        });
        service = Running::again(service.kill());
        for (id, name) in said.lists.iter().rev().take(20) {
            let kept = service.get(&token, &format!("/v1/visit-lists/{id}/content"));
            assert_eq!(kept.text, list(name, 1), "cycle {cycle}: {name} is lost");
        }
        for plan in said.plans.iter().rev().take(20) {
            let told = service.get(&token, &format!("/v1/plans/{plan}"));
            assert_eq!(told.status, 200, "cycle {cycle}: a plan is lost");
        }
        let holds = service.get(&token, SLOT).json()["revision"].as_u64().unwrap();
        assert!(holds >= said.published, "cycle {cycle}: what was published is lost");
        // One that was not answered may have been made.
        said.published = holds;
    }
    let Acknowledged { lists, plans, published } = said;
    println!("{} lists, {} plans, {published} changes of what holds", lists.len(), plans.len());
    assert!(!lists.is_empty() && !plans.is_empty(), "nothing was acknowledged at all");
    for (id, name) in &lists {
        let kept = service.get(&token, &format!("/v1/visit-lists/{id}/content"));
        assert_eq!(kept.text, list(name, 1), "{name} is lost");
    }
    assert!(service.tool(&["audit", "--unit", "bo"]).contains("Innsynsloggen er hel"));
    let rows = acts(&service, &token);
    let count = |act: &str| rows.iter().filter(|row| *row == act).count();
    assert!(count("list-accepted") >= lists.len() && count("plan-wanted") >= plans.len());
    assert_eq!((count("plan-published") + count("plan-withdrawn")) as u64, published);
}

const SLOT: &str = "/v1/published/2026-11-23/day";

/// Publishes and withdraws until there is no answer; the last revision that was acknowledged.
fn publish_on(service: &Running, token: &str, plan: &str, before: u64) -> u64 {
    let mut revision = before;
    loop {
        let (etag, body) = (format!("\"r{revision}\""), format!(r#"{{"plan":"{plan}"}}"#));
        let method = if revision.is_multiple_of(2) { "PUT" } else { "DELETE" };
        let headers = [("if-match", etag.as_str())];
        let carries = Carries { token, headers: &headers, body: Some(body.as_bytes()) };
        match service.try_ask(method, SLOT, &carries) {
            Some(answer) if answer.status == 200 => revision += 1,
            Some(answer) => panic!("{answer:?}"),
            None => return revision,
        }
    }
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
    acknowledged_on_the_disk("synced", 30);
}

#[test]
#[ignore = "long"]
fn of_a_thousand_changes_none_is_acknowledged_before_it_is_on_the_disk() {
    acknowledged_on_the_disk("synced-long", 1000);
}

/// Whether the system's calls can be looked at; where nothing may be left out they must.
fn can_trace() -> bool {
    let is_there = Command::new("strace").arg("-V").output().is_ok();
    assert!(is_there || std::env::var_os("CI").is_none(), "there is no strace");
    if !is_there {
        println!("not tried: there is no strace here");
    }
    is_there
}

fn acknowledged_on_the_disk(name: &str, lists: u32) {
    if !can_trace() {
        return;
    }
    let home = Running::new(name).stop();
    let calls = "trace=pwrite64,write,fsync,fdatasync,sendto,writev,connect";
    let strace = ["strace", "-f", "-qq", "-y", "-s", "16", "-o", "trace", "-e", calls];
    let service = Running::under(&strace, home);
    let token = service.master("bo");
    (0..lists).for_each(|n| drop(service.send(&token, &format!("list {n}"), 1)));
    let trace = std::fs::read_to_string(service.kill().join("trace")).expect("a trace");
    let (acknowledged, unsynced) = unsynced(&trace);
    assert!(acknowledged >= lists, "{acknowledged} acknowledgements were seen");
    assert_eq!(unsynced, 0);
    assert!(!trace.contains("AF_INET"), "it calls somebody");
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
    fail_at("full", "pwrite64", "ENOSPC", &[1, 4]);
    fail_at("broken", "fsync,fdatasync", "EIO", &[1, 3]);
}

#[test]
#[ignore = "long"]
fn wherever_the_disk_fails_nothing_is_acknowledged_that_is_not_there() {
    let each: Vec<u32> = (1..=200).collect();
    fail_at("full-long", "pwrite64", "ENOSPC", &each[..50]);
    fail_at("broken-write-long", "pwrite64", "EIO", &each);
    fail_at("broken-sync-long", "fsync,fdatasync", "EIO", &each);
}

/// Has the system's call fail from the so-manieth time on, and sends lists until one is refused: what
/// was acknowledged before is there afterwards, and what was refused can be sent again.
fn fail_at(name: &str, call: &str, error: &str, times: &[u32]) {
    if !can_trace() {
        return;
    }
    let service = Running::new(name);
    let token = service.master("bo");
    let mut kept = vec![service.send(&token, "before", 1)];
    let mut home = service.stop();
    for time in times {
        let inject = format!("inject={call}:error={error}:when={time}+");
        // The log alone: SQLite writes to its file of shared memory when it only reads.
        let wal = home.join("data/bo.sqlite-wal").display().to_string();
        let strace = ["strace", "-f", "-qq", "-o", "/dev/null", "-P", &wal, "-e", &inject];
        let service = Running::under(&strace, home);
        let name = |n: usize| format!("{time} {n}");
        let post = |name: &str| service.post(&token, "/v1/visit-lists", name, &list(name, 1));
        let refused = (0..)
            .find_map(|n| {
                let answer = post(&name(n));
                if answer.status == 201 {
                    kept.push(answer.json()["id"].as_str().unwrap().to_owned());
                    return None;
                }
                assert_eq!((answer.status, answer.code().as_str()), (503, "storage-unavailable"));
                Some(name(n))
            })
            .unwrap();
        let there = service.get(&token, &format!("/v1/visit-lists/{}", kept[0]));
        assert_eq!(there.status, 200, "what is there can be read");
        let service = Running::again(service.kill());
        for id in &kept {
            let there = service.get(&token, &format!("/v1/visit-lists/{id}"));
            assert_eq!(there.status, 200, "{time}: what was acknowledged is lost");
        }
        let again = service.post(&token, "/v1/visit-lists", &refused, &list(&refused, 1));
        assert!([200, 201].contains(&again.status), "{again:?}");
        kept.drain(1..);
        home = service.stop();
    }
}
