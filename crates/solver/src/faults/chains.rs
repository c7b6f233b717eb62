//! Gaps between visits: each must follow a visit of the list, in no circle, and there must be
//! starts that obey every gap of the chain and every window.

use std::collections::BTreeMap;

use hjemrute_travel::Seconds;

use super::starts::Starts;
use crate::fault::{Fault, Subject};
use crate::plan::{Gap, Instance, Said, Status, Visit, VisitId};

pub(super) fn faults(instance: &Instance) -> Vec<Fault> {
    let visits = &instance.visits;
    let index: BTreeMap<&VisitId, usize> =
        visits.iter().enumerate().map(|(at, visit)| (&visit.id, at)).collect();
    let before: Vec<Option<usize>> =
        visits.iter().map(|visit| index.get(&visit.gap.as_ref()?.after).copied()).collect();
    let order = Order::of(&before);
    let unknown = visits
        .iter()
        .zip(&before)
        .filter(|(visit, before)| visit.gap.is_some() && before.is_none())
        .map(|(visit, _)| unknown_predecessor(visit));
    let circular = order
        .circles
        .iter()
        .flat_map(|circle| circle.iter().map(|&at| in_a_circle(&visits[at], circle.len())));
    unknown.chain(circular).chain(without_room(instance, &before, &order.forward)).collect()
}

/// The visits sorted by what follows what.
struct Order {
    /// Every visit that hangs on no circle, each behind the one it follows.
    forward: Vec<usize>,
    /// Visits that wait for each other in a ring.
    circles: Vec<Vec<usize>>,
}

impl Order {
    fn of(before: &[Option<usize>]) -> Order {
        let mut after = vec![Vec::new(); before.len()];
        for (at, before) in before.iter().enumerate() {
            if let Some(before) = *before {
                after[before].push(at);
            }
        }
        let mut forward: Vec<usize> =
            (0..before.len()).filter(|&at| before[at].is_none()).collect();
        let mut next = 0;
        while let Some(&at) = forward.get(next) {
            forward.extend(&after[at]);
            next += 1;
        }
        let mut seen = vec![false; before.len()];
        forward.iter().for_each(|&at| seen[at] = true);
        let circles = (0..before.len()).filter_map(|at| circle(at, before, &mut seen)).collect();
        Order { forward, circles }
    }
}

/// The ring that the way back from `from` ends in, unless that was seen before.
fn circle(from: usize, before: &[Option<usize>], seen: &mut [bool]) -> Option<Vec<usize>> {
    let mut way = Vec::new();
    let mut at = from;
    while !seen[at] {
        seen[at] = true;
        way.push(at);
        at = before[at]?;
    }
    let begins = way.iter().position(|&member| member == at)?;
    let mut ring = way.split_off(begins);
    ring.sort_unstable();
    Some(ring)
}

/// The visits whose gap and windows leave no start, whatever the chain before them does.
fn without_room(instance: &Instance, before: &[Option<usize>], forward: &[usize]) -> Vec<Fault> {
    let mut faults = Vec::new();
    let mut starts: Vec<Option<Starts>> = vec![None; before.len()];
    for &at in forward {
        let visit = &instance.visits[at];
        let own = own_starts(instance, visit);
        let earlier = before[at].and_then(|before| starts[before].clone());
        let chained = match (&visit.gap, earlier) {
            (Some(gap), Some(earlier)) if visit.status == Status::Planned => {
                own.and(&earlier.later(gap.min, gap.max))
            }
            _ => own.clone(),
        };
        let fits = own.is_empty() || !chained.is_empty();
        if !fits {
            faults.extend(visit.gap.as_ref().map(|gap| no_room(visit, gap)));
        }
        // A chain that is broken here is told once, and judged afresh from here on; what has no
        // start at all is told elsewhere, and says nothing of those that follow.
        starts[at] = Some(if fits { chained } else { own }).filter(|starts| !starts.is_empty());
    }
    faults
}

/// When the visit may start, looked at alone; the pin counts.
fn own_starts(instance: &Instance, visit: &Visit) -> Starts {
    let starts = Starts::of(instance, visit);
    visit.pinned.start.map_or(starts.clone(), |start| starts.within(start, start))
}

fn fault(visit: &Visit, code: &'static str, field: &'static str, detail: Said, fix: Said) -> Fault {
    Fault { code, subject: Subject::Visit(visit.id.clone()), field, detail, fix }
}

