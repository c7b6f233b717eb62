//! Out of a `.osm.pbf`, what tiles show: areas, lines and points with what they are and their names.
//! Passes over the file once for relations, once for ways and once for nodes, so that only what is
//! drawn is kept.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{Read, Seek};
use std::sync::Arc;

use super::coast;
use super::cut_off;
use super::kind::{self, Kind};
use super::mercator::{Frame, Spot};
use super::rings;
use crate::Error;
use crate::geometry::Point;
use crate::pbf::{self, Object};
use crate::strings::fold;
use crate::tags::Tags;

/// Something to draw.
#[derive(Clone, Debug)]
pub(super) struct Drawn {
    pub(super) kind: Kind,
    pub(super) name: Option<Arc<str>>,
    pub(super) shape: Shape,
}

/// Where it is.
#[derive(Clone, Debug)]
pub(super) enum Shape {
    Point(Spot),
    /// One line, or the pieces of one that lie in a tile.
    Lines(Vec<Vec<Spot>>),
    /// Outer rings, clockwise, each with its holes behind it, the other way round.
    Area(Vec<Vec<Spot>>),
}

/// All that is to be drawn, and what there was no way to draw.
#[derive(Debug, Default)]
pub(super) struct Scene {
    pub(super) drawn: Vec<Drawn>,
    /// Whether there is a coast that the sea could not be told from.
    pub(super) doubtful_coast: bool,
}

/// Reads a map file.
///
/// # Errors
/// If the file is not a sound `.osm.pbf`.
pub(super) fn scene(source: &mut (impl Read + Seek), area: Option<Frame>) -> Result<Scene, Error> {
    let mut sketch = Sketch::default();
    let frames = pbf::each(source, |object| sketch.relation(object))?;
    pbf::each(source, |object| sketch.way(object))?;
    let mut spots = Spots::wanted(&sketch);
    pbf::each(source, |object| spots.node(object))?;
    let told = frames.bounds.and_then(|bounds| {
        let corners = [bounds.south_west, bounds.north_east];
        Frame::around(corners.map(|corner| Spot::from(Point::from(corner))))
    });
    Ok(sketch.drawn(spots, area.or(told)))
}

/// Something with what it is drawn as and what it is called.
type Named<T> = (Kind, Option<Arc<str>>, T);

/// The rings of a multipolygon.
struct Outline<Ring> {
    shores: Vec<Ring>,
    holes: Vec<Ring>,
    /// Lines that end where the extract does.
    open: Vec<Ring>,
}

/// What is to be drawn, over nodes that are not known yet.
#[derive(Default)]
struct Sketch {
    /// Multipolygons: their ways, and whether each is said to be part of a hole.
    blocks: Vec<Named<Vec<(i64, bool)>>>,
    members: BTreeSet<i64>,
    member_nodes: BTreeMap<i64, Vec<i64>>,
    lines: Vec<Named<Vec<i64>>>,
    areas: Vec<Named<Vec<i64>>>,
    coast: Vec<Vec<i64>>,
    /// House numbers of closed ways.
    houses: Vec<(Arc<str>, Vec<i64>)>,
}

impl Sketch {
    fn relation(&mut self, object: Object) {
        let Object::Relation(relation) = object else { return };
        let tags = relation.tags;
        if !tags.is("type", "multipolygon") {
            return;
        }
        let Some(kind) = kind::of_area(&tags) else { return };
        let ways = relation.members.iter().filter(|part| part.kind == pbf::Kind::Way);
        let ways: Vec<(i64, bool)> = ways.map(|part| (part.id, part.role == "inner")).collect();
        self.members.extend(ways.iter().map(|(way, _)| way));
        self.blocks.push((kind, name(&tags), ways));
    }

