//! The spine: a list goes in as bytes and comes out as a plan that has been read again. The command
//! line and the service call the same. Nothing here knows a rule, a road or a field.

use std::collections::BTreeMap;
use std::time::Instant;

use hjemrute_osm::Roads;

use hjemrute_solver::{
    Bound, Budget, Instance, Noise, Parted, Plan, Policy, Problem, Published, ReasonCode, Said,
    VisitId, WouldFit, as_they_come, driven_by, is_city, render, share_out, simulate,
    smallest_change, solve, solve_in_parts, tables_of_plan, tell_room_left, verify, with_buffers,
};
use hjemrute_travel::{PlaceId, Seconds, Tables, Time};

use crate::answer::{Accepted, Answer, Checked, Made, Replanned};
use crate::conservation;
use crate::error::PlanningError;
use crate::fault::{InputFault, Wrong};
use crate::fhir;
use crate::hours::Hours;
use crate::intake::{Taken, take_in};
use crate::proving;
use crate::standing;
use crate::wire::{self, Limits};

/// How a list is to be planned.
#[derive(Clone, Copy)]
pub struct Order<'a> {
    /// How large a list may be.
    pub limits: Limits,
    /// What is better than what.
    pub policy: &'a Policy,
    /// How long to search.
    pub budget: Budget<'a>,
    /// Whether a bound is looked for too, and how.
    pub prove: Option<Proving<'a>>,
    /// Told when a stage begins.
    pub stage: &'a dyn Fn(Stage),
}

/// A bound that is looked for beside the search: how good any plan of the day can be at best.
#[derive(Clone, Copy)]
pub struct Proving<'a> {
    /// Told what is proved so far, in tenths of a weighted second.
    pub told: &'a (dyn Fn(i64) + Sync),
    /// Whether it takes only the processors that nobody else wants.
    pub gives_way: bool,
}

/// The stages of planning, in their order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Stage {
    /// Reading the list and finding its places on the map.
    Intake,
    /// Time and way between all places.
    Tables,
    /// The search.
    Solve,
    /// Telling the plan and reading it again.
    Verify,
}

/// The plan that holds when a day is planned anew.
#[derive(Clone, Copy, Debug)]
pub struct Standing<'a> {
    /// Its `plan.json`.
    pub plan: &'a [u8],
    /// What the clock on the wall shows, in minutes after midnight; what lies before is done or under
    /// way. Where the list freezes the day for longer, that counts.
    pub now: Option<u32>,
    /// How many patients may be disturbed, besides those who must be.
    pub most_changes: Option<usize>,
}

/// Plans the list in `body`.
///
/// # Errors
/// Everything that is wrong with the list; or, should the plan break a rule, every breach.
pub fn make_plan(body: &[u8], roads: &Roads, order: &Order<'_>) -> Result<Answer, PlanningError> {
    (order.stage)(Stage::Intake);
    let list = wire::read_list(body, &order.limits)?;
    standing::needs_none(&list)?;
    let mut taken = take_in(list, roads, order.policy)?;
    let found = searched(&mut taken, roads, order);
    answered(taken, found, None, roads, order)
}

/// Plans the list in `body` anew where a plan holds already: what has begun stays, patients keep the
/// carer and the time they were told where that can be, and the plan is never worse than leaving
/// things as they are.
///
/// # Errors
/// Everything that is wrong with the list, or with the plan that holds; or, should the plan break a
/// rule, every breach.
pub fn replan(
    body: &[u8],
    standing: &Standing<'_>,
    roads: &Roads,
    order: &Order<'_>,
) -> Result<Answer, PlanningError> {
    (order.stage)(Stage::Intake);
    let list = wire::read_list(body, &order.limits)?;
    let published = list.published.clone();
    let list_id = list.list_id.clone();
    let mut taken = take_in(list, roads, order.policy)?;
    let held = wire::read_published(standing.plan, &order.limits, &taken.instance, &taken.day)?;
    standing::is_of(&held, &list_id, published.as_ref())?;
    standing::is_small(&taken.instance)?;
    taken.instance = driven_by(&taken.instance, &held.drivers);
    (order.stage)(Stage::Tables);
    let tables = whole_tables(&taken, roads);
    let until = standing::frozen_until(&taken.day, standing.now, published.as_ref());
    let told = published_by(&taken.instance, &tables, &held.plan, until);
    taken.instance.published = Some(told);
    (order.stage)(Stage::Solve);
    let instance = &taken.instance;
    let problem = Problem::compile(instance, &tables).map_err(standing::faults_of_shared_cars)?;
    let began = Instant::now();
    let most = standing.most_changes;
    let (problem, anew) =
        hjemrute_solver::replan(instance, problem, &held.plan, most, &of_search(&order.budget));
    let seconds = since(began);
    let plan = render(instance, &tables, &problem, &anew.solution);
    let replanned = Replanned {
        from: held.plan_id,
        frozen_until: until,
        most_changes: most,
        forced: anew.forced,
    };
    let iterations = anew.solution.iterations();
    let would_fit = what_would_fit((instance, &tables, &problem), &plan, &order.budget);
    let found = Searched { plan, would_fit, bound: None, tables, iterations, seconds };
    answered(taken, found, Some(replanned), roads, order)
}

