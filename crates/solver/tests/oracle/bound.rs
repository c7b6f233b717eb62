//! The bound against the best plan there is, on tiny days, and against what spoils a certificate.

use hjemrute_solver::{
    Bound, Budget, Effort, Instance, Problem, Proof, Score, prove, proven, render, solve,
};
use hjemrute_travel::Tables;

use crate::best;
use crate::days::{count, report};
use crate::draw::{Kind, day};
use crate::tally::is_pinned;

/// A day with its best plan's score and what is proved of it.
struct Proved {
    problem: Problem,
    best: Score,
    bound: Option<Bound>,
}

impl Proved {
    /// None where the day cannot be meant, or the best plan breaks a pin and nothing is claimed.
    fn of(instance: &Instance, tables: &Tables) -> Option<Proved> {
        let problem = Problem::compile(instance, tables).ok()?;
        let best = best::plan(instance, tables);
        let pinned = |id| instance.visits.iter().any(|visit| visit.id == id && is_pinned(visit));
        if best.unassigned.iter().any(|out| pinned(out.visit.clone())) {
            return None;
        }
        let bound = prove_from(instance, tables, &problem)
            .and_then(|proof| proof.bound(instance, &problem, &best.score));
        Some(Proved { problem, best: best.score, bound })
    }
}

/// From a plan that the search makes in no time.
fn prove_from(instance: &Instance, tables: &Tables, problem: &Problem) -> Option<Proof> {
    let never = std::sync::atomic::AtomicBool::new(false);
    let budget = Budget {
        seed: 1,
        iterations: Some(20),
        deadline: None,
        threads: 1,
        cancelled: &never,
        progress: &|_| {},
    };
    let solution = solve(problem, &budget);
    let score = render(instance, tables, problem, &solution).score;
    prove(
        instance,
        problem,
        &solution,
        &score,
        Effort { work: 1_000_000, stop: &|| false, proved: &|_| {} },
    )
}

fn the_best_plan_costs_no_less(days: u64) {
    let (mut with, mut tight, mut seen) = (0, 0, 0);
    for seed in 0..days {
        let (mut instance, tables) = day(seed, Kind::TINY);
        // Against a published plan nothing is proved.
        instance.published = None;
        let Some(Proved { problem, best, bound }) = Proved::of(&instance, &tables) else {
            continue;
        };
        seen += 1;
        let Some(bound) = bound else { continue };
        let report = || format!("{bound:#?}\n{}", report(seed, &instance, &tables, &[]));
        assert!(bound.total <= best.total, "{} > {}: {}", bound.total.0, best.total.0, report());
        let again = proven(&instance, &problem, &best, &bound);
        assert!(again >= Some(bound.total.0), "{again:?}: {}", report());
        with += 1;
        tight += u32::from(bound.gap(&best) <= 300);
    }
    eprintln!("{with} of {seen} days have a bound, {tight} of them within 3 % of the best plan");
    assert!(with * 2 > seen && tight > 0, "{with} of {seen}, {tight}");
}

#[test]
fn no_plan_of_a_tiny_day_costs_less_than_its_bound() {
    the_best_plan_costs_no_less(count(100));
}

#[test]
#[ignore = "long"]
fn no_plan_of_a_thousand_tiny_days_costs_less_than_its_bound() {
    the_best_plan_costs_no_less(1000);
}

#[test]
fn a_certificate_that_pays_too_much_proves_less() {
    let mut spoilt = 0;
    for seed in 0..20 {
        let (instance, tables) = day(seed, Kind::TINY);
        let Some(Proved { problem, best, bound: Some(mut bound) }) = Proved::of(&instance, &tables)
        else {
            continue;
        };
        for visit in &mut bound.certificate.visits {
            visit.pays.iter_mut().for_each(|price| *price += 1_000_000);
        }
        let again = proven(&instance, &problem, &best, &bound).expect("it is of this day");
        assert!(again <= best.total.0, "{again} > {}", best.total.0);
        bound.certificate.visits.iter_mut().for_each(|visit| visit.pays.clear());
        assert_eq!(proven(&instance, &problem, &best, &bound), None);
        spoilt += 1;
    }
    assert!(spoilt > 5, "{spoilt}");
}
