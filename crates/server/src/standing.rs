//! The plan that holds when a day is planned anew: whether it is the one that the list means, and until
//! when the day stays as it is.

use hjemrute_solver::{CarerRef, Fault, Instance, LocationId, Said, Subject, VisitId, is_city};
use hjemrute_travel::Time;

use crate::day::{Day, Wall};
use crate::fault::{InputFault, Wrong};
use crate::wire::{List, PlanRead, PublishedPlan};

/// How our own ids of plans begin.
const OUR_ID: &str = "plan-";

/// A list that names a published plan is planned against that, or not at all.
pub(crate) fn needs_none(list: &List) -> Result<(), Vec<InputFault>> {
    if list.published.is_some() { Err(missing()) } else { Ok(()) }
}

/// There is no plan to hold this one against.
pub(crate) fn missing() -> Vec<InputFault> {
    let detail = Said::new(
        "A plan was published for this day, and it is not given beside the list.",
        "Det er publisert en plan for denne dagen, og den er ikke gitt sammen med listen.",
    );
    let fix = Said::new(
        "Give the published plan too, or take `publishedPlan` away to plan the day as if nobody knew of one.",
        "Gi også den publiserte planen, eller fjern `publishedPlan` for å planlegge som om ingen kjenner noen plan.",
    );
    vec![Wrong::new("published-plan-missing", detail, fix).at("/publishedPlan", None)]
}

/// Whether the plan is of this list, and the one that the list names where that is one of our ids.
pub(crate) fn is_of(
    held: &PlanRead,
    list_id: &str,
    named: Option<&PublishedPlan>,
) -> Result<(), Vec<InputFault>> {
    let named = named.map(|named| &named.plan_id).filter(|id| id.starts_with(OUR_ID));
    if held.list_id == list_id && named.is_none_or(|named| held.plan_id.as_ref() == Some(named)) {
        return Ok(());
    }
    let detail = Said::new(
        "The plan that is given is of another list, or not the one that the list names.",
        "Planen som er gitt, hører til en annen liste eller er ikke den som listen nevner.",
    );
    let fix = Said::new(
        "Give the plan that holds for this list.",
        "Gi den planen som gjelder for denne listen.",
    );
    Err(vec![Wrong::new("published-plan-differs", detail, fix).at("/publishedPlan/planId", None)])
}

/// A city that is planned in pieces is not planned anew as a whole.
pub(crate) fn is_small(instance: &Instance) -> Result<(), Vec<InputFault>> {
    if !is_city(instance) {
        return Ok(());
    }
    let detail = Said::new(
        "The day is too large to be planned anew against a published plan.",
        "Dagen er for stor til å planlegges på nytt mot en publisert plan.",
    );
    let fix = Said::new(
        "Plan the districts by themselves, each with its own list and plan.",
        "Planlegg bydelene hver for seg, med egen liste og egen plan.",
    );
    Err(vec![Wrong::new("too-many-visits", detail, fix).at("/visits", None)])
}

/// The list cannot be driven with the cars as the plan has them.
pub(crate) fn faults_of_shared_cars(faults: Vec<Fault>) -> Vec<InputFault> {
    let told = faults.into_iter().map(|Fault { code, subject, field: _, detail, fix }| {
        let (Subject::Visit(VisitId(id))
        | Subject::Carer(CarerRef(id))
        | Subject::Location(LocationId(id))) = &subject;
        Wrong::new(code, detail, fix).at("/publishedPlan", Some(id))
    });
    told.collect()
}

/// The later of what the clock shows and of what the list says; none where neither says anything.
pub(crate) fn frozen_until(
    day: &Day,
    now: Option<u32>,
    named: Option<&PublishedPlan>,
) -> Option<Time> {
    let said = named.and_then(|named| named.frozen_until).map(|wall| wall.0);
    let moment = |minutes: u32| match day.moment(minutes)? {
        Wall::Plain(time) | Wall::Skipped(time) | Wall::Twice(time) => Some(time),
    };
    now.and_then(moment).max(said.and_then(moment))
}
