//! The JSON of the home health care routing and scheduling problem as iolab-uniud/hhcrsp publishes
//! the instances of Mankowska, Meisel and Bierwirth 2014 and of Kummer. The objective is a third each
//! of the travel time, the summed lateness of all services and the largest lateness; all of it is
//! counted in whole numbers. A service becomes a visit; of a patient with two, the second is tied to
//! the first by a gap, and somebody else makes it. Two at once that last as long are one visit of two
//! carers instead, whose lateness counts twice.

mod file;
mod read;

use std::collections::BTreeMap;

use hjemrute_solver::{CarerRef, Instance, Plan, Skills, Stop, VisitStop};
use hjemrute_travel::{Seconds, Tables};
use serde::Serialize;

use crate::InstanceError;
use file::Scale;

/// A problem that was read: the day, and what its answer is written with.
#[derive(Clone, Debug)]
pub struct Hhcrsp {
    /// The day: one visit for each service of each patient, one carer for each caregiver.
    pub instance: Instance,
    /// The ways between the depot, which is place 0, and the patients.
    pub tables: Tables,
    scale: Scale,
    /// By visit: the patient, and the service of each of its carers.
    services: Vec<(String, Vec<String>)>,
}

/// What a plan is worth, in the file's unit.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Objective {
    /// A third of the sum of the parts.
    pub cost: f64,
    /// Time on the way, the return included.
    pub distance: f64,
    /// Lateness of all services, summed.
    pub total_tardiness: f64,
    /// The largest lateness of a service.
    pub max_tardiness: f64,
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
    arrival_time: f64,
    departure_time: f64,
}

impl Hhcrsp {
    /// Reads a problem.
    ///
    /// # Errors
    /// If it is not of the format, or asks for something that the model cannot express.
    pub fn read(text: &[u8]) -> Result<Hhcrsp, InstanceError> {
        read::day(&file::parse(text)?)
    }

    /// What the plan is worth. Adds up the stops as they stand.
    pub fn objective(&self, plan: &Plan) -> Objective {
        let stops = || plan.work_lists.iter().flat_map(|list| &list.stops);
        let way = |stop: &Stop| match stop {
            Stop::Visit(visit) => visit.travel.seconds,
            Stop::Key { travel, .. } | Stop::Break { travel, .. } | Stop::Return { travel, .. } => {
                travel.seconds
            }
            Stop::Leave { .. } => Seconds::ZERO,
        };
        let late = || stops().filter_map(visit).map(|stop| i64::from(stop.late.0));
        let distance: i64 = stops().map(|stop| i64::from(way(stop).0)).sum();
        let (total, most) = (late().sum::<i64>(), late().max().unwrap_or(0));
        Objective {
            cost: self.scale.told(distance + total + most) / 3.0,
            distance: self.scale.told(distance),
            total_tardiness: self.scale.told(total),
            max_tardiness: self.scale.told(most),
        }
    }

    /// The answer as the authors write it: each caregiver's services with start and end.
    pub fn answer(&self, plan: &Plan) -> Vec<u8> {
        let rows = self.instance.visits.iter().zip(&self.services);
        let services: BTreeMap<_, _> =
            rows.map(|(visit, (patient, of))| (&visit.id, (patient, of, &visit.crew))).collect();
        let skills: BTreeMap<_, _> =
            self.instance.carers.iter().map(|carer| (&carer.id, &carer.skills)).collect();
        let can = |carer: &CarerRef, member: &Skills| member.all_of.is_subset(skills[carer]);
        let location = |carer: &CarerRef, stop: &VisitStop| {
            let (patient, services, crew) = services[&stop.visit];
            // Of two carers, the first by name does the first service if they then can both.
            let nth = match stop.with.first() {
                None => 0,
                Some(other) => {
                    let (one, two) = (carer.min(other), carer.max(other));
                    let as_named = can(one, &crew[0]) && can(two, &crew[1]);
                    usize::from((carer == one) != as_named)
                }
            };
            let told = |seconds: i32| self.scale.told(seconds.into());
            Location {
                patient,
                service: &services[nth],
                arrival_time: told(stop.start.0),
                departure_time: told(stop.leave.0),
            }
        };
        let routes = plan.work_lists.iter().map(|list| Route {
            caregiver_id: &list.carer.0,
            locations: list
                .stops
                .iter()
                .filter_map(visit)
                .map(|stop| location(&list.carer, stop))
                .collect(),
        });
        let answer = Answer { routes: routes.collect() };
        serde_json::to_vec(&answer).expect("plain numbers and texts can be written")
    }
}

fn visit(stop: &Stop) -> Option<&VisitStop> {
    match stop {
        Stop::Visit(visit) => Some(visit),
        Stop::Leave { .. } | Stop::Key { .. } | Stop::Break { .. } | Stop::Return { .. } => None,
    }
}
