//! The break: taken once by everybody who is to have one and is sent out, unless it may be missed at a
//! price, whole, and inside its window. Where on the way it may be taken is the walk's business.

use hjemrute_travel::{Seconds, Time};

use super::clock::{between, later, told};
use super::{Breaches, Reading, visit_stops};
use crate::plan::{Break, Carer, CarerRef, Stop, WorkList};
use crate::policy::Policy;

pub(super) fn check(reading: &Reading, breaches: &mut Breaches) {
    for (carer, list) in &reading.lists {
        match &carer.rest {
            Some(rest) => match reading.begun(carer) {
                // What was taken was taken; what is to come may have to wait.
                Some(begun) if begun.rest.is_some() => {
                    once(&reading.instance.policy, (carer, rest), list, breaches)
                }
                Some(begun) => {
                    let latest = rest.latest.max(later(begun.free, rest.length));
                    taken(
                        &reading.instance.policy,
                        (carer, &Break { latest, ..*rest }),
                        list,
                        breaches,
                    );
                }
                None => taken(&reading.instance.policy, (carer, rest), list, breaches),
            },
            None => unasked(carer, list, breaches),
        }
    }
}

fn breaks(list: &WorkList) -> impl Iterator<Item = (Time, Time)> {
    list.stops.iter().filter_map(|stop| match stop {
        Stop::Break { start, leave, .. } => Some((*start, *leave)),
        Stop::Leave { .. } | Stop::Visit(_) | Stop::Key { .. } | Stop::Return { .. } => None,
    })
}

fn taken(
    policy: &Policy,
    (carer, rest): (&Carer, &Break),
    list: &WorkList,
    breaches: &mut Breaches,
) {
    once(policy, (carer, rest), list, breaches);
    for (start, leave) in breaks(list) {
        window(&carer.id, rest, (start, leave), breaches);
        length(&carer.id, rest, between(start, leave), breaches);
    }
}

fn once(
    policy: &Policy,
    (carer, rest): (&Carer, &Break),
    list: &WorkList,
    breaches: &mut Breaches,
) {
    let count = breaks(list).count();
    if count == 0 && policy.missed_break.is_none() && visit_stops(list).next().is_some() {
        let length = told(rest.length);
        let en = format!("the break of {length} is missing");
        breaches.carer("break-missing", &carer.id, en, format!("pausen på {length} mangler"));
    }
    if count > 1 {
        let (en, nb) = (format!("there are {count} breaks"), format!("det er {count} pauser"));
        breaches.carer("break-twice", &carer.id, en, nb);
    }
}

fn window(carer: &CarerRef, rest: &Break, (start, leave): (Time, Time), breaches: &mut Breaches) {
    if start < rest.earliest || leave > rest.latest {
        let Break { earliest, latest, .. } = rest;
        let en = format!("the break from {start} to {leave} is not within {earliest} and {latest}");
        let nb = format!("pausen {start}–{leave} ligger ikke innenfor {earliest}–{latest}");
        breaches.carer("break-window", carer, en, nb);
    }
}

fn length(carer: &CarerRef, rest: &Break, taken: Seconds, breaches: &mut Breaches) {
    if taken != rest.length {
        let (taken, wanted) = (told(taken), told(rest.length));
        let en = format!("the break lasts {taken}, but is to last {wanted}");
        let nb = format!("pausen varer {taken}, men skal vare {wanted}");
        breaches.carer("break-length", carer, en, nb);
    }
}

fn unasked(carer: &Carer, list: &WorkList, breaches: &mut Breaches) {
    if breaks(list).next().is_some() {
        let en = "there is a break, but the carer is to have none";
        let nb = "lista har en pause, men den ansatte skal ikke ha pause";
        breaches.carer("break-unasked", &carer.id, en, nb);
    }
}
