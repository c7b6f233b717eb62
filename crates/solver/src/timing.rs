//! The final start times of a solution. Everything as early as it can be, then each departure as late
//! as saves waiting without making anything late, any shift longer or any linked visit earlier than
//! its partner can come. See "Start times" in docs/MODEL.md.

mod itinerary;
mod weighed;

use std::collections::VecDeque;

pub(crate) use itinerary::{Call, Itinerary, KeyCall, Pause};

use crate::gap::Course;
use crate::problem::{FAR, JobId, Problem, Rest, TaskId, Vehicle, VehicleId};
use crate::route::late_of;
use crate::solution::{Drive, Solution};

/// What the times of a solution's timetable cost.
pub(crate) fn cost(problem: &Problem, solution: &Solution) -> i64 {
    cost_of(problem, solution, &timetable(problem, solution))
}

/// The same where it is no more than so much; where it is more, perhaps more than need be.
pub(crate) fn cost_up_to(problem: &Problem, solution: &Solution, most: i64) -> i64 {
    cost_of(problem, solution, &timed(problem, solution, most))
}

/// What waiting, lateness and overtime cost, and what is largest of all.
fn cost_of(problem: &Problem, solution: &Solution, days: &[Itinerary]) -> i64 {
    let mut cost = i64::from(problem.waiting.0) * waiting(days);
    let (mut worst_late, mut worst_idle, mut worst_wait) = (0, 0, 0);
    for (day, vehicle) in days.iter().zip(&problem.vehicles) {
        if !day.stops.is_empty() {
            let over = (day.end - vehicle.shift_end).max(0);
            cost += i64::from(problem.overtime.0) * i64::from(over);
        }
        worst_idle = worst_idle.max(day.idle(vehicle));
        worst_wait = worst_wait.max(day.worst_wait());
        for call in &day.stops {
            let job = problem.tasks[call.task.ix()].job;
            let window = problem.windows[solution.window[job.ix()] as usize];
            let late = (call.start - window.latest).max(0);
            worst_late = worst_late.max(late);
            cost += late_of(problem, call.task) * i64::from(late);
        }
    }
    cost + i64::from(problem.worst_late.0) * i64::from(worst_late)
        + i64::from(problem.worst_idle.0) * i64::from(worst_idle)
        + i64::from(problem.worst_wait.0) * i64::from(worst_wait)
}

/// The earliest timetable of a solution, by vehicle, whatever hard ends it breaks. The links must not
/// run in a ring.
pub(crate) fn earliest(problem: &Problem, solution: &Solution) -> Vec<Itinerary> {
    Times::earliest(problem, solution).days
}

/// The timetable of a solution, by vehicle. Everybody first goes as early as can be; then whoever
/// waits on the way sets off later instead, as long as that saves waiting over all. Where waiting may
/// be dearer than what it is weighed against, the best times are looked for.
pub(crate) fn timetable(problem: &Problem, solution: &Solution) -> Vec<Itinerary> {
    timed(problem, solution, i64::MAX)
}

/// The timetable, which is the best only where it costs no more than so much without that.
fn timed(problem: &Problem, solution: &Solution, most: i64) -> Vec<Itinerary> {
    let times = Times::earliest(problem, solution);
    let weighs = problem.weighs_times() && waiting(&times.days) > 0;
    let earliest = weighs.then(|| times.days.clone());
    let days = departed_later(problem, solution, times);
    let Some(earliest) = earliest else { return days };
    let cost = cost_of(problem, solution, &days);
    if cost > most {
        return days;
    }
    let best = best_times(problem, solution, &earliest);
    best.filter(|best| cost_of(problem, solution, best) < cost).unwrap_or(days)
}

/// The best times there are, if they can be found and everything is then kept.
fn best_times(
    problem: &Problem,
    solution: &Solution,
    earliest: &[Itinerary],
) -> Option<Vec<Itinerary>> {
    let weighed::Moments { depart, start } = weighed::best(problem, solution, earliest)?;
    let drives = problem.vehicle_ids().zip(&solution.routes);
    let days: Vec<Itinerary> =
        drives.map(|(id, drive)| walk(problem, id, drive, depart[id.ix()], &start)).collect();
    let as_found = |call: &Call| call.start == start[problem.tasks[call.task.ix()].job.ix()];
    let in_time = |(day, vehicle): (&Itinerary, &Vehicle)| day.end <= vehicle.hard_end;
    let kept = days.iter().zip(&problem.vehicles).all(in_time)
        && days.iter().flat_map(|day| &day.stops).all(as_found);
    kept.then_some(days)
}

