//! The contract between roads and solver: what a place is, how long and how far it is between two
//! of them, and the quantities both sides count in. Knows nothing of maps, visits or files, and
//! depends on nothing, so that either side can be exchanged without the other noticing.

mod band;
mod ids;
mod mode;
mod place;
mod quantity;
mod table;

pub use band::{Band, Hours};
pub use ids::PlaceId;
pub use mode::Mode;
pub use place::Position;
pub use quantity::{Metres, Seconds, Time};
pub use table::{Leg, Row, Table, Tables};
