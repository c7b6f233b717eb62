//! Writes an answer as `plan.json`. The same answer gives the same bytes: nothing is asked of a
//! clock or a hash map. Times are instants with the local offset, lengths minutes, costs tenths of a
//! weighted second (600 is a minute of travel in the standard profile).

use std::collections::{BTreeMap, BTreeSet};

use hjemrute_solver::{
    Carer, CarerRef, Instance, Plan, Reason, Stop, Unassigned, Visit, VisitId, VisitStop, Warning,
    WorkList, WouldFit, kpi,
};
use hjemrute_travel::{PlaceId, Time};
use serde::Serialize;
use serde_json::value::RawValue;

use super::asked::WouldFitFile;
use super::bound::BoundFile;
use super::figures::Figures;
use super::robustness::RobustnessFile;
use super::told::{self, Fault, Minutes, Notice, ScoreFile, Way};
use crate::{Accepted, Answer, Day, Echo, InputFault, Replanned};

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
pub(super) struct List<'a> {
    carer: &'a str,
    mode: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    vehicle: Option<&'a str>,
    start: String,
    end: String,
    stops: Vec<StopFile<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    ext: Option<&'a RawValue>,
}

#[derive(Serialize)]
#[serde(tag = "kind", rename_all = "lowercase")]
enum StopFile<'a> {
    Base {
        location: &'a str,
        #[serde(skip_serializing_if = "Option::is_none")]
        travel: Option<Way>,
        #[serde(skip_serializing_if = "Option::is_none")]
        arrive: Option<String>,
        #[serde(skip_serializing_if = "Option::is_none")]
        leave: Option<String>,
    },
    Visit(VisitFile<'a>),
    Key {
        location: &'a str,
        travel: Way,
        arrive: String,
        /// It begins on arrival; said as of the other stops.
        start: String,
        leave: String,
    },
    Break {
        location: &'a str,
        travel: Way,
        start: String,
        leave: String,
    },
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct VisitFile<'a> {
    visit: &'a str,
    /// `helper`, where the carer is there for a part of the visit only.
    #[serde(skip_serializing_if = "Option::is_none")]
    part: Option<&'static str>,
    patient: &'a str,
    location: &'a str,
    travel: Way,
    arrive: String,
    wait: Minutes,
    start: String,
    leave: String,
    late_minutes: Minutes,
    with: Vec<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    ext: Option<&'a RawValue>,
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
struct Rejected<'a> {
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
            replanned: answer.replanned.as_ref().map(|replanned| book.replanned(replanned)),
            robustness: answer.robustness.as_ref().map(RobustnessFile::of),
            bound: bound.as_ref().map(BoundFile::of),
            gap: bound.as_ref().map(|bound| bound.gap(&plan.score) as f64 / 10_000.0),
            work_lists: plan.work_lists.iter().map(|list| book.list(list)).collect(),
            unassigned: book.all_left_out(&plan.unassigned, &answer.would_fit),
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

/// What the writing of a stop must look up.
pub(super) struct Book<'a> {
    instance: &'a Instance,
    day: &'a Day,
    echo: &'a Echo,
    visits: BTreeMap<&'a VisitId, &'a Visit>,
    carers: BTreeMap<&'a CarerRef, &'a Carer>,
    /// Of visits in parts: who comes to which of them.
    crews: BTreeMap<&'a VisitId, Vec<(&'a VisitId, &'a str)>>,
}

/// What the part of a carer is called who is not there for all of a visit.
pub(super) const HELPER: &str = "helper";

