//! Junctions where it matters whence one comes: a vertex is a lane about to be travelled, with what
//! came before it already paid. A step travels the lane and turns into the next one, unless a sign
//! forbids it; one turns back only where there is no other way on.
//!
//! A lane on private ground has two vertices, as the nodes in `crossings` have faces: `goal` is set
//! on private ground after public, and leaving it for public ground again costs. What else is borne
//! in mind is told by `signs`.

use std::iter::once;

use super::signs::{NOTHING, Signs};
use super::{CLOSED, Csr, Edge, Graph, Lane};
use crate::geometry::Plane;
use crate::key::Key;

/// The lanes of the main network that set out from nodes with rules, and the rules for turning between them.
#[derive(Clone, Debug)]
pub(super) struct Turns {
    /// Milliseconds lost by turning left, right and back.
    costs: [u32; 3],
    /// The lanes out of each node.
    exits: Csr<Lane>,
    /// Whether so many roads meet that there is a turn to make.
    junctions: Vec<bool>,
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
    pub(super) fn of(graph: &Graph, ruled: &[bool], before: u32) -> Turns {
        let open = graph.lanes().filter(|lane| graph.edge(*lane).has(Edge::MAIN));
        let open = open.map(|lane| (lane.start(graph.edge(lane)), lane));
        let exits: Vec<(u32, Lane)> = open.filter(|(node, _)| ruled[*node as usize]).collect();
        let signs = Signs::of(&graph.bans, &graph.ban_bands);
        let (mut first, mut vertices) = (vec![0; 2 * graph.edges.len() + 1], Vec::new());
        for (_, lane) in &exits {
            for mind in once(NOTHING).chain(signs.minds(*lane)) {
                let vertex = Vertex { mind, ..Vertex::starting(*lane) };
                vertices.push(vertex);
                if graph.edge(*lane).has(Edge::RESTRICTED) {
                    vertices.push(Vertex { goal: true, ..vertex });
                }
            }
            first[lane.0 as usize + 1] = vertices.len() as u32;
        }
        for lane in 1..first.len() {
            first[lane] = first[lane].max(first[lane - 1]);
        }
        let exits = Csr::of(graph.nodes as usize, &exits);
        let costs = graph.turns_ms.unwrap_or_default();
        Turns { costs, exits, junctions: junctions(graph), signs, before, first, vertices }
    }

    /// How many vertices there would be.
    pub(super) fn vertices_in(graph: &Graph, ruled: &[bool]) -> usize {
        let signs = Signs::of(&graph.bans, &graph.ban_bands);
        let faces = |edge: &Edge| if edge.has(Edge::RESTRICTED) { 2 } else { 1 };
        let of = |(number, edge): (u32, &Edge)| {
            let lanes = [(edge.tail, edge.forward_ms, false), (edge.head, edge.backward_ms, true)];
            let open =
                lanes.into_iter().filter(|(node, ms, _)| *ms != CLOSED && ruled[*node as usize]);
            let minds = |(_, _, against)| 1 + signs.minds(Lane::of(number, against)).count();
            faces(edge) * open.map(minds).sum::<usize>()
        };
        let main = (0..).zip(graph.edges.iter()).filter(|(_, edge)| edge.has(Edge::MAIN));
        main.map(of).sum()
    }

    /// The vertices of a lane; none if it is closed or sets out from a free node.
    pub(super) fn vertices_of(&self, lane: Lane) -> impl Iterator<Item = (Vertex, u32)> {
        let range = self.first[lane.0 as usize]..self.first[lane.0 as usize + 1];
        range.map(|place| (self.vertices[place as usize], self.before + place))
    }

    /// Where a way goes on that has travelled a lane to a node with rules, and what is lost there.
    pub(super) fn onward(&self, graph: &Graph, from: Vertex, mut step: impl FnMut(u32, Key)) {
        let exits = self.exits.row(from.lane.end(graph.edge(from.lane)) as usize);
        let elsewhere =
            |next: &&Lane| **next != from.lane.back() && self.signs.never_ban(from.lane, **next);
        let trapped = !exits.iter().any(|next| elsewhere(&next));
        for next in exits.iter().filter(|next| trapped || **next != from.lane.back()) {
            if let Some((mind, bands)) = self.signs.follow(from.lane, from.mind, *next) {
                let (goal, fee_ms) = ground(graph, from, *next);
                let to = self.vertex(Vertex { lane: *next, mind, goal });
                let lost = Key::of(next.lost_ms(graph.edge(*next)), 0).and(Key::of(fee_ms, 0));
                let turn = Key::of(self.turn_ms(graph, from.lane, *next), 0);
                let banned = bands & graph.bands.now != 0;
                step(to, if banned { Key::NEVER } else { lost.and(turn) });
            }
        }
    }

    fn vertex(&self, wanted: Vertex) -> u32 {
        let is_it =
            |(vertex, _): &(Vertex, u32)| (vertex.mind, vertex.goal) == (wanted.mind, wanted.goal);
        let known = self.vertices_of(wanted.lane).find(is_it);
        known.expect("a lane has a vertex for each of its minds").1
    }

    /// Milliseconds lost by turning from a lane into another.
    fn turn_ms(&self, graph: &Graph, from: Lane, next: Lane) -> u32 {
        let [left, right, back] = self.costs;
        let node = next.start(graph.edge(next));
        if next == from.back() {
            return back;
        }
        if !self.junctions[node as usize] {
            return 0;
        }
        match side(graph, from, next) {
            Side::Ahead => 0,
            Side::Left => left,
            Side::Right => right,
        }
    }
}

/// Whether the next lane is private ground after public, and what is to be paid for having passed
/// through private ground.
fn ground(graph: &Graph, from: Vertex, next: Lane) -> (bool, u32) {
    let private = |lane| graph.edge(lane).has(Edge::RESTRICTED);
    match (private(from.lane), private(next)) {
        (false, private) => (private, 0),
        (true, true) => (from.goal, 0),
        (true, false) => {
            let free = !from.goal || graph.edge(from.lane).has(Edge::OPEN_NOW);
            (false, if free { 0 } else { graph.through_ms })
        }
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Side {
    Ahead,
    Left,
    Right,
}

/// To which side one turns: more than 45° is a turn.
fn side(graph: &Graph, from: Lane, next: Lane) -> Side {
    let [here, before] = graph.outset(from.back());
    let [_, beyond] = graph.outset(next);
    let plane = Plane::around(here);
    let (ax, ay) = plane.vector(before, here);
    let (bx, by) = plane.vector(here, beyond);
    let product = |a: i64, b: i64| i128::from(a) * i128::from(b);
    let (dot, cross) = (product(ax, bx) + product(ay, by), product(ax, by) - product(ay, bx));
    match cross {
        _ if cross.abs() <= dot => Side::Ahead,
        0.. => Side::Left,
        _ => Side::Right,
    }
}

/// The nodes where three roads or more meet.
fn junctions(graph: &Graph) -> Vec<bool> {
    let mut roads = vec![0u8; graph.nodes as usize];
    for edge in graph.edges.iter().filter(|edge| edge.has(Edge::MAIN)) {
        for node in [edge.tail, edge.head] {
            roads[node as usize] = roads[node as usize].saturating_add(1);
        }
    }
    roads.into_iter().map(|roads| roads > 2).collect()
}
