//! From the plan to the answer. The format wants every second between start and end to be travel,
//! waiting, setup or service, and the end last of all: slack at the base becomes waiting, and a break
//! after the return is told as one on arrival there.

use hjemrute_solver::{Plan, Stop, VisitId, WorkList};
use hjemrute_travel::{Leg, Seconds, Time};
use serde::Serialize;

use super::Vroom;
use super::file::{Location, Vehicle};

#[derive(Serialize)]
struct Answer<'a> {
    code: u8,
    summary: Summary,
    unassigned: Vec<LeftOut<'a>>,
    routes: Vec<Route<'a>>,
}

#[derive(Serialize)]
struct Summary {
    routes: usize,
    unassigned: usize,
    #[serde(flatten)]
    sums: Sums,
    violations: [(); 0],
    computing_times: Computing,
}

#[derive(Serialize)]
struct Computing {
    solving: u64,
}

/// What a route, or all of them, come to.
#[derive(Clone, Copy, Default, Serialize)]
struct Sums {
    cost: i64,
    setup: i64,
    service: i64,
    /// Travel seconds.
    duration: i64,
    waiting_time: i64,
    priority: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    distance: Option<i64>,
}

#[derive(Serialize)]
struct Route<'a> {
    vehicle: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<&'a str>,
    #[serde(flatten)]
    sums: Sums,
    steps: Vec<Step<'a>>,
    violations: [(); 0],
}

#[derive(Serialize)]
struct LeftOut<'a> {
    id: u64,
    #[serde(rename = "type")]
    kind: &'static str,
    location_index: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    location: Option<Location>,
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<&'a str>,
}

#[derive(Serialize)]
struct Step<'a> {
    #[serde(rename = "type")]
    kind: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    location_index: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    location: Option<Location>,
    setup: i32,
    service: i32,
    waiting_time: i32,
    arrival: i32,
    /// Travel seconds from the start of the route to here.
    duration: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    distance: Option<i64>,
    violations: [(); 0],
}

/// The answer as JSON.
pub(super) fn write(problem: &Vroom, plan: &Plan, solving: u64) -> Vec<u8> {
    let vehicles = problem.file.vehicles.iter().zip(&plan.work_lists);
    let routes: Vec<Route> = vehicles
        .filter(|(_, list)| !list.stops.is_empty())
        .map(|(vehicle, list)| route(problem, vehicle, list))
        .collect();
    let left_out = problem.file.jobs.iter().zip(&problem.instance.visits);
    let unassigned: Vec<LeftOut> = left_out
        .filter(|(_, visit)| plan.unassigned.iter().any(|out| out.visit == visit.id))
        .map(|(job, _)| LeftOut {
            id: job.id,
            kind: "job",
            location_index: job.location_index,
            location: job.location,
            description: job.description.as_deref(),
        })
        .collect();
    let summary = Summary {
        routes: routes.len(),
        unassigned: unassigned.len(),
        sums: routes.iter().fold(Sums::default(), |sums, route| sums.and(route.sums)),
        violations: [],
        computing_times: Computing { solving },
    };
    let answer = Answer { code: 0, summary, unassigned, routes };
    serde_json::to_vec(&answer).expect("plain numbers and texts can be written")
}

impl Sums {
    fn and(self, other: Sums) -> Sums {
        Sums {
            cost: self.cost + other.cost,
            setup: self.setup + other.setup,
            service: self.service + other.service,
            duration: self.duration + other.duration,
            waiting_time: self.waiting_time + other.waiting_time,
            priority: self.priority + other.priority,
            distance: other.distance.map(|metres| self.distance.unwrap_or(0) + metres),
        }
    }
}

fn route<'a>(problem: &'a Vroom, vehicle: &'a Vehicle, list: &WorkList) -> Route<'a> {
    let mut walk = Walk::of(problem, vehicle);
    for stop in &list.stops {
        match stop {
            Stop::Leave { leave, .. } => walk.start(*leave),
            Stop::Visit(visit) => {
                walk.go(visit.travel);
                walk.job(&visit.visit, visit.start);
            }
            Stop::Break { travel, start, .. } => {
                walk.start(*start);
                walk.go(*travel);
                walk.pause(*start);
            }
            Stop::Key { travel, .. } | Stop::Return { travel, .. } => walk.go(*travel),
        }
    }
    walk.end()
}

