//! Right plans made wrong in every way we can think of: each must be named, by its own rule. Most
//! are wrong in one point only (`Alone`), and then nothing else may be named. Either the plan is
//! changed or, where that would disturb more than the point, what was asked.

mod case;
mod changes;

use std::collections::BTreeMap;

use hjemrute_solver::{Criticality, verify};
use hjemrute_travel::Seconds;

use crate::scribe;
use case::Case;
use changes::{CHANGES, Reach::Wide};

#[test]
fn every_wrong_plan_is_named_by_its_rule() {
    let mut tried: BTreeMap<&str, u32> = BTreeMap::new();
    for seed in 0..crate::days::count(400) {
        let right = Case::new(seed);
        for (what, rule, reach, change) in CHANGES {
            let mut case = right.clone();
            if change(&mut case).is_none() {
                continue;
            }
            if *rule != "score-wrong" {
                case.plan.score = verify(&case.instance, &case.tables, &case.plan).score;
            }
            let verdict = verify(&case.instance, &case.tables, &case.plan);
            let named: Vec<&str> = verdict.breaches.iter().map(|breach| breach.rule).collect();
            let is_named =
                named.contains(rule) && (*reach == Wide || named.iter().all(|other| other == rule));
            assert!(is_named, "seed {seed}, {what}: {rule} should be named, not {named:?}");
            *tried.entry(what).or_default() += 1;
        }
    }
    assert_eq!(tried.len(), CHANGES.len(), "each was tried: {tried:?}");
    assert!(tried.values().all(|count| *count >= 4), "{tried:#?}");
    assert!(CHANGES.len() >= 25);
}

#[test]
fn no_plan_however_absurd_makes_it_panic() {
    for seed in 0..crate::days::count(400) {
        let mut case = Case::new(seed);
        for _ in 0..case.dice.between(1, 12) {
            case.scramble();
        }
        let verdict = verify(&case.instance, &case.tables, &case.plan);
        for breach in verdict.breaches {
            assert!(!breach.detail.en.is_empty() && !breach.detail.nb.is_empty());
        }
    }
}

#[test]
fn only_time_critical_visits_are_warned_of() {
    let late = |case: &Case, visit: usize| {
        let start = case.start(visit);
        scribe::late(&case.instance.visits[visit], start) > Seconds(0)
    };
    let case = (0..).map(Case::new).find(|case| {
        let done =
            |visit: &usize| case.routes.iter().any(|it| it.visits.iter().any(|s| s.0 == *visit));
        let others =
            |visit: &usize| case.instance.visits[*visit].criticality != Criticality::TimeCritical;
        (0..case.instance.visits.len()).filter(done).filter(others).any(|visit| late(case, visit))
    });
    let mut case = case.expect("some day has a late visit");
    case.plan.warnings.clear();
    let verdict = verify(&case.instance, &case.tables, &case.plan);
    let named = verdict.breaches.iter().filter(|breach| breach.rule == "warning-missing");
    assert_eq!(named.count(), usize::from(case.plan.score.time_critical_late > Seconds(0)));
}
