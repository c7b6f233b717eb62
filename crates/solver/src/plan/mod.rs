//! A day told in names: what was asked (`Instance`) and what was answered (`Plan`). Plain data with
//! public fields; knows no index but the row of a place in the travel tables, and no JSON.

mod bound;
mod instance;
pub mod notation;
mod published;
mod roster;
mod said;
mod worklist;

pub use bound::*;
pub use instance::*;
pub use published::*;
pub use roster::{Roster, Standing, Transfer};
pub use said::Said;
pub use worklist::*;
