//! Puts visits into routes where they cost least. A seat is priced on its own route first; only
//! where that would make a linked visit later is the change made, measured across all routes, and
//! taken back.

use super::rng::Rng;
use super::state::{Placement, State};
use crate::problem::{FAR, Job, JobId, Problem, TaskId, VehicleId};
use crate::route::{Agreed, Priced, Route, Seat, Slot, Timing};

/// How many leading seats of a double visit are tried with the best second carer for each.
const LEADS: usize = 4;

/// What is overlooked, so that the same ruin does not always heal the same way.
#[derive(Debug)]
pub(crate) enum Blink<'r> {
    /// Nothing.
    Never,
    /// One seat in a hundred and twenty-eight.
    Seats(&'r mut Rng),
    /// A quarter of the carers, for each visit anew: finds what only a detour leads to.
    Carers(&'r mut Rng),
}

impl Blink<'_> {
    #[inline]
    fn overlooks_seat(&mut self) -> bool {
        match self {
            Blink::Seats(rng) => rng.next() & 127 == 0,
            Blink::Never | Blink::Carers(_) => false,
        }
    }

    #[inline]
    fn overlooks_carer(&mut self) -> bool {
        match self {
            Blink::Carers(rng) => rng.next() & 3 == 0,
            Blink::Never | Blink::Seats(_) => false,
        }
    }
}

/// Puts back what was taken out, in one of several orders.
#[derive(Debug)]
pub(crate) struct Recreate {
    /// By job: how far into the night it is from the nearest base and how wide its choice is; the
    /// keys of the orders.
    keys: Vec<Keys>,
    rough: i64,
}

/// What a job is sorted by.
#[derive(Clone, Copy, Debug)]
struct Keys {
    drop: i64,
    earliest: i32,
    /// Carers who may, times how long it may start.
    choice: i64,
    /// The shortest ride there from where a carer starts, in seconds.
    far: i32,
    double: bool,
}

impl Recreate {
    pub(crate) fn new(problem: &Problem) -> Recreate {
        let keys: Vec<Keys> = problem.jobs.iter().map(|job| Keys::of(problem, job)).collect();
        let rough = problem.jobs.iter().map(|job| job.drop.0).min().unwrap_or(1);
        Recreate { keys, rough }
    }

    /// The least that leaving a visit out costs.
    pub(crate) fn rough(&self) -> i64 {
        self.rough
    }

    /// Puts back as many of the visits as have a seat that is worth it, and leaves the others in
    /// `out`. `false` when a hard end could not be kept after all.
    pub(crate) fn put_back(
        &mut self,
        state: &mut State<'_>,
        out: &mut Vec<JobId>,
        rng: &mut Rng,
    ) -> bool {
        self.order(out, rng);
        let mut blink = if rng.once_in(8) { Blink::Carers(rng) } else { Blink::Seats(rng) };
        self.put(state, out, &mut blink)
    }

    /// The same, the most critical first and overlooking nothing.
    pub(crate) fn put_back_exactly(
        &mut self,
        state: &mut State<'_>,
        out: &mut Vec<JobId>,
        _rng: &mut Rng,
    ) -> bool {
        out.sort_by_key(|job| (-self.keys[job.ix()].drop, *job));
        self.put(state, out, &mut Blink::Never)
    }

    fn put(&self, state: &mut State<'_>, out: &mut Vec<JobId>, blink: &mut Blink<'_>) -> bool {
        // What follows another visit has its turn after it.
        let mut waiting: Vec<JobId> = Vec::new();
        let mut left: Vec<JobId> = Vec::new();
        for job in out.drain(..) {
            if !state.may_follow(job) {
                waiting.push(job);
            } else if !put_one(state, job, blink) {
                left.push(job);
            }
        }
        loop {
            let before = waiting.len();
            let mut still = Vec::new();
            for job in waiting.drain(..) {
                if !state.may_follow(job) {
                    still.push(job);
                } else if !put_one(state, job, blink) {
                    left.push(job);
                }
            }
            waiting = still;
            if waiting.len() == before {
                break;
            }
        }
        *out = left;
        out.append(&mut waiting);
        true
    }

    /// One of the orders, drawn.
    fn order(&self, out: &mut [JobId], rng: &mut Rng) {
        rng.shuffle(out);
        let key = |job: &JobId| self.keys[job.ix()];
        match rng.below(16) {
            0..4 => {}
            4..7 => out.sort_by_key(|job| -key(job).drop),
            7..10 => out.sort_by_key(|job| key(job).choice),
            10..12 => out.sort_by_key(|job| key(job).earliest),
            12..14 => out.sort_by_key(|job| -key(job).far),
            14 => out.sort_by_key(|job| key(job).far),
            _ => out.sort_by_key(|job| (!key(job).double, key(job).choice)),
        }
    }
}

