//! Every best plan of a random tiny day is clean under `verify`, with the same score.

use hjemrute_solver::{Instance, Stop, VisitId, WorkList, notation, verify};
use hjemrute_travel::Tables;

use crate::best;
use crate::draw::{Kind, day};

/// How many days are tried: `HJEMRUTE_ORACLE_DAYS`, or so many as a test run has time for.
pub(crate) fn count(usually: u64) -> u64 {
    let asked = std::env::var("HJEMRUTE_ORACLE_DAYS").ok();
    asked.and_then(|count| count.parse().ok()).unwrap_or(usually)
}

/// The day and what was answered, for a bug report.
pub(crate) fn report(
    seed: u64,
    instance: &Instance,
    tables: &Tables,
    plans: &[&hjemrute_solver::Plan],
) -> String {
    let lists: Vec<String> = plans.iter().map(|plan| notation::lists(instance, plan)).collect();
    format!("seed {seed}\n{}\n{}", notation::print(instance, tables), lists.join("\n---\n"))
}

#[test]
fn the_best_plan_is_clean_and_costs_what_verify_says() {
    for seed in 0..count(300) {
        let (instance, tables) = day(seed, Kind::TINY);
        let plan = best::plan(&instance, &tables);
        let verdict = verify(&instance, &tables, &plan);
        let report = || report(seed, &instance, &tables, &[&plan]);
        assert!(verdict.breaches.is_empty(), "{:#?}\n{}", verdict.breaches, report());
        assert_eq!(verdict.score, plan.score, "{}", report());
    }
}

#[test]
fn a_drawn_day_reads_back_from_the_notation() {
    for seed in 0..100 {
        let (instance, tables) = day(seed, Kind::TINY);
        let text = notation::print(&instance, &tables);
        let (again, tables_again) = notation::parse(&text).unwrap();
        assert_eq!(again, instance, "{text}");
        assert_eq!(notation::print(&again, &tables_again), text);
    }
}

/// What the drawn days show between them, so that no rule goes untried.
#[test]
fn the_days_show_everything() {
    let mut shown = std::collections::BTreeMap::new();
    let mut show = |what, is: bool| *shown.entry(what).or_insert(0) += u32::from(is);
    for seed in 0..400 {
        let (instance, tables) = day(seed, Kind::TINY);
        let plan = best::plan(&instance, &tables);
        let parts = plan.score.parts;
        let stops = || plan.work_lists.iter().flat_map(|list| &list.stops);
        let visits = || {
            stops().filter_map(|stop| match stop {
                Stop::Visit(stop) => {
                    Some((stop, instance.visits.iter().find(|visit| visit.id == stop.visit)?))
                }
                _ => None,
            })
        };
        let done = |visit: &VisitId| visits().any(|(stop, _)| stop.visit == *visit);
        show("a visit", visits().count() > 0);
        show("five stops", visits().count() >= 5);
        show("left out", !plan.unassigned.is_empty());
        show("everything done", plan.unassigned.is_empty());
        show("double", visits().any(|(stop, _)| !stop.with.is_empty()));
        show("gap", visits().any(|(_, visit)| visit.gap.is_some()));
        show(
            "gap across",
            visits().any(|(_, visit)| {
                visit.gap.as_ref().is_some_and(|gap| {
                    plan.work_lists.iter().any(|list| on(list, &visit.id) && !on(list, &gap.after))
                })
            }),
        );
        show(
            "left out after a left out",
            instance.visits.iter().any(|visit| {
                !done(&visit.id) && visit.gap.as_ref().is_some_and(|gap| !done(&gap.after))
            }),
        );
        show(
            "second window",
            visits().any(|(stop, visit)| {
                visit.windows.len() > 1 && stop.start >= visit.windows[1].earliest
            }),
        );
        show("time-critical late", plan.score.time_critical_late.0 > 0);
        show("late", parts.late.0 > 0);
        show("overtime", parts.overtime.0 > 0);
        show("waiting", parts.waiting.0 > 0);
        show("continuity", parts.continuity.0 > 0);
        show("changes", parts.changes.0 > 0);
        show("own minutes", {
            let lists = plan.work_lists.iter();
            lists.flat_map(|list| list.visits().map(move |stop| (list, stop))).any(
                |(list, stop)| {
                    let visit = instance.visits.iter().find(|visit| visit.id == stop.visit);
                    visit.is_some_and(|visit| visit.paces.contains_key(&list.carer))
                },
            )
        });
        show("preferred", visits().any(|(_, visit)| visit.preferred.is_some()));
        show("preferred missed", parts.preferred.0 > 0);
        show("helper", visits().any(|(_, visit)| visit.helps.is_some()));
        show("pinned carer", visits().any(|(_, visit)| visit.pinned.carer.is_some()));
        show("pinned start", visits().any(|(_, visit)| visit.pinned.start.is_some()));
        for list in &plan.work_lists {
            let at = list.stops.iter().position(|stop| matches!(stop, Stop::Break { .. }));
            show("break first", at == Some(0));
            show("break last", at == Some(list.stops.len().wrapping_sub(1)));
            show("break between", at.is_some_and(|at| at > 1 && at + 2 < list.stops.len()));
            show("three on a list", list.stops.len() >= 5);
            let key = |stop: &Stop| matches!(stop, Stop::Key { .. });
            show("key fetched or brought back", list.stops.iter().any(key));
            show("key both", list.stops.iter().filter(|stop| key(stop)).count() > 1);
            show("break at its own place", at.is_some_and(|at| away(&instance, list, at)));
        }
    }
    assert!(shown.values().all(|count| *count >= 5), "{shown:#?}");
}

/// Whether the break at that position is at a place where nobody is visited before or after.
fn away(instance: &Instance, list: &WorkList, at: usize) -> bool {
    let carer = instance.carers.iter().find(|carer| carer.id == list.carer);
    let own = carer.and_then(|carer| carer.rest?.place);
    let between = at > 0 && at + 1 < list.stops.len();
    between
        && matches!(list.stops[at], Stop::Break { place, travel, .. } if own == Some(place) && travel.seconds.0 > 0)
}

fn on(list: &WorkList, visit: &VisitId) -> bool {
    list.stops.iter().any(|stop| matches!(stop, Stop::Visit(stop) if stop.visit == *visit))
}
