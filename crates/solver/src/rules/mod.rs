//! What one visit and one carer have to say to each other: one file for each rule, one line in
//! [`RULES`]. Asked once for each pair before the search, so these may be plain code over names; the
//! search sees one cell of a table. `explain` asks them again to say who is kept away by what.

mod avoid;
mod changes;
mod continuity;
mod hours;
mod pinned;
mod reach;
mod skills;

pub(crate) use changes::other_carer;
pub(crate) use continuity::Circle;
pub(crate) use skills::has;

use hjemrute_travel::Tables;

use crate::plan::{Carer, CarerRef, Instance, Visit};
use crate::score::Cost;

/// One crew member of one visit, and one carer who might be it.
#[derive(Clone, Copy)]
pub(crate) struct Pair<'a> {
    pub(crate) instance: &'a Instance,
    pub(crate) tables: &'a Tables,
    pub(crate) visit: &'a Visit,
    /// Which of the visit's crew: 0, or 1 for the second carer of a double visit.
    pub(crate) member: usize,
    pub(crate) carer: &'a Carer,
}

/// What a rule says of a pair.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// Nothing against it.
    Fine,
    /// It may be, at this price.
    At(Cost),
    /// It may not be.
    Never,
}

/// A rule about a pair.
type Judge = fn(Pair<'_>) -> Verdict;

/// Every rule about a pair, by the name that reasons use. A carer who is kept away by several is
/// named under the first.
pub(crate) const RULES: [(&str, Judge); 7] = [
    ("skills", skills::judge),
    ("avoid", avoid::judge),
    ("pinned", pinned::judge),
    ("travel", reach::judge),
    ("hours", hours::judge),
    ("continuity", continuity::judge),
    ("changes", changes::judge),
];

/// The price of the pair, or the name of the first rule that forbids it.
pub(crate) fn judge(pair: Pair<'_>) -> Result<Cost, &'static str> {
    RULES.iter().try_fold(Cost::ZERO, |sum, (name, judge)| match judge(pair) {
        Verdict::Fine => Ok(sum),
        Verdict::At(cost) => Ok(sum + cost),
        Verdict::Never => Err(*name),
    })
}

/// The price of the pair, whatever forbids it.
pub(crate) fn price(pair: Pair<'_>) -> Cost {
    let prices = RULES.iter().map(|(_, judge)| match judge(pair) {
        Verdict::At(cost) => cost,
        Verdict::Fine | Verdict::Never => Cost::ZERO,
    });
    prices.sum()
}

/// The carers who may be that crew member of the visit, looked at alone: in the instance's order.
pub fn carers_who_may<'a>(
    instance: &'a Instance,
    tables: &Tables,
    visit: &Visit,
    member: usize,
) -> Vec<&'a CarerRef> {
    let may = |carer: &&Carer| judge(Pair { instance, tables, visit, member, carer }).is_ok();
    instance.carers.iter().filter(may).map(|carer| &carer.id).collect()
}
