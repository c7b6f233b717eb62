//! From a plan back to numbers: the [`Solution`] that a [`Plan`] tells, so that it can be asked about
//! and searched on. What the day does not know (carers who are not at work, visits that are
//! cancelled or not on the list, crews that are not whole) is passed over; whether the rest keeps
//! the rules is for `verify`.

use std::collections::BTreeMap;

use crate::gap::Errand;
use crate::plan::{CarerRef, Instance, Plan, Stop, VisitId, WorkList};
use crate::problem::{Job, JobId, NEVER, Problem, TaskId, VehicleId};
use crate::route::Slot;
use crate::search::State;
use crate::solution::{Drive, Solution};

/// The solution that the plan tells, in the numbers of its day. Rendered it is the plan again, if
/// that was rendered and is of this day.
pub fn read_back(instance: &Instance, problem: &Problem, plan: &Plan) -> Solution {
    let names = Names::of(instance, problem);
    let mut window: Vec<u32> = problem.jobs.iter().map(|job| job.windows.start).collect();
    let mut crews: BTreeMap<JobId, Vec<VehicleId>> = BTreeMap::new();
    let lists = || {
        let lists = plan.work_lists.iter();
        lists.filter_map(|list| Some((*names.vehicles.get(&list.carer)?, list)))
    };
    for (vehicle, list) in lists() {
        for (job, start) in names.calls(list) {
            crews.entry(job).or_default().push(vehicle);
            window[job.ix()] = window_of(problem, problem.job(job), start);
        }
    }
    for (job, crew) in &mut crews {
        let key = problem.key(TaskId(problem.job(*job).tasks.start));
        if let (Some(key), [first, second]) = (key, crew.as_mut_slice()) {
            // Who is told to bring the key is the first of the two.
            let brings =
                |who: VehicleId| lists().any(|it| it.0 == who && has_key(problem, it, key));
            if !brings(*first) && brings(*second) {
                std::mem::swap(first, second);
            }
        }
    }
    let seats: BTreeMap<(JobId, VehicleId), TaskId> =
        crews.iter().flat_map(|(job, crew)| seated(problem, *job, crew)).collect();
    let mut routes = vec![Drive::default(); problem.vehicles.len()];
    for (vehicle, list) in lists() {
        let seat = |(job, _): (JobId, i32)| seats.get(&(job, vehicle)).copied();
        let tasks = names.calls(list).filter_map(seat).collect();
        let is_kept = |job: JobId| seats.contains_key(&(job, vehicle));
        let (slot, errands) = names.between(list, is_kept);
        routes[vehicle.ix()] = Drive { tasks, slot, errands };
    }
    with_cost(problem, Solution::new(routes, window, 0))
}

/// Whether who has the list is where the key hangs at the beginning and at the end, or on the way.
fn has_key(problem: &Problem, (id, list): (VehicleId, &WorkList), key: u32) -> bool {
    let there = |stop: &Stop| matches!(stop, Stop::Key { place, .. } if place.0 == key);
    let (vehicle, stops) = (problem.vehicle(id), list.stops.iter().filter(|stop| there(stop)));
    let needed = usize::from(vehicle.start != key) + usize::from(vehicle.end != key);
    stops.count() >= needed
}

/// The same solution with its cost, if it can be driven in time; where it goes for keys too often or
/// not often enough, it goes as it must.
pub(crate) fn with_cost(problem: &Problem, mut solution: Solution) -> Solution {
    if let Some(state) = State::try_of(problem, &solution) {
        return state.solution();
    }
    solution.cost = i64::MAX;
    solution
}

/// Which of a job's tasks each of these carers has; none unless they are as many as the job asks for
/// and all different.
pub(crate) fn seated(
    problem: &Problem,
    id: JobId,
    crew: &[VehicleId],
) -> Vec<((JobId, VehicleId), TaskId)> {
    let tasks: Vec<TaskId> = problem.job(id).tasks().collect();
    let whole = crew.len() == tasks.len() && (crew.len() < 2 || crew[0] != crew[1]);
    if !whole {
        return Vec::new();
    }
    let fits = |(vehicle, task): (&VehicleId, &TaskId)| problem.fit(*vehicle, *task) != NEVER;
    let as_told = crew.iter().zip(&tasks).filter(|pair| fits(*pair)).count();
    let turned = crew.iter().rev().zip(&tasks).filter(|pair| fits(*pair)).count();
    let seat = |(vehicle, task): (&VehicleId, &TaskId)| ((id, *vehicle), *task);
    if turned > as_told {
        crew.iter().rev().zip(&tasks).map(seat).collect()
    } else {
        crew.iter().zip(&tasks).map(seat).collect()
    }
}

