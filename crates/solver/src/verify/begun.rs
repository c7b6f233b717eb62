//! What has begun stays where and when it is, and what has not begins no earlier than what is frozen
//! ends. Facts outrank rules: what a visit that has begun breaks is no breach of the plan.

use std::collections::BTreeMap;

use hjemrute_travel::Time;

use super::{Breach, Breaches, Reading, visit_stops, visits_among};
use crate::plan::{Begun, Published, Stop, WorkList};

/// What is asked of who comes and when, and cannot be asked of what has been.
const OF_RULES: [&str; 13] = [
    "skills",
    "avoid",
    "no-way",
    "pinned-carer",
    "pinned-start",
    "start-too-early",
    "too-late",
    "gap-without-first",
    "gap-min",
    "gap-max",
    "gap-apart",
    "gap-half",
    "key-missing",
];

pub(super) fn check(reading: &Reading, breaches: &mut Breaches) {
    let Some(published) = &reading.instance.published else { return };
    breaches.found.retain(|breach| !is_excused(published, breach));
    let lists: BTreeMap<_, _> =
        reading.lists.iter().map(|(carer, list)| (&carer.id, list)).collect();
    for (carer, begun) in &published.begun {
        if lists.get(carer).is_none_or(|list| !keeps(begun, list)) {
            let en = "what has begun is not where or when it was";
            breaches.carer(
                "begun-changed",
                carer,
                en,
                "det som er begynt, er flyttet eller endret",
            );
        }
    }
    for (carer, list) in &reading.lists {
        let begun = published.begun.get(&carer.id);
        if !waits(published.frozen_until, begun, list) {
            let until = published.frozen_until;
            let en = format!("something new begins before {until}, when the day is still frozen");
            let nb = format!("noe nytt begynner før {until}, mens dagen fortsatt ligger fast");
            breaches.carer("before-frozen", &carer.id, en, nb);
        }
        if begun.is_some_and(|begun| begun.home && visit_stops(list).count() > begun.stops.len()) {
            let en = "the carer is on the way home and gets another visit";
            breaches.carer(
                "home-sent-out",
                &carer.id,
                en,
                "den ansatte er på vei hjem og får et nytt besøk",
            );
        }
    }
}

/// Whether the breach is of a visit that has begun; of a whole visit, where nobody new comes to it.
fn is_excused(published: &Published, breach: &Breach) -> bool {
    let Some(visit) = breach.visit.as_ref().filter(|_| OF_RULES.contains(&breach.rule)) else {
        return false;
    };
    match &breach.carer {
        Some(carer) => published.has_begun(carer, visit),
        None => published.begun_start(visit).is_some(),
    }
}

/// Whether the list begins as the day has.
fn keeps(begun: &Begun, list: &WorkList) -> bool {
    let left = list.stops.iter().find_map(|stop| match stop {
        Stop::Leave { leave, .. } => Some(*leave),
        Stop::Visit(_) | Stop::Key { .. } | Stop::Break { .. } | Stop::Return { .. } => None,
    });
    let stops = visit_stops(list).map(|stop| (&stop.visit, stop.start));
    let same = begun.stops.iter().map(|(visit, start)| (visit, *start));
    let rested = begun.rest.is_none_or(|rest| {
        let before = |at: &usize| matches!(&list.stops[*at], Stop::Break { start, .. } if *start == rest.start);
        let at = (0..list.stops.len()).find(before);
        at.is_some_and(|at| visits_among(&list.stops[..at]).count() == rest.before)
    });
    if begun.stops.is_empty() {
        return rested || list.stops.is_empty();
    }
    left == Some(begun.leave)
        && stops.take(begun.stops.len()).eq(same)
        && rested
        && has_fetched(begun, list)
}

/// Whether the list goes where its carer has been for keys, and only behind that elsewhere.
fn has_fetched(begun: &Begun, list: &WorkList) -> bool {
    let mut visits = 0;
    let mut keys = Vec::new();
    for stop in &list.stops {
        match stop {
            Stop::Visit(_) => visits += 1,
            Stop::Key { place, .. } => keys.push((visits, *place)),
            Stop::Leave { .. } | Stop::Break { .. } | Stop::Return { .. } => {}
        }
    }
    let new = keys.get(begun.keys.len()..).unwrap_or_default();
    keys.starts_with(&begun.keys) && new.iter().all(|(before, _)| *before >= begun.stops.len())
}

/// Whether everything that has not begun begins late enough.
fn waits(frozen: Time, begun: Option<&Begun>, list: &WorkList) -> bool {
    let stops = begun.map_or(0, |begun| begun.stops.len());
    let rested = begun.is_some_and(|begun| begun.rest.is_some());
    let new = visit_stops(list).skip(stops).all(|stop| stop.start >= frozen);
    let rest = rested
        || list.stops.iter().all(|stop| match stop {
            Stop::Break { start, .. } => *start >= frozen,
            Stop::Leave { .. } | Stop::Visit(_) | Stop::Key { .. } | Stop::Return { .. } => true,
        });
    let leaves = stops > 0
        || list.stops.iter().all(|stop| match stop {
            Stop::Leave { leave, .. } => *leave >= frozen,
            Stop::Visit(_) | Stop::Key { .. } | Stop::Break { .. } | Stop::Return { .. } => true,
        });
    new && rest && leaves
}
