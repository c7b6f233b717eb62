//! What is proved: the bound that no plan of a day can go below. The linear program is left to HiGHS,
//! which proposes prices; what they prove is whole numbers, told with the prices, and no float decides
//! anything. Knows the dense problem, and names at its door ([`told`]) alone.

mod ahead;
mod bound;
mod claim;
mod clock;
mod master;
mod memory;
pub(crate) mod partition;
mod pricing;
mod told;

pub use bound::{Effort, Proof};

use crate::plan::{Bound, Instance};
use crate::problem::{Problem, TaskId, VehicleId};
use crate::score::Score;
use crate::solution::Solution;
use claim::Claim;
use pricing::{Care, Pricer};

/// Days of more visits than this have no bound: a first one would take longer than anybody waits.
pub const MOST_VISITS: usize = 300;

/// Proves what no plan of the day costs less than that is as good as the solution, of that score, on
/// each line above the sum. `None` where the effort is too little, or the day too large, or where a
/// carer may have to go somewhere else than to visits: without that a route need not be cheaper.
pub fn prove(
    instance: &Instance,
    problem: &Problem,
    solution: &Solution,
    score: &Score,
    effort: Effort<'_>,
) -> Option<Proof> {
    // What was promised and what has begun is not in the linear program.
    let is_told = problem.has_detours() || instance.published.is_some();
    if problem.jobs.len() > MOST_VISITS || problem.jobs.is_empty() || is_told {
        return None;
    }
    let claim = Claim::of(instance, problem, score);
    let drives = problem.vehicle_ids().zip(&solution.routes);
    let start: Vec<(VehicleId, Vec<TaskId>)> = drives
        .filter(|(_, drive)| !drive.tasks.is_empty())
        .map(|(id, drive)| (id, drive.tasks.clone()))
        .collect();
    bound::prove(problem, &claim, &start, effort)
}

impl Proof {
    /// What it proves of the plans that are as good as one of that score on each line above the
    /// sum; `None` where they may be late and those it was made for were not.
    pub fn bound(&self, instance: &Instance, problem: &Problem, score: &Score) -> Option<Bound> {
        let claim = Claim::of(instance, problem, score);
        let total = self.prices.proves(problem, &claim, &self.least);
        let covers = self.any_late || claim.late == 0;
        // Nothing costs less than nothing, which needs no proof.
        (covers && total > 0)
            .then(|| told::bound(instance, problem, &Proof { total, ..self.clone() }))
    }
}

/// What the certificate of a bound proves when it is added up again: every carer's cheapest day is
/// looked for anew. `None` where the certificate is not of this day, or takes too long, and where
/// nothing is proved.
pub fn proven(instance: &Instance, problem: &Problem, score: &Score, bound: &Bound) -> Option<i64> {
    if problem.jobs.len() > MOST_VISITS || problem.has_detours() {
        return None;
    }
    let (prices, memory) = told::read(instance, problem, &bound.certificate)?;
    let claim = Claim::of(instance, problem, score);
    let mut pricer = Pricer::new(problem, &claim, &memory, &|| false);
    let least = problem.vehicle_ids().zip(&bound.certificate.carers).map(|(id, below)| {
        let below = (*below).clamp(-told::MOST, 0);
        Some(pricer.price((id, below), &prices, Care::Exact, (0, bound::LABELS))?.least)
    });
    let least: Option<Vec<i64>> = least.collect();
    Some(prices.proves(problem, &claim, &least?))
}
