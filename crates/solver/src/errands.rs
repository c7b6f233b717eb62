//! Where in a route keys are fetched and brought back with the least cost. As with the break, the
//! search knows no stops for keys: which a route needs follows from its tasks, and where they lie is
//! looked for anew whenever the tasks change. Few routes need any, so all that is here may be slow;
//! a route that needs none never comes here.

use crate::breaks::{self, Line};
use crate::gap::Errand;
use crate::problem::{Problem, TaskId, VehicleId};
use crate::route::{Agreed, Priced, Route, Slot, Timing};

/// Routes of up to so many stops are tried with every trip in every gap.
const SHORT: usize = 7;

/// In longer ones each trip is tried in so many gaps, those with the least detour.
const GAPS: usize = 4;

/// How often trips are moved one after the other where there are more than two.
const PASSES: usize = 2;

/// A route with its keys fetched and brought back where that costs least.
#[derive(Clone, Debug)]
pub(crate) struct Found {
    pub(crate) cost: i64,
    pub(crate) slot: Slot,
    pub(crate) errands: Vec<Errand>,
}

/// A way to where a key hangs that a route must take somewhere before or behind the doors it opens.
#[derive(Clone, Copy, Debug)]
struct Trip {
    place: u32,
    /// The first and the last gap in which it may lie.
    gaps: (usize, usize),
}

/// Whether the vehicle must go out of its way for the key of the task.
#[inline]
pub(crate) fn asks(problem: &Problem, id: VehicleId, task: TaskId) -> bool {
    let vehicle = problem.vehicle(id);
    let goes = |key: u32| key != vehicle.start || key != vehicle.end;
    vehicle.fetches
        && (problem.key(task).is_some_and(goes) || !problem.begun_errands(id).is_empty())
}

/// The trips of a line that are still to be driven: to where a key hangs before the first door that takes
/// it, unless the shift begins there, and again behind the last one, unless it ends there. Behind doors
/// that are passed already, only where the key is in hand.
fn trips(problem: &Problem, id: VehicleId, line: Line<'_>, agreed: &Agreed) -> Vec<Trip> {
    let vehicle = problem.vehicle(id);
    let begun = vehicle.begun as usize;
    let driven = problem.begun_errands(id);
    // By place: the first stop to come that takes the key, and the last of all.
    let mut used: Vec<(u32, Option<usize>, Option<usize>)> = Vec::new();
    for at in 0..line.len() {
        let Some(key) = problem.key(line.stop(at, problem, agreed).0) else { continue };
        let to_come = (at >= begun).then_some(at);
        match used.iter_mut().find(|(place, ..)| *place == key) {
            Some((_, first, last)) => (*first, *last) = (first.or(to_come), Some(at)),
            None => used.push((key, to_come, Some(at))),
        }
    }
    for errand in driven {
        if used.iter().all(|(place, ..)| *place != errand.place) {
            used.push((errand.place, None, None));
        }
    }
    let trips = used.into_iter().flat_map(|(place, first, last)| {
        let stops = || driven.iter().filter(|errand| errand.place == place);
        let has_it = place == vehicle.start || stops().next().is_some();
        let is_back = match (first, last) {
            (Some(_), _) => false,
            (None, Some(last)) => !has_it || stops().any(|errand| errand.gap as usize > last),
            (None, None) => place == vehicle.start || stops().count() > 1,
        };
        let fetch = first.filter(|_| !has_it).map(|first| Trip { place, gaps: (begun, first) });
        let behind = last.map_or(begun, |last| begun.max(last + 1));
        let back = Trip { place, gaps: (behind, line.len()) };
        [fetch, (place != vehicle.end && !is_back).then_some(back)].into_iter().flatten()
    });
    trips.collect()
}

/// The gaps of a trip that are worth a look and the detours there, in seconds, the least first.
fn worth(
    problem: &Problem,
    id: VehicleId,
    line: Line<'_>,
    trip: Trip,
    agreed: &Agreed,
) -> Vec<(usize, i32)> {
    let ways = problem.ways(id);
    let detour = |gap: usize| {
        let (from, to) = ends(problem, id, line, gap, agreed);
        ways.at(from, trip.place).ride + ways.at(trip.place, to).ride - ways.at(from, to).ride
    };
    let mut gaps: Vec<(usize, i32)> =
        (trip.gaps.0..=trip.gaps.1).map(|gap| (gap, detour(gap))).collect();
    gaps.sort_by_key(|(_, detour)| *detour);
    if line.len() > SHORT {
        gaps.truncate(GAPS);
    }
    gaps
}

