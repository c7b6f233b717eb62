//! Reads a `plan.json` back into a plan, as strictly as a list is read. What the file says twice (the
//! patient and place of a visit, a carer's mode) is held against what was asked; where it differs,
//! that is a breach of the plan and no fault of its form.

use std::cell::RefCell;
use std::collections::BTreeMap;

use hjemrute_solver::{
    Bound, Breach, Carer, CarerRef, Cost, Instance, Parts, PatientRef, Plan, Reason, ReasonCode,
    RuledOut, Said, Score, Stop, Unassigned, Visit, VisitId, VisitStop, Warning, WorkList,
};
use hjemrute_travel::{Leg, Metres, Mode, PlaceId, Seconds, Time};

use super::read::{Limits, read_json};
use super::reader::{At, Faults, Fields};
use super::values::{integer, minutes, one_of, text, whole, words};
use super::work_list::{HELPER, end_of};
use super::wrong;
use crate::Day;
use crate::answer::Replanned;
use crate::fault::{InputFault, WARNING_CODES};

/// A plan as it was read.
#[derive(Clone, Debug)]
pub(crate) struct PlanRead {
    pub(crate) list_id: String,
    pub(crate) version: u32,
    pub(crate) plan: Plan,
    /// What it says that no plan costs less than.
    pub(crate) bound: Option<Bound>,
    /// Who has which car of the pool.
    pub(crate) drivers: BTreeMap<CarerRef, String>,
    /// Which one it is.
    pub(crate) plan_id: Option<String>,
    /// What it says of the plan that held before it.
    pub(crate) replanned: Option<Replanned>,
    /// The visits that it says were rejected.
    pub(crate) rejected: Vec<VisitId>,
    /// Where it says something else about a visit or a carer than the list.
    pub(crate) mismatches: Vec<Breach>,
}

/// The longest stretch of minutes that is read, well above any that can be right.
const LONGEST_MINUTES: u32 = 10_000;

/// Reads the plan of a day, or tells everything that is wrong with its form.
pub(crate) fn read_plan(
    body: &[u8],
    limits: &Limits,
    instance: &Instance,
    day: &Day,
) -> Result<PlanRead, Vec<InputFault>> {
    read_as(Asked::of(instance, day), body, limits)
}

/// Reads the plan that held before the list changed: it may go to places that the list no longer has.
pub(crate) fn read_published(
    body: &[u8],
    limits: &Limits,
    instance: &Instance,
    day: &Day,
) -> Result<PlanRead, Vec<InputFault>> {
    read_as(Asked { strange_places: true, ..Asked::of(instance, day) }, body, limits)
}

fn read_as(asked: Asked<'_>, body: &[u8], limits: &Limits) -> Result<PlanRead, Vec<InputFault>> {
    let json = read_json(body, limits)?;
    let faults = Faults::default();
    let read = At::root(&json, &faults).object(|fields| asked.plan(fields));
    let mismatches = asked.mismatches.into_inner();
    read.map(|read| PlanRead { mismatches, ..read }).ok_or_else(|| faults.into_vec())
}

/// What was asked, to understand the plan by.
struct Asked<'a> {
    day: &'a Day,
    instance: &'a Instance,
    places: BTreeMap<&'a str, PlaceId>,
    visits: BTreeMap<&'a str, &'a Visit>,
    carers: BTreeMap<&'a str, &'a Carer>,
    /// Of visits in parts the helper's.
    parts: BTreeMap<&'a VisitId, &'a VisitId>,
    /// Whether a place that the list does not have is no fault.
    strange_places: bool,
    drivers: RefCell<BTreeMap<CarerRef, String>>,
    mismatches: RefCell<Vec<Breach>>,
}

