//! A map as sections of a stored file, and back. What is read is checked as far as any of it is an
//! index or a time: a map in hand can be asked anything.

use hjemrute_travel::{Mode, Position};
use rayon::prelude::*;

use super::of_mode::ModeRoads;
use super::{Meta, Roads};
use crate::address::AddressBook;
use crate::array::Bytes;
use crate::geometry::{Bounds, Point};
use crate::graph::{Bands, Graph, Network};
use crate::hierarchy::{Hierarchy, Metric, Steps};
use crate::store::{Reader, Writer};
use crate::strings::Strings;

impl Roads {
    /// The bytes of the stored map.
    #[cfg(test)]
    pub(crate) fn to_bytes(&self) -> Vec<u8> {
        let small = self.small();
        self.sections(&small).bytes()
    }

    /// What is stored and is no array yet.
    pub(super) fn small(&self) -> Small {
        let meta = serde_json::to_vec(&self.meta).expect("a map's name and date are plain text");
        let counts = Mode::ALL.map(|mode| {
            let Graph { nodes, through_ms, turns_ms, .. } = self.of_mode(mode).graph;
            let turns_ms = turns_ms.as_ref().map_or(&[][..], |turns| turns);
            [&[nodes, through_ms], turns_ms].concat()
        });
        let Bounds { south_west, north_east } = self.bounds;
        Small { meta, bounds: [south_west, north_east].map(Point::from), counts }
    }

    pub(super) fn sections<'a>(&'a self, small: &'a Small) -> Writer<'a> {
        // All at once, because each takes long.
        Mode::ALL.par_iter().for_each(|mode| {
            self.of_mode(*mode).hierarchy();
        });
        let mut writer = Writer::default();
        writer.add(section::META, &small.meta);
        writer.add(section::BOUNDS, &small.bounds);
        let (ends, bytes) = self.strings.parts();
        writer.add(section::STRING_ENDS, ends);
        writer.add(section::STRING_BYTES, bytes);
        writer.add(section::STREETS, &self.streets);
        self.book.write(&mut writer);
        for mode in Mode::ALL {
            let (ids, roads) = (section::of(mode), self.of_mode(mode));
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

    /// A stored map with the roads of some modes.
    pub(crate) fn from_bytes(bytes: Bytes, modes: &[Mode]) -> Result<Roads, String> {
        let reader = Reader::open(bytes, |id| section::is_wanted(id, modes))?;
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
        let roads = |mode: &Mode| match modes.contains(mode) {
            true => stored_roads(&reader, *mode, &strings).map(Some),
            false => Ok(None),
        };
        let modes = Mode::ALL.par_iter().map(roads).collect::<Result<Vec<_>, String>>()?;
        let modes = modes.try_into().map_err(|_| "it has not the roads of every mode")?;
        let [south_west, north_east] = reader.take::<Point>(section::BOUNDS)?[..] else {
            return Err("it does not say where it lies".into());
        };
        let [south_west, north_east] = [south_west, north_east].map(Position::from);
        let bounds = Bounds { south_west, north_east };
        Ok(Roads { meta, bounds, strings, streets, book, modes })
    }
}

/// See [`Roads::small`].
pub(super) struct Small {
    meta: Vec<u8>,
    bounds: [Point; 2],
    counts: [Vec<u32>; Mode::ALL.len()],
}

/// The ids of the sections of a stored map.
mod section {
    use hjemrute_travel::Mode;

    pub(super) const META: u32 = 1;
    pub(super) const BOUNDS: u32 = 4;
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

    const FIRST_OF_MODES: u32 = 16;
    const PER_MODE: u32 = 16;

    /// Whether a section is needed where only these modes are.
    pub(super) fn is_wanted(id: u32, modes: &[Mode]) -> bool {
        let of = |mode: &Mode| (0..PER_MODE).contains(&id.wrapping_sub(first(*mode)));
        id < FIRST_OF_MODES || modes.iter().any(of)
    }

    fn first(mode: Mode) -> u32 {
        FIRST_OF_MODES + PER_MODE * mode as u32
    }

    pub(super) fn of(mode: Mode) -> OfMode {
        let id = |part| first(mode) + part;
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
