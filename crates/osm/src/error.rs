//! What can be wrong with a map: one closed list, each entry saying where and what to do.

use std::io;
use std::path::PathBuf;

/// Why a map could not be read, clipped, stored or opened.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The file system refused.
    #[error("{}: {source}", path.display())]
    File {
        /// The file in question.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// The bytes are not a sound `.osm.pbf`.
    #[error("not a sound .osm.pbf, at byte {offset}: {what}; fetch the extract again")]
    Pbf {
        /// Where the offending part starts, counted from the beginning of the file.
        offset: u64,
        /// What is wrong there.
        what: String,
    },
    /// Nothing to drive or walk on.
    #[error("the map has {nodes} nodes and {ways} roads inside the wanted area; choose another")]
    NoRoads {
        /// Nodes kept.
        nodes: usize,
        /// Ways kept.
        ways: usize,
    },
    /// Nothing that a map to look at shows.
    #[error("there is nothing to draw inside the wanted area; choose another")]
    NothingToDraw,
    /// More road than the tables can count.
    #[error("the map is too large: {kilometres} km of road for {mode}; clip it to the area needed")]
    TooLarge {
        /// Kilometres of road.
        kilometres: u64,
        /// The mode counted.
        mode: &'static str,
    },
    /// The profile of a mode cannot be used.
    #[error("not a usable profile: {0}")]
    Profile(String),
    /// The register of addresses cannot be used.
    #[error("{}, line {line}: {what}", path.display())]
    Register {
        /// The file in question.
        path: PathBuf,
        /// The line, counted from 1; 0 for the file as a whole.
        line: u64,
        /// What is wrong there.
        what: String,
    },
    /// The clip area cannot be used.
    #[error("the area is not a usable GeoJSON polygon: {0}")]
    Clip(String),
    /// The stored map cannot be used.
    #[error("{}: {what}; build it again with `hjemrute map build`", path.display())]
    Store {
        /// The stored map.
        path: PathBuf,
        /// What is wrong with it.
        what: String,
    },
}

impl Error {
    pub(crate) fn pbf(offset: u64, what: impl Into<String>) -> Error {
        Error::Pbf { offset, what: what.into() }
    }

    pub(crate) fn file(path: &std::path::Path) -> impl Fn(io::Error) -> Error + use<'_> {
        |source| Error::File { path: path.to_owned(), source }
    }
}
