//! What is better than what, as data: the prices of the objective and how late a visit may be; and what
//! else a bydel may settle by itself: how fast its people are, what their skills count as, how long they may
//! work. The standard profile is the file `profiles/standard.toml` beside this crate; a bydel may have its own.

use std::collections::{BTreeMap, BTreeSet};

use hjemrute_travel::{Mode, Seconds, Time};
use serde::Deserialize;

use crate::plan::{Criticality, Skill};
use crate::score::{Cost, Rate};
use crate::worktime::WorkingTime;

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
    /// Whether who is sent out sets off when the shift starts, and waits at the first door if need be.
    pub leaves_at_start: bool,
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
    /// For a visit that starts at another time than the patient would like.
    pub not_preferred: Cost,
    /// How far a start may lie from that time and still be it.
    pub preferred_tolerance: Seconds,
    /// For a carer of a published visit who was not to come to it.
    pub other_carer: Cost,
    /// For a published visit that starts at another time.
    pub other_time: Cost,
    /// How far a start may lie from the published one and still be the same time.
    pub time_tolerance: Seconds,
    /// So long before their windows close time-critical visits are planned to begin, and shifts to end.
    pub buffer: Seconds,
    /// How long ways take against the map's own times, in percent, by [`Mode::index`].
    pub ways: [i32; Mode::ALL.len()],
    /// What a skill counts as besides itself.
    pub skills: BTreeMap<Skill, BTreeSet<Skill>>,
    /// How long people may work, and when they must rest.
    pub working_time: WorkingTime,
}

/// A profile that does not make sense, in words.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum PolicyError {
    /// The text is not what a profile looks like.
    #[error("the profile cannot be read: {0}")]
    Unreadable(String),
    /// A figure is outside what makes sense.
    #[error("`{field}` is {value}, but must be from {least} to {most}")]
    OutOfRange {
        /// Which figure.
        field: &'static str,
        /// What it is.
        value: f64,
        /// The least that it may be.
        least: f64,
        /// The most that it may be.
        most: f64,
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
            leaves_at_start: false,
            overtime: Rate::default(),
            not_primary: Cost::ZERO,
            not_known: Cost::ZERO,
            avoided: None,
            unskilled: None,
            new_face: Cost::ZERO,
            not_preferred: Cost::ZERO,
            preferred_tolerance: Seconds::ZERO,
            other_carer: Cost::ZERO,
            other_time: Cost::ZERO,
            time_tolerance: Seconds::ZERO,
            buffer: Seconds::ZERO,
            ways: [100; Mode::ALL.len()],
            skills: BTreeMap::new(),
            working_time: Policy::standard().working_time,
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
            leaves_at_start: false,
            overtime: rate("overtime", file.overtime)?,
            not_primary: price("notPrimary", file.not_primary)?,
            not_known: price("notKnown", file.not_known)?,
            avoided: None,
            unskilled: None,
            new_face: price("newFace", file.new_face)?,
            not_preferred: price("preferredStart.missed", file.preferred_start.missed)?,
            preferred_tolerance: limit("preferredStart.tolerance", file.preferred_start.tolerance)?,
            other_carer: price("changes.otherCarer", file.changes.other_carer)?,
            other_time: price("changes.otherTime", file.changes.other_time)?,
            time_tolerance: limit("changes.tolerance", file.changes.tolerance)?,
            buffer: limit("buffer", file.buffer)?,
            ways: file.ways.map_or(Ok([100; Mode::ALL.len()]), Ways::percent)?,
            skills: skills(file.skills),
            working_time: match file.working_time {
                Some(told) => told.rules()?,
                None => Policy::standard().working_time,
            },
        };
        let cheapest_late = policy.late[1..].iter().min().expect("three rates");
        if policy.waiting > *cheapest_late || policy.waiting > policy.overtime {
            return Err(PolicyError::WaitingDearerThanLateness);
        }
        Ok(policy)
    }

    /// The skills of somebody who has these: what each counts as, and what that counts as in turn.
    pub fn skills_of(&self, own: &BTreeSet<Skill>) -> BTreeSet<Skill> {
        let mut all = own.clone();
        let mut new: Vec<&Skill> = own.iter().collect();
        while let Some(skill) = new.pop() {
            let others = self.skills.get(skill).into_iter().flatten();
            new.extend(others.filter(|other| all.insert((*other).clone())));
        }
        all
    }

    /// What it costs that a visit starts then which the patient would like at another time.
    pub fn preferred_cost(&self, preferred: Option<Time>, start: Time) -> Cost {
        let apart = preferred.map(|preferred| start.0.abs_diff(preferred.0));
        let missed = apart.is_some_and(|apart| apart > self.preferred_tolerance.0.unsigned_abs());
        if missed { self.not_preferred } else { Cost::ZERO }
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
    preferred_start: PreferredStart,
    #[serde(default)]
    changes: Changes,
    #[serde(default)]
    buffer: f64,
    ways: Option<Ways>,
    #[serde(default)]
    skills: BTreeMap<String, BTreeSet<String>>,
    working_time: Option<WorkingTimeTold>,
}

/// Percent of the map's times.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Ways {
    car: f64,
    ebike: f64,
    bike: f64,
    foot: f64,
}

