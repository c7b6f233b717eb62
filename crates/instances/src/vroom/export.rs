//! What VROOM can express of a day, as a problem of its format. Who may come is said by skills, one
//! for each set of carers who may: with it go preferences that are musts, pins and ways that are
//! missing. A double visit is two jobs that nothing holds together; gaps, lateness, overtime,
//! continuity and prices have no words there and are left out.

use std::collections::BTreeMap;

use hjemrute_solver::{
    Carer, CarerRef, Criticality, Instance, Status, TimeWindow, Visit, carers_who_may,
};
use hjemrute_travel::{Mode, PlaceId, Tables};
use serde::Serialize;

use super::read::LONGEST;

#[derive(Serialize)]
struct Problem {
    vehicles: Vec<Vehicle>,
    jobs: Vec<Job>,
    matrices: BTreeMap<&'static str, Matrix>,
}

#[derive(Serialize)]
struct Vehicle {
    id: usize,
    description: String,
    profile: &'static str,
    start_index: u32,
    end_index: u32,
    skills: Vec<usize>,
    time_window: [i32; 2],
    #[serde(skip_serializing_if = "Vec::is_empty")]
    breaks: Vec<Pause>,
}

#[derive(Serialize)]
struct Pause {
    id: usize,
    service: i32,
    time_windows: [[i32; 2]; 1],
}

#[derive(Serialize)]
struct Job {
    id: usize,
    description: String,
    location_index: u32,
    setup: i32,
    service: i32,
    skills: [usize; 1],
    priority: u32,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    time_windows: Vec<[i32; 2]>,
}

#[derive(Serialize)]
struct Matrix {
    durations: Vec<Vec<i32>>,
    distances: Vec<Vec<i32>>,
}

/// The day as a problem of VROOM's. Cancelled visits are no jobs; ids count from 1, and the day's
/// own stand in the descriptions.
pub fn export(instance: &Instance, tables: &Tables) -> Vec<u8> {
    let mut sets: BTreeMap<Vec<&CarerRef>, usize> = BTreeMap::new();
    let mut jobs = Vec::new();
    let planned = instance.visits.iter().filter(|visit| visit.status == Status::Planned);
    for (visit, member) in planned.flat_map(|it| (0..it.carers()).map(move |member| (it, member))) {
        let next = sets.len() + 1;
        let skill = *sets.entry(carers_who_may(instance, tables, visit, member)).or_insert(next);
        jobs.push(job(instance, visit, jobs.len() + 1, skill));
    }
    let skills = |carer: &Carer| {
        let own = sets.iter().filter(|(able, _)| able.contains(&&carer.id));
        own.map(|(_, skill)| *skill).collect()
    };
    let carers = (1..).zip(&instance.carers);
    let vehicles = carers.map(|(id, carer)| vehicle(id, carer, skills(carer))).collect();
    let used = Mode::ALL.into_iter().filter_map(|mode| Some((mode, tables.get(mode)?)));
    let matrices = used.map(|(mode, table)| (mode.name(), matrix(instance, table))).collect();
    serde_json::to_vec(&Problem { vehicles, jobs, matrices })
        .expect("plain numbers and texts can be written")
}

fn job(instance: &Instance, visit: &Visit, id: usize, skill: usize) -> Job {
    let span = |window: &TimeWindow| [window.earliest.0.max(0), window.latest.0.max(0)];
    let pinned = visit.pinned.start.map(|start| vec![[start.0, start.0]]);
    Job {
        id,
        description: visit.id.0.clone(),
        location_index: visit.place.0,
        setup: instance.places[visit.place.index()].access.0,
        service: visit.duration.0,
        skills: [skill],
        priority: priority(visit.criticality),
        time_windows: pinned.unwrap_or_else(|| visit.windows.iter().map(span).collect()),
    }
}

/// Points, of a hundred at the most: one more critical visit outweighs a few of the next kind.
fn priority(criticality: Criticality) -> u32 {
    match criticality {
        Criticality::TimeCritical => 100,
        Criticality::Important => 30,
        Criticality::Normal => 10,
        Criticality::Optional => 1,
    }
}

fn vehicle(id: usize, carer: &Carer, skills: Vec<usize>) -> Vehicle {
    let pause = carer.rest.map(|rest| Pause {
        id,
        service: rest.length.0,
        time_windows: [[rest.earliest.0, (rest.latest - rest.length).0]],
    });
    Vehicle {
        id,
        description: carer.id.0.clone(),
        profile: carer.mode.name(),
        start_index: carer.start.0,
        end_index: carer.end.0,
        skills,
        time_window: [carer.shift_start.0, carer.shift_end.0],
        breaks: pause.into_iter().collect(),
    }
}

/// Where there is no way, one that is longer than any day.
fn matrix(instance: &Instance, table: &hjemrute_travel::Table) -> Matrix {
    let ids = || (0..instance.places.len() as u32).map(PlaceId);
    let rows = |cell: &dyn Fn(PlaceId, PlaceId) -> i32| {
        ids().map(|from| ids().map(|to| cell(from, to)).collect()).collect()
    };
    let none = LONGEST as i32;
    Matrix {
        durations: rows(&|from, to| table.leg(from, to).map_or(none, |leg| leg.seconds.0)),
        distances: rows(&|from, to| table.leg(from, to).map_or(none, |leg| leg.metres.0)),
    }
}
