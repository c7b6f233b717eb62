//! Who may come to a visit: skills, people who must not meet, a way there and home, and a pinned
//! carer. Times are not asked here.

use super::clock::leg;
use super::{Breaches, Coming, Reading};
use crate::plan::{Carer, Skill, Skills, Visit};

pub(super) fn check(reading: &Reading, breaches: &mut Breaches) {
    for visit in &reading.instance.visits {
        let comings = reading.comings(&visit.id);
        if comings.is_empty() {
            continue;
        }
        if reading.instance.policy.unskilled.is_none() || visit.carers() > 1 {
            skills(visit, comings, breaches);
        }
        pinned_carer(visit, comings, breaches);
        for coming in comings {
            if reading.instance.policy.avoided.is_none() {
                avoided(coming, breaches);
            }
            way(reading, coming, breaches);
        }
    }
}

/// Whether the carer has what a crew member must have.
pub(super) fn has(carer: &Carer, wanted: &Skills) -> bool {
    let able = |skill: &Skill| carer.skills.contains(skill);
    wanted.all_of.iter().all(able)
        && (wanted.any_of.is_empty() || wanted.any_of.iter().any(able))
        && !wanted.none_of.iter().any(able)
}

/// There is an order of the carers in which each has the skills of one crew member.
fn skills(visit: &Visit, comings: &[Coming], breaches: &mut Breaches) {
    let carers: Vec<&Carer> = comings.iter().map(|coming| coming.carer).collect();
    if can_share_out(&visit.crew, &carers) {
        return;
    }
    let able = |coming: &&Coming| visit.crew.iter().any(|wanted| has(coming.carer, wanted));
    let mut unable = comings.iter().filter(|coming| !able(coming)).peekable();
    if unable.peek().is_none() {
        let en = "the carers cannot share the skills that the visit asks for between them";
        let nb = "de ansatte dekker ikke til sammen den kompetansen besøket krever";
        breaches.visit("skills", &visit.id, en, nb);
    }
    for coming in unable {
        let en = format!("the carer does not have the skills: {}", wanted(visit, " or "));
        let nb = format!("den ansatte har ikke kompetansen: {}", wanted(visit, " eller "));
        breaches.stop("skills", (&visit.id, &coming.carer.id), en, nb);
    }
}

/// Whether each carer can be given a crew member's part of their own. Too many or too few carers
/// are named elsewhere: here as many parts are shared out as there are carers for.
pub(super) fn can_share_out(crew: &[Skills], carers: &[&Carer]) -> bool {
    let mut taken: Vec<Option<usize>> = vec![None; crew.len()];
    let sharing = carers.len().min(crew.len());
    let placed = (0..carers.len())
        .filter(|carer| place(*carer, crew, carers, &mut taken, &mut vec![false; crew.len()]))
        .count();
    placed == sharing
}

/// Finds a part for one carer, moving others to other parts where that helps (Kuhn 1955).
fn place(
    carer: usize,
    crew: &[Skills],
    carers: &[&Carer],
    taken: &mut [Option<usize>],
    tried: &mut [bool],
) -> bool {
    for (part, wanted) in crew.iter().enumerate() {
        if tried[part] || !has(carers[carer], wanted) {
            continue;
        }
        tried[part] = true;
        if taken[part].is_none_or(|other| place(other, crew, carers, taken, tried)) {
            taken[part] = Some(carer);
            return true;
        }
    }
    false
}

/// The skills of each crew member, told once where they are alike.
fn wanted(visit: &Visit, or: &str) -> String {
    let mut told: Vec<String> = visit.crew.iter().map(one_set).collect();
    told.dedup();
    told.join(or)
}

fn one_set(skills: &Skills) -> String {
    let list = |skills: &std::collections::BTreeSet<Skill>, mark: &str, between: &str| {
        let words: Vec<String> = skills.iter().map(|skill| format!("{mark}{skill}")).collect();
        (!words.is_empty()).then(|| words.join(between))
    };
    let parts = [
        list(&skills.all_of, "", " + "),
        list(&skills.any_of, "", " / "),
        list(&skills.none_of, "!", " "),
    ];
    parts.into_iter().flatten().collect::<Vec<_>>().join(", ")
}

fn pinned_carer(visit: &Visit, comings: &[Coming], breaches: &mut Breaches) {
    let Some(pinned) = &visit.pinned.carer else { return };
    if comings.iter().all(|coming| coming.carer.id != *pinned) {
        let en = format!("the visit is pinned to {pinned}, who does not come");
        let nb = format!("besøket er låst til {pinned}, som ikke kommer");
        breaches.visit("pinned-carer", &visit.id, en, nb);
    }
}

/// Whether the patient must not meet the carer.
pub(super) fn is_avoided(visit: &Visit, carer: &Carer) -> bool {
    visit.continuity.as_ref().is_some_and(|wish| wish.avoid.contains(&carer.id))
}

fn avoided(coming: &Coming, breaches: &mut Breaches) {
    if is_avoided(coming.visit, coming.carer) {
        let (en, nb) = ("this carer must not be sent", "denne ansatte skal ikke sendes hit");
        breaches.stop("avoid", (&coming.visit.id, &coming.carer.id), en, nb);
    }
}

/// From the carer's start to the place and from there to the carer's end, by the carer's mode.
fn way(reading: &Reading, coming: &Coming, breaches: &mut Breaches) {
    let Coming { visit, carer, .. } = coming;
    let table = reading.tables.get(carer.mode);
    let there = leg(table, carer.start, visit.place).is_some();
    let home = leg(table, visit.place, carer.end).is_some();
    if !(there && home) {
        let en = format!("no way there and home by {}", carer.mode);
        let nb = format!("ingen vei dit og hjem med reisemåten «{}»", carer.mode);
        breaches.stop("no-way", (&visit.id, &carer.id), en, nb);
    }
}
