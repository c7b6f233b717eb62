//! From the file to the day. Nobody has a shift and no service is ever too late to be done, so both
//! end when a single caregiver had done everything one after the other.

use std::collections::BTreeMap;

use hjemrute_solver::{
    Carer, CarerRef, Criticality, Gap, Instance, Load, LocationId, PatientRef, Pin, Place, Policy,
    Rate, Skill, Skills, Status, TimeWindow, Visit, VisitId,
};
use hjemrute_travel::{Leg, Metres, Mode, PlaceId, Position, Seconds, Table, Tables, Time};

use super::Hhcrsp;
use super::file::{Caregiver, Patient, Problem, Required, Scale, Synchronization};
use crate::InstanceError;

/// What a second of each of the three costs.
const SECOND: Rate = Rate(10);

/// Visits whose lateness counts for each of two carers; nothing may be left out, so that it makes no
/// difference that they would rank higher.
const TWICE: Criticality = Criticality::Important;

/// The longest that everything may take one after the other: it must be counted many times over.
const LONGEST: i64 = 100_000_000;

/// The day and what its answer is written with.
pub(super) fn day(problem: &Problem) -> Result<Hhcrsp, InstanceError> {
    let scale = problem.scale();
    let table = table(problem, scale)?;
    let defaults: BTreeMap<&str, Option<_>> = problem
        .services
        .iter()
        .map(|service| (service.id.as_str(), service.default_duration.as_ref()))
        .collect();
    let (mut visits, mut services) = (Vec::new(), Vec::new());
    for (row, patient) in (1..).zip(&problem.patients) {
        let at = At { scale, patient, row };
        let mut own = Vec::new();
        for (nth, required) in patient.required_caregivers.iter().enumerate() {
            own.push(at.visit(nth, required, defaults.get(required.service.as_str()).copied())?);
            services.push((patient.id.clone(), vec![required.service.clone()]));
        }
        if let [one, two] = own.as_mut_slice()
            && at.are_one(one, two)
        {
            one.crew.append(&mut two.crew);
            one.criticality = TWICE;
            own.truncate(1);
            let (_, second) = services.pop().expect("one for each visit");
            services.last_mut().expect("one for each visit").1.extend(second);
        }
        visits.append(&mut own);
    }
    let end = end_of_everything(&visits, &table)?;
    let mut late = [SECOND; 4];
    late[TWICE.index()] = Rate(2 * SECOND.0);
    let policy = Policy {
        late_limit: [end; 4],
        late,
        worst_late: SECOND,
        travel: SECOND,
        ..Policy::free("hhcrsp")
    };
    let places = (0..table.places()).map(|row| Place {
        id: LocationId(row.to_string()),
        position: Position::default(),
        access: Seconds::ZERO,
        key_at: None,
    });
    let places = places.collect();
    let carers = problem.caregivers.iter().map(|caregiver| carer(caregiver, end)).collect();
    let instance = Instance { places, visits, carers, policy, published: None };
    match hjemrute_solver::faults(&instance).first() {
        None => {
            Ok(Hhcrsp { instance, tables: Tables::new().with(Mode::Car, table), scale, services })
        }
        Some(fault) => Err(InstanceError::Wrong {
            at: format!("{:?}", fault.subject),
            field: fault.field,
            what: format!("cannot be meant: {}", fault.detail.en),
        }),
    }
}

fn table(problem: &Problem, scale: Scale) -> Result<Table, InstanceError> {
    let places = problem.patients.len() + 1;
    if problem.distances.len() != places || problem.distances.iter().any(|row| row.len() != places)
    {
        let what = format!("must be {places} rows of {places} values: the depot and each patient");
        return Err(InstanceError::Wrong { at: "the problem".into(), field: "distances", what });
    }
    let rows = problem.distances.iter().flatten().map(|number| scale.whole(number, "distances"));
    let cells = rows.collect::<Result<Vec<i32>, _>>()?;
    Ok(Table::from_fn(places, |from, to| {
        let way = cells[from.index() * places + to.index()];
        Some(Leg { seconds: Seconds(way), metres: Metres(way) })
    }))
}

