//! Has the carer what the visit asks for, and nothing that it must not have?

use std::collections::BTreeSet;

use super::{Pair, Verdict};
use crate::plan::{Skill, Skills};

pub(super) fn judge(pair: Pair<'_>) -> Verdict {
    let able = has(&pair.carer.skills, &pair.visit.crew[pair.member]);
    match pair.instance.policy.unskilled {
        _ if able => Verdict::Fine,
        Some(price) if pair.visit.carers() == 1 => Verdict::At(price),
        _ => Verdict::Never,
    }
}

/// Whether these skills are what is wanted.
pub(crate) fn has(skills: &BTreeSet<Skill>, wanted: &Skills) -> bool {
    wanted.all_of.is_subset(skills)
        && (wanted.any_of.is_empty() || !wanted.any_of.is_disjoint(skills))
        && wanted.none_of.is_disjoint(skills)
}
