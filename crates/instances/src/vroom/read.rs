//! From the file to the day. A job's windows say when it may begin, setup included, and so do ours;
//! a break's windows say when it may begin, where ours say when it must be over.

use std::collections::{BTreeMap, BTreeSet};

use hjemrute_solver::{
    Break, Carer, CarerRef, Criticality, Instance, Load, LocationId, PatientRef, Pin, Place,
    Policy, Rate, Skill, Skills, Status, Subject, TimeWindow, Visit, VisitId,
};
use hjemrute_travel::{Mode, PlaceId, Position, Seconds, Tables, Time};

use super::file::{Job, Location, Pause, Problem, Span, Vehicle};
use super::matrix;
use super::weigh::{Prices, SECOND};
use crate::InstanceError;

/// The last second and the longest way that we count to: half a year.
pub(super) const LONGEST: i64 = 1 << 24;

/// The longest action, which is the solver's longest visit.
const LONGEST_STAY: i64 = 12 * 3600;

/// The day and its tables.
pub(super) fn day(problem: &Problem) -> Result<(Instance, Tables), InstanceError> {
    let modes = matrix::modes(problem)?;
    let (places, tables) = matrix::tables(problem, &modes)?;
    let vehicles = problem.vehicles.iter().enumerate();
    let carers = vehicles
        .map(|(row, vehicle)| At::of("vehicles", row).carer(vehicle, places, &modes))
        .collect::<Result<Vec<_>, _>>()?;
    let prices = Prices::of(problem)?;
    let crowded = crowded(problem);
    let jobs = problem.jobs.iter().enumerate();
    let visits = jobs
        .map(|(row, job)| At::of("jobs", row).visit(job, places, &crowded, prices))
        .collect::<Result<Vec<_>, _>>()?;
    let places = sites(problem, places);
    let instance = Instance { places, visits, carers, policy: policy(), published: None };
    hjemrute_solver::faults(&instance).first().map_or(Ok((instance, tables)), |fault| {
        Err(InstanceError::Wrong {
            at: subject(&fault.subject),
            field: fault.field,
            what: format!("cannot be meant: {}", fault.detail.en),
        })
    })
}

/// Who of the file is meant.
fn subject(subject: &Subject) -> String {
    match subject {
        Subject::Visit(id) => format!("the job {id}"),
        Subject::Carer(id) => format!("the vehicle {id}"),
        Subject::Location(id) => format!("the matrix row {id}"),
    }
}

/// When the vehicle is at work.
pub(super) fn hours(vehicle: &Vehicle) -> Span {
    vehicle.time_window.unwrap_or([0, LONGEST])
}

/// Travel seconds and nothing else, and never late.
fn policy() -> Policy {
    Policy { travel: Rate(SECOND as i32), ..Policy::free("vroom") }
}

/// The rows where one may be already when a job there begins: another job's, or a start.
fn crowded(problem: &Problem) -> BTreeSet<usize> {
    let mut seen = BTreeSet::new();
    let again = problem.jobs.iter().filter_map(|job| job.location_index);
    let again: BTreeSet<usize> = again.filter(|row| !seen.insert(*row)).collect();
    again.into_iter().chain(problem.vehicles.iter().filter_map(|it| it.start_index)).collect()
}

/// Every row of the matrices is a place, with the position that the file has for it, if any.
fn sites(problem: &Problem, places: usize) -> Vec<Place> {
    let jobs = problem.jobs.iter().map(|job| (job.location_index, job.location));
    let ends =
        problem.vehicles.iter().flat_map(|it| [(it.start_index, it.start), (it.end_index, it.end)]);
    let told: BTreeMap<usize, Position> =
        jobs.chain(ends).filter_map(|(row, location)| Some((row?, position(location?)?))).collect();
    let place = |row: usize| Place {
        id: LocationId(row.to_string()),
        position: told.get(&row).copied().unwrap_or_default(),
        access: Seconds::ZERO,
        key_at: None,
    };
    (0..places).map(place).collect()
}

/// `None` off the globe: then the matrix is of another world, and positions are of no use.
fn position([lon, lat]: Location) -> Option<Position> {
    Position::from_degrees(lon, lat)
}

/// Where in the file something is read.
struct At(String);

impl At {
    fn of(list: &str, row: usize) -> At {
        At(format!("{list}[{row}]"))
    }

