//! From the plan to the answer, and what the answer is worth by the format's own rules: a caregiver
//! sets out as late as the first stop allows; waiting counts everywhere but before the stop behind a
//! lunch taken first; who has no stops is idle for the whole shift, and may have lunch in it.

use hjemrute_solver::{Carer, Plan, Stop, WorkList};
use hjemrute_travel::PlaceId;
use serde::Serialize;

use super::file::{Met, Problem};
use super::read::services;
use super::{Objective, Uhhc};

const LUNCH: &str = "lunch_break";

/// The day of one caregiver.
pub(super) struct Tour<'a> {
    carer: &'a Carer,
    /// From the base on: what it is called, and its row of the distances.
    from: (&'a str, PlaceId),
    to: (&'a str, PlaceId),
    may_lunch: bool,
    stops: Vec<Done<'a>>,
}

/// A service or a lunch.
struct Done<'a> {
    /// The patient's place in the file; none for lunch.
    patient: Option<usize>,
    /// Where.
    name: &'a str,
    row: PlaceId,
    service: &'a str,
    start: i32,
    end: i32,
}

#[derive(Serialize)]
struct Answer<'a> {
    routes: Vec<Route<'a>>,
}

#[derive(Serialize)]
struct Route<'a> {
    caregiver_id: &'a str,
    locations: Vec<Location<'a>>,
}

#[derive(Serialize)]
struct Location<'a> {
    patient: &'a str,
    service: &'a str,
    start_service_time: i32,
    end_service_time: i32,
}

/// The answer as JSON.
pub(super) fn write(tours: &[Tour]) -> Vec<u8> {
    let routes = tours.iter().map(|tour| Route {
        caregiver_id: &tour.carer.id.0,
        locations: tour.stops.iter().map(location).collect(),
    });
    serde_json::to_vec(&Answer { routes: routes.collect() })
        .expect("plain numbers and texts can be written")
}

fn location<'a>(done: &Done<'a>) -> Location<'a> {
    Location {
        patient: done.name,
        service: done.service,
        start_service_time: done.start,
        end_service_time: done.end,
    }
}

/// The days of all caregivers, in the file's order.
pub(super) fn tours<'a>(problem: &'a Uhhc, plan: &Plan) -> Vec<Tour<'a>> {
    let services = services(&problem.file);
    let caregivers = problem.file.caregivers.iter().zip(&problem.instance.carers);
    let each = caregivers.zip(&plan.work_lists).map(|((caregiver, carer), list)| {
        let from = (caregiver.departing_point.as_str(), carer.start);
        let to = (caregiver.arrival_point.as_str(), carer.end);
        let may_lunch = caregiver.lunch_break;
        let mut tour = Tour { carer, from, to, may_lunch, stops: Vec::new() };
        for stop in &list.stops {
            if let Stop::Visit(stop) = stop
                && let Some((row, nth)) = services.get(&stop.visit)
            {
                let patient = &problem.file.patients[*row];
                tour.stops.push(Done {
                    patient: Some(*row),
                    name: &patient.id,
                    row: PlaceId(patient.distance_matrix_index as u32),
                    service: &patient.required_services[*nth].service,
                    start: stop.start.0,
                    end: stop.leave.0,
                });
            }
        }
        tour.lunch(list);
        tour
    });
    each.collect()
}

impl Tour<'_> {
    /// Puts the lunch in, as the list has it or, where nobody is sent, in the shift.
    fn lunch(&mut self, list: &WorkList) {
        let taken = list.stops.iter().find_map(|stop| match stop {
            Stop::Break { place, start, leave, .. } => Some((*place, start.0, leave.0)),
            _ => None,
        });
        let (place, start, end) = match (taken, self.carer.rest) {
            (Some(taken), _) => taken,
            (None, Some(rest)) if list.stops.is_empty() && self.from == self.to => {
                let start = rest.earliest.max(self.carer.shift_start);
                if start + rest.length > self.carer.shift_end {
                    return;
                }
                (self.carer.start, start.0, (start + rest.length).0)
            }
            _ => return,
        };
        let at = self.stops.partition_point(|stop| stop.start < start);
        let before = at.checked_sub(1).map_or(self.from, |at| self.stops[at].at());
        let behind = self.stops.get(at).map_or(self.to, Done::at);
        let (name, row) = if before.1 == place { before } else { behind };
        self.stops.insert(at, Done { patient: None, name, row, service: LUNCH, start, end });
    }

    /// The ways from stop to stop and home.
    fn ways(&self, problem: &Problem) -> Vec<i32> {
        let rows = self.stops.iter().map(|stop| stop.row).chain([self.to.1]);
        let mut here = self.from.1;
        rows.map(|to| {
            let way = problem.distances[here.index()][to.index()];
            here = to;
            way
        })
        .collect()
    }

    fn account(&self, problem: &Problem) -> Account {
        let shift = self.carer.shift_end - self.carer.shift_start;
        let has_lunch = self.stops.iter().any(|stop| stop.patient.is_none());
        let missed_lunch = self.may_lunch && !has_lunch;
        let ways = self.ways(problem);
        let Some(first) = self.stops.first() else {
            return Account { idle: shift.0.into(), missed_lunch, ..Account::default() };
        };
        let at_once = problem.metadata.leaves_at_start();
        let leaves = if at_once { self.carer.shift_start.0 } else { first.start - ways[0] };
        let (mut clock, mut waits) = (leaves, Vec::new());
        for (stop, way) in self.stops.iter().zip(&ways) {
            waits.push(i64::from(stop.start - clock - way));
            clock = stop.end;
        }
        let back = clock + ways.last().copied().unwrap_or(0);
        let free = |nth: usize| nth == 1 && first.patient.is_none();
        let paid = waits.iter().enumerate().filter(|(nth, _)| !free(*nth)).map(|(_, wait)| wait);
        let services = self.stops.iter().filter(|stop| stop.patient.is_some());
        let services: i64 = services.map(|stop| i64::from(stop.end - stop.start)).sum();
        let travel: i64 = ways.iter().map(|way| i64::from(*way)).sum();
        let longest_wait = paid.clone().max().copied().unwrap_or(0);
        let early = (self.carer.shift_end.0 - back).max(0);
        Account {
            travel,
            work: travel + services,
            waiting: paid.sum(),
            longest_wait,
            extra: (back - self.carer.shift_end.0).max(0).into(),
            idle: i64::from(leaves - self.carer.shift_start.0 + early) + waits.iter().sum::<i64>(),
            missed_lunch,
        }
    }
}

