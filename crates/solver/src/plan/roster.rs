//! Who does what in which order, without times: all that a plan made by hand has to say.

use super::instance::{CarerRef, VisitId};
use super::worklist::Plan;

/// For each carer the visits in order. A carer who is not named does nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Roster {
    /// The lists, each with its carer.
    pub lists: Vec<(CarerRef, Vec<VisitId>)>,
}

/// One visit given to other carers, or put elsewhere in the order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Transfer {
    /// Which visit.
    pub visit: VisitId,
    /// Who makes it from now on; nobody takes it off the lists.
    pub carers: Vec<CarerRef>,
    /// Where on their lists.
    pub at: Standing,
}

/// Where on a carer's list a visit stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Standing {
    /// Before this visit; on a list that does not have it, where it costs least.
    Before(VisitId),
    /// Last.
    Last,
    /// Where it costs least.
    Cheapest,
}

impl Roster {
    /// What the plan says of who and in which order.
    pub fn of(plan: &Plan) -> Roster {
        let lists = plan.work_lists.iter().map(|list| {
            let visits = list.visits().map(|stop| stop.visit.clone());
            (list.carer.clone(), visits.collect())
        });
        Roster { lists: lists.collect() }
    }

    /// The list of a carer, begun if there is none yet.
    pub fn list_mut(&mut self, carer: &CarerRef) -> &mut Vec<VisitId> {
        let at = self.lists.iter().position(|(other, _)| other == carer);
        let at = at.unwrap_or_else(|| {
            self.lists.push((carer.clone(), Vec::new()));
            self.lists.len() - 1
        });
        &mut self.lists[at].1
    }

    /// Takes the visit off every list.
    pub fn take_off(&mut self, visit: &VisitId) {
        self.lists.iter_mut().for_each(|(_, visits)| visits.retain(|other| other != visit));
    }
}
