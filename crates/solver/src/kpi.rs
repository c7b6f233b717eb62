//! What a plan amounts to, in figures that a leader of a home-care unit would ask for. Counted
//! from the instance and the plan alone, in whole seconds, metres and grams; what each figure
//! means is said beside it in `figure`, because two units that count travel differently cannot
//! compare it. Knows nothing of the search and decides nothing.

mod figure;
mod walk;

use std::collections::{BTreeMap, BTreeSet};

use hjemrute_travel::{Metres, Mode, Seconds};

use crate::plan::{Carer, Instance, Plan, ReasonCode, Stop};

pub use figure::{Definition, Figure, Text, Value};
pub use walk::{Step, Walk, walks};

/// The figures of one plan. [`Kpi::figures`] gives each with its name and its definition.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Kpi {
    /// What the paid time is used for.
    pub time: TimeUse,
    /// Work after the end of shifts.
    pub overtime: Seconds,
    /// How far the carers travel, by [`Mode::index`].
    pub way: [Metres; 4],
    /// What that emits in grams of CO₂ equivalents, by [`Mode::index`].
    pub grams_co2e: [i64; 4],
    /// Visits of each carer who is sent out.
    pub visits_per_carer: Spread<u32>,
    /// Time on the way, breaks left out, of each carer who is sent out.
    pub work_per_carer: Spread<Seconds>,
    /// Places in crews filled by the primary contact, of those whose visit names one.
    pub primary: Ratio,
    /// Places in crews filled by somebody the patient knows, of those whose visit says whom.
    pub known: Ratio,
    /// Different carers, summed over the patients, for each patient who is visited.
    pub carers_per_patient: Ratio,
    /// Lateness, each visit once, by [`Criticality::index`](crate::Criticality::index).
    pub late: [Seconds; 4],
    /// Visits that nobody makes, without cancelled ones, by
    /// [`Criticality::index`](crate::Criticality::index).
    pub unassigned: [u32; 4],
}

/// The paid time and its parts, which sum to it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct TimeUse {
    /// All of it: every shift on the list, and overtime, without unpaid breaks.
    pub paid: Seconds,
    /// With patients, once for each carer.
    pub visits: Seconds,
    /// On the road.
    pub travel: Seconds,
    /// Between the parked car and the door.
    pub access: Seconds,
    /// Ready, and too early.
    pub waiting: Seconds,
    /// In paid breaks.
    pub breaks: Seconds,
    /// The rest.
    pub slack: Seconds,
}

/// The least, the middle and the largest of some figures; of two in the middle the lesser one. All
/// are nothing when there are no figures.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Spread<T> {
    /// The least.
    pub min: T,
    /// The median.
    pub median: T,
    /// The largest.
    pub max: T,
}

/// So many of so many; divided only when it is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Ratio {
    /// How many.
    pub of: i64,
    /// Of how many.
    pub all: i64,
}

impl Ratio {
    /// The ratio times `scale` to the nearest whole number: 1000 gives per mille. `None` of nothing.
    pub fn scaled(self, scale: i64) -> Option<i64> {
        (self.all > 0).then(|| (2 * self.of * scale + self.all).div_euclid(2 * self.all))
    }

    fn count(&mut self, hit: bool) {
        self.of += i64::from(hit);
        self.all += 1;
    }
}

/// Milligrams of CO₂ equivalents for each kilometre, by [`Mode::index`]: the file
/// `profiles/emissions.toml`, which says where they come from.
fn milligrams_per_km() -> [i64; 4] {
    let file: BTreeMap<String, f64> = toml::from_str(include_str!("../profiles/emissions.toml"))
        .expect("the emissions are part of the program and are tested");
    Mode::ALL.map(|mode| (file[mode.name()] * 1000.0).round() as i64)
}

/// The figures of a plan.
///
/// # Panics
/// Where [`walks`] does.
pub fn kpi(instance: &Instance, plan: &Plan) -> Kpi {
    let walks = walks(instance, plan);
    let way = way(&walks);
    let out = || walks.iter().filter(|walk| !walk.steps.is_empty());
    let overtime = walks.iter().map(Walk::overtime).sum();
    let emits = milligrams_per_km();
    Kpi {
        time: time_use(&walks, overtime),
        overtime,
        way,
        grams_co2e: std::array::from_fn(|mode| grams(way[mode], emits[mode])),
        visits_per_carer: spread(out().map(Walk::visits).collect()),
        work_per_carer: spread(out().map(work).collect()),
        primary: primary(&walks),
        known: known(&walks),
        carers_per_patient: carers_per_patient(&walks),
        late: late(&walks),
        unassigned: unassigned(instance, plan),
    }
}