    fn way(&mut self, object: Object) {
        let Object::Way(way) = object else { return };
        let (id, nodes, tags) = (way.id, way.nodes, way.tags);
        let closed = nodes.len() >= 4 && nodes.first() == nodes.last();
        if closed && let Some(number) = number(&tags) {
            self.houses.push((number, nodes.clone()));
        }
        if tags.is("natural", "coastline") {
            self.coast.push(nodes.clone());
        }
        if self.members.contains(&id) {
            self.member_nodes.insert(id, nodes.clone());
        }
        let line = kind::of_line(&tags).filter(|_| !(closed && tags.is("area", "yes")));
        if let Some(kind) = line {
            self.lines.push((kind, name(&tags), nodes));
        } else if let Some(kind) = kind::of_area(&tags).filter(|_| closed) {
            self.areas.push((kind, name(&tags), nodes));
        }
    }

    /// The closed rings of a multipolygon, those of holes apart, and the outlines that do not close.
    fn rings_of(&self, ways: &[(i64, bool)]) -> Outline<Vec<i64>> {
        let nodes = |(way, _): &(i64, bool)| self.member_nodes.get(way);
        let lines: Vec<Vec<i64>> = ways.iter().filter_map(nodes).cloned().collect();
        let (closed, open) = rings::joined(&lines);
        let inner = ways.iter().filter(|(_, inner)| *inner).filter_map(nodes).flatten();
        let inner: BTreeSet<i64> = inner.copied().collect();
        let of_outline = |line: &Vec<i64>| line.iter().any(|node| !inner.contains(node));
        let (shores, holes) = closed.into_iter().partition(of_outline);
        Outline { shores, holes, open: open.into_iter().filter(of_outline).collect() }
    }

    /// All of it, at its place; the sea in `told`, or around what there is.
    fn drawn(self, spots: Spots, told: Option<Frame>) -> Scene {
        let mut scene = Scene::default();
        let ring = |nodes: &[i64]| {
            let ring: Vec<Spot> = nodes.iter().filter_map(|id| spots.get(*id)).collect();
            // With a corner missing it would be another shape.
            if ring.len() == nodes.len() { ring } else { Vec::new() }
        };
        for (kind, name, nodes) in &self.areas {
            scene.area(*kind, name.clone(), vec![ring(&nodes[1..])]);
        }
        let pieces = |nodes: &[i64]| -> Vec<Vec<Spot>> {
            let there: Vec<Option<Spot>> = nodes.iter().map(|id| spots.get(*id)).collect();
            let pieces = there.split(Option::is_none).filter(|piece| piece.len() >= 2);
            pieces.map(|piece| piece.iter().flatten().copied().collect()).collect()
        };
        for (kind, name, nodes) in &self.lines {
            let lines = pieces(nodes);
            if !lines.is_empty() {
                scene.drawn.push(Drawn {
                    kind: *kind,
                    name: name.clone(),
                    shape: Shape::Lines(lines),
                });
            }
        }
        for (number, nodes) in &self.houses {
            let frame = Frame::around(nodes.iter().filter_map(|id| spots.get(*id)));
            if let Some(Frame { west, north, east, south }) = frame {
                let middle = Spot { x: west + (east - west) / 2, y: north + (south - north) / 2 };
                scene.point(kind::HOUSE, number.clone(), middle);
            }
        }
        for (kind, name, spot) in &spots.points {
            scene.point(*kind, name.clone(), *spot);
        }
        let frame = told.or_else(|| middling(&scene.streets()));
        let outside: Vec<Spot> = scene.outside();
        for (kind, name, ways) in &self.blocks {
            let Outline { shores, holes, open } = self.rings_of(ways);
            let mut rings: Vec<Vec<Spot>> = shores.iter().map(|nodes| ring(nodes)).collect();
            let holes: Vec<Vec<Spot>> = holes.iter().map(|nodes| ring(nodes)).collect();
            let open: Vec<Vec<Spot>> = open.iter().flat_map(|nodes| pieces(nodes)).collect();
            if let Some(frame) = frame.filter(|_| !open.is_empty()) {
                rings.extend(cut_off::area(&open, &holes, &outside, &frame));
            }
            // A hole whose surroundings are not in the file would be drawn as what it is not.
            let in_it = |hole: &Vec<Spot>| {
                hole.first().is_some_and(|at| rings.iter().any(|shore| rings::holds(shore, *at)))
            };
            let holes: Vec<Vec<Spot>> = holes.into_iter().filter(in_it).collect();
            rings.extend(holes);
            scene.area(*kind, name.clone(), rings);
        }
        let coast: Vec<Vec<Spot>> = self.coast.iter().flat_map(|nodes| pieces(nodes)).collect();
        scene.add_sea(&coast, frame);
        scene
    }
}

