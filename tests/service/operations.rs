//! What docs/OPERATIONS.md tells an operator to do, done as it stands there: backup and restore, and the
//! unit for systemd.

use std::fs;
use std::process::Command;

use crate::running::{Carries, PROGRAM, Running, home, list};

/// Whether a program is there; where nothing may be left out it must be.
fn is_there(program: &str) -> bool {
    let is_there = Command::new(program).arg("--version").output().is_ok();
    assert!(is_there || std::env::var_os("CI").is_none(), "there is no {program}");
    if !is_there {
        println!("not tried: there is no {program} here");
    }
    is_there
}

/// The first block of that kind on the page in which that stands.
fn block(kind: &str, with: &str) -> String {
    let page = fs::read_to_string("docs/OPERATIONS.md").expect("the page");
    let begin = format!("```{kind}\n");
    let mut blocks = page.split(&begin).skip(1);
    let block = blocks.find_map(|rest| rest.split("```").next().filter(|text| text.contains(with)));
    block.expect("it stands on the page").to_owned()
}

#[test]
fn a_backup_that_is_made_while_the_service_works_is_all_that_is_needed() {
    if !is_there("sqlite3") {
        return;
    }
    let service = Running::new("backed-up");
    let token = service.master("bo");
    let id = service.send(&token, "monday", 1);
    let plan = service.plan(&token, &id, 20);
    let slot = "/v1/published/2026-11-23/day";
    let (body, etag) = (format!(r#"{{"plan":"{plan}"}}"#), [("if-match", "\"r0\"")]);
    let carries = Carries { token: &token, headers: &etag, body: Some(body.as_bytes()) };
    assert_eq!(service.ask("PUT", slot, &carries).status, 200);

    let backup = home("backup");
    let copy = block("text", ".backup").replace("/var/lib/hjemrute/gamle-oslo", "data/bo");
    let copy = copy.replace("/backup/gamle-oslo", &backup.join("bo").display().to_string());
    // While lists go on coming in.
    std::thread::scope(|threads| {
        let sender =
            threads.spawn(|| (0..20).for_each(|n| drop(service.send(&token, &format!("{n}"), 1))));
        let done = Command::new("sh").args(["-euc", &copy]).current_dir(&service.home).status();
        assert!(done.expect("sh starts").success());
        sender.join().unwrap();
    });
    let plan_before = service.get(&token, &format!("/v1/plans/{plan}/content")).text;

    // The machine is lost: a new one, with the backup and the key, which was kept elsewhere.
    let (config, key) = (service.home.join("hjemrute.toml"), service.home.join("data/key"));
    let anew = home("restored");
    fs::create_dir_all(anew.join("data")).unwrap();
    let config = fs::read_to_string(config).unwrap();
    let config = config.replace(&service.home.display().to_string(), &anew.display().to_string());
    fs::write(anew.join("hjemrute.toml"), config).unwrap();
    fs::copy(key, anew.join("data/key")).unwrap();
    fs::copy(backup.join("bo.sqlite"), anew.join("data/bo.sqlite")).unwrap();
    drop(service);
    let service = Running::again(anew);
    assert!(service.tool(&["audit", "--unit", "bo"]).contains("Innsynsloggen er hel"));
    let content = service.get(&token, &format!("/v1/visit-lists/{id}/content"));
    assert_eq!(content.text, list("monday", 1));
    assert_eq!(service.get(&token, &format!("/v1/plans/{plan}/content")).text, plan_before);
    assert_eq!(service.get(&token, slot).json()["plan"], plan);
    service.send(&token, "tuesday", 1);

    // With another key it does not even begin.
    let home = service.stop();
    fs::remove_file(home.join("data/key")).unwrap();
    fs::write(home.join("data/key"), [7; 32]).unwrap();
    let refused = Command::new(PROGRAM)
        .args(["serve", "--config", "hjemrute.toml"])
        .current_dir(&home)
        .output()
        .expect("the program starts");
    assert!(!refused.status.success());
    assert!(String::from_utf8_lossy(&refused.stderr).contains("en annen nøkkel"), "{refused:?}");
}

#[test]
fn the_unit_for_systemd_is_one_and_leaves_little_open() {
    if !is_there("systemd-analyze") {
        return;
    }
    let unit = home("systemd").join("hjemrute.service");
    let text = block("ini", "[Service]").replace("/usr/local/bin/hjemrute", PROGRAM);
    fs::write(&unit, text).unwrap();
    let analyze = |args: &[&str]| {
        let told = Command::new("systemd-analyze").args(args).arg(&unit).output();
        let told = told.expect("it starts");
        assert!(told.status.success(), "{told:?}");
        assert!(told.stderr.is_empty(), "{}", String::from_utf8_lossy(&told.stderr));
    };
    analyze(&["verify"]);
    // Of 100; an ordinary service has more than 90.
    analyze(&["security", "--offline=true", "--threshold=20"]);
}
