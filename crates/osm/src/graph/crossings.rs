//! Junctions that may be passed in any direction: a vertex is a node. A node that private ground
//! touches has up to three faces: `start` (private, and so far nothing else), `public`, and `goal`
//! (private after public). From `goal` back to `public` costs what passing through private ground
//! costs; so private ground is free at both ends of a way and dear in the middle.

use super::network::{Arc, Step};
use super::{CLOSED, Csr, Edge, Graph, Lane};
use crate::key::Key;

/// The face a node does not have.
const NO_VERTEX: u32 = u32::MAX;

/// The vertices of one node.
#[derive(Clone, Copy, Debug)]
struct Faces {
    start: u32,
    public: u32,
    goal: u32,
}

impl Faces {
    /// The steps from one face to another.
    fn change(self, graph: &Graph, mut arc: impl FnMut(u32, Arc)) {
        if self.public != NO_VERTEX && self.start != NO_VERTEX {
            arc(self.start, (self.public, Key::ZERO));
            arc(self.public, (self.goal, Key::ZERO));
            arc(self.goal, (self.public, Key::of(graph.through_ms, 0)));
        }
    }
}

/// The nodes of the main network and their faces.
#[derive(Clone, Debug)]
pub(crate) struct Crossings {
    faces: Vec<Faces>,
    /// The node of each vertex.
    pub(super) nodes: Vec<u32>,
}

impl Crossings {
    /// The nodes of a graph's main network.
    pub(super) fn of(graph: &Graph) -> Crossings {
        let none = vec![false; graph.nodes as usize];
        let (mut public, mut private) = (none.clone(), none);
        for edge in graph.edges.iter().filter(|edge| edge.has(Edge::MAIN)) {
            let side = if edge.has(Edge::RESTRICTED) { &mut private } else { &mut public };
            side[edge.tail as usize] = true;
            side[edge.head as usize] = true;
        }
        let mut nodes = Vec::new();
        let mut vertex = |node: usize, there: bool| {
            nodes.extend(there.then_some(node as u32));
            if there { nodes.len() as u32 - 1 } else { NO_VERTEX }
        };
        let faces = (0..graph.nodes as usize).map(|node| Faces {
            start: vertex(node, private[node]),
            public: vertex(node, public[node]),
            goal: vertex(node, private[node]),
        });
        Crossings { faces: faces.collect(), nodes }
    }

    /// Every step between two vertices.
    pub(super) fn arcs(&self, graph: &Graph, mut arc: impl FnMut(u32, Arc)) {
        for lane in graph.lanes().filter(|lane| graph.edge(*lane).has(Edge::MAIN)) {
            self.travel(graph, lane, &mut arc);
        }
        self.faces.iter().for_each(|face| face.change(graph, &mut arc));
    }

    /// Every step from a vertex, with the lane it travels, if it travels one; `exits` are the open
    /// lanes of each node.
    pub(super) fn steps(&self, graph: &Graph, exits: &Csr<Lane>, from: u32) -> Vec<Step> {
        let node = self.nodes[from as usize];
        let mut steps = Vec::new();
        let mut push = |lane, start, arc| {
            if start == from {
                steps.push((lane, arc));
            }
        };
        for lane in
            exits.row(node as usize).iter().filter(|lane| graph.edge(**lane).has(Edge::MAIN))
        {
            self.travel(graph, *lane, |start, arc| push(Some(*lane), start, arc));
        }
        self.at(node).change(graph, |start, arc| push(None, start, arc));
        steps
    }

    /// The steps along a lane.
    fn travel(&self, graph: &Graph, lane: Lane, mut arc: impl FnMut(u32, Arc)) {
        let edge = graph.edge(lane);
        let key = lost_before(edge, lane).and(lane.key(edge));
        let [from, to] = [lane.start(edge), lane.end(edge)].map(|node| self.at(node));
        if edge.has(Edge::RESTRICTED) {
            arc(from.start, (to.start, key));
            arc(from.goal, (to.goal, key));
        } else {
            arc(from.public, (to.public, key));
        }
    }

    /// The vertex where a way from a lane goes on.
    pub(super) fn leaving(&self, graph: &Graph, lane: Lane) -> u32 {
        let edge = graph.edge(lane);
        let face = self.at(lane.end(edge));
        if edge.has(Edge::RESTRICTED) { face.start } else { face.public }
    }

    /// The vertices from which a way may enter a lane, and what is lost before.
    pub(super) fn entering(&self, graph: &Graph, lane: Lane) -> impl Iterator<Item = Arc> {
        let edge = graph.edge(lane);
        let face = self.at(lane.start(edge));
        let restricted = edge.has(Edge::RESTRICTED);
        let faces = if restricted { [face.goal, face.start] } else { [face.public, NO_VERTEX] };
        let lost = lost_before(edge, lane);
        faces.into_iter().filter(|vertex| *vertex != NO_VERTEX).map(move |vertex| (vertex, lost))
    }

    fn at(&self, node: u32) -> Faces {
        self.faces[node as usize]
    }
}

fn lost_before(edge: &Edge, lane: Lane) -> Key {
    debug_assert_ne!(lane.ms(edge), CLOSED, "only open lanes are travelled");
    Key::of(lane.lost_ms(edge), 0)
}
