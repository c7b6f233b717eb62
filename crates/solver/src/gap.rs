//! What lies between two stops of a route: the way, stops where keys are fetched or brought back,
//! and perhaps the break, on the way or at a place of its own. Told as seconds before the break and
//! behind it, so that whoever walks a route need not know what they are made of.

use crate::problem::{FAR, Problem, Rest, Vehicle, VehicleId, Way, Ways};
use crate::route::Slot;

/// A stop to fetch a key or to bring it back: before stop `gap` of the route, behind the last stop
/// where that is as many as there are stops.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Errand {
    pub(crate) gap: u32,
    pub(crate) place: u32,
}

/// What lies between two stops, in seconds.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Gap {
    /// On the road.
    pub(crate) ride: i32,
    /// On the road and at doors before the break; all of it where there is none.
    pub(crate) before: i32,
    /// The same behind the break.
    pub(crate) after: i32,
    pub(crate) rest: Option<Rest>,
    /// Whether the break comes after the return, where waiting for it is no waiting.
    pub(crate) home: bool,
}

/// How a route drives what lies between its stops: where its break is and where it goes for keys.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Course<'a> {
    pub(crate) vehicle: &'a Vehicle,
    pub(crate) ways: &'a Ways,
    pub(crate) slot: Slot,
    /// In the order in which they are driven.
    pub(crate) errands: &'a [Errand],
}

/// The last gap of a route ends at no door.
#[derive(Clone, Copy, PartialEq, Eq)]
enum To {
    Door,
    Home,
}

impl<'a> Course<'a> {
    /// A route of the vehicle that goes nowhere for keys.
    #[inline]
    pub(crate) fn plain(problem: &'a Problem, id: VehicleId, slot: Slot) -> Course<'a> {
        Course { vehicle: problem.vehicle(id), ways: problem.ways(id), slot, errands: &[] }
    }

    /// The gap before a stop.
    #[inline]
    pub(crate) fn before(&self, gap: usize, from: u32, to: u32) -> Gap {
        if self.is_plain(gap) {
            let Way { ride, door } = self.ways.at(from, to);
            return Gap { ride, before: door, after: 0, rest: None, home: false };
        }
        self.made(gap, (from, to), To::Door)
    }

    /// The gap behind the last of so many stops.
    #[inline]
    pub(crate) fn home(&self, stops: usize, from: u32) -> Gap {
        if self.is_plain(stops) {
            let ride = self.ways.at(from, self.vehicle.end).ride;
            return Gap { ride, before: ride, after: 0, rest: None, home: false };
        }
        self.made(stops, (from, self.vehicle.end), To::Home)
    }

    #[inline]
    fn is_plain(&self, gap: usize) -> bool {
        self.errands.is_empty() && (self.vehicle.rest.is_none() || self.slot.gap as usize != gap)
    }

    /// The places where a key is fetched or brought back in the gap, in order.
    pub(crate) fn errands_in(&self, gap: usize) -> impl Iterator<Item = u32> + use<'a> {
        let in_it = self.errands.iter().filter(move |errand| errand.gap as usize == gap);
        in_it.map(|errand| errand.place)
    }

    /// Whether the break of that gap, on arrival, is taken after the return: at the end place.
    pub(crate) fn rests_at_home(&self) -> bool {
        let Vehicle { rest_place, end, .. } = self.vehicle;
        self.slot.on_arrival && rest_place.is_none_or(|place| place == *end)
    }

    fn made(&self, gap: usize, (from, to): (u32, u32), kind: To) -> Gap {
        let rest = self.vehicle.rest.filter(|_| self.slot.gap as usize == gap);
        let home = rest.is_some() && kind == To::Home && self.rests_at_home();
        let mut made = Making { ways: self.ways, here: from, ride: 0, spent: 0, before: None };
        let own_place = self.vehicle.rest_place.filter(|_| rest.is_some() && !home);
        if rest.is_some() && !self.slot.on_arrival {
            own_place.into_iter().for_each(|place| made.go(place));
            made.before = Some(made.spent);
        }
        self.errands_in(gap).for_each(|place| made.go(place));
        if rest.is_some() && self.slot.on_arrival && !home {
            match own_place {
                Some(place) => made.go(place),
                None => made.before = Some(made.spent + made.ways.at(made.here, to).ride),
            }
            made.before.get_or_insert(made.spent);
        }
        match kind {
            To::Door => made.go(to),
            To::Home => made.drive(to),
        }
        let before = made.before.unwrap_or(made.spent);
        Gap { ride: made.ride, before, after: made.spent - before, rest, home }
    }
}

/// A gap while it is put together.
struct Making<'a> {
    ways: &'a Ways,
    here: u32,
    ride: i32,
    spent: i32,
    /// What was spent before the break.
    before: Option<i32>,
}

impl Making<'_> {
    /// To a place and its door.
    fn go(&mut self, place: u32) {
        let way = self.ways.at(self.here, place);
        self.add(way.ride, way.door);
        self.here = place;
    }

    /// To a place, and not yet to its door.
    fn drive(&mut self, place: u32) {
        let ride = self.ways.at(self.here, place).ride;
        self.add(ride, ride);
    }

    fn add(&mut self, ride: i32, spent: i32) {
        // Where there is no way the sums of several must still be told apart from a long one.
        (self.ride, self.spent) =
            ((self.ride + ride).min(2 * FAR), (self.spent + spent).min(2 * FAR));
    }
}
