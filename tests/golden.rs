//! Days written by hand, each showing one rule, and the work lists they come to. A new case is a
//! file in `tests/golden`; a bug report is one too. Planned by iterations, never by the clock.

use std::path::Path;
use std::sync::atomic::AtomicBool;

use hjemrute_solver::{Budget, Instance, Plan, Problem, notation, render, solve, verify};
use hjemrute_travel::Tables;

#[test]
fn golden_days() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden");
    let entries = std::fs::read_dir(&folder).expect("the folder of golden days");
    let mut names: Vec<String> = entries
        .filter_map(|entry| {
            entry.ok()?.file_name().to_str()?.strip_suffix(".day").map(str::to_owned)
        })
        .collect();
    names.sort();
    assert!(names.len() >= 15, "{names:?}");
    for name in names {
        let text = std::fs::read_to_string(folder.join(format!("{name}.day"))).expect("a day");
        check(&name, &text);
    }
}

/// Plans the day, reads the plan again, and compares its work lists with those on record.
fn check(name: &str, text: &str) {
    let (instance, tables) =
        notation::parse(text).unwrap_or_else(|error| panic!("{name}: {error}"));
    let plan = planned(&instance, &tables);
    let verdict = verify(&instance, &tables, &plan);
    assert!(verdict.breaches.is_empty(), "{name}: {:#?}", verdict.breaches);
    let about: String = text.lines().take_while(|line| line.starts_with('#')).collect();
    insta::with_settings!({
        snapshot_path => "golden",
        prepend_module_to_snapshot => false,
        omit_expression => true,
        description => about.replace('#', "").trim(),
    }, {
        insta::assert_snapshot!(name, notation::lists(&instance, &plan));
    });
}

fn planned(instance: &Instance, tables: &Tables) -> Plan {
    let problem = Problem::compile(instance, tables).unwrap_or_else(|faults| panic!("{faults:#?}"));
    let cancelled = AtomicBool::new(false);
    let budget = Budget {
        seed: 1,
        iterations: Some(2000),
        deadline: None,
        threads: 1,
        cancelled: &cancelled,
        progress: &|_| {},
    };
    render(instance, tables, &problem, &solve(&problem, &budget))
}
