//! Public benchmark formats, in and out: a file of others becomes a day and its travel tables, and a
//! plan becomes an answer that the format's own evaluators read. What our model cannot express is an
//! error that names the field, never left aside. Knows no roads, no clock and no search.

mod error;
pub mod hhcrsp;
pub mod solomon;
pub mod uhhc;
pub mod vroom;

pub use error::InstanceError;
