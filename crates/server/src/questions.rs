//! What is asked about a plan that is in hand, and what is answered: why a visit is where it is,
//! where a new one fits, what a change by hand comes to. Nothing here is kept, and no plan is made
//! but by putting visits where they are told to be.

use hjemrute_osm::Roads;
use hjemrute_solver::{
    Alternative, Breach, Driven, Instance, Outcome, Plan, Policy, Roster, Said, Transfer, VisitId,
    Why, drive, read_back, suggest, transferred, why,
};

use hjemrute_travel::PlaceId;

use crate::answer::{Answer, Checked, Made};
use crate::difference::Difference;
use crate::error::PlanningError;
use crate::fault::{InputFault, Wrong};
use crate::hours::{Hours, Surroundings};
use crate::intake::{Taken, take_in};
use crate::loaded::{LoadedDay, LoadedPlan};
use crate::planning::all_places;
use crate::wire::{self, Limits};

/// Why a visit is where it is on a plan.
#[derive(Clone, Debug)]
pub struct Explained<'a> {
    pub(crate) of: &'a LoadedPlan,
    /// Which visit.
    pub visit: VisitId,
    /// What is said.
    pub why: Why,
}

/// Where a new visit fits on a plan.
#[derive(Clone, Debug)]
pub struct Suggested<'a> {
    /// On which plan.
    pub of: &'a LoadedPlan,
    /// The day with the visit.
    pub instance: Instance,
    /// The visit.
    pub visit: VisitId,
    /// The whole plan with the visit, cheapest first.
    pub plans: Vec<Plan>,
    /// Why nobody can make it as things are, and what would let it in.
    pub why_not: Option<Why>,
}

/// What a plan comes to after a change by hand.
#[derive(Clone, Debug)]
pub struct Tried<'a> {
    pub(crate) of: &'a LoadedPlan,
    pub(crate) driven: Driven,
}

impl Tried<'_> {
    /// Every rule that it breaks.
    pub fn breaches(&self) -> &[Breach] {
        &self.driven.breaches
    }

    /// Whether it breaks no rule.
    pub fn is_sound(&self) -> bool {
        self.driven.breaches.is_empty()
    }
}

/// Why the visit is where it is on the plan; none if the list does not have it.
pub fn explain<'a>(plan: &'a LoadedPlan, visit: &str) -> Option<Explained<'a>> {
    let LoadedDay { taken, tables, problem, .. } = &plan.day;
    let visit = VisitId(visit.to_owned());
    let why = why(&taken.instance, tables, problem, (&plan.plan, &plan.solution), &visit)?;
    Some(Explained { of: plan, visit, why })
}

/// Where the visit in `body` fits: a visit of the contract, its patient and location written out
/// where they are new. At most `top` ways. `around` are the surroundings of the plan's day.
///
/// # Errors
/// Everything that is wrong with the visit, with pointers into `body`.
pub fn suggestions<'a>(
    plan: &'a LoadedPlan,
    (roads, around): (&Roads, &Surroundings<'_>),
    body: &[u8],
    top: usize,
    limits: &Limits,
) -> Result<Suggested<'a>, PlanningError> {
    let LoadedDay { taken, tables, problem, frame } = &plan.day;
    let own = |mut fault: InputFault| {
        fault.pointer = wire::pointer_of_new(&fault.pointer);
        fault.caused_by = None;
        fault
    };
    let told = |faults: Vec<InputFault>| faults.into_iter().map(own).collect::<Vec<_>>();
    let (id, small) = frame.with(body, limits)?;
    let small = wire::read_list(&small, limits)
        .and_then(|list| take_in(list, roads, &taken.instance.policy))
        .map_err(told)?;
    let visit = VisitId(id);
    let (instance, spots) = with_visit(taken, &small, &visit);
    let faults = hjemrute_solver::faults(&instance);
    if !faults.is_empty() {
        return Err(PlanningError::Refused(faults.into_iter().map(of_the_day).collect()));
    }
    let place = instance.visits.last().map(|visit| visit.place).expect("it has the visit");
    let (old, new) = (Hours::of(&taken.instance, &taken.day), Hours::of(&instance, &taken.day));
    let changed = (old != new).then_some(place);
    let made = changed.map(|place| {
        let spot = &spots[place.index()];
        let one = new.tables_with((tables, around), (roads, place, spot));
        one.unwrap_or_else(|| new.tables(roads, &spots, &all_places(&instance)))
    });
    let tables = made.as_ref().unwrap_or(tables);
    let revised = problem.with_visit(&instance, tables, changed);
    let kept = read_back(&instance, &revised, &plan.plan);
    let plans = suggest((&instance, tables), &revised, &kept, &visit, top);
    let why_not = if plans.is_empty() {
        let without = hjemrute_solver::render(&instance, tables, &revised, &kept);
        why(&instance, tables, &revised, (&without, &kept), &visit)
    } else {
        None
    };
    Ok(Suggested { of: plan, instance, visit, plans, why_not })
}

