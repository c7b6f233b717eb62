//! Which visits a stretch of a route remembers to have made: the relaxation between routes that make
//! each visit once and those that forget at once (ng-routes: Baldacci, Mingozzi and Roberti 2011,
//! doi:10.1287/opre.1110.0975). Any memory gives a bound that holds; more of it a higher one.

use super::claim::Claim;
use crate::problem::{FAR, JobId, Problem};

/// How many visits are remembered at first, the one just made included.
const FIRST: usize = 4;

/// How many visits are remembered at most.
const MOST: usize = 16;

/// For each job the jobs that are still remembered once it has been made.
#[derive(Clone, Debug)]
pub(crate) struct Memory {
    /// By job: itself first.
    kept: Vec<Vec<JobId>>,
    /// `from × jobs + to`: the bits of `to`'s memory that each bit of `from`'s becomes.
    carry: Vec<[u16; MOST]>,
}

impl Memory {
    /// Each job remembers those it could be made before and after again, the nearest.
    pub(crate) fn of(problem: &Problem, claim: &Claim) -> Memory {
        let near = |id: JobId| {
            let mut near: Vec<(i32, JobId)> = problem
                .job_ids()
                .filter(|other| *other != id)
                .filter_map(|other| Some((round_trip(problem, claim, id, other)?, other)))
                .collect();
            near.sort_unstable();
            near.truncate(FIRST - 1);
            [id].into_iter().chain(near.into_iter().map(|(_, other)| other)).collect()
        };
        Memory::new(problem.job_ids().map(near).collect()).expect("no more than fits")
    }

    /// Each job remembers these, itself first; `None` where that is more than fits.
    pub(crate) fn new(kept: Vec<Vec<JobId>>) -> Option<Memory> {
        if kept.iter().any(|jobs| jobs.len() > MOST) {
            return None;
        }
        let bit = |to: &[JobId], job: &JobId| {
            to.iter().position(|kept| kept == job).map_or(0, |at| 1 << at)
        };
        let mut carry = Vec::with_capacity(kept.len() * kept.len());
        for from in &kept {
            carry.extend(kept.iter().map(|to| {
                let mut bits = [0; MOST];
                bits.iter_mut().zip(from).for_each(|(bits, job)| *bits = bit(to, job));
                bits
            }));
        }
        Some(Memory { kept, carry })
    }

    /// The jobs that are remembered once the job has been made, itself first.
    pub(crate) fn kept(&self, job: JobId) -> &[JobId] {
        &self.kept[job.ix()]
    }

    /// Makes the memory last over the detours that the routes make between two visits to the same
    /// job; whether it could take in any.
    pub(crate) fn learn(&mut self, routes: &[Vec<JobId>]) -> bool {
        let mut kept = self.kept.clone();
        for route in routes {
            for (at, job) in route.iter().enumerate() {
                let again = route[at + 1..].iter().position(|other| other == job);
                for between in &route[at + 1..at + 1 + again.unwrap_or(0)] {
                    let memory = &mut kept[between.ix()];
                    if memory.len() < MOST && !memory.contains(job) {
                        memory.push(*job);
                    }
                }
            }
        }
        let learnt = kept != self.kept;
        if learnt {
            *self = Memory::new(kept).expect("no more than fits");
        }
        learnt
    }

    /// Whether the route makes a job again that it still remembers.
    pub(crate) fn forbids(&self, route: &[JobId]) -> bool {
        let mut remembered: Vec<JobId> = Vec::new();
        route.iter().any(|job| {
            let again = remembered.contains(job);
            let kept = self.kept(*job);
            remembered.retain(|other| kept.contains(other));
            remembered.push(*job);
            again
        })
    }

    /// What is remembered at `to` of what was at `from`, before it is made: bit 0 says that it has
    /// been made already.
    #[inline]
    pub(crate) fn carry(&self, from: JobId, to: JobId, memory: u16) -> u16 {
        let bits = &self.carry[from.ix() * self.kept.len() + to.ix()];
        (0..MOST).filter(|at| memory >> at & 1 == 1).fold(0, |all, at| all | bits[at])
    }
}

/// How long the way from the one to the other and back is, by the fastest; `None` where nobody could
/// make the other, the one and the other again.
fn round_trip(problem: &Problem, claim: &Claim, one: JobId, other: JobId) -> Option<i32> {
    let fastest = |from: u32, to: u32| {
        problem.ways.iter().map(|ways| ways.at(from, to).ride).min().unwrap_or(FAR)
    };
    let (a, b) = (problem.job(one), problem.job(other));
    let (there, back) = (fastest(b.place, a.place), fastest(a.place, b.place));
    let (opens, closes) = span(problem, claim, other);
    let (first, last) = span(problem, claim, one);
    let between = (opens + b.service + there).max(first);
    let again = between + a.service + back;
    (between <= last && again <= closes).then_some(there + back)
}

/// From when to when the job can start at all.
fn span(problem: &Problem, claim: &Claim, job: JobId) -> (i32, i32) {
    let opens = claim.windows(problem, job).map(|window| window.earliest).min();
    let closes = claim.windows(problem, job).map(|window| window.hard).max();
    (opens.unwrap_or(FAR), closes.unwrap_or(-FAR))
}