/// A route being told: where the clock is, and the way since the last step.
struct Walk<'a> {
    problem: &'a Vroom,
    vehicle: &'a Vehicle,
    metres: bool,
    clock: Time,
    way: Leg,
    sums: Sums,
    steps: Vec<Step<'a>>,
}

impl<'a> Walk<'a> {
    fn of(problem: &'a Vroom, vehicle: &'a Vehicle) -> Walk<'a> {
        let matrix = &problem.file.matrices[vehicle.profile()];
        let metres = matrix.distances.is_some();
        let sums = Sums { distance: metres.then_some(0), ..Sums::default() };
        let (clock, way, steps) = (Time(0), Leg::NONE, Vec::new());
        Walk { problem, vehicle, metres, clock, way, sums, steps }
    }

    /// The first thing that happens; nothing else is a start.
    fn start(&mut self, at: Time) {
        if self.steps.is_empty() {
            self.clock = at;
            let step = self.step("start", at, Seconds::ZERO, Seconds::ZERO);
            let (location_index, location) = (self.vehicle.start_index, self.vehicle.start);
            self.steps.push(Step { location_index, location, ..step });
        }
    }

    fn go(&mut self, leg: Leg) {
        self.way.seconds += leg.seconds;
        self.way.metres += leg.metres;
    }

    fn job(&mut self, visit: &VisitId, start: Time) {
        let row = self.problem.instance.visits.iter().position(|it| it.id == *visit);
        let job = &self.problem.file.jobs[row.expect("a plan has only visits of its day")];
        self.sums.priority += job.priority;
        let (setup, service) = (Seconds(job.setup as i32), Seconds(job.service as i32));
        let step = self.step("job", start, setup, service);
        self.steps.push(Step {
            id: Some(job.id),
            description: job.description.as_deref(),
            location_index: job.location_index,
            location: job.location,
            ..step
        });
    }

    fn pause(&mut self, start: Time) {
        let pause = self.vehicle.breaks.first().expect("only who has a break takes one");
        let length = Seconds(pause.service as i32);
        let step = self.step("break", start, Seconds::ZERO, length);
        let description = pause.description.as_deref();
        self.steps.push(Step { id: Some(pause.id), description, ..step });
    }

    fn end(mut self) -> Route<'a> {
        let home = self.clock + self.way.seconds;
        let step = self.step("end", home, Seconds::ZERO, Seconds::ZERO);
        let (location_index, location) = (self.vehicle.end_index, self.vehicle.end);
        self.steps.push(Step { location_index, location, ..step });
        let Walk { vehicle, sums, steps, .. } = self;
        let description = vehicle.description.as_deref();
        Route { vehicle: vehicle.id, description, sums, steps, violations: [] }
    }

    /// Goes the way since the last step, waits until `begins`, and stays.
    fn step(
        &mut self,
        kind: &'static str,
        begins: Time,
        setup: Seconds,
        service: Seconds,
    ) -> Step<'a> {
        let way = std::mem::replace(&mut self.way, Leg::NONE);
        let arrival = self.clock + way.seconds;
        let waiting = begins - arrival;
        self.clock = begins + setup + service;
        self.sums = self.sums.and(Sums {
            cost: way.seconds.0.into(),
            setup: setup.0.into(),
            service: service.0.into(),
            duration: way.seconds.0.into(),
            waiting_time: waiting.0.into(),
            priority: 0,
            distance: self.metres.then_some(way.metres.0.into()),
        });
        Step {
            kind,
            id: None,
            description: None,
            location_index: None,
            location: None,
            setup: setup.0,
            service: service.0,
            waiting_time: waiting.0,
            arrival: arrival.0,
            duration: self.sums.duration,
            distance: self.sums.distance,
            violations: [],
        }
    }
}
