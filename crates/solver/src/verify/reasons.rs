//! The reasons of the unassigned, where the list alone proves them true or untrue, and the warning
//! that a late time-critical visit must have. Whether there was room is not asked: that would be
//! planning again.

use hjemrute_travel::Seconds;

use super::when::late;
use super::who::has;
use super::{Breaches, Reading};
use crate::plan::{Criticality, ReasonCode, Status, Visit, VisitId};

pub(super) fn check(reading: &Reading, breaches: &mut Breaches) {
    for (visit, out) in reading.unassigned() {
        let code = out.reason.code;
        if !may_be_said(reading, visit, code) {
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

/// Whether the reason can be true. A visit is cancelled if and only if the reason says so.
fn may_be_said(reading: &Reading, visit: &Visit, code: ReasonCode) -> bool {
    let cancelled = visit.status == Status::Cancelled;
    let carers = &reading.instance.carers;
    cancelled == (code == ReasonCode::Cancelled)
        && match code {
            ReasonCode::NoCarerOnShift => carers.is_empty(),
            ReasonCode::NoQualifiedCarer => {
                visit.crew.iter().any(|wanted| !carers.iter().any(|carer| has(carer, wanted)))
            }
            ReasonCode::NeedsTwoCarers => visit.carers() > 1,
            ReasonCode::PredecessorLeftOut => {
                visit.gap.as_ref().is_some_and(|gap| !reading.is_done(&gap.after))
            }
            ReasonCode::OnlyAvoidedCarers => {
                visit.continuity.as_ref().is_some_and(|wish| !wish.avoid.is_empty())
            }
            ReasonCode::WindowOutsideShifts => {
                !visit.windows.is_empty() || visit.pinned.start.is_some()
            }
            ReasonCode::Cancelled
            | ReasonCode::UnreachableByMode
            | ReasonCode::CapacityExhausted => true,
        }
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
