//! What a search runs over: the main network as vertices and steps between them. Where turning is
//! free a vertex is a node (`crossings`); where it is not, a lane about to be travelled (`turns`).
//! Nobody else needs to know which.

use super::crossings::Crossings;
use super::turns::{Turns, Vertex};
use super::{Csr, Edge, Graph, Lane};
use crate::key::Key;

/// Where a step leads, and what it takes.
pub(crate) type Arc = (u32, Key);

/// A step from a vertex, and the lane that is travelled, if one is.
pub(crate) type Step = (Option<Lane>, Arc);

/// What the vertices of a network go by when they are ordered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Home {
    /// A node where turning is free, or the lanes that set out to such a node from this one.
    Node(u32),
    /// A road between two nodes where it is not.
    Edge(u32),
}

/// The main network of one mode. Its vertices are the faces of the free nodes, then the lanes.
#[derive(Clone, Debug)]
pub(crate) struct Network {
    crossings: Crossings,
    turns: Turns,
}

impl Network {
    /// The main network of a graph.
    pub(crate) fn of(graph: &Graph) -> Network {
        let ruled = graph.ruled();
        let crossings = Crossings::of(graph, &ruled);
        let turns = Turns::of(graph, &ruled, crossings.nodes.len() as u32);
        Network { crossings, turns }
    }

    /// How many vertices there are.
    pub(crate) fn vertices(&self) -> usize {
        self.crossings.nodes.len() + self.turns.vertices.len()
    }

    /// How many vertices the network of a graph has, without making it.
    pub(crate) fn vertices_in(graph: &Graph) -> usize {
        let ruled = graph.ruled();
        Crossings::vertices_in(graph, &ruled) + Turns::vertices_in(graph, &ruled)
    }

    /// What each vertex goes by.
    pub(crate) fn homes(&self, graph: &Graph) -> Vec<Home> {
        let nodes = self.crossings.nodes.iter().map(|node| Home::Node(*node));
        let lane = |vertex: &Vertex| {
            let edge = graph.edge(vertex.lane);
            match self.crossings.is_free(vertex.lane.end(edge)) {
                true => Home::Node(vertex.lane.start(edge)),
                false => Home::Edge(vertex.lane.edge()),
            }
        };
        nodes.chain(self.turns.vertices.iter().map(lane)).collect()
    }

    /// Whether one may turn as one likes at a node of the main network.
    pub(crate) fn is_free(&self, node: u32) -> bool {
        self.crossings.is_free(node)
    }

    /// Every step: from a vertex, to another.
    pub(crate) fn arcs(&self, graph: &Graph) -> Vec<(u32, Arc)> {
        let mut arcs = Vec::new();
        self.each_step(graph, |_, from, arc| arcs.push((from, arc)));
        arcs
    }

    /// Every step with the lane it travels; with none if it only changes what is borne in mind.
    pub(super) fn each_step(&self, graph: &Graph, mut step: impl FnMut(Option<Lane>, u32, Arc)) {
        self.crossings.changes(graph.through_ms, |from, arc| step(None, from, arc));
        for lane in graph.lanes().filter(|lane| graph.edge(*lane).has(Edge::MAIN)) {
            self.travel(graph, lane, |from, arc| step(Some(lane), from, arc));
        }
    }

    /// Every step from one vertex; `exits` are the open lanes out of each node.
    pub(crate) fn steps(&self, graph: &Graph, exits: &Csr<Lane>, from: u32) -> Vec<Step> {
        let mut steps = Vec::new();
        let mut push = |lane, start, arc| {
            if start == from {
                steps.push((lane, arc));
            }
        };
        let lanes = match self.crossings.nodes.get(from as usize) {
            None => vec![self.turns.vertices[from as usize - self.crossings.nodes.len()].lane],
            Some(node) => {
                self.crossings.changes_at(*node, graph.through_ms, |start, arc| {
                    push(None, start, arc);
                });
                let main = |lane: &&Lane| graph.edge(**lane).has(Edge::MAIN);
                exits.row(*node as usize).iter().filter(main).copied().collect()
            }
        };
        for lane in lanes {
            self.travel(graph, lane, |start, arc| push(Some(lane), start, arc));
        }
        steps
    }

    /// The steps along a lane.
    fn travel(&self, graph: &Graph, lane: Lane, mut step: impl FnMut(u32, Arc)) {
        let edge = graph.edge(lane);
        let whole = lane.key(edge);
        let free = Key::of(lane.lost_ms(edge), 0).and(whole);
        for (vertex, from) in self.crossings.outsets(graph, lane) {
            self.arrive(graph, vertex, |to, turn| step(from, (to, free.and(turn))));
        }
        for (vertex, from) in self.turns.vertices_of(lane) {
            self.arrive(graph, vertex, |to, turn| step(from, (to, whole.and(turn))));
        }
    }

    /// Where a way goes on that has travelled a lane.
    fn arrive(&self, graph: &Graph, from: Vertex, mut step: impl FnMut(u32, Key)) {
        match self.crossings.arrival(graph, from) {
            Some(face) => step(face, Key::ZERO),
            None => self.turns.onward(graph, from, step),
        }
    }

    /// The vertices where a way goes on that starts on a lane and has so much of it left.
    pub(crate) fn leaving(&self, graph: &Graph, lane: Lane, rest: Key) -> Vec<Arc> {
        let mut arcs = Vec::new();
        self.arrive(graph, Vertex::starting(lane), |to, turn| arcs.push((to, rest.and(turn))));
        arcs
    }

    /// The vertices from which a way comes that ends on a lane, so far along it.
    pub(crate) fn entering(&self, graph: &Graph, lane: Lane, along: Key) -> Vec<Arc> {
        let outset = Key::of(lane.lost_ms(graph.edge(lane)), 0);
        let free = self.crossings.outsets(graph, lane).map(|(_, from)| (from, outset.and(along)));
        let ruled = self.turns.vertices_of(lane).map(|(_, from)| (from, along));
        free.chain(ruled).collect()
    }
}
