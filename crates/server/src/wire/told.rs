//! The small shapes that answers are made of: minutes, sentences in two languages, faults, breaches
//! and the score, each as JSON has it.

use hjemrute_solver::{Breach, CarerRef, Parts, Score, VisitId, Warning};
use hjemrute_travel::{Leg, Seconds};
use serde::{Serialize, Serializer};
use serde_json::value::RawValue;

use crate::{Checked, InputFault};

/// A length of time in minutes: whole where it is, else with at most two decimals, which is enough
/// to read the second back.
#[derive(Clone, Copy)]
pub(super) struct Minutes(pub(super) Seconds);

impl Serialize for Minutes {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        hundredths((i64::from(self.0.0) * 10 + 3).div_euclid(6), serializer)
    }
}

/// So many hundredths as a number, without decimals where there are none.
pub(super) fn hundredths<S: Serializer>(count: i64, serializer: S) -> Result<S::Ok, S::Error> {
    if count % 100 == 0 {
        serializer.serialize_i64(count / 100)
    } else {
        serializer.serialize_f64(count as f64 / 100.0)
    }
}

/// The way to a stop.
#[derive(Serialize)]
pub(super) struct Way {
    minutes: Minutes,
    metres: i32,
}

impl Way {
    pub(super) fn of(leg: Leg) -> Way {
        Way { minutes: Minutes(leg.seconds), metres: leg.metres.0 }
    }
}

/// A fault as the contract has it.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Fault<'a> {
    code: &'a str,
    pointer: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<&'a str>,
    detail: &'a str,
    detail_nb: &'a str,
    fix: &'a str,
    fix_nb: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    caused_by: Option<&'a str>,
}

impl<'a> Fault<'a> {
    pub(super) fn of(fault: &'a InputFault) -> Fault<'a> {
        let InputFault { code, pointer, id, detail, fix, caused_by } = fault;
        Fault {
            code,
            pointer,
            id: id.as_deref(),
            detail: &detail.en,
            detail_nb: &detail.nb,
            fix: &fix.en,
            fix_nb: &fix.nb,
            caused_by: caused_by.as_deref(),
        }
    }
}

/// Something about a visit or a carer: a warning, or a rule that is broken.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Notice<'a> {
    code: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    visit: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    carer: Option<&'a str>,
    detail: &'a str,
    detail_nb: &'a str,
}

impl<'a> Notice<'a> {
    pub(super) fn of(
        code: &'a str,
        visit: Option<&'a VisitId>,
        carer: Option<&'a CarerRef>,
        detail: &'a hjemrute_solver::Said,
    ) -> Notice<'a> {
        let (visit, carer) = (visit.map(|id| id.0.as_str()), carer.map(|id| id.0.as_str()));
        Notice { code, visit, carer, detail: &detail.en, detail_nb: &detail.nb }
    }
}

