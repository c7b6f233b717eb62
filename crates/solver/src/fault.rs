//! What can be wrong with a day that was read well: a fault says who, what, and what to do. Faults
//! are collected, never told one at a time.

use crate::plan::{CarerRef, LocationId, Said, VisitId};

/// Something in the instance that cannot be meant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// A stable code in kebab-case.
    pub code: &'static str,
    /// What it is about.
    pub subject: Subject,
    /// The field of it, as the contract names it: `window`, `pinned/carer`, `gap`.
    pub field: &'static str,
    /// What is wrong.
    pub detail: Said,
    /// What to do.
    pub fix: Said,
}

/// What a fault is about.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Subject {
    /// A visit of the list.
    Visit(VisitId),
    /// A carer of the list.
    Carer(CarerRef),
    /// A location of the list.
    Location(LocationId),
}
