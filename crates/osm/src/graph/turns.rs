//! Junctions where it matters whence one comes: a vertex is a lane about to be travelled, with what
//! came before it already paid. A step travels the lane and turns into the next one, unless a sign
//! forbids it; one turns back only where there is no other way on.
//!
//! A lane on private ground has two vertices, as the nodes in `crossings` have faces: `goal` is set
//! on private ground after public, and leaving it for public ground again costs. What else is borne
//! in mind is told by `signs`.

use std::iter::once;

use super::nodes::Nodes;
use super::signs::{NOTHING, Signs};
use super::{CLOSED, Csr, Edge, Graph, Lane, Passage};
use crate::geometry::{Plane, Point};

/// The lanes of the main network that set out from nodes with rules, and the rules for turning between them.
#[derive(Clone, Debug)]
pub(super) struct Turns {
    /// Milliseconds lost by turning left, right and back.
    costs: [u32; 3],
    /// The lanes out of each node.
    exits: Csr<Lane>,
    nodes: Nodes,
    signs: Signs,
    /// How many vertices of the network are no lanes.
    before: u32,
    /// The first vertex of each lane, and the end of the last.
    first: Vec<u32>,
    pub(super) vertices: Vec<Vertex>,
}

/// A lane about to be travelled.
#[derive(Clone, Copy, Debug)]
pub(super) struct Vertex {
    pub(super) lane: Lane,
    /// What is borne in mind: [`NOTHING`], or one more than the number of a beginning.
    pub(super) mind: u32,
    /// Whether private ground was reached from public.
    pub(super) goal: bool,
}

impl Vertex {
    /// A lane that a way starts on.
    pub(super) fn starting(lane: Lane) -> Vertex {
        Vertex { lane, mind: NOTHING, goal: false }
    }
}

impl Turns {
    /// The lanes of a graph's main network, numbered after `before` others.
    pub(super) fn of(graph: &Graph, nodes: Nodes, before: u32) -> Turns {
        let signs = Signs::of(&graph.bans, &graph.ban_bands);
        let mut first = vec![0; 2 * graph.edges.len() + 1];
        let (mut exits, mut vertices) = (Vec::new(), Vec::new());
        // Without rules no lane is a vertex, and nothing need be looked at.
        for lane in all_lanes(graph).filter(|_| graph.turns_ms.is_some()) {
            if let Some(node) = outset(graph, &nodes, lane) {
                exits.push((node, lane));
                for mind in once(NOTHING).chain(signs.minds(lane)) {
                    let vertex = Vertex { mind, ..Vertex::starting(lane) };
                    vertices.push(vertex);
                    if graph.edge(lane).has(Edge::RESTRICTED) {
                        vertices.push(Vertex { goal: true, ..vertex });
                    }
                }
            }
            first[lane.0 as usize + 1] = vertices.len() as u32;
        }
        let exits = Csr::of(graph.nodes as usize, &exits);
        let costs = graph.turns_ms.unwrap_or_default();
        Turns { costs, exits, nodes, signs, before, first, vertices }
    }

    /// How many vertices there would be.
    pub(super) fn vertices_in(graph: &Graph, nodes: &Nodes) -> usize {
        let faces = |lane: Lane| match outset(graph, nodes, lane) {
            None => 0,
            Some(_) if graph.edge(lane).has(Edge::RESTRICTED) => 2,
            Some(_) => 1,
        };
        let lanes = all_lanes(graph).filter(|_| graph.turns_ms.is_some());
        let signs = Signs::of(&graph.bans, &graph.ban_bands);
        let borne = signs.borne().map(|(lane, minds)| faces(lane) * minds);
        lanes.map(faces).sum::<usize>() + borne.sum::<usize>()
    }

    /// The vertices of a lane; none if it is closed or sets out from a free node.
    pub(super) fn vertices_of(&self, lane: Lane) -> impl Iterator<Item = (Vertex, u32)> {
        let range = self.first[lane.0 as usize]..self.first[lane.0 as usize + 1];
        range.map(|place| (self.vertices[place as usize], self.before + place))
    }

