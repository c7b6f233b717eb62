//! Where in a route the break costs least. The search treats the break as a label of the route, not as
//! a stop: it is looked for anew whenever the stops change.

use std::ops::Range;

use crate::errands;
use crate::gap::{Course, Errand};
use crate::problem::{FAR, Job, Problem, Rest, TaskId, Vehicle, VehicleId};
use crate::route::{Agreed, Outcome, Prefix, Priced, Route, Slot, Timing, late_of};

/// What a line of stops has of routes as they are.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Kept {
    /// How many of its first stops are those of the vehicle's own route.
    pub(crate) head: usize,
    /// Whose last stops are its last, from which of theirs on; one who ends like the vehicle.
    pub(crate) tail: Option<(VehicleId, usize)>,
    /// What it is sure to cost.
    pub(crate) least: i64,
}

/// The stops of a route, perhaps with one more among them, and what is known of them.
#[derive(Clone, Copy)]
pub(crate) struct Line<'a> {
    pub(crate) tasks: &'a [TaskId],
    pub(crate) extra: Option<(usize, TaskId, Timing<'a>)>,
    /// Where it goes for keys.
    pub(crate) errands: &'a [Errand],
    /// Whether linked visits may be later than is agreed, so that other routes pay too.
    pub(crate) pushes: bool,
    /// Their route as it is, and how many of its first stops they have.
    head: Option<(&'a Route, usize)>,
    tail: Option<Tail<'a>>,
    /// What it is sure to cost: where a slot comes to no more, no better one is looked for.
    least: i64,
}

/// A route whose last stops, from its stop `first` on, are those of a line from stop `begin` on.
#[derive(Clone, Copy)]
struct Tail<'a> {
    route: &'a Route,
    vehicle: &'a Vehicle,
    first: usize,
    begin: usize,
}