/// Whoever waits on the way sets off later, as long as that saves waiting over all.
fn departed_later(problem: &Problem, solution: &Solution, mut times: Times<'_>) -> Vec<Itinerary> {
    let latest = latest_departures(problem, solution, &times.days);
    let mut saves = true;
    while std::mem::take(&mut saves) {
        for id in problem.vehicle_ids() {
            let day = &times.days[id.ix()];
            // As much as the first wait is, then as much as they all are.
            let first = day.stops.iter().map(|call| call.wait).find(|wait| *wait > 0);
            for step in [first.unwrap_or(0), day.waiting()] {
                if step > 0 && times.set_off_later(&latest, (id, step)) {
                    saves = true;
                    break;
                }
            }
        }
    }
    times.days
}

fn waiting(days: &[Itinerary]) -> i64 {
    days.iter().map(|day| i64::from(day.waiting())).sum()
}

/// The earliest times at which everything is kept and nobody leaves before `depart`: the least
/// fixpoint over routes and links. A later departure only raises times, from where they are.
struct Times<'p> {
    problem: &'p Problem,
    solution: &'p Solution,
    /// By task: the route it is on.
    route_of: Vec<Option<VehicleId>>,
    depart: Vec<i32>,
    /// By job: no earlier start than this.
    start: Vec<i32>,
    days: Vec<Itinerary>,
    /// The days that were replaced since the last attempt began, as they were before it.
    before: Vec<(VehicleId, Itinerary)>,
    /// The starts that were raised since then, as they were.
    raised: Vec<(JobId, i32)>,
    /// The routes that must be walked anew.
    queue: VecDeque<VehicleId>,
    queued: Vec<bool>,
}

impl<'p> Times<'p> {
    fn earliest(problem: &'p Problem, solution: &'p Solution) -> Times<'p> {
        let mut route_of = vec![None; problem.tasks.len()];
        for (id, drive) in problem.vehicle_ids().zip(&solution.routes) {
            drive.tasks.iter().for_each(|task| route_of[task.ix()] = Some(id));
        }
        let windows = solution.window.iter();
        let mut times = Times {
            problem,
            solution,
            route_of,
            depart: problem.vehicles.iter().map(Vehicle::departs).collect(),
            start: windows.map(|window| problem.windows[*window as usize].earliest).collect(),
            days: vec![Itinerary::default(); problem.vehicles.len()],
            before: Vec::new(),
            raised: Vec::new(),
            queue: problem.vehicle_ids().collect(),
            queued: vec![true; problem.vehicles.len()],
        };
        times.settle();
        times.depart = times.days.iter().map(|day| day.leave).collect();
        times
    }

    /// Walks the queued routes until nothing moves any more.
    fn settle(&mut self) {
        while let Some(id) = self.queue.pop_front() {
            self.queued[id.ix()] = false;
            let drive = &self.solution.routes[id.ix()];
            let day = walk(self.problem, id, drive, self.depart[id.ix()], &self.start);
            for at in 0..day.stops.len() {
                let Call { task, start, .. } = day.stops[at];
                let job = self.problem.tasks[task.ix()].job;
                if self.problem.job(job).linked {
                    self.spread(job, start);
                }
            }
            let was = std::mem::replace(&mut self.days[id.ix()], day);
            if self.before.iter().all(|(other, _)| *other != id) {
                self.before.push((id, was));
            }
        }
    }

    /// What the start of a linked job asks of itself on another route and of those it is tied to.
    fn spread(&mut self, id: JobId, start: i32) {
        let problem = self.problem;
        let job = problem.job(id);
        self.raise(id, start);
        job.after.iter().for_each(|follow| self.raise(follow.job, start - follow.max));
        job.before.iter().for_each(|follow| self.raise(follow.job, start + follow.min));
    }

    /// A job starts no earlier than so, if it is done at all.
    fn raise(&mut self, id: JobId, least: i32) {
        let routes = self.problem.job(id).tasks().filter_map(|task| self.route_of[task.ix()]);
        let routes: Vec<VehicleId> = routes.collect();
        if routes.is_empty() || self.start[id.ix()] >= least {
            return;
        }
        self.raised.push((id, self.start[id.ix()]));
        self.start[id.ix()] = least;
        for vehicle in routes {
            if !std::mem::replace(&mut self.queued[vehicle.ix()], true) {
                self.queue.push_back(vehicle);
            }
        }
    }

    /// One carer sets off later by so much. That can make colleagues wait longer at visits they
    /// share, who then set off so much later too, and so on until nobody can. Kept if it saves
    /// waiting over all.
    fn set_off_later(&mut self, latest: &[i32], (who, step): (VehicleId, i32)) -> bool {
        self.before.clear();
        self.raised.clear();
        let departures = self.depart.clone();
        let by = |at: VehicleId, step: i32| (departures[at.ix()] + step).min(latest[at.ix()]);
        let mut movers = vec![(who, by(who, step))];
        while !movers.is_empty() {
            for (vehicle, depart) in movers.drain(..) {
                if depart > self.depart[vehicle.ix()] {
                    self.depart[vehicle.ix()] = depart;
                    if !std::mem::replace(&mut self.queued[vehicle.ix()], true) {
                        self.queue.push_back(vehicle);
                    }
                }
            }
            self.settle();
            let held_up = |(id, was): &(VehicleId, Itinerary)| {
                let day = &self.days[id.ix()];
                let held_up = day.leave + day.waiting() - was.leave - was.waiting();
                let depart = by(*id, held_up);
                (held_up > 0 && depart > self.depart[id.ix()]).then_some((*id, depart))
            };
            movers = self.before.iter().filter_map(held_up).collect();
        }
        let sum = |day: &Itinerary| i64::from(day.waiting());
        let now: i64 = self.before.iter().map(|(id, _)| sum(&self.days[id.ix()])).sum();
        let saves = now < self.before.iter().map(|(_, was)| sum(was)).sum();
        if saves {
            // Whoever was held up leaves when that turned out to be.
            for (id, _) in &self.before {
                self.depart[id.ix()] = self.days[id.ix()].leave;
            }
        } else {
            for (id, was) in self.before.drain(..) {
                (self.days[id.ix()], self.depart[id.ix()]) = (was, departures[id.ix()]);
            }
            for (job, was) in self.raised.drain(..).rev() {
                self.start[job.ix()] = was;
            }
        }
        saves
    }
}

