//! What a placement would come to over all routes, told without making it: the starts of linked visits
//! that it makes later are followed from route to route, each walked from where it changes until it
//! is as it was. Changes nothing but its own notes.

use std::collections::VecDeque;

use super::{Placement, State};
use crate::gap::Course;
use crate::problem::{FAR, Follow, JobId, Problem, TaskId, VehicleId};
use crate::route::{Outcome, Seat, Timing, late_of};

/// How often routes are walked before the starts are taken to rise for ever.
const PATIENCE: usize = 60;

/// The notes of a trial.
#[derive(Debug, Default)]
pub(super) struct Trial {
    /// By job: the turn in which its start was raised, and to what.
    raised: Vec<(u32, i32)>,
    turn: u32,
    walks: Vec<Walk>,
    /// The walks that wait for their turn, in it.
    todo: VecDeque<usize>,
}

/// A route that the placement changes.
#[derive(Clone, Copy, Debug)]
struct Walk {
    vehicle: VehicleId,
    extra: Option<(TaskId, Seat)>,
    /// The first of its stops that changes, and the last whose start another route has raised.
    from: usize,
    last: usize,
    outcome: Outcome,
    waits: bool,
}

impl Trial {
    pub(super) fn new(problem: &Problem) -> Trial {
        Trial { raised: vec![(0, 0); problem.jobs.len()], ..Trial::default() }
    }

    fn start(&self, state: &State<'_>, job: JobId) -> i32 {
        let (turn, start) = self.raised[job.ix()];
        if turn == self.turn { start } else { state.agreed.start[job.ix()] }
    }
}

