//! Is the visit pinned to somebody else? Where two come, one of them is the pinned one.

use super::{Pair, Verdict, skills};
use crate::plan::{Carer, Visit};

pub(super) fn judge(pair: Pair<'_>) -> Verdict {
    let Some(pin) = &pair.visit.pinned.carer else { return Verdict::Fine };
    let Some(pinned) = pair.instance.carers.iter().find(|carer| carer.id == *pin) else {
        return Verdict::Never;
    };
    let is_pinned_member = pair.member == seat(pair, pinned);
    if is_pinned_member == (pair.carer.id == *pin) { Verdict::Fine } else { Verdict::Never }
}

/// Which member of the crew the pinned carer is: of the seats the carer can fill, the one that
/// leaves most carers for the other.
fn seat(pair: Pair<'_>, pinned: &Carer) -> usize {
    let visit: &Visit = pair.visit;
    let able = |member: usize, carer: &Carer| {
        skills::judge(Pair { member, carer, ..pair }) == Verdict::Fine
    };
    (0..visit.carers())
        .filter(|&member| able(member, pinned))
        .max_by_key(|&member| {
            let others = (0..visit.carers()).filter(|&other| other != member);
            let left = others.map(|other| {
                pair.instance.carers.iter().filter(|carer| able(other, carer)).count()
            });
            (left.sum::<usize>(), std::cmp::Reverse(member))
        })
        .unwrap_or(0)
}
