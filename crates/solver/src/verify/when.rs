//! When a visit starts: its windows, how late it may be, and a pinned start. Looks at one carer's
//! coming to one visit at a time.

use hjemrute_travel::{Seconds, Time};

use super::clock::{forward, told};
use super::{Breaches, Coming, Reading};
use crate::plan::{TimeWindow, Visit};

pub(super) fn check(reading: &Reading, breaches: &mut Breaches) {
    for coming in reading.all_comings() {
        too_early(coming, breaches);
        lateness(reading, coming, breaches);
        pinned_start(coming, breaches);
    }
}

/// How far a start lies behind the end of the latest window that has opened.
pub(super) fn late(visit: &Visit, start: Time) -> Seconds {
    let opened = visit.windows.iter().filter(|window| window.earliest <= start);
    let latest: Option<&TimeWindow> = opened.max_by_key(|window| window.earliest);
    latest.map_or(Seconds::ZERO, |window| forward(window.latest, start))
}

fn too_early(coming: &Coming, breaches: &mut Breaches) {
    let Some(first) = coming.visit.windows.iter().map(|window| window.earliest).min() else {
        return;
    };
    let start = coming.stop.start;
    if start < first {
        let early = told(forward(start, first));
        let en = format!("starts at {start}, {early} before the window opens at {first}");
        let nb = format!("starter {start}, {early} før tidsvinduet åpner {first}");
        breaches.stop("start-too-early", (&coming.visit.id, &coming.carer.id), en, nb);
    }
}

fn lateness(reading: &Reading, coming: &Coming, breaches: &mut Breaches) {
    let names = (&coming.visit.id, &coming.carer.id);
    let late = late(coming.visit, coming.stop.start);
    let limit = reading.instance.policy.late_limit[coming.visit.criticality.index()];
    if late > limit {
        let (late, limit) = (told(late), told(limit));
        let en = format!("starts {late} late, but no more than {limit} is allowed");
        let nb = format!("starter {late} for sent, men høyst {limit} er tillatt");
        breaches.stop("too-late", names, en, nb);
    }
    if coming.stop.late != late {
        let (said, late) = (told(coming.stop.late), told(late));
        let en = format!("said to be {said} late, is {late} late");
        let nb = format!("oppgitt som {said} for sent, er {late} for sent");
        breaches.stop("late-wrong", names, en, nb);
    }
}

fn pinned_start(coming: &Coming, breaches: &mut Breaches) {
    let Some(pinned) = coming.visit.pinned.start else { return };
    let start = coming.stop.start;
    if start != pinned {
        let en = format!("starts at {start}, but is pinned to {pinned}");
        let nb = format!("starter {start}, men er låst til {pinned}");
        breaches.stop("pinned-start", (&coming.visit.id, &coming.carer.id), en, nb);
    }
}
