//! A day of visits in, a plan out. No files, no clock but the budget, no network: what goes in is
//! an [`Instance`] and travel tables, what comes out is a [`Plan`] that [`verify`] has read again.

mod fault;
mod faults;
mod plan;
mod policy;
mod score;
mod verify;

pub use fault::{Fault, Subject};
pub use faults::faults;
pub use plan::*;
pub use policy::{Policy, PolicyError};
pub use score::{Cost, Parts, Rate, Score};
pub use verify::{Breach, Verdict, verify};
