//! Planning a day anew that has a published plan: first things are left as they are, and only what has
//! no place any more is put in somewhere; from there the search goes on, and what it finds is never
//! worse. Knows the plan that holds in names, and the search as a whole.

use std::collections::{BTreeMap, BTreeSet};

use hjemrute_travel::{Seconds, Time};

use crate::plan::{CarerRef, Instance, PatientRef, Plan, Stop, VisitId};
use crate::problem::{FAR, JobId, Limit, Problem, TaskId, VehicleId};
use crate::route::{Seat, Slot};
use crate::search::{Budget, Placement, Progress, State, complete, improve};
use crate::solution::Solution;

/// A day planned anew.
#[derive(Clone, Debug)]
pub struct Replanned {
    /// What it came to.
    pub solution: Solution,
    /// What leaving things as they are comes to: everybody keeps the carer and the time that can, and
    /// the rest is put in where it disturbs nobody.
    pub kept: Solution,
    /// The patients who get another carer, another time or nobody even so.
    pub forced: Vec<PatientRef>,
}

/// Plans a day anew that has a published plan; never worse than leaving things as they are. With
/// `most_changes`, no more patients than that are disturbed besides those who must be.
///
/// # Panics
/// If the problem is not of this day.
pub fn replan(
    instance: &Instance,
    problem: Problem,
    published: &Plan,
    most_changes: Option<usize>,
    budget: &Budget<'_>,
) -> (Problem, Replanned) {
    let kept = left_as_it_is(instance, &problem, published);
    let forced = State::of(&problem, &kept).disturbed();
    let must: Vec<bool> =
        (0..problem.patients as u32).map(|patient| forced.contains(&patient)).collect();
    let limit = |most| Limit { most, forced: must.clone() };
    let mut problem = problem;
    let (mut solution, mut iterations) = (kept.clone(), 0);
    for Stage { most, from, to } in stages(forced.len(), most_changes) {
        problem.limit = most.map(limit);
        let tell = |now: Progress| {
            let permille = from + (to - from) * now.permille / 1000;
            (budget.progress)(Progress { permille, ..now });
        };
        let part = budget.stretch(from, to);
        solution = improve(&problem, &solution, &Budget { progress: &tell, ..part });
        iterations += solution.iterations();
    }
    let solution = solution.with_iterations(iterations);
    let solution =
        if State::of(&problem, &solution).keeps_limit() { solution } else { kept.clone() };
    let mut names: BTreeMap<u32, &PatientRef> = BTreeMap::new();
    for job in &problem.jobs {
        names.insert(job.patient, &instance.visits[job.visit].patient);
    }
    let forced = forced.iter().map(|patient| names[patient].clone()).collect();
    (problem, Replanned { solution, kept, forced })
}

/// A stretch of the search, in thousandths of it, in which only so many patients may be disturbed besides those
/// who must be.
struct Stage {
    most: Option<usize>,
    from: u32,
    to: u32,
}

/// Half of the search in stages that allow few changes, and then more: a search that may change everything
/// from the beginning hardly finds back from the changes that it did not need.
fn stages(forced: usize, most_changes: Option<usize>) -> Vec<Stage> {
    let few = forced.max(2);
    let narrow = [few / 2, few, 2 * few].into_iter();
    let narrow = narrow.filter(|most| most_changes.is_none_or(|limit| *most < limit));
    let narrow: Vec<usize> = narrow.collect();
    let begin = |at: usize| (500 * at / narrow.len().max(1)) as u32;
    let narrow_stages = narrow.iter().enumerate().map(|(at, most)| Stage {
        most: Some(*most),
        from: begin(at),
        to: begin(at + 1),
    });
    let last = Stage { most: most_changes, from: begin(narrow.len()), to: 1000 };
    narrow_stages.chain([last]).collect()
}

