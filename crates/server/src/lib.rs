//! The planning spine, and the only crate that knows JSON, HTML and (later) HTTP. Inside it the
//! contract's words live in `wire`, what people read in `page`; the rest is the solver's.

mod answer;
mod day;
mod fault;
pub mod page;
mod wire;

pub use answer::{Answer, Made};
pub use day::Day;
pub use fault::{FAULT_CODES, InputFault};
pub use wire::{IntakeMode, Limits};
