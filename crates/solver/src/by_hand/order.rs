//! Routes whose order is given: which window each visit uses and where each break lies is still to be
//! chosen, and whether all of it can be driven in time. Knows no names.

use std::collections::BTreeSet;

use crate::problem::{FAR, JobId, NEVER, Problem, TaskId, VehicleId};
use crate::route::{Agreed, Guide, Peaks, Route, Slot};
use crate::search::State;
use crate::solution::{Drive, Solution};
use crate::timing::{self, Itinerary};

/// A problem, the same with no visit tied to another, in which a route stands by itself, and the same
/// with no hard end, in which any order can be driven whose links do not run in a ring.
pub(crate) struct Ordered<'p> {
    problem: &'p Problem,
    free: Problem,
    endless: Problem,
}

/// How much is tried.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Care {
    Glance,
    Thorough,
}

impl<'p> Ordered<'p> {
    pub(crate) fn of(problem: &'p Problem) -> Ordered<'p> {
        let mut free = problem.clone();
        for job in &mut free.jobs {
            (job.linked, job.after) = (false, None);
            job.before.clear();
        }
        let mut endless = problem.clone();
        endless.windows.iter_mut().for_each(|window| window.hard = FAR);
        for vehicle in &mut endless.vehicles {
            vehicle.hard_end = FAR;
            vehicle.rest.iter_mut().for_each(|rest| rest.latest = FAR);
        }
        Ordered { problem, free, endless }
    }

    /// The cheapest way found to drive these routes; none where none keeps every hard end. A route
    /// that is as in `near` keeps its break and windows.
    pub(crate) fn drive(
        &self,
        routes: &[Vec<TaskId>],
        near: Option<&Solution>,
    ) -> Option<Solution> {
        self.driven(routes, near, Care::Thorough)
    }

    /// The same at a glance, to tell many orders apart: a break lies where it suits its own route.
    pub(crate) fn glance(
        &self,
        routes: &[Vec<TaskId>],
        near: Option<&Solution>,
    ) -> Option<Solution> {
        self.driven(routes, near, Care::Glance)
    }

    fn driven(
        &self,
        routes: &[Vec<TaskId>],
        near: Option<&Solution>,
        care: Care,
    ) -> Option<Solution> {
        let changed = self.changed(routes, near);
        let mut window: Vec<u32> = match near {
            Some(near) => near.window.clone(),
            None => self.problem.jobs.iter().map(|job| job.windows.start).collect(),
        };
        for id in &changed {
            self.choose_windows(*id, &routes[id.ix()], &mut window);
        }
        let mut best = self.with_windows((routes, care), &changed, near, window)?;
        let several = |task: &&TaskId| self.problem.job_of(**task).windows().len() > 1;
        for task in changed.iter().flat_map(|id| &routes[id.ix()]).filter(several) {
            let job = self.problem.tasks[task.ix()].job;
            for other in self.problem.job(job).windows() {
                let mut window = best.window.clone();
                if std::mem::replace(&mut window[job.ix()], other) == other {
                    continue;
                }
                let found = self.with_windows((routes, care), &changed, near, window);
                best = found.filter(|found| found.cost < best.cost).unwrap_or(best);
            }
        }
        Some(best)
    }

    /// The routes that are not as they were.
    fn changed(&self, routes: &[Vec<TaskId>], near: Option<&Solution>) -> Vec<VehicleId> {
        let was = |id: VehicleId| near.map(|near| &near.routes[id.ix()].tasks);
        self.problem.vehicle_ids().filter(|id| was(*id) != Some(&routes[id.ix()])).collect()
    }

    /// For each stop the first window that is not too late, as the route goes without its break.
    fn choose_windows(&self, id: VehicleId, tasks: &[TaskId], window: &mut [u32]) {
        let problem = self.problem;
        let (vehicle, ways) = (problem.vehicle(id), problem.ways(id));
        let (mut now, mut here) = (vehicle.shift_start, vehicle.start);
        for task in tasks {
            let job = problem.job_of(*task);
            let ready = (now + ways.at(here, job.place).door).min(FAR);
            let in_time = |id: &u32| problem.windows[*id as usize].latest >= ready;
            let can_be = |id: &u32| problem.windows[*id as usize].hard >= ready;
            let chosen = job.windows().find(in_time).or_else(|| job.windows().rev().find(can_be));
            let chosen = chosen.unwrap_or(job.windows.end - 1);
            window[problem.tasks[task.ix()].job.ix()] = chosen;
            now = ready.max(problem.windows[chosen as usize].earliest) + job.stay(vehicle);
            here = job.place;
        }
    }

    fn with_windows(
        &self,
        (routes, care): (&[Vec<TaskId>], Care),
        changed: &[VehicleId],
        near: Option<&Solution>,
        window: Vec<u32>,
    ) -> Option<Solution> {
        let mut drives: Vec<Drive> = match near {
            Some(near) => near.routes.clone(),
            None => vec![Drive::default(); routes.len()],
        };
        let was: Vec<Slot> = changed.iter().map(|id| drives[id.ix()].slot).collect();
        for id in changed {
            let tasks = routes[id.ix()].clone();
            drives[id.ix()] =
                Drive { slot: self.alone(*id, &tasks, &window)?, tasks, ..Drive::default() };
        }
        let alone = Solution::new(drives.clone(), window.clone(), 0);
        if let Some(found) = self.settled(&alone, changed) {
            return Some(match care {
                Care::Thorough => self.rested_better(found, changed),
                Care::Glance => found,
            });
        }
        // What is best for a route by itself may hold up those that are tied to it.
        for (id, slot) in changed.iter().zip(was) {
            drives[id.ix()].slot = slot.within(drives[id.ix()].tasks.len());
        }
        let found = self.settled(&Solution::new(drives, window, 0), changed);
        if care == Care::Glance {
            return found;
        }
        let found = found.or_else(|| self.settled(&self.in_time(alone, changed)?, changed))?;
        Some(self.rested_better(found, changed))
    }

    /// The same with the break of each changed route that is tied to another wherever all routes
    /// together then cost least.
    fn rested_better(&self, mut best: Solution, changed: &[VehicleId]) -> Solution {
        let problem = self.problem;
        for id in changed {
            let tasks = best.routes[id.ix()].tasks.clone();
            let is_tied = tasks.iter().any(|task| problem.job_of(*task).linked);
            if !is_tied || problem.vehicle(*id).rest.is_none() {
                continue;
            }
            for gap in 0..=tasks.len() as u32 {
                for on_arrival in [true, false] {
                    let mut other = best.clone();
                    other.routes[id.ix()].slot = Slot { gap, on_arrival };
                    let cost = State::try_of(problem, &other).map(|state| state.cost());
                    if let Some(cost) = cost.filter(|cost| *cost < best.cost) {
                        best = other;
                        best.cost = cost;
                    }
                }
            }
        }
        best
    }

    /// The same with breaks and windows elsewhere, one after the other, until no hard end is broken.
    fn in_time(&self, mut solution: Solution, changed: &[VehicleId]) -> Option<Solution> {
        // Else the links run in a ring: by the order, or where a break parts what must not be far apart.
        let has_times = |solution: &Solution| State::try_of(&self.endless, solution).is_some();
        if !has_times(&solution) {
            return None;
        }
        let mut least = self.broken(&solution);
        let mut better = true;
        while std::mem::take(&mut better) && least.0 > 0 {
            for other in self.others(&solution, &self.in_trouble(&solution, changed)) {
                if !has_times(&other) {
                    continue;
                }
                let broken = self.broken(&other);
                if broken < least {
                    (least, solution, better) = (broken, other, true);
                }
            }
        }
        (least.0 == 0).then_some(solution)
    }

    /// The routes that break a hard end, and those that they share a tied visit with.
    fn in_trouble(&self, solution: &Solution, changed: &[VehicleId]) -> Vec<VehicleId> {
        let problem = self.problem;
        let days = timing::earliest(problem, solution);
        let breaks = |id: &VehicleId| self.broken_by(solution, *id, &days[id.ix()]) > 0;
        let trouble: Vec<VehicleId> = problem.vehicle_ids().filter(breaks).collect();
        let tied = |id: VehicleId| {
            let tasks = solution.routes[id.ix()].tasks.iter();
            tasks.map(|task| problem.tasks[task.ix()].job).filter(|job| problem.job(*job).linked)
        };
        let near = |job: JobId| {
            let job = problem.job(job);
            job.after.iter().chain(&job.before).map(|follow| follow.job)
        };
        let jobs: BTreeSet<JobId> = trouble
            .iter()
            .flat_map(|id| tied(*id))
            .flat_map(|job| near(job).chain([job]))
            .collect();
        let concerned =
            |id: &VehicleId| trouble.contains(id) || tied(*id).any(|job| jobs.contains(&job));
        changed.iter().copied().filter(concerned).collect()
    }

    /// The solutions with one break or one window elsewhere.
    fn others(&self, solution: &Solution, changed: &[VehicleId]) -> Vec<Solution> {
        let mut others = Vec::new();
        let has_break = |id: &&VehicleId| self.problem.vehicle(**id).rest.is_some();
        for id in changed.iter().filter(has_break) {
            for gap in 0..=solution.routes[id.ix()].tasks.len() as u32 {
                for on_arrival in [true, false] {
                    let mut other = solution.clone();
                    other.routes[id.ix()].slot = Slot { gap, on_arrival };
                    others.push(other);
                }
            }
        }
        for task in changed.iter().flat_map(|id| &solution.routes[id.ix()].tasks) {
            let job = self.problem.tasks[task.ix()].job;
            for window in self.problem.job(job).windows() {
                let mut other = solution.clone();
                if std::mem::replace(&mut other.window[job.ix()], window) != window {
                    others.push(other);
                }
            }
        }
        others
    }

    /// By how many seconds the solution breaks hard ends at the earliest, and how late it all is over.
    fn broken(&self, solution: &Solution) -> (i64, i64) {
        let days = timing::earliest(self.problem, solution);
        let of = |(id, day): (VehicleId, &Itinerary)| self.broken_by(solution, id, day);
        let ends = days.iter().map(|day| i64::from(day.end));
        (self.problem.vehicle_ids().zip(&days).map(of).sum(), ends.sum())
    }

    fn broken_by(&self, solution: &Solution, id: VehicleId, day: &Itinerary) -> i64 {
        let (problem, vehicle) = (self.problem, self.problem.vehicle(id));
        let stops = day.stops.iter().map(|call| {
            let job = problem.tasks[call.task.ix()].job;
            call.start - problem.windows[solution.window[job.ix()] as usize].hard
        });
        let rest = vehicle.rest.zip(day.rest).map(|(rest, pause)| pause.start - rest.latest);
        let all = stops.chain(rest).chain([day.end - vehicle.hard_end]);
        all.map(|by| i64::from(by.max(0))).sum()
    }

    /// The best slot of the break when the route stands by itself; none if it cannot be driven.
    fn alone(&self, id: VehicleId, tasks: &[TaskId], window: &[u32]) -> Option<Slot> {
        let start = vec![-FAR; window.len()];
        let agreed =
            Agreed { window: window.to_vec(), start, peaks: Peaks::NONE, guide: Guide::NONE };
        let mut route = Route::empty(self.free.vehicle(id));
        route.tasks = tasks.to_vec();
        let kept = route.place_break_and_settle(&self.free, id, &agreed, &mut 0);
        kept.then_some(route.slot)
    }

    fn settled(&self, solution: &Solution, changed: &[VehicleId]) -> Option<Solution> {
        let mut state = State::try_of(self.problem, solution)?;
        changed.iter().for_each(|id| state.rest_anew(*id));
        Some(state.solution())
    }
}

/// Whether everybody may do what their route has.
pub(crate) fn all_may(problem: &Problem, routes: &[Vec<TaskId>]) -> bool {
    let mut routes = problem.vehicle_ids().zip(routes);
    routes.all(|(id, tasks)| tasks.iter().all(|task| problem.fit(id, *task) != NEVER))
}
