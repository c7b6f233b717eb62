//! A plan with everything that is told around it: what `wire` writes as `plan.json` and `page`
//! draws as work lists.

use hjemrute_solver::{Instance, Plan, VisitId};

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
    /// What is answered; has passed `verify`.
    pub plan: Plan,
    /// The visits of the list that are not in the instance, each with its faults.
    pub rejected: Vec<(VisitId, Vec<InputFault>)>,
    /// By what and how it was made.
    pub made: Made,
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
