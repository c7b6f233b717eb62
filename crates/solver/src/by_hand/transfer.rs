//! Visits given to other carers or put elsewhere in the order, on a plan that is in hand: the roster
//! that this comes to. Whether it keeps the rules is told when it is driven.

use hjemrute_travel::Tables;

use super::{Day, Hand, Ordered};
use crate::plan::{CarerRef, Instance, Plan, Roster, Standing, Transfer, VisitId};
use crate::problem::Problem;
use crate::solution::Solution;

/// The roster of the plan after the transfers, each after the one before it.
pub fn transferred(
    instance: &Instance,
    tables: &Tables,
    problem: &Problem,
    (plan, solution): (&Plan, &Solution),
    transfers: &[Transfer],
) -> Roster {
    let day = Day { instance, tables, problem };
    let ordered = Ordered::of(problem);
    let mut roster = Roster::of(plan);
    for transfer in transfers {
        let Transfer { visit, carers, at } = transfer;
        roster.take_off(visit);
        let mut open: Vec<&CarerRef> = Vec::new();
        for carer in carers {
            let list = roster.list_mut(carer);
            let before = match at {
                Standing::Before(next) => list.iter().position(|other| other == next),
                Standing::Last => Some(list.len()),
                Standing::Cheapest => None,
            };
            if before.is_none() {
                open.push(carer);
            }
            let at = before.unwrap_or_else(|| in_order_of_time(instance, plan, list, visit));
            list.insert(at, visit.clone());
        }
        for carer in open {
            settle(&day, &ordered, solution, &mut roster, (carer, visit));
        }
    }
    roster
}

/// Before the first visit of the list that starts later, as the plan has it, than this one may.
fn in_order_of_time(instance: &Instance, plan: &Plan, list: &[VisitId], visit: &VisitId) -> usize {
    let asked = instance.visits.iter().find(|other| other.id == *visit);
    let Some(opens) = asked.and_then(|visit| visit.windows.first()) else { return list.len() };
    let stops = plan.work_lists.iter().flat_map(|list| list.visits());
    let later: Vec<&VisitId> =
        stops.filter(|stop| stop.start > opens.earliest).map(|stop| &stop.visit).collect();
    list.iter().position(|other| later.contains(&other)).unwrap_or(list.len())
}

/// Puts the visit where it costs least on the carer's list; where it stands if it fits nowhere.
fn settle(
    day: &Day<'_>,
    ordered: &Ordered<'_>,
    near: &Solution,
    roster: &mut Roster,
    (carer, visit): (&CarerRef, &VisitId),
) {
    let mut best: Option<(i64, Vec<VisitId>)> = None;
    let list = roster.list_mut(carer).clone();
    let others: Vec<VisitId> = list.iter().filter(|other| *other != visit).cloned().collect();
    for at in 0..=others.len() {
        let mut tried = others.clone();
        tried.insert(at, visit.clone());
        roster.list_mut(carer).clone_from(&tried);
        let Hand { lists, .. } = Hand::of(day, roster);
        let routes = day.tasks(&lists, Some(near));
        let found = routes.and_then(|routes| ordered.glance(&routes, Some(near)));
        if let Some(found) = found
            && best.as_ref().is_none_or(|(least, _)| found.cost < *least)
        {
            best = Some((found.cost, tried));
        }
    }
    *roster.list_mut(carer) = best.map_or(list, |(_, tried)| tried);
}
