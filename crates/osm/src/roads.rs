//! The front door of the crate: a map read, stored, loaded, and asked. Ties the other rooms together
//! and does no work of its own.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::BufReader;
use std::path::Path;
use std::sync::OnceLock;

use hjemrute_travel::{Band, Mode, Position, Table};
use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use crate::address::{self, AddressBook, Addresses};
use crate::array::Bytes;
use crate::geometry::{Bounds, Point};
use crate::graph::{self, Bands, Csr, Graph, Lane, Network};
use crate::hierarchy::{Hierarchy, Metric, Steps};
use crate::many::{self, Among};
use crate::pbf::{self, Extract};
use crate::profile::{Clock, Profiles};
use crate::snap::{Finder, Snap, SnapRefusal};
use crate::store::{Reader, Writer};
use crate::strings::{Strings, fold};
use crate::way::{Way, Ways};
use crate::{Clip, Error};

/// A map with its roads for each mode and its addresses. Read-only; may be shared between threads.
#[derive(Debug)]
pub struct Roads {
    meta: Meta,
    bounds: Bounds,
    strings: Strings,
    /// The folded names of roads, rising, each with the name as it is written.
    streets: Vec<[u32; 2]>,
    book: AddressBook,
    modes: [ModeRoads; Mode::ALL.len()],
}

/// What the texts of a map are, and what is named by them.
struct Names {
    strings: Strings,
    streets: Vec<[u32; 2]>,
    book: AddressBook,
}

/// Which map it is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Meta {
    name: String,
    date: Option<String>,
    /// Of the map file, the clip and the profiles.
    checksum: u32,
}

/// The roads of one mode; what can be derived is derived when first asked for.
#[derive(Debug)]
struct ModeRoads {
    graph: Graph,
    network: OnceLock<Network>,
    hierarchy: OnceLock<Hierarchy>,
    exits: OnceLock<Csr<Lane>>,
    finder: Finder,
    /// Other bands than the standard one, made when first asked for.
    bands: [OnceLock<InBand>; Band::COUNT],
}

/// The roads of one mode in one band.
#[derive(Debug)]
struct InBand {
    graph: Graph,
    metric: Metric,
}

impl ModeRoads {
    fn new(graph: Graph, hierarchy: Option<Hierarchy>) -> ModeRoads {
        let hierarchy = hierarchy.map(OnceLock::from).unwrap_or_default();
        let (network, exits) = (OnceLock::new(), OnceLock::new());
        ModeRoads {
            graph,
            network,
            hierarchy,
            exits,
            finder: Finder::default(),
            bands: Default::default(),
        }
    }

    fn network(&self) -> &Network {
        self.network.get_or_init(|| Network::of(&self.graph))
    }

    fn hierarchy(&self) -> &Hierarchy {
        self.hierarchy.get_or_init(|| Hierarchy::of(&self.graph, self.network()))
    }

    /// The graph and the metric of a band.
    fn in_band(&self, band: Band) -> (&Graph, &Metric) {
        let band = self.graph.representative(band);
        if band == Band::STANDARD {
            return (&self.graph, &self.hierarchy().standard);
        }
        let in_band = self.bands[band.index()].get_or_init(|| {
            let graph = self.graph.in_band(band);
            let metric = self.hierarchy().customized(self.network().arcs(&graph));
            InBand { graph, metric }
        });
        (&in_band.graph, &in_band.metric)
    }

    fn ways(&self) -> Ways<'_> {
        Ways {
            graph: &self.graph,
            network: self.network(),
            hierarchy: self.hierarchy(),
            exits: self.exits.get_or_init(|| self.graph.exits()),
        }
    }
}

/// What a map is made by, besides an extract of OpenStreetMap.
#[derive(Clone, Debug)]
pub struct Recipe<'a> {
    /// Only what lies inside is kept.
    pub clip: Option<&'a Clip>,
    /// How each mode gets about.
    pub profiles: Profiles,
    /// A register of addresses (Kartverket's file): those that lie on the map go before the extract's.
    pub register: Option<&'a Path>,
}