/// What the day was told of a plan that held until that moment.
pub(crate) fn published_by(
    instance: &Instance,
    tables: &Tables,
    plan: &Plan,
    until: Option<Time>,
) -> Published {
    hjemrute_solver::published(instance, tables, plan, until.unwrap_or(Time(i32::MIN / 4)))
}

/// The plan read again, with all that is told around it.
fn answered(
    taken: Taken,
    found: Searched,
    replanned: Option<Replanned>,
    roads: &Roads,
    order: &Order<'_>,
) -> Result<Answer, PlanningError> {
    let Searched { mut plan, would_fit, bound, tables, iterations, seconds } = found;
    (order.stage)(Stage::Verify);
    let broken = broken_pins(&taken.pins, &plan);
    if !broken.is_empty() {
        return Err(PlanningError::Refused(broken));
    }
    plan.warnings.extend(taken.warnings.iter().cloned());
    let working_time = taken.instance.policy.working_time;
    plan.warnings.extend(working_time.warnings(&taken.instance, &plan));
    let breaches = verify(&taken.instance, &tables, &plan).breaches;
    if !breaches.is_empty() {
        return Err(PlanningError::Unsound(breaches));
    }
    let made = Made {
        solver: env!("CARGO_PKG_VERSION").to_owned(),
        seed: order.budget.seed,
        iterations,
        seconds: order.budget.iterations.is_none().then_some(seconds),
        map: roads.map_id(),
        profile: order.policy.name.clone(),
    };
    let robustness = (!is_city(&taken.instance))
        .then(|| simulate(&taken.instance, &plan, Noise::USUAL, 1, DRAWS));
    let Taken { list_id, version, day, instance, rejected, left_out, echo, .. } = taken;
    Ok(Answer {
        would_fit,
        list_id,
        version,
        day,
        instance,
        plan,
        replanned,
        robustness,
        bound,
        rejected,
        left_out,
        echo,
        made,
    })
}

/// Reads the list in `body` as [`make_plan`] would, and plans nothing: whoever sent it is told at
/// once what is wrong with it.
///
/// # Errors
/// Everything that is wrong with the list.
pub fn accept_list(
    body: &[u8],
    roads: &Roads,
    limits: &Limits,
    policy: &Policy,
) -> Result<Accepted, PlanningError> {
    let taken = take_in(wire::read_list(body, limits)?, roads, policy)?;
    let Taken { list_id, version, unit, day, instance, .. } = taken;
    let Taken { rejected, left_out, echo, warnings, .. } = taken;
    let (visits, carers) = (instance.known_visits().count(), instance.carers.len());
    Ok(Accepted { list_id, version, day, unit, visits, carers, rejected, left_out, echo, warnings })
}

/// A plan, and the tables to verify it by.
struct Searched {
    plan: Plan,
    would_fit: BTreeMap<VisitId, WouldFit>,
    bound: Option<Bound>,
    tables: Tables,
    iterations: u64,
    seconds: f64,
}

