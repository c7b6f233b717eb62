//! Reads from a `plan.json` who comes to whom and when, for two plans to be told apart. The list behind
//! the plan is not needed and not asked for; whether the plan is right, `check` says.

use std::collections::{BTreeMap, BTreeSet};

use super::read::{Limits, read_whole, schema_version};
use super::read_plan::replanned;
use super::reader::Fields;
use super::values::{text, words};
use super::wrong;
use crate::changes::Coming;
use crate::fault::InputFault;

/// Who comes to whom and when.
#[derive(Clone, Debug, Default)]
pub(crate) struct ToldPlan {
    pub(crate) plan_id: Option<String>,
    /// By visit: the patient, and who comes when.
    pub(crate) comings: BTreeMap<String, (String, Coming)>,
    /// By visit that is on no list: the reason's code.
    pub(crate) left_out: BTreeMap<String, String>,
    /// By carer: the visits, with their starts.
    pub(crate) lists: BTreeMap<String, Vec<(String, i64)>>,
    /// The patients who could not be kept as they were, where the plan was made against another.
    pub(crate) forced: BTreeSet<String>,
}

impl ToldPlan {
    /// Every visit that the plan knows of.
    pub(crate) fn visits(&self) -> impl Iterator<Item = &String> {
        self.comings.keys().chain(self.left_out.keys())
    }
}

/// Reads who comes to whom, or tells everything that is wrong with that.
pub(crate) fn read_told(body: &[u8], limits: &Limits) -> Result<ToldPlan, Vec<InputFault>> {
    read_whole(body, limits, plan)
}

fn plan(fields: &mut Fields<'_>) -> Option<ToldPlan> {
    let schema = fields.must("schemaVersion", schema_version);
    let plan_id = fields.may("planId", text);
    let lists = fields.must("workLists", |at| at.list(|at| at.object(list)));
    let left_out = fields.must("unassigned", |at| at.list(|at| at.object(out)));
    let forced = fields.may("replanned", |at| {
        at.object(|fields| {
            fields.may("frozenUntil", |_| Some(()));
            replanned(fields)
        })
    });
    for other in [
        "listId",
        "version",
        "made",
        "score",
        "bound",
        "gap",
        "rejected",
        "warnings",
        "kpi",
        "robustness",
        "locations",
        "patients",
        "ext",
    ] {
        fields.may(other, |_| Some(()));
    }
    schema?;
    let mut told = ToldPlan {
        plan_id: plan_id?,
        left_out: left_out?.into_iter().collect(),
        forced: forced?.into_iter().flat_map(|told| told.forced).map(|who| who.0).collect(),
        ..ToldPlan::default()
    };
    for (carer, stops) in lists? {
        for (visit, patient, start, moment) in stops.into_iter().flatten() {
            told.lists.entry(carer.clone()).or_default().push((visit.clone(), moment));
            let said = start.clone();
            let fresh = || (patient, Coming { carers: BTreeSet::new(), start, moment });
            let (_, coming) = told.comings.entry(visit).or_insert_with(fresh);
            if moment < coming.moment {
                // Who helps with the end of a visit comes when it has begun.
                (coming.start, coming.moment) = (said, moment);
            }
            coming.carers.insert(carer.clone());
        }
    }
    Some(told)
}

/// A visit, its patient, its start as it is written, and in seconds.
type Stop = (String, String, String, i64);

fn list(fields: &mut Fields<'_>) -> Option<(String, Vec<Option<Stop>>)> {
    let carer = fields.must("carer", text);
    let stops = fields.must("stops", |at| at.list(|at| at.object(stop)));
    for other in ["mode", "vehicle", "start", "end", "ext"] {
        fields.may(other, |_| Some(()));
    }
    Some((carer?, stops?))
}

fn stop(fields: &mut Fields<'_>) -> Option<Option<Stop>> {
    let kind = fields.must("kind", text)?;
    let others = [
        "location",
        "leave",
        "arrive",
        "travel",
        "wait",
        "lateMinutes",
        "with",
        "ext",
        "key",
        "part",
    ];
    for other in others {
        fields.may(other, |_| Some(()));
    }
    if kind != "visit" {
        fields.may("start", |_| Some(()));
        return Some(None);
    }
    let visit = fields.must("visit", text);
    let patient = fields.must("patient", text);
    let start = fields.must("start", |at| {
        let instant = words(at)?;
        match instant.parse::<jiff::Timestamp>() {
            Ok(moment) => Some((instant.to_owned(), moment.as_second())),
            Err(_) => at.refuse(wrong::time_malformed("`2026-11-23T07:30:00+01:00`")),
        }
    });
    let (start, moment) = start?;
    Some(Some((visit?, patient?, start, moment)))
}

fn out(fields: &mut Fields<'_>) -> Option<(String, String)> {
    let visit = fields.must("visit", text);
    let code = fields.must("reason", |at| {
        at.object(|fields| {
            let code = fields.must("code", text);
            for other in ["detail", "detailNb", "ruledOut"] {
                fields.may(other, |_| Some(()));
            }
            code
        })
    });
    for other in ["wouldFit", "ext"] {
        fields.may(other, |_| Some(()));
    }
    Some((visit?, code?))
}
