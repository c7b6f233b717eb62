//! Between a proof in numbers and a [`Bound`] in names.

use std::collections::BTreeMap;

use super::bound::Proof;
use super::claim::Prices;
use super::memory::Memory;
use crate::plan::{Bound, Certificate, Instance, Relaxation, VisitId, VisitPrice};
use crate::problem::{JobId, Problem};
use crate::score::Cost;

/// A proof told in names.
pub(super) fn bound(instance: &Instance, problem: &Problem, proof: &Proof) -> Bound {
    let Proof { total, prices, least, memory, any_late: _ } = proof;
    let name = |job: JobId| instance.visits[problem.job(job).visit].id.clone();
    let price = |job: JobId| VisitPrice {
        visit: name(job),
        pays: problem.job(job).tasks().map(|task| prices.task[task.ix()]).collect(),
        remembers: memory.kept(job)[1..].iter().copied().map(name).collect(),
    };
    Bound {
        total: Cost(*total),
        relaxes: relaxes(instance, problem),
        certificate: Certificate {
            lines: prices.line,
            late: prices.late,
            visits: problem.job_ids().map(price).collect(),
            carers: least.clone(),
        },
    }
}

/// The prices and the memory of a certificate; `None` where it is not of this day.
pub(super) fn read(
    instance: &Instance,
    problem: &Problem,
    certificate: &Certificate,
) -> Option<(Prices, Memory)> {
    let Certificate { lines, late, visits, carers } = certificate;
    let jobs: BTreeMap<&VisitId, JobId> =
        problem.job_ids().map(|id| (&instance.visits[problem.job(id).visit].id, id)).collect();
    let mut prices = Prices { line: *lines, late: *late, ..Prices::none(problem) };
    let mut kept: Vec<Vec<JobId>> = problem.job_ids().map(|id| vec![id]).collect();
    for VisitPrice { visit, pays, remembers } in visits {
        let id = *jobs.get(visit)?;
        let tasks = problem.job(id).tasks.clone();
        if pays.len() != tasks.len() || !pays.iter().all(|price| (-MOST..=MOST).contains(price)) {
            return None;
        }
        prices.task[tasks.start as usize..tasks.end as usize].copy_from_slice(pays);
        let others: Option<Vec<JobId>> = remembers.iter().map(|id| jobs.get(id).copied()).collect();
        kept[id.ix()].extend(others?);
    }
    let sound = lines.iter().chain([late]).all(|price| (0..=MOST).contains(price));
    let of_all = carers.len() == problem.vehicles.len();
    (sound && of_all).then(|| Some((prices, Memory::new(kept)?)))?
}

/// No price is larger than this, so that no sum of them overflows.
pub(super) const MOST: i64 = 1 << 40;

/// What the bound does without that the day has.
fn relaxes(instance: &Instance, problem: &Problem) -> Vec<Relaxation> {
    let shared = |patient: u32| {
        problem.jobs.iter().filter(|job| job.wishes && job.patient == patient).count() > 1
    };
    let there = |relaxation: &Relaxation| match relaxation {
        Relaxation::Links => problem.jobs.iter().any(|job| job.linked),
        Relaxation::Continuity => {
            problem.face.iter().any(|price| *price > 0) && (0..problem.patients as u32).any(shared)
        }
        Relaxation::WorstLate => problem.worst_late.0 > 0,
        Relaxation::Load => instance.carers.iter().any(|carer| carer.capacity.is_some()),
    };
    Relaxation::ALL.into_iter().filter(there).collect()
}