/// The published plan as far as it can still be, and then what is left put in where it costs least
/// and makes nobody else's time another.
fn left_as_it_is(instance: &Instance, problem: &Problem, published: &Plan) -> Solution {
    let held = Held::of(instance, problem, published);
    let mut state = State::begun(problem);
    for (job, vehicles) in &held.visits {
        if !state.is_done(*job) {
            held.keep(&mut state, *job, vehicles);
        }
    }
    state.forget();
    complete(problem, state.solution())
}

/// The published plan in numbers.
struct Held {
    /// The visits that are still to be made, in the order of their starts, and who comes to each;
    /// `None` is somebody who is not at work.
    visits: Vec<(JobId, Vec<Option<VehicleId>>)>,
    /// By vehicle: the visits before the break, if it has one, and whether that is on arrival.
    rests: Vec<Option<(BTreeSet<JobId>, bool)>>,
}

impl Held {
    fn of(instance: &Instance, problem: &Problem, published: &Plan) -> Held {
        let ids: BTreeMap<&VisitId, JobId> =
            problem.job_ids().map(|id| (&instance.visits[problem.job(id).visit].id, id)).collect();
        let at_work: BTreeMap<&CarerRef, VehicleId> =
            instance.carers.iter().map(|carer| &carer.id).zip((0..).map(VehicleId)).collect();
        let mut rests = vec![None; problem.vehicles.len()];
        let mut starts: BTreeMap<JobId, Time> = BTreeMap::new();
        let mut crews: BTreeMap<JobId, Vec<Option<VehicleId>>> = BTreeMap::new();
        for list in &published.work_lists {
            let vehicle = at_work.get(&list.carer).copied();
            let mut before = BTreeSet::new();
            for stop in &list.stops {
                match stop {
                    Stop::Visit(stop) => {
                        let Some(id) = ids.get(&stop.visit) else { continue };
                        starts.insert(*id, stop.start);
                        crews.entry(*id).or_default().push(vehicle);
                        before.insert(*id);
                    }
                    Stop::Break { travel, .. } => {
                        if let Some(vehicle) = vehicle {
                            let on_arrival = travel.seconds > Seconds::ZERO;
                            rests[vehicle.ix()] = Some((before.clone(), on_arrival));
                        }
                    }
                    Stop::Leave { .. } | Stop::Key { .. } | Stop::Return { .. } => {}
                }
            }
        }
        let mut visits: Vec<(JobId, Vec<Option<VehicleId>>)> = crews.into_iter().collect();
        visits.sort_by_key(|(id, _)| (starts[id], *id));
        Held { visits, rests }
    }

    /// Puts the visit at the end of the routes it was on, at its published time if that can be; where
    /// it cannot, it waits for its turn with what is new.
    fn keep(&self, state: &mut State<'_>, id: JobId, vehicles: &[Option<VehicleId>]) {
        let problem = state.problem;
        let job = problem.job(id);
        let who: Option<Vec<VehicleId>> = vehicles.iter().copied().collect();
        let Some(who) = who.filter(|who| who.len() == job.tasks().count()) else { return };
        if !state.may_follow(id) {
            return;
        }
        let mut windows: Vec<u32> = job.windows().collect();
        windows.sort_by_key(|at| problem.windows[*at as usize].moved);
        for who in [who.clone(), who.into_iter().rev().collect()] {
            let may = |(who, task): (&VehicleId, TaskId)| problem.able[task.ix()].contains(who);
            if !who.iter().zip(job.tasks()).all(may) {
                continue;
            }
            for (window, rests) in
                windows.iter().flat_map(|at| Rests::ALL.map(|rests| (*at, rests)))
            {
                let end = |vehicle: VehicleId| (vehicle, self.end(state, id, vehicle, rests));
                let (first, second) = (end(who[0]), who.get(1).map(|vehicle| end(*vehicle)));
                let there = Placement { job: id, window, floor: -FAR, first, second };
                let mark = state.mark();
                if state.insert(&there) {
                    return;
                }
                state.rollback(mark);
            }
        }
    }

