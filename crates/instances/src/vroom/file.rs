//! The shapes of the file, field by field. A field that stands in the format but not here, and one
//! that stands in neither, both end in `rest`, and what is in `rest` is refused by its name.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde::de::IgnoredAny;

use crate::InstanceError;

/// A problem.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Problem {
    #[serde(default)]
    pub(super) jobs: Vec<Job>,
    #[serde(default)]
    pub(super) shipments: Vec<IgnoredAny>,
    pub(super) vehicles: Vec<Vehicle>,
    #[serde(default)]
    pub(super) matrices: BTreeMap<String, Matrix>,
}

/// Fields that nobody here knows, by name.
type Rest = BTreeMap<String, IgnoredAny>;

/// Degrees east and north, or whatever the file's matrices were made of.
pub(super) type Location = [f64; 2];

/// From and until, both included.
pub(super) type Span = [i64; 2];

/// Something to do at one place.
#[derive(Clone, Debug, Deserialize)]
pub(super) struct Job {
    pub(super) id: u64,
    pub(super) description: Option<String>,
    pub(super) location: Option<Location>,
    pub(super) location_index: Option<usize>,
    #[serde(default)]
    pub(super) setup: i64,
    #[serde(default)]
    pub(super) service: i64,
    #[serde(default)]
    pub(super) skills: Vec<u32>,
    #[serde(default)]
    pub(super) priority: u32,
    #[serde(default)]
    pub(super) time_windows: Vec<Span>,
    #[serde(flatten)]
    pub(super) rest: Rest,
}

/// Somebody who goes.
#[derive(Clone, Debug, Deserialize)]
pub(super) struct Vehicle {
    pub(super) id: u64,
    pub(super) description: Option<String>,
    pub(super) profile: Option<String>,
    pub(super) start: Option<Location>,
    pub(super) start_index: Option<usize>,
    pub(super) end: Option<Location>,
    pub(super) end_index: Option<usize>,
    #[serde(default)]
    pub(super) skills: Vec<u32>,
    pub(super) time_window: Option<Span>,
    #[serde(default)]
    pub(super) breaks: Vec<Pause>,
    #[serde(flatten)]
    pub(super) rest: Rest,
}

/// A break; its windows say when it may begin.
#[derive(Clone, Debug, Deserialize)]
pub(super) struct Pause {
    pub(super) id: u64,
    pub(super) description: Option<String>,
    #[serde(default)]
    pub(super) service: i64,
    #[serde(default)]
    pub(super) time_windows: Vec<Span>,
    #[serde(flatten)]
    pub(super) rest: Rest,
}

/// The ways of one profile, row by row.
#[derive(Clone, Debug, Deserialize)]
pub(super) struct Matrix {
    pub(super) durations: Vec<Vec<u32>>,
    pub(super) distances: Option<Vec<Vec<u32>>>,
    #[serde(flatten)]
    pub(super) rest: Rest,
}

impl Vehicle {
    /// The name of its matrix.
    pub(super) fn profile(&self) -> &str {
        self.profile.as_deref().unwrap_or("car")
    }
}

/// The problem in a text, with nothing in it that we do not know.
pub(super) fn parse(text: &[u8]) -> Result<Problem, InstanceError> {
    let problem: Problem = serde_json::from_slice(text)
        .map_err(|error| InstanceError::Unreadable(error.to_string()))?;
    if !problem.shipments.is_empty() {
        return Err(unsupported("the problem".into(), "shipments"));
    }
    for (row, job) in problem.jobs.iter().enumerate() {
        nothing_else(&job.rest, || format!("jobs[{row}]"))?;
    }
    for (row, vehicle) in problem.vehicles.iter().enumerate() {
        nothing_else(&vehicle.rest, || format!("vehicles[{row}]"))?;
        for (at, pause) in vehicle.breaks.iter().enumerate() {
            nothing_else(&pause.rest, || format!("vehicles[{row}].breaks[{at}]"))?;
        }
    }
    for (name, matrix) in &problem.matrices {
        nothing_else(&matrix.rest, || format!("matrices.{name}"))?;
    }
    Ok(problem)
}

fn nothing_else(rest: &Rest, at: impl Fn() -> String) -> Result<(), InstanceError> {
    rest.keys().next().map_or(Ok(()), |field| Err(unsupported(at(), field)))
}

fn unsupported(at: String, field: &str) -> InstanceError {
    let fix = "the model has no such rule; leave it out if the plan may break it";
    InstanceError::Unsupported { at, field: field.to_owned(), fix }
}
