//! An order that breaks rules, driven all the same: in a day where everybody may do everything and
//! nothing is ever too late, what comes together coming together where the order lets it. The times
//! are then the best there are for that order, and the rules of the real day are held against them.

use hjemrute_travel::{PlaceId, Seconds, Time};

use super::{Day, Ordered, is_planned};
use crate::plan::{
    Carer, CarerRef, Gap, Instance, Pin, Plan, Said, Skills, Status, Stop, TimeWindow, Visit,
    VisitId, VisitStop, Warning, WorkList,
};
use crate::problem::{Problem, TaskId};
use crate::render::{self, late};
use crate::score::Score;
use crate::solution::{Drive, Solution};
use crate::verify::Breach;

/// Longer than any day, with room to add to.
const LONG: Seconds = Seconds(4 * 86_400);

/// The plan of these lists, and the stops that there is no way to, which are not in it. A list that is
/// as in `near` keeps its break and windows. The plan's score is not told.
pub(super) fn plan(
    day: &Day<'_>,
    lists: &[Vec<usize>],
    near: Option<&Solution>,
) -> (Plan, Vec<Breach>) {
    let (lists, breaches) = reachable(day, lists);
    let told = tied(day, &lists, near).unwrap_or_else(|| apart(day, &lists, near));
    let instance = day.instance;
    let done: Vec<bool> = {
        let mut done = vec![false; instance.visits.len()];
        lists.iter().flatten().for_each(|visit| done[*visit] = true);
        done
    };
    let left_out: Vec<&Visit> = instance
        .visits
        .iter()
        .zip(done)
        .filter(|(_, done)| !done)
        .map(|(visit, _)| visit)
        .collect();
    let unassigned = render::unassigned(instance, day.tables, &left_out);
    let (work_lists, warnings) = told;
    (Plan { work_lists, unassigned, score: Score::default(), warnings }, breaches)
}

/// The lists without the stops that the carer cannot get to or home from.
fn reachable(day: &Day<'_>, lists: &[Vec<usize>]) -> (Vec<Vec<usize>>, Vec<Breach>) {
    let mut breaches = Vec::new();
    let instance = day.instance;
    let kept = instance.carers.iter().zip(lists).map(|(carer, visits)| {
        let table = day.tables.get(carer.mode);
        let way = |from: PlaceId, to: PlaceId| table.is_some_and(|it| it.leg(from, to).is_some());
        let mut here = carer.start;
        let mut kept = Vec::new();
        for &row in visits {
            let visit = &instance.visits[row];
            if way(here, visit.place) && way(visit.place, carer.end) {
                kept.push(row);
                here = visit.place;
                continue;
            }
            breaches.push(Breach {
                rule: "no-way",
                visit: Some(visit.id.clone()),
                carer: Some(carer.id.clone()),
                detail: Said::new(
                    format!("no way there and home by {}", carer.mode),
                    format!("ingen vei dit og hjem med reisemåten «{}»", carer.mode),
                ),
            });
        }
        kept
    });
    (kept.collect(), breaches)
}

/// The work lists and the warnings.
type Told = (Vec<WorkList>, Vec<Warning>);

/// Driven with everything together that is whole; none where the order does not let it.
fn tied(day: &Day<'_>, lists: &[Vec<usize>], near: Option<&Solution>) -> Option<Told> {
    let loose = Loose::of(day.instance, lists, true);
    let problem = Problem::of_sound(&loose.instance, day.tables);
    let routes = loose.tasks(&problem);
    let near = near.map(|near| loose.near(day, &problem, &routes, near));
    let solution = Ordered::of(&problem).drive(&routes, near.as_ref())?;
    Some(loose.told(day, &problem, &solution))
}

/// Driven with each carer's stops for themselves.
fn apart(day: &Day<'_>, lists: &[Vec<usize>], near: Option<&Solution>) -> Told {
    let loose = Loose::of(day.instance, lists, false);
    let problem = Problem::of_sound(&loose.instance, day.tables);
    let routes = loose.tasks(&problem);
    let near = near.map(|near| loose.near(day, &problem, &routes, near));
    let solution = Ordered::of(&problem).drive(&routes, near.as_ref()).unwrap_or_else(|| {
        let drive = |tasks: Vec<TaskId>| Drive { tasks, ..Drive::default() };
        let window = problem.jobs.iter().map(|job| job.windows.start).collect();
        Solution::new(routes.into_iter().map(drive).collect(), window, 0)
    });
    loose.told(day, &problem, &solution)
}

/// A day without limits that has the stops of some lists.
struct Loose {
    instance: Instance,
    /// By visit of it: the visit of the real day.
    origin: Vec<usize>,
    /// By carer: the visits of it in order.
    lists: Vec<Vec<usize>>,
}

