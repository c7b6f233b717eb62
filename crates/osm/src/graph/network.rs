//! What a search runs over: the main network as vertices and steps between them. Where turning is
//! free a vertex is a node (`crossings`); where it is not, a lane about to be travelled (`turns`).
//! Nobody else needs to know which.

use super::crossings::Crossings;
use super::turns::Turns;
use super::{Csr, Graph, Lane};
use crate::key::Key;

/// Where a step leads, and what it takes.
pub(crate) type Arc = (u32, Key);

/// A step from a vertex, and the lane that is travelled, if one is.
pub(crate) type Step = (Option<Lane>, Arc);

/// The main network of one mode.
#[derive(Clone, Debug)]
pub(crate) enum Network {
    /// A vertex is a node.
    Nodes(Crossings),
    /// A vertex is a lane.
    Lanes(Turns),
}

impl Network {
    /// The main network of a graph.
    pub(crate) fn of(graph: &Graph) -> Network {
        match graph.turns_ms {
            None => Network::Nodes(Crossings::of(graph)),
            Some(costs) => Network::Lanes(Turns::of(graph, costs)),
        }
    }

    /// How many vertices there are.
    pub(crate) fn vertices(&self) -> usize {
        self.homes().len()
    }

    /// The node of each vertex, or its edge where vertices are lanes.
    pub(crate) fn homes(&self) -> Vec<u32> {
        match self {
            Network::Nodes(crossings) => crossings.nodes.clone(),
            Network::Lanes(turns) => {
                turns.vertices.iter().map(|vertex| vertex.lane.edge()).collect()
            }
        }
    }

    /// Every step: from a vertex, to another.
    pub(crate) fn arcs(&self, graph: &Graph) -> Vec<(u32, Arc)> {
        let mut arcs = Vec::new();
        let push = |from, arc| arcs.push((from, arc));
        match self {
            Network::Nodes(crossings) => crossings.arcs(graph, push),
            Network::Lanes(turns) => turns.arcs(graph, push),
        }
        arcs
    }

    /// Every step from one vertex; `exits` are the open lanes out of each node.
    pub(crate) fn steps(&self, graph: &Graph, exits: &Csr<Lane>, from: u32) -> Vec<Step> {
        match self {
            Network::Nodes(crossings) => crossings.steps(graph, exits, from),
            Network::Lanes(turns) => turns.steps(graph, from),
        }
    }

    /// The vertices where a way goes on that starts on a lane and has so much of it left.
    pub(crate) fn leaving(&self, graph: &Graph, lane: Lane, rest: Key) -> Vec<Arc> {
        match self {
            Network::Nodes(crossings) => vec![(crossings.leaving(graph, lane), rest)],
            Network::Lanes(turns) => turns.leaving(graph, lane, rest),
        }
    }

    /// The vertices from which a way comes that ends on a lane, so far along it.
    pub(crate) fn entering(&self, graph: &Graph, lane: Lane, along: Key) -> Vec<Arc> {
        match self {
            Network::Nodes(crossings) => {
                let ways = crossings.entering(graph, lane);
                ways.map(|(vertex, lost)| (vertex, lost.and(along))).collect()
            }
            Network::Lanes(turns) => {
                turns.vertices_of(lane).map(|vertex| (vertex, along)).collect()
            }
        }
    }
}
