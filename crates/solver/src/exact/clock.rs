//! A route in time as the bound sees it: by itself, links with other routes let go. What it tells
//! is exact for a carer alone, and never more than the route costs in any plan.
//!
//! The cost as a function of when the carer goes on is flat from the earliest moment up to the last
//! one that only a later departure pays for, and rises by the price of waiting behind it. Three
//! numbers say that, and two of them compare by one line (duration as a resource: Savelsbergh 1992,
//! doi:10.1287/ijoc.4.2.146, with lateness soft).

use crate::problem::{FAR, Problem, Rest, Vehicle, Way, Window};

/// Where a carer's day has come to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Clock {
    /// The earliest moment at which the carer can go on.
    pub(crate) ready: i32,
    /// The last moment that a later departure gives for nothing; no earlier than `ready`.
    pub(crate) free: i32,
    /// What it has cost.
    pub(crate) cost: i64,
}

/// The prices of time, for one carer.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Tariff {
    travel: i64,
    waiting: i64,
    overtime: i64,
}

impl Tariff {
    pub(crate) fn of(problem: &Problem) -> Tariff {
        Tariff {
            travel: problem.travel.0.into(),
            waiting: problem.waiting.0.into(),
            overtime: problem.overtime.0.into(),
        }
    }

    /// What the ride costs.
    #[inline]
    pub(crate) fn ride(self, way: Way) -> i64 {
        self.travel * i64::from(way.ride)
    }
}

impl Clock {
    /// At the start place when the shift begins.
    pub(crate) fn start(vehicle: &Vehicle) -> Clock {
        Clock { ready: vehicle.shift_start, free: FAR, cost: 0 }
    }

    /// On the way for so long.
    #[inline]
    fn spend(self, seconds: i32) -> Clock {
        Clock { ready: self.ready + seconds, free: self.free + seconds, ..self }
    }

    /// Does not go on before `earliest`; what no later departure saves is waiting.
    #[inline]
    pub(crate) fn wait(self, tariff: Tariff, earliest: i32) -> Clock {
        let ready = self.ready.max(earliest);
        let free = self.free.max(ready);
        Clock { ready, free, cost: self.cost + tariff.waiting * i64::from(free - self.free) }
    }

    /// Takes the break here.
    #[inline]
    pub(crate) fn rest(self, tariff: Tariff, rest: Rest) -> Option<Clock> {
        let here = self.wait(tariff, rest.earliest);
        let free = here.free.min(rest.latest);
        (here.ready <= rest.latest).then(|| Clock { free, ..here }.spend(rest.length))
    }

    /// Takes the break before the departure, where waiting for it costs nothing.
    pub(crate) fn rest_first(self, rest: Rest) -> Option<Clock> {
        let begin = self.ready.max(rest.earliest);
        (begin <= rest.latest).then_some(Clock { ready: begin + rest.length, ..self })
    }

    /// Goes to the next door, with the break before the way (`Some(false)`) or on arrival.
    #[inline]
    pub(crate) fn go(self, tariff: Tariff, way: Way, rest: Option<(Rest, bool)>) -> Option<Clock> {
        let there = match rest {
            None => self.spend(way.door),
            Some((rest, false)) => self.rest(tariff, rest)?.spend(way.door),
            Some((rest, true)) => {
                self.spend(way.ride).rest(tariff, rest)?.spend(way.door - way.ride)
            }
        };
        Some(Clock { cost: there.cost + tariff.ride(way), ..there })
    }

    /// Makes the visit in that window, at `late` for each second behind it.
    #[inline]
    pub(crate) fn serve(
        self,
        tariff: Tariff,
        window: Window,
        late: i64,
        service: i32,
    ) -> Option<Clock> {
        let here = self.wait(tariff, window.earliest);
        if here.ready > window.hard {
            return None;
        }
        // Where lateness is cheaper than waiting, a later departure may pay for it.
        let last = if late >= tariff.waiting { window.latest } else { window.hard };
        let cost = here.cost + late * i64::from((here.ready - window.latest).max(0));
        Some(Clock { free: here.free.min(last.max(here.ready)), cost, ..here }.spend(service))
    }

    /// Home again: what the day has cost, a break that is still to come taken before the way
    /// (`Some(false)`) or after the return.
    #[inline]
    pub(crate) fn finish(
        self,
        tariff: Tariff,
        way: Way,
        vehicle: &Vehicle,
        rest: Option<(Rest, bool)>,
    ) -> Option<i64> {
        let last = match rest {
            Some((rest, false)) => self.rest(tariff, rest)?,
            _ => self,
        };
        let back = last.ready + way.ride;
        let end = match rest {
            Some((rest, true)) => {
                let begin = back.max(rest.earliest);
                if begin > rest.latest {
                    return None;
                }
                begin + rest.length
            }
            _ => back,
        };
        let overtime = i64::from((end - vehicle.shift_end).max(0));
        let cost = last.cost + tariff.ride(way) + tariff.overtime * overtime;
        (end <= vehicle.hard_end).then_some(cost)
    }

    /// Whether going on from here is no worse than from there, whatever comes.
    #[inline]
    pub(crate) fn no_worse(self, tariff: Tariff, other: Clock) -> bool {
        let dearer = tariff.waiting * i64::from((other.free - self.free).max(0));
        self.ready <= other.ready && self.cost + dearer <= other.cost
    }
}
