//! The best start times once everything else is chosen. Each start is a number; differences between
//! them are bounded from below; what it costs is a sum of straight lines and hinges in them. That
//! is an L♮-convex function: from the earliest starts, moving the cheapest set of them together
//! until no set pays any more ends at the very best (Murota 2003, *Discrete Convex Analysis*).
//! All sets are tried, there are few.

/// Starts to be chosen.
#[derive(Clone, Debug, Default)]
pub(crate) struct Timing {
    /// No earlier.
    pub(crate) earliest: Vec<i32>,
    /// No later.
    pub(crate) latest: Vec<i32>,
    pub(crate) arcs: Vec<Arc>,
    pub(crate) hinges: Vec<Hinge>,
    /// What it costs in any case.
    pub(crate) fixed: i64,
}

/// `to` starts at least `least` after `from`; each second more costs `rate`.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Arc {
    pub(crate) from: usize,
    pub(crate) to: usize,
    pub(crate) least: i32,
    pub(crate) rate: i64,
}

/// Each second of `node` behind `after` costs `rate`.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Hinge {
    pub(crate) node: usize,
    pub(crate) after: i32,
    pub(crate) rate: i64,
}

impl Timing {
    /// The earliest starts, or none where the bounds contradict each other.
    pub(crate) fn soonest(&self) -> Option<Vec<i32>> {
        let mut starts = self.earliest.clone();
        for _ in 0..=starts.len() {
            let mut moved = false;
            for arc in &self.arcs {
                let soonest = starts[arc.from] + arc.least;
                if starts[arc.to] < soonest {
                    (starts[arc.to], moved) = (soonest, true);
                }
            }
            if starts.iter().zip(&self.latest).any(|(start, latest)| start > latest) {
                return None;
            }
            if !moved {
                return Some(starts);
            }
        }
        None
    }

    pub(crate) fn cost(&self, starts: &[i32]) -> i64 {
        let arcs = self.arcs.iter();
        let arcs: i64 = arcs
            .map(|arc| arc.rate * i64::from(starts[arc.to] - starts[arc.from] - arc.least))
            .sum();
        self.fixed + self.cost_of_hinges(starts) + arcs
    }

    fn cost_of_hinges(&self, starts: &[i32]) -> i64 {
        let hinges = self.hinges.iter();
        hinges.map(|hinge| hinge.rate * i64::from((starts[hinge.node] - hinge.after).max(0))).sum()
    }

    /// No schedule is cheaper than this: hinges at the soonest starts and no waiting at all.
    pub(crate) fn at_least(&self, soonest: &[i32]) -> i64 {
        self.fixed + self.cost_of_hinges(soonest)
    }

    /// The cheapest starts and their cost, from the soonest ones.
    pub(crate) fn best(&self, soonest: Vec<i32>) -> (i64, Vec<i32>) {
        let mut starts = soonest;
        if self.cost(&starts) > self.at_least(&starts) {
            while self.move_best(&mut starts, 1) || self.move_best(&mut starts, -1) {}
        }
        (self.cost(&starts), starts)
    }

    /// Moves the cheapest set one way, as far as its price stays the same; false when none pays.
    fn move_best(&self, starts: &mut [i32], way: i32) -> bool {
        let slopes: Vec<i64> =
            (0..starts.len()).map(|node| self.slope(node, starts, way)).collect();
        let drags: Vec<Option<u32>> =
            (0..starts.len()).map(|node| self.drags(node, starts, way)).collect();
        let price = |set: &u32| nodes(*set, starts.len()).map(|node| slopes[node]).sum::<i64>();
        let may_move = |set: &u32| {
            nodes(*set, starts.len()).all(|node| drags[node].is_some_and(|drags| drags & !set == 0))
        };
        let sets = (1..1_u32 << starts.len()).filter(may_move);
        let Some(set) = sets.min_by_key(price).filter(|set| price(set) < 0) else {
            return false;
        };
        let step = self.room(set, starts, way);
        nodes(set, starts.len()).for_each(|node| starts[node] += way * step);
        true
    }

