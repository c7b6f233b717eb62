//! Who may come to which visit.

use hjemrute_solver::{Carer, Instance, Skills, Status, Visit};
use hjemrute_travel::{Leg, PlaceId, Tables};

/// The leg between two places by the carer's mode.
pub(crate) fn leg(tables: &Tables, carer: &Carer, from: PlaceId, to: PlaceId) -> Option<Leg> {
    tables.get(carer.mode)?.leg(from, to)
}

pub(crate) fn has(carer: &Carer, wanted: &Skills) -> bool {
    wanted.all_of.is_subset(&carer.skills)
        && (wanted.any_of.is_empty() || !wanted.any_of.is_disjoint(&carer.skills))
        && wanted.none_of.is_disjoint(&carer.skills)
}

/// Whether the carer may be one of those who come.
pub(crate) fn come(instance: &Instance, tables: &Tables, carer: &Carer, visit: &Visit) -> bool {
    let avoided = visit.continuity.as_ref().is_some_and(|wish| wish.avoid.contains(&carer.id));
    let pinned_away = visit.crew.len() == 1
        && visit.pinned.carer.as_ref().is_some_and(|pinned| *pinned != carer.id);
    debug_assert!(visit.place.index() < instance.places.len());
    visit.status == Status::Planned
        && !avoided
        && !pinned_away
        && visit.crew.iter().any(|wanted| has(carer, wanted))
        && leg(tables, carer, carer.start, visit.place).is_some()
        && leg(tables, carer, visit.place, carer.end).is_some()
}

/// Whether these two, who may both come, may come together.
pub(crate) fn come_together(visit: &Visit, one: &Carer, other: &Carer) -> bool {
    let [first, second] = visit.crew.as_slice() else { return false };
    let fits = (has(one, first) && has(other, second)) || (has(one, second) && has(other, first));
    let pinned = visit.pinned.carer.as_ref();
    fits && pinned.is_none_or(|pinned| *pinned == one.id || *pinned == other.id)
}