/// The places between which a gap lies.
fn ends(
    problem: &Problem,
    id: VehicleId,
    line: Line<'_>,
    gap: usize,
    agreed: &Agreed,
) -> (u32, u32) {
    let vehicle = problem.vehicle(id);
    let place = |at: usize| problem.tasks[line.stop(at, problem, agreed).0.ix()].place;
    let to = if gap < line.len() { place(gap) } else { vehicle.end };
    (gap.checked_sub(1).map_or(vehicle.start, place), to)
}

/// How long the rides of a gap are without any trip.
fn direct(problem: &Problem, id: VehicleId, line: Line<'_>, gap: usize, agreed: &Agreed) -> i64 {
    let (from, to) = ends(problem, id, line, gap, agreed);
    let driven = problem.begun_errands(id).iter().filter(|errand| errand.gap as usize == gap);
    let mut here = from;
    let mut rides = 0;
    for place in driven.map(|errand| errand.place).chain([to]) {
        rides += i64::from(problem.ways(id).at(here, place).ride);
        here = place;
    }
    rides
}

/// The line with its keys fetched and brought back where that costs least; `None` where it cannot
/// be, or would make a linked visit later than the line says.
pub(crate) fn cheapest(
    problem: &Problem,
    id: VehicleId,
    line: Line<'_>,
    agreed: &Agreed,
) -> Option<Found> {
    let trips = trips(problem, id, line, agreed);
    let mut looking = Looking {
        problem,
        id,
        line,
        agreed,
        worth: trips.iter().map(|trip| worth(problem, id, line, *trip, agreed)).collect(),
        direct: (0..=line.len()).map(|gap| direct(problem, id, line, gap, agreed)).sum(),
        trips,
        best: None,
    };
    looking.look();
    looking.best
}

/// The search for the best gaps of all trips.
struct Looking<'a> {
    problem: &'a Problem,
    id: VehicleId,
    line: Line<'a>,
    agreed: &'a Agreed,
    trips: Vec<Trip>,
    /// By trip: the gaps to be tried, and the detours there.
    worth: Vec<Vec<(usize, i32)>>,
    /// How long the rides are without any trip.
    direct: i64,
    best: Option<Found>,
}

impl Looking<'_> {
    fn look(&mut self) {
        match self.worth.as_slice() {
            [] => self.weigh(&[]),
            [one] => one.clone().into_iter().for_each(|gap| self.weigh(&[gap])),
            [one, other] => {
                let (one, other) = (one.clone(), other.clone());
                one.iter().for_each(|gap| other.iter().for_each(|next| self.weigh(&[*gap, *next])));
            }
            _ => self.one_after_the_other(),
        }
    }

    /// Each trip where it costs least while the others stay, begun where each is the least detour.
    fn one_after_the_other(&mut self) {
        let mut gaps: Vec<(usize, i32)> = self.worth.iter().map(|gaps| gaps[0]).collect();
        for _ in 0..PASSES {
            for trip in 0..gaps.len() {
                let mut least: Option<(i64, (usize, i32))> = None;
                for gap in self.worth[trip].clone() {
                    gaps[trip] = gap;
                    let cost = self.weigh_and_tell(&gaps);
                    if cost.is_some_and(|cost| least.is_none_or(|(least, _)| cost < least)) {
                        least = cost.map(|cost| (cost, gap));
                    }
                }
                gaps[trip] = least.map_or(self.worth[trip][0], |(_, gap)| gap);
            }
        }
    }

    /// As [`weigh_and_tell`](Self::weigh_and_tell), unless the rides alone cost as much as the best.
    fn weigh(&mut self, gaps: &[(usize, i32)]) {
        let driven = self.problem.begun_errands(self.id).last().map(|errand| errand.gap as usize);
        let shared = gaps.windows(2).any(|two| two[0].0 == two[1].0)
            || gaps.iter().any(|(gap, _)| Some(*gap) == driven);
        let detours: i64 = gaps.iter().map(|(_, detour)| i64::from(*detour)).sum();
        let rides = i64::from(self.problem.travel.0) * (self.direct + detours);
        if shared || self.best.as_ref().is_none_or(|best| rides < best.cost) {
            self.weigh_and_tell(gaps);
        }
    }

    /// What the line costs with each trip in its gap; those of one gap in either order.
    fn weigh_and_tell(&mut self, gaps: &[(usize, i32)]) -> Option<i64> {
        let driven = |(trip, (gap, _)): (&Trip, &(usize, i32))| Errand {
            gap: *gap as u32,
            place: trip.place,
        };
        let mut errands: Vec<Errand> = self.trips.iter().zip(gaps).map(driven).collect();
        errands.sort_by_key(|errand| errand.gap);
        let mut least = self.try_order(&errands);
        if errands.windows(2).any(|two| two[0].gap == two[1].gap) {
            errands.reverse();
            errands.sort_by_key(|errand| errand.gap);
            let other = self.try_order(&errands);
            least = least.into_iter().chain(other).min();
        }
        least
    }

    fn try_order(&mut self, errands: &[Errand]) -> Option<i64> {
        let errands = [self.problem.begun_errands(self.id), errands].concat();
        let line = self.line.by(&errands);
        let (cost, slot) = breaks::cheapest(self.problem, self.id, line, self.agreed)?;
        if self.best.as_ref().is_none_or(|best| cost < best.cost) {
            self.best = Some(Found { cost, slot, errands });
        }
        Some(cost)
    }
}

