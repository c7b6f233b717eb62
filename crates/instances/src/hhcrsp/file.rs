//! The shapes of the files, problem and answer, field by field. Numbers are read as decimals and
//! counted in the smallest unit that makes all of them whole, so that nothing is rounded.

use serde::Deserialize;
use serde_json::Number;

use crate::InstanceError;

/// A problem.
#[derive(Clone, Debug, Deserialize)]
pub(super) struct Problem {
    pub(super) services: Vec<Service>,
    pub(super) patients: Vec<Patient>,
    pub(super) caregivers: Vec<Caregiver>,
    pub(super) distances: Vec<Vec<Number>>,
}

/// A kind of service.
#[derive(Clone, Debug, Deserialize)]
pub(super) struct Service {
    pub(super) id: String,
    pub(super) default_duration: Option<Number>,
}

/// Somebody to be visited, at the row of the distances behind the depot's.
#[derive(Clone, Debug, Deserialize)]
pub(super) struct Patient {
    pub(super) id: String,
    pub(super) time_window: [Number; 2],
    pub(super) required_caregivers: Vec<Required>,
    pub(super) synchronization: Option<Synchronization>,
}

/// A service that a patient needs.
#[derive(Clone, Debug, Deserialize)]
pub(super) struct Required {
    pub(super) service: String,
    pub(super) duration: Option<Number>,
}

/// How the two services of a patient hang together.
#[derive(Clone, Debug, Deserialize)]
#[serde(tag = "type", rename_all = "lowercase")]
pub(super) enum Synchronization {
    /// They start at once.
    Simultaneous,
    /// The second starts so long after the first.
    Sequential {
        /// At least and at most.
        distance: [Number; 2],
    },
    /// They have nothing to do with each other but that two come.
    Independent,
}

/// Somebody who goes.
#[derive(Clone, Debug, Deserialize)]
pub(super) struct Caregiver {
    pub(super) id: String,
    pub(super) abilities: Vec<String>,
}

/// The problem in a text.
pub(super) fn parse(text: &[u8]) -> Result<Problem, InstanceError> {
    serde_json::from_slice(text).map_err(|error| InstanceError::Unreadable(error.to_string()))
}

impl Problem {
    /// Every number of the problem.
    fn numbers(&self) -> impl Iterator<Item = &Number> {
        let defaults = self.services.iter().filter_map(|service| service.default_duration.as_ref());
        let of_patients = self.patients.iter().flat_map(|patient| {
            let own = patient.required_caregivers.iter().filter_map(|it| it.duration.as_ref());
            let apart = match &patient.synchronization {
                Some(Synchronization::Sequential { distance }) => distance.as_slice(),
                _ => &[],
            };
            patient.time_window.iter().chain(own).chain(apart)
        });
        self.distances.iter().flatten().chain(defaults).chain(of_patients)
    }

    /// How many of our seconds a unit of the file is: the least power of ten, up to a thousand, that
    /// makes every number whole.
    pub(super) fn scale(&self) -> Scale {
        let decimals = self.numbers().map(|number| decimals(&number.to_string()));
        Scale(10i64.pow(decimals.max().unwrap_or(0).min(3)))
    }
}

/// How many figures stand behind the point, the last of them no nought.
fn decimals(number: &str) -> u32 {
    number.split_once('.').map_or(0, |(_, behind)| behind.trim_end_matches('0').len() as u32)
}

/// How many of our seconds a unit of the file is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Scale(pub(super) i64);

/// The largest number that is read, in our seconds: a day of the file counted in thousandths, many
/// times over.
const LARGEST: i64 = 20_000_000;

impl Scale {
    /// A number of the file in our seconds.
    pub(super) fn whole(self, number: &Number, at: &str) -> Result<i32, InstanceError> {
        let text = number.to_string();
        let (before, behind) = text.split_once('.').unwrap_or((text.as_str(), ""));
        let behind = behind.trim_end_matches('0');
        let places = self.0.ilog10() as usize;
        let digits = format!("{before}{behind:0<places$}").parse::<i64>();
        match digits {
            Ok(value) if behind.len() <= places && (0..=LARGEST).contains(&value) => {
                Ok(value as i32)
            }
            _ => Err(InstanceError::Wrong {
                at: at.to_owned(),
                field: "number",
                what: format!("{text} has more than three decimals, is negative or too large"),
            }),
        }
    }

    /// Our seconds as a number of the file.
    pub(super) fn told(self, seconds: i64) -> f64 {
        seconds as f64 / self.0 as f64
    }
}
