//! Where a visit costs least. A seat is priced on its own route first; only where that would make a
//! linked visit later is the change made, measured across all routes, and taken back.

use super::offers::{Asked, Offer, Rested};
use super::pairs::{best_pair, pair_of_each};
use super::rng::Rng;
use super::seats::Seats;
use super::state::{Placement, State};
use crate::problem::{FAR, JobId, NEVER, TaskId, VehicleId};
use crate::route::{Comer, Priced, Seat, Timing};

/// What is overlooked, so that the same ruin does not always heal the same way.
#[derive(Debug)]
pub(crate) enum Blink<'r> {
    /// Nothing.
    Never,
    /// One seat in a hundred and twenty-eight.
    Seats(&'r mut Rng),
    /// The same, and nobody is sent out who can stay: finds plans of fewer routes.
    Idle(&'r mut Rng),
    /// A quarter of the carers, for each visit anew: finds what only a detour leads to.
    Carers(&'r mut Rng),
    /// The same, and with the other carers every place of the break is tried.
    CarersMovingBreaks(&'r mut Rng),
}

impl Blink<'_> {
    #[inline]
    pub(super) fn overlooks_seat(&mut self) -> bool {
        match self {
            Blink::Seats(rng) | Blink::Idle(rng) => rng.next() & 127 == 0,
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
            Blink::Never | Blink::Seats(_) | Blink::Idle(_) => false,
        }
    }

    fn overlooks_idle(&self) -> bool {
        matches!(self, Blink::Idle(_))
    }

    /// Whether the best seat of a route is overlooked, and the route with it.
    #[inline]
    fn overlooks_route(&mut self) -> bool {
        self.overlooks_seat()
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
    // Whose offer was the best the last time comes first: a good bar for the others.
    let hint = state.offers.hint(task);
    let stay = blink.overlooks_idle();
    let hint = hint.filter(|vehicle| !stay || state.routes[vehicle.ix()].len() > 0);
    if let Some(vehicle) = hint
        && !blink.overlooks_carer()
    {
        consider(state, job, (vehicle, floor), Rested::Still, blink, &mut best);
    }
    each_open(state, task, |state, vehicle, idle| {
        if Some(vehicle) != hint && !(idle && stay) && !blink.overlooks_carer() {
            consider(state, job, (vehicle, floor), Rested::Still, blink, &mut best);
        }
    });
    if stay && best.is_none() {
        each_open(state, task, |state, vehicle, idle| {
            if idle {
                consider(state, job, (vehicle, floor), Rested::Still, blink, &mut best);
            }
        });
    }
    // Rather than leave it out, breaks are moved for it.
    let no_seat = best.as_ref().is_none_or(|(cost, _)| *cost >= problem.job(job).drop.0);
    if no_seat || blink.moves_breaks() {
        for vehicle in &problem.able[task.ix()] {
            if problem.vehicle(*vehicle).rest.is_some() && state.routes[vehicle.ix()].len() > 0 {
                consider(state, job, (*vehicle, floor), Rested::Moved, blink, &mut best);
            }
        }
    }
    if let Some((_, placement)) = &best {
        state.offers.remember_best(task, placement.first.0);
    }
    best
}

/// Names those who may do the task and have room for what it brings, and whether they stay at home so
/// far.
fn each_open<'p>(
    state: &mut State<'p>,
    task: TaskId,
    mut tell: impl FnMut(&mut State<'p>, VehicleId, bool),
) {
    let (fits, load) = (state.problem.fits(task), state.problem.job_of(task).load);
    let mut next = state.fleet.next(0);
    while let Some(vehicle) = next {
        if load <= state.fleet.room(vehicle) && fits[vehicle.ix()] != NEVER {
            let idle = state.routes[vehicle.ix()].len() == 0;
            tell(state, vehicle, idle);
        }
        next = state.fleet.next(vehicle.0 + 1);
    }
}

/// For each carer who may where the visit costs least, whatever leaving it out would cost; of a
/// double visit the cheapest pair that each carer is one of.
pub(crate) fn placement_of_each(state: &mut State<'_>, job: JobId) -> Vec<(i64, Placement)> {
    if !state.may_follow(job) {
        return Vec::new();
    }
    let problem = state.problem;
    if problem.job(job).is_double() {
        return pair_of_each(state, job);
    }
    let task = TaskId(problem.job(job).tasks.start);
    let on = |vehicle: &VehicleId| {
        let mut best = None;
        let has_break = problem.vehicle(*vehicle).rest.is_some();
        consider(state, job, (*vehicle, -FAR), Rested::Still, &mut Blink::Never, &mut best);
        if has_break && state.routes[vehicle.ix()].len() > 0 {
            consider(state, job, (*vehicle, -FAR), Rested::Moved, &mut Blink::Never, &mut best);
        }
        best
    };
    problem.able[task.ix()].iter().filter_map(on).collect()
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
        let blink = &mut Blink::Never;
        consider(state, job, (vehicle, -FAR), Rested::Still, blink, &mut best);
    }
    best
}

/// Looks at the seats on the route, and remembers the best there is so far. What a route offers a
/// visit that no other ties is asked once and known until the route changes.
fn consider(
    state: &mut State<'_>,
    id: JobId,
    (vehicle, floor): (VehicleId, i32),
    rested: Rested,
    blink: &mut Blink<'_>,
    best: &mut Option<(i64, Placement)>,
) {
    let problem = state.problem;
    let job = problem.job(id);
    let task = TaskId(job.tasks.start);
    let route = &state.routes[vehicle.ix()];
    if job.load > state.fleet.room(vehicle) || !state.may_have(id, vehicle) {
        return;
    }
    let person = i64::from(problem.fit(vehicle, task)) + state.face(vehicle, job);
    // What it must stay below to be of use: the best so far and the price of leaving it out.
    let below = best.as_ref().map_or(job.drop.0, |(least, _)| *least) - person;
    if -route.most_saved(problem, &state.agreed) >= below {
        return;
    }
    let from = Ask { id, vehicle, floor, rested };
    if job.linked {
        return weigh(state, from, person, blink, best);
    }
    if blink.overlooks_route() {
        return;
    }
    let asked = Asked { task, vehicle, stamp: route.stamp, peaks: state.agreed.peaks, rested };
    let known = state.offers.get(asked).filter(|offer| offer.settles(below));
    debug_assert!(known.is_none_or(|known| known.holds(below, offer(state, from, below))));
    let offer = known.unwrap_or_else(|| {
        let offer = offer(state, from, below);
        state.offers.put(problem, asked, offer);
        offer
    });
    if let Some((window, seat)) = offer.seat
        && offer.raise < below
    {
        *best = Some((offer.raise + person, placement(from, window, seat)));
    }
    if offer.doubt < best.as_ref().map_or(job.drop.0, |(least, _)| *least) - person {
        weigh(state, from, person, &mut Blink::Never, best);
    }
}

/// A visit, a route, and what is asked about the two.
#[derive(Clone, Copy)]
struct Ask {
    id: JobId,
    vehicle: VehicleId,
    floor: i32,
    rested: Rested,
}

fn placement(Ask { id, vehicle, floor, .. }: Ask, window: u32, seat: Seat) -> Placement {
    Placement { job: id, window, floor, first: (vehicle, seat), second: None }
}

/// The best seats of the route for a visit that no other ties, if they raise its cost by less.
fn offer(state: &State<'_>, ask: Ask, below: i64) -> Offer {
    let mut offer = Offer::none_below(below);
    let mut blink = Blink::Never;
    each_seat(state, (ask, -FAR), &mut blink, below, |window, seat, raise, priced| {
        if !priced.pushes {
            (offer.raise, offer.seat) = (raise, Some((window, seat)));
            return raise;
        }
        offer.doubt = offer.doubt.min(raise);
        offer.raise
    });
    offer
}

/// Looks at every seat for the visit now, at what it would push on other routes too.
fn weigh(
    state: &mut State<'_>,
    ask: Ask,
    person: i64,
    blink: &mut Blink<'_>,
    best: &mut Option<(i64, Placement)>,
) {
    let job = state.problem.job(ask.id);
    let floor = if job.linked { state.floor(ask.id).max(ask.floor) } else { -FAR };
    let mut below = best.as_ref().map_or(job.drop.0, |(least, _)| *least) - person;
    let mut doubtful = Vec::new();
    each_seat(state, (ask, floor), blink, below, |window, seat, raise, priced| {
        let there = placement(ask, window, seat);
        if priced.pushes || job.linked && state.pushes(ask.id, priced.start) {
            doubtful.push((raise, there));
        } else {
            *best = Some((raise + person, there));
            below = raise;
        }
        below
    });
    // A seat that makes others later is no cheaper over all than on its own route.
    for (raise, there) in doubtful {
        if best.as_ref().is_none_or(|(least, _)| raise + person < *least) {
            measure(state, &there, best);
        }
    }
}

/// Prices every seat of the route that may raise its cost by less than `below`, and tells each that
/// does; the answer is what the others must stay below.
fn each_seat(
    state: &State<'_>,
    (ask, floor): (Ask, i32),
    blink: &mut Blink<'_>,
    mut below: i64,
    mut tell: impl FnMut(u32, Seat, i64, Priced) -> i64,
) {
    let (problem, vehicle) = (state.problem, ask.vehicle);
    let job = problem.job(ask.id);
    let task = TaskId(job.tasks.start);
    let route = &state.routes[vehicle.ix()];
    for window in job.windows() {
        let timing = Timing { window: &problem.windows[window as usize], floor };
        let offered = (task, timing);
        let extra = timing.window.price;
        let mut priced = |below: &mut i64, seat: Seat, priced: Priced| {
            let raise = priced.cost - route.cost + extra;
            if raise < *below {
                *below = tell(window, seat, raise, priced);
            }
        };
        if ask.rested == Rested::Moved && route.goes_for_keys(problem, vehicle, task) {
            // Its break was moved with the stops for keys already.
            continue;
        }
        if ask.rested == Rested::Moved {
            let comer = Comer::new(problem, vehicle, route, (job, timing), &state.agreed);
            for at in route.room_with_break_moved(problem, vehicle, (job, timing), &state.agreed) {
                if comer.least_raise(route.opening(at)) < below
                    && let Some((there, slot)) =
                        route.price_with_break_moved(problem, vehicle, offered, at, &state.agreed)
                {
                    priced(&mut below, Seat { at: at as u32, slot }, there);
                }
            }
            continue;
        }
        let mut seats = Seats::of(problem, vehicle, route, (task, timing), &state.agreed);
        while let Some(seat) = seats.next_below(below - extra) {
            if !blink.overlooks_seat()
                && let Some(there) = route.price(problem, vehicle, offered, seat, &state.agreed)
            {
                priced(&mut below, seat, there);
            }
        }
    }
}

/// Looks at the placement over all routes, and remembers it if it is the best so far.
pub(super) fn measure(
    state: &mut State<'_>,
    placement: &Placement,
    best: &mut Option<(i64, Placement)>,
) {
    let below = best.as_ref().map_or(i64::MAX, |(least, _)| *least);
    if let Some(cost) = state.raise_by(placement, below) {
        *best = Some((cost, *placement));
    }
}
