//! A move, said once: which stretches of which routes make one or two routes anew, in which order.
//! Pricing and carrying out read the same words, so they cannot differ. Knows nothing of which moves
//! are worth a look.

use std::ops::Range;

use super::bare::Bare;
use super::state::State;
use crate::breaks::{self, Kept};
use crate::gap::Course;
use crate::problem::{NEVER, TaskId, VehicleId};
use crate::route::{Outcome, Route, Slot, late_of};

/// The stops from `from` up to, not including, `to` of a route as it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Stretch {
    of: VehicleId,
    from: u32,
    to: u32,
}

/// The most stretches of a route: two of its own trade places.
const MOST: usize = 5;

/// A route after a move: whose it is, and the stretches it is made of.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Remade {
    vehicle: VehicleId,
    len: u32,
    stretches: [Stretch; MOST],
}

/// What moves are priced with.
#[derive(Debug, Default)]
pub(crate) struct Pricing {
    bare: Bare,
    /// The tasks of a route being priced.
    tasks: Vec<TaskId>,
}

/// One or two routes made anew of the stops they had.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Move {
    one: Remade,
    two: Option<Remade>,
}

impl Stretch {
    /// The stretch of a route from one stop up to another.
    pub(crate) fn new(of: VehicleId, from: usize, to: usize) -> Stretch {
        Stretch { of, from: from as u32, to: to as u32 }
    }

    fn stops(self) -> Range<usize> {
        self.from as usize..self.to as usize
    }
}

impl Remade {
    /// The route of the vehicle, made of these stretches; those without a stop are passed over.
    pub(crate) fn of(vehicle: VehicleId, stretches: &[Stretch]) -> Remade {
        let mut remade = Remade { vehicle, len: 0, stretches: [Stretch::new(vehicle, 0, 0); MOST] };
        for stretch in stretches.iter().filter(|stretch| stretch.from < stretch.to) {
            remade.stretches[remade.len as usize] = *stretch;
            remade.len += 1;
        }
        remade
    }

    fn stretches(&self) -> &[Stretch] {
        &self.stretches[..self.len as usize]
    }