/// When one caregiver had done everything, each service by the longest way and after the longest gap.
fn end_of_everything(visits: &[Visit], table: &Table) -> Result<Seconds, InstanceError> {
    let ids = || (0..table.places() as u32).map(PlaceId);
    let ways = ids().flat_map(|from| ids().filter_map(move |to| table.leg(from, to)));
    let longest = i64::from(ways.map(|leg| leg.seconds.0).max().unwrap_or(0));
    let opens = visits.iter().flat_map(|visit| &visit.windows).map(|window| window.latest.0);
    let each = visits.iter().map(|visit| {
        let gap = visit.gap.as_ref().map_or(0, |gap| gap.min.0);
        i64::from(visit.duration.0) + i64::from(gap) + longest
    });
    let end = i64::from(opens.max().unwrap_or(0)) + each.sum::<i64>() + longest;
    if end <= LONGEST {
        return Ok(Seconds(end as i32));
    }
    let what = "is more than can be counted; use fewer decimals".into();
    Err(InstanceError::Wrong { at: "the problem".into(), field: "all of it together", what })
}

fn carer(caregiver: &Caregiver, end: Seconds) -> Carer {
    Carer {
        id: CarerRef(caregiver.id.clone()),
        skills: caregiver.abilities.iter().map(|ability| Skill(ability.clone())).collect(),
        shift_start: Time(0),
        shift_end: Time(0) + end,
        overtime: Seconds::ZERO,
        mode: Mode::Car,
        vehicle: None,
        pool: Default::default(),
        start: PlaceId(0),
        end: PlaceId(0),
        rest: None,
        capacity: None,
    }
}

/// A patient being read, at a row of the distances.
struct At<'a> {
    scale: Scale,
    patient: &'a Patient,
    row: u32,
}

impl At<'_> {
    fn visit(
        &self,
        nth: usize,
        required: &Required,
        default: Option<Option<&serde_json::Number>>,
    ) -> Result<Visit, InstanceError> {
        let whole = |number| self.scale.whole(number, &self.patient.id);
        let duration = required.duration.as_ref().or(default.flatten());
        let duration = duration.ok_or_else(|| self.wrong("duration", "is missing"))?;
        let [opens, closes] = &self.patient.time_window;
        let (earliest, latest) = (Time(whole(opens)?), Time(whole(closes)?));
        let patient = &self.patient.id;
        Ok(Visit {
            id: self.id(nth),
            patient: PatientRef(patient.clone()),
            place: PlaceId(self.row),
            duration: Seconds(whole(duration)?),
            paces: BTreeMap::new(),
            preferred: None,
            helps: None,
            load: Load::default(),
            windows: vec![TimeWindow { earliest, latest }],
            criticality: Criticality::Normal,
            left_out: None,
            crew: vec![Skills {
                all_of: [Skill(required.service.clone())].into(),
                ..Skills::default()
            }],
            continuity: None,
            gap: if nth == 0 { None } else { Some(self.gap(nth)?) },
            pinned: Pin::default(),
            status: Status::Planned,
        })
    }

    /// Whether two services are one visit of two carers: they start and end together.
    fn are_one(&self, one: &Visit, two: &Visit) -> bool {
        let at_once = matches!(self.patient.synchronization, Some(Synchronization::Simultaneous));
        at_once && one.duration == two.duration
    }

    fn id(&self, nth: usize) -> VisitId {
        VisitId(format!("{}/{}", self.patient.id, nth + 1))
    }

    /// What ties a service to the one before it.
    fn gap(&self, nth: usize) -> Result<Gap, InstanceError> {
        let [min, max] = match &self.patient.synchronization {
            _ if nth > 1 => return Err(self.wrong("required_caregivers", "must be one or two")),
            Some(Synchronization::Simultaneous) => [0, 0],
            Some(Synchronization::Sequential { distance: [min, max] }) => {
                [self.scale.whole(min, &self.patient.id)?, self.scale.whole(max, &self.patient.id)?]
            }
            None | Some(Synchronization::Independent) => {
                let what = "of two services must be simultaneous or sequential";
                return Err(self.wrong("synchronization", what));
            }
        };
        let (min, max) = (Seconds(min), Some(Seconds(max)));
        Ok(Gap { after: self.id(nth - 1), min, max, apart: true, whole: false })
    }

    fn wrong(&self, field: &'static str, what: &str) -> InstanceError {
        InstanceError::Wrong { at: self.patient.id.clone(), field, what: what.to_owned() }
    }
}