impl<'a> Done<'a> {
    fn at(&self) -> (&'a str, PlaceId) {
        (self.name, self.row)
    }

    /// How far it lies behind the end of the latest window to open by its start.
    fn late(&self, problem: &Problem) -> i64 {
        let Some(patient) = self.patient.map(|row| &problem.patients[row]) else { return 0 };
        let met = match problem.metadata.time_window_met {
            Some(Met::AtServiceEnd) => self.end,
            Some(Met::AtServiceStart) | None => self.start,
        };
        let opened = patient.time_windows.iter().filter(|window| window.start <= self.start);
        let latest = opened.max_by_key(|window| window.start);
        latest.map_or(0, |window| i64::from((met - window.end).max(0)))
    }

    /// Whether the patient would rather have had somebody else.
    fn is_stranger(&self, problem: &Problem, carer: &Carer) -> bool {
        let Some(patient) = self.patient.map(|row| &problem.patients[row]) else { return false };
        let preferred = patient.preferred_caregivers.as_deref().unwrap_or_default();
        !preferred.is_empty() && !preferred.contains(&carer.id.0)
    }

    /// Whether the patient cannot have the caregiver.
    fn is_incompatible(&self, problem: &Problem, carer: &Carer) -> bool {
        let Some(patient) = self.patient.map(|row| &problem.patients[row]) else { return false };
        patient.incompatible_caregivers.iter().flatten().any(|other| *other == carer.id.0)
    }

    /// Whether the caregiver lacks the ability.
    fn is_unqualified(&self, carer: &Carer) -> bool {
        self.patient.is_some() && carer.skills.iter().all(|skill| skill.0 != self.service)
    }
}

/// What one tour amounts to.
#[derive(Default)]
struct Account {
    travel: i64,
    /// Travel and services.
    work: i64,
    waiting: i64,
    longest_wait: i64,
    extra: i64,
    idle: i64,
    missed_lunch: bool,
}

/// What the tours are worth.
pub(super) fn objective(problem: &Uhhc, tours: &[Tour]) -> Objective {
    let file = &problem.file;
    let accounts: Vec<Account> = tours.iter().map(|tour| tour.account(file)).collect();
    let sum = |of: fn(&Account) -> i64| accounts.iter().map(of).sum::<i64>();
    let most = |of: fn(&Account) -> i64| accounts.iter().map(of).max().unwrap_or(0);
    let done = || tours.iter().flat_map(|tour| tour.stops.iter().map(move |stop| (tour, stop)));
    let late = || done().map(|(_, stop)| stop.late(file));
    let is_out = |row: &usize| done().all(|(_, stop)| stop.patient != Some(*row));
    let count = |is: &dyn Fn(&Done, &Carer) -> bool| {
        done().filter(|(tour, stop)| is(stop, tour.carer)).count() as i64
    };
    let components = [
        ("travel_time", sum(|it| it.travel)),
        ("total_tardiness", late().sum()),
        ("highest_tardiness", late().max().unwrap_or(0)),
        ("total_waiting_time", sum(|it| it.waiting)),
        ("total_extra_time", sum(|it| it.extra)),
        ("max_idle_time", most(|it| it.idle)),
        ("max_waiting_time", most(|it| it.longest_wait)),
        ("working_time", sum(|it| it.work)),
        ("workload_balance", off_the_mean(&accounts)),
        ("caregiver_preferences", count(&|stop, carer| stop.is_stranger(file, carer))),
        ("incompabilities", count(&|stop, carer| stop.is_incompatible(file, carer))),
        ("qualification", count(&|stop, carer| stop.is_unqualified(carer))),
        ("optional_patients", (0..file.patients.len()).filter(is_out).count() as i64),
        ("missed_lunch_break", sum(|it| it.missed_lunch.into())),
    ];
    let priced = components.map(|(name, amount)| {
        let weight = file.metadata.weight(name).unwrap_or(0);
        (name, amount, amount * i64::from(weight))
    });
    let cost = priced.iter().map(|(.., cost)| cost).sum();
    Objective { cost, components: priced.to_vec() }
}

/// How far the work of each caregiver is from the mean of all, each rounded up.
fn off_the_mean(accounts: &[Account]) -> i64 {
    let (count, all) = (accounts.len() as i64, accounts.iter().map(|it| it.work).sum::<i64>());
    let off = accounts.iter().map(|it| {
        let times = (count * it.work - all).abs();
        times / count + i64::from(times % count > 0)
    });
    off.sum()
}
