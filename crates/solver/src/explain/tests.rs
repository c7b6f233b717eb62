//! Explanations on random days: what is said to let a visit in does, and what another carer is said
//! to come to is a plan that keeps the rules.

use super::*;
use crate::readback::read_back;
use crate::search;
use crate::search::samples::day;
use crate::verify::verify;

/// So many left-out visits are asked about: how many had a change told, and in how many of these
/// the change, made in the names of the day and planned anew, let the visit in.
fn told_and_true(most: usize, seeds: std::ops::Range<u64>) -> (usize, usize, usize) {
    let (mut asked, mut told, mut held) = (0, 0, 0);
    for seed in seeds {
        let (instance, tables) = day(36, 4, seed);
        let problem = Problem::compile(&instance, &tables).expect("a sample day has no faults");
        let solution = search::first(&problem);
        let plan = render(&instance, &tables, &problem, &solution);
        for out in &plan.unassigned {
            if out.reason.code == ReasonCode::Cancelled {
                continue;
            }
            if asked == most {
                return (asked, told, held);
            }
            let of = (&plan, &solution);
            let why = why(&instance, &tables, &problem, of, &out.visit).expect("of the day");
            let Why::LeftOut { reason, fits, would_fit } = why else { panic!("it is left out") };
            assert!(!reason.detail.nb.is_empty() && !reason.detail.en.is_empty());
            asked += 1;
            assert_eq!(reason.code == ReasonCode::RoomLeft, fits.is_some());
            if fits.is_some() {
                (told, held) = (told + 1, held + 1);
                continue;
            }
            let Some(least) = would_fit.first() else { continue };
            told += 1;
            let changed = least.change.made(&instance, &out.visit);
            let anew = Problem::of_sound(&changed, &tables);
            let kept = read_back(&changed, &anew, &plan);
            let asked_anew = Asked::of(&changed, &anew, &out.visit).expect("still of the day");
            let lets_in = asked_anew.fits_in_a_seat(&kept).is_some_and(|fit| {
                let plan = render(&changed, &tables, &anew, &fit);
                let is_in = plan.work_lists.iter().any(|list| list.has(&out.visit));
                is_in && verify(&changed, &tables, &plan).breaches.is_empty()
            });
            held += usize::from(lets_in);
        }
    }
    (asked, told, held)
}

#[test]
fn what_is_said_to_let_a_visit_in_does() {
    let (asked, told, held) = told_and_true(60, 0..30);
    assert!(asked >= 60, "{asked} asked");
    assert!(told * 100 >= asked * 95, "{told} of {asked} told");
    assert_eq!(held, told);
}

#[test]
#[ignore = "long"]
fn what_is_said_to_let_five_thousand_visits_in_does() {
    let (asked, told, held) = told_and_true(5000, 0..4000);
    println!("{asked} asked, {told} told, {held} true");
    assert_eq!(asked, 5000);
    assert!(told * 100 >= asked * 95, "{told} of {asked} told");
    assert!(held * 1000 >= told * 995, "{held} of {told} true");
}

#[test]
fn a_plan_says_of_an_optional_visit_whether_there_is_room_for_it() {
    let (mut room, mut none) = (0, 0);
    for seed in 0..20 {
        let (instance, tables) = day(36, 5, seed);
        let problem = Problem::compile(&instance, &tables).expect("a sample day has no faults");
        let solution = search::first(&problem);
        let mut plan = render(&instance, &tables, &problem, &solution);
        tell_room_left(&instance, &problem, &solution, &mut plan);
        assert_eq!(verify(&instance, &tables, &plan).breaches, []);
        for out in &plan.unassigned {
            let visit = instance.visits.iter().find(|visit| visit.id == out.visit);
            if visit.is_none_or(|visit| visit.criticality != Criticality::Optional) {
                continue;
            }
            let asked = Asked::of(&instance, &problem, &out.visit);
            let fits = asked.and_then(|asked| asked.fits_in_a_seat(&solution)).is_some();
            assert_eq!(out.reason.code == ReasonCode::RoomLeft, fits, "seed {seed} {}", out.visit);
            (room, none) = (room + u32::from(fits), none + u32::from(!fits));
        }
    }
    assert!(room > 0 && none > 0, "{room} with room, {none} without");
}

#[test]
fn every_other_carer_is_told_of_and_what_they_come_to_keeps_the_rules() {
    let (mut plans, mut rules, mut full) = (0, 0, 0);
    for seed in 0..12 {
        let (instance, tables) = day(24, 5, seed);
        let problem = Problem::compile(&instance, &tables).expect("a sample day has no faults");
        let solution = search::first(&problem);
        let plan = render(&instance, &tables, &problem, &solution);
        for visit in instance.visits.iter().step_by(4) {
            let of = (&plan, &solution);
            let Some(Why::Made(others)) = why(&instance, &tables, &problem, of, &visit.id) else {
                continue;
            };
            let makes = plan.work_lists.iter().filter(|list| list.has(&visit.id)).count();
            assert_eq!(others.len() + makes, instance.carers.len());
            for other in others {
                match other.outcome {
                    Outcome::Rule(_) => rules += 1,
                    Outcome::NoRoom => full += 1,
                    Outcome::Plan(told) => {
                        plans += 1;
                        let verdict = verify(&instance, &tables, &told);
                        assert_eq!(
                            verdict.breaches,
                            [],
                            "seed {seed} {} {}",
                            visit.id,
                            other.carer
                        );
                        assert_eq!(verdict.score, told.score);
                        let list = told.work_lists.iter().find(|it| it.carer == other.carer);
                        assert!(list.is_some_and(|list| list.has(&visit.id)));
                    }
                }
            }
        }
    }
    assert!(plans > 20 && rules > 5 && full > 5, "{plans} {rules} {full}");
}