impl State<'_> {
    /// By how much the visit in its seats would raise the cost, if by less than `below`; `None` too
    /// where a hard end could not be kept. Breaks stay where they are, so that making it may come to
    /// less.
    pub(crate) fn raise_by(&mut self, placement: &Placement, below: i64) -> Option<i64> {
        if self.goes_for_keys(placement) {
            return self.make_and_take_back(placement).filter(|raise| *raise < below);
        }
        let mut trial = std::mem::take(&mut self.trial);
        let raise = self.raise_in(&mut trial, placement, below);
        self.trial = trial;
        raise
    }

    /// Whether a route of the placement goes for keys, and so must be laid anew.
    fn goes_for_keys(&self, placement: &Placement) -> bool {
        let Placement { job, first, second, .. } = *placement;
        let seats = [Some(first), second].into_iter().flatten();
        self.problem.job(job).tasks().zip(seats).any(|(task, (vehicle, _))| {
            self.routes[vehicle.ix()].goes_for_keys(self.problem, vehicle, task)
        })
    }

    /// By how much the placement raises the cost, found out by making it.
    fn make_and_take_back(&mut self, placement: &Placement) -> Option<i64> {
        let before = self.guided() - self.problem.job(placement.job).drop.0;
        let mark = self.mark();
        let raise = self.insert(placement).then(|| self.guided() - before);
        self.rollback(mark);
        raise
    }

    fn raise_in(&self, trial: &mut Trial, placement: &Placement, below: i64) -> Option<i64> {
        let Placement { job: id, window, floor, first, second } = *placement;
        let problem = self.problem;
        let job = problem.job(id);
        trial.turn += 1;
        trial.walks.clear();
        trial.todo.clear();
        // What it costs that it is at another time than was published.
        let mut persons = problem.windows[window as usize].price;
        for (task, (vehicle, seat)) in job.tasks().zip([Some(first), second].into_iter().flatten())
        {
            persons += i64::from(problem.fit(vehicle, task)) + self.face(vehicle, job);
            let route = &self.routes[vehicle.ix()];
            let carer = problem.vehicle(vehicle);
            if seat.at < carer.begun || !carer.may_rest(seat.slot) {
                return None;
            }
            let from = route.changes_from(carer, seat);
            let outcome = route.outcome;
            trial.todo.push_back(trial.walks.len());
            let extra = Some((task, seat));
            trial.walks.push(Walk { vehicle, extra, from, last: 0, outcome, waits: true });
        }
        let opens = problem.windows[window as usize].earliest;
        let (own, start) = (Own { id, window }, self.floor(id).max(floor).max(opens));
        self.lift(trial, own, (id, start), None);
        let mut patience = PATIENCE;
        while let Some(at) = trial.todo.pop_front() {
            patience = patience.checked_sub(1)?;
            trial.walks[at].waits = false;
            self.walk(trial, own, at)?;
            if problem.waiting.0 == 0
                && !self.agreed.guide.is_on()
                && persons + self.so_far(trial) >= below
            {
                return None;
            }
        }
        let raise = persons + self.so_far(trial);
        (raise < below).then_some(raise)
    }

    /// By how much the routes walked so far raise the cost.
    fn so_far(&self, trial: &Trial) -> i64 {
        let problem = self.problem;
        let mut peaks = self.agreed.peaks;
        let mut raise = -peaks.cost(problem);
        for walk in &trial.walks {
            raise +=
                self.agreed.alone(problem, &walk.outcome) - self.routes[walk.vehicle.ix()].cost;
            if problem.prices_peaks() {
                peaks = self.agreed.raised(peaks, &walk.outcome);
            }
        }
        raise + peaks.cost(problem)
    }

    /// Walks a route from its first change on until it is as it was; what that raises is noted.
    fn walk(&self, trial: &mut Trial, own: Own, at: usize) -> Option<()> {
        let problem = self.problem;
        let Walk { vehicle: id, extra, from, last, .. } = trial.walks[at];
        let (vehicle, route) = (problem.vehicle(id), &self.routes[id.ix()]);
        let slot = extra.map_or(route.slot, |(_, seat)| seat.slot);
        let (here, stops) = extra
            .map_or((usize::MAX, route.len()), |(_, seat)| (seat.at as usize, route.len() + 1));
        let course = Course { slot, ..route.course(problem, id) };
        let mut prefix = route.prefix[from];
        for stop in from..stops {
            let old = if stop > here { stop - 1 } else { stop };
            let task = match extra {
                Some((task, _)) if stop == here => task,
                _ => route.tasks[old],
            };
            let job = problem.tasks[task.ix()].job;
            let timing = self.trial_timing(trial, own, job);
            let gap = course.before(stop, prefix.place, problem.job(job).place);
            let (start, next) = prefix.go(gap)?.serve(
                (problem.job(job), vehicle),
                late_of(problem, task),
                timing,
            )?;
            if problem.job(job).linked && start > timing.floor {
                self.lift(trial, own, (job, start), Some(at));
            }
            let next = next.behind_stop(vehicle, stop);
            prefix = next;
            let behind = (extra.is_none() || stop > here) && old >= last;
            if behind
                && route.rests_alike(vehicle, slot, stop, old)
                && let Some(outcome) = route.join(old, start, next)
            {
                trial.walks[at].outcome = outcome;
                return Some(());
            }
        }
        let home = course.home(stops, prefix.place);
        trial.walks[at].outcome = prefix.finish(home, vehicle)?;
        Some(())
    }

    fn trial_timing(&self, trial: &Trial, own: Own, job: JobId) -> Timing<'_> {
        let window = if job == own.id { own.window } else { self.agreed.window[job.ix()] };
        let linked = self.problem.job(job).linked;
        let floor = if linked { trial.start(self, job) } else { -FAR };
        Timing { window: &self.problem.windows[window as usize], floor }
    }

    /// Notes a later start of a linked visit, and all that it makes later but for the route which is
    /// being walked.
    fn lift(&self, trial: &mut Trial, own: Own, (id, start): (JobId, i32), by: Option<usize>) {
        let job = self.problem.job(id);
        trial.raised[id.ix()] = (trial.turn, start);
        for task in job.tasks() {
            let at = if id == own.id {
                trial.walks.iter().position(|walk| walk.extra.is_some_and(|(it, _)| it == task))
            } else {
                self.walk_past(trial, task)
            };
            if let Some(at) = at.filter(|at| Some(*at) != by)
                && !std::mem::replace(&mut trial.walks[at].waits, true)
            {
                trial.todo.push_back(at);
            }
        }
        let there = |follow: &&Follow| follow.job == own.id || self.is_done(follow.job);
        let after = job.after.iter().filter(there).map(|it| (it.job, start - it.max));
        let before = job.before.iter().filter(there).map(|it| (it.job, start + it.min));
        for (other, least) in after.chain(before) {
            if trial.start(self, other) < least {
                self.lift(trial, own, (other, least), None);
            }
        }
    }

    /// The walk of the route that a task is on, which now goes past it.
    fn walk_past(&self, trial: &mut Trial, task: TaskId) -> Option<usize> {
        let vehicle = self.route_of(task)?;
        let route = &self.routes[vehicle.ix()];
        let stop = self.stop_of(task);
        if let Some(at) = trial.walks.iter().position(|walk| walk.vehicle == vehicle) {
            let walk = &mut trial.walks[at];
            (walk.from, walk.last) = (walk.from.min(stop), walk.last.max(stop));
            return Some(at);
        }
        let (from, last, outcome) = (stop, stop, route.outcome);
        trial.walks.push(Walk { vehicle, extra: None, from, last, outcome, waits: false });
        Some(trial.walks.len() - 1)
    }
}

