//! The prices of a policy by name, so that another profile than the standard one can be written.

use crate::plan::Criticality;
use crate::policy::Policy;
use crate::score::{Cost, Rate};

/// The names of the prices, in the order in which they are printed.
pub(super) const NAMES: [&str; 21] = [
    "late-time-critical",
    "late-important",
    "late-normal",
    "late-optional",
    "worst-late",
    "worst-idle",
    "worst-wait",
    "optional-out",
    "travel",
    "work",
    "balance",
    "waiting",
    "overtime",
    "missed-break",
    "not-primary",
    "not-known",
    "avoided",
    "unskilled",
    "new-face",
    "other-carer",
    "other-time",
];

/// A price in tenths of a weighted second, for each second or each time.
pub(super) fn get(policy: &Policy, name: &str) -> Option<i64> {
    let mut copy = policy.clone();
    Some(match field(&mut copy, name)? {
        Price::Rate(rate) => i64::from(rate.0),
        Price::Cost(cost) => cost.0,
        Price::May(cost) => (*cost)?.0,
    })
}

/// Sets a price; `None` when there is none of that name or it cannot be so high.
pub(super) fn set(policy: &mut Policy, name: &str, tenths: i64) -> Option<()> {
    match field(policy, name)? {
        Price::Rate(rate) => rate.0 = i32::try_from(tenths).ok()?,
        Price::Cost(cost) => cost.0 = tenths,
        Price::May(cost) => *cost = Some(Cost(tenths)),
    }
    Some(())
}

enum Price<'a> {
    Rate(&'a mut Rate),
    Cost(&'a mut Cost),
    /// Of what may not be at all without a price.
    May(&'a mut Option<Cost>),
}

fn field<'a>(policy: &'a mut Policy, name: &str) -> Option<Price<'a>> {
    if let Some(criticality) = name.strip_prefix("late-").and_then(Criticality::from_name) {
        return Some(Price::Rate(&mut policy.late[criticality.index()]));
    }
    Some(match name {
        "worst-late" => Price::Rate(&mut policy.worst_late),
        "worst-idle" => Price::Rate(&mut policy.worst_idle),
        "worst-wait" => Price::Rate(&mut policy.worst_wait),
        "work" => Price::Rate(&mut policy.work),
        "balance" => Price::Rate(&mut policy.balance),
        "missed-break" => Price::May(&mut policy.missed_break),
        "avoided" => Price::May(&mut policy.avoided),
        "unskilled" => Price::May(&mut policy.unskilled),
        "optional-out" => Price::Cost(&mut policy.optional_out),
        "travel" => Price::Rate(&mut policy.travel),
        "waiting" => Price::Rate(&mut policy.waiting),
        "overtime" => Price::Rate(&mut policy.overtime),
        "not-primary" => Price::Cost(&mut policy.not_primary),
        "not-known" => Price::Cost(&mut policy.not_known),
        "new-face" => Price::Cost(&mut policy.new_face),
        "other-carer" => Price::Cost(&mut policy.other_carer),
        "other-time" => Price::Cost(&mut policy.other_time),
        _ => return None,
    })
}
