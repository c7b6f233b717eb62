//! The front door of the crate: a map read, stored, loaded, and asked. Ties the other rooms together
//! and does no work of its own.

#[cfg(test)]
mod damage;
mod of_mode;
mod recipe;
mod stored;

use std::fs::File;
use std::io::BufReader;
use std::path::Path;

use hjemrute_travel::{Band, Mode, Position, Table};
use serde::{Deserialize, Serialize};

use crate::address::{AddressBook, Addresses};
use crate::array::Bytes;
use crate::geometry::Bounds;
#[cfg(test)]
use crate::graph::{Graph, Network};
#[cfg(test)]
use crate::hierarchy::Hierarchy;
use crate::many::{self, Among};
use crate::profile::Clock;
use crate::snap::{Snap, SnapRefusal};
use crate::strings::{Strings, fold};
use crate::way::Way;
use crate::{Clip, Error, pbf};
use of_mode::ModeRoads;

pub use recipe::Recipe;

/// A map with its roads for each mode and its addresses. Read-only; may be shared between threads.
#[derive(Debug)]
pub struct Roads {
    meta: Meta,
    bounds: Bounds,
    strings: Strings,
    /// The folded names of roads, rising, each with the name as it is written.
    streets: Vec<[u32; 2]>,
    book: AddressBook,
    /// Those of the modes it was loaded for.
    modes: [Option<ModeRoads>; Mode::ALL.len()],
}

/// Which map it is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Meta {
    name: String,
    date: Option<String>,
    /// Of the map file, the clip and the profiles.
    checksum: u32,
}

/// How much road one mode has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ModeSummary {
    /// Junctions, ends and obstacles.
    pub nodes: usize,
    /// Open directions of stretches between them.
    pub arcs: usize,
    /// Metres of road.
    pub metres: u64,
    /// Metres of it in the greatest network, to which addresses are joined.
    pub main_metres: u64,
    /// Metres of it in other networks that addresses may be joined to, as those of islands.
    pub apart_metres: u64,
}

impl Roads {
    /// Reads an `.osm.pbf`, keeping what lies inside the clip.
    ///
    /// # Errors
    /// If the file is damaged, or holds no road there, or too much of it.
    pub fn read(pbf: &Path, clip: Option<&Clip>) -> Result<Roads, Error> {
        Roads::read_by(pbf, &Recipe { clip, ..Recipe::default() })
    }

    /// The same by a recipe.
    ///
    /// # Errors
    /// As of [`Roads::read`], and if the register cannot be used or has no address there.
    pub fn read_by(pbf: &Path, recipe: &Recipe<'_>) -> Result<Roads, Error> {
        let mut file = BufReader::new(File::open(pbf).map_err(Error::file(pbf))?);
        let extract = pbf::read(&mut file, recipe.clip)?;
        Roads::build_by(&extract, &recipe::name_of(pbf), recipe)
    }

    /// Stores the map; a file of that name is replaced at once and as a whole.
    ///
    /// # Errors
    /// If the file system refuses; the old file is then as it was.
    pub fn save(&self, path: &Path) -> Result<(), Error> {
        let small = self.small();
        self.sections(&small).write(path).map_err(Error::file(path))
    }

    /// Loads a stored map.
    ///
    /// # Errors
    /// If it is not as it was written, or of another version.
    pub fn load(path: &Path) -> Result<Roads, Error> {
        Roads::load_for(path, &Mode::ALL)
    }

    /// Loads of a stored map what is needed for some modes; the roads of others are not looked at,
    /// and to ask for them panics. A quarter of the work of opening falls to each mode.
    ///
    /// # Errors
    /// If that part of it is not as it was written, or it is of another version.
    pub fn load_for(path: &Path, modes: &[Mode]) -> Result<Roads, Error> {
        let bytes = Bytes::of_file(path).map_err(Error::file(path))?;
        Roads::from_bytes(bytes, modes).map_err(|what| Error::Store { path: path.into(), what })
    }

    /// The roads of a mode.
    fn of_mode(&self, mode: Mode) -> &ModeRoads {
        let roads = self.modes[mode.index()].as_ref();
        roads.unwrap_or_else(|| panic!("the map was not loaded for {}", mode.name()))
    }

    /// What a table of a mode is made from.
    #[cfg(test)]
    pub(crate) fn parts(&self, mode: Mode) -> (&Graph, &Network, &Hierarchy) {
        let roads = self.of_mode(mode);
        (&roads.graph, roads.network(), roads.hierarchy())
    }