/// Searches the day as a whole, or in parts where it is a city's.
fn searched(taken: &mut Taken, roads: &Roads, order: &Order<'_>) -> Searched {
    if is_city(&taken.instance) {
        taken.instance = as_they_come(&taken.instance);
    }
    let Taken { instance, spots, day, .. } = &*taken;
    let hours = Hours::of(instance, day);
    (order.stage)(Stage::Tables);
    if is_city(instance) {
        (order.stage)(Stage::Solve);
        let began = Instant::now();
        let between = |places: &[PlaceId]| hours.tables(roads, spots, places);
        let Parted { plan, tables, iterations } = solve_in_parts(instance, &between, &order.budget);
        let seconds = since(began);
        let would_fit = BTreeMap::new();
        return Searched { plan, would_fit, bound: None, tables, iterations, seconds };
    }
    let tables = whole_tables(taken, roads);
    let whole = of_search(&order.budget);
    (order.stage)(Stage::Solve);
    let (shared, budget) = share_out(instance, &tables, &whole);
    taken.instance = shared;
    let instance = &taken.instance;
    let problem = Problem::compile(instance, &tables).expect("what was taken in has no fault");
    let began = Instant::now();
    // Planned with time to spare, and told as it is. A shift may be too short for that.
    let spared = with_buffers(instance, order.policy.buffer);
    let spared = (order.policy.buffer > Seconds::ZERO).then(|| Problem::compile(&spared, &tables));
    if let Some(Ok(spared)) = spared {
        let solution = solve(&spared, &budget);
        let seconds = since(began);
        let plan = render(instance, &tables, &problem, &solution);
        let iterations = solution.iterations();
        let would_fit = what_would_fit((instance, &tables, &problem), &plan, &order.budget);
        return Searched { plan, would_fit, bound: None, tables, iterations, seconds };
    }
    let day = proving::Day { instance, tables: &tables, problem: &problem };
    let (solution, proof) = match order.prove {
        Some(proving) => day.solve_and_prove(&budget, proving),
        None => (solve(&problem, &budget), None),
    };
    let seconds = since(began);
    let mut plan = render(instance, &tables, &problem, &solution);
    tell_room_left(instance, &problem, &solution, &mut plan);
    let bound = proof.and_then(|proof| proof.bound(instance, &problem, &plan.score));
    let would_fit = what_would_fit((instance, &tables, &problem), &plan, &order.budget);
    Searched { plan, would_fit, bound, tables, iterations: solution.iterations(), seconds }
}

/// How many days are drawn to tell how a plan holds: enough for a per cent or two.
const DRAWS: u32 = 200;

/// How many changes of a day are tried for the visits that a plan leaves out, times the visits of the
/// day: as one takes about as long as the day is large, about a second.
const TRIALS: usize = 100_000;

/// Of the visits that nobody makes, what would let each in: a share of the trials each, and what one
/// leaves of its share the others have.
fn what_would_fit(
    (instance, tables, problem): (&Instance, &Tables, &Problem),
    plan: &Plan,
    budget: &Budget<'_>,
) -> BTreeMap<VisitId, WouldFit> {
    let asked = |visit: &VisitId| {
        instance.known_visits().find(|other| other.id == *visit).map(|visit| visit.criticality)
    };
    let out = plan
        .unassigned
        .iter()
        .filter(|out| !matches!(out.reason.code, ReasonCode::Cancelled | ReasonCode::RoomLeft));
    let mut out: Vec<_> = out.filter_map(|out| Some((asked(&out.visit)?, &out.visit))).collect();
    out.sort_by_key(|(criticality, _)| *criticality);
    let mut left = TRIALS / instance.visits.len().max(1);
    let mut found = BTreeMap::new();
    for (at, (_, visit)) in out.iter().enumerate() {
        if budget.deadline.is_some_and(|deadline| Instant::now() >= deadline) {
            break;
        }
        let share = left.div_ceil(out.len() - at);
        let mut trials = share;
        let change = smallest_change((instance, tables, problem), plan, visit, &mut trials);
        left -= share - trials;
        found.extend(change.map(|change| ((*visit).clone(), change)));
    }
    found
}

/// The budget of the search, of which a part is kept for what is told of its plan.
fn of_search<'a>(budget: &Budget<'a>) -> Budget<'a> {
    let now = Instant::now();
    let kept =
        budget.deadline.map(|deadline| deadline - deadline.saturating_duration_since(now) / 20);
    Budget { deadline: kept, ..*budget }
}

fn since(began: Instant) -> f64 {
    (began.elapsed().as_secs_f64() * 10.0).round() / 10.0
}

/// The travel tables between all places of the list.
fn whole_tables(taken: &Taken, roads: &Roads) -> Tables {
    let Taken { instance, spots, day, .. } = taken;
    Hours::of(instance, day).tables(roads, spots, &all_places(instance))
}

