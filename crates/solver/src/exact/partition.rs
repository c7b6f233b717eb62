//! Which of many routes make the best plan together: set partitioning, as HiGHS solves it (Balinski
//! and Quandt 1964, doi:10.1287/opre.12.2.300). Floats stay in here. What comes out is a proposal:
//! who asked adds it up in whole numbers and keeps what he had where that is no better.
//!
//! First the linear program over the few routes that its own prices ask for, then a mixed-integer
//! program over those that its prices leave in question: a route whose reduced cost is more than lies
//! between the linear program and the plan at hand is in no better plan.

use highs::{ColProblem, HighsModelStatus, Model, Row, Sense, SolvedModel};

/// A route that could be driven.
#[derive(Clone, Debug)]
pub(crate) struct Column {
    /// What it makes, once each.
    pub(crate) rows: Vec<u32>,
    /// Of which kind the carer is who drives it.
    pub(crate) kind: u32,
    pub(crate) cost: i64,
}

/// How many carers of a kind there are.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Kind {
    pub(crate) most: u32,
    /// Whether each of them must be sent out.
    pub(crate) all: bool,
}

/// What is asked: each row once, by routes or for its price, and of each kind no more than there are.
#[derive(Debug, Default)]
pub(crate) struct Partition {
    /// By row: what it costs that no route makes it; `None` where one must.
    pub(crate) drops: Vec<Option<i64>>,
    pub(crate) kinds: Vec<Kind>,
    pub(crate) columns: Vec<Column>,
    /// The columns of the plan at hand, rising.
    pub(crate) start: Vec<usize>,
}

/// How far to go.
#[derive(Clone, Copy)]
pub(crate) struct Limits<'a> {
    /// How many nodes of the search tree to look at: the same number chooses the same.
    pub(crate) nodes: i32,
    /// How many seconds to take, for either program; absent: whatever it takes.
    pub(crate) seconds: Option<f64>,
    /// Asked now and then: stop with nothing.
    pub(crate) stop: &'a dyn Fn() -> bool,
}

/// How many columns the linear program takes in at a time.
const TAKEN: usize = 400;

/// How often it takes in more.
const ROUNDS: usize = 40;

/// How many columns the mixed-integer program has for each row, at the most, and at the least in all: with
/// so many of the least reduced cost it finds what it finds with all, in a tenth of the time.
const FOR_EACH: usize = 7;
const LEAST: usize = 400;

/// Dearer than the plan at hand so many times, nothing is left out for its price in the programs:
/// prices of many orders of magnitude would drown in each other.
const DEAR: i64 = 1000;

impl Partition {
    /// The columns of a better plan than the one at hand, rising, if one is found.
    pub(crate) fn solve(&self, limits: Limits<'_>) -> Option<Vec<usize>> {
        let scale = self.scale();
        let relaxed = Relaxation::solved(self, scale, limits)?;
        let at_hand = self.priced(&self.start, scale);
        // Half a unit of cost less is no less.
        let room = at_hand - relaxed.cost - 0.5 / scale;
        if room <= 0.0 || (limits.stop)() {
            return None;
        }
        let mut open: Vec<(f64, usize)> =
            relaxed.reduced.into_iter().zip(0..).filter(|(reduced, _)| *reduced < room).collect();
        open.sort_by(|one, other| one.0.total_cmp(&other.0).then(one.1.cmp(&other.1)));
        open.truncate((FOR_EACH * self.drops.len()).max(LEAST));
        let mut open: Vec<usize> = open.into_iter().map(|(_, at)| at).collect();
        open.extend(&self.start);
        open.sort_unstable();
        open.dedup();
        let chosen = self.chosen(&open, scale, limits)?;
        (self.cost(&chosen) < self.cost(&self.start)).then_some(chosen)
    }

    fn cost(&self, columns: &[usize]) -> i64 {
        let out: i64 = self.left_out(columns).filter_map(|row| self.drops[row]).sum();
        out + columns.iter().map(|at| self.columns[*at].cost).sum::<i64>()
    }

