//! From an OpenStreetMap extract to travel tables: reads a `.osm.pbf`, makes one road graph for
//! each mode, finds the road beside an address and the way between any two of them. Knows nothing
//! of visits, carers or HTTP.
//!
//! A road is read once ([`Roads::read`]), stored ([`Roads::save`], [`Roads::load`]), and asked:
//! [`Roads::addresses`] for where a door is, [`Roads::snap`] for the road it stands at, and
//! [`Roads::table`] for time and way between all of them.

mod address;
mod array;
mod boxes;
mod clip;
#[cfg(test)]
#[path = "../tests/common/mod.rs"]
mod common;
mod error;
#[cfg(test)]
mod fixture;
mod geometry;
mod graph;
mod hierarchy;
mod key;
mod many;
mod pbf;
mod profile;
mod protobuf;
mod roads;
#[cfg(test)]
mod scenes;
mod snap;
mod store;
mod strings;
mod tags;
mod tiles;
mod way;
mod wide;

pub use address::{AddressAnswer, AddressCounts, AddressQuery, Addresses, Candidate};
pub use clip::Clip;
pub use error::Error;
pub use geometry::Bounds;
pub use many::{Among, Legs};
pub use profile::Profiles;
pub use roads::{ModeSummary, Recipe, Roads};
pub use snap::{Snap, SnapRefusal};
pub use tiles::{TilesWritten, write_tiles};
pub use way::{Step, Way};