/// A fault of a day that has come to it with a new visit.
fn of_the_day(fault: hjemrute_solver::Fault) -> InputFault {
    let hjemrute_solver::Fault { code, detail, fix, .. } = fault;
    Wrong::new(code, detail, fix).at("", None)
}

/// The day with the visit last, and its place where the day does not know it.
fn with_visit(taken: &Taken, small: &Taken, id: &VisitId) -> (Instance, Vec<crate::intake::Spot>) {
    let (mut instance, mut spots) = (taken.instance.clone(), taken.spots.clone());
    let mut visits = small.instance.visits.iter();
    let mut visit = visits.find(|visit| visit.id == *id).expect("it was taken in").clone();
    let place = &small.instance.places[visit.place.index()];
    let known = instance.places.iter().position(|other| other.id == place.id);
    let row = known.unwrap_or_else(|| {
        instance.places.push(place.clone());
        spots.push(small.spots[visit.place.index()].clone());
        instance.places.len() - 1
    });
    visit.place = PlaceId(row as u32);
    instance.visits.push(visit);
    (instance, spots)
}

/// What the moves in `body` come to on the plan.
///
/// # Errors
/// Everything that is wrong with the form of the body; visits or carers that are not on the list.
pub fn try_moves<'a>(
    plan: &'a LoadedPlan,
    body: &[u8],
    limits: &Limits,
) -> Result<Tried<'a>, PlanningError> {
    let moves = wire::read_moves(body, limits)?;
    let faults = strangers(&plan.day.taken.instance, &moves);
    if !faults.is_empty() {
        return Err(PlanningError::Refused(faults));
    }
    let LoadedDay { taken, tables, problem, .. } = &plan.day;
    let now = (&plan.plan, &plan.solution);
    let roster = transferred(&taken.instance, tables, problem, now, &moves);
    let driven = drive(&taken.instance, tables, problem, &roster, Some(&plan.solution));
    Ok(Tried { of: plan, driven })
}

/// Visits and carers that are named and not on the list.
fn strangers(instance: &Instance, moves: &[Transfer]) -> Vec<InputFault> {
    let unknown = |pointer: String| {
        let wrong = Wrong::new(
            "unknown-reference",
            Said::new(
                "There is nothing with this id on the list.",
                "Listen har ingenting med denne id-en.",
            ),
            Said::new("Correct the id.", "Rett id-en."),
        );
        wrong.at(pointer, None)
    };
    let mut faults = Vec::new();
    for (at, moved) in moves.iter().enumerate() {
        if instance.visits.iter().all(|visit| visit.id != moved.visit) {
            faults.push(unknown(format!("/moves/{at}/visit")));
        }
        for (row, carer) in moved.carers.iter().enumerate() {
            if instance.carers.iter().all(|other| other.id != *carer) {
                faults.push(unknown(format!("/moves/{at}/carers/{row}")));
            }
        }
    }
    faults
}

/// A plan that was changed by hand as an answer of its own, to be kept beside the one it was made of.
/// None if it breaks a rule.
pub fn revised(tried: &Tried<'_>, map: String) -> Option<Answer> {
    let taken = &tried.of.day.taken;
    let mut plan = tried.driven.plan.clone();
    plan.warnings.extend(taken.warnings.iter().cloned());
    tried.is_sound().then(|| Answer {
        list_id: taken.list_id.clone(),
        version: taken.version,
        day: taken.day.clone(),
        instance: taken.instance.clone(),
        plan,
        replanned: tried.of.replanned.clone(),
        robustness: None,
        bound: None,
        rejected: taken.rejected.clone(),
        left_out: taken.left_out.clone(),
        echo: taken.echo.clone(),
        made: Made {
            solver: format!("{} by hand", env!("CARGO_PKG_VERSION")),
            seed: 0,
            iterations: 0,
            seconds: None,
            map,
            profile: taken.instance.policy.name.clone(),
        },
    })
}

