//! Where a visit costs least. A seat is priced on its own route first; only where that would make a
//! linked visit later is the change made, measured across all routes, and taken back.

use super::pairs::best_pair;
use super::rng::Rng;
use super::seats::Seats;
use super::state::{Placement, State};
use crate::problem::{FAR, JobId, NEVER, TaskId, VehicleId};
use crate::route::{Seat, Timing};

/// What is overlooked, so that the same ruin does not always heal the same way.
#[derive(Debug)]
pub(crate) enum Blink<'r> {
    /// Nothing.
    Never,
    /// One seat in a hundred and twenty-eight.
    Seats(&'r mut Rng),
    /// A quarter of the carers, for each visit anew: finds what only a detour leads to.
    Carers(&'r mut Rng),
    /// The same, and with the other carers every place of the break is tried.
    CarersMovingBreaks(&'r mut Rng),
}

impl Blink<'_> {
    #[inline]
    pub(super) fn overlooks_seat(&mut self) -> bool {
        match self {
            Blink::Seats(rng) => rng.next() & 127 == 0,
            _ => false,
        }
    }

    pub(super) fn moves_breaks(&self) -> bool {
        matches!(self, Blink::CarersMovingBreaks(_))
    }

    #[inline]
    pub(super) fn overlooks_carer(&mut self) -> bool {
        match self {
            Blink::Carers(rng) | Blink::CarersMovingBreaks(rng) => rng.next() & 3 == 0,
            Blink::Never | Blink::Seats(_) => false,
        }
    }
}

/// Where the visit costs least, starting no earlier than `floor`, and what it costs.
pub(crate) fn best_placement(
    state: &mut State<'_>,
    job: JobId,
    floor: i32,
    blink: &mut Blink<'_>,
) -> Option<(i64, Placement)> {
    if !state.may_follow(job) {
        return None;
    }
    if state.problem.job(job).is_double() {
        return best_pair(state, job, floor, blink);
    }
    let problem = state.problem;
    let task = TaskId(problem.job(job).tasks.start);
    let mut best = None;
    for vehicle in &problem.able[task.ix()] {
        if !blink.overlooks_carer() {
            consider(state, job, (*vehicle, floor), blink, &mut best);
        }
    }
    // Rather than leave it out, breaks are moved for it.
    let no_seat = best.as_ref().is_none_or(|(cost, _)| *cost >= problem.job(job).drop.0);
    if no_seat || blink.moves_breaks() {
        for vehicle in &problem.able[task.ix()] {
            consider_moving_break(state, job, (*vehicle, floor), &mut best);
        }
    }
    best
}

/// Looks at every stop of the route for the visit, with the break wherever it is then best.
fn consider_moving_break(
    state: &mut State<'_>,
    id: JobId,
    (vehicle, floor): (VehicleId, i32),
    best: &mut Option<(i64, Placement)>,
) {
    let problem = state.problem;
    let job = problem.job(id);
    let task = TaskId(job.tasks.start);
    let route = &state.routes[vehicle.ix()];
    let (carer, empty) = (problem.vehicle(vehicle), route.len() == 0);
    let may_have = route.can_carry(carer, job) && state.may_have(id, vehicle);
    if carer.rest.is_none() || empty || !may_have {
        return;
    }
    let person = i64::from(problem.fit(vehicle, task)) + state.face(vehicle, job);
    let floor = if job.linked { state.floor(id).max(floor) } else { -FAR };
    let mut doubtful = Vec::new();
    for window in job.windows() {
        let timing = Timing { window: &problem.windows[window as usize], floor };
        for at in 0..=route.len() {
            if person + route.least_raise(problem, vehicle, job.place, at) >= job.drop.0 {
                continue;
            }
            let moved =
                route.price_with_break_moved(problem, vehicle, (task, timing), at, &state.agreed);
            let Some((cost, slot)) = moved else { continue };
            let raise = cost - route.cost + person;
            if best.as_ref().is_some_and(|(least, _)| raise >= *least) {
                continue;
            }
            let seat = Seat { at: at as u32, slot };
            let placement =
                Placement { job: id, window, floor, first: (vehicle, seat), second: None };
            if job.linked {
                doubtful.push(placement);
            } else {
                *best = Some((raise, placement));
            }
        }
    }
    for placement in doubtful {
        measure(state, &placement, best);
    }
}

/// Where on this route the visit, of one carer, costs least.
pub(crate) fn best_in_route(
    state: &mut State<'_>,
    job: JobId,
    vehicle: VehicleId,
) -> Option<(i64, Placement)> {
    let task = TaskId(state.problem.job(job).tasks.start);
    let mut best = None;
    if state.problem.fit(vehicle, task) != NEVER {
        consider(state, job, (vehicle, -FAR), &mut Blink::Never, &mut best);
    }
    best
}

/// Looks at every seat on the route, and remembers the best there is so far.
fn consider(
    state: &mut State<'_>,
    id: JobId,
    (vehicle, floor): (VehicleId, i32),
    blink: &mut Blink<'_>,
    best: &mut Option<(i64, Placement)>,
) {
    let problem = state.problem;
    let job = problem.job(id);
    let task = TaskId(job.tasks.start);
    let person = i64::from(problem.fit(vehicle, task)) + state.face(vehicle, job);
    let route = &state.routes[vehicle.ix()];
    if !route.can_carry(problem.vehicle(vehicle), job) || !state.may_have(id, vehicle) {
        return;
    }
    let waiting = route.waiting_cost(problem);
    if best.as_ref().is_some_and(|(least, _)| person - waiting >= *least) {
        return;
    }
    let floor = if job.linked { state.floor(id).max(floor) } else { -FAR };
    for window in job.windows() {
        let timing = Timing { window: &problem.windows[window as usize], floor };
        let route = &state.routes[vehicle.ix()];
        let seats = Seats::of(problem, vehicle, route, job, timing);
        let mut doubtful = Vec::new();
        for seat in seats {
            let below = best.as_ref().map_or(i64::MAX, |(cost, _)| *cost);
            if person + route.least_raise(problem, vehicle, job.place, seat.at as usize) >= below
                || blink.overlooks_seat()
            {
                continue;
            }
            let Some(priced) = route.price(problem, vehicle, (task, timing), seat, &state.agreed)
            else {
                continue;
            };
            let cost = priced.cost - route.cost + person;
            if cost >= below {
                continue;
            }
            let placement =
                Placement { job: id, window, floor, first: (vehicle, seat), second: None };
            if priced.pushes || job.linked && state.pushes(id, priced.start) {
                doubtful.push(placement);
            } else {
                *best = Some((cost, placement));
            }
        }
        for placement in doubtful {
            measure(state, &placement, best);
        }
    }
}

/// Makes the change, takes it back, and remembers it if it was the best so far.
pub(super) fn measure(
    state: &mut State<'_>,
    placement: &Placement,
    best: &mut Option<(i64, Placement)>,
) {
    let before = state.cost() - state.problem.job(placement.job).drop.0;
    let mark = state.mark();
    let kept = state.insert(placement);
    let cost = state.cost() - before;
    state.rollback(mark);
    if kept && best.as_ref().is_none_or(|(least, _)| cost < *least) {
        *best = Some((cost, *placement));
    }
}