    fn visit(
        &self,
        job: &Job,
        places: usize,
        crowded: &BTreeSet<usize>,
        prices: Prices,
    ) -> Result<Visit, InstanceError> {
        let place = self.place(job.location_index, places, "location_index")?;
        if job.setup != 0 && crowded.contains(&place.index()) {
            let fix = "beside another job or a start it is paid or not; make it service";
            return Err(self.unsupported("setup", fix));
        }
        let stay = self.length(job.setup, "setup")? + self.length(job.service, "service")?;
        if !(Seconds(1)..=Seconds(LONGEST_STAY as i32)).contains(&stay) {
            return Err(
                self.wrong("service", "and setup must last more than nothing and at most 12 hours")
            );
        }
        if job.priority > 100 {
            return Err(self.wrong("priority", "must be 0 to 100"));
        }
        Ok(Visit {
            id: VisitId(job.id.to_string()),
            patient: PatientRef(job.id.to_string()),
            place,
            duration: stay,
            paces: BTreeMap::new(),
            preferred: None,
            helps: None,
            windows: self.windows(&job.time_windows)?,
            criticality: Criticality::Optional,
            load: Load::default(),
            left_out: Some(prices.left_out(job.priority)),
            crew: vec![Skills { all_of: skills(&job.skills), ..Skills::default() }],
            continuity: None,
            gap: None,
            pinned: Pin::default(),
            status: Status::Planned,
        })
    }

    fn carer(
        &self,
        vehicle: &Vehicle,
        places: usize,
        modes: &BTreeMap<&str, Mode>,
    ) -> Result<Carer, InstanceError> {
        let hours = self.span(hours(vehicle), "time_window")?;
        if hours.latest == hours.earliest {
            return Err(self.wrong("time_window", "must be longer than nothing"));
        }
        let rest = match vehicle.breaks.as_slice() {
            [] => None,
            [pause] => Some(At(format!("{}.breaks[0]", self.0)).rest(pause, hours)?),
            _ => return Err(self.unsupported("breaks", "keep one break for each vehicle")),
        };
        Ok(Carer {
            id: CarerRef(vehicle.id.to_string()),
            skills: skills(&vehicle.skills),
            shift_start: hours.earliest,
            shift_end: hours.latest,
            overtime: Seconds::ZERO,
            mode: modes[vehicle.profile()],
            vehicle: None,
            pool: Default::default(),
            start: self.place(vehicle.start_index, places, "start_index")?,
            end: self.place(vehicle.end_index, places, "end_index")?,
            rest,
            capacity: None,
        })
    }

    fn rest(&self, pause: &Pause, hours: TimeWindow) -> Result<Break, InstanceError> {
        let length = self.length(pause.service, "service")?;
        let begins = match self.windows(&pause.time_windows)?.as_slice() {
            [] => TimeWindow { earliest: hours.earliest, latest: hours.latest - length },
            [one] => *one,
            _ => return Err(self.unsupported("time_windows", "keep one window for each break")),
        };
        Ok(Break {
            length,
            earliest: begins.earliest,
            latest: begins.latest + length,
            paid: true,
            place: None,
        })
    }

    /// In rising order and without overlap, as the format demands.
    fn windows(&self, spans: &[Span]) -> Result<Vec<TimeWindow>, InstanceError> {
        let windows = spans.iter().map(|span| self.span(*span, "time_windows"));
        let windows = windows.collect::<Result<Vec<TimeWindow>, _>>()?;
        if windows.windows(2).any(|pair| pair[1].earliest <= pair[0].latest) {
            return Err(self.wrong("time_windows", "must be in rising order and not overlap"));
        }
        Ok(windows)
    }

    fn span(&self, [from, until]: Span, field: &'static str) -> Result<TimeWindow, InstanceError> {
        if 0 <= from && from <= until && until <= LONGEST {
            return Ok(TimeWindow { earliest: Time(from as i32), latest: Time(until as i32) });
        }
        let what = format!("must not end before it begins, and lie within 0 to {LONGEST}");
        Err(self.wrong(field, &what))
    }

    fn length(&self, seconds: i64, field: &'static str) -> Result<Seconds, InstanceError> {
        match seconds {
            0..=LONGEST_STAY => Ok(Seconds(seconds as i32)),
            _ => Err(self.wrong(field, "must be 0 to 43200 seconds")),
        }
    }

    fn place(
        &self,
        row: Option<usize>,
        places: usize,
        field: &'static str,
    ) -> Result<PlaceId, InstanceError> {
        match row {
            Some(row) if row < places => Ok(PlaceId(row as u32)),
            Some(row) => {
                Err(self.wrong(field, &format!("is {row}, but the matrices have {places} rows")))
            }
            None => Err(self.wrong(field, "is missing; a coordinate alone has no travel times")),
        }
    }

    fn unsupported(&self, field: &str, fix: &'static str) -> InstanceError {
        InstanceError::Unsupported { at: self.0.clone(), field: field.to_owned(), fix }
    }

    fn wrong(&self, field: &'static str, what: &str) -> InstanceError {
        InstanceError::Wrong { at: self.0.clone(), field, what: what.to_owned() }
    }
}

fn skills(numbers: &[u32]) -> BTreeSet<Skill> {
    numbers.iter().map(|number| Skill(number.to_string())).collect()
}
