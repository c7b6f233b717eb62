//! What guides the search where a price looks at all routes at once. The longest idle time of all falls
//! only when every route that has it gets shorter, so that hardly any single step is worth anything;
//! and how far a route is from the mean moves the mean. The guide puts a price on each route by itself
//! that leads to the same: a power mean of the idle times, told as prices of how things stand
//! (a smooth maximum), and the distance from the mean as it is. It decides what the search goes on from,
//! never which of two plans is better.

use super::{Outcome, Route};
use crate::problem::Problem;

/// One in fixed point.
const ONE: u64 = 1 << 16;

/// How often a share is squared: the power of the mean is 2 to this.
const SQUARINGS: u32 = 3;

/// How far above the level idle times are still told apart.
const MOST: u64 = 4 * ONE;

/// The prices of each route by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Guide {
    /// The idle time, in seconds, at which a second more is paid in full; nothing is guided where it is 0.
    level: u64,
    /// The price of a route as idle as the level.
    share: i64,
    /// The mean of the work of all routes.
    mean: i32,
    /// The price of a second off the mean.
    balance: i64,
}

impl Guide {
    /// Nothing is guided.
    pub(crate) const NONE: Guide = Guide { level: 0, share: 0, mean: 0, balance: 0 };

    /// As these routes are.
    pub(crate) fn of(problem: &Problem, routes: &[Route]) -> Guide {
        // A day that has begun is changed as little as can be, and needs no leading.
        let has_begun = problem.vehicles.iter().any(|vehicle| vehicle.begun > 0);
        if has_begun || problem.worst_idle.0 == 0 && problem.balance.0 == 0 {
            return Guide::NONE;
        }
        let longest =
            routes.iter().map(|route| route.outcome.idle).max().unwrap_or(0).max(1) as u64;
        let powers = routes.iter().map(|route| power(route.outcome.idle, longest));
        // The power mean, without its mean: the root of the sum of the powers.
        let mut root = powers.sum::<u64>().max(ONE);
        for _ in 0..SQUARINGS {
            root = (root * ONE).isqrt();
        }
        let level = (longest * root / ONE).max(1);
        let work: i64 = routes.iter().map(|route| i64::from(route.outcome.work)).sum();
        Guide {
            level,
            share: (i64::from(problem.worst_idle.0) * level as i64) >> SQUARINGS,
            mean: (work / (routes.len().max(1) as i64)) as i32,
            balance: problem.balance.0.into(),
        }
    }

    /// Whether anything is guided.
    #[inline]
    pub(crate) fn is_on(&self) -> bool {
        self.level > 0
    }

    /// The price of a route that comes to so much.
    #[inline]
    pub(crate) fn cost(&self, outcome: &Outcome) -> i64 {
        if !self.is_on() {
            return 0;
        }
        let off = i64::from((outcome.work - self.mean).abs());
        self.idle(outcome.idle) + self.balance * off
    }

    /// The most that so much more work can save a route.
    #[inline]
    pub(crate) fn most_saved(&self, outcome: &Outcome, work: i32) -> i64 {
        if !self.is_on() {
            return 0;
        }
        let saved = self.idle(outcome.idle) - self.idle(outcome.idle - work);
        saved + self.balance * i64::from(work)
    }

    #[inline]
    fn idle(&self, idle: i32) -> i64 {
        (self.share * power(idle, self.level) as i64) >> ONE.ilog2()
    }
}

/// How far each is from the mean of all, each rounded up, summed.
pub(crate) fn off_the_mean(each: &[i64]) -> i64 {
    let (count, all) = (each.len().max(1) as i64, each.iter().sum::<i64>());
    each.iter().map(|one| ((count * one - all).abs() + count - 1) / count).sum()
}

/// The share of the level that the idle time is, to the power of the mean.
#[inline]
fn power(idle: i32, level: u64) -> u64 {
    let mut power = (idle.max(0) as u64 * ONE / level).min(MOST);
    for _ in 0..SQUARINGS {
        power = power * power / ONE;
    }
    power
}

#[cfg(test)]
mod tests {
    use super::*;

    fn guide(level: u64) -> Guide {
        Guide { level, share: (10 * level as i64) >> SQUARINGS, mean: 600, balance: 3 }
    }

    /// A second of a route at the level costs the price of the longest of all, others less, and more above it.
    #[test]
    fn a_second_costs_more_the_longer_the_idle_time() {
        let slope = |idle: i32| {
            let at = |idle| guide(6000).idle(idle);
            at(idle + 100) - at(idle)
        };
        assert!((900..=1100).contains(&slope(5950)), "{}", slope(5950));
        assert!(slope(3000) < 20 && slope(4500) < slope(5000) && slope(8000) > 5000);
        assert_eq!(guide(6000).idle(0), 0);
    }

    #[test]
    fn no_more_is_saved_than_is_told() {
        for (idle, work) in [(0, 0), (500, 700), (6000, 100), (9000, 3000)] {
            for more in [0, 10, 500, 5000] {
                let now = Outcome { idle, work, ..Outcome::default() };
                let then = Outcome { idle: (idle - more).max(0), work: work + more, ..now };
                let saved = guide(6000).cost(&now) - guide(6000).cost(&then);
                assert!(saved <= guide(6000).most_saved(&now, more), "{idle} {work} {more}");
            }
        }
    }

    #[test]
    fn each_is_rounded_up_for_itself() {
        assert_eq!(off_the_mean(&[]), 0);
        assert_eq!(off_the_mean(&[7, 7, 7]), 0);
        assert_eq!(off_the_mean(&[0, 0, 1]), 3);
        assert_eq!(off_the_mean(&[0, 10]), 10);
    }
}
