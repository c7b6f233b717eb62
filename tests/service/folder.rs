//! Lists that come as files: taken whole or not at all, once or not at all, whatever becomes of the
//! service meanwhile.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::running::{Running, list, signal};

/// A service whose unit `bo` has a folder.
fn watching(name: &str) -> (Running, PathBuf) {
    let service = Running::of_units(name, "", "folder = 'files'", "", &[]);
    let folder = service.home.join("files");
    until(|| folder.join("in").exists(), "the folder");
    (service, folder)
}

fn until(is_so: impl Fn() -> bool, what: &str) {
    let began = Instant::now();
    while !is_so() {
        assert!(began.elapsed() < Duration::from_secs(60), "not there: {what}");
        std::thread::sleep(Duration::from_millis(20));
    }
}

fn put(folder: &Path, name: &str, text: &str) {
    let (half, whole) = (folder.join("in/half.part"), folder.join("in").join(name));
    fs::write(&half, text).unwrap();
    fs::rename(half, whole).unwrap();
}

fn read(folder: &Path, name: &str) -> Value {
    serde_json::from_slice(&fs::read(folder.join("out").join(name)).unwrap()).unwrap()
}

/// The town's day without what rows have no column for.
fn flat(name: &str) -> String {
    let mut day: Value = serde_json::from_str(&list(name, 1)).unwrap();
    for many in ["locations", "patients", "visits", "carers"] {
        for entry in day[many].as_array_mut().unwrap() {
            let has_column =
                |value: &Value| value.as_array().is_none_or(|all| all.iter().all(Value::is_string));
            entry.as_object_mut().unwrap().retain(|_, value| has_column(value));
        }
    }
    day.to_string()
}

/// A list in JSON as rows.
fn as_csv(list: &str) -> String {
    let list: Value = serde_json::from_str(list).unwrap();
    let mut text = String::new();
    let mut add = |kind: &str, entry: &Value| {
        let mut cells = Vec::new();
        flatten(entry, "", &mut cells);
        let (heads, cells): (Vec<_>, Vec<_>) = cells.into_iter().unzip();
        text += &format!("kind;{}\n{kind};{}\n", heads.join(";"), cells.join(";"));
    };
    let kinds = [
        ("location", "locations"),
        ("patient", "patients"),
        ("visit", "visits"),
        ("carer", "carers"),
    ];
    let mut head = list.clone();
    head.as_object_mut().unwrap().retain(|name, _| kinds.iter().all(|(_, many)| many != name));
    add("list", &head);
    for (kind, many) in kinds {
        list[many].as_array().unwrap().iter().for_each(|entry| add(kind, entry));
    }
    text + "end\n"
}

fn flatten(value: &Value, path: &str, into: &mut Vec<(String, String)>) {
    match value {
        Value::Object(fields) => {
            for (name, value) in fields {
                let dot = if path.is_empty() { "" } else { "." };
                flatten(value, &format!("{path}{dot}{name}"), into);
            }
        }
        Value::Array(words) => {
            let words: Vec<_> = words.iter().map(|word| word.as_str().unwrap()).collect();
            if !words.is_empty() {
                into.push((path.to_owned(), words.join("|")));
            }
        }
        Value::String(text) => into.push((path.to_owned(), text.clone())),
        other => into.push((path.to_owned(), other.to_string())),
    }
}