impl Scene {
    fn point(&mut self, kind: Kind, name: Arc<str>, spot: Spot) {
        self.drawn.push(Drawn { kind, name: Some(name), shape: Shape::Point(spot) });
    }

    fn area(&mut self, kind: Kind, name: Option<Arc<str>>, rings: Vec<Vec<Spot>>) {
        let rings: Vec<Vec<Spot>> = rings::areas(rings).into_iter().flatten().collect();
        if !rings.is_empty() {
            self.drawn.push(Drawn { kind, name, shape: Shape::Area(rings) });
        }
    }

    /// The first spot of every street.
    fn streets(&self) -> Vec<Spot> {
        let lines = self.drawn.iter().filter_map(|drawn| match &drawn.shape {
            Shape::Lines(lines) if drawn.kind.is_street() => lines.first()?.first(),
            _ => None,
        });
        lines.copied().collect()
    }

    /// Spots that lie neither in water nor in the green: of streets, and of house numbers.
    fn outside(&self) -> Vec<Spot> {
        let houses = self.drawn.iter().filter_map(|drawn| match drawn.shape {
            Shape::Point(spot) if drawn.kind == kind::HOUSE => Some(spot),
            _ => None,
        });
        self.streets().into_iter().chain(houses).collect()
    }

    /// The sea, where it does not flood the streets: a coast with gaps would.
    fn add_sea(&mut self, coast: &[Vec<Spot>], frame: Option<Frame>) {
        let Some(frame) = frame else { return };
        let streets = self.streets();
        let sea = coast::sea(coast, &frame);
        let wet = streets
            .iter()
            .filter(|spot| sea.iter().filter(|ring| rings::holds(ring, **spot)).count() % 2 == 1);
        if wet.count() * DROWNED > streets.len() {
            self.doubtful_coast = true;
        } else if !sea.is_empty() {
            self.drawn.push(Drawn { kind: kind::SEA, name: None, shape: Shape::Area(sea) });
        }
    }
}

/// With more streets than one in so many under water the coast is not what it should be.
const DROWNED: usize = 20;
/// One street in so many may lie far out, as the other end of a ferry does.
const FAR_OUT: usize = 500;

/// The box around all spots but the outermost.
fn middling(spots: &[Spot]) -> Option<Frame> {
    let range = |mut at: Vec<i32>| {
        at.sort_unstable();
        let off = at.len() / FAR_OUT;
        Some((*at.get(off)?, *at.get(at.len().checked_sub(off + 1)?)?))
    };
    let (west, east) = range(spots.iter().map(|spot| spot.x).collect())?;
    let (north, south) = range(spots.iter().map(|spot| spot.y).collect())?;
    Some(Frame { west, north, east, south })
}

/// The nodes of all that, and the points with a name or a house number.
struct Spots {
    wanted: Vec<i64>,
    places: Vec<Option<Spot>>,
    points: Vec<(Kind, Arc<str>, Spot)>,
}

impl Spots {
    fn wanted(sketch: &Sketch) -> Spots {
        let lines = sketch.lines.iter().chain(&sketch.areas).map(|(_, _, nodes)| nodes);
        let lines = lines.chain(sketch.member_nodes.values()).chain(&sketch.coast);
        let lines = lines.chain(sketch.houses.iter().map(|(_, nodes)| nodes));
        let mut wanted: Vec<i64> = lines.flatten().copied().collect();
        wanted.sort_unstable();
        wanted.dedup();
        let places = vec![None; wanted.len()];
        Spots { wanted, places, points: Vec::new() }
    }

