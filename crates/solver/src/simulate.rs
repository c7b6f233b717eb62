//! How a plan holds when ways and visits take longer or shorter than planned: the day is driven again and
//! again with drawn times, in whole numbers, the same for the same seed on every machine. Carers keep to
//! their order, never begin before the planned start, and wait for each other at double visits and gaps.
//! Knows nothing of the search.

use std::collections::{BTreeMap, BTreeSet};

use hjemrute_travel::{Seconds, Time};

use crate::kpi::{Step, Walk, walks};
use crate::plan::{Criticality, Instance, Plan, Stop, TimeWindow, Visit, VisitId};

/// How much times differ from what was planned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Noise {
    /// The standard deviation of the time of a way, in thousandths of it.
    pub travel: i64,
    /// The standard deviation of the length of a visit, in thousandths of it.
    pub visits: i64,
    /// By how much ways and visits take longer on the whole, in thousandths.
    pub slower: i64,
    /// So much later than it may be, a visit still holds, and so does the end of a shift.
    pub tolerance: Seconds,
}

impl Noise {
    /// What ways and visits in home care differ by as a rule: ways by a quarter, visits by a fifth. An
    /// assumption; a unit that measures has figures of its own.
    pub const USUAL: Noise =
        Noise { travel: 250, visits: 200, slower: 0, tolerance: Seconds::minutes(5) };
}

/// How often something held, of how often it was tried.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Held {
    /// How often it held.
    pub held: u64,
    /// How often it was tried.
    pub of: u64,
}

impl Held {
    /// Ten-thousandths of all; everything held where nothing was tried.
    pub fn share(self) -> u64 {
        if self.of == 0 { 10_000 } else { (2 * 10_000 * self.held + self.of) / (2 * self.of) }
    }

    fn count(&mut self, holds: bool) {
        self.held += u64::from(holds);
        self.of += 1;
    }
}

/// How a plan held over all draws.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Robustness {
    /// How many days were drawn.
    pub draws: u32,
    /// Routes on which every visit began in time and which were over in time.
    pub routes: Held,
    /// Time-critical visits that began in time.
    pub time_critical: Held,
    /// All visits that did.
    pub visits: Held,
    /// By carer who is sent out, in the order of the lists: how often the route held.
    pub by_carer: Vec<(String, Held)>,
}

/// Drives the plan so many times with drawn times.
///
/// # Panics
/// Where [`walks`] does.
pub fn simulate(
    instance: &Instance,
    plan: &Plan,
    noise: Noise,
    seed: u64,
    draws: u32,
) -> Robustness {
    let walks = walks(instance, plan);
    let out: Vec<&Walk<'_>> = walks.iter().filter(|walk| !walk.steps.is_empty()).collect();
    let order = in_order(&out);
    let mut dice = Dice(seed);
    let by_carer = out.iter().map(|walk| (walk.carer.id.0.clone(), Held::default())).collect();
    let mut told = Robustness { draws, by_carer, ..Robustness::default() };
    for _ in 0..draws {
        let day = drive(&out, &order, noise, &mut dice);
        let mut seen = BTreeSet::new();
        for (at, walk) in out.iter().enumerate() {
            let mut holds = day.over[at] <= due_back(walk) + noise.tolerance;
            for visit in walk.steps.iter().filter_map(|step| step.visit) {
                let (start, planned) = day.starts[&visit.id];
                let in_time = start <= due(visit, planned) + noise.tolerance;
                holds &= in_time;
                if seen.insert(&visit.id) {
                    told.visits.count(in_time);
                    if visit.criticality == Criticality::TimeCritical {
                        told.time_critical.count(in_time);
                    }
                }
            }
            told.routes.count(holds);
            told.by_carer[at].1.count(holds);
        }
    }
    told
}

/// The day with buffers: time-critical visits are to begin so long before their windows close, and shifts
/// to end so long before they do; how late a visit may be and how long a carer may work at the most is as it was.
pub fn with_buffers(instance: &Instance, buffer: Seconds) -> Instance {
    let mut day = instance.clone();
    let critical =
        day.visits.iter_mut().filter(|visit| visit.criticality == Criticality::TimeCritical);
    for window in critical.flat_map(|visit| &mut visit.windows) {
        window.latest = (window.latest - buffer).max(window.earliest);
    }
    for carer in &mut day.carers {
        let end = (carer.shift_end - buffer).max(carer.shift_start);
        carer.overtime += carer.shift_end - end;
        carer.shift_end = end;
    }
    day
}

