//! The JSON of VROOM (github.com/VROOM-Project/vroom, docs/API.md): jobs, vehicles and matrices in,
//! routes out. Its objective is lexicographic: the priorities of the jobs left out, then travel
//! seconds. Every job becomes an optional visit with a price of its own, every window a hard one.

mod answer;
mod export;
mod file;
mod matrix;
mod read;
mod weigh;

use hjemrute_solver::{Instance, Plan, Stop, VisitId};
use hjemrute_travel::{Seconds, Tables};

use crate::InstanceError;
pub use export::export;

/// A problem that was read: the day, and what its answer is written with.
#[derive(Clone, Debug)]
pub struct Vroom {
    /// The day: one visit for each job, one carer for each vehicle, in the file's order.
    pub instance: Instance,
    /// The ways between the rows of the matrices, which are the day's places.
    pub tables: Tables,
    file: file::Problem,
}

/// What a plan is judged by in this format, each field before the next: smaller is better.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Objective {
    /// The priorities of the jobs left out, summed.
    pub priority_left_out: u64,
    /// Jobs of no priority left out.
    pub without_priority_left_out: u64,
    /// Time on the road, all vehicles together.
    pub travel: Seconds,
}

impl Vroom {
    /// Reads a problem.
    ///
    /// # Errors
    /// If it is not of the format, or asks for something that the model cannot express.
    pub fn read(text: &[u8]) -> Result<Vroom, InstanceError> {
        let file = file::parse(text)?;
        let (instance, tables) = read::day(&file)?;
        Ok(Vroom { instance, tables, file })
    }

    /// What the plan is worth. Counts what stands on no list, whatever the plan says of it.
    pub fn objective(&self, plan: &Plan) -> Objective {
        let out = |id: &VisitId| visits(plan).all(|visit| visit != id);
        let jobs = self.instance.visits.iter().zip(&self.file.jobs);
        let left_out: Vec<u32> =
            jobs.filter(|(visit, _)| out(&visit.id)).map(|(_, job)| job.priority).collect();
        Objective {
            priority_left_out: left_out.iter().copied().map(u64::from).sum(),
            without_priority_left_out: left_out.iter().filter(|p| **p == 0).count() as u64,
            travel: plan.work_lists.iter().flat_map(|list| &list.stops).map(travel).sum(),
        }
    }

    /// The answer as VROOM writes it, times included. `solving` is told in milliseconds.
    pub fn answer(&self, plan: &Plan, solving_ms: u64) -> Vec<u8> {
        answer::write(self, plan, solving_ms)
    }
}

fn visits(plan: &Plan) -> impl Iterator<Item = &VisitId> {
    plan.work_lists.iter().flat_map(|list| &list.stops).filter_map(|stop| match stop {
        Stop::Visit(visit) => Some(&visit.visit),
        Stop::Leave { .. } | Stop::Key { .. } | Stop::Break { .. } | Stop::Return { .. } => None,
    })
}

fn travel(stop: &Stop) -> Seconds {
    match stop {
        Stop::Leave { .. } => Seconds::ZERO,
        Stop::Visit(visit) => visit.travel.seconds,
        Stop::Key { travel, .. } | Stop::Break { travel, .. } | Stop::Return { travel, .. } => {
            travel.seconds
        }
    }
}
