//! Conservation: one list for each carer, and every visit on the lists as often as it has crew
//! members or once among the unassigned. Who may come and when is not asked here.

use std::collections::BTreeSet;

use super::{Breaches, Reading, visit_stops};
use crate::plan::{CarerRef, Status, Stop, Visit, VisitId, WorkList};

pub(super) fn check(reading: &Reading, breaches: &mut Breaches) {
    carers(reading, breaches);
    strangers(reading, breaches);
    for visit in &reading.instance.visits {
        conservation(reading, visit, breaches);
    }
    order_of_the_unassigned(reading, breaches);
    for (_, list) in &reading.lists {
        shape(list, breaches);
    }
}

/// One list for each carer, in the instance's order.
fn carers(reading: &Reading, breaches: &mut Breaches) {
    let asked: Vec<&CarerRef> = reading.instance.carers.iter().map(|carer| &carer.id).collect();
    let answered: Vec<&CarerRef> = reading.plan.work_lists.iter().map(|list| &list.carer).collect();
    let mut seen = BTreeSet::new();
    for carer in &answered {
        if !reading.carers.contains_key(carer) {
            let (en, nb) = ("there is no such carer at work", "denne ansatte er ikke på jobb");
            breaches.carer("carer-unknown", carer, en, nb);
        } else if !seen.insert(*carer) {
            let (en, nb) = ("the carer has two work lists", "den ansatte har to arbeidslister");
            breaches.carer("list-twice", carer, en, nb);
        }
    }
    for carer in asked.iter().filter(|carer| !seen.contains(*carer)) {
        let (en, nb) = ("the carer has no work list", "den ansatte har ingen arbeidsliste");
        breaches.carer("list-missing", carer, en, nb);
    }
    let (mut sorted_asked, mut sorted_answered) = (asked.clone(), answered.clone());
    sorted_asked.sort();
    sorted_answered.sort();
    if sorted_asked == sorted_answered && asked != answered {
        let en = "the work lists are not in the order of the carers";
        breaches.plan("list-order", en, "arbeidslistene står ikke i samme rekkefølge som ansatte");
    }
}

/// Visits that nobody asked for.
fn strangers(reading: &Reading, breaches: &mut Breaches) {
    let unknown = |visit: &VisitId| !reading.visits.contains_key(visit);
    let (en, nb) = ("there is no such visit on the list", "dette besøket står ikke på lista");
    for list in &reading.plan.work_lists {
        for stop in visit_stops(list).filter(|stop| unknown(&stop.visit)) {
            breaches.stop("visit-unknown", (&stop.visit, &list.carer), en, nb);
        }
    }
    for out in reading.plan.unassigned.iter().filter(|out| unknown(&out.visit)) {
        breaches.visit("visit-unknown", &out.visit, en, nb);
    }
}

/// On the lists as often as it has crew members, each on another list, or once left out.
fn conservation(reading: &Reading, visit: &Visit, breaches: &mut Breaches) {
    let comings = reading.comings(&visit.id);
    let out = reading.plan.unassigned.iter().filter(|out| out.visit == visit.id).count();
    let different: BTreeSet<_> = comings.iter().map(|coming| &coming.carer.id).collect();
    let (stops, wanted) = (comings.len(), visit.carers());
    if stops == 0 && out == 0 {
        let en = "the visit is on no work list and not among the unassigned";
        let nb = "besøket står verken på en arbeidsliste eller blant de ufordelte";
        breaches.visit("visit-missing", &visit.id, en, nb);
    }
    if stops > 0 && out > 0 {
        let en = "the visit is on a work list and among the unassigned";
        let nb = "besøket står både på en arbeidsliste og blant de ufordelte";
        breaches.visit("visit-both", &visit.id, en, nb);
    }
    if out > 1 {
        let en = format!("the visit is {out} times among the unassigned");
        let nb = format!("besøket står {out} ganger blant de ufordelte");
        breaches.visit("unassigned-twice", &visit.id, en, nb);
    }
    if different.len() < stops {
        let en = "the same carer has the visit more than once";
        let nb = "samme ansatt har besøket mer enn én gang";
        breaches.visit("same-carer-twice", &visit.id, en, nb);
    }
    if stops > 0 && stops != wanted {
        let rule = if stops < wanted { "crew-missing" } else { "crew-too-many" };
        let en = format!("the visit is on work lists {stops} times, but has {wanted} crew members");
        let nb = format!("besøket står {stops} ganger på arbeidslister, men skal ha {wanted}");
        breaches.visit(rule, &visit.id, en, nb);
    }
    if stops > 0 && visit.status == Status::Cancelled {
        let (en, nb) = ("the visit is cancelled", "besøket er avlyst");
        breaches.visit("cancelled-done", &visit.id, en, nb);
    }
}

/// The unassigned stand in the instance's order.
fn order_of_the_unassigned(reading: &Reading, breaches: &mut Breaches) {
    let row = |id: &VisitId| reading.instance.visits.iter().position(|visit| visit.id == *id);
    let rows: Vec<usize> =
        reading.plan.unassigned.iter().filter_map(|out| row(&out.visit)).collect();
    if !rows.is_sorted() {
        let en = "the unassigned visits are not in the order of the list";
        breaches.plan("unassigned-order", en, "ufordelte besøk står ikke i listas rekkefølge");
    }
}

/// A list is empty, or leaves once, visits somebody, and returns once.
fn shape(list: &WorkList, breaches: &mut Breaches) {
    let mut way = list.stops.as_slice();
    if let [Stop::Break { .. }, rest @ ..] = way {
        way = rest;
    }
    if let [rest @ .., Stop::Break { .. }] = way {
        way = rest;
    }
    let whole = match way {
        [] => list.stops.is_empty(),
        [Stop::Leave { .. }, between @ .., Stop::Return { .. }] => is_out(between),
        _ => false,
    };
    if !whole {
        let en = "the list is not: leave, at least one visit, return";
        let nb = "lista er ikke: dra ut, minst ett besøk, komme tilbake";
        breaches.carer("list-shape", &list.carer, en, nb);
    }
}

/// Visits, at least one, and breaks only.
fn is_out(stops: &[Stop]) -> bool {
    let ends = |stop: &Stop| matches!(stop, Stop::Leave { .. } | Stop::Return { .. });
    stops.iter().any(|stop| matches!(stop, Stop::Visit(_))) && !stops.iter().any(ends)
}
