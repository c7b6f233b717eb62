//! Is this a carer whom the patient must not meet?

use super::{Pair, Verdict};

pub(super) fn judge(pair: Pair<'_>) -> Verdict {
    let avoided =
        pair.visit.continuity.as_ref().is_some_and(|wish| wish.avoid.contains(&pair.carer.id));
    match pair.instance.policy.avoided {
        _ if !avoided => Verdict::Fine,
        Some(price) => Verdict::At(price),
        None => Verdict::Never,
    }
}
