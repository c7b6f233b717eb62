//! Writes how a plan holds.

use hjemrute_solver::{Held, Robustness};
use serde::Serialize;

use super::told;

/// How a plan held, as JSON.
pub fn robustness_json(held: &Robustness) -> Vec<u8> {
    told::json(&RobustnessFile::of(held))
}

/// How a plan held when it was driven again and again with drawn times.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct RobustnessFile<'a> {
    draws: u32,
    /// Routes on which everything began, and which were over, in time.
    routes_held: f64,
    /// Time-critical visits that began in time.
    time_critical_held: f64,
    visits_held: f64,
    carers: Vec<CarerFile<'a>>,
}

#[derive(Serialize)]
struct CarerFile<'a> {
    carer: &'a str,
    held: f64,
}

impl<'a> RobustnessFile<'a> {
    pub(super) fn of(held: &'a Robustness) -> RobustnessFile<'a> {
        let share = |held: Held| held.share() as f64 / 10_000.0;
        let carers = held.by_carer.iter();
        RobustnessFile {
            draws: held.draws,
            routes_held: share(held.routes),
            time_critical_held: share(held.time_critical),
            visits_held: share(held.visits),
            carers: carers.map(|(carer, held)| CarerFile { carer, held: share(*held) }).collect(),
        }
    }
}
