//! Which visits of a day must be planned together: those of one patient, those with a gap between
//! them, and those that are pinned to one carer. Whoever divides a day divides bundles.

use std::collections::BTreeMap;

use hjemrute_travel::Position;

use crate::plan::{CarerRef, Instance, PatientRef, VisitId};

/// Visits that stay together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Bundle {
    /// Where the first of them is.
    pub(super) position: Position,
    /// Indices into the instance's visits, rising.
    pub(super) visits: Vec<usize>,
    /// Indices into the instance's carers: who is pinned to one of them, rising.
    pub(super) pinned: Vec<usize>,
}

/// The bundles of a day, by their first visits.
pub(super) fn bundles(instance: &Instance) -> Vec<Bundle> {
    let mut roots: Vec<usize> = (0..instance.visits.len()).collect();
    let mut by_patient: BTreeMap<&PatientRef, usize> = BTreeMap::new();
    let mut by_carer: BTreeMap<&CarerRef, usize> = BTreeMap::new();
    let by_id: BTreeMap<&VisitId, usize> =
        instance.visits.iter().zip(0..).map(|(visit, at)| (&visit.id, at)).collect();
    for (at, visit) in instance.visits.iter().enumerate() {
        join(&mut roots, at, *by_patient.entry(&visit.patient).or_insert(at));
        if let Some(carer) = &visit.pinned.carer {
            join(&mut roots, at, *by_carer.entry(carer).or_insert(at));
        }
        if let Some(gap) = &visit.gap
            && let Some(before) = by_id.get(&gap.after)
        {
            join(&mut roots, at, *before);
        }
    }
    let carers: BTreeMap<&CarerRef, usize> =
        instance.carers.iter().zip(0..).map(|(carer, at)| (&carer.id, at)).collect();
    let mut bundles: BTreeMap<usize, Bundle> = BTreeMap::new();
    for (at, visit) in instance.visits.iter().enumerate() {
        let position = instance.places[visit.place.index()].position;
        let bundle = bundles.entry(root(&mut roots, at)).or_insert_with(|| Bundle {
            position,
            visits: Vec::new(),
            pinned: Vec::new(),
        });
        bundle.visits.push(at);
        let pinned = visit.pinned.carer.as_ref().and_then(|carer| carers.get(carer));
        bundle.pinned.extend(pinned);
    }
    let mut bundles: Vec<Bundle> = bundles.into_values().collect();
    for bundle in &mut bundles {
        bundle.pinned.sort_unstable();
        bundle.pinned.dedup();
    }
    bundles
}

/// The smallest member of the set, by halving the way there (Tarjan and van Leeuwen 1984,
/// doi:10.1145/62.2160).
fn root(roots: &mut [usize], mut at: usize) -> usize {
    while roots[at] != at {
        roots[at] = roots[roots[at]];
        at = roots[at];
    }
    at
}

fn join(roots: &mut [usize], one: usize, other: usize) {
    let (one, other) = (root(roots, one), root(roots, other));
    roots[one.max(other)] = one.min(other);
}