    /// The same as the programs see it.
    fn priced(&self, columns: &[usize], scale: f64) -> f64 {
        let out: f64 = self.left_out(columns).filter_map(|row| self.price(row, scale)).sum();
        out + columns.iter().map(|at| self.columns[*at].cost as f64 / scale).sum::<f64>()
    }

    /// The rows that none of the columns makes.
    fn left_out(&self, columns: &[usize]) -> impl Iterator<Item = usize> + use<> {
        let mut made = vec![false; self.drops.len()];
        for row in columns.iter().flat_map(|at| &self.columns[*at].rows) {
            made[*row as usize] = true;
        }
        made.into_iter().enumerate().filter(|(_, made)| !made).map(|(row, _)| row)
    }

    /// So many units of cost are one of the programs': a route of the plan at hand costs about a thousand.
    fn scale(&self) -> f64 {
        let cost: i64 = self.start.iter().map(|at| self.columns[*at].cost.abs()).sum();
        (cost as f64 / self.start.len().max(1) as f64 / 1000.0).max(1e-3)
    }

    /// What leaving a row out costs in the programs.
    fn price(&self, row: usize, scale: f64) -> Option<f64> {
        let most = self.start.iter().map(|at| self.columns[*at].cost.abs()).max().unwrap_or(1);
        let most = most.max(1).saturating_mul(DEAR);
        self.drops[row].map(|drop| drop.min(most) as f64 / scale)
    }

    /// The rows of an empty program, of rows and of kinds.
    fn rows(&self, empty: &mut ColProblem) -> (Vec<Row>, Vec<Row>) {
        let made = self.drops.iter().map(|_| empty.add_row(1..=1)).collect();
        let sent = self.kinds.iter().map(|kind| {
            let least = if kind.all { kind.most } else { 0 };
            empty.add_row(least..=kind.most)
        });
        (made, sent.collect())
    }

    fn factors(&self, at: usize, (made, sent): &(Vec<Row>, Vec<Row>)) -> Vec<(Row, f64)> {
        let Column { rows, kind, .. } = &self.columns[at];
        let made = rows.iter().map(|row| (made[*row as usize], 1.0));
        made.chain([(sent[*kind as usize], 1.0)]).collect()
    }

    /// The best choice among some of the columns, if HiGHS finds any.
    fn chosen(&self, open: &[usize], scale: f64, limits: Limits<'_>) -> Option<Vec<usize>> {
        let mut empty = ColProblem::new();
        let rows = self.rows(&mut empty);
        let mut begin: Vec<f64> = Vec::with_capacity(open.len() + self.drops.len());
        let mut made = vec![false; self.drops.len()];
        for at in open {
            let taken = self.start.binary_search(at).is_ok();
            begin.push(f64::from(u8::from(taken)));
            let rows_of = self.columns[*at].rows.iter();
            rows_of.for_each(|row| made[*row as usize] |= taken);
            let cost = self.columns[*at].cost as f64 / scale;
            empty.add_integer_column(cost, 0..=1, self.factors(*at, &rows));
        }
        for (row, made) in made.iter().enumerate() {
            if let Some(price) = self.price(row, scale) {
                begin.push(f64::from(u8::from(!made)));
                empty.add_integer_column(price, 0..=1, [(rows.0[row], 1.0)]);
            }
        }
        let mut model = empty.try_optimise(Sense::Minimise).ok()?;
        quiet(&mut model, limits);
        model.set_option("mip_max_nodes", limits.nodes);
        model.set_option("mip_rel_gap", 0.0);
        model.set_option("mip_abs_gap", 0.5 / scale);
        model.try_set_solution(Some(&begin), None, None, None).ok()?;
        let solved = model.try_solve().ok()?;
        let solution = solved.get_solution();
        let taken = open.iter().zip(solution.columns()).filter(|(_, share)| **share > 0.5);
        let taken: Vec<usize> = taken.map(|(at, _)| *at).collect();
        self.keeps(&taken).then_some(taken)
    }

