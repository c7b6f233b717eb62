//! Reads a plan again from first principles, by walking the clock. Shares no code with the search:
//! it knows only the instance, the travel tables and the plan. Each family of rules has its file
//! and is written as plainly as `docs/MODEL.md` says it. No plan makes it panic: strange ids,
//! places and times are breaches like any other.

mod begun;
mod cars;
mod clock;
mod keys;
mod lists;
mod load;
mod reasons;
mod rest;
mod tally;
mod together;
mod walk;
mod when;
mod who;

use std::collections::BTreeMap;

use hjemrute_travel::Tables;

use crate::plan::{
    Begun, Carer, CarerRef, Instance, Plan, Said, Visit, VisitId, VisitStop, WorkList,
};
use crate::plan::{Stop, Unassigned};
use crate::score::Score;

/// What [`verify`] found.
#[derive(Clone, Debug, PartialEq)]
pub struct Verdict {
    /// Every rule that the plan breaks; none is a clean plan.
    pub breaches: Vec<Breach>,
    /// What the plan really costs.
    pub score: Score,
}

/// A rule that a plan breaks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Breach {
    /// A stable code in kebab-case: `skills`, `start-too-early`, `break-missing` …
    pub rule: &'static str,
    /// The visit it is about.
    pub visit: Option<VisitId>,
    /// The carer it is about.
    pub carer: Option<CarerRef>,
    /// What is wrong, with figures.
    pub detail: Said,
}

/// Every breach of the plan, and its score from scratch.
pub fn verify(instance: &Instance, tables: &Tables, plan: &Plan) -> Verdict {
    let reading = Reading::of(instance, tables, plan);
    let mut breaches = Breaches::default();
    lists::check(&reading, &mut breaches);
    load::check(&reading, &mut breaches);
    keys::check(&reading, &mut breaches);
    cars::check(&reading, &mut breaches);
    reasons::check(&reading, &mut breaches);
    who::check(&reading, &mut breaches);
    when::check(&reading, &mut breaches);
    together::check(&reading, &mut breaches);
    rest::check(&reading, &mut breaches);
    let walks = walk::check(&reading, &mut breaches);
    begun::check(&reading, &mut breaches);
    let score = tally::score(&reading, &walks);
    tally::check(&reading, score, &mut breaches);
    Verdict { breaches: breaches.found, score }
}

/// The plan laid beside what was asked. Lists of carers that are not at work and stops at visits
/// that are not on the list are left out of it: `lists` names them, nobody else can judge them.
struct Reading<'a> {
    instance: &'a Instance,
    tables: &'a Tables,
    plan: &'a Plan,
    visits: BTreeMap<&'a VisitId, &'a Visit>,
    carers: BTreeMap<&'a CarerRef, &'a Carer>,
    lists: Vec<(&'a Carer, &'a WorkList)>,
    comings: BTreeMap<&'a VisitId, Vec<Coming<'a>>>,
}

/// One carer coming to one visit.
struct Coming<'a> {
    visit: &'a Visit,
    carer: &'a Carer,
    stop: &'a VisitStop,
}

impl<'a> Reading<'a> {
    fn of(instance: &'a Instance, tables: &'a Tables, plan: &'a Plan) -> Reading<'a> {
        let visits: BTreeMap<_, _> =
            instance.visits.iter().map(|visit| (&visit.id, visit)).collect();
        let carers: BTreeMap<_, _> =
            instance.carers.iter().map(|carer| (&carer.id, carer)).collect();
        let lists: Vec<(&Carer, &WorkList)> = plan
            .work_lists
            .iter()
            .filter_map(|list| carers.get(&list.carer).map(|carer| (*carer, list)))
            .collect();
        let mut comings: BTreeMap<&VisitId, Vec<Coming>> = BTreeMap::new();
        for (carer, list) in &lists {
            for stop in visit_stops(list) {
                if let Some(visit) = visits.get(&stop.visit) {
                    comings.entry(&visit.id).or_default().push(Coming { visit, carer, stop });
                }
            }
        }
        Reading { instance, tables, plan, visits, carers, lists, comings }
    }

    /// The carers who come to a visit, in the order of the lists.
    fn comings(&self, visit: &VisitId) -> &[Coming<'a>] {
        self.comings.get(visit).map_or(&[], Vec::as_slice)
    }

    /// Every carer's coming to every visit, visits in the instance's order.
    fn all_comings(&self) -> impl Iterator<Item = &Coming<'a>> {
        self.instance.visits.iter().flat_map(|visit| self.comings(&visit.id))
    }

    /// What of the carer's day has begun.
    fn begun(&self, carer: &Carer) -> Option<&'a Begun> {
        self.instance.published.as_ref()?.begun.get(&carer.id)
    }

    /// Whether anybody comes.
    fn is_done(&self, visit: &VisitId) -> bool {
        !self.comings(visit).is_empty()
    }

    /// The visits that are left out, with their reasons.
    fn unassigned(&self) -> impl Iterator<Item = (&'a Visit, &'a Unassigned)> {
        self.plan
            .unassigned
            .iter()
            .filter_map(|out| self.visits.get(&out.visit).map(|visit| (*visit, out)))
    }
}

/// The visits on a list, in its order.
fn visit_stops(list: &WorkList) -> impl Iterator<Item = &VisitStop> {
    visits_among(&list.stops)
}

fn visits_among(stops: &[Stop]) -> impl Iterator<Item = &VisitStop> {
    stops.iter().filter_map(|stop| match stop {
        Stop::Visit(visit) => Some(visit),
        Stop::Leave { .. } | Stop::Key { .. } | Stop::Break { .. } | Stop::Return { .. } => None,
    })
}

/// What was found so far.
#[derive(Default)]
struct Breaches {
    found: Vec<Breach>,
}

impl Breaches {
    /// About the plan as a whole.
    fn plan(&mut self, rule: &'static str, en: impl Into<String>, nb: impl Into<String>) {
        self.found.push(Breach { rule, visit: None, carer: None, detail: Said::new(en, nb) });
    }

    /// About a visit.
    fn visit(
        &mut self,
        rule: &'static str,
        visit: &VisitId,
        en: impl Into<String>,
        nb: impl Into<String>,
    ) {
        let detail = Said::new(en, nb);
        self.found.push(Breach { rule, visit: Some(visit.clone()), carer: None, detail });
    }

    /// About a carer's list.
    fn carer(
        &mut self,
        rule: &'static str,
        carer: &CarerRef,
        en: impl Into<String>,
        nb: impl Into<String>,
    ) {
        let detail = Said::new(en, nb);
        self.found.push(Breach { rule, visit: None, carer: Some(carer.clone()), detail });
    }

    /// About a visit on a carer's list.
    fn stop(
        &mut self,
        rule: &'static str,
        coming: (&VisitId, &CarerRef),
        en: impl Into<String>,
        nb: impl Into<String>,
    ) {
        let (visit, carer) = (Some(coming.0.clone()), Some(coming.1.clone()));
        self.found.push(Breach { rule, visit, carer, detail: Said::new(en, nb) });
    }
}