/// One route driven as early as can be; no visit starts before `start`, its window's or what its
/// links have come to.
fn walk(problem: &Problem, id: VehicleId, drive: &Drive, depart: i32, start: &[i32]) -> Itinerary {
    let vehicle = problem.vehicle(id);
    let from = vehicle.ready;
    let day = Itinerary { leave: from, back: from, end: from, ..Itinerary::default() };
    if drive.tasks.is_empty() {
        return day;
    }
    let course = course(problem, id, drive);
    let stops = drive.tasks.len();
    let mut walk = Walk { course, stops, now: from, place: vehicle.start, arrive: from, day };
    for (gap, &task) in drive.tasks.iter().enumerate() {
        let id = problem.tasks[task.ix()].job;
        let job = problem.job(id);
        walk.go(gap, job.place, depart);
        walk.call(task, job.place, (start[id.ix()], job.stay(vehicle)));
        if gap + 1 == vehicle.begun as usize {
            walk.now = walk.now.max(vehicle.free);
        }
    }
    walk.go(stops, vehicle.end, depart);
    Itinerary { back: walk.arrive, end: walk.now, ..walk.day }
}

fn course<'a>(problem: &'a Problem, id: VehicleId, drive: &'a Drive) -> Course<'a> {
    Course { errands: &drive.errands, ..Course::plain(problem, id, drive.slot) }
}

/// A route being driven, up to some moment.
struct Walk<'a> {
    course: Course<'a>,
    /// How many stops it will have.
    stops: usize,
    now: i32,
    /// Where the carer is, or was at a door last.
    place: u32,
    /// When the place was reached; behind a break on arrival, the break's end.
    arrive: i32,
    day: Itinerary,
}

