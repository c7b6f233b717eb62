//! How a plan of a list holds when ways and visits take other times than planned.

use hjemrute_osm::Roads;
use hjemrute_solver::{Instance, Noise, Plan, Policy, Robustness, Said, Stop, simulate};

use crate::error::PlanningError;
use crate::fault::Wrong;
use crate::intake::take_in;
use crate::wire::{self, Limits};

/// Drives the plan in `plan` so many times with drawn times, as a plan of the list in `body`.
///
/// # Errors
/// Everything that is wrong with the list, or else with the form of the plan; and that the plan has
/// visits or carers that the list does not have.
pub fn simulate_plan(
    (body, plan): (&[u8], &[u8]),
    roads: &Roads,
    (limits, policy): (&Limits, &Policy),
    (noise, seed, draws): (Noise, u64, u32),
) -> Result<Robustness, PlanningError> {
    let taken = take_in(wire::read_list(body, limits)?, roads, policy)?;
    let read = wire::read_plan(plan, limits, &taken.instance, &taken.day)?;
    if !is_of(&taken.instance, &read.plan) {
        let detail = Said::new(
            "The plan has visits or carers that are not on the list.",
            "Planen har besøk eller ansatte som ikke står på listen.",
        );
        let fix = Said::new(
            "Give the list that the plan was made for.",
            "Gi den listen som planen er laget for.",
        );
        return Err(
            vec![Wrong::new("unknown-reference", detail, fix).at("/workLists", None)].into()
        );
    }
    Ok(simulate(&taken.instance, &read.plan, noise, seed, draws))
}

/// Whether every carer and visit of the plan is on the list.
fn is_of(instance: &Instance, plan: &Plan) -> bool {
    plan.work_lists.iter().all(|list| {
        let mut visits = list.stops.iter().filter_map(|stop| match stop {
            Stop::Visit(stop) => Some(&stop.visit),
            Stop::Leave { .. } | Stop::Key { .. } | Stop::Break { .. } | Stop::Return { .. } => {
                None
            }
        });
        instance.carers.iter().any(|carer| carer.id == list.carer)
            && visits.all(|id| instance.visits.iter().any(|visit| visit.id == *id))
    })
}
