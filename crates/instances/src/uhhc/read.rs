//! From the file to the day. Nobody is ever too late and no shift ever too long, unless the file says
//! so; both end when a single caregiver had done everything one after the other.

use std::collections::{BTreeMap, BTreeSet};

use hjemrute_solver::{
    Break, Carer, CarerRef, Continuity, Cost, Criticality, Gap, Instance, Load, LocationId,
    PatientRef, Pin, Place, Policy, Rate, Skill, Skills, Status, TimeWindow, Visit, VisitId,
};
use hjemrute_travel::{Leg, Metres, Mode, PlaceId, Position, Seconds, Table, Tables, Time};

use super::file::{Caregiver, Distance, Lunch, Met, Patient, Problem, Synchronization};
use crate::InstanceError;

/// What a unit of weight is in our prices.
const UNIT: i32 = 10;

/// The longest way, stay or moment that is read: a month of minutes.
const LONGEST: i32 = 43_200;

/// The day and its tables.
pub(super) fn day(file: &Problem) -> Result<(Instance, Tables), InstanceError> {
    let table = table(file)?;
    let end = end_of_everything(file)?;
    let reader = Reader { file, end, rows: table.places() };
    let carers = file.caregivers.iter().map(|it| reader.carer(it)).collect::<Result<_, _>>()?;
    let mut visits = Vec::new();
    for patient in &file.patients {
        for nth in 0..patient.required_services.len() {
            visits.push(reader.visit(patient, nth)?);
        }
    }
    let places = (0..table.places()).map(|row| Place {
        id: LocationId(row.to_string()),
        position: Position::default(),
        access: Seconds::ZERO,
        key_at: None,
    });
    let instance = Instance {
        places: places.collect(),
        visits,
        carers,
        policy: policy(file, end),
        published: None,
    };
    match hjemrute_solver::faults(&instance).first() {
        None => Ok((instance, Tables::new().with(Mode::Car, table))),
        Some(fault) => Err(InstanceError::Wrong {
            at: format!("{:?}", fault.subject),
            field: fault.field,
            what: format!("cannot be meant: {}", fault.detail.en),
        }),
    }
}

fn wrong(at: &str, field: &'static str, what: &str) -> InstanceError {
    InstanceError::Wrong { at: at.to_owned(), field, what: what.to_owned() }
}

fn table(file: &Problem) -> Result<Table, InstanceError> {
    let places = file.distances.len();
    let counts = |way: &i32| (0..=LONGEST).contains(way);
    if !file.distances.iter().all(|row| row.len() == places && row.iter().all(counts)) {
        return Err(wrong("the problem", "distances", "must be a square of ways up to a month"));
    }
    Ok(Table::from_fn(places, |from, to| {
        let way = file.distances[from.index()][to.index()];
        Some(Leg { seconds: Seconds(way), metres: Metres(way) })
    }))
}

/// When one caregiver had done everything, each service by the longest way and after the longest gap.
fn end_of_everything(file: &Problem) -> Result<Seconds, InstanceError> {
    let longest = file.distances.iter().flatten().max().copied().unwrap_or(0);
    let mut end = i64::from(longest) + i64::from(file.lunch_breaks.map_or(0, |it| it.min_duration));
    let shifts = file.caregivers.iter().filter_map(|it| it.working_shift.map(|shift| shift.end));
    let windows = file.patients.iter().flat_map(|it| &it.time_windows).map(|window| window.end);
    end += i64::from(shifts.chain(windows).max().unwrap_or(0));
    for patient in &file.patients {
        let gap = match &patient.synchronization {
            Some(Synchronization::Sequential { distance }) => distance.min.max(0),
            _ => 0,
        };
        let stays = patient.required_services.iter().map(|it| i64::from(it.duration.max(0)));
        let each = i64::from(longest) + i64::from(gap);
        end += stays.sum::<i64>() + each * patient.required_services.len() as i64;
    }
    match i32::try_from(end) {
        Ok(end) if end <= 50_000_000 => Ok(Seconds(end)),
        _ => Err(wrong("the problem", "all of it together", "is more than can be counted")),
    }
}

