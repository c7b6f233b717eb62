//! Prices that make the format's lexicographic objective one sum: a point of priority outweighs all
//! jobs of no priority, and one of those outweighs all the travel there can be.

use hjemrute_solver::Cost;

use super::file::Problem;
use super::read::{self, LONGEST};
use crate::InstanceError;

/// What a second of travel costs.
pub(super) const SECOND: i64 = 10;

/// What leaving a job out costs, by its priority.
#[derive(Clone, Copy, Debug)]
pub(super) struct Prices {
    point: i64,
    without: i64,
}

impl Prices {
    pub(super) fn of(problem: &Problem) -> Result<Prices, InstanceError> {
        let without = most_travel(problem) * SECOND + 1;
        let zeros = problem.jobs.iter().filter(|job| job.priority == 0).count() as i64;
        let point = without.checked_mul(zeros + 1);
        let dearest = problem.jobs.iter().map(|job| job.priority).max().unwrap_or(0);
        match point.and_then(|point| Some((point, point.checked_mul(i64::from(dearest))?))) {
            Some((point, most)) if most <= MOST => Ok(Prices { point, without }),
            _ => Err(InstanceError::Unsupported {
                at: "jobs".into(),
                field: "priority".into(),
                fix: "so many jobs of no priority cannot be weighed against so long hours; give each job a priority, or the vehicles a time_window",
            }),
        }
    }

    /// What leaving out a job of that priority costs.
    pub(super) fn left_out(self, priority: u32) -> Cost {
        match priority {
            0 => Cost(self.without),
            points => Cost(i64::from(points) * self.point),
        }
    }
}

/// The highest price that the solver takes.
const MOST: i64 = 1_000_000_000_000;

/// No plan travels longer, in seconds: nobody travels outside the own hours, and each stop has one
/// way to it and each vehicle one way back.
fn most_travel(problem: &Problem) -> i64 {
    let hours = problem.vehicles.iter().map(|vehicle| {
        let [from, until] = read::hours(vehicle);
        (until - from).clamp(0, LONGEST)
    });
    let all = problem.matrices.values().flat_map(|matrix| &matrix.durations).flatten();
    let longest = i64::from(all.copied().max().unwrap_or(0));
    let ways = (problem.jobs.len() + problem.vehicles.len()) as i64;
    hours.sum::<i64>().min(longest * ways)
}