    /// The seat behind all stops of the route.
    fn end(&self, state: &State<'_>, id: JobId, vehicle: VehicleId, rests: Rests) -> Seat {
        let route = &state.routes[vehicle.ix()];
        let at = route.len() as u32;
        let slot = match (rests, &self.rests[vehicle.ix()]) {
            (Rests::AsBefore, Some((before, on_arrival))) if !before.contains(&id) => {
                let jobs = route.tasks.iter().map(|task| state.problem.tasks[task.ix()].job);
                let gap = jobs.filter(|job| before.contains(job)).count() as u32;
                Slot { gap, on_arrival: *on_arrival }
            }
            (Rests::AsNow, _) => route.slot,
            (Rests::AsBefore | Rests::AtHome, _) => Slot { gap: at + 1, on_arrival: true },
            (Rests::Behind, _) => Slot { gap: at + 1, on_arrival: false },
        };
        Seat { at, slot: state.problem.vehicle(vehicle).begun_rest.unwrap_or(slot) }
    }
}

/// Where the break is when a visit is put at the end of a route.
#[derive(Clone, Copy)]
enum Rests {
    /// Where it was in the published plan.
    AsBefore,
    /// After the return.
    AtHome,
    /// Behind the visit.
    Behind,
    /// Where it is.
    AsNow,
}

impl Rests {
    const ALL: [Rests; 4] = [Rests::AsBefore, Rests::AtHome, Rests::Behind, Rests::AsNow];
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::AtomicBool;

    use hjemrute_travel::Tables;

    use super::*;
    use crate::plan::Status;
    use crate::search::samples;
    use crate::{published, render, solve, verify};