    fn tasks<'s>(&'s self, state: &'s State<'_>) -> impl Iterator<Item = TaskId> + 's {
        let tasks = |s: &Stretch| &state.routes[s.of.ix()].tasks[s.stops()];
        self.stretches().iter().flat_map(tasks).copied()
    }

    /// The tasks that come from another route.
    fn newcomers<'s>(
        &'s self,
        state: &'s State<'_>,
    ) -> impl Iterator<Item = (VehicleId, TaskId)> + 's {
        let others = self.stretches().iter().filter(|stretch| stretch.of != self.vehicle);
        others
            .flat_map(|s| state.routes[s.of.ix()].tasks[s.stops()].iter().map(|task| (s.of, *task)))
    }

    /// How long the rides are, in seconds. O(1) for a stretch of a route driven the same way.
    fn ride(&self, state: &State<'_>) -> i64 {
        let problem = state.problem;
        let (vehicle, ways) = (problem.vehicle(self.vehicle), problem.ways(self.vehicle));
        let (mut place, mut ride) = (vehicle.start, 0);
        for stretch in self.stretches() {
            // Behind the first of its stops, up to behind the last.
            let Range { start, end } = stretch.stops();
            let behind = &state.routes[stretch.of.ix()].prefix[start + 1..=end];
            let (first, last) = (behind[0], behind[behind.len() - 1]);
            ride += i64::from(ways.at(place, first.place).ride);
            // A detour for a key or for the break may not be needed any more.
            let of = problem.vehicle(stretch.of);
            let direct = !of.makes_detours();
            ride += if direct && of.ways == vehicle.ways {
                i64::from(last.ride - first.ride)
            } else {
                let legs = behind.windows(2).map(|leg| ways.at(leg[0].place, leg[1].place).ride);
                legs.map(i64::from).sum()
            };
            place = last.place;
        }
        if self.len == 0 { 0 } else { ride + i64::from(ways.at(place, vehicle.end).ride) }
    }

    /// What the rides are sure to cost. Persons are another matter.
    fn rides(&self, state: &State<'_>) -> i64 {
        i64::from(state.problem.travel.0) * self.ride(state)
    }

    /// What the route is sure to cost: driven without a break and without a detour for a key. `None` where
    /// even that cannot be, the load not be carried, or a linked visit would be later than is agreed.
    fn least(&self, state: &State<'_>, work: &mut Pricing) -> Option<i64> {
        let (problem, agreed) = (state.problem, &state.agreed);
        let vehicle = problem.vehicle(self.vehicle);
        if self.len == 0 {
            return Some(agreed.cost(problem, &Outcome::staying(vehicle)));
        }
        if self.head(&state.routes) < vehicle.begun as usize {
            return None;
        }
        let loads = self.stretches().iter().map(|s| state.routes[s.of.ix()].load(s.stops()));
        if loads.sum::<i64>() > vehicle.capacity || self.meets_itself(state, &mut work.tasks) {
            return None;
        }
        if vehicle.is_plain() {
            return Some(agreed.cost(problem, &self.driven(state, &state.routes)?));
        }
        let vehicles = self.stretches().iter().map(|s| s.of).chain([self.vehicle]);
        let Some(bare) = work.bare.of(state, vehicles) else { return Some(self.rides(state)) };
        Some(agreed.cost(problem, &self.driven(state, bare)?.at_least(vehicle)))
    }

    /// What the route would cost with the break where it is best, which is sure to be `least`; `None` where it
    /// cannot be, or would make a linked visit later than is agreed.
    fn price(&self, state: &State<'_>, least: i64, tasks: &mut Vec<TaskId>) -> Option<i64> {
        let (problem, agreed) = (state.problem, &state.agreed);
        if self.len == 0 || problem.vehicle(self.vehicle).is_plain() {
            return Some(least);
        }
        tasks.clear();
        tasks.extend(self.tasks(state));
        let (head, tail) = (self.head(&state.routes), self.tail(state, &state.routes));
        let kept = Kept { head, tail, least };
        breaks::least_cost(problem, self.vehicle, (tasks, kept), &state.routes, agreed)
    }

    /// How many of its first stops are those of the route as it is.
    fn head(&self, routes: &[Route]) -> usize {
        let first = self.stretches[0];
        let as_it_is = first.of == self.vehicle && first.from == 0;
        let plain = routes[first.of.ix()].errands.is_empty();
        if as_it_is && plain { first.to as usize } else { 0 }
    }

    /// Whose last stops are its last, and from which of theirs on.
    fn tail(&self, state: &State<'_>, routes: &[Route]) -> Option<(VehicleId, usize)> {
        let problem = state.problem;
        let last = self.stretches().last()?;
        let (own, other) = (problem.vehicle(self.vehicle), problem.vehicle(last.of));
        let to_the_end = last.to as usize == routes[last.of.ix()].len();
        let plain = routes[last.of.ix()].errands.is_empty();
        (to_the_end && plain && own.ends_like(other)).then_some((last.of, last.from as usize))
    }

    /// What it comes to, driven without a break from where it first differs from the route as it is, to
    /// where its rest is again that of a route; the routes have no breaks either.
    fn driven(&self, state: &State<'_>, routes: &[Route]) -> Option<Outcome> {
        let (problem, agreed) = (state.problem, &state.agreed);
        let course = Course::plain(problem, self.vehicle, Slot::NONE);
        let head = self.head(routes);
        let tail = self.tail(state, routes);
        let mut prefix = routes[self.vehicle.ix()].prefix[head];
        for (nth, stretch) in self.stretches().iter().enumerate().skip(usize::from(head > 0)) {
            let route = &routes[stretch.of.ix()];
            let is_last = nth + 1 == self.len as usize && tail.is_some();
            for stop in stretch.stops() {
                let task = route.tasks[stop];
                let id = problem.tasks[task.ix()].job;
                let (job, timing) = (problem.job(id), agreed.timing(problem, id));
                let gap = course.before(0, prefix.place, job.place);
                let (start, next) =
                    prefix.go(gap)?.serve((job, course.vehicle), late_of(problem, task), timing)?;
                if job.linked && start > timing.opens() {
                    return None;
                }
                let joins = is_last && route.has_rested(problem.vehicle(stretch.of), stop);
                if joins && let Some(outcome) = route.join(stop, start, next) {
                    return Some(outcome);
                }
                prefix = next;
            }
        }
        prefix.finish(course.home(0, prefix.place), course.vehicle)
    }

    /// Whether it would have a task twice over: the other carer's of a visit, or that of a visit that
    /// is kept apart.
    fn meets_itself(&self, state: &State<'_>, tasks: &mut Vec<TaskId>) -> bool {
        let problem = state.problem;
        if !self.newcomers(state).any(|(_, task)| problem.job_of(task).linked) {
            return false;
        }
        tasks.clear();
        tasks.extend(self.tasks(state));
        tasks.iter().any(|task| meets_itself(state, *task, tasks))
    }
}

