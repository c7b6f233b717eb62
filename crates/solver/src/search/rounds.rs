//! The search of a large day: in every round its routes are shared out among groups of neighbours,
//! each group is searched by itself, and what they come to is laid together; the next round shares
//! them out otherwise. Groups have nothing in common, so they may be searched side by side. Knows
//! how far the budget is used and never what time it is.

use super::accept::{Annealing, STEPS};
use super::budget::{Budget, Clock, Progress};
use super::groups::groups;
use super::part::{Members, Part};
use super::rng::Rng;
use super::ruin::Near;
use super::side_by_side::side_by_side;
use super::state::State;
use super::worker::Worker;
use crate::problem::Problem;
use crate::solution::Solution;

/// About how many tasks a group has.
const GROUP: usize = 250;

/// The stream of random numbers that shares the routes out.
const SHARING: u64 = 1 << 32;

/// From how many tasks on groups find more in the same time than the search of the whole: where few
/// visits are linked, and where so many are that a group must hold many of them where they are.
const LARGE: [usize; 2] = [800, 2000];

/// How many groups the day is searched in. One is a day that is better searched whole: a small one,
/// or one in which what is largest of all routes counts, or how many are disturbed, which no group knows.
pub(super) fn count(problem: &Problem) -> usize {
    let linked = problem.jobs.iter().filter(|job| job.linked).count();
    let large = LARGE[usize::from(8 * linked > problem.jobs.len())];
    if problem.weighs_all_routes() || problem.limit.is_some() || problem.tasks.len() < large {
        return 1;
    }
    let by_tasks = (problem.tasks.len() + GROUP / 2) / GROUP;
    by_tasks.clamp(1, problem.vehicles.len().div_ceil(4).max(1))
}

/// What came of one group.
struct Found {
    part: Part,
    current: Solution,
    best: Solution,
    iterations: u64,
    annealing: Option<Annealing>,
}

/// Searches from a solution on in so many groups; the best found, and how many iterations it took.
pub(super) fn search(
    problem: &Problem,
    (near, count): (&Near, usize),
    first: &Solution,
    budget: &Budget<'_>,
    clock: &Clock<'_>,
) -> (Solution, u64) {
    let rounds = clock.rounds(count);
    let mut rng = Rng::new(budget.seed, SHARING);
    let (mut current, mut best) = (first.clone(), first.clone());
    let (mut iterations, mut annealing) = (0, None);
    let step = |round: u32| clock.from() + (STEPS - clock.from()) * round / rounds;
    for round in 0..rounds {
        if clock.is_over() {
            break;
        }
        let state = State::of(problem, &current);
        let groups = groups(&state, near, count, &mut rng);
        let streams = rng.next();
        let found = side_by_side(groups, budget.threads, |nth, members| {
            let clock = clock.turn((step(round), step(round + 1)), nth, count);
            let quiet = Budget { seed: budget.seed ^ streams, progress: &|_| {}, ..*budget };
            group(problem, &current, &members, (&quiet, nth as u64), &clock, annealing.clone())
        });
        iterations += found.iter().map(|found| found.iterations).sum::<u64>();
        annealing = annealing.or_else(|| mean(&found));
        current = laid(problem, &current, &found, |found| &found.current).unwrap_or(current);
        if let Some(laid) = laid(problem, &current, &found, |found| &found.best)
            && laid.cost < best.cost
        {
            best = laid;
        }
        (budget.progress)(Progress {
            permille: step(round + 1) * 1000 / STEPS,
            iterations,
            left_out: State::of(problem, &best).left_out().len(),
            cost: best.cost,
        });
    }
    (best, iterations)
}

