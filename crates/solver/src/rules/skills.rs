//! Has the carer what the visit asks for, and nothing that it must not have?

use std::collections::BTreeSet;

use super::{Pair, Verdict};
use crate::plan::{Skill, Skills};

pub(super) fn judge(pair: Pair<'_>) -> Verdict {
    let able = has(&pair.carer.skills, &pair.visit.crew[pair.member]);
    if able { Verdict::Fine } else { Verdict::Never }
}

/// Whether these skills are what is wanted.
pub(crate) fn has(skills: &BTreeSet<Skill>, wanted: &Skills) -> bool {
    wanted.all_of.is_subset(skills)
        && (wanted.any_of.is_empty() || !wanted.any_of.is_disjoint(skills))
        && wanted.none_of.is_disjoint(skills)
}
