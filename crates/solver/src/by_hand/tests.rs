//! What is driven by hand, on random days with every rule in them.

use super::*;
use crate::search::samples::day;
use crate::{Standing, Transfer, search};

/// The roster's lists with a carer each, in the day's order.
fn lists(plan: &Plan) -> Vec<Vec<VisitId>> {
    let ids = |list: &crate::plan::WorkList| list.visits().map(|stop| stop.visit.clone()).collect();
    plan.work_lists.iter().map(ids).collect()
}

#[test]
fn a_plan_driven_as_it_is_is_the_plan() {
    for seed in 0..40 {
        let (instance, tables) = day(40, 7, seed);
        let problem = Problem::compile(&instance, &tables).expect("a sample day has no faults");
        let solution = search::first(&problem);
        let plan = render(&instance, &tables, &problem, &solution);
        let driven = drive(&instance, &tables, &problem, &Roster::of(&plan), Some(&solution));
        assert_eq!(driven.breaches, [], "seed {seed}");
        assert_eq!(driven.plan, plan, "seed {seed}");
    }
}

#[test]
fn an_order_that_can_be_kept_is_kept_though_nobody_says_when() {
    let mut kept = 0;
    for seed in 0..40 {
        let (instance, tables) = day(30, 6, seed);
        let problem = Problem::compile(&instance, &tables).expect("a sample day has no faults");
        let plan = render(&instance, &tables, &problem, &search::first(&problem));
        let driven = drive(&instance, &tables, &problem, &Roster::of(&plan), None);
        assert_eq!(lists(&driven.plan), lists(&plan));
        kept += u32::from(driven.breaches.is_empty());
    }
    assert!(kept >= 34, "{kept} of 40");
}

#[test]
fn any_order_is_driven_and_what_it_breaks_is_told() {
    for seed in 0..60 {
        let (instance, tables) = day(24, 5, seed);
        let problem = Problem::compile(&instance, &tables).expect("a sample day has no faults");
        let mut drawn = seed;
        let mut below = |most: u64| {
            drawn = drawn
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            ((drawn >> 33) % most) as usize
        };
        let mut roster = Roster::default();
        for carer in &instance.carers {
            let visits: Vec<_> =
                (0..below(9)).map(|_| instance.visits[below(24)].id.clone()).collect();
            roster.lists.push((carer.id.clone(), visits));
        }
        let driven = drive(&instance, &tables, &problem, &roster, None);
        let asked: Vec<_> = roster.lists.iter().map(|(_, visits)| visits.clone()).collect();
        assert_eq!(lists(&driven.plan), asked, "seed {seed}");
        let verdict = verify(&instance, &tables, &driven.plan);
        assert_eq!(driven.breaches, verdict.breaches);
        assert_eq!(driven.plan.score, verdict.score);
        let times = ["arithmetic", "arrive", "leave", "travel", "wait", "with", "score", "span"];
        for breach in &driven.breaches {
            let is_of_times = times.iter().any(|word| breach.rule.starts_with(word));
            assert!(!is_of_times, "seed {seed}: {breach:?}");
        }
    }
}

#[test]
fn strangers_are_told_and_nothing_else_is_lost() {
    let (instance, tables) = day(12, 3, 1);
    let problem = Problem::compile(&instance, &tables).expect("a sample day has no faults");
    let plan = render(&instance, &tables, &problem, &search::first(&problem));
    let mut roster = Roster::of(&plan);
    roster.lists[0].1.push("v99".into());
    roster.lists.push(("c99".into(), vec![instance.visits[0].id.clone()]));
    let driven = drive(&instance, &tables, &problem, &roster, None);
    let rules: Vec<&str> = driven.breaches.iter().map(|breach| breach.rule).collect();
    assert!(rules.contains(&"visit-unknown") && rules.contains(&"carer-unknown"), "{rules:?}");
    assert_eq!(lists(&driven.plan), lists(&plan));
}

#[test]
fn a_visit_is_moved_to_where_it_is_told() {
    for seed in 0..20 {
        let (instance, tables) = day(24, 5, seed);
        let problem = Problem::compile(&instance, &tables).expect("a sample day has no faults");
        let solution = search::first(&problem);
        let plan = render(&instance, &tables, &problem, &solution);
        let Some(from) = plan.work_lists.iter().find(|list| list.visits().count() > 1) else {
            continue;
        };
        let visit = from.visits().next().expect("it has some").visit.clone();
        let to = plan.work_lists.iter().find(|list| list.carer != from.carer && !list.has(&visit));
        let to = to.expect("there are five").carer.clone();
        let moved = |at: Standing| {
            let transfer = Transfer { visit: visit.clone(), carers: vec![to.clone()], at };
            let now = (&plan, &solution);
            transferred(&instance, &tables, &problem, now, &[transfer])
        };
        let last = moved(Standing::Last);
        let list = |roster: &Roster| {
            let found = roster.lists.iter().find(|(carer, _)| *carer == to);
            found.expect("a list each").1.clone()
        };
        assert_eq!(list(&last).last(), Some(&visit));
        assert!(last.lists.iter().filter(|(_, visits)| visits.contains(&visit)).count() == 1);
        let cheapest = moved(Standing::Cheapest);
        assert!(list(&cheapest).contains(&visit));
        let score = |roster: &Roster| {
            let driven = drive(&instance, &tables, &problem, roster, Some(&solution));
            (driven.breaches.len(), driven.plan.score)
        };
        let (least, told) = (score(&cheapest), score(&last));
        assert!(least.0 > 0 || told.0 > 0 || least.1 <= told.1, "seed {seed}");
    }
}