/// The weights as prices. What must be nothing is forbidden where that can be said, and is else as dear as
/// can be.
fn policy(file: &Problem, end: Seconds) -> Policy {
    let weighs = |name| file.metadata.weight(name).is_some();
    let rate = |name| Rate(file.metadata.price(name) as i32 * UNIT);
    let price = |name| Cost((file.metadata.price(name) as i32 * UNIT).into());
    let may_be_late = weighs("total_tardiness") && weighs("highest_tardiness");
    let late_limit = if may_be_late { end } else { Seconds::ZERO };
    Policy {
        late_limit: [late_limit; 4],
        late: [if may_be_late { rate("total_tardiness") } else { Rate(0) }; 4],
        worst_late: if may_be_late { rate("highest_tardiness") } else { Rate(0) },
        worst_idle: rate("max_idle_time"),
        travel: rate("travel_time"),
        work: rate("working_time"),
        balance: rate("workload_balance"),
        waiting: rate("total_waiting_time"),
        worst_wait: rate("max_waiting_time"),
        leaves_at_start: file.metadata.leaves_at_start(),
        overtime: if weighs("total_extra_time") { rate("total_extra_time") } else { Rate(0) },
        missed_break: weighs("missed_lunch_break").then(|| price("missed_lunch_break")),
        not_known: price("caregiver_preferences"),
        avoided: weighs("incompabilities").then(|| price("incompabilities")),
        unskilled: weighs("qualification").then(|| price("qualification")),
        ..Policy::free("uhhc")
    }
}

/// What is looked up while reading.
struct Reader<'a> {
    file: &'a Problem,
    end: Seconds,
    rows: usize,
}

