//! Where a double visit costs least: two seats on two routes, at the same second.

use super::insertion::{Blink, measure};
use super::seats::Seats;
use super::state::{Placement, State};
use crate::problem::{JobId, Problem, TaskId, VehicleId};
use crate::route::{Agreed, Priced, Route, Seat, Timing};

/// How many leading seats of a double visit are tried with the best second carer for each.
const LEADS: usize = 4;

/// One carer's seat for a double visit, priced on its own route.
#[derive(Clone, Copy)]
struct Lead {
    raise: i64,
    start: i32,
    window: u32,
    vehicle: VehicleId,
    seat: Seat,
}

/// The best two seats of a double visit: the best few for the first carer, and for each the best
/// for the second, who must be there at the same second.
pub(super) fn best_pair(
    state: &mut State<'_>,
    id: JobId,
    floor: i32,
    blink: &mut Blink<'_>,
) -> Option<(i64, Placement)> {
    let problem = state.problem;
    let job = problem.job(id);
    let (one, two) = (TaskId(job.tasks.start), TaskId(job.tasks.start + 1));
    // The carer who is harder to find leads.
    let swapped = problem.able[two.ix()].len() < problem.able[one.ix()].len();
    let (leader, follower) = if swapped { (two, one) } else { (one, two) };
    let floor = state.floor(id).max(floor);
    let tasks = (leader, follower);
    let leads = leads(state, (id, floor), leader, blink);
    let mut best: Option<(i64, Placement)> = None;
    for lead in leads.into_iter().take(LEADS) {
        second_carer(state, (id, floor), (tasks, lead), blink, &mut best);
    }
    best
}

/// For each carer who might be one of the two the best seats with a second one, cheapest lead first.
pub(super) fn pair_of_each(state: &mut State<'_>, id: JobId) -> Vec<(i64, Placement)> {
    let (problem, blink) = (state.problem, &mut Blink::Never);
    let job = problem.job(id);
    let (leader, follower) = (TaskId(job.tasks.start), TaskId(job.tasks.start + 1));
    let floor = state.floor(id);
    let leads = leads(state, (id, floor), leader, blink);
    let pair = |lead| {
        let mut best = None;
        second_carer(state, (id, floor), ((leader, follower), lead), blink, &mut best);
        best
    };
    leads.into_iter().filter_map(pair).collect()
}

/// Each carer's best seat for the first task, cheapest first.
fn leads(
    state: &State<'_>,
    (id, floor): (JobId, i32),
    leader: TaskId,
    blink: &mut Blink<'_>,
) -> Vec<Lead> {
    let mut leads = Vec::new();
    for vehicle in &state.problem.able[leader.ix()] {
        if !blink.overlooks_carer() {
            leads.extend(best_lead(state, id, leader, *vehicle, floor, blink));
        }
    }
    leads.sort_by_key(|lead| (lead.raise, lead.vehicle));
    leads
}

/// The best second carer for a first.
fn second_carer(
    state: &mut State<'_>,
    (id, floor): (JobId, i32),
    (tasks, lead): ((TaskId, TaskId), Lead),
    blink: &mut Blink<'_>,
    best: &mut Option<(i64, Placement)>,
) {
    let problem = state.problem;
    let job = problem.job(id);
    for vehicle in &problem.able[tasks.1.ix()] {
        let may_have = job.load <= state.fleet.room(*vehicle) && state.may_have(id, *vehicle);
        if *vehicle == lead.vehicle || !may_have || blink.overlooks_carer() {
            continue;
        }
        let who = (tasks, lead, *vehicle);
        second_seat(state, (id, floor), who, blink, best);
        if blink.moves_breaks() {
            second_seat_moving_break(state, (id, floor), who, best);
        }
    }
}

fn best_lead(
    state: &State<'_>,
    id: JobId,
    task: TaskId,
    vehicle: VehicleId,
    floor: i32,
    blink: &mut Blink<'_>,
) -> Option<Lead> {
    let problem = state.problem;
    let job = problem.job(id);
    let route = &state.routes[vehicle.ix()];
    if job.load > state.fleet.room(vehicle) || !state.may_have(id, vehicle) {
        return None;
    }
    let person = i64::from(problem.fit(vehicle, task)) + state.face(vehicle, job);
    let mut best: Option<Lead> = None;
    for window in job.windows() {
        let timing = Timing { window: &problem.windows[window as usize], floor };
        let mut seats = Seats::of(problem, vehicle, route, (task, timing), &state.agreed);
        let below = |best: Option<Lead>| best.map_or(i64::MAX, |best| best.raise - person);
        while let Some(seat) = seats.next_below(below(best)) {
            if blink.overlooks_seat() {
                continue;
            }
            let Some(priced) = route.price(problem, vehicle, (task, timing), seat, &state.agreed)
            else {
                continue;
            };
            let raise = priced.cost - route.cost + person + timing.window.price;
            if best.is_none_or(|best| raise < best.raise) {
                best = Some(Lead { raise, start: priced.start, window, vehicle, seat });
            }
        }
    }
    best
}

