//! What a search runs over: the main network as vertices and steps between them. Where turning is
//! free a vertex is a node (`crossings`); where it is not, a lane about to be travelled (`turns`).
//! Nobody else needs to know which.

use super::crossings::Crossings;
use super::nodes::Nodes;
use super::turns::{Turns, Vertex};
use super::{Csr, Edge, Graph, Lane, Passage};
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
        let nodes = Nodes::of(graph);
        let crossings = Crossings::of(&nodes);
        let turns = Turns::of(graph, nodes, crossings.nodes.len() as u32);
        Network { crossings, turns }
    }

    /// How many vertices there are.
    pub(crate) fn vertices(&self) -> usize {
        self.crossings.nodes.len() + self.turns.vertices.len()
    }

    /// How many vertices the network of a graph has, without making it.
    pub(crate) fn vertices_in(graph: &Graph) -> usize {
        let nodes = Nodes::of(graph);
        Crossings::vertices_in(&nodes) + Turns::vertices_in(graph, &nodes)
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
    #[cfg(test)]
    pub(crate) fn arcs(&self, graph: &Graph) -> Vec<(u32, Arc)> {
        let mut arcs = Vec::new();
        self.each_step(graph, |_, from, arc| arcs.push((from, arc)));
        arcs
    }

    /// Every step with the lane it travels; with none if it only changes what is borne in mind.
    pub(crate) fn each_step(&self, graph: &Graph, mut step: impl FnMut(Option<Lane>, u32, Arc)) {
        self.each_passage(graph, |from, to, passage| {
            step(passage.lane(), from, (to, passage.key(graph)));
        });
    }

    /// Every step in any band: from a vertex, to another. They come in the same order in each.
    pub(crate) fn each_passage(&self, graph: &Graph, mut tell: impl FnMut(u32, u32, Passage)) {
        self.crossings.changes(graph.through_ms, &mut tell);
        for lane in graph.lanes().filter(|lane| graph.edge(*lane).has(Edge::MAIN)) {
            self.travel(graph, lane, &mut tell);
        }
    }

    /// Every step from one vertex; `exits` are the open lanes out of each node.
    pub(crate) fn steps(&self, graph: &Graph, exits: &Csr<Lane>, from: u32) -> Vec<Step> {
        let mut steps = Vec::new();
        let mut push = |start, to, passage: Passage| {
            if start == from {
                steps.push((passage.lane(), (to, passage.key(graph))));
            }
        };
        let lanes = match self.crossings.nodes.get(from as usize) {
            None => vec![self.turns.vertices[from as usize - self.crossings.nodes.len()].lane],
            Some(node) => {
                self.crossings.changes_at(*node, graph.through_ms, &mut push);
                let main = |lane: &&Lane| graph.edge(**lane).has(Edge::MAIN);
                exits.row(*node as usize).iter().filter(main).copied().collect()
            }
        };
        lanes.into_iter().for_each(|lane| self.travel(graph, lane, &mut push));
        steps
    }

    /// The steps along a lane.
    fn travel(&self, graph: &Graph, lane: Lane, mut tell: impl FnMut(u32, u32, Passage)) {
        let lost_ms = lane.lost_ms(graph.edge(lane));
        for (vertex, from) in self.crossings.outsets(graph, lane) {
            self.arrive(graph, vertex, |to, passage| tell(from, to, passage.losing(lost_ms)));
        }
        for (vertex, from) in self.turns.vertices_of(lane) {
            self.arrive(graph, vertex, |to, passage| tell(from, to, passage));
        }
    }

    /// Where a way goes on that has travelled a lane.
    fn arrive(&self, graph: &Graph, from: Vertex, mut tell: impl FnMut(u32, Passage)) {
        match self.crossings.arrival(graph, from) {
            Some(face) => tell(face, Passage::along(from.lane)),
            None => self.turns.onward(graph, from, tell),
        }
    }

    /// The vertices where a way goes on that starts on a lane and has so much of it left.
    pub(crate) fn leaving(&self, graph: &Graph, lane: Lane, rest: Key) -> Vec<Arc> {
        let mut arcs = Vec::new();
        self.arrive(graph, Vertex::starting(lane), |to, passage| {
            arcs.push((to, rest.and(passage.toll(graph))));
        });
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
