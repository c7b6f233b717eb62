//! A work list walked through: each stop with its place, its way, its access and waiting time and
//! when it begins and ends, so that nobody who counts or draws a list needs to know where breaks
//! may lie. Takes the plan at its word; whether it is right is for `verify` to say.

use std::collections::BTreeMap;

use hjemrute_travel::{Leg, PlaceId, Seconds, Time};

use crate::plan::{Carer, Instance, Plan, Stop, Visit, VisitId, WorkList};

/// One carer and what the carer does.
#[derive(Clone, Debug)]
pub struct Walk<'a> {
    /// Whose list it is.
    pub carer: &'a Carer,
    /// The stops in order; none for a carer who stays.
    pub steps: Vec<Step<'a>>,
}

impl Walk<'_> {
    /// How many visits the carer makes.
    pub fn visits(&self) -> u32 {
        self.steps.iter().map(|step| u32::from(step.visit.is_some())).sum()
    }

    /// How far the end of the last thing lies behind the end of the shift.
    pub fn overtime(&self) -> Seconds {
        let over = self.steps.last().map(|last| last.end - self.carer.shift_end);
        over.unwrap_or_default().max(Seconds::ZERO)
    }
}

/// One stop of a walk.
#[derive(Clone, Debug)]
pub struct Step<'a> {
    /// The stop on the list.
    pub stop: &'a Stop,
    /// The visit that is made, if it is one.
    pub visit: Option<&'a Visit>,
    /// Where.
    pub place: PlaceId,
    /// The way there; none when the carer is already there.
    pub travel: Leg,
    /// When the carer is there.
    pub arrive: Time,
    /// From there to the door: only for the first stop at a place.
    pub access: Seconds,
    /// Time spent ready and idle before it begins. Before the departure and after the return there
    /// is slack and no waiting.
    pub wait: Seconds,
    /// When it begins; for the base when the carer leaves or is back.
    pub start: Time,
    /// When it is over.
    pub end: Time,
}

/// Each work list of the plan, walked through.
///
/// # Panics
/// When the plan names a visit or a carer that the instance does not have; no plan that `verify`
/// accepts does.
pub fn walks<'a>(instance: &'a Instance, plan: &'a Plan) -> Vec<Walk<'a>> {
    let visits: BTreeMap<_, _> = instance.visits.iter().map(|visit| (&visit.id, visit)).collect();
    let carers: BTreeMap<_, _> = instance.carers.iter().map(|carer| (&carer.id, carer)).collect();
    plan.work_lists
        .iter()
        .map(|list| {
            let carer = carers.get(&list.carer).expect("a verified plan names only its carers");
            Walk { carer, steps: steps(instance, &visits, carer, list) }
        })
        .collect()
}

fn steps<'a>(
    instance: &'a Instance,
    visits: &BTreeMap<&'a VisitId, &'a Visit>,
    carer: &Carer,
    list: &'a WorkList,
) -> Vec<Step<'a>> {
    // To a door, unless the carer was there last.
    let access = |place: PlaceId, here: &mut PlaceId| match std::mem::replace(here, place) {
        last if last == place => Seconds::ZERO,
        _ => instance.places[place.index()].access,
    };
    let mut here = carer.start;
    // When the stop before was over; none before the departure and after the return.
    let mut free: Option<Time> = None;
    let mut steps = Vec::with_capacity(list.stops.len());
    for stop in &list.stops {
        let step = match stop {
            Stop::Leave { place, leave } => base(stop, *place, Leg::NONE, *leave),
            Stop::Return { place, travel, arrive } => base(stop, *place, *travel, *arrive),
            Stop::Key { place, travel, arrive, leave } => {
                let access = access(*place, &mut here);
                let (start, end) = (*leave, *leave);
                Step { arrive: *arrive, access, end, ..base(stop, *place, *travel, start) }
            }
            Stop::Break { place, travel, start, leave } => {
                let arrive = free.map_or(*start, |free| free + travel.seconds);
                let away = free.is_some() && carer.rest.is_some_and(|rest| rest.place.is_some());
                let access = if away { access(*place, &mut here) } else { Seconds::ZERO };
                let wait = *start - arrive - access;
                Step { arrive, access, wait, end: *leave, ..base(stop, *place, *travel, *start) }
            }
            Stop::Visit(made) => {
                let visit = visits.get(&made.visit).expect("a verified plan names only its visits");
                let access = access(visit.place, &mut here);
                Step {
                    visit: Some(visit),
                    arrive: made.arrive,
                    access,
                    wait: made.wait,
                    end: made.leave,
                    ..base(stop, visit.place, made.travel, made.start)
                }
            }
        };
        let on_the_way = match stop {
            Stop::Leave { .. } => true,
            Stop::Return { .. } => false,
            Stop::Visit(_) | Stop::Key { .. } | Stop::Break { .. } => free.is_some(),
        };
        free = on_the_way.then_some(step.end);
        steps.push(step);
    }
    steps
}

/// A stop that takes no time and needs no waiting.
fn base(stop: &Stop, place: PlaceId, travel: Leg, at: Time) -> Step<'_> {
    let (visit, access, wait) = (None, Seconds::ZERO, Seconds::ZERO);
    Step { stop, visit, place, travel, arrive: at, access, wait, start: at, end: at }
}