impl<'a> Line<'a> {
    /// Stops of which nothing is known, of a route that goes nowhere for keys.
    pub(crate) fn of(tasks: &'a [TaskId]) -> Line<'a> {
        let (head, tail) = (None, None);
        Line { tasks, extra: None, errands: &[], pushes: false, head, tail, least: i64::MIN }
    }

    /// The same, going there for keys.
    pub(crate) fn by(self, errands: &'a [Errand]) -> Line<'a> {
        Line { errands, ..self }
    }

    /// The same, whatever it makes later on other routes.
    pub(crate) fn pushing(self) -> Line<'a> {
        Line { pushes: true, ..self }
    }

    /// The same with one more stop.
    pub(crate) fn with(self, at: usize, task: TaskId, timing: Timing<'a>) -> Line<'a> {
        Line { extra: Some((at, task, timing)), ..self }
    }

    /// The stretch without break with which to begin where gaps before stops that are over by `over`
    /// are passed over, and the gap behind it.
    fn begin(&self, start: Prefix, over: i32) -> (usize, Prefix) {
        let Some((route, stops)) = self.head else { return (0, start) };
        let bare = &route.prefix[..=stops.min(route.slot.gap as usize)];
        let early = bare.partition_point(|prefix| prefix.ready() <= over).saturating_sub(1);
        (early, if early == 0 { start } else { bare[early] })
    }

    pub(crate) fn len(&self) -> usize {
        self.tasks.len() + usize::from(self.extra.is_some())
    }

    /// The stop at a position, and when it may start.
    #[inline]
    pub(crate) fn stop(
        &self,
        at: usize,
        problem: &'a Problem,
        agreed: &Agreed,
    ) -> (TaskId, Timing<'a>) {
        let task = match self.extra {
            Some((here, task, timing)) if at == here => return (task, timing),
            Some((here, ..)) if at > here => self.tasks[at - 1],
            _ => self.tasks[at],
        };
        (task, agreed.timing(problem, problem.tasks[task.ix()].job))
    }
}

impl Route {
    /// Puts the break in its best slot, settles the route, and books the difference in `cost`;
    /// `false` when a hard end cannot be kept.
    pub(crate) fn place_break_and_settle(
        &mut self,
        problem: &Problem,
        id: VehicleId,
        agreed: &Agreed,
        cost: &mut i64,
    ) -> bool {
        let old = self.cost;
        if problem.vehicle(id).fetches {
            self.arrange(problem, id, agreed);
        } else if let Some((_, slot)) =
            best_slot(problem, id, self.prefix[0], Line::of(&self.tasks), agreed)
        {
            self.slot = slot;
        }
        let kept = self.settle(problem, id, agreed);
        *cost += self.cost - old;
        kept
    }

    /// What the route would cost with one more stop before stop `at` and the break wherever it is
    /// then best; `None` where it cannot be, or would make a linked visit later.
    pub(crate) fn price_with_break_moved(
        &self,
        problem: &Problem,
        id: VehicleId,
        (task, timing): (TaskId, Timing<'_>),
        at: usize,
        agreed: &Agreed,
    ) -> Option<(Priced, Slot)> {
        let tail = Tail { route: self, vehicle: problem.vehicle(id), first: at, begin: at + 1 };
        let extra = Some((at, task, timing));
        let (head, tail) = (Some((self, at)), Some(tail));
        let line = Line { extra, head, tail, ..Line::of(&self.tasks) };
        let (cost, slot) = best_slot(problem, id, self.prefix[0], line, agreed)?;
        let pushes = problem.job_of(task).linked;
        Some((Priced { cost, start: FAR, pushes }, slot))
    }

    /// The stops before which the job could go in time if nobody had to rest: without it there is
    /// no seat, wherever the break goes.
    pub(crate) fn room_with_break_moved(
        &self,
        problem: &Problem,
        id: VehicleId,
        (job, timing): (&Job, Timing<'_>),
        agreed: &Agreed,
    ) -> Range<usize> {
        let (vehicle, ways) = (problem.vehicle(id), problem.ways(id));
        let opens = timing.window.earliest.max(timing.floor);
        // From behind: the first stop that can start after the job.
        let (mut first, mut to) = (self.len(), vehicle.end);
        let mut due = vehicle.hard_end;
        for at in (0..=self.len()).rev() {
            let on = if at == self.len() {
                ways.at(job.place, to).ride
            } else {
                ways.at(job.place, to).door
            };
            if opens + job.stay(vehicle) + on > due {
                break;
            }
            first = at;
            let Some(before) = at.checked_sub(1) else { break };
            let task = self.tasks[before];
            let stop = problem.job_of(task);
            let way = ways.at(stop.place, to);
            let on = if at == self.len() { way.ride } else { way.door };
            let window = agreed.timing(problem, problem.tasks[task.ix()].job).window;
            due = window.hard.min(due - on - stop.stay(vehicle));
            to = stop.place;
        }
        let mut bare = self.prefix[0];
        let mut end = 0;
        for at in 0..=self.len() {
            let ready = bare.ready() + ways.at(bare.place, job.place).door;
            if ready <= timing.window.hard {
                end = at + 1;
            }
            let line = Line::of(&self.tasks);
            match (at < self.len()).then(|| step(problem, id, bare, (line, at), Slot::NONE, agreed))
            {
                Some(Some((_, next))) if bare.ready() <= timing.window.hard => bare = next,
                _ => break,
            }
        }
        first.max(vehicle.begun as usize)..end
    }
}

/// What a route of these stops, which has so much of routes as they are, costs with the break where
/// that is least; `None` where it cannot be, or would make a linked visit later than is agreed.
pub(crate) fn least_cost(
    problem: &Problem,
    id: VehicleId,
    (tasks, Kept { head, tail, least }): (&[TaskId], Kept),
    routes: &[Route],
    agreed: &Agreed,
) -> Option<i64> {
    let own = &routes[id.ix()];
    let tail = tail.map(|(of, first)| {
        let route = &routes[of.ix()];
        let begin = tasks.len() - (route.len() - first);
        Tail { route, vehicle: problem.vehicle(of), first, begin }
    });
    if tasks.iter().any(|task| errands::asks(problem, id, *task)) {
        return errands::cheapest(problem, id, Line::of(tasks), agreed).map(|found| found.cost);
    }
    let line = Line { tail, head: Some((own, head)), least, ..Line::of(tasks) };
    cheapest(problem, id, line, agreed).map(|(cost, _)| cost)
}

/// What the line costs with its errands where they are, and the slot of the break, if there is one,
/// in which that is.
pub(crate) fn cheapest(
    problem: &Problem,
    id: VehicleId,
    line: Line<'_>,
    agreed: &Agreed,
) -> Option<(i64, Slot)> {
    let start = Prefix::start(problem.vehicle(id));
    if problem.vehicle(id).rest.is_some() {
        return best_slot(problem, id, start, line, agreed);
    }
    let outcome = outcome_from(problem, id, (0, start), line, Slot::default(), agreed)?;
    Some((agreed.cost(problem, &outcome), Slot::default()))
}

/// The slot in which the break costs least, and what the route then costs; the first of equals.
/// Slots that would make a linked visit later than agreed are left alone: other routes would pay.
fn best_slot(
    problem: &Problem,
    id: VehicleId,
    start: Prefix,
    line: Line<'_>,
    agreed: &Agreed,
) -> Option<(i64, Slot)> {
    let rest = problem.vehicle(id).rest.filter(|_| line.len() > 0)?;
    let taken = best_taken(problem, id, (start, rest), line, agreed);
    if !problem.may_miss_breaks {
        return taken;
    }
    let (at, bare) = line.begin(start, FAR);
    let missed = outcome_from(problem, id, (at, bare), line, Slot::NONE, agreed);
    let missed = missed.map(|outcome| (agreed.cost(problem, &outcome), Slot::NONE));
    taken.into_iter().chain(missed).min_by_key(|(cost, _)| *cost)
}

/// The same among the slots in which the break is taken.
fn best_taken(
    problem: &Problem,
    id: VehicleId,
    (start, rest): (Prefix, Rest),
    line: Line<'_>,
    agreed: &Agreed,
) -> Option<(i64, Slot)> {
    let vehicle = problem.vehicle(id);
    if vehicle.rest_place.is_some() || !line.errands.is_empty() {
        return best_slot_after(problem, id, start, line, agreed, -FAR)
            .map(|(cost, slot, _)| (cost, slot));
    }
    // Where the next stop is over before the break may begin, the break may as well come after it,
    // unless an earlier break and a later departure save waiting.
    let likely = best_slot_after(problem, id, start, line, agreed, rest.earliest);
    match likely {
        // Waiting for it in an earlier gap makes everything later, so that none is kept there either.
        None => None,
        Some((cost, slot, waiting)) if waiting == 0 || problem.waiting.0 == 0 => Some((cost, slot)),
        Some(_) => best_slot_after(problem, id, start, line, agreed, -FAR)
            .map(|(cost, slot, _)| (cost, slot)),
    }
}

/// The same among the gaps before stops that are not over by `over`; last, the waiting that is left.
fn best_slot_after(
    problem: &Problem,
    id: VehicleId,
    start: Prefix,
    line: Line<'_>,
    agreed: &Agreed,
    over: i32,
) -> Option<(i64, Slot, i32)> {
    let rest = problem.vehicle(id).rest?;
    let mut best: Option<(i64, Slot, i32)> = None;
    let (begin, mut bare) = line.begin(start, over);
    for gap in begin..=line.len() {
        if bare.ready() > rest.latest {
            break;
        }
        let last = gap == line.len();
        let next =
            if last { None } else { step(problem, id, bare, (line, gap), Slot::NONE, agreed) };
        let too_early = next.is_some_and(|(_, next)| next.ready() <= over);
        // With no pause before it, the break may as well be taken before the way.
        let on_arrival =
            gap == 0 || last || bare.ready() < rest.earliest || !line.errands.is_empty();
        let variants =
            [true, false].into_iter().filter(|arrival| !too_early && (on_arrival || !arrival));
        for on_arrival in variants {
            let slot = Slot { gap: gap as u32, on_arrival };
            if problem.vehicle(id).may_rest(slot)
                && let Some(outcome) = outcome_from(problem, id, (gap, bare), line, slot, agreed)
                && best.is_none_or(|(least, ..)| agreed.cost(problem, &outcome) < least)
            {
                let cost = agreed.cost(problem, &outcome);
                best = Some((cost, slot, outcome.waiting));
                if cost <= line.least {
                    return best;
                }
            }
        }
        match next {
            Some((_, next)) => bare = next,
            None => break,
        }
    }
    best
}

/// The start of one stop more, and the stretch that has it; `None` where it cannot, or where it would be later than
/// agreed with other routes.
#[inline]
fn step(
    problem: &Problem,
    id: VehicleId,
    prefix: Prefix,
    (line, at): (Line<'_>, usize),
    slot: Slot,
    agreed: &Agreed,
) -> Option<(i32, Prefix)> {
    let (task, timing) = line.stop(at, problem, agreed);
    let job = problem.job_of(task);
    let gap = course(problem, id, line, slot).before(at, prefix.place, job.place);
    let (start, next) =
        prefix.go(gap)?.serve((job, problem.vehicle(id)), late_of(problem, task), timing)?;
    let is_extra = line.extra.is_some_and(|(here, ..)| here == at);
    let next = next.behind_stop(problem.vehicle(id), at);
    let as_agreed = line.pushes || start <= timing.opens();
    (!job.linked || is_extra || as_agreed).then_some((start, next))
}

#[inline]
fn course<'a>(problem: &'a Problem, id: VehicleId, line: Line<'a>, slot: Slot) -> Course<'a> {
    Course { errands: line.errands, ..Course::plain(problem, id, slot) }
}

/// What the line comes to when its first so many stops make `bare`, a stretch without break, and the
/// break follows in `slot`.
fn outcome_from(
    problem: &Problem,
    id: VehicleId,
    (stops, bare): (usize, Prefix),
    line: Line<'_>,
    slot: Slot,
    agreed: &Agreed,
) -> Option<Outcome> {
    let mut prefix = bare;
    for at in stops..line.len() {
        let (start, next) = step(problem, id, prefix, (line, at), slot, agreed)?;
        if let Some(Tail { route, vehicle, first, begin }) = line.tail.filter(|it| it.begin <= at) {
            let stop = first + at - begin;
            if route.has_rested(vehicle, stop)
                && let Some(outcome) = route.join(stop, start, next)
            {
                return Some(outcome);
            }
        }
        prefix = next;
    }
    let home = course(problem, id, line, slot).home(line.len(), prefix.place);
    prefix.finish(home, problem.vehicle(id))
}

/// When each stop of the line starts with the break in `slot`.
pub(crate) fn starts(
    problem: &Problem,
    id: VehicleId,
    line: Line<'_>,
    slot: Slot,
    agreed: &Agreed,
) -> Vec<i32> {
    let mut prefix = Prefix::start(problem.vehicle(id));
    let start = |at: usize| {
        let (start, next) = step(problem, id, prefix, (line, at), slot, agreed)?;
        prefix = next;
        Some(start)
    };
    (0..line.len()).map_while(start).collect()
}
