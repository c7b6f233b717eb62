//! Is there a way to the door and home again, the way this carer travels?

use super::{Pair, Verdict};

pub(super) fn judge(pair: Pair<'_>) -> Verdict {
    let Pair { visit, carer, tables, .. } = pair;
    let Some(table) = tables.get(carer.mode) else { return Verdict::Never };
    let there_and_back = table.leg(carer.start, visit.place).is_some()
        && table.leg(visit.place, carer.end).is_some();
    if there_and_back { Verdict::Fine } else { Verdict::Never }
}