    fn node(&mut self, object: Object) {
        let Object::Node(node) = object else { return };
        let place = self.wanted.binary_search(&node.id);
        if place.is_err() && node.tags.is_empty() {
            return;
        }
        let spot = Spot::from(node.point);
        if let Ok(index) = place {
            self.places[index].get_or_insert(spot);
        }
        let tags = node.tags;
        if let (Some(kind), Some(name)) = (kind::of_point(&tags), name(&tags)) {
            self.points.push((kind, name, spot));
        }
        if let Some(number) = number(&tags) {
            self.points.push((kind::HOUSE, number, spot));
        }
    }

    fn get(&self, id: i64) -> Option<Spot> {
        self.places[self.wanted.binary_search(&id).ok()?]
    }
}

fn name(tags: &Tags) -> Option<Arc<str>> {
    let name = tags.get("name").map(str::trim).filter(|name| !name.is_empty());
    name.map(Arc::from)
}

/// The house number, as `12 B`.
fn number(tags: &Tags) -> Option<Arc<str>> {
    let number = fold(tags.get("addr:housenumber")?).to_uppercase();
    // What is longer is no number to put on a map.
    (!number.is_empty() && number.chars().count() <= 12).then(|| number.into())
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use super::*;
    use crate::fixture::PbfWriter;

    /// A lake of two shores with an island, over nodes of which some may be missing.
    fn lake(nodes: &[i64]) -> Scene {
        let mut map = PbfWriter::new();
        let corners =
            [(0, 0), (9000, 0), (9000, 9000), (0, 9000), (3000, 3000), (6000, 3000), (6000, 6000)];
        for (id, (lon, lat)) in (1..).zip(corners).filter(|(id, _)| nodes.contains(id)) {
            map.node(id, lon, lat, &[]);
        }
        map.node(
            9,
            100,
            100,
            &[("place", "hamlet"), ("name", "Vika"), ("addr:housenumber", "3 b")],
        );
        map.way(10, &[1, 2, 3], &[("highway", "path")]);
        map.way(11, &[1, 4, 3], &[]);
        map.way(12, &[5, 6, 7, 5], &[]);
        let members = [(1, 10, "outer"), (1, 11, "outer"), (1, 12, "inner")];
        map.members(
            20,
            &members,
            &[("type", "multipolygon"), ("natural", "water"), ("name", "Vannet")],
        );
        scene(&mut Cursor::new(map.finish()), None).unwrap()
    }

    fn told(scene: &Scene) -> Vec<String> {
        let parts = |shape: &Shape| match shape {
            Shape::Point(_) => 1,
            Shape::Lines(parts) | Shape::Area(parts) => parts.len(),
        };
        let told = |drawn: &Drawn| {
            let name = drawn.name.as_deref().unwrap_or("-");
            format!("{} {name} {}", drawn.kind.class, parts(&drawn.shape))
        };
        scene.drawn.iter().map(told).collect()
    }

    #[test]
    fn a_lake_with_an_island_is_one_area_and_its_shore_may_be_a_path() {
        let scene = lake(&[1, 2, 3, 4, 5, 6, 7]);
        assert_eq!(
            told(&scene),
            ["path - 1", "neighbourhood Vika 1", "number 3 B 1", "lake Vannet 2"]
        );
    }

    #[test]
    fn what_lacks_a_corner_is_not_drawn_as_something_else() {
        for nodes in [&[1, 2, 3, 5, 6, 7][..], &[3, 4, 5, 6, 7]] {
            assert!(told(&lake(nodes)).iter().all(|drawn| !drawn.contains("lake")), "{nodes:?}");
        }
        let without = told(&lake(&[1, 2, 3, 4, 5]));
        assert_eq!(without.last().unwrap(), "lake Vannet 1", "the island is not there");
    }
}