impl Walk<'_> {
    /// Drives from the last stop to the next, or home, with what lies between.
    fn go(&mut self, gap: usize, to: u32, depart: i32) {
        let course = self.course;
        let vehicle = course.vehicle;
        let last = gap == self.stops;
        let rest = vehicle.rest.filter(|_| course.slot.gap as usize == gap);
        let own_place = vehicle.rest_place.filter(|_| !(last && course.rests_at_home()));
        let spent = match last {
            true => course.home(gap, self.place).before,
            false => course.before(gap, self.place, to).before,
        };
        // A break where the shift begins comes before the departure, however near the first stop is.
        let at_base = gap == 0 && spent == 0 && own_place.is_none_or(|own| own == vehicle.start);
        let before = rest.filter(|_| !course.slot.on_arrival || at_base);
        let behind = rest.filter(|_| before.is_none());
        let pause = Pause { gap, at_base, ..Pause::default() };
        if let Some(rest) = before.filter(|_| at_base || own_place.is_none()) {
            self.pause(rest, Pause { place: self.place, ..pause }, at_base);
        }
        if gap == 0 {
            self.now = self.now.max(depart);
            self.day.leave = self.now;
        }
        if let (Some(rest), Some(place)) = (before.filter(|_| !at_base), own_place) {
            self.drive_to(place);
            self.pause(rest, Pause { place, ..pause }, false);
        }
        for place in course.errands_in(gap) {
            let arrive = self.now + course.ways.at(self.place, place).ride;
            self.drive_to(place);
            self.day.keys.push(KeyCall { gap, place, arrive, leave: self.now });
        }
        let pause = Pause { on_arrival: true, ..pause };
        if let (Some(rest), Some(place)) = (behind, own_place) {
            self.drive_to(place);
            self.pause(rest, Pause { place, ..pause }, false);
        }
        self.day.ride += course.ways.at(self.place, to).ride;
        self.now += course.ways.at(self.place, to).ride;
        self.arrive = self.now;
        if let Some(rest) = behind.filter(|_| own_place.is_none()) {
            self.pause(rest, Pause { place: to, at_base: last, ..pause }, last);
            if !last {
                self.arrive = self.now;
            }
        }
    }

    /// To the door of a place at which nobody is visited.
    fn drive_to(&mut self, place: u32) {
        let way = self.course.ways.at(self.place, place);
        (self.now, self.place) = (self.now + way.door, place);
        self.day.ride += way.ride;
    }

    /// Takes the break here; where nobody is held up, waiting for it is `free`.
    fn pause(&mut self, rest: Rest, pause: Pause, free: bool) {
        let start = self.now.max(rest.earliest);
        let wait = if free { 0 } else { start - self.now };
        self.now = start + rest.length;
        self.day.rest = Some(Pause { wait, start, leave: self.now, ..pause });
    }

    /// Makes the visit, no earlier than `floor`.
    fn call(&mut self, task: TaskId, place: u32, (floor, service): (i32, i32)) {
        let way = self.course.ways.at(self.place, place);
        let ready = self.now + way.door - way.ride;
        let start = ready.max(floor);
        (self.now, self.place) = (start + service, place);
        let (arrive, wait, leave) = (self.arrive, start - ready, self.now);
        self.day.stops.push(Call { task, arrive, wait, start, leave });
    }
}

/// The latest departure of each route with which nothing starts later than is free: no visit behind
/// the end of its window (or than it must), nobody longer at work after the shift than at the
/// earliest. The greatest fixpoint, told from behind.
fn latest_departures(problem: &Problem, solution: &Solution, earliest: &[Itinerary]) -> Vec<i32> {
    let mut latest = vec![FAR; problem.jobs.len()];
    for call in earliest.iter().flat_map(|day| &day.stops) {
        let job = problem.tasks[call.task.ix()].job;
        let window = problem.windows[solution.window[job.ix()] as usize];
        latest[job.ix()] = window.latest.max(call.start);
    }
    loop {
        let before = latest.clone();
        let departures = problem
            .vehicle_ids()
            .map(|id| {
                look_back(problem, id, &solution.routes[id.ix()], &earliest[id.ix()], &mut latest)
            })
            .collect();
        for id in problem.job_ids() {
            if latest[id.ix()] == FAR {
                continue;
            }
            if let Some(follow) = &problem.job(id).after {
                latest[id.ix()] =
                    latest[id.ix()].min(latest[follow.job.ix()].saturating_add(follow.max));
            }
            for follow in &problem.job(id).before {
                if latest[follow.job.ix()] < FAR {
                    let due = latest[follow.job.ix()] - follow.min;
                    latest[id.ix()] = latest[id.ix()].min(due);
                }
            }
        }
        if latest == before {
            return departures;
        }
    }
}

/// Lowers the latest starts of one route's visits to what the visits behind them and the return
/// allow; its latest departure.
fn look_back(
    problem: &Problem,
    id: VehicleId,
    drive: &Drive,
    day: &Itinerary,
    latest: &mut [i32],
) -> i32 {
    let vehicle = problem.vehicle(id);
    let course = course(problem, id, drive);
    // Before the end of the shift the return may be later for nothing.
    let mut due = day.back + (vehicle.shift_end - day.end).max(0);
    for stops in (0..=drive.tasks.len()).rev() {
        let from = match stops {
            0 => vehicle.start,
            _ => problem.tasks[drive.tasks[stops - 1].ix()].place,
        };
        let gap = match drive.tasks.get(stops) {
            Some(task) => course.before(stops, from, problem.tasks[task.ix()].place),
            None => course.home(stops, from),
        };
        let at_base = day.rest.is_some_and(|pause| pause.at_base);
        due = match gap.rest {
            None => due - gap.before,
            // After the return it must begin in time.
            Some(rest) if gap.home => rest.latest.min(due) - gap.before,
            // Before the departure it holds nothing up.
            Some(_) if at_base => due - gap.after,
            Some(rest) => rest.latest.min(due - gap.after - rest.length) - gap.before,
        };
        if stops > 0 {
            let task = drive.tasks[stops - 1];
            let job = problem.tasks[task.ix()].job;
            latest[job.ix()] = latest[job.ix()].min(due - problem.job(job).stay(vehicle));
            due = latest[job.ix()];
        }
    }
    if vehicle.cannot_wait() { vehicle.departs() } else { due }
}