impl Move {
    pub(crate) fn inside(one: Remade) -> Move {
        Move { one, two: None }
    }

    pub(crate) fn between(one: Remade, two: Remade) -> Move {
        Move { one, two: Some(two) }
    }

    fn routes(&self) -> impl Iterator<Item = &Remade> {
        [Some(&self.one), self.two.as_ref()].into_iter().flatten()
    }

    /// By how much the move changes the cost, if by less than `below`: first by what is sure, the rides
    /// and who comes, then what it comes to without breaks, then exactly. Where linked visits are on the routes it may come to still less.
    pub(crate) fn change(&self, state: &State<'_>, below: i64, work: &mut Pricing) -> Option<i64> {
        let problem = state.problem;
        let now: i64 = self.routes().map(|new| state.routes[new.vehicle.ix()].cost).sum();
        let persons = self.persons(state)?;
        if persons + self.routes().map(|new| new.rides(state)).sum::<i64>() >= now + below {
            return None;
        }
        let mut least = [0; 2];
        for (new, least) in self.routes().zip(&mut least) {
            *least = new.least(state, work)?;
        }
        let mut cost = persons + least.iter().sum::<i64>();
        for (new, least) in self.routes().zip(least) {
            if cost >= now + below {
                return None;
            }
            let price = new.price(state, least, &mut work.tasks)?;
            debug_assert!(
                price >= least || problem.vehicle(new.vehicle).makes_detours(),
                "{new:?}: {price}, {least}"
            );
            cost += price - least;
        }
        (cost < now + below).then_some(cost - now)
    }

    /// Whether no linked visit is on its routes and no price looks at other routes, so that its own
    /// is exact.
    pub(crate) fn is_free(&self, state: &State<'_>) -> bool {
        if state.problem.weighs_all_routes() {
            return false;
        }
        let linked = |task: TaskId| state.problem.job_of(task).linked;
        !self.routes().any(|new| state.routes[new.vehicle.ix()].tasks.iter().any(|t| linked(*t)))
    }

    /// By how much other carers for the same visits change the cost; `None` where one may not.
    fn persons(&self, state: &State<'_>) -> Option<i64> {
        let problem = state.problem;
        let mut change = 0;
        for new in self.routes() {
            for (of, task) in new.newcomers(state) {
                let fit = problem.fit(new.vehicle, task);
                if fit == NEVER || problem.job_of(task).held {
                    return None;
                }
                change += i64::from(fit) - i64::from(problem.fit(of, task));
            }
        }
        Some(change + self.faces(state))
    }

    /// By how much the move changes what new faces cost.
    fn faces(&self, state: &State<'_>) -> i64 {
        let problem = state.problem;
        // How many more of a patient's visits a carer has.
        let mut more: Vec<(VehicleId, u32, i32)> = Vec::new();
        let mut count = |who: VehicleId, patient: u32, by: i32| match more
            .iter_mut()
            .find(|(whose, of, _)| *whose == who && *of == patient)
        {
            Some((_, _, visits)) => *visits += by,
            None => more.push((who, patient, by)),
        };
        for new in self.routes() {
            for (of, task) in new.newcomers(state) {
                let job = problem.job_of(task);
                if job.wishes {
                    count(new.vehicle, job.patient, 1);
                    count(of, job.patient, -1);
                }
            }
        }
        let change = |(who, patient, by): &(VehicleId, u32, i32)| {
            let before = i32::from(state.meetings(*who, *patient));
            let shows = i64::from(before + by > 0) - i64::from(before > 0);
            shows * i64::from(problem.face(*who, *patient))
        };
        more.iter().map(change).sum()
    }

    /// The routes as they will be.
    pub(crate) fn remade(&self, state: &State<'_>) -> Vec<(VehicleId, Vec<TaskId>)> {
        self.routes().map(|new| (new.vehicle, new.tasks(state).collect())).collect()
    }
}

/// Whether the tasks have another that nobody may do who does this one: the second carer's, or that
/// of a visit that is kept apart.
fn meets_itself(state: &State<'_>, task: TaskId, tasks: &[TaskId]) -> bool {
    let problem = state.problem;
    let job = problem.job_of(task);
    if !job.linked {
        return false;
    }
    let apart = job.after.iter().chain(&job.before).filter(|follow| follow.apart);
    let apart = apart.flat_map(|follow| problem.job(follow.job).tasks());
    job.tasks().filter(|other| *other != task).chain(apart).any(|other| tasks.contains(&other))
}
