//! The service through its front door: the real program on a port of its own, a real HTTP client, and
//! nothing that looks inside.

mod durable;
mod hostile;
mod plans;
mod running;
mod units;
mod worked;