/// The score: each level of the objective, and the sum with its parts, in tenths of a weighted second.
#[derive(Serialize)]
pub(super) struct ScoreFile {
    levels: Levels,
    total: i64,
    parts: PartsFile,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Levels {
    time_critical_left_out: u32,
    important_left_out: u32,
    time_critical_late_seconds: i32,
    normal_left_out: u32,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct PartsFile {
    unassigned: i64,
    late: i64,
    /// Only where a profile has a price for it.
    #[serde(skip_serializing_if = "is_nothing")]
    worst_late: i64,
    /// Only where a profile has a price for it.
    #[serde(skip_serializing_if = "is_nothing")]
    worst_idle: i64,
    overtime: i64,
    travel: i64,
    /// Only where a profile has a price for it, as the next.
    #[serde(skip_serializing_if = "is_nothing")]
    work: i64,
    #[serde(skip_serializing_if = "is_nothing")]
    balance: i64,
    waiting: i64,
    /// Only where a profile has a price for it, as the next.
    #[serde(skip_serializing_if = "is_nothing")]
    worst_wait: i64,
    #[serde(skip_serializing_if = "is_nothing")]
    missed_breaks: i64,
    continuity: i64,
    /// Only where a visit does not start when the patient would like.
    #[serde(skip_serializing_if = "is_nothing")]
    preferred: i64,
    /// Only against a published plan.
    #[serde(skip_serializing_if = "is_nothing")]
    changes: i64,
}

// serde hands over a reference.
#[expect(clippy::trivially_copy_pass_by_ref)]
fn is_nothing(part: &i64) -> bool {
    *part == 0
}

impl ScoreFile {
    pub(super) fn of(score: Score) -> ScoreFile {
        let Score {
            time_critical_out,
            important_out,
            time_critical_late,
            normal_out,
            total,
            parts,
        } = score;
        let Parts {
            unassigned,
            late,
            worst_late,
            worst_idle,
            overtime,
            travel,
            work,
            balance,
            waiting,
            worst_wait,
            missed_breaks,
            continuity,
            preferred,
            changes,
        } = parts;
        ScoreFile {
            levels: Levels {
                time_critical_left_out: time_critical_out,
                important_left_out: important_out,
                time_critical_late_seconds: time_critical_late.0,
                normal_left_out: normal_out,
            },
            total: total.0,
            parts: PartsFile {
                unassigned: unassigned.0,
                late: late.0,
                worst_late: worst_late.0,
                worst_idle: worst_idle.0,
                overtime: overtime.0,
                travel: travel.0,
                work: work.0,
                balance: balance.0,
                waiting: waiting.0,
                worst_wait: worst_wait.0,
                missed_breaks: missed_breaks.0,
                continuity: continuity.0,
                preferred: preferred.0,
                changes: changes.0,
            },
        }
    }
}

/// Faults as JSON: `{"faults": […]}`.
pub fn faults_json(faults: &[InputFault]) -> Vec<u8> {
    #[derive(Serialize)]
    struct File<'a> {
        faults: Vec<Fault<'a>>,
    }
    json(&File { faults: faults.iter().map(Fault::of).collect() })
}

/// What was found in a plan as JSON: `{"breaches": […], "score": {…}}`.
pub fn checked_json(checked: &Checked) -> Vec<u8> {
    #[derive(Serialize)]
    struct File<'a> {
        breaches: Vec<Notice<'a>>,
        score: ScoreFile,
    }
    json(&File {
        breaches: checked.breaches.iter().map(broken).collect(),
        score: ScoreFile::of(checked.score),
    })
}

/// Breaches as JSON: `{"breaches": […]}`.
pub fn breaches_json(breaches: &[Breach]) -> Vec<u8> {
    #[derive(Serialize)]
    struct File<'a> {
        breaches: Vec<Notice<'a>>,
    }
    json(&File { breaches: breaches.iter().map(broken).collect() })
}

pub(super) fn broken(breach: &Breach) -> Notice<'_> {
    let Breach { rule, visit, carer, detail } = breach;
    Notice::of(rule, visit.as_ref(), carer.as_ref(), detail)
}

/// A warning as it is told.
pub(super) fn notice(warning: &Warning) -> Notice<'_> {
    let Warning { code, visit, carer, detail } = warning;
    Notice::of(code, visit.as_ref(), carer.as_ref(), detail)
}

/// What stood under `ext`, as it came.
pub(super) fn raw(ext: Option<&String>) -> Option<&RawValue> {
    ext.map(|ext| serde_json::from_str(ext).expect("it was read as JSON"))
}

/// Indented by one space, with a line break at the end.
pub(crate) fn json(value: &impl Serialize) -> Vec<u8> {
    let mut bytes = Vec::new();
    let formatter = serde_json::ser::PrettyFormatter::with_indent(b" ");
    let mut serializer = serde_json::Serializer::with_formatter(&mut bytes, formatter);
    value
        .serialize(&mut serializer)
        .expect("a list in memory takes everything, and every key is a text");
    bytes.push(b'\n');
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn minutes_have_no_more_decimals_than_they_need_and_give_the_second_back() {
        let written = |seconds| serde_json::to_string(&Minutes(Seconds(seconds))).unwrap();
        assert_eq!(
            [written(0), written(372), written(1), written(-60)],
            ["0", "6.2", "0.02", "-1"]
        );
        for seconds in 0..100_000 {
            let minutes: f64 = written(seconds).parse().unwrap();
            assert_eq!((minutes * 60.0).round() as i32, seconds);
        }
    }
}
