//! More than the service can do, for long: it refuses in words, loses nothing that it has taken, and
//! needs no more memory at the end than at the beginning.

use std::collections::BTreeSet;
use std::fs;
use std::sync::Mutex;
use std::time::{Duration, Instant};

use crate::running::{Answer, Carries, Running, list};

/// So many at once are ten times as many as two processors and one writer keep busy.
const CLIENTS: usize = 40;

#[test]
fn more_than_it_can_do_is_refused_in_words() {
    flood("flood", Duration::from_secs(3));
}

#[test]
#[ignore = "long"]
fn more_than_it_can_do_for_two_minutes_is_refused_in_words() {
    flood("flood-long", Duration::from_secs(120));
}

fn flood(name: &str, time: Duration) {
    let service = Running::new(name);
    let token = service.master("bo");
    let base = service.send(&token, "base", 1);
    let (taken, refused) = (Mutex::new(BTreeSet::new()), Mutex::new(0));
    let began = Instant::now();
    std::thread::scope(|threads| {
        for client in 0..CLIENTS {
            let (service, token, base, taken, refused) =
                (&service, &token, &base, &taken, &refused);
            threads.spawn(move || {
                for round in 0.. {
                    if began.elapsed() > time {
                        return;
                    }
                    let key = format!("{client}-{round}");
                    let (path, body) = match round % 4 {
                        0 => ("/v1/plans", format!(r#"{{"list":"{base}","iterations":5}}"#)),
                        _ => ("/v1/visit-lists", list(&key, 1)),
                    };
                    let answer = service.post(token, path, &key, &body);
                    if is_taken(&answer) {
                        let at = answer.header("location").to_owned();
                        taken.lock().unwrap().insert(at);
                    } else {
                        *refused.lock().unwrap() += 1;
                    }
                    let read = service.get(token, "/v1/published/2026-11-23/day");
                    assert_eq!(read.status, 200, "{read:?}");
                }
            });
        }
    });
    let (taken, refused) = (taken.into_inner().unwrap(), refused.into_inner().unwrap());
    println!("{} taken and {refused} refused in {time:?}", taken.len());
    assert!(!taken.is_empty() && refused > 0);
    let service = Running::again(service.kill());
    for at in taken {
        assert_eq!(service.get(&token, &at).status, 200, "{at} is lost");
    }
}

/// Whether it was taken; if not, it was told when to come back.
fn is_taken(answer: &Answer) -> bool {
    match answer.status {
        201 | 202 => true,
        429 | 503 => {
            assert!(!answer.header("retry-after").is_empty(), "{answer:?}");
            false
        }
        _ => panic!("{answer:?}"),
    }
}

#[test]
#[ignore = "long"]
fn an_hour_of_use_needs_no_more_memory_than_its_beginning() {
    let service = Running::new("hour");
    let token = service.master("bo");
    let (began, hour) = (Instant::now(), Duration::from_secs(3600));
    let mut sizes = Vec::new();
    for round in 0.. {
        let id = service.send(&token, &format!("list {round}"), 1);
        let plan = service.plan(&token, &id, 20);
        for number in 1..=12 {
            let path = format!("/v1/plans/{plan}/work-lists/{number}?format=html");
            assert_eq!(service.get(&token, &path).status, 200);
        }
        // As kept days are in the long run: as many go as come.
        let day = Carries { token: &token, ..Carries::default() };
        assert_eq!(service.ask("DELETE", "/v1/days/2026-11-23", &day).status, 204);
        sizes.push(resident(service.pid()));
        if began.elapsed() > hour {
            break;
        }
    }
    let most = |part: &[u64]| part.iter().max().copied().unwrap_or_default();
    let (early, late) = (most(&sizes[..sizes.len() / 4]), most(&sizes[sizes.len() * 3 / 4..]));
    println!("{} rounds; {early} kB in the first quarter, {late} kB in the last", sizes.len());
    assert!(late <= early + early / 10, "{early} kB, then {late} kB");
}

/// What a process has in memory, in kB.
fn resident(pid: u32) -> u64 {
    let status = fs::read_to_string(format!("/proc/{pid}/status")).unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap();
    line.trim().trim_end_matches(" kB").parse().unwrap()
}
