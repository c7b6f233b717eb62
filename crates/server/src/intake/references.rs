//! Ids: each stands once, and each reference leads to something on the list. A visit that stands
//! twice refuses the whole list in every mode, for it could be made twice.

use std::collections::{BTreeMap, BTreeSet};

use super::wrong;
use crate::wire::{Carer, Item, List};

pub(super) fn check(list: &mut List) {
    repeated_visits(list);
    repeated(&mut list.locations, "locations", "id");
    repeated(&mut list.patients, "patients", "ref");
    repeated(&mut list.carers, "carers", "ref");
    let locations = ids(&list.locations);
    let patients = ids(&list.patients);
    for item in &mut list.locations {
        must_be_known(item, "locations", "keyAt", &locations, |it| it.key_at.as_ref());
    }
    for item in &mut list.patients {
        must_be_known(item, "patients", "location", &locations, |patient| Some(&patient.location));
    }
    for item in &mut list.visits {
        must_be_known(item, "visits", "patient", &patients, |visit| Some(&visit.patient));
    }
    for item in &mut list.carers {
        must_be_known(item, "carers", "start", &locations, |carer| Some(&carer.start));
        must_be_known(item, "carers", "end", &locations, |carer| carer.end.as_ref());
        must_be_known(item, "carers", "break/place", &locations, rest_place);
    }
}

fn rest_place(carer: &Carer) -> Option<&String> {
    carer.rest.as_ref()?.place.as_ref()
}

fn ids<T>(items: &[Item<T>]) -> BTreeSet<String> {
    items.iter().map(|item| item.id.clone()).collect()
}

/// Where else each id stands that stands more than once: by the position of an entry, that of another.
fn repeats<T>(items: &[Item<T>]) -> BTreeMap<usize, usize> {
    let mut first = BTreeMap::new();
    let mut others = BTreeMap::new();
    for (at, item) in items.iter().enumerate() {
        if let Some(&other) = first.get(item.id.as_str()) {
            others.insert(at, other);
            others.entry(other).or_insert(at);
        } else {
            first.insert(item.id.as_str(), at);
        }
    }
    others
}

fn repeated_visits(list: &mut List) {
    for (at, other) in repeats(&list.visits) {
        let other = format!("/visits/{}/id", list.visits[other].index);
        let item = &mut list.visits[at];
        item.refuse("visits", "id", wrong::duplicate_visit(&other));
        list.faults.extend(item.faults.pop());
    }
    // What is left has each id once, so that the other faults of the list can still be found.
    let mut seen = BTreeSet::new();
    list.visits.retain(|item| seen.insert(item.id.clone()));
}

fn repeated<T>(items: &mut [Item<T>], of: &str, field: &str) {
    for (at, other) in repeats(items) {
        let other = format!("/{of}/{}/{field}", items[other].index);
        items[at].refuse(of, field, wrong::duplicate(&other));
    }
}

fn must_be_known<T>(
    item: &mut Item<T>,
    of: &str,
    field: &str,
    known: &BTreeSet<String>,
    reference: impl Fn(&T) -> Option<&String>,
) {
    let leads_nowhere =
        item.value.as_ref().and_then(reference).is_some_and(|id| !known.contains(id));
    if leads_nowhere {
        item.refuse(of, field, wrong::unknown_reference(field));
    }
}
