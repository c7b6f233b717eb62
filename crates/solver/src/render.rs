//! The door from numbers back to names: a [`Solution`] becomes a [`Plan`], with the final times, the
//! score told in parts, and a reason for every visit that is left out. One-way.

use std::collections::{BTreeMap, BTreeSet};

use hjemrute_travel::{Leg, PlaceId, Seconds, Tables, Time};

use crate::explain;
use crate::plan::{
    Carer, CarerRef, Criticality, Instance, Plan, Said, Status, Stop, Unassigned, Visit, VisitStop,
    Warning, WorkList,
};
use crate::problem::{Problem, VehicleId};
use crate::route::off_the_mean;
use crate::rules::other_carer;
use crate::score::{Cost, Parts, Score};
use crate::solution::Solution;
use crate::timing::{Call, Itinerary, KeyCall, Pause, timetable};

/// Tells a solution in names.
pub fn render(
    instance: &Instance,
    tables: &Tables,
    problem: &Problem,
    solution: &Solution,
) -> Plan {
    let Told { work_lists, left_out, score, warnings } = tell(instance, tables, problem, solution);
    let left_out: Vec<&Visit> = left_out.into_iter().map(|at| &instance.visits[at]).collect();
    Plan { work_lists, unassigned: unassigned(instance, tables, &left_out), score, warnings }
}

/// A solution told in names, but for why visits are left out.
pub(crate) struct Told {
    pub(crate) work_lists: Vec<WorkList>,
    /// Which visits of the instance are on no list.
    pub(crate) left_out: Vec<usize>,
    pub(crate) score: Score,
    pub(crate) warnings: Vec<Warning>,
}

pub(crate) fn tell(
    instance: &Instance,
    tables: &Tables,
    problem: &Problem,
    solution: &Solution,
) -> Told {
    let days = timetable(problem, solution);
    let crews = crews(instance, problem, solution);
    let book = Book { instance, tables, problem, crews: &crews };
    let work_lists: Vec<WorkList> =
        problem.vehicle_ids().map(|id| book.work_list(id, &days[id.ix()])).collect();
    let left_out: Vec<usize> =
        (0..instance.visits.len()).filter(|at| !crews.contains_key(at)).collect();
    let visits: Vec<&Visit> = left_out.iter().map(|at| &instance.visits[*at]).collect();
    let score = book.score(&days, &visits, solution);
    let calls = || days.iter().flat_map(|day| &day.stops);
    let warnings = calls().filter_map(|call| book.warning(call)).collect();
    Told { work_lists, left_out, score, warnings: once(warnings) }
}

/// The visits that nobody makes, each with its reason.
pub(crate) fn unassigned(
    instance: &Instance,
    tables: &Tables,
    left_out: &[&Visit],
) -> Vec<Unassigned> {
    let ids: BTreeSet<_> = left_out.iter().map(|visit| &visit.id).collect();
    let told = left_out.iter().map(|visit| Unassigned {
        visit: visit.id.clone(),
        reason: explain::why_left_out(instance, tables, visit, &ids),
    });
    told.collect()
}

/// By visit: who comes, in the order of the crew.
fn crews<'a>(
    instance: &'a Instance,
    problem: &Problem,
    solution: &Solution,
) -> BTreeMap<usize, Vec<&'a CarerRef>> {
    let mut crews: BTreeMap<usize, Vec<&CarerRef>> = BTreeMap::new();
    for (carer, drive) in instance.carers.iter().zip(&solution.routes) {
        for task in &drive.tasks {
            crews.entry(problem.job_of(*task).visit).or_default().push(&carer.id);
        }
    }
    crews
}

/// A double visit has one warning, not one on each list.
fn once(mut warnings: Vec<Warning>) -> Vec<Warning> {
    let mut seen = BTreeSet::new();
    warnings.retain(|warning| seen.insert(warning.visit.clone()));
    warnings
}

/// What is looked up while telling.
struct Book<'a> {
    instance: &'a Instance,
    tables: &'a Tables,
    problem: &'a Problem,
    crews: &'a BTreeMap<usize, Vec<&'a CarerRef>>,
}