/// The day that the list in `body` asks for, without what was rejected of it, and its travel tables.
///
/// # Errors
/// Everything that is wrong with the list.
pub fn day_of(
    body: &[u8],
    roads: &Roads,
    limits: &Limits,
    policy: &Policy,
) -> Result<(Instance, Tables), PlanningError> {
    let taken = take_in(wire::read_list(body, limits)?, roads, policy)?;
    let tables = whole_tables(&taken, roads);
    Ok((taken.instance, tables))
}

/// The list in `body` as a Bundle of FHIR's, with what is wrong with a part of it.
///
/// # Errors
/// Everything that is wrong with the list.
pub fn bundle_of(
    body: &[u8],
    roads: &Roads,
    limits: &Limits,
    policy: &Policy,
) -> Result<Vec<u8>, PlanningError> {
    Ok(fhir::list_fhir(&take_in(wire::read_list(body, limits)?, roads, policy)?))
}

/// Reads the plan in `plan` again, against the list in `body` that it was made for.
///
/// # Errors
/// Everything that is wrong with the list, or else with the form of the plan; and that the plan that
/// held is missing, where it was made against one.
pub fn check_plan(
    body: &[u8],
    plan: &[u8],
    roads: &Roads,
    limits: &Limits,
    policy: &Policy,
) -> Result<Checked, PlanningError> {
    checked(body, (plan, None), roads, limits, policy)
}

/// The same of a plan that was made against the one in `held`.
///
/// # Errors
/// Everything that is wrong with the list, or else with the form of the plans.
pub fn check_replan(
    body: &[u8],
    (plan, held): (&[u8], &[u8]),
    roads: &Roads,
    limits: &Limits,
    policy: &Policy,
) -> Result<Checked, PlanningError> {
    checked(body, (plan, Some(held)), roads, limits, policy)
}

fn checked(
    body: &[u8],
    (plan, held): (&[u8], Option<&[u8]>),
    roads: &Roads,
    limits: &Limits,
    policy: &Policy,
) -> Result<Checked, PlanningError> {
    let list = wire::read_list(body, limits)?;
    let mut taken = take_in(list, roads, policy)?;
    let read = wire::read_plan(plan, limits, &taken.instance, &taken.day)?;
    taken.instance = driven_by(&taken.instance, &read.drivers);
    if let Some(replanned) = &read.replanned {
        let held = held.ok_or_else(standing::missing)?;
        let held = wire::read_published(held, limits, &taken.instance, &taken.day)?;
        let tables = whole_tables(&taken, roads);
        let told = published_by(&taken.instance, &tables, &held.plan, replanned.frozen_until);
        taken.instance.published = Some(told);
    }
    let (instance, spots) = (&taken.instance, &taken.spots);
    let hours = Hours::of(instance, &taken.day);
    let tables = if is_city(instance) {
        tables_of_plan(instance, &read.plan, &|places| hours.tables(roads, spots, places))
    } else {
        hours.tables(roads, spots, &all_places(instance))
    };
    let verdict = verify(&taken.instance, &tables, &read.plan);
    let unproven = |bound| proving::breaches(&taken.instance, &tables, &verdict.score, bound);
    let unproven = read.bound.as_ref().map(unproven).unwrap_or_default();
    let breaches = [conservation::breaches(&taken, &read), verdict.breaches, unproven].concat();
    Ok(Checked { breaches, score: verdict.score })
}

/// A pin is kept exactly, or the list is refused: no pinned visit is left out in silence. That each
/// pin can be kept by itself was seen at intake; these cannot all be kept together.
fn broken_pins(pins: &[(VisitId, String)], plan: &Plan) -> Vec<InputFault> {
    let left_out = |visit: &VisitId| plan.unassigned.iter().find(|out| out.visit == *visit);
    let broken = pins.iter().filter_map(|(visit, pointer)| {
        let why = &left_out(visit)?.reason.detail;
        let detail = Said::new(
            format!("The pin cannot be kept beside what else is fixed: {}.", why.en),
            format!("Låsingen kan ikke holdes ved siden av det andre som ligger fast. {}", why.nb),
        );
        let fix =
            Said::new("Take the pin away, or another one.", "Fjern låsingen, eller en annen.");
        Some(Wrong::new("pin-infeasible", detail, fix).at(pointer, Some(&visit.0)))
    });
    broken.collect()
}

/// Every place of the instance, in its order.
pub(crate) fn all_places(instance: &Instance) -> Vec<PlaceId> {
    (0..instance.places.len() as u32).map(PlaceId).collect()
}
