//! Was the patient told that this carer comes? Who else comes has a price for each visit.

use super::{Pair, Verdict};
use crate::plan::{Carer, Instance, Visit};
use crate::score::Cost;

pub(super) fn judge(pair: Pair<'_>) -> Verdict {
    match other_carer(pair.instance, pair.visit, pair.carer) {
        Cost::ZERO => Verdict::Fine,
        cost => Verdict::At(cost),
    }
}

/// What it costs that this carer comes to the visit, by the published plan.
pub(crate) fn other_carer(instance: &Instance, visit: &Visit, carer: &Carer) -> Cost {
    let promise = instance.published.as_ref().and_then(|plan| plan.promises.get(&visit.id));
    match promise {
        Some(promise) if !promise.carers.contains(&carer.id) => instance.policy.other_carer,
        _ => Cost::ZERO,
    }
}
