//! The service through its front door: the real program on a port of its own, a real HTTP client, and
//! nothing that looks inside.

#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "clippy knows tests, but not what tests call"
)]

mod durable;
mod folder;
mod hostile;
mod load;
mod operations;
mod plans;
mod questions;
mod replans;
mod running;
mod settled;
mod shared;
mod signed;
mod units;
mod worked;