    /// Joins a position to the roads of a mode; `street` is the street of the address, whose own
    /// road is preferred where it is nearly as near. The answer depends on nothing else.
    ///
    /// # Errors
    /// If no road that can be reached and left is within 250 m.
    pub fn snap(
        &self,
        mode: Mode,
        position: Position,
        street: Option<&str>,
    ) -> Result<Snap, SnapRefusal> {
        let roads = self.of_mode(mode);
        let name = self.strings.id(&fold(street.unwrap_or_default()));
        roads.finder.snap(&roads.graph, mode, position, name)
    }

    /// Time and way between every two places, door to door; a place that is joined to no road has
    /// no way to or from it. Whole seconds and metres; the same for any number of threads.
    ///
    /// # Panics
    /// If a place was joined to the roads of another mode or map.
    pub fn table(&self, mode: Mode, places: &[Option<Snap>]) -> Table {
        self.table_in(mode, Band::STANDARD, places)
    }

    /// The same for those who set out in a band. The metric of another than the standard band is
    /// customised when it is first asked for.
    ///
    /// # Panics
    /// If a place was joined to the roads of another mode or map.
    pub fn table_in(&self, mode: Mode, band: Band, places: &[Option<Snap>]) -> Table {
        assert!(places.iter().flatten().all(|place| place.mode() == mode), "places of one mode");
        let roads = self.of_mode(mode);
        let (graph, metric) = roads.in_band(band);
        many::table(graph, roads.network(), roads.hierarchy(), metric, places)
    }

    /// Places that one more may be put among, which then takes a row and a column of its own.
    ///
    /// # Panics
    /// If a place was joined to the roads of another mode or map.
    pub fn among(&self, mode: Mode, band: Band, places: &[Option<Snap>]) -> Among<'_> {
        assert!(places.iter().flatten().all(|place| place.mode() == mode), "places of one mode");
        let roads = self.of_mode(mode);
        let (graph, metric) = roads.in_band(band);
        Among::of(graph, roads.network(), roads.hierarchy(), metric, places)
    }

    /// The band whose table holds in this one too: modes that know no rush hour have few.
    pub fn representative(&self, mode: Mode, band: Band) -> Band {
        self.of_mode(mode).graph.representative(band)
    }

    /// The band at a minute after midnight, local time, on a day of a month (from 1).
    pub fn band(month: u32, weekend: bool, minute: u32) -> Band {
        Clock::of_norway().band(month, weekend, minute)
    }

    /// The way between two places, as the table counts it; `None` if there is none.
    ///
    /// # Panics
    /// If the places were joined to the roads of two modes, or of another map.
    pub fn way(&self, from: &Snap, to: &Snap) -> Option<Way> {
        assert_eq!(from.mode(), to.mode(), "places of one mode");
        let name = |folded: u32| {
            let known = self.streets.binary_search_by_key(&folded, |street| street[0]);
            known.map_or("", |street| self.strings.get(self.streets[street][1])).to_owned()
        };
        self.of_mode(from.mode()).ways().way(from, to, name)
    }

    /// The addresses of the map.
    pub fn addresses(&self) -> Addresses<'_> {
        Addresses::new(&self.book)
    }

    /// The box around all roads and addresses.
    pub fn bounds(&self) -> Bounds {
        self.bounds
    }

    /// Whether a position lies in that box.
    pub fn contains(&self, position: Position) -> bool {
        self.bounds.contains(position)
    }

    /// The map's name: that of the file it was read from.
    pub fn name(&self) -> &str {
        &self.meta.name
    }

    /// The day the data were current, as `2025-06-16`, if the file told.
    pub fn date(&self) -> Option<&str> {
        self.meta.date.as_deref()
    }

    /// Which map this is, for the record of a plan: `oslo 2025-06-16 9f31ab12`. Equal for equal map
    /// files, clips and profiles.
    pub fn map_id(&self) -> String {
        let Meta { name, date, checksum } = &self.meta;
        match date {
            Some(date) => format!("{name} {date} {checksum:08x}"),
            None => format!("{name} {checksum:08x}"),
        }
    }

    /// How much road a mode has.
    pub fn summary(&self, mode: Mode) -> ModeSummary {
        let graph = &self.of_mode(mode).graph;
        let [all, main, apart] = graph.length_dm();
        ModeSummary {
            nodes: graph.nodes as usize,
            arcs: graph.lanes().count(),
            metres: all / 10,
            main_metres: main / 10,
            apart_metres: apart / 10,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn threads_may_share_roads() {
        fn shared<T: Send + Sync>() {}
        shared::<Roads>();
    }
}
