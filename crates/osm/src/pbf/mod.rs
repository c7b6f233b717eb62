//! Out of a `.osm.pbf`, what the other rooms need: the ways one might travel, the nodes they run
//! over, and the addresses. Passes over the file once for ways and relations and once for nodes, so
//! that only the nodes somebody asked for are kept. Knows which tags are worth keeping, not what
//! they mean for a mode.

mod block;
#[cfg(test)]
pub(crate) mod damage;
mod framing;
mod restriction;
mod wire;

use std::collections::{BTreeMap, BTreeSet};
use std::io::{Read, Seek, SeekFrom};

use crate::geometry::Point;
use crate::tags::Tags;
use crate::{Clip, Error};

pub(crate) use block::{Kind, Object};
pub(crate) use framing::Frames;
pub(crate) use restriction::Restriction;

/// A reference to a node that is not in the file or outside the clip: the way is cut there.
pub(crate) const CUT: u32 = u32::MAX;

/// What was kept of a map file.
#[derive(Debug, Default)]
pub(crate) struct Extract {
    /// CRC-32 of the whole file.
    pub(crate) checksum: u32,
    /// When the data were current, in seconds since 1970, if the file says so.
    pub(crate) replicated: Option<i64>,
    /// Where each node is.
    pub(crate) points: Vec<Point>,
    /// Nodes that may stop or slow someone, with their tags, by node.
    pub(crate) marked: Vec<(u32, Tags)>,
    /// Ways one might travel.
    pub(crate) ways: Vec<Way>,
    /// Which way may not follow which.
    pub(crate) restrictions: Vec<Restriction>,
    /// What has a house number, nodes first, in the order of the file.
    pub(crate) houses: Vec<House>,
    /// Rows of houses of which only some are told.
    pub(crate) interpolations: Vec<Interpolation>,
}

/// A way one might travel.
#[derive(Debug)]
pub(crate) struct Way {
    /// What the map calls it.
    pub(crate) id: i64,
    /// Indices of its nodes, [`CUT`] for those that are not there.
    pub(crate) nodes: Vec<u32>,
    /// What it is.
    pub(crate) tags: Tags,
}

/// Something with a house number.
#[derive(Debug)]
pub(crate) struct House {
    /// Where: the node, the entrance, or the middle of the corners.
    pub(crate) point: Point,
    /// Whether that is where one goes in, and not merely the middle.
    pub(crate) is_door: bool,
    /// Its `addr:*` tags among others.
    pub(crate) tags: Tags,
}

/// A way along which house numbers run on evenly.
#[derive(Debug)]
pub(crate) struct Interpolation {
    /// Its nodes that are there, with the tags of those that have a number.
    pub(crate) nodes: Vec<(Point, Option<Tags>)>,
    /// How the numbers run, and the street.
    pub(crate) tags: Tags,
}

/// Reads a map file, keeping what lies inside the clip.
///
/// # Errors
/// If the file is not a sound `.osm.pbf` or holds no road.
pub(crate) fn read(source: &mut (impl Read + Seek), clip: Option<&Clip>) -> Result<Extract, Error> {
    let mut lines = Lines::default();
    let frames = each(source, |object| lines.look_at(object))?;
    if !lines.members.is_empty() {
        each(source, |object| lines.look_for_member(object))?;
    }
    let mut nodes = Nodes::wanted(&lines, clip);
    each(source, |object| nodes.look_at(object))?;
    let extract = nodes.into_extract(&lines);
    if extract.points.is_empty() || extract.ways.is_empty() {
        let (nodes, ways) = (extract.points.len(), extract.ways.len());
        return Err(Error::NoRoads { nodes, ways });
    }
    let Frames { checksum, replicated, bounds: _ } = frames;
    Ok(Extract { checksum, replicated, ..extract })
}

fn rewind(source: &mut impl Seek) -> Result<(), Error> {
    source.seek(SeekFrom::Start(0)).map(drop).map_err(|error| Error::pbf(0, error.to_string()))
}