    /// Where a way goes on that has travelled a lane to a node with rules, and what is lost there.
    pub(super) fn onward(&self, graph: &Graph, from: Vertex, mut tell: impl FnMut(u32, Passage)) {
        let node = from.lane.end(graph.edge(from.lane));
        let exits = self.exits.row(node as usize);
        let elsewhere =
            |next: &&Lane| **next != from.lane.back() && self.signs.never_ban(from.lane, **next);
        let trapped = !exits.iter().any(|next| elsewhere(&next));
        // Elsewhere there is no turn to make.
        let junction = self.nodes.is_junction(node);
        let bearing = junction.then(|| Bearing::arriving(graph, from.lane));
        for next in exits.iter().filter(|next| trapped || **next != from.lane.back()) {
            if let Some((mind, bands)) = self.signs.follow(from.lane, from.mind, *next) {
                let (goal, through) = ground(graph, from, *next);
                let to = self.vertex(Vertex { lane: *next, mind, goal });
                let turn_ms = self.turn_ms(graph, from.lane, bearing.as_ref(), *next);
                let passage = Passage::along(from.lane).losing(next.lost_ms(graph.edge(*next)));
                tell(to, passage.losing(turn_ms).judged(through, bands));
            }
        }
    }

    fn vertex(&self, wanted: Vertex) -> u32 {
        let is_it =
            |(vertex, _): &(Vertex, u32)| (vertex.mind, vertex.goal) == (wanted.mind, wanted.goal);
        let known = self.vertices_of(wanted.lane).find(is_it);
        known.expect("a lane has a vertex for each of its minds").1
    }

    /// Milliseconds lost by turning from a lane, with its bearing at a junction, into another.
    fn turn_ms(&self, graph: &Graph, from: Lane, bearing: Option<&Bearing>, next: Lane) -> u32 {
        let [left, right, back] = self.costs;
        if next == from.back() {
            return back;
        }
        match bearing.map_or(Side::Ahead, |bearing| bearing.side(graph, next)) {
            Side::Ahead => 0,
            Side::Left => left,
            Side::Right => right,
        }
    }
}

/// Both directions of every edge.
fn all_lanes(graph: &Graph) -> impl Iterator<Item = Lane> + use<> {
    (0..2 * graph.edges.len() as u32).map(Lane)
}

/// The node with rules that an open lane of the main network sets out from.
#[inline]
fn outset(graph: &Graph, nodes: &Nodes, lane: Lane) -> Option<u32> {
    let edge = graph.edge(lane);
    let node = lane.start(edge);
    let open = lane.ms(edge) != CLOSED && edge.has(Edge::MAIN);
    (open && nodes.is_ruled(node)).then_some(node)
}

/// Whether the next lane is private ground after public, and whether private ground was passed
/// through.
fn ground(graph: &Graph, from: Vertex, next: Lane) -> (bool, bool) {
    let private = |lane| graph.edge(lane).has(Edge::RESTRICTED);
    match (private(from.lane), private(next)) {
        (false, private) => (private, false),
        (true, true) => (from.goal, false),
        (true, false) => (false, from.goal),
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Side {
    Ahead,
    Left,
    Right,
}

/// How a way arrives at a node.
struct Bearing {
    here: Point,
    plane: Plane,
    arriving: (i64, i64),
}

impl Bearing {
    /// That of a way along a lane.
    fn arriving(graph: &Graph, lane: Lane) -> Bearing {
        let [here, before] = graph.outset(lane.back());
        let plane = Plane::around(here);
        Bearing { here, plane, arriving: plane.vector(before, here) }
    }

    /// To which side one turns into the next lane: more than 45° is a turn.
    fn side(&self, graph: &Graph, next: Lane) -> Side {
        let [_, beyond] = graph.outset(next);
        let ((ax, ay), (bx, by)) = (self.arriving, self.plane.vector(self.here, beyond));
        let product = |a: i64, b: i64| i128::from(a) * i128::from(b);
        let (dot, cross) = (product(ax, bx) + product(ay, by), product(ax, by) - product(ay, bx));
        match cross {
            _ if cross.abs() <= dot => Side::Ahead,
            0.. => Side::Left,
            _ => Side::Right,
        }
    }
}
