//! A plan with everything that is told around it: what `wire` writes as `plan.json` and `page`
//! draws as work lists.

use std::collections::BTreeMap;

use hjemrute_solver::{
    Bound, Breach, Instance, PatientRef, Plan, Robustness, Score, VisitId, Warning,
};
use hjemrute_travel::Time;

use crate::{Day, InputFault};

/// The whole answer to one list.
#[derive(Clone, Debug)]
pub struct Answer {
    /// The list's id.
    pub list_id: String,
    /// The list's version.
    pub version: u32,
    /// The day that is planned.
    pub day: Day,
    /// What was asked, without what was rejected.
    pub instance: Instance,
    /// What is answered; has passed `verify`. Its warnings include those of the intake.
    pub plan: Plan,
    /// What it was made against, where a plan held already.
    pub replanned: Option<Replanned>,
    /// How it holds when times are other than planned, where that was asked.
    pub robustness: Option<Robustness>,
    /// What is proved of it, where anything is.
    pub bound: Option<Bound>,
    /// The visits of the list that are not in the instance, each with its faults.
    pub rejected: Vec<(VisitId, Vec<InputFault>)>,
    /// The faults of the locations, patients and carers of the list that are not in it either.
    pub left_out: Vec<InputFault>,
    /// What the list carried along.
    pub echo: Echo,
    /// By what and how it was made.
    pub made: Made,
}

/// What a plan that was made anew says of the one that held.
#[derive(Clone, Debug)]
pub struct Replanned {
    /// The id of the plan that held, if it has one.
    pub from: Option<String>,
    /// What lies before stayed as it was.
    pub frozen_until: Option<Time>,
    /// How many patients might be disturbed besides those who had to be.
    pub most_changes: Option<usize>,
    /// The patients who get another carer, another time or nobody even if everything else stays.
    pub forced: Vec<PatientRef>,
}

/// A list that can be planned, before it is.
#[derive(Clone, Debug)]
pub struct Accepted {
    /// The list's id.
    pub list_id: String,
    /// The list's version.
    pub version: u32,
    /// The day that is asked for.
    pub day: Day,
    /// Which unit the list says it is of.
    pub unit: ListUnit,
    /// How many visits are taken.
    pub visits: usize,
    /// How many carers are.
    pub carers: usize,
    /// The visits that are not, each with its faults.
    pub rejected: Vec<(VisitId, Vec<InputFault>)>,
    /// The faults of the locations, patients and carers that are not either.
    pub left_out: Vec<InputFault>,
    /// What the list carried along.
    pub echo: Echo,
    /// What a scheduler should look at before planning.
    pub warnings: Vec<Warning>,
}

/// The unit that a list says it is of, as far as it does.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ListUnit {
    /// `0301`.
    pub municipality: Option<String>,
    /// `030101`.
    pub district: Option<String>,
}

/// What a visit is, by a code that planning does not read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Service {
    /// The system of the code: `9151`.
    pub system: String,
    /// The code.
    pub code: String,
}

/// What the list carried along, to be handed back where it belongs: what stood under `ext`, as raw JSON
/// by id, and what planning does not read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Echo {
    /// When the list was drawn from the sender's system.
    pub extracted: Option<jiff::Timestamp>,
    /// The unit that the list says it is of.
    pub unit: ListUnit,
    /// What each visit is, of those of which it is told.
    pub services: BTreeMap<String, Service>,
    /// Of the list.
    pub list: Option<String>,
    /// Of its locations.
    pub locations: BTreeMap<String, String>,
    /// Of its patients.
    pub patients: BTreeMap<String, String>,
    /// Of its visits.
    pub visits: BTreeMap<String, String>,
    /// Of its carers.
    pub carers: BTreeMap<String, String>,
}

/// By what and how a plan was made.
#[derive(Clone, Debug, PartialEq)]
pub struct Made {
    /// The program's version.
    pub solver: String,
    /// The seed.
    pub seed: u64,
    /// How many iterations the search did.
    pub iterations: u64,
    /// How long it took; only told when the budget was a time, so that a plan made by iterations
    /// is the same byte for byte.
    pub seconds: Option<f64>,
    /// The map's name, date and hash.
    pub map: String,
    /// The name of the policy.
    pub profile: String,
}

/// A plan held against its list.
#[derive(Clone, Debug, PartialEq)]
pub struct Checked {
    /// Every rule it breaks; none is a clean plan.
    pub breaches: Vec<Breach>,
    /// What it really costs.
    pub score: Score,
}
