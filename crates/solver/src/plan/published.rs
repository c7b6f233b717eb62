//! What people have been told already: who comes and when, and what of the day has begun.

use std::collections::{BTreeMap, BTreeSet};

use hjemrute_travel::{PlaceId, Time};

use crate::plan::{CarerRef, VisitId};

/// The plan that holds when a new one is made.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Published {
    /// What lies before this moment is done or under way and stays as it is.
    pub frozen_until: Time,
    /// By visit: what its patient was promised.
    pub promises: BTreeMap<VisitId, Promise>,
    /// By carer: the part of the day that has begun; absent for who has not set off.
    pub begun: BTreeMap<CarerRef, Begun>,
}

/// Who comes to a visit, and when.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Promise {
    /// The carers.
    pub carers: BTreeSet<CarerRef>,
    /// The start.
    pub start: Time,
}

/// A carer's day up to the last stop that the carer had set off to: it stays where and when it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Begun {
    /// When the carer set off.
    pub leave: Time,
    /// The visits in their order, with their starts; none of who has only rested yet.
    pub stops: Vec<(VisitId, Time)>,
    /// The stops for keys, in their order: before which of the visits, and where the key hangs. As many as
    /// there are visits is after the last.
    pub keys: Vec<(usize, PlaceId)>,
    /// The break, if it has begun.
    pub rest: Option<BegunRest>,
    /// When the carer is free to go on from the last of these stops.
    pub free: Time,
    /// When the day is over at the earliest: with a break that is still to come, and the way home.
    pub over: Time,
    /// Whether the carer is on the way home or there: no further visit.
    pub home: bool,
}

/// A break that has begun.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BegunRest {
    /// Before which stop; as many as there are stops is after the last.
    pub before: usize,
    /// Whether the carer had gone there already.
    pub on_arrival: bool,
    /// When it began.
    pub start: Time,
}

impl Published {
    /// Whether the carer has set off to the visit, or made it.
    pub fn has_begun(&self, carer: &CarerRef, visit: &VisitId) -> bool {
        let begun = self.begun.get(carer);
        begun.is_some_and(|begun| begun.stops.iter().any(|(id, _)| id == visit))
    }

    /// The start of a visit that somebody has set off to.
    pub fn begun_start(&self, visit: &VisitId) -> Option<Time> {
        let mut stops = self.begun.values().flat_map(|begun| &begun.stops);
        stops.find(|(id, _)| id == visit).map(|(_, start)| *start)
    }
}