/// A plan of which only carer and order are told, driven, beside another if there is one.
#[derive(Debug)]
pub struct ByHand {
    pub(crate) day: LoadedDay,
    pub(crate) driven: Driven,
    pub(crate) beside: Option<Plan>,
}

impl ByHand {
    /// Every rule that it breaks.
    pub fn breaches(&self) -> &[Breach] {
        &self.driven.breaches
    }

    /// What it costs more than the plan beside it.
    pub fn difference(&self) -> Option<Difference> {
        let beside = self.beside.as_ref()?;
        Some(Difference::between(&self.day.taken.instance, beside, &self.driven.plan))
    }
}

/// Drives the plan in `hand`, of which only carer and order are told, and holds it against its list;
/// `beside` is another plan of the list, as the program writes them.
///
/// # Errors
/// Everything that is wrong with the list, or else with the form of a plan.
pub fn check_by_hand(
    (list, hand, beside): (&[u8], &[u8], Option<&[u8]>),
    roads: &Roads,
    limits: &Limits,
    policy: &Policy,
) -> Result<ByHand, PlanningError> {
    let day = LoadedDay::of(list, roads, limits, policy)?;
    let roster = wire::read_roster(hand, limits)?;
    let LoadedDay { taken, tables, problem, .. } = &day;
    let driven = drive(&taken.instance, tables, problem, &roster, None);
    let beside = match beside {
        Some(plan) => Some(wire::read_plan(plan, limits, &taken.instance, &taken.day)?.plan),
        None => None,
    };
    Ok(ByHand { day, driven, beside })
}

/// What the lists of the plan in `plan` would come to by another profile than they were made with: driven anew by
/// the people of that profile, with every rule that breaks. With the plan that it was made against, if it was.
///
/// # Errors
/// Everything that is wrong with the list, or else with the form of the plans.
pub fn weighed_anew(
    list: &[u8],
    (plan, held): (&[u8], Option<&[u8]>),
    roads: &Roads,
    limits: &Limits,
    policy: &Policy,
) -> Result<Checked, PlanningError> {
    let mut day = LoadedDay::of(list, roads, limits, policy)?;
    let read = wire::read_plan(plan, limits, &day.taken.instance, &day.taken.day)?;
    if let Some((replanned, held)) = read.replanned.as_ref().zip(held) {
        day.tell(held, replanned, limits)?;
    }
    let LoadedDay { taken, tables, problem, .. } = &day;
    let (roster, near) = (Roster::of(&read.plan), read_back(&taken.instance, problem, &read.plan));
    let driven = |near| drive(&taken.instance, tables, problem, &roster, near);
    let as_made = driven(Some(&near));
    // Where that breaks a rule, breaks may lie better elsewhere.
    let best = if as_made.breaches.is_empty() { as_made } else { driven(None) };
    Ok(Checked { breaches: best.breaches, score: best.plan.score })
}

/// What is to be said of somebody who might have made a visit.
pub fn said_of(plan: &LoadedPlan, alternative: &Alternative) -> Said {
    let Alternative { carer: _, instead_of, outcome } = alternative;
    match outcome {
        Outcome::Rule(rule) => rule_said(rule),
        Outcome::NoRoom => Said::new(
            "has no room for it beside the other visits",
            "har ikke plass til det ved siden av de andre besøkene",
        ),
        Outcome::Plan(other) => {
            let instance = &plan.day.taken.instance;
            let more = Difference::between(instance, &plan.plan, other).said();
            let (en, nb) = match instead_of {
                Some(other) => (format!("instead of {other}: "), format!("i stedet for {other}: ")),
                None => (String::new(), String::new()),
            };
            Said::new(format!("{en}{}", more.en), format!("{nb}{}", more.nb))
        }
    }
}

/// The rule that keeps a carer from a visit, in words.
fn rule_said(rule: &str) -> Said {
    let (en, nb) = match rule {
        "skills" => ("does not have the skills", "har ikke kompetansen"),
        "avoid" => ("must not be sent to this patient", "skal ikke sendes til denne brukeren"),
        "pinned" => ("the visit is pinned to somebody else", "besøket er låst til en annen"),
        "travel" => ("cannot get there and back", "kommer ikke fram og tilbake med sin reisemåte"),
        "hours" => ("is not at work then", "er ikke på jobb når besøket kan begynne"),
        other => return Said::new(other, other),
    };
    Said::new(en, nb)
}
