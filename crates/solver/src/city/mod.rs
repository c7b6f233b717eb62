//! The day of a whole city: too many places for a table between all of them. Districts are planned
//! each by itself, then joined two and two and bettered across the line between them, as far as
//! tables between so many places can be held; each asks the caller for the tables of its places
//! alone. What a district leaves out may find room when it is joined with its neighbour.
//!
//! Deterministic as the search is: districts and their shares of the budget are the day's, and they
//! share nothing while they are planned side by side.

mod answer;
mod bundles;
mod districts;
mod legs;
mod piece;

use hjemrute_travel::{PlaceId, Tables};

use crate::plan::{Instance, Plan};
use crate::search::{Budget, Clock, Progress, STEPS, first, improve, side_by_side, solve_from};
use districts::districts;
use legs::Ask;
pub use legs::tables_of_plan;
use piece::Piece;

/// How large the parts are, in visits.
#[derive(Clone, Copy, Debug)]
struct Sizes {
    /// The districts, at the most about.
    district: usize,
    /// What is planned as one, at the most.
    most: usize,
}

const SIZES: Sizes = Sizes { district: 700, most: 5000 };

/// From how many visits on a day is planned in parts.
const CITY: usize = 2500;

/// The part of the budget, in steps, that goes to the districts before any are joined.
const ALONE: u32 = STEPS / 2;

/// A plan that was made in parts.
#[derive(Clone, Debug)]
pub struct Parted {
    /// The plan of the whole day.
    pub plan: Plan,
    /// What is known of the ways between its places: the legs that the plan takes, and those that
    /// tell who could reach what. Enough to verify it by.
    pub tables: Tables,
    /// How many iterations the search did in all.
    pub iterations: u64,
}

/// Whether a day is so large that it should be planned in parts.
pub fn is_city(instance: &Instance) -> bool {
    instance.visits.len() > CITY
}

/// The best plan found within the budget, made in parts. `tables` is asked, from several threads,
/// for the tables between some of the instance's places, their rows in the order given.
///
/// # Panics
/// If the instance has a fault.
pub fn solve_in_parts(
    instance: &Instance,
    tables: &(dyn Fn(&[PlaceId]) -> Tables + Sync),
    budget: &Budget<'_>,
) -> Parted {
    in_parts(instance, tables, budget, SIZES)
}

fn in_parts(instance: &Instance, tables: Ask<'_>, budget: &Budget<'_>, sizes: Sizes) -> Parted {
    let clock = Clock::new(budget, 0);
    let districts = districts(instance, sizes.district);
    let mut pieces = side_by_side(districts, budget.threads, |_, district| {
        Piece::of(instance, district, tables, first)
    });
    tell(budget, 0, &pieces);
    let joins = joins(&pieces, sizes.most);
    let to = if joins == 0 { STEPS } else { ALONE };
    pieces = alone(pieces, &clock, (0, to), budget);
    tell(budget, to, &pieces);
    for join in 1..=joins {
        if clock.is_over() {
            break;
        }
        let step = |join: u32| ALONE + (STEPS - ALONE) * join / joins;
        pieces = joined(instance, pieces, &clock, (step(join - 1), step(join)), (tables, budget));
        tell(budget, step(join), &pieces);
    }
    let iterations = pieces.iter().map(|piece| piece.solution.iterations()).sum();
    let (plan, tables) = answer::answer(instance, &pieces, tables);
    Parted { plan, tables, iterations }
}

/// How often two and two can be joined.
fn joins(pieces: &[Piece], most: usize) -> u32 {
    let largest = pieces.iter().map(|piece| piece.of.visits.len()).max().unwrap_or(0);
    let (mut joins, mut size, mut count) = (0, largest, pieces.len());
    while count > 1 && 2 * size <= most {
        (joins, size, count) = (joins + 1, 2 * size, count / 2);
    }
    joins
}

/// Each district searched by itself.
fn alone(
    pieces: Vec<Piece>,
    clock: &Clock<'_>,
    steps: (u32, u32),
    budget: &Budget<'_>,
) -> Vec<Piece> {
    let count = pieces.len();
    side_by_side(pieces, budget.threads, |nth, piece| {
        let clock = clock.turn(steps, nth, count);
        let own = clock.budget(seed(budget, steps.0, nth), threads(budget, count));
        let solution = solve_from(&piece.problem, &piece.solution, &own);
        Piece { solution, ..piece }
    })
}