/// The first and the second task of the visit, the first carer's seat, and the second carer.
type Second = ((TaskId, TaskId), Lead, VehicleId);

/// Looks at every stop of the second carer's route, with that carer's break wherever it is then best.
fn second_seat_moving_break(
    state: &mut State<'_>,
    (id, floor): (JobId, i32),
    ((leader, follower), lead, vehicle): Second,
    best: &mut Option<(i64, Placement)>,
) {
    let problem = state.problem;
    let job = problem.job(id);
    let route = &state.routes[vehicle.ix()];
    if route.goes_for_keys(problem, vehicle, follower) {
        return;
    }
    let person = i64::from(problem.fit(vehicle, follower)) + state.face(vehicle, job);
    let timing = Timing { window: &problem.windows[lead.window as usize], floor: lead.start };
    let offers = (0..=route.len()).filter_map(|at| {
        let offer = (follower, timing);
        let (priced, slot) =
            route.price_with_break_moved(problem, vehicle, offer, at, &state.agreed)?;
        Some((lead.raise + priced.cost - route.cost + person, Seat { at: at as u32, slot }))
    });
    let below = best.as_ref().map_or(i64::MAX, |(cost, _)| *cost);
    let Some((cost, seat)) = offers.min_by_key(|(cost, seat)| (*cost, seat.at)) else { return };
    if cost < below {
        let (mine, theirs) = ((lead.vehicle, lead.seat), (vehicle, seat));
        let (first, second) = if leader < follower { (mine, theirs) } else { (theirs, mine) };
        let window = lead.window;
        measure(state, &Placement { job: id, window, floor, first, second: Some(second) }, best);
    }
}

/// Looks at every seat of the second carer on one route, given the first's.
fn second_seat(
    state: &mut State<'_>,
    (id, floor): (JobId, i32),
    ((leader, follower), lead, vehicle): Second,
    blink: &mut Blink<'_>,
    best: &mut Option<(i64, Placement)>,
) {
    let problem = state.problem;
    let job = problem.job(id);
    let person = i64::from(problem.fit(vehicle, follower)) + state.face(vehicle, job);
    let timing = Timing { window: &problem.windows[lead.window as usize], floor: lead.start };
    let mut doubtful = Vec::new();
    let route = &state.routes[vehicle.ix()];
    // What the first carer's route comes to is no less when the visit is later, but for waiting.
    let led = lead.raise + person - state.routes[lead.vehicle.ix()].waiting_cost(problem);
    let mut seats = Seats::of(problem, vehicle, route, (follower, timing), &state.agreed);
    loop {
        let below = best.as_ref().map_or(i64::MAX, |(cost, _)| *cost);
        let Some(seat) = seats.next_below(below.saturating_sub(led)) else { break };
        if blink.overlooks_seat() {
            continue;
        }
        let Some(priced) = route.price(problem, vehicle, (follower, timing), seat, &state.agreed)
        else {
            continue;
        };
        let mut cost = lead.raise + priced.cost - route.cost + person;
        let mut pushes = priced.pushes || state.pushes(id, priced.start);
        if cost >= below {
            continue;
        }
        // The first carer waits for the second, so that route is priced again with the later start.
        let first = &state.routes[lead.vehicle.ix()];
        let held = Timing { floor: priced.start, ..timing };
        let Some((lead_seat, again)) = hold(problem, first, lead, (leader, held), &state.agreed)
        else {
            continue;
        };
        pushes |= again.pushes;
        let first_person =
            i64::from(problem.fit(lead.vehicle, leader)) + state.face(lead.vehicle, job);
        cost += again.cost - first.cost + first_person + timing.window.price - lead.raise;
        if cost >= below {
            continue;
        }
        let (mine, theirs) = ((lead.vehicle, lead_seat), (vehicle, seat));
        let (first, second) = if leader < follower { (mine, theirs) } else { (theirs, mine) };
        let placement =
            Placement { job: id, window: lead.window, floor, first, second: Some(second) };
        if pushes {
            doubtful.push(placement);
        } else {
            *best = Some((cost, placement));
        }
    }
    for placement in doubtful {
        measure(state, &placement, best);
    }
}

/// The first carer's seat when the visit starts no earlier than the second carer can: the same, or
/// where that will not do, the best other.
fn hold(
    problem: &Problem,
    route: &Route,
    lead: Lead,
    (task, timing): (TaskId, Timing<'_>),
    agreed: &Agreed,
) -> Option<(Seat, Priced)> {
    let price =
        |seat| Some((seat, route.price(problem, lead.vehicle, (task, timing), seat, agreed)?));
    price(lead.seat).or_else(|| {
        let seats = Seats::of(problem, lead.vehicle, route, (task, timing), agreed);
        seats.filter_map(price).min_by_key(|(_, priced)| priced.cost)
    })
}
