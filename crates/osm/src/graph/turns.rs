//! Junctions where it matters whence one comes: a vertex is a lane about to be travelled, with what
//! came before it already paid. A step travels the lane and turns into the next one, unless a sign
//! forbids it; one turns back only where there is no other way on.
//!
//! A sign may speak of more than two lanes. Who has travelled the first of them bears that in mind:
//! a lane in the middle of such a sign has one vertex more for each beginning of a sign that ends
//! with it. A lane on private ground has two, as the nodes in `crossings` have: `goal` is set on
//! private ground after public, and leaving it for public ground again costs.

use std::collections::BTreeSet;

use super::network::{Arc, Step};
use super::{Csr, Edge, Graph, Lane};
use crate::geometry::Plane;
use crate::key::Key;

/// Nothing borne in mind.
const NOTHING: u32 = 0;

/// The lanes of the main network and the rules for turning between them.
#[derive(Clone, Debug)]
pub(crate) struct Turns {
    /// Milliseconds lost by turning left, right and back.
    costs: [u32; 3],
    /// The lanes out of each node.
    exits: Csr<Lane>,
    /// Whether so many roads meet that there is a turn to make.
    junctions: Vec<bool>,
    signs: Signs,
    /// The first vertex of each lane, and the end of the last.
    first: Vec<u32>,
    pub(super) vertices: Vec<Vertex>,
}

/// A lane about to be travelled.
#[derive(Clone, Copy, Debug)]
pub(super) struct Vertex {
    pub(super) lane: Lane,
    /// What is borne in mind: [`NOTHING`], or one more than the number of a beginning.
    mind: u32,
    /// Whether private ground was reached from public.
    goal: bool,
}

impl Turns {
    /// The lanes of a graph's main network.
    pub(super) fn of(graph: &Graph, costs: [u32; 3]) -> Turns {
        let open = graph.lanes().filter(|lane| graph.edge(*lane).has(Edge::MAIN));
        let open: Vec<Lane> = open.collect();
        let exits: Vec<(u32, Lane)> =
            open.iter().map(|lane| (lane.start(graph.edge(*lane)), *lane)).collect();
        let signs = Signs::of(&graph.bans);
        let (mut first, mut vertices) = (vec![0; 2 * graph.edges.len() + 1], Vec::new());
        for lane in open {
            for mind in std::iter::once(NOTHING).chain(signs.minds(lane)) {
                vertices.push(Vertex { lane, mind, goal: false });
                if graph.edge(lane).has(Edge::RESTRICTED) {
                    vertices.push(Vertex { lane, mind, goal: true });
                }
            }
            first[lane.0 as usize + 1] = vertices.len() as u32;
        }
        for lane in 1..first.len() {
            first[lane] = first[lane].max(first[lane - 1]);
        }
        let exits = Csr::of(graph.nodes as usize, &exits);
        Turns { costs, exits, junctions: junctions(graph), signs, first, vertices }
    }

    /// The vertices of a lane; none if it is closed.
    pub(super) fn vertices_of(&self, lane: Lane) -> std::ops::Range<u32> {
        self.first[lane.0 as usize]..self.first[lane.0 as usize + 1]
    }

    /// Every step between two vertices.
    pub(super) fn arcs(&self, graph: &Graph, mut arc: impl FnMut(u32, Arc)) {
        for from in 0..self.vertices.len() as u32 {
            self.each_step(graph, from, |_, onward| arc(from, onward));
        }
    }

    /// Every step from a vertex, with the lane it travels.
    pub(super) fn steps(&self, graph: &Graph, from: u32) -> Vec<Step> {
        let mut steps = Vec::new();
        self.each_step(graph, from, |lane, onward| steps.push((Some(lane), onward)));
        steps
    }

    fn each_step(&self, graph: &Graph, from: u32, mut step: impl FnMut(Lane, Arc)) {
        let vertex = self.vertices[from as usize];
        let whole = vertex.lane.key(graph.edge(vertex.lane));
        self.onward(graph, vertex, |to, turn| step(vertex.lane, (to, whole.and(turn))));
    }