/// Each two that belong together joined and bettered; as they stand, where the budget is over.
fn joined(
    instance: &Instance,
    pieces: Vec<Piece>,
    clock: &Clock<'_>,
    steps: (u32, u32),
    (tables, budget): (Ask<'_>, &Budget<'_>),
) -> Vec<Piece> {
    let mut pairs: Vec<[Piece; 2]> = Vec::new();
    let mut pieces = pieces.into_iter();
    while let (Some(one), Some(other)) = (pieces.next(), pieces.next()) {
        pairs.push([one, other]);
    }
    let count = pairs.len();
    let done = side_by_side(pairs, budget.threads, |nth, [one, other]| {
        if clock.is_over() {
            return vec![one, other];
        }
        let clock = clock.turn(steps, nth, count);
        let joined = Piece::join(instance, [&one, &other], tables);
        let before = one.solution.iterations() + other.solution.iterations();
        drop((one, other));
        let own = clock.budget(seed(budget, steps.0, nth), threads(budget, count));
        let solution = improve(&joined.problem, &joined.solution, &own);
        let iterations = before + solution.iterations();
        vec![Piece { solution: solution.with_iterations(iterations), ..joined }]
    });
    done.into_iter().flatten().collect()
}

/// How many threads one of so many parts may use for itself.
fn threads(budget: &Budget<'_>, parts: usize) -> usize {
    budget.threads.div_ceil(parts)
}

/// A seed of its own for each part.
fn seed(budget: &Budget<'_>, step: u32, nth: usize) -> u64 {
    budget.seed ^ (u64::from(step) << 32 | nth as u64).wrapping_mul(0x9E37_79B9_7F4A_7C15)
}

fn tell(budget: &Budget<'_>, step: u32, pieces: &[Piece]) {
    let left_out = |piece: &Piece| {
        let made: usize = piece.solution.routes.iter().map(|drive| drive.tasks.len()).sum();
        piece.problem.tasks.len() - made
    };
    (budget.progress)(Progress {
        permille: step * 1000 / STEPS,
        iterations: pieces.iter().map(|piece| piece.solution.iterations()).sum(),
        left_out: pieces.iter().map(left_out).sum(),
        cost: pieces.iter().map(|piece| piece.solution.cost).sum(),
    });
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::AtomicBool;

    use hjemrute_travel::{Mode, Table};

    use super::*;
    use crate::search::samples::day;
    use crate::verify::verify;

    const SMALL: Sizes = Sizes { district: 30, most: 70 };

    /// The tables of some places out of those of all.
    fn some(all: &Tables, places: &[PlaceId]) -> Tables {
        let cut = |table: &Table| {
            Table::from_fn(places.len(), |from, to| {
                table.leg(places[from.index()], places[to.index()])
            })
        };
        Mode::ALL.into_iter().fold(Tables::new(), |tables, mode| match all.get(mode) {
            Some(table) => tables.with(mode, cut(table)),
            None => tables,
        })
    }

    fn planned(instance: &Instance, all: &Tables, cancelled: bool, threads: usize) -> Parted {
        let cancelled = AtomicBool::new(cancelled);
        let budget = Budget {
            seed: 1,
            iterations: Some(3000),
            deadline: None,
            threads,
            cancelled: &cancelled,
            progress: &|_| {},
        };
        in_parts(instance, &|places| some(all, places), &budget, SMALL)
    }

    #[test]
    fn a_day_in_parts_is_right_by_what_is_known_of_the_ways_and_by_all_of_them() {
        for seed in 0..12 {
            let (mut instance, tables) = day(120, 24, seed);
            let pinned = instance.carers[3].id.clone();
            let free = instance.visits.iter_mut().find(|visit| {
                let wishes = visit.continuity.as_ref();
                visit.crew.len() == 1
                    && wishes.is_none_or(|wish| !wish.avoid.contains(&pinned))
                    && crate::rules::has(&instance.carers[3].skills, &visit.crew[0])
            });
            free.expect("somebody whom the carer may visit").pinned.carer = Some(pinned);
            for cancelled in [false, true] {
                let Parted { plan, tables: known, .. } = planned(&instance, &tables, cancelled, 1);
                assert_eq!(verify(&instance, &known, &plan).breaches, [], "day {seed}");
                assert_eq!(verify(&instance, &tables, &plan).breaches, [], "day {seed}");
                let ask = |places: &[PlaceId]| some(&tables, places);
                let asked = tables_of_plan(&instance, &plan, &ask);
                assert_eq!(verify(&instance, &asked, &plan).breaches, [], "day {seed}");
                assert!(plan.unassigned.len() < 60, "day {seed}: {}", plan.unassigned.len());
            }
        }
    }

    #[test]
    fn a_day_in_parts_is_the_same_on_any_number_of_threads() {
        let (instance, tables) = day(120, 24, 5);
        let one = planned(&instance, &tables, false, 1);
        for threads in [2, 3, 8] {
            let other = planned(&instance, &tables, false, threads);
            assert_eq!((&one.plan, one.iterations), (&other.plan, other.iterations));
        }
    }
}
