//! From what a list says to what is asked: follows its references, turns wall times into moments
//! and places into positions, and finds everything that cannot be meant. What is wrong is told at
//! once; what becomes of the rest is the list's `mode`. Knows no JSON.

mod build;
mod doubts;
mod drag;
mod places;
mod references;
mod wrong;

use std::collections::BTreeMap;

use hjemrute_osm::Roads;
use hjemrute_solver::{Fault, Instance, Pin, Policy, Status, Subject, VisitId, Warning};

use crate::answer::{Echo, ListUnit};
use crate::day::Day;
use crate::fault::{InputFault, Wrong};
use crate::wire::{IntakeMode, Item, List, Visit};

pub(crate) use places::Spot;

/// A list that was taken in: what is asked, and what is told besides.
#[derive(Clone, Debug)]
pub(crate) struct Taken {
    pub(crate) list_id: String,
    pub(crate) version: u32,
    pub(crate) unit: ListUnit,
    pub(crate) day: Day,
    pub(crate) instance: Instance,
    /// Where each place of the instance is and joins the roads.
    pub(crate) spots: Vec<Spot>,
    /// The visits that are not in the instance.
    pub(crate) rejected: Vec<(VisitId, Vec<InputFault>)>,
    /// What is wrong with locations, patients and carers that are not in it.
    pub(crate) left_out: Vec<InputFault>,
    pub(crate) warnings: Vec<Warning>,
    /// Where each pin of the instance stands in the list.
    pub(crate) pins: Vec<(VisitId, String)>,
    pub(crate) echo: Echo,
}

/// Takes a list in.
///
/// # Errors
/// Every fault, if there is one and the list wants all or nothing, or if one concerns the whole list.
pub(crate) fn take_in(
    mut list: List,
    roads: &Roads,
    policy: &Policy,
) -> Result<Taken, Vec<InputFault>> {
    let day = Day::new(list.date, list.zone.clone()).expect("the reader keeps to ordinary years");
    references::check(&mut list);
    let spots = places::check(&mut list, roads);
    drag::along(&mut list);
    // Each round takes something away from the instance, so there is a last one.
    let built = loop {
        let built = build::instance(&list, &spots, &day, policy);
        let faults = hjemrute_solver::faults(&built.instance);
        if faults.is_empty() {
            break built;
        }
        faults.into_iter().for_each(|fault| blame(&mut list, fault));
        drag::along(&mut list);
    };
    let faults = list.own_faults();
    if !list.faults.is_empty() || (list.mode == IntakeMode::AllOrNothing && !faults.is_empty()) {
        return Err(faults);
    }
    Ok(Taken {
        warnings: [
            built.warnings,
            doubts::warnings(&list, &built.spots, &built.instance),
            doubts::short_rests(&list, &built.instance, &day),
        ]
        .concat(),
        pins: pins(&list, &built.instance),
        instance: built.instance,
        spots: built.spots,
        rejected: rejected(&list.visits),
        left_out: left_out(&list),
        echo: echo(&list),
        list_id: list.list_id,
        version: list.version,
        unit: list.unit,
        day,
    })
}

/// Lays a fault of the instance at the door of the entry it came from.
fn blame(list: &mut List, fault: Fault) {
    let Fault { code, subject, field, detail, fix } = fault;
    let wrong = Wrong::new(code, detail, fix);
    match subject {
        Subject::Visit(id) => tell(&mut list.visits, "visits", &id.0, field, wrong),
        Subject::Carer(id) => tell(&mut list.carers, "carers", &id.0, field, wrong),
        Subject::Location(id) => tell(&mut list.locations, "locations", &id.0, field, wrong),
    }
}

fn tell<T>(items: &mut [Item<T>], of: &str, id: &str, field: &str, wrong: Wrong) {
    let item = items.iter_mut().find(|item| item.id == id);
    let item = item.expect("the instance was built from the list");
    item.refuse(of, field, wrong);
}

fn pins(list: &List, instance: &Instance) -> Vec<(VisitId, String)> {
    let pinned = instance
        .visits
        .iter()
        .filter(|visit| visit.pinned != Pin::default() && visit.status == Status::Planned);
    let at = pinned.filter_map(|visit| {
        let item = list.visits.iter().find(|item| item.id == visit.id.0)?;
        Some((visit.id.clone(), format!("/visits/{}/pinned", item.index)))
    });
    at.collect()
}

fn rejected<T>(visits: &[Item<T>]) -> Vec<(VisitId, Vec<InputFault>)> {
    let bad = visits.iter().filter(|visit| !visit.is_good());
    bad.map(|visit| (VisitId(visit.id.clone()), visit.faults.clone())).collect()
}

fn left_out(list: &List) -> Vec<InputFault> {
    fn faults<T>(items: &[Item<T>]) -> impl Iterator<Item = InputFault> {
        items.iter().flat_map(|item| item.faults.iter().cloned())
    }
    faults(&list.locations).chain(faults(&list.patients)).chain(faults(&list.carers)).collect()
}

fn echo(list: &List) -> Echo {
    fn of<T>(items: &[Item<T>], ext: fn(&T) -> &Option<String>) -> BTreeMap<String, String> {
        let with = |item: &Item<T>| Some((item.id.clone(), ext(item.value.as_ref()?).clone()?));
        items.iter().filter_map(with).collect()
    }
    let service =
        |item: &Item<Visit>| Some((item.id.clone(), item.value.as_ref()?.service.clone()?));
    Echo {
        extracted: list.extracted,
        unit: list.unit.clone(),
        services: list.visits.iter().filter_map(service).collect(),
        list: list.ext.clone(),
        locations: of(&list.locations, |location| &location.ext),
        patients: of(&list.patients, |patient| &patient.ext),
        visits: of(&list.visits, |visit| &visit.ext),
        carers: of(&list.carers, |carer| &carer.ext),
    }
}