    fn iterations<'a>(count: u64, never: &'a AtomicBool) -> Budget<'a> {
        Budget {
            seed: 1,
            iterations: Some(count),
            deadline: None,
            threads: 1,
            cancelled: never,
            progress: &|_| {},
        }
    }

    /// A day, its plan, and the day as it is when it is planned anew: some visits called off, new or
    /// longer, sometimes a carer ill.
    fn disturbed_day(seed: u64) -> (Instance, Tables, Plan) {
        let (mut day, tables) = samples::day(30, 6, seed);
        // Some are not known when the plan is made.
        let new: Vec<_> = (0..30).filter(|at| at % 9 == seed as usize % 9).collect();
        for &at in &new {
            day.visits[at].status = Status::Cancelled;
        }
        let never = AtomicBool::new(false);
        let problem = Problem::compile(&day, &tables).unwrap();
        let plan = render(&day, &tables, &problem, &solve(&problem, &iterations(150, &never)));
        for at in new {
            day.visits[at].status = Status::Planned;
        }
        day.visits[(seed as usize * 7) % 30].status = Status::Cancelled;
        day.visits[(seed as usize * 5) % 30].duration += Seconds::minutes(20);
        if seed.is_multiple_of(3) {
            day.carers.remove(seed as usize % 6);
        }
        (day, tables, plan)
    }

    fn starts(plan: &Plan) -> BTreeMap<(VisitId, CarerRef), Time> {
        let mut starts = BTreeMap::new();
        for list in &plan.work_lists {
            for stop in &list.stops {
                if let Stop::Visit(stop) = stop {
                    starts.insert((stop.visit.clone(), list.carer.clone()), stop.start);
                }
            }
        }
        starts
    }

    /// The patients who get less than they were promised, by the plan alone.
    fn disturbed(day: &Instance, before: &Plan, after: &Plan) -> BTreeSet<PatientRef> {
        let told = published(day, &samples_tables(day), before, Time(i32::MIN / 4));
        let after = starts(after);
        let other = |id: &VisitId, promise: &crate::plan::Promise| {
            let comes: Vec<_> = after.iter().filter(|((visit, _), _)| visit == id).collect();
            let apart = |at: Time| (at.0 - promise.start.0).abs() > day.policy.time_tolerance.0;
            comes.is_empty()
                || comes.iter().any(|((_, who), at)| !promise.carers.contains(who) || apart(**at))
        };
        let planned = day.visits.iter().filter(|visit| visit.status == Status::Planned);
        planned
            .filter(|visit| told.promises.get(&visit.id).is_some_and(|it| other(&visit.id, it)))
            .map(|visit| visit.patient.clone())
            .collect()
    }

    /// Nothing has begun when promises alone are looked at, so no way is asked for.
    fn samples_tables(_: &Instance) -> Tables {
        Tables::new()
    }

    /// What has begun never moves, no plan is worse than leaving things as they are, and the limit is
    /// kept; whatever has happened, and whatever time it is.
    #[test]
    fn what_has_begun_stays_and_the_limit_is_kept() {
        let never = AtomicBool::new(false);
        let (mut begun, mut moved, mut keys, mut elsewhere) = (0, 0, 0, 0);
        for seed in 0..24 {
            let (mut day, tables, before) = disturbed_day(seed);
            let now = Time::at([0, 7, 9, 10, 11, 13][seed as usize % 6], 20);
            let told = published(&day, &tables, &before, now);
            begun += told.begun.values().map(|begun| begun.stops.len()).sum::<usize>();
            keys += told.begun.values().map(|begun| begun.keys.len()).sum::<usize>();
            let rests = day.carers.iter().filter(|carer| {
                carer.rest.is_some_and(|rest| rest.place.is_some())
                    && told.begun.get(&carer.id).is_some_and(|begun| begun.rest.is_some())
            });
            elsewhere += rests.count();
            day.published = Some(told);
            let problem = || Problem::compile(&day, &tables).unwrap();
            for most in [None, Some(0), Some(2)] {
                let (problem, after) =
                    replan(&day, problem(), &before, most, &iterations(60, &never));
                let plan = render(&day, &tables, &problem, &after.solution);
                let kept = render(&day, &tables, &problem, &after.kept);
                for plan in [&plan, &kept] {
                    let breaches = verify(&day, &tables, plan).breaches;
                    assert!(breaches.is_empty(), "{seed} {now}: {breaches:#?}");
                }
                assert!(plan.score <= kept.score, "{seed} {now} {most:?}");
                let forced: BTreeSet<_> = after.forced.into_iter().collect();
                assert!(disturbed(&day, &before, &kept).is_subset(&forced), "{seed}");
                let others = disturbed(&day, &before, &plan).difference(&forced).count();
                moved += others;
                assert!(most.is_none_or(|most| others <= most), "{seed} {now}: {others}");
            }
        }
        assert!(begun > 100 && moved > 20, "the days show nothing: {begun} {moved}");
        assert!(keys > 2 && elsewhere > 3, "the days show nothing: {keys} {elsewhere}");
    }

    #[test]
    fn nothing_new_changes_nothing() {
        let never = AtomicBool::new(false);
        for seed in 0..4 {
            let (mut day, tables) = samples::day(30, 6, seed);
            let problem = Problem::compile(&day, &tables).unwrap();
            let solution = solve(&problem, &iterations(300, &never));
            let before = render(&day, &tables, &problem, &solution);
            day.published = Some(published(&day, &tables, &before, Time::at(9, 0)));
            let problem = Problem::compile(&day, &tables).unwrap();
            let (problem, after) = replan(&day, problem, &before, Some(0), &iterations(50, &never));
            let plan = render(&day, &tables, &problem, &after.solution);
            let kept = render(&day, &tables, &problem, &after.kept);
            let lists = [&before, &kept].map(|plan| crate::notation::lists(&day, plan));
            assert_eq!(after.forced, [], "{seed}\n{}\n{}", lists[0], lists[1]);
            assert!(disturbed(&day, &before, &plan).is_empty(), "{seed}");
            assert_eq!(plan.score.parts.changes, crate::score::Cost::ZERO);
        }
    }
}
