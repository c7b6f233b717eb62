//! The times that routes agree on against their definition: the least starts that keep every way,
//! every window and every link, by Bellman and Ford; there are none where the links go round in a circle
//! for ever. And what is agreed change by change against what is agreed from scratch. (Tests.)

use super::*;
use crate::plan::Instance;
use crate::search::construct;
use crate::search::rng::Rng;
use crate::search::samples::{count, day};

/// A day without breaks, keys and loads, which Bellman and Ford know nothing of.
fn bare(visits: usize, carers: usize, seed: u64) -> Option<(Instance, hjemrute_travel::Tables)> {
    let (mut instance, tables) = day(visits, carers, seed);
    for carer in &mut instance.carers {
        (carer.rest, carer.capacity) = (None, None);
    }
    instance.places.iter_mut().for_each(|place| place.key_at = None);
    crate::faults::faults(&instance).is_empty().then_some((instance, tables))
}

/// What the starts of the jobs come to.
#[derive(Debug, PartialEq, Eq)]
enum Starts {
    At(Vec<i32>),
    /// Some visit or the end of a shift would be later than it can be.
    TooLate,
    /// They rise for ever.
    Circle,
}

/// The least starts of the jobs that the routes make, by Bellman and Ford.
fn by_definition(problem: &Problem, solution: &Solution) -> Starts {
    let job_of = |task: &TaskId| problem.tasks[task.ix()].job;
    let mut least = vec![-FAR; problem.jobs.len()];
    let mut arcs: Vec<(JobId, JobId, i32)> = Vec::new();
    let mut done = vec![false; problem.jobs.len()];
    for (id, drive) in problem.vehicle_ids().zip(&solution.routes) {
        let (vehicle, ways) = (problem.vehicle(id), problem.ways(id));
        for (at, job) in drive.tasks.iter().map(job_of).enumerate() {
            let place = problem.job(job).place;
            let opens = problem.windows[solution.window[job.ix()] as usize].earliest;
            done[job.ix()] = true;
            least[job.ix()] = least[job.ix()].max(opens);
            if at == 0 {
                let there = vehicle.ready + ways.at(vehicle.start, place).door;
                least[job.ix()] = least[job.ix()].max(there);
            } else {
                let before = job_of(&drive.tasks[at - 1]);
                let (service, from) = (problem.job(before).service, problem.job(before).place);
                arcs.push((before, job, service + ways.at(from, place).door));
            }
        }
    }
    for job in problem.job_ids().filter(|job| done[job.ix()]) {
        let after = problem.job(job).after.filter(|follow| done[follow.job.ix()]);
        arcs.extend(after.iter().map(|follow| (follow.job, job, follow.min)));
        arcs.extend(after.iter().map(|follow| (job, follow.job, -follow.max)));
    }
    for round in 0.. {
        let mut risen = false;
        for (from, to, length) in &arcs {
            let start = least[from.ix()] + length;
            risen |= start > least[to.ix()];
            least[to.ix()] = least[to.ix()].max(start);
        }
        match (risen, round) {
            (false, _) => break,
            (true, round) if round > problem.jobs.len() => return Starts::Circle,
            (true, _) => {}
        }
    }
    let late = |job: JobId| {
        let hard = problem.windows[solution.window[job.ix()] as usize].hard;
        done[job.ix()] && least[job.ix()] > hard
    };
    let overdue = |(id, drive): (VehicleId, &Drive)| {
        let Some(last) = drive.tasks.last().map(job_of) else { return false };
        let home = problem.ways(id).at(problem.job(last).place, problem.vehicle(id).end).ride;
        least[last.ix()] + problem.job(last).service + home > problem.vehicle(id).hard_end
    };
    if problem.job_ids().any(late) || problem.vehicle_ids().zip(&solution.routes).any(overdue) {
        return Starts::TooLate;
    }
    Starts::At(least)
}

/// What the state says of its starts.
fn told(state: &State<'_>) -> Vec<i32> {
    let start = |job: JobId| {
        let first = TaskId(state.problem.job(job).tasks.start);
        state.start_of(first).unwrap_or(-FAR)
    };
    state.problem.job_ids().map(start).collect()
}

#[test]
fn what_is_agreed_change_by_change_is_what_is_agreed_from_scratch() {
    let mut changed = 0;
    for seed in 0..count(60) {
        let Some((instance, tables)) = bare(30, 6, seed) else { continue };
        let problem = Problem::compile(&instance, &tables).expect("no faults");
        let mut rng = Rng::new(seed, 5);
        let mut state = State::of(&problem, &construct::greedy(&problem));
        for _ in 0..60 {
            let mark = state.mark();
            let before = (told(&state), state.cost());
            let job = JobId(rng.below(problem.jobs.len()) as u32);
            let kept = if state.is_done(job) {
                state.remove(&[job], &mut Vec::new())
            } else {
                let blink = &mut crate::search::Blink::Never;
                let best = crate::search::best_placement(&mut state, job, -FAR, blink);
                best.is_some_and(|(_, placement)| state.insert(&placement))
            };
            if !kept || rng.once_in(4) {
                state.rollback(mark);
                assert_eq!((told(&state), state.cost()), before, "day {seed}: taken back");
            }
            state.forget();
            changed += u32::from(kept);
            let Starts::At(wanted) = by_definition(&problem, &state.solution()) else {
                panic!("day {seed}: a state keeps what it must");
            };
            assert_eq!(told(&state), wanted, "day {seed}");
            let scratch = State::of(&problem, &state.solution());
            assert_eq!((told(&scratch), scratch.cost()), (wanted, state.cost()), "day {seed}");
        }
    }
    assert!(changed > 1000, "{changed}");
}
