//! What a published plan has promised, and what of it has begun when a day is planned anew. Reads the
//! plan that holds against the list as it now is: what has begun is driven again with what the list
//! now knows (a visit that took longer, a later start), and stays as it then is.

use std::collections::{BTreeMap, BTreeSet};

use hjemrute_travel::{Leg, PlaceId, Seconds, Tables, Time};

use crate::plan::{
    Begun, BegunRest, Carer, CarerRef, Instance, Plan, Promise, Published, Status, Stop, Visit,
    VisitId, VisitStop, WorkList,
};

/// What people have been told by `plan`, with the day frozen until that moment: a stop that its carer
/// has set off to before then has begun.
///
/// # Panics
/// Unless `tables` has a table over all places of the instance for each mode a carer uses.
pub fn published(
    instance: &Instance,
    tables: &Tables,
    plan: &Plan,
    frozen_until: Time,
) -> Published {
    let asked: BTreeMap<&VisitId, &Visit> =
        instance.visits.iter().map(|visit| (&visit.id, visit)).collect();
    let promises = promises(plan, &asked);
    let at_work: BTreeMap<&CarerRef, &Carer> =
        instance.carers.iter().map(|carer| (&carer.id, carer)).collect();
    let can_have_begun = asked.values().filter(|visit| {
        let promise = promises.get(&visit.id);
        visit.status == Status::Planned
            && promise.is_some_and(|promise| {
                promise.carers.len() == visit.carers()
                    && promise.carers.iter().all(|carer| at_work.contains_key(carer))
            })
    });
    let visits = can_have_begun.map(|visit| (&visit.id, *visit)).collect();
    let mut clock = Clock { instance, tables, frozen_until, visits, together: BTreeMap::new() };
    loop {
        let before = clock.together.clone();
        let lists = plan.work_lists.iter();
        let lists = lists.filter_map(|list| Some((*at_work.get(&list.carer)?, list)));
        let begun: BTreeMap<CarerRef, Begun> = lists
            .filter_map(|(carer, list)| Some((carer.id.clone(), clock.drive(carer, list)?)))
            .collect();
        for (visit, start) in begun.values().flat_map(|begun| &begun.stops) {
            // Whoever is waited for at a double visit has begun up to there, and starts with the other.
            let agreed = clock.together.entry(visit.clone()).or_insert(*start);
            *agreed = (*agreed).max(*start);
        }
        if clock.together == before {
            return Published { frozen_until, promises, begun };
        }
    }
}

fn promises(plan: &Plan, asked: &BTreeMap<&VisitId, &Visit>) -> BTreeMap<VisitId, Promise> {
    let mut promises: BTreeMap<VisitId, Promise> = BTreeMap::new();
    for list in &plan.work_lists {
        for stop in list.stops.iter().filter_map(visit_stop) {
            if asked.contains_key(&stop.visit) {
                let fresh = || Promise { carers: BTreeSet::new(), start: stop.start };
                let promise = promises.entry(stop.visit.clone()).or_insert_with(fresh);
                promise.carers.insert(list.carer.clone());
            }
        }
    }
    promises
}

fn visit_stop(stop: &Stop) -> Option<&VisitStop> {
    match stop {
        Stop::Visit(stop) => Some(stop),
        Stop::Leave { .. } | Stop::Key { .. } | Stop::Break { .. } | Stop::Return { .. } => None,
    }
}

/// What drives the day again up to where it is.
struct Clock<'a> {
    instance: &'a Instance,
    tables: &'a Tables,
    frozen_until: Time,
    /// The visits that can have begun: planned, and all who were to come are at work.
    visits: BTreeMap<&'a VisitId, &'a Visit>,
    /// The visits that have begun, with their starts.
    together: BTreeMap<VisitId, Time>,
}

/// A carer on the way.
struct Way {
    /// Where the carer stands, and where the last visit was.
    at: PlaceId,
    here: PlaceId,
    /// When the carer can go on.
    now: Time,
    /// When the last visit was over.
    over: Time,
    /// Whether the way to the next visit is behind the carer already.
    there: bool,
    /// Whether the visit that the carer was under way to is off.
    diverted: bool,
    begun: Begun,
}