impl<'a> Book<'a> {
    pub(super) fn of(
        (instance, plan): (&'a Instance, &'a Plan),
        day: &'a Day,
        echo: &'a Echo,
    ) -> Book<'a> {
        let Instance { visits, carers, .. } = instance;
        let parts: BTreeMap<&VisitId, &VisitId> = visits
            .iter()
            .filter_map(|visit| visit.helps.as_ref().map(|whole| (&visit.id, whole)))
            .collect();
        let wholes: BTreeSet<&VisitId> = parts.values().copied().collect();
        let mut crews: BTreeMap<&VisitId, Vec<(&VisitId, &str)>> = BTreeMap::new();
        for list in plan.work_lists.iter().filter(|_| !parts.is_empty()) {
            for stop in list.visits() {
                let whole = parts.get(&stop.visit).copied().unwrap_or(&stop.visit);
                if wholes.contains(whole) {
                    crews.entry(whole).or_default().push((&stop.visit, &list.carer.0));
                }
            }
        }
        Book {
            crews,
            instance,
            day,
            echo,
            visits: visits.iter().map(|visit| (&visit.id, visit)).collect(),
            carers: carers.iter().map(|carer| (&carer.id, carer)).collect(),
        }
    }

    fn replanned(&self, replanned: &'a Replanned) -> ReplannedFile<'a> {
        let Replanned { from, frozen_until, most_changes, forced } = replanned;
        ReplannedFile {
            from: from.as_deref(),
            frozen_until: frozen_until.map(|until| self.instant(until)),
            max_changes: *most_changes,
            forced: forced.iter().map(|patient| patient.0.as_str()).collect(),
        }
    }

    pub(super) fn list(&self, list: &'a WorkList) -> List<'a> {
        let carer = self.carers[&list.carer];
        let end = list.stops.last().map_or(carer.shift_end, end_of);
        List {
            carer: &list.carer.0,
            mode: carer.mode.name(),
            vehicle: carer.vehicle.as_deref(),
            start: self.instant(carer.shift_start),
            end: self.instant(end),
            stops: list.stops.iter().map(|stop| self.stop(stop)).collect(),
            ext: raw(self.echo.carers.get(&list.carer.0)),
        }
    }

    fn stop(&self, stop: &'a Stop) -> StopFile<'a> {
        match *stop {
            Stop::Leave { place, leave } => StopFile::Base {
                location: self.location(place),
                travel: None,
                arrive: None,
                leave: Some(self.instant(leave)),
            },
            Stop::Visit(ref visit) => StopFile::Visit(self.visit(visit)),
            Stop::Key { place, travel, arrive, leave } => StopFile::Key {
                location: self.location(place),
                travel: Way::of(travel),
                arrive: self.instant(arrive),
                start: self.instant(arrive),
                leave: self.instant(leave),
            },
            Stop::Break { place, travel, start, leave } => StopFile::Break {
                location: self.location(place),
                travel: Way::of(travel),
                start: self.instant(start),
                leave: self.instant(leave),
            },
            Stop::Return { place, travel, arrive } => StopFile::Base {
                location: self.location(place),
                travel: Some(Way::of(travel)),
                arrive: Some(self.instant(arrive)),
                leave: None,
            },
        }
    }

    fn visit(&self, stop: &'a VisitStop) -> VisitFile<'a> {
        let visit = self.visits[&stop.visit];
        VisitFile {
            visit: &visit.told().0,
            part: visit.helps.is_some().then_some(HELPER),
            patient: &visit.patient.0,
            location: self.location(visit.place),
            travel: Way::of(stop.travel),
            arrive: self.instant(stop.arrive),
            wait: Minutes(stop.wait),
            start: self.instant(stop.start),
            leave: self.instant(stop.leave),
            late_minutes: Minutes(stop.late),
            with: self.with(visit, stop),
            ext: raw(self.echo.visits.get(&visit.told().0)),
        }
    }

    /// Who else comes to the visit, or to another part of it.
    fn with(&self, visit: &Visit, stop: &'a VisitStop) -> Vec<&'a str> {
        let others = self.crews.get(visit.told()).into_iter().flatten().copied();
        let same = stop.with.iter().map(|carer| carer.0.as_str());
        let others = others.filter(|(part, _)| **part != stop.visit).map(|(_, carer)| carer);
        same.chain(others).collect()
    }

    /// The visits that nobody makes; of one that is in parts, not the parts.
    pub(super) fn all_left_out(
        &self,
        out: &'a [Unassigned],
        would_fit: &BTreeMap<VisitId, WouldFit>,
    ) -> Vec<LeftOut<'a>> {
        let known = |out: &&Unassigned| self.visits[&out.visit].helps.is_none();
        out.iter().filter(known).map(|out| self.left_out(out, would_fit.get(&out.visit))).collect()
    }

    fn left_out(&self, out: &'a Unassigned, fit: Option<&WouldFit>) -> LeftOut<'a> {
        LeftOut {
            visit: &out.visit.0,
            reason: ReasonFile::of(&out.reason),
            would_fit: fit.map(|fit| WouldFitFile::of(fit, self.day)),
            ext: raw(self.echo.visits.get(&out.visit.0)),
        }
    }

    fn location(&self, place: PlaceId) -> &'a str {
        &self.instance.places[place.index()].id.0
    }

    fn instant(&self, time: Time) -> String {
        self.day.rfc3339(time)
    }
}

/// When the last thing on a list is over.
pub(super) fn end_of(stop: &Stop) -> Time {
    match *stop {
        Stop::Leave { leave, .. } | Stop::Key { leave, .. } | Stop::Break { leave, .. } => leave,
        Stop::Visit(ref visit) => visit.leave,
        Stop::Return { arrive, .. } => arrive,
    }
}

/// Everything of a list that is left out, visits first.
fn rejected_entries<'a>(
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

fn notice(warning: &Warning) -> Notice<'_> {
    let Warning { code, visit, carer, detail } = warning;
    Notice::of(code, visit.as_ref(), carer.as_ref(), detail)
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

fn raw(ext: Option<&String>) -> Option<&RawValue> {
    ext.map(|ext| serde_json::from_str(ext).expect("it was read as JSON"))
}