impl Reader<'_> {
    fn carer(&self, caregiver: &Caregiver) -> Result<Carer, InstanceError> {
        let shift = caregiver.working_shift;
        let (from, until) = shift.map_or((0, self.end.0), |shift| (shift.start, shift.end));
        if !(0 <= from && from < until) {
            return Err(wrong(&caregiver.id, "working_shift", "must end after it starts"));
        }
        let may_stay = shift.is_some() && self.file.metadata.weight("total_extra_time").is_some();
        let mut carer = Carer {
            id: CarerRef(caregiver.id.clone()),
            skills: caregiver.abilities.iter().map(|ability| Skill(ability.clone())).collect(),
            shift_start: Time(from),
            shift_end: Time(until),
            overtime: if may_stay { self.end } else { Seconds::ZERO },
            mode: Mode::Car,
            vehicle: None,
            start: self.terminal(&caregiver.departing_point)?,
            end: self.terminal(&caregiver.arrival_point)?,
            rest: None,
            capacity: None,
        };
        carer.rest = self.file.lunch_breaks.filter(|_| caregiver.lunch_break).and_then(|lunch| {
            let rest = self.lunch(lunch);
            let from = rest.earliest.max(carer.shift_start);
            let until = rest.latest.min(carer.shift_end + carer.overtime);
            (until - from >= rest.length && rest.length > Seconds::ZERO).then_some(rest)
        });
        Ok(carer)
    }

    fn terminal(&self, id: &str) -> Result<PlaceId, InstanceError> {
        let terminal = self.file.terminal_points.iter().find(|terminal| terminal.id == id);
        let row = terminal.map_or(usize::MAX, |terminal| terminal.distance_matrix_index);
        self.place(row, id)
    }

    fn place(&self, row: usize, at: &str) -> Result<PlaceId, InstanceError> {
        let what = "leads to no row of the distances";
        let known = row < self.rows;
        if known { Ok(PlaceId(row as u32)) } else { Err(wrong(at, "distance_matrix_index", what)) }
    }

    /// Ours is over within its window.
    fn lunch(&self, lunch: Lunch) -> Break {
        let length = Seconds(lunch.min_duration);
        let ends_in = self.file.metadata.time_window_met == Some(Met::AtServiceEnd);
        let latest = Time(lunch.end) + if ends_in { Seconds::ZERO } else { length };
        Break { length, earliest: Time(lunch.start), latest, paid: true, place: None }
    }

    fn visit(&self, patient: &Patient, nth: usize) -> Result<Visit, InstanceError> {
        let service = &patient.required_services[nth];
        if !(1..=LONGEST).contains(&service.duration) {
            return Err(wrong(&patient.id, "duration", "must be more than nothing"));
        }
        let optional = self.file.metadata.weight("optional_patients").filter(|_| patient.optional);
        // The price of a patient is shared out among the services, which are made or left out
        // together.
        let services = patient.required_services.len() as i64;
        let price = |_| {
            let whole = i64::from(self.file.metadata.price("optional_patients")) * i64::from(UNIT);
            Cost(whole / services + if nth == 0 { whole % services } else { 0 })
        };
        Ok(Visit {
            id: id(patient, nth),
            patient: PatientRef(patient.id.clone()),
            place: self.place(patient.distance_matrix_index, &patient.id)?,
            duration: Seconds(service.duration),
            load: Load::default(),
            windows: self.windows(patient, service.duration)?,
            criticality: if optional.is_some() {
                Criticality::Optional
            } else {
                Criticality::Normal
            },
            left_out: optional.map(price),
            crew: vec![Skills {
                all_of: [Skill(service.service.clone())].into(),
                ..Skills::default()
            }],
            continuity: self.wishes(patient),
            gap: (nth > 0).then(|| self.gap(patient, nth)),
            pinned: Pin::default(),
            status: Status::Planned,
        })
    }

    /// When it may start. Where the end must lie in the window, a window shorter than the service
    /// leaves one moment.
    fn windows(&self, patient: &Patient, length: i32) -> Result<Vec<TimeWindow>, InstanceError> {
        let mut spans = patient.time_windows.clone();
        spans.sort_by_key(|span| span.start);
        let right = |span: &super::file::Span| {
            (0..=LONGEST).contains(&span.start) && span.start <= span.end
        };
        if spans.is_empty()
            || !spans.iter().all(right)
            || spans.windows(2).any(|two| two[0].start == two[1].start)
        {
            return Err(wrong(
                &patient.id,
                "time_windows",
                "must open one after the other, and close later",
            ));
        }
        let ends_in = self.file.metadata.time_window_met == Some(Met::AtServiceEnd);
        let opens: Vec<i32> =
            spans.iter().skip(1).map(|span| span.start).chain([i32::MAX]).collect();
        let windows = spans.iter().zip(opens).map(|(span, next)| {
            let latest = if ends_in { span.end - length } else { span.end };
            let latest = latest.clamp(span.start, (next - 1).max(span.start));
            TimeWindow { earliest: Time(span.start), latest: Time(latest) }
        });
        Ok(windows.collect())
    }

    /// Whom the patient would rather have, and whom never.
    fn wishes(&self, patient: &Patient) -> Option<Continuity> {
        let named = |list: &Option<Vec<String>>| -> BTreeSet<CarerRef> {
            list.iter().flatten().map(|name| CarerRef(name.clone())).collect()
        };
        let everybody = || self.file.caregivers.iter().map(|it| CarerRef(it.id.clone())).collect();
        let preferred = named(&patient.preferred_caregivers);
        let mut avoid = named(&patient.incompatible_caregivers);
        let known = if preferred.is_empty() { everybody() } else { preferred };
        if self.file.metadata.weight("caregiver_preferences").is_none() {
            let others: BTreeSet<CarerRef> = everybody();
            avoid.extend(others.difference(&known).cloned());
        }
        let asks = !avoid.is_empty() || known.len() < self.file.caregivers.len();
        asks.then(|| Continuity { known, avoid, ..Continuity::default() })
    }

    /// What ties a service to the one before it.
    fn gap(&self, patient: &Patient, nth: usize) -> Gap {
        let whole_day = Distance { min: -self.end.0, max: self.end.0 };
        let Distance { min, max } = match &patient.synchronization {
            Some(Synchronization::Simultaneous) => Distance { min: 0, max: 0 },
            Some(Synchronization::Sequential { distance }) => *distance,
            Some(Synchronization::Independent) | None => whole_day,
        };
        let (min, max, after) = (Seconds(min), Some(Seconds(max)), id(patient, nth - 1));
        Gap { after, min, max, apart: true, whole: true }
    }
}

fn id(patient: &Patient, nth: usize) -> VisitId {
    VisitId(format!("{}/{}", patient.id, nth + 1))
}

/// By visit: the patient's place in the file, and which of the services it is.
pub(super) fn services(file: &Problem) -> BTreeMap<VisitId, (usize, usize)> {
    let of = |(row, patient): (usize, &Patient)| {
        let services = 0..patient.required_services.len();
        services.map(|nth| (id(patient, nth), (row, nth))).collect::<Vec<_>>()
    };
    file.patients.iter().enumerate().flat_map(of).collect()
}
