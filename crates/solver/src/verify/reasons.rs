//! The reasons of the unassigned, where the list and the tables alone prove them true or untrue, and
//! the warning that a late time-critical visit must have. Whether there was room beside other visits
//! is not asked: that would be planning again.

use hjemrute_travel::{Seconds, Time};

use super::clock::{later, leg};
use super::when::late;
use super::who::{can_share_out, has, is_avoided};
use super::{Breaches, Reading};
use crate::plan::{Carer, Criticality, ReasonCode, Status, Visit, VisitId};

pub(super) fn check(reading: &Reading, breaches: &mut Breaches) {
    for (visit, out) in reading.unassigned() {
        let code = out.reason.code;
        let is_cancelled = visit.status == Status::Cancelled;
        let says_cancelled = code == ReasonCode::Cancelled;
        if is_cancelled != says_cancelled || !may_be_said(reading, visit, code) {
            let en = format!("the reason \"{}\" is not true of the visit", code.name());
            let nb = format!("årsaken «{}» stemmer ikke for besøket", code.name());
            breaches.visit("reason-wrong", &visit.id, en, nb);
        }
    }
    for visit in reading.instance.visits.iter().filter(|visit| is_late(reading, visit)) {
        if !is_warned(reading, &visit.id) {
            let en = "a time-critical visit is late and no warning says so";
            let nb = "et tidskritisk besøk er for sent, og ingen advarsel sier det";
            breaches.visit("warning-missing", &visit.id, en, nb);
        }
    }
}

/// Whether the reason can be true: each names what the last carers fall away by, so no crew may be
/// left behind it.
fn may_be_said(reading: &Reading, visit: &Visit, code: ReasonCode) -> bool {
    let carers = &reading.instance.carers;
    let able = |carer: &Carer| visit.crew.iter().any(|wanted| has(carer, wanted));
    let welcome = |carer: &Carer| able(carer) && !is_avoided(visit, carer);
    let there = |carer: &Carer| welcome(carer) && has_way(reading, visit, carer);
    let in_time = |carer: &Carer| there(carer) && has_time(reading, visit, carer);
    let no_crew = |may: &dyn Fn(&Carer) -> bool| !has_crew(visit, carers, may);
    match code {
        ReasonCode::NoCarerOnShift => carers.is_empty(),
        ReasonCode::NoQualifiedCarer => no_crew(&able),
        ReasonCode::OnlyAvoidedCarers => no_crew(&welcome),
        ReasonCode::UnreachableByMode => no_crew(&there),
        ReasonCode::WindowOutsideShifts => no_crew(&in_time),
        ReasonCode::NeedsTwoCarers => {
            visit.carers() > 1 && no_crew(&in_time) || has_no_helper(reading, visit)
        }
        ReasonCode::PredecessorLeftOut => {
            visit.gap.as_ref().is_some_and(|gap| !reading.is_done(&gap.after))
        }
        ReasonCode::Cancelled | ReasonCode::CapacityExhausted | ReasonCode::RoomLeft => true,
    }
}

/// Whether the visit has a part for a helper, and no two of the carers are one for each.
fn has_no_helper(reading: &Reading, visit: &Visit) -> bool {
    let instance = reading.instance;
    let part = instance.visits.iter().find(|part| part.helps.as_ref() == Some(&visit.id));
    let may = |visit: &Visit, carer: &Carer| {
        let able = visit.crew.iter().all(|wanted| has(carer, wanted));
        let pinned = visit.pinned.carer.as_ref().is_none_or(|pinned| *pinned == carer.id);
        able && pinned
            && !is_avoided(visit, carer)
            && has_way(reading, visit, carer)
            && has_time(reading, visit, carer)
    };
    part.is_some_and(|part| {
        let stays = instance.carers.iter().filter(|carer| may(visit, carer));
        let helps: Vec<&Carer> = instance.carers.iter().filter(|it| may(part, it)).collect();
        stays.into_iter().all(|one| helps.iter().all(|other| other.id == one.id))
    })
}

/// Whether some of these carers, a pinned one among them, can share the visit out between them.
fn has_crew(visit: &Visit, carers: &[Carer], may: &dyn Fn(&Carer) -> bool) -> bool {
    let able: Vec<&Carer> = carers.iter().filter(|carer| may(carer)).collect();
    let pinned = visit.pinned.carer.as_ref();
    let fits = |crew: &[&Carer]| {
        can_share_out(&visit.crew, crew)
            && pinned.is_none_or(|pinned| crew.iter().any(|carer| carer.id == *pinned))
    };
    match visit.carers() {
        1 => able.iter().any(|one| fits(&[one])),
        _ => able.iter().enumerate().any(|(row, one)| {
            let mut others = able[row + 1..].iter();
            others.any(|other| fits(&[one, other]))
        }),
    }
}

fn has_way(reading: &Reading, visit: &Visit, carer: &Carer) -> bool {
    let table = reading.tables.get(carer.mode);
    leg(table, carer.start, visit.place).is_some() && leg(table, visit.place, carer.end).is_some()
}

/// Whether the carer, with nothing else to do, could make the visit in one of its windows.
fn has_time(reading: &Reading, visit: &Visit, carer: &Carer) -> bool {
    let table = reading.tables.get(carer.mode);
    let legs = leg(table, carer.start, visit.place).zip(leg(table, visit.place, carer.end));
    let Some((there, home)) = legs else { return false };
    let place = reading.instance.places.get(visit.place.index());
    let away = place.filter(|_| visit.place != carer.start);
    let access = away.map_or(Seconds::ZERO, |place| place.access);
    let published = reading.instance.published.as_ref();
    let frozen = published.map_or(carer.shift_start, |plan| plan.frozen_until);
    let ready = match reading.begun(carer) {
        Some(begun) if begun.home => return false,
        Some(begun) => begun.free.max(frozen),
        None => later(later(carer.shift_start.max(frozen), there.seconds), access),
    };
    let fits = |earliest: Time, latest: Time| {
        let start = visit.pinned.start.unwrap_or(ready.max(earliest));
        let lasts = visit.paces.get(&carer.id).copied().unwrap_or(visit.duration);
        let back = later(later(start, lasts), home.seconds);
        (ready.max(earliest)..=latest).contains(&start)
            && back <= later(carer.shift_end, carer.overtime)
    };
    let limit = reading.instance.policy.late_limit[visit.criticality.index()];
    visit.windows.is_empty() && fits(ready, Time(i32::MAX))
        || visit.windows.iter().any(|it| fits(it.earliest, later(it.latest, limit)))
}

fn is_late(reading: &Reading, visit: &Visit) -> bool {
    let starts = reading.comings(&visit.id).iter().map(|coming| coming.stop.start);
    visit.criticality == Criticality::TimeCritical
        && starts.map(|start| late(visit, start)).any(|late| late > Seconds::ZERO)
}

fn is_warned(reading: &Reading, visit: &VisitId) -> bool {
    let mut warnings = reading.plan.warnings.iter();
    warnings.any(|it| it.code == "time-critical-late" && it.visit.as_ref() == Some(visit))
}