impl Default for Recipe<'_> {
    fn default() -> Self {
        Recipe { clip: None, profiles: Profiles::standard(), register: None }
    }
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
        Roads::build_by(&extract, &map_name(pbf), recipe)
    }

    #[cfg(test)]
    pub(crate) fn build(
        extract: &Extract,
        clip: Option<&Clip>,
        name: &str,
    ) -> Result<Roads, Error> {
        Roads::build_by(extract, name, &Recipe { clip, ..Recipe::default() })
    }

    fn build_by(extract: &Extract, name: &str, recipe: &Recipe<'_>) -> Result<Roads, Error> {
        let Recipe { clip, profiles, register } = recipe;
        let names = || extract.ways.iter().filter_map(|way| way.tags.get("name"));
        let texts = names().map(fold).chain(names().map(str::to_owned));
        let strings = Strings::of(texts.collect());
        let streets: BTreeMap<u32, u32> =
            names().map(|name| (strings.id(&fold(name)), strings.id(name))).collect();
        let streets = streets.into_iter().map(|(folded, written)| [folded, written]).collect();
        let graphs = Mode::ALL.par_iter().map(|mode| graph(extract, profiles, *mode, &strings));
        let graphs = graphs.collect::<Result<Vec<Graph>, Error>>()?;
        let bounds = Bounds::around(points(&graphs)).ok_or(NO_ROADS)?;
        let inside = |point: Point| {
            bounds.contains(point.into()) && clip.is_none_or(|clip| clip.contains(point))
        };
        let (book, register) = address::book(extract, *register, inside)?;
        let meta = Meta {
            name: name.into(),
            date: extract.replicated.map(date),
            checksum: checksum(extract, recipe, register),
        };
        let modes = graphs.into_iter().map(|graph| ModeRoads::new(graph, None)).collect();
        let names = Names { strings, streets, book };
        Roads::of(meta, names, modes).ok_or(NO_ROADS)
    }

    fn of(meta: Meta, names: Names, modes: Vec<ModeRoads>) -> Option<Roads> {
        let Names { strings, streets, book } = names;
        let roads = points(modes.iter().map(|roads| &roads.graph));
        let bounds = Bounds::around(roads.chain(book.points()))?;
        Some(Roads { meta, bounds, strings, streets, book, modes: modes.try_into().ok()? })
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
        let bytes = Bytes::of_file(path).map_err(Error::file(path))?;
        Roads::from_bytes(bytes).map_err(|what| Error::Store { path: path.into(), what })
    }

    /// The bytes of the stored map.
    #[cfg(test)]
    pub(crate) fn to_bytes(&self) -> Vec<u8> {
        let small = self.small();
        self.sections(&small).bytes()
    }

    /// What a table of a mode is made from.
    #[cfg(test)]
    pub(crate) fn parts(&self, mode: Mode) -> (&Graph, &Network, &Hierarchy) {
        let roads = &self.modes[mode.index()];
        (&roads.graph, roads.network(), roads.hierarchy())
    }

    /// What is stored and is no array yet.
    fn small(&self) -> Small {
        let meta = serde_json::to_vec(&self.meta).expect("a map's name and date are plain text");
        let counts = self.modes.each_ref().map(|roads| {
            let Graph { nodes, through_ms, turns_ms, .. } = roads.graph;
            let turns_ms = turns_ms.as_ref().map_or(&[][..], |turns| turns);
            [&[nodes, through_ms], turns_ms].concat()
        });
        Small { meta, counts }
    }

    fn sections<'a>(&'a self, small: &'a Small) -> Writer<'a> {
        // All at once, because each takes long.
        self.modes.par_iter().for_each(|roads| {
            roads.hierarchy();
        });
        let mut writer = Writer::default();
        writer.add(section::META, &small.meta);
        let (ends, bytes) = self.strings.parts();
        writer.add(section::STRING_ENDS, ends);
        writer.add(section::STRING_BYTES, bytes);
        writer.add(section::STREETS, &self.streets);
        self.book.write(&mut writer);
        for (mode, roads) in Mode::ALL.into_iter().zip(&self.modes) {
            let ids = section::of(mode);
            let (graph, hierarchy) = (&roads.graph, roads.hierarchy());
            writer.add(ids.counts, &small.counts[mode.index()]);
            writer.add(ids.edges, &graph.edges);
            writer.add(ids.points, &graph.points);
            writer.add(ids.bans, &graph.bans);
            writer.add(ids.ban_bands, &graph.ban_bands);
            writer.add(ids.percents, &graph.bands.percents);
            writer.add(ids.classes, &graph.bands.classes);
            writer.add(ids.exceptions, &graph.bands.exceptions);
            writer.add(ids.ranks, &hierarchy.ranks);
            let Metric { up, down } = &hierarchy.standard;
            for (ids, steps) in [(ids.up, up), (ids.down, down)] {
                writer.add(ids[0], &steps.first);
                writer.add(ids[1], &steps.heads);
                writer.add(ids[2], &steps.keys);
            }
        }
        writer
    }

    pub(crate) fn from_bytes(bytes: Bytes) -> Result<Roads, String> {
        let reader = Reader::open(bytes)?;
        let meta: Meta = serde_json::from_slice(&reader.take::<u8>(section::META)?)
            .map_err(|_| "its name cannot be read")?;
        let ends = reader.take::<u32>(section::STRING_ENDS)?;
        let bytes = reader.take::<u8>(section::STRING_BYTES)?;
        let strings = Strings::from_parts(ends.to_vec(), bytes.to_vec())?;
        let streets: Vec<[u32; 2]> = reader.take(section::STREETS)?.to_vec();
        if !streets.is_sorted() || !streets.iter().flatten().all(|id| strings.knows(*id)) {
            return Err("its street names are damaged".into());
        }
        let book = AddressBook::read(&reader)?;
        let modes = Mode::ALL.par_iter().map(|mode| stored_roads(&reader, *mode, &strings));
        let modes = modes.collect::<Result<Vec<ModeRoads>, String>>()?;
        let names = Names { strings, streets, book };
        Roads::of(meta, names, modes).ok_or_else(|| "there are no roads in it".into())
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
        let roads = &self.modes[mode.index()];
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
        let roads = &self.modes[mode.index()];
        let (graph, metric) = roads.in_band(band);
        many::table(graph, roads.network(), roads.hierarchy(), metric, places)
    }

    /// Places that one more may be put among, which then takes a row and a column of its own.
    ///
    /// # Panics
    /// If a place was joined to the roads of another mode or map.
    pub fn among(&self, mode: Mode, band: Band, places: &[Option<Snap>]) -> Among<'_> {
        assert!(places.iter().flatten().all(|place| place.mode() == mode), "places of one mode");
        let roads = &self.modes[mode.index()];
        let (graph, metric) = roads.in_band(band);
        Among::of(graph, roads.network(), roads.hierarchy(), metric, places)
    }

    /// The band whose table holds in this one too: modes that know no rush hour have few.
    pub fn representative(&self, mode: Mode, band: Band) -> Band {
        self.modes[mode.index()].graph.representative(band)
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
        self.modes[from.mode().index()].ways().way(from, to, name)
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
        let graph = &self.modes[mode.index()].graph;
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

/// See [`Roads::small`].
struct Small {
    meta: Vec<u8>,
    counts: [Vec<u32>; Mode::ALL.len()],
}

/// The ids of the sections of a stored map.
mod section {
    use hjemrute_travel::Mode;

    pub(super) const META: u32 = 1;
    pub(super) const STRING_ENDS: u32 = 2;
    pub(super) const STRING_BYTES: u32 = 3;
    pub(super) const STREETS: u32 = 5;
    // 8 to 11 are those of the addresses.

    /// The sections of a mode; those of `up` and `down` are row ends, heads and keys.
    pub(super) struct OfMode {
        pub(super) counts: u32,
        pub(super) edges: u32,
        pub(super) points: u32,
        pub(super) bans: u32,
        pub(super) ban_bands: u32,
        pub(super) percents: u32,
        pub(super) classes: u32,
        pub(super) exceptions: u32,
        pub(super) ranks: u32,
        pub(super) up: [u32; 3],
        pub(super) down: [u32; 3],
    }

    pub(super) fn of(mode: Mode) -> OfMode {
        let id = |part| 16 + 16 * mode as u32 + part;
        OfMode {
            counts: id(0),
            edges: id(1),
            points: id(2),
            bans: id(3),
            ban_bands: id(11),
            percents: id(12),
            classes: id(13),
            exceptions: id(14),
            ranks: id(4),
            up: [id(5), id(6), id(7)],
            down: [id(8), id(9), id(10)],
        }
    }
}

const NO_ROADS: Error = Error::NoRoads { nodes: 0, ways: 0 };

fn points<'g>(graphs: impl IntoIterator<Item = &'g Graph>) -> impl Iterator<Item = Point> {
    graphs.into_iter().flat_map(|graph| graph.points.iter().copied())
}