    /// Where a way goes on that starts on a lane and has so much of it left.
    pub(super) fn leaving(&self, graph: &Graph, lane: Lane, rest: Key) -> Vec<Arc> {
        let mut arcs = Vec::new();
        let start = Vertex { lane, mind: NOTHING, goal: false };
        self.onward(graph, start, |to, turn| arcs.push((to, rest.and(turn))));
        arcs
    }

    /// The vertices after one, and what is lost in between.
    fn onward(&self, graph: &Graph, from: Vertex, mut step: impl FnMut(u32, Key)) {
        let exits = self.exits.row(from.lane.end(graph.edge(from.lane)) as usize);
        let elsewhere =
            |next: &&Lane| **next != from.lane.back() && self.signs.allow(from.lane, **next);
        let trapped = !exits.iter().any(|next| elsewhere(&next));
        for next in exits.iter().filter(|next| trapped || **next != from.lane.back()) {
            if let Some(mind) = self.signs.follow(from, *next) {
                let (goal, fee_ms) = ground(graph, from, *next);
                let to = self.vertex(Vertex { lane: *next, mind, goal });
                let lost = Key::of(next.lost_ms(graph.edge(*next)), 0).and(Key::of(fee_ms, 0));
                step(to, lost.and(Key::of(self.turn_ms(graph, from.lane, *next), 0)));
            }
        }
    }

    fn vertex(&self, wanted: Vertex) -> u32 {
        let range = self.vertices_of(wanted.lane);
        let known = &self.vertices[range.start as usize..range.end as usize];
        let is_it = |vertex: &Vertex| (vertex.mind, vertex.goal) == (wanted.mind, wanted.goal);
        let place =
            known.iter().position(is_it).expect("a lane has a vertex for each of its minds");
        range.start + place as u32
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
        (true, false) => (false, if from.goal { graph.through_ms } else { 0 }),
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

/// The lanes that may not follow each other.
#[derive(Clone, Debug, Default)]
struct Signs {
    pairs: BTreeSet<[Lane; 2]>,
    longer: Vec<Vec<Lane>>,
    /// The first lanes of the longer ones.
    starts: BTreeSet<Lane>,
    /// All beginnings of the longer ones, of two lanes and more, without the last.
    beginnings: Vec<Vec<Lane>>,
}

impl Signs {
    fn of(bans: &[Lane]) -> Signs {
        let mut signs = Signs::default();
        let mut beginnings = BTreeSet::new();
        for ban in bans.split(|lane| *lane == Graph::END_OF_BAN) {
            match *ban {
                [] | [_] => {}
                [from, to] => drop(signs.pairs.insert([from, to])),
                [start, ..] => {
                    signs.starts.insert(start);
                    beginnings.extend((2..ban.len()).map(|length| ban[..length].to_vec()));
                    signs.longer.push(ban.to_vec());
                }
            }
        }
        signs.beginnings = beginnings.into_iter().collect();
        signs
    }

    /// What may be borne in mind on a lane.
    fn minds(&self, lane: Lane) -> impl Iterator<Item = u32> {
        let ends = move |beginning: &Vec<Lane>| beginning.last() == Some(&lane);
        let numbered = self.beginnings.iter().zip(NOTHING + 1..);
        numbered.filter(move |(beginning, _)| ends(beginning)).map(|(_, mind)| mind)
    }

    /// Whether one lane may follow another, whatever came before.
    fn allow(&self, from: Lane, next: Lane) -> bool {
        self.pairs.is_empty() || !self.pairs.contains(&[from, next])
    }

    /// What to bear in mind on the next lane, if it may follow.
    fn follow(&self, from: Vertex, next: Lane) -> Option<u32> {
        if !self.allow(from.lane, next) {
            return None;
        }
        if from.mind == NOTHING && !self.starts.contains(&from.lane) {
            return Some(NOTHING);
        }
        let before = match from.mind {
            NOTHING => std::slice::from_ref(&from.lane),
            mind => &self.beginnings[mind as usize - 1],
        };
        let path = [before, &[next]].concat();
        if self.longer.iter().any(|ban| path.ends_with(ban)) {
            return None;
        }
        let known = self.beginnings.iter().zip(NOTHING + 1..);
        let known = known.filter(|(beginning, _)| path.ends_with(beginning));
        Some(known.max_by_key(|(beginning, _)| beginning.len()).map_or(NOTHING, |(_, mind)| mind))
    }
}