/// Looks at every object of a file, in its order.
///
/// # Errors
/// If the file is not a sound `.osm.pbf`; what was looked at before is then worth nothing.
pub(crate) fn each(
    source: &mut (impl Read + Seek),
    mut look: impl FnMut(Object),
) -> Result<Frames, Error> {
    rewind(source)?;
    framing::walk(source, |block| block::objects(block, &mut look))
}

/// What the first pass keeps: everything made of nodes.
#[derive(Default)]
struct Lines {
    ways: Vec<(i64, Vec<i64>, Tags)>,
    /// With the node that is passed, as the map calls it.
    restrictions: Vec<(Restriction, Option<i64>)>,
    houses: Vec<(Vec<i64>, Tags)>,
    rows: Vec<(Vec<i64>, Tags)>,
    /// The nodes of those rows.
    row_nodes: BTreeSet<i64>,
    /// Relations with a house number: their ways, and their tags.
    blocks: Vec<(Vec<i64>, Tags)>,
    /// The ways of all such relations.
    members: BTreeSet<i64>,
    member_nodes: BTreeMap<i64, Vec<i64>>,
}

impl Lines {
    fn look_at(&mut self, object: Object) {
        match object {
            Object::Way(way) => {
                if is_house(&way.tags) {
                    self.houses.push((way.nodes, way.tags));
                } else if way.tags.get("addr:interpolation").is_some() {
                    self.row_nodes.extend(&way.nodes);
                    self.rows.push((way.nodes, way.tags));
                } else if is_road(&way.tags) {
                    self.ways.push((way.id, way.nodes, way.tags));
                }
            }
            Object::Relation(relation) => {
                let tags = relation.tags;
                if tags.is("type", "restriction") {
                    self.restrictions.push(Restriction::of(&relation.members, tags));
                } else if is_house(&tags) {
                    let ways = relation.members.iter().filter(|member| member.kind == Kind::Way);
                    let ways: Vec<i64> = ways.map(|member| member.id).collect();
                    self.members.extend(&ways);
                    self.blocks.push((ways, tags));
                }
            }
            Object::Node(_) => {}
        }
    }

    fn look_for_member(&mut self, object: Object) {
        if let Object::Way(way) = object
            && self.members.contains(&way.id)
        {
            self.member_nodes.insert(way.id, way.nodes);
        }
    }

    /// The nodes of all ways of a relation.
    fn corners(&self, ways: &[i64]) -> Vec<i64> {
        ways.iter().filter_map(|way| self.member_nodes.get(way)).flatten().copied().collect()
    }
}

/// What the second pass keeps: the nodes of those lines, and the addresses among all nodes.
struct Nodes<'a> {
    clip: Option<&'a Clip>,
    row_nodes: &'a BTreeSet<i64>,
    wanted: Vec<i64>,
    points: Vec<Option<Point>>,
    marked: Vec<(u32, Tags)>,
    houses: Vec<House>,
    numbered: BTreeMap<i64, Tags>,
    /// Where one goes in, with how good an entrance it is; less is better.
    entrances: BTreeMap<i64, u8>,
}

