//! One carer's day in moments, and what it amounts to.

use crate::problem::{TaskId, Vehicle};

/// One carer's day in moments.
#[derive(Clone, Debug, Default)]
pub(crate) struct Itinerary {
    /// When the carer sets off.
    pub(crate) leave: i32,
    /// The stops, in order.
    pub(crate) stops: Vec<Call>,
    /// The break, if it is taken.
    pub(crate) rest: Option<Pause>,
    /// The stops for keys, in order.
    pub(crate) keys: Vec<KeyCall>,
    /// When the carer is back.
    pub(crate) back: i32,
    /// Seconds on the road.
    pub(crate) ride: i32,
    /// When everything is over, a break after the return included.
    pub(crate) end: i32,
}

/// A visit in moments.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Call {
    pub(crate) task: TaskId,
    /// At the place, with a break on arrival behind.
    pub(crate) arrive: i32,
    pub(crate) wait: i32,
    pub(crate) start: i32,
    pub(crate) leave: i32,
}

/// A stop for a key in moments.
#[derive(Clone, Copy, Debug)]
pub(crate) struct KeyCall {
    /// Before which visit; as many as there are visits is after the last.
    pub(crate) gap: usize,
    /// Where.
    pub(crate) place: u32,
    /// At the place, before the access time.
    pub(crate) arrive: i32,
    pub(crate) leave: i32,
}

/// A break in moments.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Pause {
    /// Before which stop; as many as there are stops is after the last.
    pub(crate) gap: usize,
    /// Where.
    pub(crate) place: u32,
    /// Whether it is taken behind the ride of its gap, at the last of it.
    pub(crate) on_arrival: bool,
    /// Whether it is taken before the carer has left or after the return.
    pub(crate) at_base: bool,
    /// Waiting for it to begin, on the way.
    pub(crate) wait: i32,
    pub(crate) start: i32,
    pub(crate) leave: i32,
}

impl Itinerary {
    /// Waiting at doors and for the break.
    pub(crate) fn waiting(&self) -> i32 {
        self.waits().sum()
    }

    /// The longest of these.
    pub(crate) fn worst_wait(&self) -> i32 {
        self.waits().max().unwrap_or(0)
    }

    /// The part of the shift that is spent on nothing. Who stays takes the break.
    pub(crate) fn idle(&self, vehicle: &Vehicle) -> i32 {
        let length = vehicle.rest.map_or(0, |rest| rest.length);
        let span = self.end.max(vehicle.shift_end) - vehicle.shift_start;
        if self.stops.is_empty() {
            return vehicle.shift_end - vehicle.shift_start - length;
        }
        let rest = if self.rest.is_some() { length } else { 0 };
        let on_the_way = self.rest.is_some_and(|it| it.start >= self.leave && it.start < self.back);
        // Under way to a visit that was called off: between its end and when the carer is free.
        let begun = (vehicle.begun as usize).checked_sub(1).and_then(|at| self.stops.get(at));
        let diverted = begun.map_or(0, |call| (vehicle.free - call.leave).max(0));
        let slack = self.back - self.leave - self.waiting() - diverted;
        span - if on_the_way { slack } else { slack + rest }
    }

    fn waits(&self) -> impl Iterator<Item = i32> {
        self.stops.iter().map(|call| call.wait).chain(self.rest.map(|rest| rest.wait))
    }
}
