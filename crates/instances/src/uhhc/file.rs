//! The shapes of the file, field by field, and the weights of the objective. A component that the
//! model has no words for is refused by its name, unless its weight is nothing.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::InstanceError;

/// A problem. Times and ways are whole numbers, of minutes as a rule.
#[derive(Clone, Debug, Deserialize)]
pub(super) struct Problem {
    pub(super) metadata: Metadata,
    pub(super) distances: Vec<Vec<i32>>,
    pub(super) terminal_points: Vec<Terminal>,
    pub(super) caregivers: Vec<Caregiver>,
    pub(super) patients: Vec<Patient>,
    pub(super) lunch_breaks: Option<Lunch>,
}

/// What the rules of the instance are.
#[derive(Clone, Debug, Deserialize)]
pub(super) struct Metadata {
    pub(super) origin: String,
    pub(super) time_window_met: Option<Met>,
    cost_components: BTreeMap<String, Option<Weight>>,
}

/// When a service must lie in its window.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Met {
    AtServiceStart,
    AtServiceEnd,
}

/// What one unit of a component costs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(untagged)]
pub(super) enum Weight {
    Each(u32),
    Hard(Hard),
}

/// It must be nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
pub(super) enum Hard {
    #[serde(rename = "HARD")]
    Hard,
}

/// Where caregivers set out or return.
#[derive(Clone, Debug, Deserialize)]
pub(super) struct Terminal {
    pub(super) id: String,
    pub(super) distance_matrix_index: usize,
}

/// Somebody who goes.
#[derive(Clone, Debug, Deserialize)]
pub(super) struct Caregiver {
    pub(super) id: String,
    pub(super) abilities: Vec<String>,
    pub(super) departing_point: String,
    pub(super) arrival_point: String,
    pub(super) working_shift: Option<Span>,
    #[serde(default)]
    pub(super) lunch_break: bool,
}

/// Somebody to be visited.
#[derive(Clone, Debug, Deserialize)]
pub(super) struct Patient {
    pub(super) id: String,
    pub(super) required_services: Vec<Service>,
    pub(super) distance_matrix_index: usize,
    pub(super) time_windows: Vec<Span>,
    pub(super) synchronization: Option<Synchronization>,
    pub(super) preferred_caregivers: Option<Vec<String>>,
    pub(super) incompatible_caregivers: Option<Vec<String>>,
    #[serde(default)]
    pub(super) optional: bool,
}

/// A service that a patient needs.
#[derive(Clone, Debug, Deserialize)]
pub(super) struct Service {
    pub(super) service: String,
    pub(super) duration: i32,
}

/// From and until.
#[derive(Clone, Copy, Debug, Deserialize)]
pub(super) struct Span {
    pub(super) start: i32,
    pub(super) end: i32,
}

/// How the two services of a patient hang together.
#[derive(Clone, Debug, Deserialize)]
#[serde(tag = "type", rename_all = "lowercase")]
pub(super) enum Synchronization {
    Simultaneous,
    Sequential { distance: Distance },
    Independent,
}

/// From start to start.
#[derive(Clone, Copy, Debug, Deserialize)]
pub(super) struct Distance {
    pub(super) min: i32,
    pub(super) max: i32,
}

/// When lunch is, and how long.
#[derive(Clone, Copy, Debug, Deserialize)]
pub(super) struct Lunch {
    pub(super) start: i32,
    pub(super) end: i32,
    pub(super) min_duration: i32,
}

/// The components of the objective.
const COMPONENTS: [&str; 14] = [
    "travel_time",
    "total_tardiness",
    "highest_tardiness",
    "total_waiting_time",
    "max_waiting_time",
    "total_extra_time",
    "max_idle_time",
    "working_time",
    "workload_balance",
    "caregiver_preferences",
    "incompabilities",
    "qualification",
    "optional_patients",
    "missed_lunch_break",
];

/// Those that must be nothing where they have no weight; the others are then free.
const HARD: [&str; 5] = [
    "caregiver_preferences",
    "incompabilities",
    "qualification",
    "optional_patients",
    "missed_lunch_break",
];

/// The highest price that a weight becomes, and that of what must be nothing but cannot be forbidden:
/// with it, all there can be is still counted.
const DEAREST: u32 = 10_000;

/// The problem in a text.
pub(super) fn parse(text: &[u8]) -> Result<Problem, InstanceError> {
    let problem: Problem = serde_json::from_slice(text)
        .map_err(|error| InstanceError::Unreadable(error.to_string()))?;
    let unsupported = |field: &str, fix| InstanceError::Unsupported {
        at: "metadata".into(),
        field: field.to_owned(),
        fix,
    };
    if problem.metadata.leaves_at_start() && problem.lunch_breaks.is_some() {
        let fix = "a day on which everybody sets out when the shift starts has no lunch";
        return Err(InstanceError::Unsupported {
            at: "the problem".into(),
            field: "lunch_breaks".into(),
            fix,
        });
    }
    for (name, weight) in &problem.metadata.cost_components {
        let is_free = matches!(weight, None | Some(Weight::Each(0)));
        if !is_free && !COMPONENTS.contains(&name.as_str()) {
            return Err(unsupported(
                name,
                "the format has no such component; give it the weight 0",
            ));
        }
    }
    Ok(problem)
}

impl Metadata {
    /// Whether everybody sets out when the shift starts.
    pub(super) fn leaves_at_start(&self) -> bool {
        self.origin.starts_with("bazirha")
    }

    /// What a unit of the component weighs; none where it must be nothing.
    pub(super) fn weight(&self, name: &str) -> Option<u32> {
        match self.cost_components.get(name).copied().flatten() {
            Some(Weight::Each(each)) => Some(each),
            Some(Weight::Hard(Hard::Hard)) => None,
            None => (!HARD.contains(&name)).then_some(0),
        }
    }

    /// What a unit of the component is taken to cost by the search, the dearest where it must be nothing.
    pub(super) fn price(&self, name: &str) -> u32 {
        self.weight(name).unwrap_or(DEAREST).min(DEAREST)
    }
}