impl Book<'_> {
    fn work_list(&self, id: VehicleId, day: &Itinerary) -> WorkList {
        let carer = &self.instance.carers[id.ix()];
        let mut stops = Vec::new();
        if day.stops.is_empty() {
            return WorkList { carer: carer.id.clone(), stops };
        }
        let mut here = carer.start;
        for (gap, call) in day.stops.iter().map(Some).chain([None]).enumerate() {
            let rest = day.rest.filter(|pause| pause.gap == gap);
            let before = rest.filter(|pause| !pause.on_arrival);
            let mut go = |to: PlaceId| {
                let travel = self.leg(carer, here, to);
                here = to;
                travel
            };
            stops.extend(before.filter(|pause| pause.at_base).map(|it| rest_stop(&it, Leg::NONE)));
            if gap == 0 {
                stops.push(Stop::Leave { place: carer.start, leave: Time(day.leave) });
            }
            let on_the_way = before.filter(|pause| !pause.at_base);
            stops.extend(on_the_way.map(|pause| rest_stop(&pause, go(PlaceId(pause.place)))));
            let keys = day.keys.iter().filter(|key| key.gap == gap);
            stops.extend(keys.map(|key| key_stop(key, go(PlaceId(key.place)))));
            let behind = rest.filter(|pause| pause.on_arrival);
            let on_arrival = behind.filter(|pause| !pause.at_base);
            stops.extend(on_arrival.map(|pause| rest_stop(&pause, go(PlaceId(pause.place)))));
            if let Some(call) = call {
                let travel = go(PlaceId(self.problem.tasks[call.task.ix()].place));
                stops.push(Stop::Visit(self.visit_stop(carer, call, travel)));
                continue;
            }
            let travel = go(carer.end);
            stops.push(Stop::Return { place: carer.end, travel, arrive: Time(day.back) });
            let back = behind.filter(|pause| pause.at_base);
            stops.extend(back.map(|pause| rest_stop(&pause, Leg::NONE)));
        }
        WorkList { carer: carer.id.clone(), stops }
    }

    fn leg(&self, carer: &Carer, from: PlaceId, to: PlaceId) -> Leg {
        let table = self.tables.get(carer.mode).expect("compiled with a table for each mode");
        table.leg(from, to).expect("a route has only stops that there is a way between")
    }

    fn visit_stop(&self, carer: &Carer, call: &Call, travel: Leg) -> VisitStop {
        let index = self.problem.job_of(call.task).visit;
        let visit = &self.instance.visits[index];
        VisitStop {
            visit: visit.id.clone(),
            travel,
            arrive: Time(call.arrive),
            wait: Seconds(call.wait),
            start: Time(call.start),
            leave: Time(call.leave),
            late: late(visit, Time(call.start)),
            with: self.crews[&index]
                .iter()
                .filter(|id| **id != &carer.id)
                .map(|id| (*id).clone())
                .collect(),
        }
    }

    fn score(&self, days: &[Itinerary], left_out: &[&Visit], solution: &Solution) -> Score {
        let policy = &self.instance.policy;
        let out = |criticality| {
            let of_it = |visit: &&&Visit| {
                visit.criticality == criticality && visit.status == Status::Planned
            };
            left_out.iter().filter(of_it).count() as u32
        };
        let optional = left_out.iter().filter(|visit| {
            visit.criticality == Criticality::Optional && visit.status == Status::Planned
        });
        let mut lateness = [Seconds::ZERO; 4];
        let (mut late_cost, mut worst) = (Cost::ZERO, Seconds::ZERO);
        // A double visit is late once: with the first of its crew.
        let firsts = days
            .iter()
            .flat_map(|day| &day.stops)
            .filter(|call| call.task.0 == self.problem.job_of(call.task).tasks.start);
        for call in firsts {
            let visit = &self.instance.visits[self.problem.job_of(call.task).visit];
            let late = late(visit, Time(call.start));
            lateness[visit.criticality.index()] += late;
            worst = worst.max(late);
            late_cost += policy.late_cost(visit.criticality, late);
        }
        let sum = |of: &dyn Fn(usize, &Itinerary) -> i32| {
            Seconds(days.iter().enumerate().map(|(k, day)| of(k, day)).sum())
        };
        let parts = Parts {
            unassigned: optional.map(|visit| visit.left_out.unwrap_or(policy.optional_out)).sum(),
            late: late_cost,
            worst_late: policy.worst_late.of(worst),
            worst_idle: policy.worst_idle.of(self.longest_idle(days)),
            overtime: policy.overtime.of(sum(&|k, day| {
                if day.stops.is_empty() {
                    0
                } else {
                    (day.end - self.problem.vehicles[k].shift_end).max(0)
                }
            })),
            travel: policy.travel.of(sum(&|_, day| day.ride)),
            work: policy.work.of(sum(&|k, day| self.work(k, day))),
            balance: policy.balance.of(self.off_the_mean(days)),
            waiting: policy.waiting.of(sum(&|_, day| day.waiting())),
            worst_wait: policy
                .worst_wait
                .of(Seconds(days.iter().map(Itinerary::worst_wait).max().unwrap_or(0))),
            missed_breaks: self.missed_breaks(days),
            continuity: self.continuity(solution),
            changes: self.changes(solution),
        };
        Score {
            time_critical_out: out(Criticality::TimeCritical),
            important_out: out(Criticality::Important),
            time_critical_late: lateness[Criticality::TimeCritical.index()],
            normal_out: out(Criticality::Normal),
            total: parts.total(),
            parts,
        }
    }

    /// Seconds on the road, at doors and at visits.
    fn work(&self, k: usize, day: &Itinerary) -> i32 {
        let vehicle = &self.problem.vehicles[k];
        if day.stops.is_empty() {
            return 0;
        }
        let rested = day.rest.map_or(0, |pause| pause.leave - pause.start);
        let span = day.end.max(vehicle.shift_end) - vehicle.shift_start;
        span - rested - day.idle(vehicle)
    }

    /// How far the work of each carer lies off the mean of all.
    fn off_the_mean(&self, days: &[Itinerary]) -> Seconds {
        let work: Vec<i64> =
            days.iter().enumerate().map(|(k, day)| self.work(k, day).into()).collect();
        Seconds(off_the_mean(&work) as i32)
    }

    fn missed_breaks(&self, days: &[Itinerary]) -> Cost {
        let missed = days.iter().zip(&self.problem.vehicles).filter(|(day, vehicle)| {
            !day.stops.is_empty() && vehicle.rest.is_some() && day.rest.is_none()
        });
        Cost(missed.count() as i64 * self.problem.missed_break)
    }

    /// The longest part of a shift that is spent on nothing.
    fn longest_idle(&self, days: &[Itinerary]) -> Seconds {
        let idle = days.iter().zip(&self.problem.vehicles).map(|(day, vehicle)| day.idle(vehicle));
        Seconds(idle.max().unwrap_or(0))
    }

    fn continuity(&self, solution: &Solution) -> Cost {
        let problem = self.problem;
        let of_route = |id: VehicleId| {
            let tasks = &solution.routes[id.ix()].tasks;
            let fits: i64 = tasks.iter().map(|task| i64::from(problem.fit(id, *task))).sum();
            fits + problem
                .met(tasks)
                .into_iter()
                .map(|patient| i64::from(problem.face(id, patient)))
                .sum::<i64>()
        };
        Cost(problem.vehicle_ids().map(of_route).sum()) - self.other_carers(solution)
    }

    /// What it costs that others come, or at another time, than was published.
    fn changes(&self, solution: &Solution) -> Cost {
        let problem = self.problem;
        let done =
            problem.job_ids().filter(|job| self.crews.contains_key(&problem.job(*job).visit));
        let windows = done.map(|job| &problem.windows[solution.window[job.ix()] as usize]);
        self.other_carers(solution) + Cost(windows.map(|window| window.price).sum())
    }

    fn other_carers(&self, solution: &Solution) -> Cost {
        let drives = self.instance.carers.iter().zip(&solution.routes);
        let pairs =
            drives.flat_map(|(carer, drive)| drive.tasks.iter().map(move |task| (carer, *task)));
        pairs
            .map(|(carer, task)| {
                let visit = &self.instance.visits[self.problem.job_of(task).visit];
                other_carer(self.instance, visit, carer)
            })
            .sum()
    }

    fn warning(&self, call: &Call) -> Option<Warning> {
        let visit = &self.instance.visits[self.problem.job_of(call.task).visit];
        let late = late(visit, Time(call.start));
        if visit.criticality != Criticality::TimeCritical || late == Seconds::ZERO {
            return None;
        }
        let minutes = (late.0 + 59) / 60;
        Some(Warning {
            code: "time-critical-late",
            visit: Some(visit.id.clone()),
            carer: None,
            detail: Said::new(
                format!("time-critical visit {} starts {minutes} min after its window", visit.id),
                format!(
                    "Tidskritisk besøk {} begynner {minutes} min etter at vinduet er over.",
                    visit.id
                ),
            ),
        })
    }
}

fn key_stop(key: &KeyCall, travel: Leg) -> Stop {
    let KeyCall { place, arrive, leave, gap: _ } = *key;
    Stop::Key { place: PlaceId(place), travel, arrive: Time(arrive), leave: Time(leave) }
}

fn rest_stop(pause: &Pause, travel: Leg) -> Stop {
    Stop::Break {
        place: PlaceId(pause.place),
        travel,
        start: Time(pause.start),
        leave: Time(pause.leave),
    }
}

/// How far a start lies behind the end of the latest window that has opened.
pub(crate) fn late(visit: &Visit, start: Time) -> Seconds {
    let opened = visit.windows.iter().rev().find(|window| window.earliest <= start);
    opened.map_or(Seconds::ZERO, |window| (start - window.latest).max(Seconds::ZERO))
}
