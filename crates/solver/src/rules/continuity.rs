//! Whom the patient would rather see. A visit by somebody else than the primary, or by somebody the
//! patient does not know, has a price for each visit; a face that is new to the patient has a price
//! once, however often it comes that day ([`Circle`]).

use std::collections::{BTreeMap, BTreeSet};

use super::{Pair, Verdict};
use crate::plan::{CarerRef, Instance, PatientRef};
use crate::policy::Policy;
use crate::score::Cost;

pub(super) fn judge(pair: Pair<'_>) -> Verdict {
    let Some(wish) = &pair.visit.continuity else { return Verdict::Fine };
    let Policy { not_primary, not_known, .. } = pair.instance.policy;
    let carer = &pair.carer.id;
    let is_primary = wish.primary.as_ref() == Some(carer);
    let known = is_primary || wish.known.contains(carer);
    let by_another = if wish.primary.is_some() && !is_primary { not_primary } else { Cost::ZERO };
    let by_a_stranger = if known { Cost::ZERO } else { not_known };
    match by_another + by_a_stranger {
        Cost::ZERO => Verdict::Fine,
        cost => Verdict::At(cost),
    }
}

/// The people around one patient, over all visits of the day.
#[derive(Clone, Debug, Default)]
pub(crate) struct Circle<'a> {
    known: BTreeSet<&'a CarerRef>,
    distinct_last_14d: u32,
}

impl<'a> Circle<'a> {
    /// The circle of every patient who has wishes about continuity.
    pub(crate) fn all(instance: &'a Instance) -> BTreeMap<&'a PatientRef, Circle<'a>> {
        let mut circles: BTreeMap<&PatientRef, Circle<'_>> = BTreeMap::new();
        for visit in &instance.visits {
            let Some(wish) = &visit.continuity else { continue };
            let circle = circles.entry(&visit.patient).or_default();
            circle.known.extend(wish.known.iter().chain(&wish.primary));
            circle.distinct_last_14d = circle.distinct_last_14d.max(wish.distinct_last_14d);
        }
        circles
    }

    /// What it costs that this carer comes to the patient at all.
    pub(crate) fn face(&self, policy: &Policy, carer: &CarerRef) -> Cost {
        if self.known.contains(carer) {
            Cost::ZERO
        } else {
            Cost(policy.new_face.0 * i64::from(self.distinct_last_14d))
        }
    }
}
