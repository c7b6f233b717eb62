//! Keys, as plainly as `docs/MODEL.md` says it: which stops for keys a carer's list may have, and
//! whether a crew has the key among it.

use std::collections::BTreeSet;

use hjemrute_solver::{Carer, Instance, Visit};
use hjemrute_travel::PlaceId;

use crate::may;

/// Stops for keys, each before the visit of that position.
type Trips = Vec<(usize, PlaceId)>;

/// Every way to have the keys on a list of these visits: those of visits by one carer, and those of
/// any of the visits by two.
pub(crate) fn trips(instance: &Instance, carer: &Carer, visits: &[usize]) -> Vec<Trips> {
    let keyed: Vec<(usize, PlaceId, bool)> = (0..visits.len())
        .filter_map(|at| {
            let visit = &instance.visits[visits[at]];
            Some((at, key_of(instance, visit)?, visit.crew.len() > 1))
        })
        .collect();
    let may_go_without = keyed.iter().filter(|it| it.2).count();
    let mut all = BTreeSet::new();
    for without in 0..1_u32 << may_go_without {
        let mut nth = 0;
        let brought = keyed.iter().filter(|it| {
            nth += usize::from(it.2);
            !it.2 || without >> (nth - 1) & 1 == 0
        });
        let brought: Vec<(usize, PlaceId)> = brought.map(|it| (it.0, it.1)).collect();
        for trips in of_these(carer, &brought, visits.len()) {
            all.extend(orders(trips));
        }
    }
    all.into_iter().collect()
}

/// Every choice of gaps for what must be fetched and brought back.
fn of_these(carer: &Carer, brought: &[(usize, PlaceId)], visits: usize) -> Vec<Trips> {
    let hooks: BTreeSet<PlaceId> = brought.iter().map(|key| key.1).collect();
    let mut all = vec![Trips::new()];
    for hook in hooks {
        let mut at = brought.iter().filter(|key| key.1 == hook).map(|key| key.0);
        let first = at.next().unwrap_or(0);
        let last = at.next_back().unwrap_or(first);
        let fetch = (carer.start != hook).then_some(0..first + 1);
        let back = (carer.end != hook).then_some(last + 1..visits + 1);
        for gaps in [fetch, back].into_iter().flatten() {
            let with = |trips: &Trips| {
                let trips = trips.clone();
                gaps.clone().map(move |gap| [trips.as_slice(), &[(gap, hook)]].concat())
            };
            all = all.iter().flat_map(with).collect();
        }
    }
    all
}

/// The same trips, those of one gap in every order.
fn orders(trips: Trips) -> Vec<Trips> {
    let mut all = vec![Trips::new()];
    for trip in trips {
        let put = |done: &Trips| {
            let done = done.clone();
            (0..=done.len()).map(move |at| {
                let mut more = done.clone();
                more.insert(at, trip);
                more
            })
        };
        all = all.iter().flat_map(put).collect();
    }
    all.iter_mut().for_each(|trips| trips.sort_by_key(|trip| trip.0));
    all
}

pub(crate) fn key_of(instance: &Instance, visit: &Visit) -> Option<PlaceId> {
    instance.places[visit.place.index()].key_at
}

/// Whether a carer who makes these stops has the key at the visit of that position.
pub(crate) fn has(carer: &Carer, trips: &Trips, at: usize, hook: PlaceId) -> bool {
    let fetched = trips.iter().any(|trip| trip.1 == hook && trip.0 <= at);
    let back = trips.iter().any(|trip| trip.1 == hook && trip.0 > at);
    (carer.start == hook || fetched) && (carer.end == hook || back)
}

/// Whether the first of the crew can be one who has the key.
pub(crate) fn crew_has(visit: &Visit, crew: &[(&Carer, bool)]) -> bool {
    match (crew, visit.crew.as_slice()) {
        ([(_, has)], [_]) => *has,
        ([one, other], [first, second]) => [(one, other), (other, one)]
            .iter()
            .any(|(one, other)| one.1 && may::has(one.0, first) && may::has(other.0, second)),
        _ => false,
    }
}