/// The visit being placed.
#[derive(Clone, Copy)]
struct Own {
    id: JobId,
    window: u32,
}

#[cfg(test)]
mod tests {
    use super::super::super::construct;
    use super::super::super::rng::Rng;
    use super::super::super::samples::{count, day};
    use super::*;
    use crate::score::Rate;

    /// A seat anywhere on the route of somebody who may.
    fn seat(state: &State<'_>, task: TaskId, rng: &mut Rng) -> Option<(VehicleId, Seat)> {
        let able = &state.problem.able[task.ix()];
        let vehicle = (!able.is_empty()).then(|| able[rng.below(able.len())])?;
        let route = &state.routes[vehicle.ix()];
        let at = rng.below(route.len() + 1) as u32;
        let fits = state.problem.job_of(task).load <= state.fleet.room(vehicle);
        fits.then_some((vehicle, Seat { at, slot: route.slot }))
    }

    /// Without breaks, which making it may move, and without idle time, which it may shorten.
    #[test]
    fn what_is_told_is_what_making_it_comes_to() {
        let (mut told, mut pushed) = (0, 0);
        for seed in 0..count(60) {
            let (mut instance, tables) = day(40, 8, seed);
            instance.policy.worst_idle = Rate(0);
            instance.carers.iter_mut().for_each(|carer| carer.rest = None);
            let problem = Problem::compile(&instance, &tables).expect("a sample day has no faults");
            let mut state = State::of(&problem, &construct::greedy(&problem));
            let mut rng = Rng::new(seed, 7);
            for job in problem.job_ids().filter(|job| problem.job(*job).linked) {
                let mut out = Vec::new();
                let whole = state.mark();
                let kept = state.remove(&[job], &mut out);
                for _ in 0..if kept && state.may_follow(job) { 12 } else { 0 } {
                    let mut seats =
                        problem.job(job).tasks().map(|task| seat(&state, task, &mut rng));
                    let Some(Some(first)) = seats.next() else { continue };
                    let second = seats.next().flatten();
                    let apart = second.is_none_or(|second| second.0 != first.0);
                    if second.is_some() != problem.job(job).is_double() || !apart {
                        continue;
                    }
                    let window = problem.job(job).windows.start;
                    let placement = Placement { job, window, floor: -FAR, first, second };
                    let raise = state.raise_by(&placement, i64::MAX);
                    let before = state.cost() - problem.job(job).drop.0;
                    let mark = state.mark();
                    let made = state.keeps_apart(&placement) && state.insert(&placement);
                    let others = state
                        .journal
                        .iter()
                        .filter(|it| matches!(it, super::super::journal::Entry::Job(..)));
                    pushed += usize::from(made && others.count() > 3);
                    if made {
                        assert_eq!(raise, Some(state.cost() - before), "day {seed}, {placement:?}");
                    } else if state.keeps_apart(&placement) {
                        assert_eq!(raise, None, "day {seed}, {placement:?}");
                    }
                    told += usize::from(made);
                    state.rollback(mark);
                    assert_eq!(state.raise_by(&placement, i64::MAX), raise);
                    assert!(raise.is_none_or(|raise| state.raise_by(&placement, raise).is_none()));
                }
                state.rollback(whole);
            }
        }
        assert!(told > 500 && pushed > 50, "{told} {pushed}");
    }
}
