//! What a plan changes for people, as a scheduler reads it before telephoning.

use std::fmt::Write as _;

use crate::changes::{ChangeKind, Changes};

/// The changes in bokmål: how many in short, then a line for each.
pub fn changes_text(changes: &Changes) -> String {
    let mut text = String::new();
    let patients = changes.patients();
    if changes.changes.is_empty() {
        return "Ingen endringer for brukerne.\n".to_owned();
    }
    let _ = writeln!(
        text,
        "Brukere som får en annen ansatt, et annet tidspunkt eller ingen: {patients}"
    );
    let counts = ChangeKind::ALL.map(|kind| (kind, changes.count(kind)));
    let told = counts.iter().filter(|(_, count)| *count > 0);
    let told: Vec<String> = told.map(|(kind, count)| format!("{count} {}", named(*kind))).collect();
    let _ = writeln!(text, "Besøk: {}", told.join(", "));
    let _ = writeln!(text, "Arbeidslister som er endret: {}\n", changes.carers.len());
    for change in &changes.changes {
        let must = if change.forced { " (må)" } else { "" };
        let _ = writeln!(text, "  {}{must}", change.detail.nb);
    }
    text
}

fn named(kind: ChangeKind) -> &'static str {
    match kind {
        ChangeKind::OtherCarer => "med annen ansatt",
        ChangeKind::OtherTime => "med annet tidspunkt",
        ChangeKind::New => "nye",
        ChangeKind::TakenUp => "som ingen skulle gjøre, men som nå gjøres",
        ChangeKind::Cancelled => "avlyst",
        ChangeKind::LeftOut => "som ingen gjør",
        ChangeKind::Gone => "som ikke står på listen lenger",
    }
}