/// What the route of these tasks would come to with one more before stop `at`, its break and its
/// errands wherever they are then best.
pub(crate) fn price(
    problem: &Problem,
    id: VehicleId,
    (tasks, at, task, timing): (&[TaskId], u32, TaskId, Timing<'_>),
    agreed: &Agreed,
) -> Option<Priced> {
    let line = Line::of(tasks).with(at as usize, task, timing);
    let found = cheapest(problem, id, line, agreed).map(|found| (line, found));
    let pushing = line.pushing();
    let linked = |task: &TaskId| problem.job_of(*task).linked;
    let (line, found) = found.or_else(|| {
        let may_push = tasks.iter().any(linked);
        let found = may_push.then(|| cheapest(problem, id, pushing, agreed)).flatten();
        found.map(|found| (pushing, found))
    })?;
    let line = line.by(&found.errands);
    let start = breaks::starts(problem, id, line, found.slot, agreed)[at as usize];
    Some(Priced { cost: found.cost, start, pushes: line.pushes })
}

/// Whether these errands fetch and bring back every key that the line takes.
pub(crate) fn suffice(
    problem: &Problem,
    id: VehicleId,
    line: Line<'_>,
    (errands, agreed): (&[Errand], &Agreed),
) -> bool {
    let Some(errands) = errands.strip_prefix(problem.begun_errands(id)) else { return false };
    let trips = trips(problem, id, line, agreed);
    let taken = |trip: &Trip| {
        let gaps = trip.gaps.0..=trip.gaps.1;
        let mut there = errands.iter().filter(|errand| errand.place == trip.place);
        there.any(|errand| gaps.contains(&(errand.gap as usize)))
    };
    trips.len() == errands.len() && trips.iter().all(taken)
}

impl Route {
    /// Puts the break and the errands where they cost least; where no way keeps every hard end, the
    /// errands where they are the least detour.
    pub(crate) fn arrange(&mut self, problem: &Problem, id: VehicleId, agreed: &Agreed) {
        let line = Line::of(&self.tasks);
        if !self.tasks.iter().any(|task| asks(problem, id, *task)) {
            self.errands.clear();
            if let Some((_, slot)) = breaks::cheapest(problem, id, line, agreed) {
                self.slot = slot;
            }
            return;
        }
        let pushing = line.pushing();
        let found = cheapest(problem, id, line, agreed);
        let Some(found) = found.or_else(|| cheapest(problem, id, pushing, agreed)) else {
            let trips = trips(problem, id, line, agreed);
            let least = trips.iter().map(|trip| {
                let (gap, _) = worth(problem, id, line, *trip, agreed)[0];
                Errand { gap: gap as u32, place: trip.place }
            });
            let mut errands: Vec<Errand> = least.collect();
            errands.sort_by_key(|errand| errand.gap);
            self.errands = [problem.begun_errands(id), &errands].concat();
            return;
        };
        (self.slot, self.errands) = (found.slot, found.errands);
    }
}
