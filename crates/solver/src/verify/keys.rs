//! Keys: whoever opens a door that takes one has been where it hangs, and is there again afterwards.
//! Of two who come together one has the key: the first of the crew. How long a stop for a key takes
//! is the walk's business.

use hjemrute_travel::PlaceId;

use super::who::{can_share_out, has};
use super::{Breaches, Coming, Reading, visit_stops};
use crate::plan::{Carer, Stop, Visit, WorkList};

pub(super) fn check(reading: &Reading, breaches: &mut Breaches) {
    for visit in &reading.instance.visits {
        if let Some(key) = key_of(reading, visit) {
            somebody_has_it(reading, visit, key, breaches);
        }
    }
    for (carer, list) in &reading.lists {
        unasked(reading, carer, list, breaches);
        fetched_in_vain(reading, carer, list, breaches);
    }
}

/// Where the key hangs that the visit's door takes.
fn key_of(reading: &Reading, visit: &Visit) -> Option<PlaceId> {
    reading.instance.places.get(visit.place.index())?.key_at
}

fn somebody_has_it(reading: &Reading, visit: &Visit, key: PlaceId, breaches: &mut Breaches) {
    let comings = reading.comings(&visit.id);
    if comings.is_empty() {
        return;
    }
    let brings = |coming: &&Coming, both_ways: bool| {
        let (fetched, back) = on_the_way(reading, coming, key);
        // Of those who have set off, whoever has it has it.
        let begun = reading.begun(coming.carer);
        let has_begun =
            begun.is_some_and(|begun| begun.stops.iter().any(|(id, _)| *id == visit.id));
        let may_have_it = has_begun || may_be_first(visit, coming, comings);
        fetched && (back || !both_ways) && may_have_it
    };
    if comings.iter().any(|coming| brings(&coming, true)) {
        return;
    }
    let place = &reading.instance.places[visit.place.index()].id;
    if comings.iter().any(|coming| brings(&coming, false)) {
        let en = format!("the key of {place} is not brought back");
        let nb = format!("nøkkelen til {place} blir ikke levert tilbake");
        breaches.visit("key-kept", &visit.id, en, nb);
    } else {
        let en = format!("nobody has fetched the key of {place}");
        let nb = format!("ingen har hentet nøkkelen til {place}");
        breaches.visit("key-missing", &visit.id, en, nb);
    }
}

/// Whether the carer has been where the key hangs before the visit, and is there again afterwards.
fn on_the_way(reading: &Reading, coming: &Coming, key: PlaceId) -> (bool, bool) {
    let list = reading.lists.iter().find(|(carer, _)| carer.id == coming.carer.id);
    let Some((carer, list)) = list else { return (false, false) };
    let visit = |stop: &Stop| matches!(stop, Stop::Visit(it) if it.visit == coming.visit.id);
    let Some(at) = list.stops.iter().position(visit) else { return (false, false) };
    let there = |stop: &Stop| matches!(stop, Stop::Key { place, .. } if *place == key);
    let fetched = carer.start == key || list.stops[..at].iter().any(there);
    (fetched, carer.end == key || list.stops[at..].iter().any(there))
}

/// Whether the crew can be shared out with this carer as the first of it, if it can be at all.
fn may_be_first(visit: &Visit, coming: &Coming, comings: &[Coming]) -> bool {
    let Some((first, rest)) = visit.crew.split_first() else { return true };
    let others = comings.iter().map(|other| other.carer);
    let others: Vec<&Carer> = others.filter(|other| other.id != coming.carer.id).collect();
    let all: Vec<&Carer> = comings.iter().map(|other| other.carer).collect();
    has(coming.carer, first) && can_share_out(rest, &others) || !can_share_out(&visit.crew, &all)
}

/// Whether the key opens a door of the list.
fn opens_a_door(reading: &Reading, list: &WorkList, key: PlaceId) -> bool {
    let mut visits = visit_stops(list).filter_map(|stop| reading.visits.get(&stop.visit));
    visits.any(|visit| key_of(reading, visit) == Some(key))
}

/// Where the list stops for keys.
fn hooks(list: &WorkList) -> impl Iterator<Item = PlaceId> {
    list.stops.iter().filter_map(|stop| match stop {
        Stop::Key { place, .. } => Some(*place),
        Stop::Leave { .. } | Stop::Visit(_) | Stop::Break { .. } | Stop::Return { .. } => None,
    })
}

/// Where the carer has been for keys already.
fn begun_hooks<'a>(reading: &'a Reading, carer: &Carer) -> impl Iterator<Item = PlaceId> + use<'a> {
    reading.begun(carer).into_iter().flat_map(|begun| &begun.keys).map(|(_, place)| *place)
}

/// A key that was fetched for a door that somebody else opens now, or nobody, goes back all the same.
fn fetched_in_vain(reading: &Reading, carer: &Carer, list: &WorkList, breaches: &mut Breaches) {
    let is_kept = |key: PlaceId| {
        let at_home = carer.start == key || carer.end == key;
        !at_home
            && !opens_a_door(reading, list, key)
            && hooks(list).filter(|it| *it == key).count() < 2
    };
    if begun_hooks(reading, carer).any(is_kept) {
        let en = "a key that was fetched already is not brought back";
        let nb = "en nøkkel som alt er hentet, blir ikke levert tilbake";
        breaches.carer("key-kept", &carer.id, en, nb);
    }
}

/// A stop for a key that opens none of the list's doors, and was not fetched for one before.
fn unasked(reading: &Reading, carer: &Carer, list: &WorkList, breaches: &mut Breaches) {
    let has_begun = |key: PlaceId| begun_hooks(reading, carer).any(|hook| hook == key);
    let asked = |key: PlaceId| opens_a_door(reading, list, key) || has_begun(key);
    if hooks(list).any(|key| !asked(key)) {
        let en = "there is a stop for a key that opens no door of the list";
        let nb = "lista har et stopp for en nøkkel som ikke går til noen dør på lista";
        breaches.carer("key-unasked", &carer.id, en, nb);
    }
}
