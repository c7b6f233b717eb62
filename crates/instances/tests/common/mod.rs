//! What the tests of every format need: a plan that breaks no rule, the shared files, and the
//! evaluators that know nothing of us.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::AtomicBool;

use hjemrute_solver::{Budget, Instance, Plan, Problem, render, solve, verify};
use hjemrute_travel::Tables;
use serde_json::Value;

/// A plan after so many iterations; one that breaks no rule.
pub(crate) fn planned(instance: &Instance, tables: &Tables, iterations: u64) -> Plan {
    let problem = Problem::compile(instance, tables).expect("read means no faults");
    let cancelled = AtomicBool::new(false);
    let budget = Budget {
        seed: 1,
        iterations: Some(iterations),
        deadline: None,
        threads: 1,
        cancelled: &cancelled,
        progress: &|_| {},
    };
    let plan = render(instance, tables, &problem, &solve(&problem, &budget));
    assert_eq!(verify(instance, tables, &plan).breaches, []);
    plan
}

/// A file of the shared data, or `None` (and a word why) where they are absent.
pub(crate) fn shared(file: &str) -> Option<PathBuf> {
    let beside = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared");
    let folder = std::env::var_os("HJEMRUTE_SHARED").map_or(beside, PathBuf::from);
    let path = folder.join(file);
    if path.exists() {
        return Some(path);
    }
    assert!(std::env::var_os("CI").is_none(), "{} is absent", path.display());
    eprintln!("skipped: {} is absent", path.display());
    None
}

/// What an evaluator says of an answer to a problem; it must have nothing against it.
pub(crate) fn evaluated(evaluator: &Path, problem: &Path, answer: &[u8]) -> Value {
    let name = problem.file_name().unwrap_or_default().to_string_lossy();
    let written = std::env::temp_dir().join(format!("{}-{name}.answer", std::process::id()));
    std::fs::write(&written, answer).expect("the answer can be written");
    let said = Command::new("python3").arg(evaluator).arg(problem).arg(&written).output();
    std::fs::remove_file(&written).expect("the answer was written");
    let said = said.expect("python3 runs");
    let words = String::from_utf8_lossy(&said.stdout);
    assert!(said.status.success(), "{name}: {words}");
    serde_json::from_slice(&said.stdout).unwrap_or_else(|error| panic!("{name}: {error}: {words}"))
}