/// Every stop of every route, each behind what it waits for: in the order of the planned day.
fn in_order(out: &[&Walk<'_>]) -> Vec<(usize, usize)> {
    let mut order: Vec<(usize, usize)> = (0..out.len())
        .flat_map(|walk| (0..out[walk].steps.len()).map(move |at| (walk, at)))
        .collect();
    order.sort_by_key(|&(walk, at)| (out[walk].steps[at].start, at, walk));
    order
}

/// A day as it was driven.
struct Driven {
    /// By visit: when it began, and when it was to.
    starts: BTreeMap<VisitId, (Time, Time)>,
    /// By walk: when it was over.
    over: Vec<Time>,
}

fn drive(out: &[&Walk<'_>], order: &[(usize, usize)], noise: Noise, dice: &mut Dice) -> Driven {
    let mut free: Vec<Time> = out.iter().map(|walk| walk.steps[0].start).collect();
    // Who comes to a double visit waits until both are there.
    let mut ready: BTreeMap<&VisitId, Time> = BTreeMap::new();
    let mut starts: BTreeMap<VisitId, (Time, Time)> = BTreeMap::new();
    // A double visit lasts equally long for both.
    let mut lengths: BTreeMap<&VisitId, Seconds> = BTreeMap::new();
    let mut arrived: BTreeSet<(usize, usize)> = BTreeSet::new();
    for &(walk, at) in order {
        let step = &out[walk].steps[at];
        let travel = dice.draw(step.travel.seconds, noise.travel, noise.slower);
        let there = free[walk] + travel + step.access;
        let Some(visit) = step.visit else {
            free[walk] = pass(step, there);
            continue;
        };
        let soonest = ready.entry(&visit.id).or_insert(there);
        *soonest = (*soonest).max(there);
        arrived.insert((walk, at));
        let gap = visit.gap.as_ref().and_then(|gap| Some(starts.get(&gap.after)?.0 + gap.min));
        let start = (*soonest).max(step.start).max(gap.unwrap_or(step.start));
        let length = *lengths.entry(&visit.id).or_insert_with(|| {
            dice.draw(visit.lasts(&out[walk].carer.id), noise.visits, noise.slower)
        });
        let begun = starts.entry(visit.id.clone()).or_insert((start, step.start));
        begun.0 = begun.0.max(start);
        let over = begun.0 + length;
        free[walk] = over;
        // Whoever was there first waits for the other and is free with the other.
        for (other, mate) in out.iter().enumerate().filter(|(other, _)| *other != walk) {
            let shares = mate
                .steps
                .iter()
                .position(|step| step.visit.is_some_and(|theirs| theirs.id == visit.id));
            if shares.is_some_and(|at| arrived.contains(&(other, at))) {
                free[other] = free[other].max(over);
            }
        }
    }
    Driven { starts, over: free }
}

/// The end of a stop that is no visit.
fn pass(step: &Step<'_>, there: Time) -> Time {
    match step.stop {
        Stop::Break { .. } => there.max(step.start) + (step.end - step.start),
        Stop::Leave { .. } => step.start.max(there),
        Stop::Return { .. } | Stop::Key { .. } | Stop::Visit(_) => there,
    }
}

/// Until when a visit begins in time: the end of the window that it was planned in, or the planned start
/// where that lies behind or there is no window.
fn due(visit: &Visit, planned: Time) -> Time {
    let opened: Option<&TimeWindow> =
        visit.windows.iter().rev().find(|window| window.earliest <= planned);
    match opened {
        Some(window) => window.latest.max(planned),
        None if visit.windows.is_empty() => Time(i32::MAX / 2),
        None => planned,
    }
}

/// Until when a route is over in time: the end of the shift, or the planned end where that lies behind.
fn due_back(walk: &Walk<'_>) -> Time {
    let planned = walk.steps.last().map_or(walk.carer.shift_end, |last| last.end);
    planned.max(walk.carer.shift_end)
}

/// SplitMix64 (Steele, Lea and Flood 2014), and bell-shaped draws made of it in whole numbers.
struct Dice(u64);

impl Dice {
    fn roll(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// Thousandths of a standard deviation: twelve even draws summed are nearly normal.
    fn bell(&mut self) -> i64 {
        (0..12).map(|_| (self.roll() % 1000) as i64).sum::<i64>() - 5994
    }

    /// A time around the planned one; never less than half of it.
    fn draw(&mut self, planned: Seconds, deviation: i64, slower: i64) -> Seconds {
        let factor = (1000 + slower + deviation * self.bell() / 1000).max(500);
        Seconds((i64::from(planned.0) * factor / 1000) as i32)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::search::samples;
    use crate::{Budget, Problem, render, solve};

    fn planned(day: &Instance, tables: &hjemrute_travel::Tables) -> Plan {
        let problem = Problem::compile(day, tables).unwrap();
        let never = std::sync::atomic::AtomicBool::new(false);
        let budget = Budget {
            seed: 1,
            iterations: Some(200),
            deadline: None,
            threads: 1,
            cancelled: &never,
            progress: &|_| {},
        };
        render(day, tables, &problem, &solve(&problem, &budget))
    }

    #[test]
    fn a_day_as_planned_holds_and_the_same_seed_draws_the_same() {
        let (day, tables) = samples::day(30, 6, 3);
        let plan = planned(&day, &tables);
        let still = Noise { travel: 0, visits: 0, slower: 0, tolerance: Seconds::ZERO };
        let held = simulate(&day, &plan, still, 1, 3);
        assert_eq!(held.routes.held, held.routes.of, "{held:?}");
        let rough = |seed| simulate(&day, &plan, Noise::USUAL, seed, 50);
        assert_eq!(rough(1), rough(1));
        assert_ne!(rough(1), rough(2));
        assert!(rough(1).routes.share() < 10_000);
        let slower = Noise { slower: 300, ..Noise::USUAL };
        assert!(simulate(&day, &plan, slower, 1, 50).visits.share() < rough(1).visits.share());
    }

    #[test]
    fn draws_are_around_what_was_planned() {
        let mut dice = Dice(7);
        let drawn: Vec<i64> =
            (0..2000).map(|_| dice.draw(Seconds(1000), 200, 0).0.into()).collect();
        let mean = drawn.iter().sum::<i64>() / 2000;
        assert!((980..1020).contains(&mean), "{mean}");
        let apart = drawn.iter().map(|time| (time - mean).pow(2)).sum::<i64>() / 2000;
        assert!((180 * 180..220 * 220).contains(&apart), "{apart}");
    }
}
