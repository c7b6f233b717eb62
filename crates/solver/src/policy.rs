//! What is better than what, as data: the prices of the objective and how late a visit may be. The
//! standard profile is the file `profiles/standard.toml` beside this crate; a bydel may have its own.

use hjemrute_travel::Seconds;
use serde::Deserialize;

use crate::plan::Criticality;
use crate::score::{Cost, Rate};

/// The prices of a plan. How the lines of the objective rank is fixed (see [`Score`](crate::Score));
/// what is in the sum is weighed by these.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Policy {
    /// The profile's name, told in the plan.
    pub name: String,
    /// How far a visit of each criticality may start behind its window, by [`Criticality::index`].
    pub late_limit: [Seconds; 4],
    /// What a late second costs, by [`Criticality::index`]; time-critical ones rank above the sum
    /// and have no price in it.
    pub late: [Rate; 4],
    /// For each second of the largest lateness of all visits, besides what that visit pays itself.
    pub worst_late: Rate,
    /// For each second of the longest idle time of all carers.
    pub worst_idle: Rate,
    /// For each second on the way, at doors and at visits.
    pub work: Rate,
    /// For each second by which that lies off the mean of all carers.
    pub balance: Rate,
    /// For each carer who is sent out and does not get the break; absent where nobody may miss it.
    pub missed_break: Option<Cost>,
    /// For each optional visit left out.
    pub optional_out: Cost,
    /// For each second on the road.
    pub travel: Rate,
    /// For each second of waiting at a door.
    pub waiting: Rate,
    /// For each second of the longest wait of all.
    pub worst_wait: Rate,
    /// For each second of overtime.
    pub overtime: Rate,
    /// For a visit by somebody else than the primary contact.
    pub not_primary: Cost,
    /// For a visit by somebody the patient does not know.
    pub not_known: Cost,
    /// For a visit by somebody whom the patient must not meet; absent where nobody comes who must not.
    pub avoided: Option<Cost>,
    /// For a visit of one carer by somebody without the skills; absent where nobody comes without.
    pub unskilled: Option<Cost>,
    /// For each face new to a patient, times the different carers of the last 14 days.
    pub new_face: Cost,
    /// For a carer of a published visit who was not to come to it.
    pub other_carer: Cost,
    /// For a published visit that starts at another time.
    pub other_time: Cost,
    /// How far a start may lie from the published one and still be the same time.
    pub time_tolerance: Seconds,
    /// So long before their windows close time-critical visits are planned to begin, and shifts to end.
    pub buffer: Seconds,
}

/// A profile that does not make sense, in words.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum PolicyError {
    /// The text is not what a profile looks like.
    #[error("the profile cannot be read: {0}")]
    Unreadable(String),
    /// A figure is outside what makes sense.
    #[error("`{field}` is {value}, but must be {wanted}")]
    OutOfRange {
        /// Which figure.
        field: &'static str,
        /// What it is.
        value: f64,
        /// What it may be.
        wanted: &'static str,
    },
    /// Waiting would be dearer than coming late, and a plan would rather be late than wait.
    #[error("a minute of waiting must cost less than a late minute of any visit")]
    WaitingDearerThanLateness,
}

impl Policy {
    /// The file of the standard profile.
    pub const STANDARD: &str = include_str!("../profiles/standard.toml");

    /// The standard profile of the contract.
    pub fn standard() -> Policy {
        Policy::parse("standard", Policy::STANDARD)
            .expect("the standard profile is part of the program and is tested")
    }

    /// A profile under which nothing costs anything, nobody may be late, and time is all there is:
    /// what the profile of another objective starts from.
    pub fn free(name: &str) -> Policy {
        Policy {
            name: name.to_owned(),
            late_limit: [Seconds::ZERO; 4],
            late: [Rate::default(); 4],
            worst_late: Rate::default(),
            worst_idle: Rate::default(),
            work: Rate::default(),
            balance: Rate::default(),
            missed_break: None,
            optional_out: Cost::ZERO,
            travel: Rate::default(),
            waiting: Rate::default(),
            worst_wait: Rate::default(),
            overtime: Rate::default(),
            not_primary: Cost::ZERO,
            not_known: Cost::ZERO,
            avoided: None,
            unskilled: None,
            new_face: Cost::ZERO,
            other_carer: Cost::ZERO,
            other_time: Cost::ZERO,
            time_tolerance: Seconds::ZERO,
            buffer: Seconds::ZERO,
        }
    }

