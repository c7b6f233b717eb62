//! Why this carer and not another: the visit given to each of the others, everything else put as
//! well as it can be around it, and what the plan then comes to.

use crate::by_hand::Day;
use crate::plan::{CarerRef, Plan, VisitId};
use crate::problem::{JobId, NEVER, Problem, VehicleId};
use crate::render::render;
use crate::search::{Blink, State, best_placement};
use crate::solution::Solution;
use crate::suggest::Asked;

/// Somebody who might have made the visit.
#[derive(Clone, Debug)]
pub struct Alternative {
    /// Who.
    pub carer: CarerRef,
    /// In whose place, where two come.
    pub instead_of: Option<CarerRef>,
    /// What comes of it.
    pub outcome: Outcome,
}

/// What comes of giving a visit to another carer.
#[derive(Clone, Debug)]
pub enum Outcome {
    /// The rule of that name keeps the carer from it.
    Rule(&'static str),
    /// There is no room beside what the carer does.
    NoRoom,
    /// The whole plan that it comes to.
    Plan(Box<Plan>),
}

/// What each carer who does not make the visit would come to, in the day's order; none if nobody
/// makes it.
pub(crate) fn alternatives(
    day: &Day<'_>,
    solution: &Solution,
    visit: &VisitId,
) -> Vec<Alternative> {
    let Day { instance, problem, .. } = *day;
    let is_it = |id: &JobId| instance.visits[problem.job(*id).visit].id == *visit;
    let Some(job) = problem.job_ids().find(is_it) else { return Vec::new() };
    let crew: Vec<VehicleId> = crew(problem, solution, job);
    let Some(without) = Without::of(problem, solution, job).filter(|_| !crew.is_empty()) else {
        return Vec::new();
    };
    let others = problem.vehicle_ids().filter(|id| !crew.contains(id));
    others.map(|other| alternative(day, &without, (job, &crew), other)).collect()
}

fn alternative(
    day: &Day<'_>,
    without: &Without,
    (job, crew): (JobId, &[VehicleId]),
    other: VehicleId,
) -> Alternative {
    let Day { instance, tables, problem } = *day;
    let name = |id: VehicleId| instance.carers[id.ix()].id.clone();
    let visit = &instance.visits[problem.job(job).visit];
    let told = |outcome| Alternative { carer: name(other), instead_of: None, outcome };
    if let Some(rule) = super::first_rule(instance, tables, visit, &instance.carers[other.ix()]) {
        return told(Outcome::Rule(rule));
    }
    let teams: Vec<(Vec<VehicleId>, Option<VehicleId>)> = match crew {
        [one, two] => vec![(vec![*one, other], Some(*two)), (vec![*two, other], Some(*one))],
        _ => vec![(vec![other], None)],
    };
    let found = teams.into_iter().filter_map(|(team, instead_of)| {
        let solution = without.with(problem, job, &team)?;
        let plan = render(instance, tables, problem, &solution);
        Some((plan, instead_of.map(name)))
    });
    match found.min_by_key(|(plan, _)| plan.score) {
        Some((plan, instead_of)) => {
            Alternative { instead_of, ..told(Outcome::Plan(Box::new(plan))) }
        }
        None => told(Outcome::NoRoom),
    }
}

/// Who makes the job, in the order of its tasks.
fn crew(problem: &Problem, solution: &Solution, job: JobId) -> Vec<VehicleId> {
    let of = |task| {
        let mut routes = problem.vehicle_ids().zip(&solution.routes);
        routes.find(|(_, drive)| drive.tasks.contains(&task)).map(|(id, _)| id)
    };
    problem.job(job).tasks().filter_map(of).collect()
}

/// The plan without the visit, and without what had to follow it.
struct Without {
    solution: Solution,
    followers: Vec<JobId>,
}

impl Without {
    fn of(problem: &Problem, solution: &Solution, job: JobId) -> Option<Without> {
        let mut state = State::try_of(problem, solution)?;
        let mut out = Vec::new();
        let kept = state.remove(&[job], &mut out);
        let followers = out.into_iter().filter(|other| *other != job).collect();
        kept.then(|| Without { solution: state.solution(), followers })
    }

    /// The visit made by this team, and what follows it put back; none where there is no room.
    fn with(&self, problem: &Problem, job: JobId, team: &[VehicleId]) -> Option<Solution> {
        let mut only = problem.clone();
        for task in problem.job(job).tasks() {
            only.able[task.ix()].retain(|id| team.contains(id));
            for id in problem.vehicle_ids().filter(|id| !team.contains(id)) {
                only.fit[task.ix() * problem.vehicles.len() + id.ix()] = NEVER;
            }
        }
        let placed = Asked::about(only, job).fits_in_a_seat(&self.solution)?;
        if self.followers.is_empty() {
            return Some(placed);
        }
        let mut state = State::try_of(problem, &placed)?;
        for follower in &self.followers {
            if state.is_done(*follower) {
                continue;
            }
            let (_, seat) = best_placement(&mut state, *follower, i32::MIN / 4, &mut Blink::Never)?;
            if !state.insert(&seat) {
                return None;
            }
        }
        Some(state.solution())
    }
}
