//! Where a visit that nobody makes would fit on a plan that is in hand: every carer's best seat, and
//! where those are few, seats that another visit makes room for. What each comes to is told by the
//! whole plan that it makes.

use hjemrute_travel::Tables;

use crate::plan::{Instance, Plan, VisitId};
use crate::problem::{FAR, JobId, NEVER, Problem, TaskId, VehicleId};
use crate::render::render;
use crate::score::Cost;
use crate::search::{Blink, Placement, State, best_in_route, best_placement, placement_of_each};
use crate::solution::Solution;
use crate::timing;

/// How many visits are looked at that might make room.
const NEIGHBOURS: usize = 30;

/// How far outside the visit's windows a visit may start that might make room, in seconds.
const AROUND: i32 = 3600;

/// So many more seats than are wanted are timed to the end, as the search prices by the earliest
/// times.
const MORE: usize = 4;

/// The cheapest ways to make the visit, each as the whole plan with it, cheapest first; no two by the
/// same carers. None where it fits nowhere as it is, or is made already.
pub fn suggest(
    (instance, tables): (&Instance, &Tables),
    problem: &Problem,
    solution: &Solution,
    visit: &VisitId,
    top: usize,
) -> Vec<Plan> {
    let Some(asked) = Asked::of(instance, problem, visit) else { return Vec::new() };
    let fits = asked.fits(solution, top);
    fits.iter().map(|fit| render(instance, tables, problem, fit)).collect()
}

/// A problem in which one visit is asked about: it is put in whatever that costs.
pub(crate) struct Asked {
    problem: Problem,
    job: JobId,
}

impl Asked {
    /// None where the day does not have the visit, or it is cancelled.
    pub(crate) fn of(instance: &Instance, problem: &Problem, visit: &VisitId) -> Option<Asked> {
        let is_it = |id: &JobId| instance.visits[problem.job(*id).visit].id == *visit;
        let job = problem.job_ids().find(is_it)?;
        Some(Asked::about(problem.clone(), job))
    }

    pub(crate) fn about(mut problem: Problem, job: JobId) -> Asked {
        problem.jobs[job.ix()].drop = Cost(Cost::MAX.0 / 2);
        Asked { problem, job }
    }

    /// The solution with the visit in the cheapest seats, cheapest first.
    pub(crate) fn fits(&self, solution: &Solution, top: usize) -> Vec<Solution> {
        let Some(mut state) = State::try_of(&self.problem, solution) else { return Vec::new() };
        let mut found = self.seats(&mut state, top + MORE);
        if found.len() < top {
            found.extend(self.with_room_made(&mut state));
        }
        found.sort_by_key(|(cost, _)| *cost);
        let mut fits: Vec<Solution> = Vec::new();
        for (_, fit) in found {
            if fits.iter().all(|other| self.crew_of(other) != self.crew_of(&fit)) {
                fits.push(fit);
            }
        }
        fits.truncate(top);
        fits
    }

    /// The solution with the visit in its cheapest seat, nobody else's visit given to another.
    pub(crate) fn fits_in_a_seat(&self, solution: &Solution) -> Option<Solution> {
        let mut state = State::try_of(&self.problem, solution)?;
        let seats = self.seats(&mut state, MORE);
        seats.into_iter().min_by_key(|(cost, _)| *cost).map(|(_, fit)| fit)
    }

    /// The cheapest of each carer's best seats, with what the plan then costs.
    fn seats(&self, state: &mut State<'_>, most: usize) -> Vec<(i64, Solution)> {
        if state.is_done(self.job) {
            return Vec::new();
        }
        let mut seats = placement_of_each(state, self.job);
        seats.sort_by_key(|(cost, placement)| (*cost, crew(placement)));
        seats.dedup_by_key(|(_, placement)| crew(placement));
        let mut found = Vec::new();
        for (_, placement) in &seats {
            let mark = state.mark();
            if state.insert(placement) {
                found.push(told(state));
            }
            state.rollback(mark);
            if found.len() == most {
                break;
            }
        }
        found
    }

    /// Seats that a visit of another time or place leaves, which goes where it costs least then.
    fn with_room_made(&self, state: &mut State<'_>) -> Vec<(i64, Solution)> {
        let mut found = Vec::new();
        for (other, vehicle) in self.neighbours(state) {
            let mark = state.mark();
            let mut out = Vec::new();
            let room = state.remove(&[other], &mut out)
                && best_in_route(state, self.job, vehicle).is_some_and(|(_, it)| state.insert(&it));
            let elsewhere = room.then(|| best_placement(state, other, -FAR, &mut Blink::Never));
            if let Some((_, placement)) = elsewhere.flatten()
                && state.insert(&placement)
            {
                found.push(told(state));
            }
            state.rollback(mark);
        }
        found
    }

    /// The visits nearest by that start about when this one may, each by one carer who may make this
    /// one and tied to no other.
    fn neighbours(&self, state: &State<'_>) -> Vec<(JobId, VehicleId)> {
        let Asked { problem, job: id } = self;
        let job = problem.job(*id);
        let task = TaskId(job.tasks.start);
        if job.is_double() {
            return Vec::new();
        }
        let (opens, closes) = job.windows().fold((FAR, -FAR), |(opens, closes), at| {
            let window = problem.windows[at as usize];
            (opens.min(window.earliest), closes.max(window.hard))
        });
        let near = |other: &JobId| {
            let is_free = !problem.job(*other).linked && !problem.job(*other).held;
            let first = TaskId(problem.job(*other).tasks.start);
            let vehicle = state.route_of(first).filter(|_| is_free)?;
            let start = state.start_of(first)?;
            let may = problem.fit(vehicle, task) != NEVER;
            let about = (opens - AROUND..=closes.saturating_add(AROUND)).contains(&start);
            let ride = problem.ways(vehicle).at(problem.job(*other).place, job.place).ride;
            (may && about).then_some((ride, *other, vehicle))
        };
        let mut near: Vec<_> = problem.job_ids().filter_map(|other| near(&other)).collect();
        near.sort_unstable();
        near.truncate(NEIGHBOURS);
        near.into_iter().map(|(_, other, vehicle)| (other, vehicle)).collect()
    }

    /// Who makes the visit.
    fn crew_of(&self, solution: &Solution) -> Vec<usize> {
        let has = |task: &TaskId| self.problem.tasks[task.ix()].job == self.job;
        let routes = solution.routes.iter().enumerate();
        routes.filter(|(_, drive)| drive.tasks.iter().any(has)).map(|(k, _)| k).collect()
    }
}

/// Who comes, whoever is named first.
fn crew(placement: &Placement) -> (VehicleId, Option<VehicleId>) {
    let first = placement.first.0;
    match placement.second {
        Some((second, _)) => (first.min(second), Some(first.max(second))),
        None => (first, None),
    }
}

/// What the state comes to with its final times.
fn told(state: &State<'_>) -> (i64, Solution) {
    let solution = state.solution();
    let times = timing::cost(state.problem, &solution);
    (state.cost() - state.times_cost() + times, solution)
}

#[cfg(test)]
mod tests;