impl Keys {
    fn of(problem: &Problem, job: &Job) -> Keys {
        let windows = &problem.windows[job.windows.start as usize..job.windows.end as usize];
        let width: i64 =
            windows.iter().map(|w| i64::from(w.latest.min(FAR) - w.earliest.max(0)) + 600).sum();
        let able: usize = job.tasks().map(|task| problem.able[task.ix()].len()).sum();
        let rides = problem.vehicle_ids().map(|vehicle| {
            problem.ways(vehicle).at(problem.vehicle(vehicle).start, job.place).ride
        });
        Keys {
            drop: job.drop.0,
            earliest: windows.first().map_or(0, |window| window.earliest),
            choice: able as i64 * width,
            far: rides.min().unwrap_or(0),
            double: job.is_double(),
        }
    }
}

fn put_one(state: &mut State<'_>, job: JobId, blink: &mut Blink<'_>) -> bool {
    let Some((cost, placement)) = best_placement(state, job, blink) else { return false };
    if cost >= state.problem.job(job).drop.0 {
        return false;
    }
    let mark = state.mark();
    let kept = state.insert(&placement);
    if !kept {
        state.rollback(mark);
    }
    kept
}

/// Where the visit costs least, and what it costs.
pub(crate) fn best_placement(
    state: &mut State<'_>,
    job: JobId,
    blink: &mut Blink<'_>,
) -> Option<(i64, Placement)> {
    if !state.may_follow(job) {
        return None;
    }
    if state.problem.job(job).is_double() {
        return best_pair(state, job, blink);
    }
    let problem = state.problem;
    let task = TaskId(problem.job(job).tasks.start);
    let mut best = None;
    for vehicle in &problem.able[task.ix()] {
        if !blink.overlooks_carer() {
            consider(state, job, *vehicle, blink, &mut best);
        }
    }
    // Rather than leave it out, breaks are moved for it.
    if best.as_ref().is_none_or(|(cost, _)| *cost >= problem.job(job).drop.0) {
        for vehicle in &problem.able[task.ix()] {
            consider_moving_break(state, job, *vehicle, &mut best);
        }
    }
    best
}

/// Looks at every stop of the route for the visit, with the break wherever it is then best.
fn consider_moving_break(
    state: &mut State<'_>,
    id: JobId,
    vehicle: VehicleId,
    best: &mut Option<(i64, Placement)>,
) {
    let problem = state.problem;
    let job = problem.job(id);
    let task = TaskId(job.tasks.start);
    let route = &state.routes[vehicle.ix()];
    if problem.vehicle(vehicle).rest.is_none() || route.len() == 0 {
        return;
    }
    let person = i64::from(problem.fit(vehicle, task)) + state.face(vehicle, job);
    let floor = if job.linked { state.floor(id) } else { -FAR };
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
            let placement = Placement { job: id, window, first: (vehicle, seat), second: None };
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
    if state.problem.able[task.ix()].binary_search(&vehicle).is_ok() {
        consider(state, job, vehicle, &mut Blink::Never, &mut best);
    }
    best
}