fn unknown_predecessor(visit: &Visit) -> Fault {
    fault(
        visit,
        "unknown-reference",
        "gap/after",
        Said::new(
            "The visit that it must follow is not on the list.",
            "Besøket det skal følge, står ikke på listen.",
        ),
        Said::new(
            "Write the id of a visit of the list, or take the gap away.",
            "Skriv id-en til et besøk på listen, eller fjern kravet.",
        ),
    )
}

fn in_a_circle(visit: &Visit, visits: usize) -> Fault {
    fault(
        visit,
        "impossible-dependency",
        "gap",
        Said::new(
            format!("It waits for itself: {visits} visits follow each other in a circle."),
            format!("Det venter på seg selv: {visits} besøk følger hverandre i ring."),
        ),
        Said::new("Take one gap of the circle away.", "Fjern ett av kravene i ringen."),
    )
}

fn no_room(visit: &Visit, gap: &Gap) -> Fault {
    let Gap { after, min, max, .. } = gap;
    // Lists count in minutes; a day that does not is told to the nearest one.
    let minutes = |seconds: Seconds| (seconds.0 + 30) / 60;
    let (most_en, most_nb) = max.map_or((String::new(), String::new()), |max| {
        (format!(" and at most {}", minutes(max)), format!(" og høyst {}", minutes(max)))
    });
    let least = minutes(*min);
    fault(
        visit,
        "impossible-dependency",
        "gap",
        Said::new(
            format!(
                "There is no start in its windows at least {least}{most_en} minutes after a start of {after}, even when both are as late as they may be."
            ),
            format!(
                "Ingen start i vinduene ligger minst {least}{most_nb} minutter etter en start av {after}, selv om begge er så sene som de kan."
            ),
        ),
        Said::new(
            "Change the gap or one of the windows.",
            "Endre avstanden eller ett av vinduene.",
        ),
    )
}

#[cfg(test)]
mod tests {
    use hjemrute_travel::Time;

    use super::super::tests::{day, told, visit};
    use super::*;

    fn after(id: &str, min: i32, max: Option<i32>) -> Option<Gap> {
        Some(Gap {
            after: id.into(),
            min: Seconds::minutes(min),
            max: max.map(Seconds::minutes),
            apart: false,
            whole: false,
        })
    }

    #[test]
    fn a_circle_is_told_of_each_of_its_visits_and_of_no_other() {
        let mut day = day();
        day.visits.extend([visit("v3"), visit("v4")]);
        day.visits[0].gap = after("v2", 0, None);
        day.visits[1].gap = after("v1", 0, None);
        day.visits[2].gap = after("v2", 0, None);
        day.visits[3].gap = after("v4", 0, None);
        assert_eq!(told(&day), [("impossible-dependency", "gap"); 3]);
    }

    #[test]
    fn a_gap_that_no_clock_can_satisfy_is_a_fault() {
        // Both may start from 08:00 to 11:00 (the window, and two hours late).
        let mut day = day();
        day.visits[1].gap = after("v1", 180, None);
        assert_eq!(told(&day), []);
        day.visits[1].gap = after("v1", 181, None);
        assert_eq!(told(&day), [("impossible-dependency", "gap")]);
        day.visits[1].gap = after("v1", 60, Some(30));
        assert_eq!(told(&day), [("impossible-dependency", "gap")]);
        day.visits[1].gap = after("v9", 0, None);
        assert_eq!(told(&day), [("unknown-reference", "gap/after")]);
    }

    #[test]
    fn a_chain_is_followed_to_its_end_and_a_pin_counts() {
        let mut day = day();
        day.visits.push(visit("v3"));
        day.visits[1].gap = after("v1", 100, None);
        day.visits[2].gap = after("v2", 100, None);
        assert_eq!(told(&day), [("impossible-dependency", "gap")], "08:00, 09:40, 11:20");
        day.visits[2].gap = after("v2", 60, None);
        assert_eq!(told(&day), []);
        day.visits[0].pinned.start = Some(Time::at(8, 30));
        assert_eq!(told(&day), [("impossible-dependency", "gap")], "08:30, 10:10, 11:10");
    }

    #[test]
    fn visits_without_windows_have_the_hours_of_the_carers() {
        let mut day = day();
        day.visits.iter_mut().for_each(|visit| visit.windows.clear());
        day.visits[1].gap = after("v1", 8 * 60, None);
        assert_eq!(told(&day), [("impossible-dependency", "gap")]);
        day.carers.clear();
        assert_eq!(told(&day), []);
    }
}