impl Ways {
    fn percent(self) -> Result<[i32; Mode::ALL.len()], PolicyError> {
        let percent = |field, told| in_range(field, told, 25.0, 400.0).map(|it| it.round() as i32);
        Ok([
            percent("ways.car", self.car)?,
            percent("ways.ebike", self.ebike)?,
            percent("ways.bike", self.bike)?,
            percent("ways.foot", self.foot)?,
        ])
    }
}

/// Minutes.
#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct WorkingTimeTold {
    break_after: f64,
    full_break_after: f64,
    full_break: f64,
    long_after: f64,
    ordinary_day: f64,
    longest_day: f64,
    daily_rest: f64,
}

impl WorkingTimeTold {
    fn rules(self) -> Result<WorkingTime, PolicyError> {
        Ok(WorkingTime {
            break_after: of_a_day("workingTime.breakAfter", self.break_after)?,
            full_break: (
                of_a_day("workingTime.fullBreakAfter", self.full_break_after)?,
                of_a_day("workingTime.fullBreak", self.full_break)?,
            ),
            long_after: of_a_day("workingTime.longAfter", self.long_after)?,
            ordinary: of_a_day("workingTime.ordinaryDay", self.ordinary_day)?,
            longest: of_a_day("workingTime.longestDay", self.longest_day)?,
            daily_rest: of_a_day("workingTime.dailyRest", self.daily_rest)?,
        })
    }
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
struct PreferredStart {
    missed: f64,
    tolerance: f64,
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

fn skills(told: BTreeMap<String, BTreeSet<String>>) -> BTreeMap<Skill, BTreeSet<Skill>> {
    let named =
        |(skill, others): (_, BTreeSet<_>)| (Skill(skill), others.into_iter().map(Skill).collect());
    told.into_iter().map(named).collect()
}

/// Minutes of the file as tenths of a weighted second.
fn price(field: &'static str, minutes: f64) -> Result<Cost, PolicyError> {
    in_range(field, minutes, 0.0, 10_000.0).map(|minutes| Cost((minutes * 600.0).round() as i64))
}

/// Minutes for each minute, as tenths for each second.
fn rate(field: &'static str, per_minute: f64) -> Result<Rate, PolicyError> {
    in_range(field, per_minute, 0.0, 1_000.0).map(|rate| Rate((rate * 10.0).round() as i32))
}

fn limit(field: &'static str, minutes: f64) -> Result<Seconds, PolicyError> {
    in_range(field, minutes, 0.0, 720.0).map(seconds)
}

fn of_a_day(field: &'static str, minutes: f64) -> Result<Seconds, PolicyError> {
    in_range(field, minutes, 0.0, 1440.0).map(seconds)
}

fn seconds(minutes: f64) -> Seconds {
    Seconds((minutes * 60.0).round() as i32)
}

fn in_range(field: &'static str, value: f64, least: f64, most: f64) -> Result<f64, PolicyError> {
    let makes_sense = (least..=most).contains(&value);
    let wrong = PolicyError::OutOfRange { field, value, least, most };
    if makes_sense { Ok(value) } else { Err(wrong) }
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
            (policy.not_preferred, policy.preferred_tolerance),
            (Cost(600), Seconds::minutes(15))
        );
        assert_eq!(
            (policy.other_carer, policy.other_time, policy.time_tolerance),
            (Cost(9000), Cost(6000), Seconds::minutes(15))
        );
    }

    #[test]
    fn what_a_bydel_settles_by_itself() {
        let policy = Policy::standard();
        let law = policy.working_time;
        assert_eq!(law.full_break, (Seconds::minutes(480), Seconds::minutes(30)));
        assert_eq!(policy.ways, [100; 4]);
        let text = Policy::STANDARD
            .replace("bike = 100", "bike = 120")
            .replace("dailyRest = 660", "dailyRest = 540")
            .replace("[skills]", "[skills]\nnurse = [\"helper\"]\nhelper = [\"driver\"]");
        let own = Policy::parse("own", &text).unwrap();
        assert_eq!(own.ways[Mode::Bike.index()], 120);
        assert_eq!(own.working_time, WorkingTime { daily_rest: Seconds::minutes(540), ..law });
        let skills = |names: &[&str]| names.iter().map(|name| Skill(name.to_string())).collect();
        assert_eq!(own.skills_of(&skills(&["nurse"])), skills(&["driver", "helper", "nurse"]));
        assert_eq!(own.skills_of(&skills(&["driver"])), skills(&["driver"]));
        let too_fast = Policy::STANDARD.replace("foot = 100", "foot = 20");
        assert!(matches!(
            Policy::parse("own", &too_fast),
            Err(PolicyError::OutOfRange { field: "ways.foot", .. })
        ));
    }

    #[test]
    fn a_profile_without_them_has_the_standard_ones() {
        let weights = Policy::STANDARD.split("# How long ways").next().unwrap();
        let text = weights.replace("buffer = 0\n", "");
        assert_eq!(Policy::parse("standard", &text), Ok(Policy::standard()));
    }

    #[test]
    fn a_profile_that_would_rather_be_late_than_wait_is_refused() {
        let text =
            include_str!("../profiles/standard.toml").replace("waiting = 0.5", "waiting = 1.5");
        assert_eq!(Policy::parse("x", &text), Err(PolicyError::WaitingDearerThanLateness));
    }
}
