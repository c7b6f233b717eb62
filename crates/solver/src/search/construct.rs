//! The first plan, by regret insertion (Potvin and Rousseau 1993, doi:10.1016/0377-2217(93)90221-8):
//! in turn the visit that would be hurt most by not getting its best carer, the most critical first.
//! Before that, at once, simply the most critical first, each where it costs least.

use super::budget::Clock;
use super::insertion::{Blink, best_in_route, best_placement};
use super::state::{Placement, State};
use super::worker::complete;
use crate::problem::{FAR, JobId, Problem, VehicleId};
use crate::solution::Solution;

/// Up to how many pairs of a visit and a carer regret is worth the time it takes.
const WEIGHABLE: usize = 250_000;

/// A first solution at once, the most critical visits first, each where it costs least; every visit
/// that fits somewhere is in it.
pub(crate) fn greedy(problem: &Problem) -> Solution {
    complete(problem, State::begun(problem).solution())
}

/// A better first solution, if regret finds one before too much of the budget is used.
pub(crate) fn weighed(problem: &Problem, first: &Solution, clock: &Clock<'_>) -> Solution {
    let weighable = problem.jobs.len() * problem.vehicles.len() <= WEIGHABLE;
    let found = if weighable { build(problem, clock) } else { None };
    found.filter(|found| found.cost <= first.cost).unwrap_or_else(|| first.clone())
}

/// A solution by regret; none if that takes too long.
fn build(problem: &Problem, clock: &Clock<'_>) -> Option<Solution> {
    let mut state = State::begun(problem);
    let (mut tied, free): (Vec<JobId>, Vec<JobId>) =
        state.left_out().into_iter().partition(|job| problem.job(*job).linked);
    // What must come together or in order goes in while there is room, in the order of the day.
    tied.sort_by_key(|job| {
        let job = problem.job(*job);
        (job.after.is_some(), problem.windows[job.windows.start as usize].earliest)
    });
    for job in tied {
        if let Some((_, placement)) = best_placement(&mut state, job, -FAR, &mut Blink::Never) {
            put(&mut state, &placement);
        }
    }
    let mut levels: Vec<i64> = free.iter().map(|job| problem.job(*job).drop.0).collect();
    levels.sort_unstable_by(|a, b| b.cmp(a));
    levels.dedup();
    for level in levels {
        let jobs = free.iter().copied().filter(|job| problem.job(*job).drop.0 == level).collect();
        by_regret(&mut state, jobs, clock)?;
    }
    let halves = state.halves();
    let mark = state.mark();
    if !state.remove(&halves, &mut Vec::new()) {
        state.rollback(mark);
    }
    state.forget();
    Some(state.solution())
}

fn put(state: &mut State<'_>, placement: &Placement) -> bool {
    let mark = state.mark();
    let kept = state.insert(placement);
    if !kept {
        state.rollback(mark);
    }
    kept
}

/// One visit's best seat on one route, and by how much it raises the cost.
type Offer = Option<(i64, Placement)>;

/// Puts the visits in, the one with the largest regret first. Offers are asked for once and asked
/// again only for the routes that have changed.
fn by_regret(state: &mut State<'_>, mut jobs: Vec<JobId>, clock: &Clock<'_>) -> Option<()> {
    let vehicles: Vec<VehicleId> = state.problem.vehicle_ids().collect();
    let mut offers: Vec<Vec<Offer>> = Vec::with_capacity(jobs.len());
    for job in &jobs {
        if clock.has_begun() {
            return None;
        }
        offers.push(vehicles.iter().map(|vehicle| best_in_route(state, *job, *vehicle)).collect());
    }
    while let Some((at, placement)) = most_regretted(&offers) {
        let changed = placement.first.0;
        if put(state, &placement) {
            jobs.swap_remove(at);
            offers.swap_remove(at);
        } else {
            offers[at][changed.ix()] = None;
            continue;
        }
        if clock.has_begun() {
            return None;
        }
        for (job, offers) in jobs.iter().zip(&mut offers) {
            offers[changed.ix()] = best_in_route(state, *job, changed);
        }
    }
    Some(())
}

/// Whose second best offer lies furthest behind the best; a visit with only one offer goes first.
fn most_regretted(offers: &[Vec<Offer>]) -> Option<(usize, Placement)> {
    let regrets = offers.iter().enumerate().filter_map(|(at, offers)| {
        let mut best: Offer = None;
        let mut second = i64::MAX / 2;
        for (cost, placement) in offers.iter().flatten() {
            match &best {
                Some((least, _)) if cost >= least => second = second.min(*cost),
                _ => {
                    second = best.map_or(second, |(least, _)| least);
                    best = Some((*cost, *placement));
                }
            }
        }
        best.map(|(least, placement)| (second - least, std::cmp::Reverse(at), placement))
    });
    let most = regrets.max_by_key(|(regret, at, _)| (*regret, *at));
    most.map(|(_, at, placement)| (at.0, placement))
}