impl<'a> Nodes<'a> {
    fn wanted(lines: &'a Lines, clip: Option<&'a Clip>) -> Nodes<'a> {
        let houses = lines.houses.iter().map(|(nodes, _)| nodes);
        let made_of = lines.ways.iter().map(|(_, nodes, _)| nodes).chain(houses);
        let made_of = made_of.chain(lines.member_nodes.values());
        let made_of = made_of.chain(lines.rows.iter().map(|(nodes, _)| nodes));
        let mut wanted: Vec<i64> = made_of.flatten().copied().collect();
        wanted.sort_unstable();
        wanted.dedup();
        let points = vec![None; wanted.len()];
        Nodes {
            clip,
            row_nodes: &lines.row_nodes,
            wanted,
            points,
            marked: vec![],
            houses: vec![],
            numbered: BTreeMap::new(),
            entrances: BTreeMap::new(),
        }
    }

    fn look_at(&mut self, object: Object) {
        let Object::Node(node) = object else { return };
        let (point, tags) = (node.point, node.tags);
        if !on_globe(point) || self.clip.is_some_and(|clip| !clip.contains(point)) {
            return;
        }
        if let Ok(index) = self.wanted.binary_search(&node.id)
            && self.points[index].is_none()
        {
            self.points[index] = Some(point);
            if tags.get("barrier").or(tags.get("highway")).is_some() {
                self.marked.push((index as u32, tags.clone()));
            }
            if let Some(rank) = tags.get("entrance").and_then(entrance_rank) {
                self.entrances.insert(node.id, rank);
            }
            if self.row_nodes.contains(&node.id) && tags.get("addr:housenumber").is_some() {
                self.numbered.insert(node.id, tags.clone());
            }
        }
        if is_house(&tags) {
            self.houses.push(House { point, is_door: true, tags });
        }
    }

    fn index(&self, id: i64) -> u32 {
        match self.wanted.binary_search(&id) {
            Ok(index) if self.points[index].is_some() => index as u32,
            _ => CUT,
        }
    }

    /// Where one goes into a house of those corners, or else its middle.
    fn door(&self, corners: &[i64]) -> Option<(Point, bool)> {
        let entrance = corners
            .iter()
            .filter_map(|id| Some((self.entrances.get(id)?, self.point(*id)?)))
            .min_by_key(|(rank, _)| **rank);
        match entrance {
            Some((_, point)) => Some((point, true)),
            None => Some((self.middle(corners)?, false)),
        }
    }

    fn point(&self, id: i64) -> Option<Point> {
        self.points[self.wanted.binary_search(&id).ok()?]
    }

    /// The middle of the corners that are there.
    fn middle(&self, corners: &[i64]) -> Option<Point> {
        let mut corners = corners.to_vec();
        corners.sort_unstable();
        corners.dedup();
        let known = corners.iter().filter_map(|&id| self.point(id));
        let (count, lon, lat) = known.fold((0, 0i64, 0i64), |(count, lon, lat), point| {
            (count + 1, lon + i64::from(point.lon), lat + i64::from(point.lat))
        });
        (count > 0).then(|| Point { lon: (lon / count) as i32, lat: (lat / count) as i32 })
    }

    fn into_extract(mut self, lines: &Lines) -> Extract {
        let blocks = lines.blocks.iter().map(|(ways, tags)| (lines.corners(ways), tags.clone()));
        for (corners, tags) in lines.houses.iter().cloned().chain(blocks) {
            if let Some((point, is_door)) = self.door(&corners) {
                self.houses.push(House { point, is_door, tags });
            }
        }
        let row = |(nodes, tags): &(Vec<i64>, Tags)| Interpolation {
            nodes: nodes
                .iter()
                .filter_map(|id| Some((self.point(*id)?, self.numbered.get(id).cloned())))
                .collect(),
            tags: tags.clone(),
        };
        let interpolations = lines.rows.iter().map(row).collect();
        let restrictions = lines.restrictions.iter().cloned().map(|(restriction, node)| {
            Restriction { node: node.map_or(CUT, |node| self.index(node)), ..restriction }
        });
        let restrictions = restrictions.collect();
        let ways = lines.ways.iter().map(|(id, nodes, tags)| Way {
            id: *id,
            nodes: nodes.iter().map(|id| self.index(*id)).collect(),
            tags: tags.clone(),
        });
        let ways = ways.filter(|way| way.nodes.windows(2).any(|pair| !pair.contains(&CUT)));
        let ways = ways.collect();
        self.marked.sort_by_key(|(node, _)| *node);
        Extract {
            // A point that is not there is never referred to: its references are cuts.
            points: self.points.into_iter().map(Option::unwrap_or_default).collect(),
            marked: self.marked,
            ways,
            restrictions,
            houses: self.houses,
            interpolations,
            ..Extract::default()
        }
    }
}

fn is_house(tags: &Tags) -> bool {
    tags.get("addr:housenumber").is_some()
        && tags.get("addr:street").or(tags.get("addr:place")).is_some()
        && tags.get("addr:interpolation").is_none()
}

/// How good an entrance it is, less is better; `None` for those that visitors do not use.
fn entrance_rank(kind: &str) -> Option<u8> {
    match kind {
        "main" => Some(0),
        "yes" | "home" | "staircase" | "entrance" => Some(1),
        _ => None,
    }
}