fn graph(
    extract: &Extract,
    profiles: &Profiles,
    mode: Mode,
    strings: &Strings,
) -> Result<Graph, Error> {
    let graph = graph::build(extract, &profiles.of(mode), strings);
    if graph.fits() {
        Ok(graph)
    } else {
        Err(Error::TooLarge { kilometres: graph.length_dm()[0] / 10_000, mode: mode.name() })
    }
}

fn stored_roads(reader: &Reader, mode: Mode, strings: &Strings) -> Result<ModeRoads, String> {
    let graph = stored_graph(reader, mode, strings)?;
    let section::OfMode { ranks, up, down, .. } = section::of(mode);
    let steps = |[first, heads, keys]: [u32; 3]| -> Result<Steps, String> {
        Ok(Steps {
            first: reader.take(first)?,
            heads: reader.take(heads)?,
            keys: reader.take(keys)?,
        })
    };
    let metric = Metric { up: steps(up)?, down: steps(down)? };
    let roads = ModeRoads::new(graph, Some(Hierarchy::stored(reader.take(ranks)?, metric)));
    let checked = roads.hierarchy().check(Network::vertices_in(&roads.graph));
    checked.map_err(|what| format!("{mode}: {what}"))?;
    Ok(roads)
}

fn stored_graph(reader: &Reader, mode: Mode, strings: &Strings) -> Result<Graph, String> {
    let ids = section::of(mode);
    let (nodes, through_ms, turns_ms) = match reader.take::<u32>(ids.counts)?[..] {
        [nodes, through_ms] => (nodes, through_ms, None),
        [nodes, through_ms, left, right, back] => (nodes, through_ms, Some([left, right, back])),
        _ => return Err(format!("the roads for {mode} have no counts")),
    };
    let graph = Graph {
        nodes,
        through_ms,
        edges: reader.take(ids.edges)?,
        points: reader.take::<Point>(ids.points)?,
        turns_ms,
        bans: reader.take(ids.bans)?,
        ban_bands: reader.take(ids.ban_bands)?,
        bands: Bands {
            percents: reader.take(ids.percents)?,
            classes: reader.take(ids.classes)?,
            exceptions: reader.take(ids.exceptions)?,
            ..Bands::default()
        },
    };
    graph.check(strings).map_err(|what| format!("{mode}: {what}"))?;
    Ok(graph)
}