    /// Whether the columns make nothing twice and all that must be made, with the carers there are.
    fn keeps(&self, columns: &[usize]) -> bool {
        let mut made = vec![0u32; self.drops.len()];
        let mut sent = vec![0u32; self.kinds.len()];
        for column in columns.iter().map(|at| &self.columns[*at]) {
            column.rows.iter().for_each(|row| made[*row as usize] += 1);
            sent[column.kind as usize] += 1;
        }
        let once = |(made, drop): (u32, &Option<i64>)| made == 1 || made == 0 && drop.is_some();
        let there = |(sent, kind): (u32, &Kind)| {
            if kind.all { sent == kind.most } else { sent <= kind.most }
        };
        made.into_iter().zip(&self.drops).all(once) && sent.into_iter().zip(&self.kinds).all(there)
    }
}

/// One thread, nothing told, and no longer than the limits say.
fn quiet(model: &mut Model, limits: Limits<'_>) {
    model.make_quiet();
    model.set_option("threads", 1);
    model.set_option("parallel", "off");
    model.set_option("random_seed", 1);
    if let Some(seconds) = limits.seconds {
        model.set_option("time_limit", seconds.max(1e-3));
    }
}

/// The linear program while columns are taken in.
struct Relaxation<'a> {
    of: &'a Partition,
    scale: f64,
    rows: (Vec<Row>, Vec<Row>),
    inside: Vec<bool>,
}

/// What the linear program has come to.
struct Relaxed {
    cost: f64,
    /// By column: by how much it is dearer than what the prices would pay for it.
    reduced: Vec<f64>,
}

impl<'a> Relaxation<'a> {
    /// The linear program with the plan at hand, and leaving out what may be left out: taken on until
    /// its prices ask for nothing more.
    fn solved(of: &'a Partition, scale: f64, limits: Limits<'_>) -> Option<Relaxed> {
        let mut empty = ColProblem::new();
        let rows = of.rows(&mut empty);
        let mut model = empty.try_optimise(Sense::Minimise).ok()?;
        quiet(&mut model, limits);
        model.set_option("presolve", "off");
        model.set_option("solver", "simplex");
        for row in 0..of.drops.len() {
            if let Some(price) = of.price(row, scale) {
                model.add_col(price, 0.0.., [(rows.0[row], 1.0)]);
            }
        }
        let inside = vec![false; of.columns.len()];
        let mut relaxation = Relaxation { of, scale, rows, inside };
        of.start.iter().for_each(|at| relaxation.take(&mut model, *at));
        relaxation.generate(model, limits)
    }

    fn take(&mut self, model: &mut Model, at: usize) {
        if !std::mem::replace(&mut self.inside[at], true) {
            let cost = self.of.columns[at].cost as f64 / self.scale;
            model.add_col(cost, 0.0.., self.of.factors(at, &self.rows));
        }
    }

    fn generate(mut self, mut model: Model, limits: Limits<'_>) -> Option<Relaxed> {
        for _ in 0..ROUNDS {
            let solved = model.try_solve().ok()?;
            if solved.status() != HighsModelStatus::Optimal || (limits.stop)() {
                return None;
            }
            let cost = solved.objective_value();
            let reduced = self.reduced(&solved);
            model = solved.into();
            let mut asked: Vec<(f64, usize)> = (0..)
                .zip(&reduced)
                .filter(|(at, reduced)| **reduced < -1e-6 && !self.inside[*at])
                .map(|(at, reduced)| (*reduced, at))
                .collect();
            if asked.is_empty() {
                return Some(Relaxed { cost, reduced });
            }
            asked.sort_by(|one, other| one.0.total_cmp(&other.0).then(one.1.cmp(&other.1)));
            asked.iter().take(TAKEN).for_each(|(_, at)| self.take(&mut model, *at));
        }
        None
    }

