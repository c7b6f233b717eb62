//! What the service and the process that makes a plan say to each other: an order with the list behind
//! it one way, lines of JSON the other. The order's pipe stays open: when it closes, the service is gone
//! or wants no plan any more, and the process ends.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use crate::store::{Format, Prove};

/// What is to be made; the list follows, so many bytes of it.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct JobOrder {
    pub(super) bytes: usize,
    /// The plan that holds, if there is one; it follows behind the list.
    pub(super) held: Option<Held>,
    pub(super) map: PathBuf,
    pub(super) profile: String,
    /// The text of the profile; absent for the standard one.
    pub(super) prices: Option<String>,
    pub(super) seed: u32,
    pub(super) seconds: u32,
    pub(super) iterations: Option<u32>,
    /// Whether to look for a bound.
    pub(super) prove: Prove,
    pub(super) threads: u16,
    /// MiB.
    pub(super) memory: u32,
}

/// The plan that holds, and on what terms it is left.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Held {
    pub(super) bytes: usize,
    /// Minutes after midnight.
    pub(super) now: Option<u32>,
    pub(super) most_changes: Option<usize>,
}

/// What the process tells.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Told {
    /// Where it is.
    Progress(Progress),
    /// One form of the plan or of a work list.
    Document { number: u32, format: Format, text: String },
    /// All documents are told; so many work lists.
    Done { lists: u32 },
    /// The list cannot be planned after all: pins that cannot be kept together.
    Refused,
    /// A plan was made that breaks a rule; it is withheld.
    Unsound,
    /// The map cannot be read.
    NoMap,
}

/// How far a plan is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Progress {
    /// How much of the time or of the rounds is used, in thousandths.
    pub(crate) permille: u32,
    /// Rounds so far, of one of the workers.
    pub(crate) iterations: u64,
    /// How many visits the best plan so far leaves out.
    pub(crate) left_out: u64,
    /// What that plan costs, in tenths of a weighted second.
    pub(crate) cost: i64,
    /// No plan that does as many visits costs less, as far as that is proved.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub(crate) bound: Option<i64>,
}
