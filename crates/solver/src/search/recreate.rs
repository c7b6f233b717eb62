//! Puts visits back into routes, in one of several orders, each where it costs least.

use super::insertion::{Blink, best_placement, placement_of_each};
use super::rng::Rng;
use super::state::State;
use crate::problem::{FAR, Follow, Job, JobId, Problem};

/// Up to how many visits a day is so small that who stays at home is not spared: every plan of it is
/// soon in reach.
const FEW: usize = 40;

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
    load: i64,
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
        let mut blink = match rng.below(32) {
            0 => Blink::CarersMovingBreaks(rng),
            1..4 => Blink::Carers(rng),
            4..18 if state.problem.jobs.len() > FEW => Blink::Idle(rng),
            _ => Blink::Seats(rng),
        };
        self.put(state, out, &mut blink)
    }

    /// The same, the most critical and narrowest first and overlooking nothing.
    pub(crate) fn put_back_exactly(
        &mut self,
        state: &mut State<'_>,
        out: &mut Vec<JobId>,
        _rng: &mut Rng,
    ) -> bool {
        let key = |job: &JobId| self.keys[job.ix()];
        out.sort_by_key(|job| (-key(job).drop, key(job).choice, *job));
        self.put(state, out, &mut Blink::Never)
    }

    fn put(&self, state: &mut State<'_>, out: &mut Vec<JobId>, blink: &mut Blink<'_>) -> bool {
        // What follows another visit has its turn after it.
        let mut waiting: Vec<JobId> = Vec::new();
        let mut left: Vec<JobId> = Vec::new();
        for job in out.drain(..) {
            if state.is_done(job) {
                // A part that was put in with its whole.
            } else if !state.may_follow(job) {
                waiting.push(job);
            } else if !put_one(state, job, blink) {
                left.push(job);
            }
        }
        loop {
            let before = waiting.len();
            let mut still = Vec::new();
            for job in waiting.drain(..) {
                if state.is_done(job) {
                } else if !state.may_follow(job) {
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
        let halves = state.halves();
        halves.is_empty() || state.remove(&halves, out)
    }

    /// One of the orders, drawn.
    fn order(&self, out: &mut [JobId], rng: &mut Rng) {
        rng.shuffle(out);
        let key = |job: &JobId| self.keys[job.ix()];
        match rng.below(16) {
            0..4 => {}
            4..7 => out.sort_by_key(|job| (-key(job).drop, -key(job).load)),
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
            load: job.load,
            earliest: windows.first().map_or(0, |window| window.earliest),
            choice: able as i64 * width,
            far: rides.min().unwrap_or(0),
            double: job.is_double(),
        }
    }
}

/// Puts the visit where it costs least; where there is no such place because it must not lie so far
/// behind the visit that it follows, that one is put later.
fn put_one(state: &mut State<'_>, job: JobId, blink: &mut Blink<'_>) -> bool {
    if state.problem.job(job).before.iter().any(Follow::is_part) {
        return put_whole(state, job, blink);
    }
    if put_from(state, job, -FAR, blink) {
        return true;
    }
    let problem = state.problem;
    let Some(follow) = problem.job(job).after else { return false };
    let opens = problem.windows[problem.job(job).windows.start as usize].earliest;
    if problem.job(job).drop <= problem.job(follow.job).drop
        || state.agreed.start[follow.job.ix()] >= opens - follow.max
    {
        return false;
    }
    let (mark, before) = (state.mark(), state.guided());
    let mut removed = Vec::new();
    let put = state.remove(&[follow.job], &mut removed)
        && removed.len() == 1
        && put_from(state, follow.job, opens - follow.max, blink)
        && put_from(state, job, -FAR, blink)
        && state.guided() < before;
    if !put {
        state.rollback(mark);
    }
    put
}

/// How many carers are tried for a visit of which somebody else has a part.
const TRIED: usize = 8;

/// Puts the visit and its parts in, or nothing: where its cheapest place leaves none for a part, each
/// other carer's is tried.
fn put_whole(state: &mut State<'_>, job: JobId, blink: &mut Blink<'_>) -> bool {
    let mark = state.mark();
    if put_from(state, job, -FAR, blink) && put_parts(state, job, blink) {
        return true;
    }
    state.rollback(mark);
    let mut places = placement_of_each(state, job);
    places.sort_by_key(|(cost, _)| *cost);
    for (_, placement) in places.iter().take(TRIED) {
        let (mark, before) = (state.mark(), state.cost());
        if state.insert(placement) && put_parts(state, job, blink) && state.cost() < before {
            return true;
        }
        state.rollback(mark);
    }
    false
}

fn put_parts(state: &mut State<'_>, job: JobId, blink: &mut Blink<'_>) -> bool {
    let problem = state.problem;
    let mut parts = problem.job(job).before.iter().filter(|follow| follow.is_part());
    parts.all(|part| state.is_done(part.job) || put_from(state, part.job, -FAR, blink))
}

/// Puts the visit, starting no earlier than `floor`, where it costs least, if that is worth it.
fn put_from(state: &mut State<'_>, job: JobId, floor: i32, blink: &mut Blink<'_>) -> bool {
    let Some((cost, placement)) = best_placement(state, job, floor, blink) else { return false };
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
