//! What of a list is on no work list, as it is written: visits that nobody makes, with the reason, and what
//! was rejected, with what is wrong with it.

use std::collections::{BTreeMap, BTreeSet};

use hjemrute_solver::{Instance, Reason, Unassigned, VisitId, WouldFit};
use serde::Serialize;
use serde_json::value::RawValue;

use super::asked::WouldFitFile;
use super::told::{self, Fault, Notice, notice, raw};
use crate::{Accepted, Day, Echo, InputFault};

/// A list that was accepted, as whoever sent it is told: what is taken, what is not, what to look at.
pub fn accepted_json(accepted: &Accepted) -> Vec<u8> {
    #[derive(Serialize)]
    #[serde(rename_all = "camelCase")]
    struct File<'a> {
        list_id: &'a str,
        version: u32,
        day: String,
        visits: usize,
        carers: usize,
        rejected: Vec<Rejected<'a>>,
        warnings: Vec<Notice<'a>>,
    }
    let Accepted { list_id, version, day, visits, carers, .. } = accepted;
    let Accepted { rejected, left_out, echo, warnings, .. } = accepted;
    told::json(&File {
        list_id,
        version: *version,
        day: day.date().to_string(),
        visits: *visits,
        carers: *carers,
        rejected: rejected_entries(rejected, left_out, echo),
        warnings: warnings.iter().map(notice).collect(),
    })
}

#[derive(Serialize)]
pub(super) struct LeftOut<'a> {
    visit: &'a str,
    reason: ReasonFile<'a>,
    #[serde(rename = "wouldFit", skip_serializing_if = "Option::is_none")]
    would_fit: Option<WouldFitFile>,
    #[serde(skip_serializing_if = "Option::is_none")]
    ext: Option<&'a RawValue>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct ReasonFile<'a> {
    code: &'static str,
    detail: &'a str,
    detail_nb: &'a str,
    ruled_out: Vec<RuledOutFile<'a>>,
}

#[derive(Serialize)]
struct RuledOutFile<'a> {
    rule: &'static str,
    carers: Vec<&'a str>,
}

/// An entry of the list that is not in the plan; exactly one of the four names is there.
#[derive(Default, Serialize)]
pub(super) struct Rejected<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    visit: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    carer: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    patient: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    location: Option<&'a str>,
    faults: Vec<Fault<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    ext: Option<&'a RawValue>,
}

impl<'a> ReasonFile<'a> {
    pub(super) fn of(reason: &'a Reason) -> ReasonFile<'a> {
        let ruled_out = reason.ruled_out.iter().map(|group| RuledOutFile {
            rule: group.rule,
            carers: group.carers.iter().map(|carer| carer.0.as_str()).collect(),
        });
        ReasonFile {
            code: reason.code.name(),
            detail: &reason.detail.en,
            detail_nb: &reason.detail.nb,
            ruled_out: ruled_out.collect(),
        }
    }
}

/// The visits that nobody makes; of one that is in parts, not the parts.
pub(super) fn all_left_out<'a>(
    out: &'a [Unassigned],
    (instance, day, echo): (&Instance, &Day, &'a Echo),
    would_fit: &BTreeMap<VisitId, WouldFit>,
) -> Vec<LeftOut<'a>> {
    let parts = instance.visits.iter().filter(|visit| visit.helps.is_some());
    let parts: BTreeSet<&VisitId> = parts.map(|visit| &visit.id).collect();
    let whole = out.iter().filter(|out| !parts.contains(&out.visit));
    let told = whole.map(|out| LeftOut {
        visit: &out.visit.0,
        reason: ReasonFile::of(&out.reason),
        would_fit: would_fit.get(&out.visit).map(|fit| WouldFitFile::of(fit, day)),
        ext: raw(echo.visits.get(&out.visit.0)),
    });
    told.collect()
}

/// Everything of a list that is left out, visits first.
pub(super) fn rejected_entries<'a>(
    rejected: &'a [(VisitId, Vec<InputFault>)],
    left_out: &'a [InputFault],
    echo: &'a Echo,
) -> Vec<Rejected<'a>> {
    let visits = rejected.iter().map(|(visit, faults)| Rejected {
        visit: Some(&visit.0),
        faults: faults.iter().map(Fault::of).collect(),
        ext: raw(echo.visits.get(&visit.0)),
        ..Rejected::default()
    });
    visits.chain(left_out.chunk_by(same_entry).map(entry)).collect()
}

/// Whether two faults are of the same entry: `/carers/3/…`.
fn same_entry(one: &InputFault, other: &InputFault) -> bool {
    of_entry(one) == of_entry(other)
}

fn of_entry(fault: &InputFault) -> (&str, &str) {
    let mut steps = fault.pointer.split('/').skip(1);
    (steps.next().unwrap_or_default(), steps.next().unwrap_or_default())
}

/// The faults of one location, patient or carer.
fn entry(faults: &[InputFault]) -> Rejected<'_> {
    let mut rejected =
        Rejected { faults: faults.iter().map(Fault::of).collect(), ..Rejected::default() };
    let id = faults[0].id.as_deref();
    match of_entry(&faults[0]).0 {
        "carers" => rejected.carer = id,
        "patients" => rejected.patient = id,
        _ => rejected.location = id,
    }
    rejected
}
