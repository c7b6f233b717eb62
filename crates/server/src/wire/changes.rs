//! Writes what a plan changes for people as JSON.

use serde::Serialize;

use super::told::{self, Minutes};
use crate::changes::{Change, ChangeKind, Changes, Coming};

/// The changes as JSON: how many of each kind, each with who came and who comes, and the carers whose
/// lists are another.
pub fn changes_json(changes: &Changes) -> Vec<u8> {
    told::json(&File {
        from: changes.from.as_deref(),
        to: changes.to.as_deref(),
        tolerance_minutes: Minutes(changes.tolerance),
        patients: changes.patients(),
        counts: Counts::of(changes),
        changes: changes.changes.iter().map(ChangeFile::of).collect(),
        carers: changes.carers.iter().map(String::as_str).collect(),
    })
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct File<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    from: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    to: Option<&'a str>,
    tolerance_minutes: Minutes,
    /// How many patients get another carer, another time, or nobody.
    patients: usize,
    counts: Counts,
    changes: Vec<ChangeFile<'a>>,
    carers: Vec<&'a str>,
}

/// How many visits of each kind.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Counts {
    other_carer: usize,
    other_time: usize,
    new: usize,
    taken_up: usize,
    cancelled: usize,
    left_out: usize,
    gone: usize,
}

impl Counts {
    fn of(changes: &Changes) -> Counts {
        let [other_carer, other_time, new, taken_up, cancelled, left_out, gone] =
            ChangeKind::ALL.map(|kind| changes.count(kind));
        Counts { other_carer, other_time, new, taken_up, cancelled, left_out, gone }
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ChangeFile<'a> {
    visit: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    patient: Option<&'a str>,
    kinds: Vec<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    before: Option<ComingFile<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    after: Option<ComingFile<'a>>,
    forced: bool,
    detail: &'a str,
    detail_nb: &'a str,
}

#[derive(Serialize)]
struct ComingFile<'a> {
    carers: Vec<&'a str>,
    start: &'a str,
}

impl<'a> ChangeFile<'a> {
    fn of(change: &'a Change) -> ChangeFile<'a> {
        let coming = |coming: &'a Coming| ComingFile {
            carers: coming.carers.iter().map(String::as_str).collect(),
            start: &coming.start,
        };
        ChangeFile {
            visit: &change.visit,
            patient: change.patient.as_deref(),
            kinds: change.kinds.iter().map(|kind| kind.name()).collect(),
            before: change.before.as_ref().map(coming),
            after: change.after.as_ref().map(coming),
            forced: change.forced,
            detail: &change.detail.en,
            detail_nb: &change.detail.nb,
        }
    }
}