    /// What moving one start by a second changes, were it alone.
    fn slope(&self, node: usize, starts: &[i32], way: i32) -> i64 {
        let arcs: i64 = self
            .arcs
            .iter()
            .map(|arc| arc.rate * (i64::from(arc.to == node) - i64::from(arc.from == node)))
            .sum();
        let behind = |hinge: &&Hinge| match way {
            1 => starts[hinge.node] >= hinge.after,
            _ => starts[hinge.node] > hinge.after,
        };
        let hinges = self.hinges.iter().filter(|hinge| hinge.node == node).filter(behind);
        i64::from(way) * (arcs + hinges.map(|hinge| hinge.rate).sum::<i64>())
    }

    /// Which starts must move along with this one; none when it cannot move at all.
    fn drags(&self, node: usize, starts: &[i32], way: i32) -> Option<u32> {
        let end = if way == 1 { self.latest[node] } else { self.earliest[node] };
        if starts[node] == end {
            return None;
        }
        let tight = |arc: &&Arc| starts[arc.to] == starts[arc.from] + arc.least;
        let pushed = self.arcs.iter().filter(tight).filter_map(|arc| match way {
            1 => (arc.from == node).then_some(arc.to),
            _ => (arc.to == node).then_some(arc.from),
        });
        Some(pushed.fold(0, |set, node| set | 1 << node))
    }

    /// How far a set can go before a bound or a bend.
    fn room(&self, set: u32, starts: &[i32], way: i32) -> i32 {
        let holds = |node: usize| set >> node & 1 == 1;
        let bounds = nodes(set, starts.len()).map(|node| match way {
            1 => self.latest[node] - starts[node],
            _ => starts[node] - self.earliest[node],
        });
        let loose = self.arcs.iter().filter(|arc| match way {
            1 => holds(arc.from) && !holds(arc.to),
            _ => holds(arc.to) && !holds(arc.from),
        });
        let gaps = loose.map(|arc| starts[arc.to] - starts[arc.from] - arc.least);
        let bends = self.hinges.iter().filter(|hinge| holds(hinge.node));
        let bends = bends.map(|hinge| way * (hinge.after - starts[hinge.node]));
        bounds.chain(gaps).chain(bends.filter(|bend| *bend > 0)).min().expect("a set is not empty")
    }
}

fn nodes(set: u32, count: usize) -> impl Iterator<Item = usize> {
    (0..count).filter(move |node| set >> node & 1 == 1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::draw::Dice;

    /// Random small timings against every choice of starts.
    #[test]
    fn no_choice_of_starts_is_better() {
        let mut dice = Dice::new(7);
        let mut compared = 0;
        for _ in 0..3000 {
            let timing = drawn(&mut dice);
            let best = timing.soonest().map(|soonest| timing.best(soonest).0);
            assert_eq!(best, every_choice(&timing), "{timing:?}");
            compared += usize::from(best.is_some());
        }
        assert!(compared > 1000, "{compared}");
    }

    fn drawn(dice: &mut Dice) -> Timing {
        let mut timing = Timing { fixed: 5, ..Timing::default() };
        for _ in 0..4 {
            let earliest = dice.between(0, 4);
            timing.earliest.push(earliest);
            timing.latest.push(earliest + dice.between(0, 6));
        }
        for _ in 0..dice.between(1, 5) {
            let (from, to) = (dice.between(0, 3) as usize, dice.between(0, 3) as usize);
            let rate = i64::from(dice.between(0, 2) * 5);
            if from != to {
                timing.arcs.push(Arc { from, to, least: dice.between(-4, 4), rate });
            }
        }
        for _ in 0..dice.between(0, 3) {
            let (node, after) = (dice.between(0, 3) as usize, dice.between(0, 9));
            timing.hinges.push(Hinge { node, after, rate: i64::from(dice.between(1, 20)) });
        }
        timing
    }

    fn every_choice(timing: &Timing) -> Option<i64> {
        let choices = |node: usize| timing.earliest[node]..=timing.latest[node];
        let mut best = None;
        for a in choices(0) {
            for b in choices(1) {
                for c in choices(2) {
                    for d in choices(3) {
                        let starts = [a, b, c, d];
                        let mut arcs = timing.arcs.iter();
                        if arcs.all(|arc| starts[arc.to] - starts[arc.from] >= arc.least) {
                            let cost = timing.cost(&starts);
                            best = Some(best.map_or(cost, |best: i64| best.min(cost)));
                        }
                    }
                }
            }
        }
        best
    }
}