fn is_road(tags: &Tags) -> bool {
    let station = || tags.is("railway", "platform") || tags.is("public_transport", "platform");
    tags.get("highway").is_some()
        || tags.is("route", "ferry")
        || tags.is("man_made", "pier")
        || station()
}

fn on_globe(point: Point) -> bool {
    point.lon.unsigned_abs() <= 1_800_000_000 && point.lat.unsigned_abs() <= 900_000_000
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use super::*;
    use crate::common::shared;
    use crate::fixture::PbfWriter;

    const HOUSE: [(&str, &str); 2] = [("addr:street", "Gata"), ("addr:housenumber", "3")];

    fn map() -> PbfWriter {
        let mut map = PbfWriter::new();
        for id in 1..=5 {
            let tags: &[_] = if id == 2 { &[("barrier", "gate")] } else { &[] };
            map.node(id, id as i32 * 1000, 7, tags);
        }
        map.way(10, &[1, 2, 99, 3], &[("highway", "residential")]);
        map.way(11, &[4, 5], &[("waterway", "river")]);
        map
    }

    fn read_bytes(bytes: &[u8], clip: Option<&Clip>) -> Result<Extract, Error> {
        read(&mut Cursor::new(bytes), clip)
    }

    /// Objects as text, each reader's in the order of the file.
    fn ours(bytes: &[u8]) -> u64 {
        let mut sum = Sum::default();
        let look = |object: Object| match object {
            Object::Node(node) => {
                let Point { lon, lat } = node.point;
                sum.add(&format!("{} {lon} {lat} {:?}", node.id, node.tags.pairs()));
            }
            Object::Way(way) => {
                sum.add(&format!("{} {:?} {:?}", way.id, way.nodes, way.tags.pairs()));
            }
            Object::Relation(relation) => {
                let members = relation.members.iter();
                let members: Vec<_> = members.map(|it| (&it.role, it.id, it.kind as u64)).collect();
                sum.add(&format!("{members:?} {:?}", relation.tags.pairs()));
            }
        };
        each(&mut Cursor::new(bytes), look).unwrap();
        sum.0
    }

    /// A sum over texts that tells their order.
    #[derive(Default)]
    struct Sum(u64);

    impl Sum {
        fn add(&mut self, text: &str) {
            self.0 = self.0.rotate_left(5) ^ u64::from(crc32fast::hash(text.as_bytes()));
        }
    }

    fn theirs(bytes: &[u8]) -> u64 {
        fn pairs<'a>(tags: impl Iterator<Item = (&'a str, &'a str)>) -> BTreeMap<&'a str, &'a str> {
            tags.collect()
        }
        let mut sum = Sum::default();
        let look = |element: osmpbf::Element| match element {
            osmpbf::Element::Node(node) => {
                let (lon, lat) = (node.decimicro_lon(), node.decimicro_lat());
                sum.add(&format!("{} {lon} {lat} {:?}", node.id(), pairs(node.tags())));
            }
            osmpbf::Element::DenseNode(node) => {
                let (lon, lat) = (node.decimicro_lon(), node.decimicro_lat());
                sum.add(&format!("{} {lon} {lat} {:?}", node.id(), pairs(node.tags())));
            }
            osmpbf::Element::Way(way) => {
                let nodes: Vec<i64> = way.refs().collect();
                sum.add(&format!("{} {nodes:?} {:?}", way.id(), pairs(way.tags())));
            }
            osmpbf::Element::Relation(relation) => {
                let members = relation.members();
                let members: Vec<_> = members
                    .map(|it| (it.role().unwrap(), it.member_id, it.member_type as u64))
                    .collect();
                sum.add(&format!("{members:?} {:?}", pairs(relation.tags())));
            }
        };
        osmpbf::ElementReader::new(bytes).for_each(look).unwrap();
        sum.0
    }

    #[test]
    fn another_reader_sees_the_same_in_every_map_at_hand() {
        let town = concat!(env!("CARGO_MANIFEST_DIR"), "/../../data/demo/lillevik.osm.pbf");
        let here = ["skoyen", "monaco-osrm", "oslo-merged", "oslo-center-entur"];
        let here = here.iter().filter_map(|it| shared(&format!("data/osm/{it}.osm.pbf")));
        for file in here.chain([town.into()]) {
            let bytes = std::fs::read(&file).unwrap();
            assert_eq!(ours(&bytes), theirs(&bytes), "{}", file.display());
        }
        let bytes = map().finish();
        assert_eq!(ours(&bytes), theirs(&bytes));
    }

    #[test]
    fn only_the_nodes_of_roads_are_kept_and_missing_ones_are_cuts() {
        let extract = read_bytes(&map().finish(), None).unwrap();
        assert_eq!(extract.ways.len(), 1);
        let [a, b, cut, c] = extract.ways[0].nodes[..] else { panic!() };
        assert_eq!(cut, CUT);
        assert_eq!([a, b, c].map(|node| extract.points[node as usize].lon), [1000, 2000, 3000]);
        assert_eq!(extract.marked.len(), 1);
        assert_eq!(extract.marked[0].0, b);
    }

    #[test]
    fn houses_may_be_nodes_ways_and_relations() {
        let mut map = map();
        map.node(6, 500, 7, &HOUSE);
        map.way(12, &[4, 5, 4], &HOUSE);
        map.way(13, &[3, 5], &[("building", "yes")]);
        map.relation(20, &[13], &HOUSE);
        let houses = read_bytes(&map.finish(), None).unwrap().houses;
        let lons: Vec<i32> = houses.iter().map(|house| house.point.lon).collect();
        assert_eq!(lons, [500, 4500, 4000]);
    }

    #[test]
    fn a_house_is_at_its_entrance_and_a_row_keeps_its_numbers() {
        let mut map = map();
        map.node(6, 4100, 7, &[("entrance", "yes")]);
        map.node(7, 4200, 7, &[("entrance", "main")]);
        map.node(8, 4300, 7, &[("entrance", "garage"), ("addr:housenumber", "1")]);
        map.way(12, &[4, 8, 6, 7, 5, 4], &HOUSE);
        map.way(13, &[8, 99, 5], &[("addr:interpolation", "odd"), ("addr:street", "Gata")]);
        let extract = read_bytes(&map.finish(), None).unwrap();
        let [house] = &extract.houses[..] else { panic!("{:?}", extract.houses) };
        assert_eq!((house.point.lon, house.is_door), (4200, true));
        let [row] = &extract.interpolations[..] else { panic!() };
        let nodes: Vec<_> = row.nodes.iter().map(|(at, tags)| (at.lon, tags.is_some())).collect();
        assert_eq!(nodes, [(4300, true), (5000, false)]);
    }

    #[test]
    fn restrictions_keep_what_they_speak_of() {
        let mut map = map();
        let members = [(1, 10, "from"), (0, 3, "via"), (1, 11, "to"), (1, 12, "sign")];
        map.members(30, &members, &[("type", "restriction"), ("restriction", "no_left_turn")]);
        let extract = read_bytes(&map.finish(), None).unwrap();
        let [restriction] = &extract.restrictions[..] else { panic!() };
        assert_eq!((&restriction.from[..], &restriction.to[..]), (&[10][..], &[11][..]));
        assert_eq!(extract.points[restriction.node as usize].lon, 3000);
        assert!(restriction.over.is_empty() && restriction.tags.is("restriction", "no_left_turn"));
    }

    #[test]
    fn what_lies_outside_the_clip_is_not_there() {
        let square = r#"{"type":"Polygon","coordinates":
            [[[0,-1],[0.00025,-1],[0.00025,1],[0,1],[0,-1]]]}"#;
        let extract = read_bytes(&map().finish(), Some(&Clip::parse(square).unwrap())).unwrap();
        assert_eq!(extract.ways[0].nodes[2..], [CUT, CUT]);
        let elsewhere = r#"{"type":"Polygon","coordinates":[[[9,9],[10,9],[10,10],[9,10],[9,9]]]}"#;
        let elsewhere = Clip::parse(elsewhere).unwrap();
        let nothing = read_bytes(&map().finish(), Some(&elsewhere));
        assert!(matches!(nothing, Err(Error::NoRoads { ways: 0, .. })), "{nothing:?}");
    }
}