impl<'a> Asked<'a> {
    fn of(instance: &'a Instance, day: &'a Day) -> Asked<'a> {
        let Instance { places, visits, carers, .. } = instance;
        Asked {
            day,
            instance,
            places: places
                .iter()
                .zip(0..)
                .map(|(place, row)| (place.id.0.as_str(), PlaceId(row)))
                .collect(),
            visits: visits.iter().map(|visit| (visit.id.0.as_str(), visit)).collect(),
            parts: visits.iter().filter_map(|it| Some((it.helps.as_ref()?, &it.id))).collect(),
            carers: carers.iter().map(|carer| (carer.id.0.as_str(), carer)).collect(),
            strange_places: false,
            drivers: RefCell::default(),
            mismatches: RefCell::default(),
        }
    }

    fn plan(&self, fields: &mut Fields<'_>) -> Option<PlanRead> {
        let schema = fields.must("schemaVersion", super::read::schema_version);
        let plan_id = fields.may("planId", text);
        let list_id = fields.must("listId", text);
        let version = fields.must("version", whole(0, u32::MAX));
        let score = fields.must("score", |at| at.object(score));
        let lists =
            fields.must("workLists", |at| at.list(|at| at.object(|list| self.work_list(list))));
        let unassigned = fields.must("unassigned", |at| at.list(|at| at.object(left_out)));
        let rejected = fields.must("rejected", |at| at.list(|at| at.object(rejected)));
        let warnings = fields.must("warnings", |at| at.list(|at| at.object(warning)));
        for told in ["made", "kpi", "robustness", "gap", "locations", "patients", "ext"] {
            fields.may(told, anything);
        }
        let replanned = fields.may("replanned", |at| at.object(|fields| self.replanned(fields)));
        let bound = fields.may("bound", |at| at.object(super::bound::read));
        schema?;
        let plan = Plan {
            work_lists: self.parted(lists?),
            unassigned: self.parted_out(unassigned?),
            score: score?,
            warnings: warnings?,
        };
        let rejected = rejected?.into_iter().flatten().collect();
        Some(PlanRead {
            list_id: list_id?,
            version: version?,
            plan,
            bound: bound?,
            drivers: self.drivers.take(),
            rejected,
            plan_id: plan_id?,
            replanned: replanned?,
            mismatches: Vec::new(),
        })
    }

    /// The lists with who else comes told of each part of a visit by itself, where what is told of the
    /// whole is right; what is not stands as it is, for nobody who looks for the part knows of it.
    fn parted(&self, mut lists: Vec<WorkList>) -> Vec<WorkList> {
        let mut crews: BTreeMap<VisitId, Vec<CarerRef>> = BTreeMap::new();
        for list in &lists {
            for stop in list.visits() {
                crews.entry(stop.visit.clone()).or_default().push(list.carer.clone());
            }
        }
        let stops = lists.iter_mut().flat_map(|list| &mut list.stops);
        for stop in stops {
            let Stop::Visit(stop) = stop else { continue };
            let (part, whole) = match self.parts.iter().find(|(_, part)| ***part == stop.visit) {
                Some((whole, part)) => (*whole, *part),
                None => match self.parts.get(&stop.visit) {
                    Some(part) => (&stop.visit, *part),
                    None => continue,
                },
            };
            let other = if *part == stop.visit { whole } else { part };
            let there = crews.get(other).map_or(&[][..], Vec::as_slice);
            if stop.with.len() >= there.len() && stop.with.ends_with(there) {
                stop.with.truncate(stop.with.len() - there.len());
            }
        }
        lists
    }

    /// With a visit that nobody makes its helper's part, which nobody can make without it.
    fn parted_out(&self, out: Vec<Unassigned>) -> Vec<Unassigned> {
        let with_part = |out: Unassigned| {
            let part = self.parts.get(&out.visit).map(|part| Unassigned {
                visit: (*part).clone(),
                reason: Reason {
                    code: ReasonCode::PredecessorLeftOut,
                    detail: out.reason.detail.clone(),
                    ruled_out: Vec::new(),
                },
            });
            [Some(out), part].into_iter().flatten()
        };
        out.into_iter().flat_map(with_part).collect()
    }

    fn replanned(&self, fields: &mut Fields<'_>) -> Option<Replanned> {
        let frozen_until = fields.may("frozenUntil", |at| self.moment(at));
        let told = replanned(fields)?;
        Some(Replanned { frozen_until: frozen_until?, ..told })
    }

    fn work_list(&self, fields: &mut Fields<'_>) -> Option<WorkList> {
        let carer = fields.must("carer", text);
        let mode = fields.must("mode", one_of(&Mode::ALL.map(|mode| (mode.name(), mode))));
        let vehicle = fields.may("vehicle", text);
        let start = fields.must("start", |at| self.moment(at));
        let end = fields.must("end", |at| self.moment(at));
        let stops = fields.must("stops", |at| at.list(|at| at.object(|stop| self.stop(stop))));
        fields.may("ext", anything);
        let list = WorkList { carer: CarerRef(carer?), stops: stops? };
        self.compare_list(&list, (mode?, vehicle?), (start?, end?));
        Some(list)
    }

    fn compare_list(&self, list: &WorkList, way: (Mode, Option<String>), span: (Time, Time)) {
        let Some(carer) = self.carers.get(list.carer.0.as_str()) else { return };
        let right = match &way {
            _ if carer.pool.is_empty() => way == (carer.mode, carer.vehicle.clone()),
            (Mode::Car, Some(car)) => carer.pool.contains(car),
            (mode, car) => (*mode, car) == (Mode::Foot, &None),
        };
        if let (Mode::Car, Some(car)) = &way
            && !carer.pool.is_empty()
        {
            self.drivers.borrow_mut().insert(carer.id.clone(), car.clone());
        }
        if !right {
            let en = "the list has another way of travelling than the carer";
            self.mismatch(
                "mode-differs",
                None,
                Some(&list.carer),
                en,
                "listen har en annen reisemåte enn ansatten",
            );
        }
        let end = list.stops.last().map_or(carer.shift_end, end_of);
        if span != (carer.shift_start, end) {
            let en = "the list does not begin with the shift or end with its last stop";
            let nb = "listen begynner ikke med vakten eller slutter ikke med siste stopp";
            self.mismatch("span-differs", None, Some(&list.carer), en, nb);
        }
    }

    fn stop(&self, fields: &mut Fields<'_>) -> Option<Stop> {
        #[derive(Clone, Copy)]
        enum Kind {
            Base,
            Visit,
            Key,
            Break,
        }
        let kinds = [
            ("base", Kind::Base),
            ("visit", Kind::Visit),
            ("key", Kind::Key),
            ("break", Kind::Break),
        ];
        match fields.must("kind", one_of(&kinds))? {
            Kind::Base => self.base(fields),
            Kind::Visit => self.visit(fields).map(Stop::Visit),
            Kind::Key => {
                let place = fields.must("location", |at| self.place(at));
                let travel = fields.must("travel", |at| at.object(leg));
                let arrive = fields.must("arrive", |at| self.moment(at));
                fields.may("start", anything);
                let leave = fields.must("leave", |at| self.moment(at));
                Some(Stop::Key { place: place?, travel: travel?, arrive: arrive?, leave: leave? })
            }
            Kind::Break => {
                let place = fields.must("location", |at| self.place(at));
                let travel = fields.must("travel", |at| at.object(leg));
                let start = fields.must("start", |at| self.moment(at));
                let leave = fields.must("leave", |at| self.moment(at));
                Some(Stop::Break { place: place?, travel: travel?, start: start?, leave: leave? })
            }
        }
    }

    fn base(&self, fields: &mut Fields<'_>) -> Option<Stop> {
        let place = fields.must("location", |at| self.place(at));
        if fields.has("leave") {
            let leave = fields.must("leave", |at| self.moment(at));
            return Some(Stop::Leave { place: place?, leave: leave? });
        }
        let travel = fields.must("travel", |at| at.object(leg));
        let arrive = fields.must("arrive", |at| self.moment(at));
        Some(Stop::Return { place: place?, travel: travel?, arrive: arrive? })
    }

    fn visit(&self, fields: &mut Fields<'_>) -> Option<VisitStop> {
        let visit = fields.must("visit", text);
        let helps = fields.may("part", one_of(&[(HELPER, ())]));
        let patient = fields.must("patient", text);
        let location = fields.must("location", text);
        let travel = fields.must("travel", |at| at.object(leg));
        let arrive = fields.must("arrive", |at| self.moment(at));
        let wait = fields.must("wait", minutes(LONGEST_MINUTES));
        let start = fields.must("start", |at| self.moment(at));
        let leave = fields.must("leave", |at| self.moment(at));
        let late = fields.must("lateMinutes", minutes(LONGEST_MINUTES));
        let with = fields.must("with", |at| at.list(text));
        fields.may("ext", anything);
        let mut visit = VisitId(visit?);
        self.compare_visit(&visit, &patient?, &location?);
        if helps?.is_some() {
            match self.parts.get(&visit) {
                Some(part) => visit = (*part).clone(),
                None => {
                    let en = "the visit is told to have a helper for a part of it";
                    let nb = "besøket står med en hjelper for en del av det";
                    self.mismatch("part-differs", Some(&visit), None, en, nb);
                }
            }
        }
        Some(VisitStop {
            visit,
            travel: travel?,
            arrive: arrive?,
            wait: wait?,
            start: start?,
            leave: leave?,
            late: late?,
            with: with?.into_iter().map(CarerRef).collect(),
        })
    }

    fn compare_visit(&self, id: &VisitId, patient: &str, location: &str) {
        let Some(visit) = self.visits.get(id.0.as_str()) else { return };
        if visit.patient.0 != patient {
            let en = "the visit is told of another patient";
            self.mismatch(
                "patient-differs",
                Some(id),
                None,
                en,
                "besøket står med en annen pasient",
            );
        }
        if self.instance.places[visit.place.index()].id.0 != location {
            let en = "the visit is told of another place";
            self.mismatch("location-differs", Some(id), None, en, "besøket står med et annet sted");
        }
    }

    fn mismatch(
        &self,
        rule: &'static str,
        visit: Option<&VisitId>,
        carer: Option<&CarerRef>,
        en: &str,
        nb: &str,
    ) {
        let detail = Said::new(en, nb);
        let breach = Breach { rule, visit: visit.cloned(), carer: carer.cloned(), detail };
        self.mismatches.borrow_mut().push(breach);
    }

    fn place(&self, at: At<'_>) -> Option<PlaceId> {
        let place = self.places.get(text(at)?.as_str()).copied();
        let nowhere = self.strange_places.then_some(PlaceId(u32::MAX));
        place.or(nowhere).or_else(|| at.refuse(wrong::unknown_place()))
    }

    /// An instant of the day or the two after it, written as the day's own clock has it.
    fn moment(&self, at: At<'_>) -> Option<Time> {
        let text = words(at)?;
        let instant = text.parse().ok();
        let moment = instant
            .and_then(|instant| self.day.time_of(instant))
            .filter(|moment| (Time::at(-24, 0)..Time::at(96, 0)).contains(moment))
            .filter(|&moment| self.day.rfc3339(moment) == text);
        moment.or_else(|| at.refuse(wrong::time_malformed("`2026-11-23T07:30:00+01:00`")))
    }
}

