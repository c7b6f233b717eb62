//! Joins an address to the road it stands at: the nearest stretch that this mode may use and that
//! can be reached and left again. A stretch that is a little further off may be preferred, because
//! all the others can be reached from it, or because it has the name of the address. Each address is
//! judged by itself; no other address has a say (elsewhere adding one coordinate has moved the
//! others). Knows nothing of ways between places.

use std::sync::OnceLock;

use hjemrute_travel::{Mode, Position};

use crate::boxes::{Area, Boxes};
use crate::geometry::{Plane, Point, millimetres};
use crate::graph::{Edge, Graph};
use crate::strings::NO_STRING;

/// An address further than this from the nearest road is not joined to it.
const FARTHEST_M: i64 = 250;
/// How far to look for a road only to say how far off it is.
const LOOK_OUT_M: i64 = 5_000;
/// A better road may be this much further off than the nearest: one of the greatest network, or one
/// with the name of the address.
const BETTER_MM: i64 = 40_000;
/// How far to look, one after the other, until nothing further off could be preferred.
/// PERF: 1,000 points of a city, 20 ms with 110 m first, 15 ms so; see the measurement in `many`.
const LOOKS_M: [i64; 4] = [30, 60, 110, FARTHEST_M];

/// Where a place joins the roads of one mode.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Snap {
    pub(crate) mode: Mode,
    /// The place itself.
    pub(crate) door: Position,
    pub(crate) edge: u32,
    /// Decimetres from the tail of the edge.
    pub(crate) along_dm: u32,
    /// Millimetres from the door to the road, as the crow flies.
    pub(crate) off_mm: u32,
    /// Whether that road is apart from the greatest network.
    pub(crate) apart: bool,
}

impl Snap {
    /// Metres from the place to the road, as the crow flies: above 50 m worth a warning.
    pub fn metres(&self) -> u32 {
        (self.off_mm + 500) / 1000
    }

    /// Millimetres of the same.
    pub fn millimetres(&self) -> u32 {
        self.off_mm
    }

    /// Whether the road belongs to a network apart, as on an island without a bridge: from and to
    /// places on other networks there is no way.
    pub fn is_apart(&self) -> bool {
        self.apart
    }

    /// The mode whose roads it joins.
    pub fn mode(&self) -> Mode {
        self.mode
    }
}

/// No road of that mode is near enough.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("no road within 250 m for this mode")]
pub struct SnapRefusal {
    /// Metres to the nearest one, if any is within 5 km.
    pub metres: Option<u32>,
}

/// The roads of one mode, to be found by where they are; ordered when first asked.
#[derive(Debug, Default)]
pub(crate) struct Finder {
    boxes: OnceLock<Boxes>,
}

/// A candidate; the order is the preference, down to the last tie.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Candidate {
    mm: i64,
    edge: u32,
    /// Which piece of the edge's shape is nearest, and how far along that.
    piece: usize,
    along_mm: i64,
}

impl Finder {
    /// Joins a position to the graph; `name` is the folded name of the address' street.
    pub(crate) fn snap(
        &self,
        graph: &Graph,
        mode: Mode,
        position: Position,
        name: u32,
    ) -> Result<Snap, SnapRefusal> {
        let mut found = Vec::new();
        for metres in LOOKS_M {
            found = self.within(graph, position, metres);
            let settled = |nearest: &Candidate| {
                let apart = graph.edges[nearest.edge as usize].has(Edge::APART);
                let margin = if name != NO_STRING || apart { BETTER_MM } else { 0 };
                nearest.mm + margin <= metres * 1000
            };
            if found.iter().min().is_some_and(settled) {
                break;
            }
        }
        match choose(graph, &found, name) {
            Some(best) => Ok(joined(graph, mode, position, best)),
            None => Err(self.refusal(graph, position)),
        }
    }

    fn refusal(&self, graph: &Graph, position: Position) -> SnapRefusal {
        let nearest = self.within(graph, position, LOOK_OUT_M).into_iter().min();
        SnapRefusal { metres: nearest.map(|best| ((best.mm + 500) / 1000) as u32) }
    }

    /// The edges that come within so many metres, each where it is nearest.
    fn within(&self, graph: &Graph, position: Position, metres: i64) -> Vec<Candidate> {
        let origin = Point::from(position);
        let plane = Plane::around(origin);
        let (east, north) = plane.reach(metres);
        let reach = Area::around(origin, east, north);
        let mut found = Vec::new();
        self.boxes.get_or_init(|| boxes(graph)).meeting(&reach, |edge| {
            found.extend(nearest(graph, &plane, &reach, metres * 1000, edge));
        });
        found
    }
}

/// The boxes around the edges that an address may be joined to.
fn boxes(graph: &Graph) -> Boxes {
    let wanted = |edge: &Edge| edge.has(Edge::SNAP) && edge.has(Edge::MAIN);
    let edges = (0..).zip(graph.edges.iter()).filter(|(_, edge)| wanted(edge));
    Boxes::of(edges.map(|(edge, _)| (edge, Area::of(graph.shape(edge as usize)))))
}

/// Where an edge is nearest to the middle of the plane, if it comes within reach and as many
/// millimetres; the first such place along it.
fn nearest(graph: &Graph, plane: &Plane, reach: &Area, mm: i64, edge: u32) -> Option<Candidate> {
    let mut best: Option<Candidate> = None;
    for (piece, ends) in graph.shape(edge as usize).windows(2).enumerate() {
        if !Area::of(ends).meets(reach) {
            continue;
        }
        let than_mm = best.map_or(mm + 1, |best| best.mm);
        if let Some(nearest) = plane.nearer(ends[0], ends[1], than_mm) {
            best = Some(Candidate { mm: nearest.mm, edge, piece, along_mm: nearest.along_mm });
        }
    }
    best
}

/// The nearest of the best among those that are little further off than the nearest of all: best
/// are those of the greatest network, and among equals those with the right name.
fn choose(graph: &Graph, found: &[Candidate], name: u32) -> Option<Candidate> {
    let nearest = found.iter().min()?;
    let preference = |candidate: &&Candidate| {
        let edge = &graph.edges[candidate.edge as usize];
        (edge.has(Edge::APART), name == NO_STRING || edge.name != name, **candidate)
    };
    let near = found.iter().filter(|candidate| candidate.mm <= nearest.mm + BETTER_MM);
    near.min_by_key(preference).copied()
}

fn joined(graph: &Graph, mode: Mode, door: Position, best: Candidate) -> Snap {
    let shape = &graph.shape(best.edge as usize)[..=best.piece];
    let before: i64 = shape.windows(2).map(|ends| millimetres(ends[0], ends[1])).sum();
    let edge = &graph.edges[best.edge as usize];
    let along_dm = u32::try_from((before + best.along_mm + 50) / 100).unwrap_or(0);
    Snap {
        mode,
        door,
        edge: best.edge,
        along_dm: along_dm.min(edge.length_dm),
        off_mm: u32::try_from(best.mm).unwrap_or(u32::MAX),
        apart: edge.has(Edge::APART),
    }
}