    fn reduced(&self, solved: &SolvedModel) -> Vec<f64> {
        let solution = solved.get_solution();
        let (made, sent) = solution.dual_rows().split_at(self.of.drops.len());
        let reduced = |column: &Column| {
            let paid: f64 = column.rows.iter().map(|row| made[*row as usize]).sum();
            column.cost as f64 / self.scale - paid - sent[column.kind as usize]
        };
        self.of.columns.iter().map(reduced).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FREE: Limits<'_> = Limits { nodes: 500, seconds: None, stop: &|| false };

    /// SplitMix64 (Steele, Lea, Flood 2014).
    struct Dice(u64);

    impl Dice {
        fn below(&mut self, end: u64) -> u64 {
            self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
            let mut mixed = self.0;
            mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
            mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
            (mixed ^ (mixed >> 31)) % end
        }
    }

    /// Some rows, some of which must be made, and random columns; at hand is one column for each that must.
    fn drawn(seed: u64) -> Partition {
        let mut dice = Dice(seed);
        let rows = 2 + dice.below(5) as usize;
        let drop = |dice: &mut Dice| (dice.below(3) > 0).then(|| 1 + dice.below(900) as i64);
        let drops: Vec<Option<i64>> = (0..rows).map(|_| drop(&mut dice)).collect();
        let kinds = vec![
            Kind { most: rows as u32, all: false },
            Kind { most: 1, all: seed.is_multiple_of(4) },
        ];
        let mut columns: Vec<Column> = (0..rows as u32)
            .map(|row| Column { rows: vec![row], kind: 0, cost: 100 + dice.below(500) as i64 })
            .collect();
        columns.push(Column { rows: Vec::new(), kind: 1, cost: dice.below(50) as i64 });
        for _ in 0..dice.below(9) {
            let rows = (0..rows as u32).filter(|_| dice.below(2) == 0).collect();
            let (kind, cost) = (dice.below(2) as u32, 100 + dice.below(900) as i64);
            columns.push(Column { rows, kind, cost });
        }
        let must = (0..rows).filter(|row| drops[*row].is_none());
        let start = must.chain(kinds[1].all.then_some(rows)).collect();
        Partition { drops, kinds, columns, start }
    }

    /// The least cost of all choices there are.
    fn by_trying(partition: &Partition) -> i64 {
        let all = 0..1u32 << partition.columns.len();
        let choices = all.map(|bits| {
            (0..partition.columns.len()).filter(|at| bits >> at & 1 == 1).collect::<Vec<usize>>()
        });
        let kept = choices.filter(|chosen| partition.keeps(chosen));
        kept.map(|chosen| partition.cost(&chosen)).min().expect("what is at hand keeps all")
    }

    #[test]
    fn what_is_chosen_is_the_best_there_is_and_nothing_where_that_is_at_hand() {
        let (mut better, mut at_hand) = (0, 0);
        for seed in 0..300 {
            let partition = drawn(seed);
            let (least, before) = (by_trying(&partition), partition.cost(&partition.start));
            match partition.solve(FREE) {
                Some(chosen) => {
                    assert!(partition.keeps(&chosen), "{partition:?}: {chosen:?}");
                    assert_eq!(partition.cost(&chosen), least, "{partition:?}: {chosen:?}");
                    assert!(least < before);
                    better += 1;
                }
                None => {
                    assert_eq!(least, before, "{partition:?}");
                    at_hand += 1;
                }
            }
        }
        assert!(better > 100 && at_hand > 20, "{better} {at_hand}");
    }

    #[test]
    fn who_is_told_to_stop_stops_with_nothing() {
        let stopped = Limits { stop: &|| true, ..FREE };
        assert_eq!((0..50).filter_map(|seed| drawn(seed).solve(stopped)).count(), 0);
    }
}
