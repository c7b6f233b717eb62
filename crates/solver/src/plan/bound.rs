//! How good a plan is proven to be: what no plan of the day can cost less than, and the prices that
//! prove it, so that anybody can add them up again.

use crate::plan::VisitId;
use crate::score::{Cost, Score};

/// No plan that keeps every pin and is at least as good as `above` on each line above the sum has a
/// sum below `total`.
#[derive(Clone, Debug, PartialEq)]
pub struct Bound {
    /// What no such plan costs less than.
    pub total: Cost,
    /// What was let go to find that out, each of which may be part of the gap.
    pub relaxes: Vec<Relaxation>,
    /// The prices that prove it.
    pub certificate: Certificate,
}

impl Bound {
    /// How much of a plan's cost is not proven to be needed, in hundredths of a per cent, rounded
    /// up; nothing for a plan that costs nothing.
    pub fn gap(&self, score: &Score) -> i64 {
        let (total, open) = (score.total.0, (score.total - self.total).0.max(0));
        if total <= 0 { 0 } else { (open * 10_000 + total - 1) / total }
    }
}

/// A rule or a part of the cost that a bound does without.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Relaxation {
    /// Who comes together need not start together, and gaps are not kept.
    Links,
    /// A new face is paid in part at each of the patient's visits.
    Continuity,
    /// The largest lateness of all has no price.
    WorstLate,
    /// What carers bring along is not counted.
    Load,
}

impl Relaxation {
    /// Every relaxation.
    pub const ALL: [Relaxation; 4] = [Self::Links, Self::Continuity, Self::WorstLate, Self::Load];

    /// The name in files.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Links => "links",
            Self::Continuity => "continuity",
            Self::WorstLate => "worst-late",
            Self::Load => "load",
        }
    }
}

/// The prices of a bound, in tenths of a weighted second.
#[derive(Clone, Debug, PartialEq)]
pub struct Certificate {
    /// For each time-critical, important and normal visit left out.
    pub lines: [i64; 3],
    /// For each late second at a time-critical visit.
    pub late: i64,
    /// Of the visits that are not cancelled, in the list's order.
    pub visits: Vec<VisitPrice>,
    /// By carer, in the list's order: what no day of the carer costs less than, less what its
    /// visits pay; never more than nothing.
    pub carers: Vec<i64>,
}

/// What one visit pays.
#[derive(Clone, Debug, PartialEq)]
pub struct VisitPrice {
    /// The visit.
    pub visit: VisitId,
    /// What it pays each of its crew.
    pub pays: Vec<i64>,
    /// The visits that are remembered after it: a day may make any other visit once more.
    pub remembers: Vec<VisitId>,
}