/// The window in which the job starts at this moment; if in none, the last that had opened.
fn window_of(problem: &Problem, job: &Job, start: i32) -> u32 {
    let opened = job.windows().rev().find(|id| problem.windows[*id as usize].earliest <= start);
    opened.unwrap_or(job.windows.start)
}

/// What the names of a day stand for.
pub(crate) struct Names<'a> {
    instance: &'a Instance,
    /// The rows of the instance's visits.
    rows: BTreeMap<&'a VisitId, usize>,
    pub(crate) jobs: BTreeMap<&'a VisitId, JobId>,
    pub(crate) vehicles: BTreeMap<&'a CarerRef, VehicleId>,
}

impl<'a> Names<'a> {
    pub(crate) fn of(instance: &'a Instance, problem: &Problem) -> Names<'a> {
        let jobs = problem.job_ids().map(|id| (&instance.visits[problem.job(id).visit].id, id));
        let carers = instance.carers.iter().map(|carer| &carer.id);
        Names {
            instance,
            rows: instance.visits.iter().map(|visit| &visit.id).zip(0..).collect(),
            jobs: jobs.collect(),
            vehicles: carers.zip(problem.vehicle_ids()).collect(),
        }
    }

    /// Which visit of the instance has that id.
    pub(crate) fn row(&self, visit: &VisitId) -> Option<usize> {
        self.rows.get(visit).copied()
    }

    /// The visits on the list that are on the day's, with when they start.
    fn calls(&self, list: &WorkList) -> impl Iterator<Item = (JobId, i32)> {
        list.visits().filter_map(|stop| Some((*self.jobs.get(&stop.visit)?, stop.start.0)))
    }

    /// Where on the list the break and the stops for keys lie, told by the visits that are kept of it.
    fn between(&self, list: &WorkList, is_kept: impl Fn(JobId) -> bool) -> (Slot, Vec<Errand>) {
        let carer = self.instance.carers.iter().find(|carer| carer.id == list.carer);
        let own_place = carer.and_then(|carer| carer.rest?.place).is_some();
        let (mut slot, mut errands) = (Slot::default(), Vec::<Errand>::new());
        let mut here = carer.map(|carer| carer.start);
        let mut gap = 0;
        for stop in &list.stops {
            match stop {
                Stop::Visit(stop) => {
                    let job = self.jobs.get(&stop.visit).filter(|job| is_kept(**job));
                    gap += u32::from(job.is_some());
                    here = self.row(&stop.visit).map(|row| self.instance.visits[row].place);
                }
                Stop::Key { place, .. } => errands.push(Errand { gap, place: place.0 }),
                Stop::Break { place, .. } => {
                    let keys_first = errands.last().is_some_and(|errand| errand.gap == gap);
                    let elsewhere = here != Some(*place) && !(own_place && here.is_some());
                    slot = Slot { gap, on_arrival: keys_first || elsewhere };
                }
                Stop::Leave { .. } => {}
                // A break behind it is one after the return.
                Stop::Return { .. } => here = None,
            }
        }
        (slot, errands)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::search::samples::day;
    use crate::{render, search};

    #[test]
    fn a_plan_read_back_and_rendered_is_the_plan() {
        for seed in 0..60 {
            let (instance, tables) = day(40, 7, seed);
            let problem = Problem::compile(&instance, &tables).expect("a sample day has no faults");
            let solution = search::first(&problem);
            let plan = render(&instance, &tables, &problem, &solution);
            let again = read_back(&instance, &problem, &plan);
            assert!(again.cost < i64::MAX, "seed {seed}");
            assert_eq!(render(&instance, &tables, &problem, &again), plan, "seed {seed}");
        }
    }

    #[test]
    fn what_the_day_does_not_know_is_passed_over() {
        let (mut instance, tables) = day(40, 7, 3);
        let problem = Problem::compile(&instance, &tables).expect("a sample day has no faults");
        let plan = render(&instance, &tables, &problem, &search::first(&problem));
        let gone = instance.visits.remove(0).id;
        instance.visits.retain(|visit| visit.gap.as_ref().is_none_or(|gap| gap.after != gone));
        instance.carers.remove(0);
        let problem = Problem::compile(&instance, &tables).expect("still no faults");
        let kept = read_back(&instance, &problem, &plan);
        assert_eq!(kept.routes.len(), instance.carers.len());
        let tasks: usize = kept.routes.iter().map(|drive| drive.tasks.len()).sum();
        assert!(tasks > 0 && tasks < problem.tasks.len());
    }
}