/// Looks at every seat on the route, and remembers the best there is so far.
fn consider(
    state: &mut State<'_>,
    id: JobId,
    vehicle: VehicleId,
    blink: &mut Blink<'_>,
    best: &mut Option<(i64, Placement)>,
) {
    let problem = state.problem;
    let job = problem.job(id);
    let task = TaskId(job.tasks.start);
    let person = i64::from(problem.fit(vehicle, task)) + state.face(vehicle, job);
    let floor = if job.linked { state.floor(id) } else { -FAR };
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
            let placement = Placement { job: id, window, first: (vehicle, seat), second: None };
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
fn measure(state: &mut State<'_>, placement: &Placement, best: &mut Option<(i64, Placement)>) {
    let before = state.cost() - state.problem.job(placement.job).drop.0;
    let mark = state.mark();
    let kept = state.insert(placement);
    let cost = state.cost() - before;
    state.rollback(mark);
    if kept && best.as_ref().is_none_or(|(least, _)| cost < *least) {
        *best = Some((cost, *placement));
    }
}

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
fn best_pair(state: &mut State<'_>, id: JobId, blink: &mut Blink<'_>) -> Option<(i64, Placement)> {
    let problem = state.problem;
    let job = problem.job(id);
    let (one, two) = (TaskId(job.tasks.start), TaskId(job.tasks.start + 1));
    // The carer who is harder to find leads.
    let swapped = problem.able[two.ix()].len() < problem.able[one.ix()].len();
    let (leader, follower) = if swapped { (two, one) } else { (one, two) };
    let floor = state.floor(id);
    let mut leads = Vec::new();
    for vehicle in &problem.able[leader.ix()] {
        if blink.overlooks_carer() {
            continue;
        }
        leads.extend(best_lead(state, id, leader, *vehicle, floor, blink));
    }
    leads.sort_by_key(|lead| (lead.raise, lead.vehicle));
    leads.truncate(LEADS);
    let mut best: Option<(i64, Placement)> = None;
    for lead in leads {
        for vehicle in &problem.able[follower.ix()] {
            if *vehicle != lead.vehicle && !blink.overlooks_carer() {
                second_seat(state, id, (leader, follower), lead, *vehicle, blink, &mut best);
            }
        }
    }
    best
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
    let person = i64::from(problem.fit(vehicle, task)) + state.face(vehicle, job);
    let mut best: Option<Lead> = None;
    for window in job.windows() {
        let timing = Timing { window: &problem.windows[window as usize], floor };
        for seat in Seats::of(problem, vehicle, route, job, timing) {
            if blink.overlooks_seat() {
                continue;
            }
            let Some(priced) = route.price(problem, vehicle, (task, timing), seat, &state.agreed)
            else {
                continue;
            };
            let raise = priced.cost - route.cost + person;
            if best.is_none_or(|best| raise < best.raise) {
                best = Some(Lead { raise, start: priced.start, window, vehicle, seat });
            }
        }
    }
    best
}

/// Looks at every seat of the second carer on one route, given the first's.
fn second_seat(
    state: &mut State<'_>,
    id: JobId,
    (leader, follower): (TaskId, TaskId),
    lead: Lead,
    vehicle: VehicleId,
    blink: &mut Blink<'_>,
    best: &mut Option<(i64, Placement)>,
) {
    let problem = state.problem;
    let job = problem.job(id);
    let person = i64::from(problem.fit(vehicle, follower)) + state.face(vehicle, job);
    let timing = Timing { window: &problem.windows[lead.window as usize], floor: lead.start };
    let mut doubtful = Vec::new();
    let route = &state.routes[vehicle.ix()];
    for seat in Seats::of(problem, vehicle, route, job, timing) {
        let below = best.as_ref().map_or(i64::MAX, |(cost, _)| *cost);
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
        let Some((lead_seat, again)) =
            hold(problem, first, lead, job, (leader, held), &state.agreed)
        else {
            continue;
        };
        pushes |= again.pushes;
        let first_person =
            i64::from(problem.fit(lead.vehicle, leader)) + state.face(lead.vehicle, job);
        cost += again.cost - first.cost + first_person - lead.raise;
        if cost >= below {
            continue;
        }
        let (mine, theirs) = ((lead.vehicle, lead_seat), (vehicle, seat));
        let (first, second) = if leader < follower { (mine, theirs) } else { (theirs, mine) };
        let placement = Placement { job: id, window: lead.window, first, second: Some(second) };
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
    job: &Job,
    (task, timing): (TaskId, Timing<'_>),
    agreed: &Agreed,
) -> Option<(Seat, Priced)> {
    let price =
        |seat| Some((seat, route.price(problem, lead.vehicle, (task, timing), seat, agreed)?));
    price(lead.seat).or_else(|| {
        let seats = Seats::of(problem, lead.vehicle, route, job, timing);
        seats.filter_map(price).min_by_key(|(_, priced)| priced.cost)
    })
}

/// The seats of a route in which the job can start within its window, as far as its neighbours'
/// times tell.
struct Seats<'a> {
    route: &'a Route,
    has_break: bool,
    /// The job must be over by its successor's latest start.
    over: i32,
    until: i32,
    at: usize,
    /// Which of the places of the break relative to the seat comes next.
    variant: u8,
}

impl<'a> Seats<'a> {
    fn of(
        problem: &Problem,
        vehicle: VehicleId,
        route: &'a Route,
        job: &Job,
        timing: Timing<'_>,
    ) -> Seats<'a> {
        Seats {
            route,
            has_break: problem.vehicle(vehicle).rest.is_some(),
            over: timing.window.earliest.max(timing.floor) + job.service,
            until: timing.window.hard,
            at: 0,
            variant: 0,
        }
    }
}

impl Iterator for Seats<'_> {
    type Item = Seat;

    #[inline]
    fn next(&mut self) -> Option<Seat> {
        loop {
            let stops = self.route.len();
            if self.at > stops || self.route.prefix[self.at].ready() > self.until {
                return None;
            }
            if self.variant == 0 && self.at < stops && self.route.latest[self.at] < self.over {
                self.at += 1;
                continue;
            }
            let (at, slot) = (self.at as u32, self.route.slot);
            let (slot, more) = match (self.has_break, stops) {
                (false, _) => (slot, false),
                // A route's first stop decides where its break is.
                (true, 0) => {
                    let variants = [(1, true), (1, false), (0, true), (0, false)];
                    let (gap, on_arrival) = variants[self.variant as usize];
                    (Slot { gap, on_arrival }, self.variant < 3)
                }
                (true, _) if slot.gap > at => (Slot { gap: slot.gap + 1, ..slot }, false),
                (true, _) if slot.gap < at => (slot, false),
                // The break was just here: it is now before the new stop, or behind it, and on
                // arrival as it was, or not.
                (true, _) => {
                    let gap = at + u32::from(self.variant & 1);
                    let on_arrival = slot.on_arrival ^ (self.variant > 1);
                    (Slot { gap, on_arrival }, self.variant < 3)
                }
            };
            if more {
                self.variant += 1;
            } else {
                (self.variant, self.at) = (0, self.at + 1);
            }
            return Some(Seat { at, slot });
        }
    }
}