#[test]
fn a_file_becomes_a_list_and_a_plan_and_a_bad_one_a_problem() {
    let (service, folder) = watching("files");
    put(&folder, "monday.json", &flat("monday"));
    put(&folder, "tuesday.csv", &as_csv(&flat("tuesday")));
    put(&folder, "broken.json", "{");
    put(&folder, "wrong.csv", "visit;v1\n");
    // The sender's disk was full, or it stopped to think.
    let whole = as_csv(&flat("cut"));
    put(&folder, "cut.csv", &whole[..whole.rfind("kind;").unwrap()]);
    put(&folder, "notes.txt", "not a list");
    for answer in [
        "monday.json.receipt",
        "tuesday.csv.receipt",
        "broken.json.problem",
        "wrong.csv.problem",
        "cut.csv.problem",
    ] {
        let file = folder.join("out").join(format!("{answer}.json"));
        until(|| file.exists(), answer);
    }
    let [by_json, by_csv] = ["monday.json", "tuesday.csv"]
        .map(|name| read(&folder, &format!("{name}.receipt.json"))["list"]["intake"].clone());
    assert_eq!((&by_json["listId"], &by_csv["listId"]), (&"monday".into(), &"tuesday".into()));
    for field in ["visits", "carers", "rejected", "warnings"] {
        assert_eq!(by_json[field], by_csv[field], "{field}");
    }
    assert_eq!(
        read(&folder, "broken.json.problem.json")["errors"]["faults"][0]["code"],
        "malformed-json"
    );
    for file in ["wrong.csv", "cut.csv"] {
        let told = read(&folder, &format!("{file}.problem.json"));
        assert_eq!(told["errors"]["faults"][0]["code"], "malformed-csv");
    }
    let left: Vec<_> =
        fs::read_dir(folder.join("in")).unwrap().flatten().map(|it| it.file_name()).collect();
    assert_eq!(left, ["notes.txt"]);
    until(|| folder.join("out/monday.json.plan.json").exists(), "the plan");
    assert_eq!(read(&folder, "monday.json.plan.json")["listId"], "monday");
    assert_eq!(read(&folder, "monday.json.plan.fhir")["resourceType"], "Bundle");
    for form in ["plan.csv", "plan.html"] {
        assert!(fs::metadata(folder.join(format!("out/monday.json.{form}"))).unwrap().len() > 1000);
    }
    let log = service.get(&service.master("bo"), "/v1/audit").text;
    assert!(log.contains("\"who\":\"folder\",\"act\":\"list-accepted\""), "{log}");
}

#[test]
fn a_file_that_is_being_written_is_left_until_it_is_whole() {
    let (service, folder) = watching("half");
    let (text, file) = (list("slowly", 1), folder.join("in/slowly.json"));
    let pieces: Vec<&[u8]> = text.as_bytes().chunks(text.len() / 8 + 1).collect();
    let mut written = Vec::new();
    for piece in pieces {
        written.extend_from_slice(piece);
        fs::write(&file, &written).unwrap();
        std::thread::sleep(Duration::from_millis(400));
    }
    until(|| folder.join("out/slowly.json.receipt.json").exists(), "the receipt");
    assert!(!folder.join("out/slowly.json.problem.json").exists());
    let told = service.get(&service.master("bo"), "/v1/visit-lists?day=2026-11-23").json();
    assert_eq!(told["lists"].as_array().unwrap().len(), 1);
}

#[test]
fn files_are_taken_once_though_the_service_is_killed() {
    let (mut service, folder) = watching("files-killed");
    let names: Vec<String> = (0..6).map(|n| format!("list-{n}")).collect();
    for (round, name) in names.iter().enumerate() {
        put(&folder, &format!("{name}.json"), &list(name, 1));
        std::thread::sleep(Duration::from_millis(900 + 130 * round as u64));
        assert!(signal("-KILL", service.pid()));
        service = Running::again(service.kill());
    }
    for name in &names {
        let receipt = format!("{name}.json.receipt.json");
        until(|| folder.join("out").join(&receipt).exists(), &receipt);
        let told = read(&folder, &receipt);
        let list = told["list"]["id"].as_str().unwrap();
        let path = format!("/v1/visit-lists/{list}");
        assert_eq!(service.get(&service.master("bo"), &path).json(), told["list"]);
    }
    let token = service.master("bo");
    let lists = service.get(&token, "/v1/visit-lists?day=2026-11-23").json();
    let plans = service.get(&token, "/v1/plans?day=2026-11-23").json();
    let count = |told: &Value, name: &str| told[name].as_array().unwrap().len();
    assert_eq!((count(&lists, "lists"), count(&plans, "plans")), (names.len(), names.len()));
    for part in ["in", "taken"] {
        assert_eq!(fs::read_dir(folder.join(part)).unwrap().count(), 0, "{part}");
    }
}
