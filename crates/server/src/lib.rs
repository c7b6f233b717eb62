//! The planning spine and the only crate that knows JSON and HTTP.