    /// Reads a profile: prices and limits in minutes, decimals allowed down to a tenth of a second.
    pub fn parse(name: &str, text: &str) -> Result<Policy, PolicyError> {
        let file: File = toml::from_str(text)
            .map_err(|error| PolicyError::Unreadable(error.message().to_owned()))?;
        let policy = Policy {
            name: name.to_owned(),
            late_limit: [
                limit("lateLimit.timeCritical", file.late_limit.time_critical)?,
                limit("lateLimit.important", file.late_limit.important)?,
                limit("lateLimit.normal", file.late_limit.normal)?,
                limit("lateLimit.optional", file.late_limit.optional)?,
            ],
            late: [
                Rate::default(),
                rate("late.important", file.late.important)?,
                rate("late.normal", file.late.normal)?,
                rate("late.optional", file.late.optional)?,
            ],
            worst_late: rate("worstLate", file.worst_late)?,
            worst_idle: rate("worstIdle", file.worst_idle)?,
            work: Rate::default(),
            balance: Rate::default(),
            missed_break: None,
            optional_out: price("optionalLeftOut", file.optional_left_out)?,
            travel: rate("travel", file.travel)?,
            waiting: rate("waiting", file.waiting)?,
            worst_wait: Rate::default(),
            overtime: rate("overtime", file.overtime)?,
            not_primary: price("notPrimary", file.not_primary)?,
            not_known: price("notKnown", file.not_known)?,
            avoided: None,
            unskilled: None,
            new_face: price("newFace", file.new_face)?,
            other_carer: price("changes.otherCarer", file.changes.other_carer)?,
            other_time: price("changes.otherTime", file.changes.other_time)?,
            time_tolerance: limit("changes.tolerance", file.changes.tolerance)?,
            buffer: limit("buffer", file.buffer)?,
        };
        let cheapest_late = policy.late[1..].iter().min().expect("three rates");
        if policy.waiting > *cheapest_late || policy.waiting > policy.overtime {
            return Err(PolicyError::WaitingDearerThanLateness);
        }
        Ok(policy)
    }

    /// What lateness costs in the sum.
    #[inline]
    pub fn late_cost(&self, criticality: Criticality, late: Seconds) -> Cost {
        self.late[criticality.index()].of(late)
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct File {
    late_limit: ByCriticality,
    late: LatePrices,
    #[serde(default)]
    worst_late: f64,
    #[serde(default)]
    worst_idle: f64,
    optional_left_out: f64,
    travel: f64,
    waiting: f64,
    overtime: f64,
    not_primary: f64,
    not_known: f64,
    new_face: f64,
    #[serde(default)]
    changes: Changes,
    #[serde(default)]
    buffer: f64,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct ByCriticality {
    time_critical: f64,
    important: f64,
    normal: f64,
    optional: f64,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct Changes {
    other_carer: f64,
    other_time: f64,
    tolerance: f64,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct LatePrices {
    important: f64,
    normal: f64,
    optional: f64,
}

/// Minutes of the file as tenths of a weighted second.
fn price(field: &'static str, minutes: f64) -> Result<Cost, PolicyError> {
    in_range(field, minutes, 10_000.0).map(|minutes| Cost((minutes * 600.0).round() as i64))
}

/// Minutes for each minute, as tenths for each second.
fn rate(field: &'static str, per_minute: f64) -> Result<Rate, PolicyError> {
    in_range(field, per_minute, 1_000.0).map(|rate| Rate((rate * 10.0).round() as i32))
}

fn limit(field: &'static str, minutes: f64) -> Result<Seconds, PolicyError> {
    in_range(field, minutes, 720.0).map(|minutes| Seconds((minutes * 60.0).round() as i32))
}

fn in_range(field: &'static str, value: f64, most: f64) -> Result<f64, PolicyError> {
    if (0.0..=most).contains(&value) {
        Ok(value)
    } else {
        Err(PolicyError::OutOfRange {
            field,
            value,
            wanted: "zero or more, and no more than makes sense",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_standard_profile_is_the_contracts() {
        let policy = Policy::standard();
        assert_eq!(policy.late_limit.map(|limit| limit.0 / 60), [30, 60, 120, 120]);
        assert_eq!(policy.late.map(|rate| rate.0), [0, 200, 50, 10]);
        assert_eq!(policy.optional_out, Cost(120 * 600));
        assert_eq!((policy.travel, policy.waiting, policy.overtime), (Rate(10), Rate(5), Rate(20)));
        assert_eq!(
            (policy.not_primary, policy.not_known, policy.new_face),
            (Cost(600), Cost(2400), Cost(150))
        );
        assert_eq!(
            (policy.other_carer, policy.other_time, policy.time_tolerance),
            (Cost(9000), Cost(6000), Seconds::minutes(15))
        );
    }

    #[test]
    fn a_profile_that_would_rather_be_late_than_wait_is_refused() {
        let text =
            include_str!("../profiles/standard.toml").replace("waiting = 0.5", "waiting = 1.5");
        assert_eq!(Policy::parse("x", &text), Err(PolicyError::WaitingDearerThanLateness));
    }
}
