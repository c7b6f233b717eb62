//! The one binary: reads the command line and calls the crates.

fn main() {}
