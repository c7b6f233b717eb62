//! The planning spine, and the only crate that knows JSON, HTML and (later) HTTP. Inside it the
//! contract's words live in `wire`, what people read in `page`; the rest is the solver's.

mod answer;
mod compare;
mod conservation;
mod day;
mod error;
mod fault;
mod intake;
pub mod page;
mod planning;
mod proving;
mod wire;

pub use answer::{Answer, Checked, Echo, Made};
pub use compare::{Comparison, Part, Row, Unit, compare};
pub use day::{Day, Wall};
pub use error::PlanningError;
pub use fault::{FAULT_CODES, InputFault, WARNING_CODES};
pub use planning::{Order, Stage, check_plan, make_plan};
pub use wire::{Limits, checked_json, faults_json, plan_json};
