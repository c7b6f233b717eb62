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
    /// Where keys hang that are fetched or brought back on the way to the next stop.
    hooks: Vec<PlaceId>,
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
                // The list no longer gives the carer a break, or not there.
                (Stop::Break { .. }, _) if carer.rest.is_none() => {}
                (Stop::Break { .. }, None)
                    if own_place(carer).is_some_and(|own| own != carer.start) => {}
                // The visit that it is on the way to tells whether its carer has set off.
                (Stop::Key { place, .. }, Some(way)) if !way.has_arrived_to_rest() => {
                    way.hooks.push(*place);
                }
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
            Some(mut way) if !way.begun.stops.is_empty() => {
                if way.begun.home || way.diverted {
                    way.goes_by_the_hooks();
                }
                self.told(carer, way)
            }
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
        let Some(ready) = self.at_door(carer, way, &[&way.hooks[..], &[visit.place]].concat())
        else {
            return false;
        };
        way.goes_by_the_hooks();
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
        let own_place = own_place(carer);
        let elsewhere = place != way.here || way.begun.stops.is_empty();
        let next = behind.first().and_then(visit_stop).map(|stop| self.visits.get(&stop.visit));
        let place = match (own_place, next) {
            (Some(own), _) => own,
            (None, _) if way.begun.home => carer.end,
            (None, Some(Some(next))) if elsewhere => next.place,
            (None, _) => place,
        };
        let keys_first = !way.hooks.is_empty();
        let on_arrival = way.begun.home || keys_first || elsewhere && own_place.is_none();
        let waits_for_next = on_arrival && next == Some(None) && own_place.is_none();
        let Some(by_hooks) = self.at_door(carer, way, &way.hooks) else { return false };
        let last = way.hooks.last().copied();
        let (from, here) = (last.unwrap_or(way.at), last.unwrap_or(way.here));
        let Some(leg) = self.leg(carer, from, place) else { return false };
        let is_back = way.begun.home && place == carer.end;
        let goes_in = own_place.is_some() && !is_back;
        let access = if goes_in { self.access(place, here) } else { Seconds::ZERO };
        let start = start.max(by_hooks + leg.seconds + access);
        // Who rests on arrival has set off before, and so has who goes to a place for it.
        let sets_off = on_arrival || place != way.at;
        let set_off = if sets_off && !way.begun.home { way.now } else { start };
        if set_off >= self.frozen_until && !self.is_awaited(behind) || waits_for_next {
            return !way.begun.home && waits_for_next;
        }
        way.goes_by_the_hooks();
        let before = way.begun.stops.len();
        way.begun.rest = Some(BegunRest { before, on_arrival, start });
        way.there = on_arrival && own_place.is_none();
        way.here = if own_place.is_some() { place } else { here };
        (way.at, way.now) = (place, start + length);
        true
    }

    /// When the carer, who goes on now and by all of these places, is at the last one's door.
    fn at_door(&self, carer: &Carer, way: &Way, by: &[PlaceId]) -> Option<Time> {
        let (mut now, mut at, mut here) = (way.now, way.at, way.here);
        for &place in by {
            now = now + self.leg(carer, at, place)?.seconds + self.access(place, here);
            (at, here) = (place, place);
        }
        Some(now)
    }

    /// From parked to the door of a place, for who was last at that other door.
    fn access(&self, place: PlaceId, here: PlaceId) -> Seconds {
        let access = self.instance.places[place.index()].access;
        if place == here { Seconds::ZERO } else { access }
    }

    fn leg(&self, carer: &Carer, from: PlaceId, to: PlaceId) -> Option<Leg> {
        self.tables.get(carer.mode).expect("a table for each mode").leg(from, to)
    }

    /// The day up to here, with when the carer is free and done.
    fn told(&self, carer: &Carer, way: Way) -> Option<Begun> {
        let stops = way.begun.stops.len();
        let rested = way.begun.rest.filter(|rest| rest.before == stops);
        let goes_at_once = rested.is_some() || way.begun.home;
        let goes_on = if goes_at_once { way.over } else { way.over.max(self.frozen_until) };
        let to_come = carer.rest.filter(|_| way.begun.rest.is_none());
        let length = to_come.map_or(Seconds::ZERO, |rest| rest.length);
        let is_to_come = |at: usize| at == stops && !rested.is_some_and(|rest| rest.on_arrival);
        let keys = way.begun.keys.iter().filter(|(at, _)| is_to_come(*at));
        let mut by: Vec<PlaceId> = keys.map(|(_, place)| *place).collect();
        by.extend(self.in_hand(carer, &way.begun));
        by.extend(to_come.and_then(|rest| rest.place));
        let way = Way { now: way.now.max(goes_on), ..way };
        let there = self.at_door(carer, &way, &by)?;
        let last = by.last().copied().unwrap_or(way.at);
        let home = self.leg(carer, last, carer.end)?.seconds;
        let mut begun = way.begun;
        begun.free = goes_on;
        begun.over = there + length + home;
        Some(begun)
    }

    /// Where keys hang that the carer may still have in hand.
    fn in_hand(&self, carer: &Carer, begun: &Begun) -> Vec<PlaceId> {
        let mut hooks: Vec<PlaceId> = Vec::new();
        let taken = |visit: &VisitId| {
            let place = self.visits.get(visit)?.place;
            self.instance.places[place.index()].key_at
        };
        let uses: Vec<Option<PlaceId>> =
            begun.stops.iter().map(|(visit, _)| taken(visit)).collect();
        let fetched = begun.keys.iter().map(|(_, place)| *place);
        for hook in uses.iter().flatten().copied().chain(fetched) {
            let stops = || begun.keys.iter().filter(|(_, place)| *place == hook);
            let has_it = hook == carer.start || stops().next().is_some();
            let is_back = match uses.iter().rposition(|key| *key == Some(hook)) {
                Some(last) => stops().any(|(at, _)| *at > last),
                None => hook == carer.start || stops().count() > 1,
            };
            if has_it && !is_back && hook != carer.end && !hooks.contains(&hook) {
                hooks.push(hook);
            }
        }
        hooks
    }

    /// The day of who has only taken the break where the shift starts.
    fn resting(&self, carer: &Carer, rest: BegunRest) -> Begun {
        let length = carer.rest.map_or(Seconds::ZERO, |rest| rest.length);
        let free = (rest.start + length).max(self.frozen_until);
        Begun { rest: Some(rest), free, ..Way::from(carer, free, None).begun }
    }
}

/// Where the carer's break is taken, if that is somewhere of its own.
fn own_place(carer: &Carer) -> Option<PlaceId> {
    carer.rest.and_then(|rest| rest.place)
}

impl Way {
    fn from(carer: &Carer, leave: Time, rest: Option<BegunRest>) -> Way {
        let (at, now) = (carer.start, leave);
        let (stops, keys) = (Vec::new(), Vec::new());
        let begun = Begun { leave, stops, keys, rest, free: leave, over: leave, home: false };
        Way {
            at,
            here: at,
            now,
            over: now,
            there: false,
            diverted: false,
            hooks: Vec::new(),
            begun,
        }
    }

    /// Whether the carer rests, or has, on the way to a stop behind some for keys.
    fn has_arrived_to_rest(&self) -> bool {
        let here = self.begun.stops.len();
        self.begun.rest.is_some_and(|rest| rest.before == here && rest.on_arrival)
    }

    /// The stops for keys on the way to the next stop have begun with it.
    fn goes_by_the_hooks(&mut self) {
        let before = self.begun.stops.len();
        self.begun.keys.extend(self.hooks.drain(..).map(|place| (before, place)));
    }
}