fn checksum(extract: &Extract, recipe: &Recipe<'_>, register: u32) -> u32 {
    let mut hasher = crc32fast::Hasher::new();
    hasher.update(&register.to_le_bytes());
    hasher.update(&extract.checksum.to_le_bytes());
    recipe.profiles.fingerprint().for_each(|text| hasher.update(text));
    if let Some(clip) = recipe.clip {
        hasher.update(&clip.fingerprint());
    }
    hasher.finalize()
}

/// `oslo` for `maps/oslo.osm.pbf`.
fn map_name(path: &Path) -> String {
    let file = path.file_name().unwrap_or_default().to_string_lossy();
    let name = file.strip_suffix(".pbf").unwrap_or(&file);
    name.strip_suffix(".osm").unwrap_or(name).to_owned()
}

/// The day of a moment in seconds since 1970, by Howard Hinnant's `civil_from_days`.
fn date(seconds: i64) -> String {
    let days = seconds.div_euclid(86_400) + 719_468;
    let (era, day) = (days.div_euclid(146_097), days.rem_euclid(146_097));
    let year_of_era = (day - day / 1460 + day / 36_524 - day / 146_096) / 365;
    let day = day - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month = (5 * day + 2) / 153;
    let day = day - (153 * month + 2) / 5 + 1;
    let (month, later) = if month < 10 { (month + 3, 0) } else { (month - 9, 1) };
    format!("{:04}-{month:02}-{day:02}", year_of_era + era * 400 + later)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_and_names() {
        assert_eq!(date(0), "1970-01-01");
        assert_eq!(date(951_782_400), "2000-02-29");
        assert_eq!(date(1_750_074_725), "2025-06-16");
        assert_eq!(date(-1), "1969-12-31");
        assert_eq!(map_name(Path::new("/maps/oslo.osm.pbf")), "oslo");
        assert_eq!(map_name(Path::new("oslo.pbf")), "oslo");
    }

    #[test]
    fn threads_may_share_roads() {
        fn shared<T: Send + Sync>() {}
        shared::<Roads>();
    }
}
