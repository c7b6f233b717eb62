//! What binds two lists: the carers of a double visit start at the same second and are told of one
//! another, and a visit that follows another keeps its distance.

use std::collections::BTreeSet;

use super::clock::{between, told};
use super::{Breaches, Coming, Reading};
use crate::plan::{Gap, Status, Visit, VisitId};

pub(super) fn check(reading: &Reading, breaches: &mut Breaches) {
    for visit in &reading.instance.visits {
        let comings = reading.comings(&visit.id);
        same_start(visit, comings, breaches);
        told_of_each_other(visit, comings, breaches);
        both_or_neither(reading, visit, breaches);
        if let (Some(gap), Some(coming)) = (&visit.gap, comings.first()) {
            gap_kept(reading, coming, gap, breaches);
        }
    }
}

/// A visit that is of no use without the one that follows it is not made alone.
fn both_or_neither(reading: &Reading, visit: &Visit, breaches: &mut Breaches) {
    let Some(gap) = visit.gap.as_ref().filter(|gap| gap.whole) else { return };
    let planned = visit.status == Status::Planned;
    if planned && !reading.is_done(&visit.id) && reading.is_done(&gap.after) {
        let en = format!("is made, but is of no use without {}, which is not", visit.id);
        let nb = format!("gjøres, men er til ingen nytte uten {}, som ikke gjøres", visit.id);
        breaches.visit("gap-half", &gap.after, en, nb);
    }
}

/// Nobody who makes the one visit makes the other.
fn somebody_else(reading: &Reading, coming: &Coming, before: &VisitId, breaches: &mut Breaches) {
    let visit = &coming.visit.id;
    let firsts: BTreeSet<_> = reading.comings(before).iter().map(|it| &it.carer.id).collect();
    for again in reading.comings(visit).iter().filter(|it| firsts.contains(&it.carer.id)) {
        let en = format!("is to be made by somebody else than {before}");
        let nb = format!("skal gjøres av en annen enn {before}");
        breaches.stop("gap-apart", (visit, &again.carer.id), en, nb);
    }
}

fn same_start(visit: &Visit, comings: &[Coming], breaches: &mut Breaches) {
    let starts = || comings.iter().map(|coming| coming.stop.start);
    if let (Some(first), Some(last)) = (starts().min(), starts().max())
        && first != last
    {
        let apart = told(between(first, last));
        let en = format!("the carers start {apart} apart, at {first} and at {last}");
        let nb = format!("de ansatte starter med {apart} mellomrom, {first} og {last}");
        breaches.visit("together", &visit.id, en, nb);
    }
}

fn told_of_each_other(visit: &Visit, comings: &[Coming], breaches: &mut Breaches) {
    for coming in comings {
        let said: BTreeSet<_> = coming.stop.with.iter().collect();
        let others = comings.iter().map(|other| &other.carer.id);
        let others: BTreeSet<_> = others.filter(|other| **other != coming.carer.id).collect();
        if said != others || said.len() < coming.stop.with.len() {
            let en = "the list does not say who else comes";
            let nb = "lista sier ikke hvem andre som kommer";
            breaches.stop("with-wrong", (&visit.id, &coming.carer.id), en, nb);
        }
    }
}

fn gap_kept(reading: &Reading, coming: &Coming, gap: &Gap, breaches: &mut Breaches) {
    let (visit, before) = (&coming.visit.id, &gap.after);
    let Some(first) = reading.comings(before).first() else {
        let en = format!("the visit is done, but {before}, which must come before it, is not");
        let nb = format!("besøket gjøres, men {before}, som må komme før, gjøres ikke");
        return breaches.visit("gap-without-first", visit, en, nb);
    };
    let apart = between(first.stop.start, coming.stop.start);
    if gap.apart {
        somebody_else(reading, coming, before, breaches);
    }
    if apart < gap.min {
        let (apart, min) = (told(apart), told(gap.min));
        let en = format!("starts {apart} after {before}, but must start at least {min} after it");
        let nb = format!("starter {apart} etter {before}, men skal starte minst {min} etter");
        breaches.visit("gap-min", visit, en, nb);
    }
    if let Some(max) = gap.max.filter(|max| apart > *max) {
        let (apart, max) = (told(apart), told(max));
        let en = format!("starts {apart} after {before}, but must start at most {max} after it");
        let nb = format!("starter {apart} etter {before}, men skal starte høyst {max} etter");
        breaches.visit("gap-max", visit, en, nb);
    }
}
