//! The planning spine, and the only crate that knows the contract's JSON and what people read. Inside
//! it the contract's words live in `wire`, pages and tables in `page`; the rest is the solver's. Does
//! no IO: HTTP, files and clocks are for the crates above.

mod answer;
mod belonging;
mod changes;
mod compare;
mod conservation;
mod day;
mod difference;
mod error;
mod fault;
mod fhir;
mod hours;
mod intake;
mod loaded;
pub mod page;
mod planning;
mod proving;
mod questions;
mod robust;
mod standing;
mod wire;

pub use answer::{Accepted, Answer, Checked, Echo, ListUnit, Made, Replanned, Service};
pub use belonging::{Belonging, misplaced};
pub use changes::{Change, ChangeKind, Changes, Coming, changes};
pub use compare::{Comparison, Number, Part, Row, Unit, compare, figures_of};
pub use day::{Day, Wall};
pub use difference::{Difference, Moved, Visited, moved};
pub use error::PlanningError;
pub use fault::{FAULT_CODES, InputFault, WARNING_CODES};
pub use fhir::{outcome_json, plan_fhir};
pub use hours::Surroundings;
pub use loaded::{LoadedDay, LoadedPlan};
pub use planning::{
    Order, Proving, Stage, Standing, accept_list, bundle_of, check_plan, check_replan, day_of,
    make_plan, replan,
};
pub use questions::{
    ByHand, Explained, Suggested, Tried, check_by_hand, explain, revised, said_of, suggestions,
    try_moves, weighed_anew,
};
pub use robust::simulate_plan;
pub use wire::{
    Limits, accepted_json, breaches_json, by_hand_json, changed_list, changes_json, checked_json,
    comparison_json, explained_json, faults_json, is_by_hand, list_of_csv, looks_like_a_name,
    plan_json, read_profile, robustness_json, suggested_json, tried_json, wall_minutes,
    work_list_geojson, work_list_json, work_list_ways,
};