/// What is said of the plan that held, without the moment that the day was frozen until.
pub(super) fn replanned(fields: &mut Fields<'_>) -> Option<Replanned> {
    let from = fields.may("from", text);
    let most_changes = fields.may("maxChanges", whole(0, u32::MAX));
    let forced = fields.must("forced", |at| at.list(text));
    Some(Replanned {
        from: from?,
        frozen_until: None,
        most_changes: most_changes?.map(|most| most as usize),
        forced: forced?.into_iter().map(PatientRef).collect(),
    })
}

fn leg(fields: &mut Fields<'_>) -> Option<Leg> {
    let seconds = fields.must("minutes", minutes(LONGEST_MINUTES));
    let metres = fields.must("metres", whole(0, 10_000_000));
    Some(Leg { seconds: seconds?, metres: Metres(metres? as i32) })
}

fn left_out(fields: &mut Fields<'_>) -> Option<Unassigned> {
    let visit = fields.must("visit", text);
    let reason = fields.must("reason", |at| at.object(reason));
    fields.may("wouldFit", anything);
    fields.may("ext", anything);
    Some(Unassigned { visit: VisitId(visit?), reason: reason? })
}

fn reason(fields: &mut Fields<'_>) -> Option<Reason> {
    let code = fields.must("code", one_of(&ReasonCode::ALL.map(|code| (code.name(), code))));
    let detail = said(fields);
    let ruled_out = fields.must("ruledOut", |at| at.list(|at| at.object(ruled_out)));
    Some(Reason { code: code?, detail: detail?, ruled_out: ruled_out? })
}