impl Clock<'_> {
    /// What of the carer's day has begun; nothing of who is still to set off or rest.
    fn drive(&self, carer: &Carer, list: &WorkList) -> Option<Begun> {
        let mut way: Option<Way> = None;
        let mut rest = None;
        for (at, stop) in list.stops.iter().enumerate() {
            let behind = &list.stops[at + 1..];
            match (stop, &mut way) {
                // The list no longer gives the carer a break.
                (Stop::Break { .. }, _) if carer.rest.is_none() => {}
                // What a key is fetched for tells whether its carer has set off.
                (Stop::Key { .. }, Some(_)) => {}
                (Stop::Break { start, .. }, None) if *start < self.frozen_until => {
                    rest = Some(BegunRest { before: 0, on_arrival: false, start: *start });
                }
                (Stop::Leave { leave, .. }, None) => {
                    if *leave >= self.frozen_until && !self.is_awaited(behind) {
                        break;
                    }
                    way = Some(Way::from(carer, *leave, rest));
                }
                (Stop::Break { place, start, leave, .. }, Some(way)) => {
                    let length = carer.rest.map_or(*leave - *start, |rest| rest.length);
                    if !self.rests(carer, way, (*place, *start, length), behind) {
                        break;
                    }
                }
                (Stop::Visit(stop), Some(way)) => {
                    if !self.visits(carer, way, stop, behind) {
                        break;
                    }
                }
                (Stop::Return { .. }, Some(way)) => {
                    way.begun.home = way.now < self.frozen_until && !way.diverted;
                    if !way.begun.home {
                        break;
                    }
                }
                _ => break,
            }
        }
        match way {
            Some(way) if !way.begun.stops.is_empty() => self.told(carer, way),
            _ => rest.map(|rest| self.resting(carer, rest)),
        }
    }

    /// Whether somebody who has begun waits for the carer at a later stop.
    fn is_awaited(&self, behind: &[Stop]) -> bool {
        behind.iter().filter_map(visit_stop).any(|stop| self.together.contains_key(&stop.visit))
    }

    /// Makes the visit if it has begun; whether to look further.
    fn visits(&self, carer: &Carer, way: &mut Way, stop: &VisitStop, behind: &[Stop]) -> bool {
        let awaited = self.together.contains_key(&stop.visit) || self.is_awaited(behind);
        if way.now >= self.frozen_until && !way.there && !awaited {
            return false;
        }
        let Some(visit) = self.visits.get(&stop.visit) else {
            way.diverted = true;
            return true;
        };
        let Some(leg) = self.leg(carer, way.at, visit.place) else { return false };
        let access = self.instance.places[visit.place.index()].access;
        let access = if visit.place == way.here { Seconds::ZERO } else { access };
        let ready = way.now + leg.seconds + access;
        let known = visit.pinned.start.unwrap_or(stop.start);
        let agreed = self.together.get(&stop.visit).copied().unwrap_or(known);
        let start = ready.max(known).max(agreed);
        way.begun.stops.push((visit.id.clone(), start));
        (way.at, way.here, way.there, way.diverted) = (visit.place, visit.place, false, false);
        way.now = start + visit.lasts(&carer.id);
        way.over = way.now;
        true
    }

    /// Takes the break if it has begun; whether to look further.
    fn rests(
        &self,
        carer: &Carer,
        way: &mut Way,
        (place, start, length): (PlaceId, Time, Seconds),
        behind: &[Stop],
    ) -> bool {
        let on_arrival = place != way.here || way.begun.home || way.begun.stops.is_empty();
        let next = behind.first().and_then(visit_stop);
        let off = next.is_some_and(|stop| !self.visits.contains_key(&stop.visit));
        let Some(leg) = self.leg(carer, way.at, place) else { return false };
        let start = start.max(way.now + leg.seconds);
        // Who rests on arrival has set off before.
        let from = if on_arrival && !way.begun.home { way.now } else { start };
        if from >= self.frozen_until && !self.is_awaited(behind) || on_arrival && off {
            return !way.begun.home && on_arrival && off;
        }
        let before = way.begun.stops.len();
        way.begun.rest = Some(BegunRest { before, on_arrival, start });
        way.there = on_arrival;
        (way.at, way.now) = (place, start + length);
        true
    }

    fn leg(&self, carer: &Carer, from: PlaceId, to: PlaceId) -> Option<Leg> {
        self.tables.get(carer.mode).expect("a table for each mode").leg(from, to)
    }

    /// The day up to here, with when the carer is free and done.
    fn told(&self, carer: &Carer, way: Way) -> Option<Begun> {
        let Way { here, now, over, mut begun, .. } = way;
        let stops = begun.stops.len();
        let rested_here = begun.rest.is_some_and(|rest| rest.before == stops && !rest.on_arrival);
        let goes_on = if rested_here || begun.home { over } else { over.max(self.frozen_until) };
        let home = self.leg(carer, here, carer.end)?.seconds;
        let to_come = carer.rest.filter(|_| begun.rest.is_none());
        let length = to_come.map_or(Seconds::ZERO, |rest| rest.length);
        begun.free = goes_on;
        begun.over = now.max(goes_on) + length + home;
        Some(begun)
    }

    /// The day of who has only taken the break where the shift starts.
    fn resting(&self, carer: &Carer, rest: BegunRest) -> Begun {
        let length = carer.rest.map_or(Seconds::ZERO, |rest| rest.length);
        let free = (rest.start + length).max(self.frozen_until);
        Begun { rest: Some(rest), free, ..Way::from(carer, free, None).begun }
    }
}

impl Way {
    fn from(carer: &Carer, leave: Time, rest: Option<BegunRest>) -> Way {
        let (at, now) = (carer.start, leave);
        let begun = Begun { leave, stops: Vec::new(), rest, free: leave, over: leave, home: false };
        Way { at, here: at, now, over: now, there: false, diverted: false, begun }
    }
}
