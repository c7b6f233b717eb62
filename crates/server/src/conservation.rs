//! Whether a plan answers the list it is held against: the same list and version, and every visit
//! that the intake rejects named as rejected, once, and no other. What is on the work lists is for
//! `verify` to judge.

use std::collections::BTreeMap;

use hjemrute_solver::{Breach, Said, VisitId};

use crate::intake::Taken;
use crate::wire::PlanRead;

/// Every way in which the plan does not fit the list.
pub(crate) fn breaches(taken: &Taken, read: &PlanRead) -> Vec<Breach> {
    let mut breaches = read.mismatches.clone();
    if read.list_id != taken.list_id || read.version != taken.version {
        let en = "the plan was made for another list, or for another version of it";
        let nb = "planen er laget for en annen liste, eller for en annen versjon av den";
        breaches.push(Breach {
            rule: "other-list",
            visit: None,
            carer: None,
            detail: Said::new(en, nb),
        });
    }
    let mut told: BTreeMap<&VisitId, usize> = BTreeMap::new();
    read.rejected.iter().for_each(|visit| *told.entry(visit).or_default() += 1);
    for (visit, _) in &taken.rejected {
        match told.remove(visit) {
            Some(1) => {}
            Some(_) => breaches.push(breach(
                "rejected-twice",
                visit,
                "the visit is rejected more than once",
                "besøket er avvist mer enn én gang",
            )),
            None => breaches.push(breach(
                "rejected-missing",
                visit,
                "the visit cannot be planned and is not among the rejected",
                "besøket kan ikke planlegges og står ikke blant de avviste",
            )),
        }
    }
    let unfounded = told.into_keys();
    breaches.extend(unfounded.map(|visit| {
        breach(
            "rejected-unfounded",
            visit,
            "there is no reason to reject the visit",
            "det er ingen grunn til å avvise besøket",
        )
    }));
    breaches
}

fn breach(rule: &'static str, visit: &VisitId, en: &str, nb: &str) -> Breach {
    Breach { rule, visit: Some(visit.clone()), carer: None, detail: Said::new(en, nb) }
}
