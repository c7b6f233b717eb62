//! Writes an answer as `plan.json`. The same answer gives the same bytes: nothing is asked of a
//! clock or a hash map. Times are instants with the local offset, lengths minutes, costs tenths of a
//! weighted second (600 is a minute of travel in the standard profile).

use hjemrute_solver::kpi;
use serde::Serialize;
use serde_json::value::RawValue;

use super::bound::BoundFile;
use super::figures::Figures;
use super::left_out::{LeftOut, Rejected, all_left_out, rejected_entries};
use super::robustness::RobustnessFile;
use super::told::{self, Notice, ScoreFile, notice, raw};
use super::work_list::{Book, List};
use crate::{Answer, Day, Replanned};

/// The answer as `plan.json`.
///
/// # Panics
/// When the plan names a visit or a carer that its instance does not have; no plan that `verify`
/// accepts does.
pub fn plan_json(answer: &Answer) -> Vec<u8> {
    let mut file = File::of(answer);
    let seconds = file.made.seconds.take();
    let proved = (file.bound.take(), file.gap.take(), file.robustness.take());
    // How long it took and what is proved of it is no part of the plan: the same plan has the same
    // id.
    file.plan_id = Some(fingerprint(&told::json(&file)));
    file.made.seconds = seconds;
    (file.bound, file.gap, file.robustness) = proved;
    told::json(&file)
}

/// One carer's work list by itself, with the list and day it is of; `number` counts from 0 as the
/// plan has them.
///
/// # Panics
/// Where [`plan_json`] does, and when there is no list of that number.
pub fn work_list_json(answer: &Answer, number: usize) -> Vec<u8> {
    #[derive(Serialize)]
    #[serde(rename_all = "camelCase")]
    struct File<'a> {
        schema_version: &'static str,
        list_id: &'a str,
        version: u32,
        day: String,
        work_list: List<'a>,
    }
    told::json(&File {
        schema_version: "1.0",
        list_id: &answer.list_id,
        version: answer.version,
        day: answer.day.date().to_string(),
        work_list: Book::of((&answer.instance, &answer.plan), &answer.day, &answer.echo)
            .list(&answer.plan.work_lists[number]),
    })
}

/// A short name for those bytes (FNV-1a, 128 bits: Fowler, Noll and Vo, 1991); no secret.
fn fingerprint(bytes: &[u8]) -> String {
    const OFFSET: u128 = 0x6c62_272e_07bb_0142_62b8_2175_6295_c58d;
    const PRIME: u128 = 0x0000_0000_0100_0000_0000_0000_0000_013b;
    let hash =
        bytes.iter().fold(OFFSET, |hash, &byte| (hash ^ u128::from(byte)).wrapping_mul(PRIME));
    format!("plan-{hash:032x}")
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct File<'a> {
    schema_version: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    plan_id: Option<String>,
    list_id: &'a str,
    version: u32,
    made: Made<'a>,
    score: ScoreFile,
    #[serde(skip_serializing_if = "Option::is_none")]
    replanned: Option<ReplannedFile<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    robustness: Option<RobustnessFile<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    bound: Option<BoundFile<'a>>,
    /// How much of the total is not proven to be needed, as a share of it.
    #[serde(skip_serializing_if = "Option::is_none")]
    gap: Option<f64>,
    work_lists: Vec<List<'a>>,
    unassigned: Vec<LeftOut<'a>>,
    rejected: Vec<Rejected<'a>>,
    warnings: Vec<Notice<'a>>,
    kpi: Figures,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    locations: Vec<Carried<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    patients: Vec<CarriedRef<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    ext: Option<&'a RawValue>,
}

#[derive(Serialize)]
struct Made<'a> {
    solver: &'a str,
    seed: u64,
    iterations: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    seconds: Option<f64>,
    map: &'a str,
    profile: &'a str,
}

#[derive(Serialize)]
struct Carried<'a> {
    id: &'a str,
    ext: Option<&'a RawValue>,
}

#[derive(Serialize)]
struct CarriedRef<'a> {
    #[serde(rename = "ref")]
    id: &'a str,
    ext: Option<&'a RawValue>,
}

/// The plan that held before, and what of it could not be kept.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ReplannedFile<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    from: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    frozen_until: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    max_changes: Option<usize>,
    /// Patients who get another carer, another time or nobody even if everything else stays.
    forced: Vec<&'a str>,
}

impl<'a> ReplannedFile<'a> {
    fn of(replanned: &'a Replanned, day: &Day) -> ReplannedFile<'a> {
        let Replanned { from, frozen_until, most_changes, forced } = replanned;
        ReplannedFile {
            from: from.as_deref(),
            frozen_until: frozen_until.map(|until| day.rfc3339(until)),
            max_changes: *most_changes,
            forced: forced.iter().map(|patient| patient.0.as_str()).collect(),
        }
    }
}

impl<'a> File<'a> {
    fn of(answer: &'a Answer) -> File<'a> {
        let Answer {
            list_id, version, instance, plan, rejected, left_out, echo, made, bound, ..
        } = answer;
        let book = Book::of((instance, plan), &answer.day, &answer.echo);
        File {
            schema_version: "1.0",
            plan_id: None,
            list_id,
            version: *version,
            made: Made {
                solver: &made.solver,
                seed: made.seed,
                iterations: made.iterations,
                seconds: made.seconds,
                map: &made.map,
                profile: &made.profile,
            },
            score: ScoreFile::of(plan.score),
            replanned: answer
                .replanned
                .as_ref()
                .map(|replanned| ReplannedFile::of(replanned, &answer.day)),
            robustness: answer.robustness.as_ref().map(RobustnessFile::of),
            bound: bound.as_ref().map(BoundFile::of),
            gap: bound.as_ref().map(|bound| bound.gap(&plan.score) as f64 / 10_000.0),
            work_lists: plan.work_lists.iter().map(|list| book.list(list)).collect(),
            unassigned: all_left_out(
                &plan.unassigned,
                (instance, &answer.day, echo),
                &answer.would_fit,
            ),
            rejected: rejected_entries(rejected, left_out, echo),
            warnings: plan.warnings.iter().map(notice).collect(),
            kpi: Figures(kpi(instance, plan)),
            locations: echo
                .locations
                .iter()
                .map(|(id, ext)| Carried { id, ext: raw(Some(ext)) })
                .collect(),
            patients: echo
                .patients
                .iter()
                .map(|(id, ext)| CarriedRef { id, ext: raw(Some(ext)) })
                .collect(),
            ext: raw(echo.list.as_ref()),
        }
    }
}
