//! From a plan back to numbers: the [`Solution`] that a [`Plan`] tells, so that it can be asked about
//! and searched on. What the day does not know (carers who are not at work, visits that are
//! cancelled or not on the list, crews that are not whole) is passed over; whether the rest keeps
//! the rules is for `verify`.

use std::collections::BTreeMap;

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
    let seats: BTreeMap<(JobId, VehicleId), TaskId> =
        crews.iter().flat_map(|(job, crew)| seated(problem, *job, crew)).collect();
    let mut routes = vec![Drive::default(); problem.vehicles.len()];
    for (vehicle, list) in lists() {
        let seat = |(job, _): (JobId, i32)| seats.get(&(job, vehicle)).copied();
        let tasks = names.calls(list).filter_map(seat).collect();
        let is_kept = |job: JobId| seats.contains_key(&(job, vehicle));
        routes[vehicle.ix()] = Drive { tasks, slot: names.slot(list, is_kept) };
    }
    with_cost(problem, Solution::new(routes, window, 0))
}

/// The same solution with its cost, if it can be driven in time.
pub(crate) fn with_cost(problem: &Problem, mut solution: Solution) -> Solution {
    solution.cost = State::try_of(problem, &solution).map_or(i64::MAX, |state| state.cost());
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

    /// Where on the list the break lies, told by the visits that are kept of it.
    fn slot(&self, list: &WorkList, is_kept: impl Fn(JobId) -> bool) -> Slot {
        let carer = self.instance.carers.iter().find(|carer| carer.id == list.carer);
        let mut here = carer.map(|carer| carer.start);
        let mut gap = 0;
        for stop in &list.stops {
            match stop {
                Stop::Visit(stop) => {
                    let job = self.jobs.get(&stop.visit).filter(|job| is_kept(**job));
                    gap += u32::from(job.is_some());
                    here = self.row(&stop.visit).map(|row| self.instance.visits[row].place);
                }
                Stop::Break { place, .. } => return Slot { gap, on_arrival: here != Some(*place) },
                Stop::Leave { .. } => {}
                // A break behind it is one after the return.
                Stop::Return { .. } => here = None,
            }
        }
        Slot::default()
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
