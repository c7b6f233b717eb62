//! The contract's words: reads a visit list into what it says, strictly and with every fault at
//! once. Nothing here knows what a place on a map or a moment in time is; nobody outside knows JSON.

mod json;
mod list;
mod path;
mod personal;
mod read;
mod reader;
mod values;
mod wrong;

pub use list::IntakeMode;
pub use read::Limits;

pub(crate) use list::{Address, Carer, List, Location, Patient, Rest, Span, Visit, Where, Window};
pub(crate) use read::read_list;
pub(crate) use reader::Item;
pub(crate) use values::WallTime;
