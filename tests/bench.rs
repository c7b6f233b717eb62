//! `hjemrute bench` from the outside: an answer and a line of figures, or a word on what is in the
//! way and the exit code of unusable input.

use std::path::PathBuf;
use std::process::{Command, Output};

use serde_json::{Value, json};

/// Runs the command on a problem in a folder of its own; gives what it said and the answer.
fn bench(name: &str, problem: &Value) -> (Output, Option<Value>) {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).expect("a folder for the test");
    let (file, out) = (folder.join("small.vroom.json"), folder.join("answer.json"));
    std::fs::write(&file, problem.to_string()).expect("the problem can be written");
    let mut command = Command::new(env!("CARGO_BIN_EXE_hjemrute"));
    command.arg("bench").arg(&file).arg("--out").arg(&out);
    let said = command.args(["--format", "vroom", "--iterations", "200", "--seed", "1"]).output();
    let answer = std::fs::read(&out).ok().and_then(|text| serde_json::from_slice(&text).ok());
    (said.expect("the program runs"), answer)
}

fn problem() -> Value {
    json!({
        "vehicles": [{ "id": 1, "start_index": 0, "end_index": 0, "time_window": [0, 900] }],
        "jobs": [
            { "id": 1, "location_index": 1, "service": 300, "priority": 10 },
            { "id": 2, "location_index": 1, "service": 600, "priority": 3 },
        ],
        "matrices": { "car": { "durations": [[0, 100], [120, 0]] } },
    })
}

#[test]
fn the_line_and_the_answer_say_the_same() {
    let (said, answer) = bench("bench-answer", &problem());
    assert!(said.status.success(), "{}", String::from_utf8_lossy(&said.stderr));
    let line: Value = serde_json::from_slice(&said.stdout).expect("one line of JSON");
    assert_eq!(line["instance"], "small");
    assert_eq!(line["objective"], json!({ "priorityLeftOut": 3, "travelSeconds": 220 }));
    assert_eq!(line["unassigned"], 1);
    assert!(line["iterations"].as_u64() >= Some(200) && line["seconds"].is_f64(), "{line}");
    let answer = answer.expect("an answer");
    assert_eq!(answer["summary"]["cost"], 220);
    assert_eq!(answer["unassigned"][0]["id"], 2);
}

#[test]
fn what_cannot_be_expressed_ends_with_a_word_about_it() {
    let mut problem = problem();
    problem["vehicles"][0]["capacity"] = json!([3]);
    let (said, answer) = bench("bench-refused", &problem);
    assert_eq!((said.status.code(), answer), (Some(2), None));
    let words = String::from_utf8_lossy(&said.stderr);
    assert!(words.contains("vehicles[0]") && words.contains("`capacity`"), "{words}");
}