fn ruled_out(fields: &mut Fields<'_>) -> Option<RuledOut> {
    let rule = fields.must("rule", one_of(&RuledOut::RULES.map(|rule| (rule, rule))));
    let carers = fields.must("carers", |at| at.list(text));
    Some(RuledOut { rule: rule?, carers: carers?.into_iter().map(CarerRef).collect() })
}

/// The visit that was rejected; `None` inside for a location, a patient or a carer.
fn rejected(fields: &mut Fields<'_>) -> Option<Option<VisitId>> {
    let visit = fields.may("visit", text);
    for other in ["carer", "patient", "location", "faults", "ext"] {
        fields.may(other, anything);
    }
    Some(visit?.map(VisitId))
}

fn warning(fields: &mut Fields<'_>) -> Option<Warning> {
    let codes: Vec<_> = WARNING_CODES.iter().map(|&code| (code, code)).collect();
    let code = fields.must("code", one_of(&codes));
    let visit = fields.may("visit", text);
    let carer = fields.may("carer", text);
    let detail = said(fields);
    let (visit, carer) = (visit?.map(VisitId), carer?.map(CarerRef));
    Some(Warning { code: code?, visit, carer, detail: detail? })
}

fn said(fields: &mut Fields<'_>) -> Option<Said> {
    let en = fields.must("detail", |at| words(at).map(str::to_owned));
    let nb = fields.must("detailNb", |at| words(at).map(str::to_owned));
    Some(Said { en: en?, nb: nb? })
}

