//! `docs/FAULTS.md` and the program say the same codes.

use std::collections::BTreeSet;

use hjemrute_server::{FAULT_CODES, WARNING_CODES};

const FAULTS: &str = include_str!("../../../../docs/FAULTS.md");

/// The code in the first cell of each row of each table.
fn codes_on_the_page() -> Vec<&'static str> {
    let rows = FAULTS.lines().filter_map(|line| line.strip_prefix("| `"));
    rows.filter_map(|row| row.split('`').next()).collect()
}

#[test]
fn the_page_of_faults_has_every_code_once_and_no_other() {
    let page = codes_on_the_page();
    let told: BTreeSet<&str> = page.iter().copied().collect();
    let codes: BTreeSet<&str> = FAULT_CODES.iter().chain(WARNING_CODES).copied().collect();
    assert_eq!(told, codes);
    assert_eq!(page.len(), codes.len(), "no code stands twice");
}
