//! Solomon's format from end to end: a problem written by hand, what must be refused, and the shared
//! problems through an evaluator that knows nothing of us.

#[path = "../common/mod.rs"]
mod common;

use std::path::Path;

use common::{evaluated, planned, shared};
use hjemrute_instances::InstanceError;
use hjemrute_instances::solomon::{Objective, Solomon};

const SMALL: &str = "
small
VEHICLE
NUMBER     CAPACITY
  3         10
CUSTOMER
CUST NO.  XCOORD.   YCOORD.    DEMAND   READY TIME  DUE DATE   SERVICE   TIME
    0      0          0          0          0        100          0
    1      3          4          6          0         90          1
    2      3          5          4          0         90          1
    3      1          1          1         50         60          1
";

#[test]
fn a_small_one_is_read_solved_and_answered() {
    let problem = Solomon::read(SMALL.as_bytes()).expect("it is right");
    let plan = planned(&problem.instance, &problem.tables, 300);
    // One vehicle cannot carry all of it. 1 and 2 together: 5 + 1 + 5.8; 3 alone: 1.4 twice.
    assert_eq!(problem.objective(&plan), Objective { tenths: 50 + 10 + 58 + 28, vehicles: 2 });
    let answer = String::from_utf8(problem.answer(&plan)).expect("text");
    assert!(answer.contains("Route #2:") && answer.ends_with("Cost 14.6\n"), "{answer}");
}

#[test]
fn what_is_not_of_the_format_is_refused() {
    let refused = |text: &str| Solomon::read(text.as_bytes()).expect_err("it is wrong");
    assert!(matches!(refused(""), InstanceError::Unreadable(_)));
    assert!(matches!(refused(&SMALL.replace(" 90 ", " 9x ")), InstanceError::Unreadable(_)));
    assert!(matches!(refused(&SMALL.replace("  4 ", "  4.5 ")), InstanceError::Unreadable(_)));
    let skipped = SMALL.replace("    2      3", "    4      3");
    assert!(matches!(refused(&skipped), InstanceError::Wrong { field: "CUST NO.", .. }));
    let backwards = SMALL.replace(" 50         60 ", " 60         50 ");
    assert!(matches!(refused(&backwards), InstanceError::Wrong { field: "DUE DATE", .. }));
}

/// Solves it in so many iterations, and holds the evaluator's figures against ours.
fn judged(file: &Path, evaluator: &Path, iterations: u64) {
    let problem =
        Solomon::read(&std::fs::read(file).expect("it can be read")).expect("it is right");
    let plan = planned(&problem.instance, &problem.tables, iterations);
    let name = file.display();
    assert!(plan.unassigned.is_empty(), "{name}: {}", plan.unassigned.len());
    let said = evaluated(evaluator, file, &problem.answer(&plan));
    let Objective { tenths, vehicles } = problem.objective(&plan);
    assert_eq!(said["cost"], tenths as f64 / 10.0, "{name}");
    assert_eq!((&said["stated"], &said["routes"]), (&said["cost"], &vehicles.into()), "{name}");
}

/// Every problem of a shared folder.
fn all_judged(folder: &str, iterations: u64) {
    let folder = shared(&format!("bench/vrptw/{folder}"));
    let (Some(folder), Some(evaluator)) = (folder, shared("tools/eval_vrptw.py")) else { return };
    for file in std::fs::read_dir(folder).expect("a folder") {
        judged(&file.expect("a file").path(), &evaluator, iterations);
    }
}

#[test]
fn one_of_each_kind() {
    let evaluator = shared("tools/eval_vrptw.py");
    for name in ["C101", "C205", "R107", "R203", "RC104", "RC208"] {
        let file = shared(&format!("bench/vrptw/solomon/{name}.txt"));
        let (Some(file), Some(evaluator)) = (file, &evaluator) else { return };
        judged(&file, evaluator, 300);
    }
}

#[test]
#[ignore = "long"]
fn all_of_solomon() {
    all_judged("solomon", 2000);
}

#[test]
#[ignore = "long"]
fn all_of_homberger() {
    for set in ["homberger_200", "homberger_400", "homberger_1000"] {
        all_judged(set, 500);
    }
}
