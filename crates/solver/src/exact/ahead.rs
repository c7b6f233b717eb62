//! What the rest of a carer's day costs at the least, from each stop at each minute: the same
//! relaxation with no memory, no break and no price for waiting, told from behind. A stretch that
//! not even this could make cheap enough needs no looking at.

use super::clock::{Clock, Tariff};
use super::pricing::Node;
use crate::problem::{FAR, NEVER, Vehicle, Ways};

/// How long a step of time is, in seconds.
const STEP: i32 = 60;

/// Less than anything that a day can cost.
const UNKNOWN: i64 = i64::MIN / 4;

/// By stop and by step from the start of the shift, ready to go on.
#[derive(Debug)]
pub(crate) struct Ahead {
    begin: i32,
    steps: usize,
    least: Vec<i64>,
}

impl Ahead {
    /// Not looked into.
    pub(crate) fn none() -> Ahead {
        Ahead { begin: 0, steps: 0, least: Vec::new() }
    }

    pub(crate) fn of(vehicle: &Vehicle, ways: &Ways, tariff: Tariff, nodes: &[Node]) -> Ahead {
        let begin = vehicle.shift_start;
        let steps = ((vehicle.hard_end - begin).max(0) / STEP) as usize + 1;
        let mut ahead = Ahead { begin, steps, least: vec![NEVER.into(); nodes.len() * steps] };
        let spans: Vec<(i32, i32)> = nodes.iter().map(Node::span).collect();
        for step in (0..steps).rev() {
            let ready = begin + step as i32 * STEP;
            for (from, node) in nodes.iter().enumerate() {
                let (opens, closes) = spans[from];
                // Within the step it may be up to a step later.
                if ready + STEP <= opens + node.service || ready > closes + node.service {
                    continue;
                }
                let clock = Clock { ready, free: ready, cost: 0 };
                let mut least = clock.finish(tariff, node.home, vehicle, None);
                for (to, next) in nodes.iter().enumerate() {
                    let way = ways.at(node.place, next.place);
                    if to == from || ready + way.door > spans[to].1 {
                        continue;
                    }
                    let cost = ahead.by(tariff.ride(way), ready + way.door, (to, next), Some(step));
                    least = least.into_iter().chain(cost).min();
                }
                ahead.least[from * steps + step] = least.unwrap_or(NEVER.into());
            }
        }
        ahead
    }

    /// What the whole day costs at the least, if that was looked into; of days with a stop.
    pub(crate) fn of_day(
        &self,
        vehicle: &Vehicle,
        ways: &Ways,
        tariff: Tariff,
        nodes: &[Node],
    ) -> Option<i64> {
        let first = |(to, node): (usize, &Node)| {
            let way = ways.at(vehicle.start, node.place);
            let there = self.begin + way.door;
            let in_time = way.ride < FAR && there <= node.span().1;
            in_time.then(|| self.by(tariff.ride(way), there, (to, node), None)).flatten()
        };
        (self.steps > 0).then(|| nodes.iter().enumerate().filter_map(first).min()).flatten()
    }

    /// What it costs by way of a stop at the least, when the carer is at its door at that moment.
    #[inline]
    fn by(
        &self,
        ride: i64,
        there: i32,
        (to, node): (usize, &Node),
        step: Option<usize>,
    ) -> Option<i64> {
        let through = node.windows.iter().filter(|window| there <= window.hard).map(|window| {
            let start = there.max(window.earliest);
            let late = node.late * i64::from((start - window.latest).max(0));
            let at = ((start + node.service - self.begin) / STEP) as usize;
            // Within one step nothing is known of what comes after.
            let rest = if step.is_some_and(|step| at <= step) { UNKNOWN } else { self.at(to, at) };
            ride + late + window.price - node.prize + rest
        });
        through.min()
    }

    /// What the rest of the day costs at the least, ready at the stop at that moment, if it was
    /// looked into.
    #[inline]
    pub(crate) fn least(&self, node: usize, ready: i32) -> Option<i64> {
        (self.steps > 0).then(|| self.at(node, ((ready - self.begin) / STEP) as usize))
    }

    #[inline]
    fn at(&self, node: usize, step: usize) -> i64 {
        if step < self.steps { self.least[node * self.steps + step] } else { NEVER.into() }
    }
}
