//! What a rejection drags along: the doors whose keys hang at a location that was rejected, its patients, their visits, the
//! visits that must follow one of those, the carers who start there, the visits pinned to them.
//! Each says which fault it was.

use std::collections::BTreeMap;

use super::wrong;
use crate::fault::InputFault;
use crate::wire::{Item, List};

pub(super) fn along(list: &mut List) {
    let locations = causes(&list.locations);
    for item in &mut list.locations {
        let key = item.value.as_ref().and_then(|location| location.key_at.as_ref());
        let cause = key.and_then(|key| locations.get(key)).cloned();
        drag(item, "locations", "keyAt", cause.as_ref());
    }
    let locations = causes(&list.locations);
    for item in &mut list.patients {
        let Some(patient) = &item.value else { continue };
        drag(item, "patients", "location", locations.get(&patient.location));
    }
    for item in &mut list.carers {
        let Some(carer) = &item.value else { continue };
        let (start, end) = (locations.get(&carer.start), carer.end.as_ref());
        let end = end.and_then(|end| locations.get(end));
        let rest = carer.rest.as_ref().and_then(|rest| rest.place.as_ref());
        let rest = rest.and_then(|place| locations.get(place));
        drag(item, "carers", "start", start);
        drag(item, "carers", "end", end);
        drag(item, "carers", "break/place", rest);
    }
    let (patients, carers) = (causes(&list.patients), causes(&list.carers));
    for item in &mut list.visits {
        let Some(visit) = &item.value else { continue };
        let patient = patients.get(&visit.patient);
        let carer = visit.pinned.carer.as_ref().and_then(|carer| carers.get(carer));
        drag(item, "visits", "patient", patient);
        wait_for(item, "pinned/carer", carer);
    }
    followers(&mut list.visits);
}

/// By id of each rejected entry, the fault that it was rejected for.
fn causes<T>(items: &[Item<T>]) -> BTreeMap<String, InputFault> {
    let first = |item: &Item<T>| Some((item.id.clone(), item.faults.first()?.clone()));
    items.iter().filter_map(first).collect()
}

/// Rejects a good entry for the very reason of the place or person that it leads to.
fn drag<T>(item: &mut Item<T>, of: &str, field: &str, cause: Option<&InputFault>) {
    if let Some(cause) = cause.filter(|_| item.is_good()) {
        item.refuse(of, field, wrong::because_of(cause));
        item.caused_by(root(cause));
    }
}

/// Rejects a good visit because it cannot be without something that was rejected.
fn wait_for<T>(item: &mut Item<T>, field: &str, cause: Option<&InputFault>) {
    if let Some(cause) = cause.filter(|_| item.is_good()) {
        item.refuse("visits", field, wrong::dragged_along(cause.id.as_deref().unwrap_or_default()));
        item.caused_by(root(cause));
    }
}

/// Follows every rejected visit to those that come after it, and those after them.
fn followers(visits: &mut [Item<crate::wire::Visit>]) {
    let mut after: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for (at, item) in visits.iter().enumerate() {
        if let Some(gap) = item.value.as_ref().and_then(|visit| visit.gap.as_ref()) {
            after.entry(gap.after.0.clone()).or_default().push(at);
        }
    }
    let mut rejected: Vec<usize> = (0..visits.len()).filter(|&at| !visits[at].is_good()).collect();
    while let Some(at) = rejected.pop() {
        let cause = visits[at].faults[0].clone();
        for &next in after.get(&visits[at].id).into_iter().flatten() {
            if visits[next].is_good() {
                wait_for(&mut visits[next], "gap/after", Some(&cause));
                rejected.push(next);
            }
        }
    }
}

fn root(fault: &InputFault) -> String {
    fault.caused_by.clone().unwrap_or_else(|| fault.pointer.clone())
}
