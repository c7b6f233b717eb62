//! Has the carer what the visit asks for, and nothing that it must not have?

use super::{Pair, Verdict};

pub(super) fn judge(pair: Pair<'_>) -> Verdict {
    let wanted = &pair.visit.crew[pair.member];
    let has = &pair.carer.skills;
    let able = wanted.all_of.is_subset(has)
        && (wanted.any_of.is_empty() || !wanted.any_of.is_disjoint(has))
        && wanted.none_of.is_disjoint(has);
    if able { Verdict::Fine } else { Verdict::Never }
}