fn score(fields: &mut Fields<'_>) -> Option<Score> {
    let levels = fields.must("levels", |at| at.object(levels));
    let total = fields.must("total", integer);
    let parts = fields.must("parts", |at| at.object(parts));
    Some(Score { total: Cost(total?), parts: parts?, ..levels? })
}

/// The lines above the sum.
fn levels(fields: &mut Fields<'_>) -> Option<Score> {
    let time_critical_out = fields.must("timeCriticalLeftOut", whole(0, u32::MAX));
    let important_out = fields.must("importantLeftOut", whole(0, u32::MAX));
    let late = fields.must("timeCriticalLateSeconds", whole(0, i32::MAX as u32));
    let normal_out = fields.must("normalLeftOut", whole(0, u32::MAX));
    Some(Score {
        time_critical_out: time_critical_out?,
        important_out: important_out?,
        time_critical_late: Seconds(late? as i32),
        normal_out: normal_out?,
        ..Score::default()
    })
}

fn parts(fields: &mut Fields<'_>) -> Option<Parts> {
    let mut part = |name| fields.must(name, integer).map(Cost);
    let [unassigned, late, overtime] = [part("unassigned"), part("late"), part("overtime")];
    let [travel, waiting, continuity] = [part("travel"), part("waiting"), part("continuity")];
    let mut paid = |name| Some(Cost(fields.may(name, integer)?.unwrap_or(0)));
    let [worst_late, worst_idle] = [paid("worstLate"), paid("worstIdle")];
    let [work, balance, worst_wait] = [paid("work"), paid("balance"), paid("worstWait")];
    let [missed_breaks, changes] = [paid("missedBreaks"), paid("changes")];
    let preferred = paid("preferred");
    Some(Parts {
        unassigned: unassigned?,
        late: late?,
        worst_late: worst_late?,
        worst_idle: worst_idle?,
        overtime: overtime?,
        travel: travel?,
        work: work?,
        balance: balance?,
        waiting: waiting?,
        worst_wait: worst_wait?,
        missed_breaks: missed_breaks?,
        continuity: continuity?,
        preferred: preferred?,
        changes: changes?,
    })
}

/// A field that is not needed to hold the plan against its list.
fn anything(_: At<'_>) -> Option<()> {
    Some(())
}
