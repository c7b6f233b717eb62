//! A plan that says only who does what in which order is driven: times and breaks are filled in as
//! well as they can be, and whatever rule the order cannot keep is told by `verify`. An order that
//! keeps every rule is timed as the search would time it; any other in a day without limits.

mod loose;
mod order;
mod transfer;

use std::collections::BTreeSet;

use hjemrute_travel::Tables;

pub(crate) use order::Ordered;
pub use transfer::transferred;

use crate::plan::{Instance, Plan, Roster, Said, Status, VisitId};
use crate::problem::{Problem, TaskId, VehicleId};
use crate::readback::{Names, seated};
use crate::render::render;
use crate::solution::Solution;
use crate::verify::{Breach, verify};

/// A plan made by hand, with its times.
#[derive(Clone, Debug)]
pub struct Driven {
    /// The plan, its score as `verify` has it.
    pub plan: Plan,
    /// Every rule that it breaks.
    pub breaches: Vec<Breach>,
    /// The same in numbers, where it breaks none.
    pub solution: Option<Solution>,
}

/// Drives the roster. What of it is as in `near`, a plan of the same day, keeps its breaks.
pub fn drive(
    instance: &Instance,
    tables: &Tables,
    problem: &Problem,
    roster: &Roster,
    near: Option<&Solution>,
) -> Driven {
    let day = Day { instance, tables, problem };
    let Hand { lists, mut breaches } = Hand::of(&day, roster);
    let ordered = Ordered::of(problem);
    let routes = day.tasks(&lists, near);
    let solution = routes.and_then(|routes| ordered.drive(&routes, near));
    let (mut plan, solution) = match solution {
        Some(solution) => (render(instance, tables, problem, &solution), Some(solution)),
        None => {
            let (plan, told) = loose::plan(&day, &lists, near);
            breaches.extend(told);
            (plan, None)
        }
    };
    plan.score = verify(instance, tables, &plan).score;
    breaches.extend(verify(instance, tables, &plan).breaches);
    let solution = solution.filter(|_| breaches.is_empty());
    Driven { plan, breaches, solution }
}

/// A day, in names and in numbers.
#[derive(Clone, Copy)]
pub(crate) struct Day<'a> {
    pub(crate) instance: &'a Instance,
    pub(crate) tables: &'a Tables,
    pub(crate) problem: &'a Problem,
}

impl Day<'_> {
    /// The lists as routes, if every visit has its whole crew, of people who may come. Of two, each
    /// has the part that they have in `near`.
    fn tasks(&self, lists: &[Vec<usize>], near: Option<&Solution>) -> Option<Vec<Vec<TaskId>>> {
        let Day { instance, problem, .. } = *self;
        let mut crews: Vec<Vec<VehicleId>> = vec![Vec::new(); instance.visits.len()];
        for (id, visits) in problem.vehicle_ids().zip(lists) {
            visits.iter().for_each(|visit| crews[*visit].push(id));
        }
        let mut jobs = vec![None; instance.visits.len()];
        problem.job_ids().for_each(|id| jobs[problem.job(id).visit] = Some(id));
        let mut seat = vec![Vec::new(); instance.visits.len()];
        for (visit, crew) in crews.iter().enumerate().filter(|(_, crew)| !crew.is_empty()) {
            seat[visit] = seated(problem, jobs[visit]?, crew);
            let as_near = seat[visit].iter().map(|((job, id), _)| {
                let tasks = &near?.routes[id.ix()].tasks;
                let own = tasks.iter().find(|task| problem.tasks[task.ix()].job == *job)?;
                Some(((*job, *id), *own))
            });
            if let Some(as_near) = as_near.collect() {
                seat[visit] = as_near;
            }
            if seat[visit].is_empty() {
                return None;
            }
        }
        let route = |(id, visits): (VehicleId, &Vec<usize>)| -> Vec<TaskId> {
            let own = |visit: &usize| seat[*visit].iter().find(|((_, of), _)| *of == id);
            visits.iter().filter_map(own).map(|(_, task)| *task).collect()
        };
        let routes: Vec<Vec<TaskId>> = problem.vehicle_ids().zip(lists).map(route).collect();
        order::all_may(problem, &routes).then_some(routes)
    }
}

/// What a roster says, in the rows of the day: for each carer the visits.
struct Hand {
    lists: Vec<Vec<usize>>,
    /// What the day does not know.
    breaches: Vec<Breach>,
}

impl Hand {
    fn of(day: &Day<'_>, roster: &Roster) -> Hand {
        let names = Names::of(day.instance, day.problem);
        let mut hand =
            Hand { lists: vec![Vec::new(); day.instance.carers.len()], breaches: Vec::new() };
        let mut seen = BTreeSet::new();
        for (carer, visits) in &roster.lists {
            let about = |rule, visit: Option<&VisitId>, detail| {
                let (visit, carer) = (visit.cloned(), Some(carer.clone()));
                Breach { rule, visit, carer, detail }
            };
            if !seen.insert(carer) {
                let said =
                    Said::new("the carer has two work lists", "den ansatte har to arbeidslister");
                hand.breaches.push(about("list-twice", None, said));
            }
            let Some(vehicle) = names.vehicles.get(carer) else {
                let said =
                    Said::new("there is no such carer at work", "denne ansatte er ikke på jobb");
                hand.breaches.push(about("carer-unknown", None, said));
                continue;
            };
            for visit in visits {
                match names.row(visit) {
                    Some(row) => hand.lists[vehicle.ix()].push(row),
                    None => {
                        let said = Said::new(
                            "there is no such visit on the list",
                            "dette besøket står ikke på lista",
                        );
                        hand.breaches.push(about("visit-unknown", Some(visit), said));
                    }
                }
            }
        }
        hand
    }
}

/// Whether the visit is to be done at all.
fn is_planned(instance: &Instance, visit: usize) -> bool {
    instance.visits[visit].status == Status::Planned
}

#[cfg(test)]
mod tests;
