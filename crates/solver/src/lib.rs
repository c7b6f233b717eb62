//! A day of visits in, a plan out. No files, no clock but the budget, no network: what goes in is
//! an [`Instance`] and travel tables, what comes out is a [`Plan`] that [`verify()`] has read again.

mod begun;
mod breaks;
mod by_hand;
mod cars;
mod city;
mod compile;
mod errands;
mod exact;
mod explain;
mod fault;
mod faults;
mod gap;
mod kpi;
mod plan;
mod policy;
mod problem;
mod readback;
mod render;
mod replan;
mod route;
mod rules;
mod score;
mod search;
mod simulate;
mod solution;
mod suggest;
mod timing;
mod verify;
mod worktime;

pub use begun::published;
pub use by_hand::{Driven, drive, transferred};
pub use cars::{as_they_come, driven_by, share_out};
pub use city::{Parted, is_city, solve_in_parts, tables_of_plan};
pub use exact::{Effort, MOST_VISITS, Proof, prove, proven};
pub use explain::{
    Alternative, Change, Outcome, Why, WouldFit, smallest_change, tell_room_left, why,
};
pub use fault::{Fault, Subject};
pub use faults::faults;
pub use kpi::{
    Definition, Figure, Kpi, Ratio, Spread, Step, Text, TimeUse, Value, Walk, kpi, walks,
};
pub use plan::*;
pub use policy::{Policy, PolicyError};
pub use problem::Problem;
pub use readback::read_back;
pub use render::render;
pub use replan::{Replanned, replan};
pub use rules::carers_who_may;
pub use score::{Cost, Parts, Rate, Score};
pub use search::{Budget, Progress, improve, solve};
#[doc(hidden)]
pub use search::{Timed, timed};
pub use simulate::{Held, Noise, Robustness, simulate, with_buffers};
pub use solution::Solution;
pub use suggest::suggest;
pub use verify::{Breach, Verdict, verify};
pub use worktime::WorkingTime;