impl Loose {
    /// With `together`, visits with a whole crew stay one and keep their gaps; any other stop is a
    /// visit by itself.
    fn of(real: &Instance, lists: &[Vec<usize>], together: bool) -> Loose {
        let mut times = vec![0; real.visits.len()];
        lists.iter().flatten().for_each(|row| times[*row] += 1);
        let twice =
            |row: usize| lists.iter().any(|list| list.iter().filter(|it| **it == row).count() > 1);
        let is_whole = |row: usize| {
            let visit = &real.visits[row];
            (together || visit.carers() == 1)
                && times[row] == visit.carers()
                && is_planned(real, row)
                && !(visit.carers() > 1 && twice(row))
        };
        let mut whole_at = vec![None; real.visits.len()];
        let mut loose = Loose {
            instance: Instance { visits: Vec::new(), ..real.clone() },
            origin: Vec::new(),
            lists: Vec::new(),
        };
        loose.instance.policy.late_limit = [LONG; 4];
        loose.instance.carers.iter_mut().for_each(unbound);
        for list in lists {
            let mut own = Vec::with_capacity(list.len());
            for &row in list {
                let at = match whole_at[row] {
                    Some(at) if is_whole(row) => at,
                    _ => loose.stop(&real.visits[row], row, is_whole(row)),
                };
                whole_at[row] = Some(at);
                own.push(at);
            }
            loose.lists.push(own);
        }
        let linked = |visit: &Visit| {
            let gap = visit.gap.as_ref()?;
            let row = real.visits.iter().position(|other| other.id == gap.after)?;
            let after = whole_at[row].filter(|_| together && is_whole(row))?;
            let after = VisitId(after.to_string());
            Some(Gap { after, apart: false, whole: false, ..gap.clone() })
        };
        for visit in &mut loose.instance.visits {
            visit.gap = linked(visit);
        }
        loose
    }

    /// One more visit, which is a stop of that one.
    fn stop(&mut self, visit: &Visit, row: usize, whole: bool) -> usize {
        let at = self.instance.visits.len();
        let crew = if whole { visit.carers() } else { 1 };
        let pinned = visit.pinned.start.map(|at| vec![TimeWindow { earliest: at, latest: at }]);
        self.instance.visits.push(Visit {
            id: VisitId(at.to_string()),
            crew: vec![Skills::default(); crew],
            windows: pinned.unwrap_or_else(|| visit.windows.clone()),
            continuity: None,
            gap: visit.gap.clone().filter(|_| whole),
            pinned: Pin::default(),
            status: Status::Planned,
            ..visit.clone()
        });
        self.origin.push(row);
        at
    }

    fn tasks(&self, problem: &Problem) -> Vec<Vec<TaskId>> {
        let mut next: Vec<u32> = problem.jobs.iter().map(|job| job.tasks.start).collect();
        let mut seat = |visit: &usize| {
            next[*visit] += 1;
            TaskId(next[*visit] - 1)
        };
        self.lists.iter().map(|list| list.iter().map(&mut seat).collect()).collect()
    }

    /// The real day's solution as one of this day, as far as its lists are these.
    fn near(
        &self,
        day: &Day<'_>,
        problem: &Problem,
        routes: &[Vec<TaskId>],
        near: &Solution,
    ) -> Solution {
        let mut window: Vec<u32> = problem.jobs.iter().map(|job| job.windows.start).collect();
        let mut drives = Vec::with_capacity(routes.len());
        for (was, tasks) in near.routes.iter().zip(routes) {
            let jobs = || tasks.iter().map(|task| problem.tasks[task.ix()].job);
            let before = || was.tasks.iter().map(|task| day.problem.tasks[task.ix()].job);
            let rows = jobs().map(|job| self.origin[problem.job(job).visit]);
            if !rows.eq(before().map(|job| day.problem.job(job).visit)) {
                drives.push(Drive::default());
                continue;
            }
            for (job, real) in jobs().zip(before()) {
                let place = near.window[real.ix()] - day.problem.job(real).windows.start;
                let windows = &problem.job(job).windows;
                window[job.ix()] = (windows.start + place).min(windows.end - 1);
            }
            drives.push(Drive { tasks: tasks.clone(), ..was.clone() });
        }
        Solution::new(drives, window, 0)
    }

    /// The lists in the names of the real day.
    fn told(&self, day: &Day<'_>, problem: &Problem, solution: &Solution) -> Told {
        let render::Told { mut work_lists, mut warnings, .. } =
            render::tell(&self.instance, day.tables, problem, solution);
        let real = |id: &VisitId| -> &Visit {
            let at: usize = id.0.parse().expect("the visits are numbered");
            &day.instance.visits[self.origin[at]]
        };
        let mut comers: Vec<(VisitId, CarerRef)> = Vec::new();
        for list in &mut work_lists {
            let carer = list.carer.clone();
            for stop in visits_of(list) {
                let visit = real(&stop.visit);
                (stop.visit, stop.late) = (visit.id.clone(), late(visit, stop.start));
                comers.push((visit.id.clone(), carer.clone()));
            }
        }
        for list in &mut work_lists {
            let own = list.carer.clone();
            for stop in visits_of(list) {
                let others = comers.iter().filter(|(id, who)| *id == stop.visit && *who != own);
                stop.with = others.map(|(_, who)| who.clone()).collect();
                stop.with.dedup();
            }
        }
        for warning in &mut warnings {
            warning.visit = warning.visit.as_ref().map(|id| real(id).id.clone());
        }
        (work_lists, warnings)
    }
}

fn visits_of(list: &mut WorkList) -> impl Iterator<Item = &mut VisitStop> {
    list.stops.iter_mut().filter_map(|stop| match stop {
        Stop::Visit(stop) => Some(stop),
        Stop::Leave { .. } | Stop::Key { .. } | Stop::Break { .. } | Stop::Return { .. } => None,
    })
}

/// Without an end of the day or anything that is too much.
fn unbound(carer: &mut Carer) {
    carer.overtime = LONG;
    carer.capacity = None;
    if let Some(rest) = &mut carer.rest {
        rest.latest = Time(rest.latest.0 + LONG.0);
    }
}