fn time_use(walks: &[Walk<'_>], overtime: Seconds) -> TimeUse {
    let steps = || walks.iter().flat_map(|walk| &walk.steps);
    let paid = walks.iter().map(|walk| paid_shift(walk.carer)).sum::<Seconds>() + overtime;
    let visits = steps().filter(|step| step.visit.is_some()).map(length).sum();
    let travel = steps().map(|step| step.travel.seconds).sum();
    let access = steps().map(|step| step.access).sum();
    let waiting = steps().map(|step| step.wait).sum();
    let breaks = walks.iter().filter(|walk| break_is_paid(walk.carer)).map(pause).sum();
    let slack = paid - (visits + travel + access + waiting + breaks);
    TimeUse { paid, visits, travel, access, waiting, breaks, slack }
}

/// The shift without the unpaid break, whether the carer is sent out or not.
fn paid_shift(carer: &Carer) -> Seconds {
    let unpaid = carer.rest.filter(|rest| !rest.paid).map_or(Seconds::ZERO, |rest| rest.length);
    carer.shift_end - carer.shift_start - unpaid
}

fn break_is_paid(carer: &Carer) -> bool {
    carer.rest.is_some_and(|rest| rest.paid)
}

fn length(step: &Step<'_>) -> Seconds {
    step.end - step.start
}

fn pause(walk: &Walk<'_>) -> Seconds {
    walk.steps.iter().filter(|step| matches!(step.stop, Stop::Break { .. })).map(length).sum()
}

/// Visits, travel, access and waiting of one carer.
fn work(walk: &Walk<'_>) -> Seconds {
    let idle = |step: &Step<'_>| step.travel.seconds + step.access + step.wait;
    let all = walk.steps.iter().map(|step| length(step) + idle(step)).sum::<Seconds>();
    all - pause(walk)
}

fn way(walks: &[Walk<'_>]) -> [Metres; 4] {
    let mut way = [Metres::ZERO; Mode::ALL.len()];
    for walk in walks {
        let metres = walk.steps.iter().map(|step| step.travel.metres).sum::<Metres>();
        way[walk.carer.mode.index()] += metres;
    }
    way
}

/// Grams, to the nearest whole one.
fn grams(way: Metres, milligrams_per_km: i64) -> i64 {
    (i64::from(way.0) * milligrams_per_km + 500_000) / 1_000_000
}

fn spread<T: Copy + Default + Ord>(mut figures: Vec<T>) -> Spread<T> {
    figures.sort_unstable();
    let (Some(&min), Some(&max)) = (figures.first(), figures.last()) else {
        return Spread::default();
    };
    Spread { min, median: figures[(figures.len() - 1) / 2], max }
}

fn primary(walks: &[Walk<'_>]) -> Ratio {
    let mut ratio = Ratio::default();
    for (carer, visit) in crew_places(walks) {
        if let Some(primary) = visit.continuity.as_ref().and_then(|who| who.primary.as_ref()) {
            ratio.count(*primary == carer.id);
        }
    }
    ratio
}

fn known(walks: &[Walk<'_>]) -> Ratio {
    let mut ratio = Ratio::default();
    for (carer, visit) in crew_places(walks) {
        if let Some(who) = &visit.continuity {
            ratio.count(who.primary.as_ref() == Some(&carer.id) || who.known.contains(&carer.id));
        }
    }
    ratio
}

fn carers_per_patient(walks: &[Walk<'_>]) -> Ratio {
    let mut met: BTreeMap<_, BTreeSet<_>> = BTreeMap::new();
    for (carer, visit) in crew_places(walks) {
        met.entry(&visit.patient).or_default().insert(&carer.id);
    }
    let carers: usize = met.values().map(BTreeSet::len).sum();
    Ratio { of: carers as i64, all: met.len() as i64 }
}

/// Every carer on every visit: a visit by two counts twice.
fn crew_places<'a>(walks: &[Walk<'a>]) -> impl Iterator<Item = (&'a Carer, &'a crate::Visit)> {
    walks.iter().flat_map(|walk| {
        let visits = walk.steps.iter().filter_map(|step| step.visit);
        visits.map(|visit| (walk.carer, visit))
    })
}

fn late(walks: &[Walk<'_>]) -> [Seconds; 4] {
    let mut late = [Seconds::ZERO; 4];
    let mut seen = BTreeSet::new();
    for step in walks.iter().flat_map(|walk| &walk.steps) {
        if let (Stop::Visit(made), Some(visit)) = (step.stop, step.visit)
            && seen.insert(&visit.id)
        {
            late[visit.criticality.index()] += made.late;
        }
    }
    late
}

fn unassigned(instance: &Instance, plan: &Plan) -> [u32; 4] {
    let out: BTreeSet<_> = plan
        .unassigned
        .iter()
        .filter(|left| left.reason.code != ReasonCode::Cancelled)
        .map(|left| &left.visit)
        .collect();
    let mut counts = [0; 4];
    for visit in instance.known_visits().filter(|visit| out.contains(&visit.id)) {
        counts[visit.criticality.index()] += 1;
    }
    counts
}

#[cfg(test)]
mod tests;
