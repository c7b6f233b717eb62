//! Tests through the front door: a list goes in as bytes, a plan or its faults come out. On the map
//! of the demo town.

mod asked;
mod clocks;
mod common;
mod contract;
mod faults;
mod mutations;
mod page_of_faults;
mod personal;
mod rejected;
mod round_trip;