/// Searches one group.
fn group(
    problem: &Problem,
    current: &Solution,
    members: &Members,
    (budget, nth): (&Budget<'_>, u64),
    clock: &Clock<'_>,
    annealing: Option<Annealing>,
) -> Found {
    let part = Part::of(problem, current, members);
    let mut first = part.cut_from(problem, current);
    first.cost = State::of(&part.problem, &first).cost();
    let near = Near::of(&part.problem);
    let mut worker = Worker::new(&part.problem, &near, &first, budget, nth).at(annealing);
    worker.search(clock, clock.to());
    let (current, annealing) = (worker.current(), worker.annealing().cloned());
    let (iterations, best) = (worker.iterations(), worker.into_best());
    Found { current, best, iterations, annealing, part }
}

/// The solution with what each group came to laid into it, if together they keep every hard end.
fn laid(
    problem: &Problem,
    into: &Solution,
    found: &[Found],
    which: impl Fn(&Found) -> &Solution,
) -> Option<Solution> {
    let mut solution = into.clone();
    found.iter().for_each(|found| found.part.lay_into(problem, &mut solution, which(found)));
    State::try_of(problem, &solution).map(|state| state.solution())
}

/// From where the groups together cool down.
fn mean(found: &[Found]) -> Option<Annealing> {
    let hottest = found.iter().filter_map(|found| Some(found.annealing.as_ref()?.hottest()));
    let (sum, count) = hottest.fold((0, 0), |(sum, count), hot| (sum + hot, count + 1));
    (count > 0).then(|| Annealing::from(sum / count))
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::AtomicBool;

    use hjemrute_travel::Tables;

    use super::*;
    use crate::plan::Instance;
    use crate::render;
    use crate::score::Rate;
    use crate::search::construct;
    use crate::search::samples::day;
    use crate::verify::verify;

    fn silent(_: Progress) {}

    fn budget(cancelled: &AtomicBool, seed: u64, threads: usize) -> Budget<'_> {
        let iterations = Some(6000);
        Budget { seed, iterations, deadline: None, threads, cancelled, progress: &silent }
    }

    /// A sample day in which the largest lateness of all is nobody's affair.
    fn made(visits: usize, carers: usize, seed: u64) -> (Instance, Tables) {
        let (mut instance, tables) = day(visits, carers, seed);
        instance.policy.worst_late = Rate(0);
        instance.policy.worst_idle = Rate(0);
        (instance, tables)
    }

    /// The drops of what is offered to no group, because what it is linked to lies in two.
    fn offered_to_none(problem: &Problem, state: &State<'_>, groups: &[Members]) -> i64 {
        let offered = |job| groups.iter().any(|group| group.own.contains(&job));
        let left_out = state.left_out().into_iter().filter(|job| !offered(*job));
        left_out.map(|job| problem.job(job).drop.0).sum()
    }

    #[test]
    fn the_groups_of_a_state_are_all_of_it_and_cost_what_it_costs() {
        for seed in 0..40 {
            let (instance, tables) = made(50, 9, seed);
            let problem = Problem::compile(&instance, &tables).expect("no faults");
            let (near, first) = (Near::of(&problem), construct::greedy(&problem));
            let state = State::of(&problem, &first);
            let groups = groups(&state, &near, 3, &mut Rng::new(seed, 0));
            let mut vehicles: Vec<_> =
                groups.iter().flat_map(|group| group.vehicles.iter().copied()).collect();
            vehicles.sort_unstable();
            assert_eq!(vehicles, problem.vehicle_ids().collect::<Vec<_>>());
            let mut cost = offered_to_none(&problem, &state, &groups);
            let mut laid = first.clone();
            for members in &groups {
                let part = Part::of(&problem, &first, members);
                let cut = part.cut_from(&problem, &first);
                cost += State::of(&part.problem, &cut).cost();
                part.lay_into(&problem, &mut laid, &cut);
            }
            assert_eq!(cost, state.cost(), "day {seed}");
            assert_eq!((laid.routes, laid.window), (first.routes, first.window));
        }
    }

    #[test]
    fn groups_laid_together_are_right_and_cost_no_more_but_for_waiting() {
        let never = AtomicBool::new(false);
        for seed in 0..20 {
            let (instance, tables) = made(50, 9, seed);
            let problem = Problem::compile(&instance, &tables).expect("no faults");
            let (near, first) = (Near::of(&problem), construct::greedy(&problem));
            let state = State::of(&problem, &first);
            let groups = groups(&state, &near, 3, &mut Rng::new(seed, 0));
            let budget = Budget { iterations: Some(300), ..budget(&never, seed, 1) };
            let found: Vec<Found> = groups
                .iter()
                .map(|members| {
                    let clock = Clock::new(&budget, 0);
                    group(&problem, &first, members, (&budget, 0), &clock, None)
                })
                .collect();
            let both: [fn(&Found) -> &Solution; 2] = [|found| &found.best, |found| &found.current];
            for which in both {
                let cost = |found: &Found| State::of(&found.part.problem, which(found)).cost();
                let parts = found.iter().map(cost).sum::<i64>();
                let all = parts + offered_to_none(&problem, &state, &groups);
                let laid = laid(&problem, &first, &found, which).expect("every hard end is kept");
                // A visit that was held and now may start earlier can make its carer wait longer.
                let waiting = State::of(&problem, &laid).waiting_cost();
                assert!(laid.cost - waiting <= all, "day {seed}: {} for {all}", laid.cost);
                let plan = render(&instance, &tables, &problem, &laid);
                assert_eq!(verify(&instance, &tables, &plan).breaches, []);
            }
        }
    }

    #[test]
    fn a_seed_gives_the_same_plan_on_any_number_of_threads_and_no_worse_than_the_first() {
        let never = AtomicBool::new(false);
        for seed in 0..3 {
            let (instance, tables) = made(90, 14, seed);
            let problem = Problem::compile(&instance, &tables).expect("no faults");
            let (near, first) = (Near::of(&problem), construct::greedy(&problem));
            let searched = |threads| {
                let budget = budget(&never, seed, threads);
                search(&problem, (&near, 3), &first, &budget, &Clock::new(&budget, 0))
            };
            let one = searched(1);
            assert!(one.0.cost < first.cost, "day {seed}");
            for threads in [2, 3, 8] {
                assert_eq!(one, searched(threads), "day {seed}, {threads} threads");
            }
        }
    }
}
