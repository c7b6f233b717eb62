//! Nodes where one may turn as one likes: a vertex is a node. A node that private ground touches has
//! up to three faces: `start` (private, and so far nothing else), `public`, and `goal` (private
//! after public). From `goal` back to `public` costs what passing through private ground costs; so
//! private ground is free at both ends of a way and dear in the middle.

use super::network::Arc;
use super::turns::Vertex;
use super::{Edge, Graph, Lane};
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
    fn change(self, through_ms: u32, mut arc: impl FnMut(u32, Arc)) {
        if self.public != NO_VERTEX && self.start != NO_VERTEX {
            arc(self.start, (self.public, Key::ZERO));
            arc(self.public, (self.goal, Key::ZERO));
            arc(self.goal, (self.public, Key::of(through_ms, 0)));
        }
    }
}

/// The free nodes of the main network and their faces.
#[derive(Clone, Debug)]
pub(super) struct Crossings {
    faces: Vec<Faces>,
    /// The node of each vertex.
    pub(super) nodes: Vec<u32>,
}

impl Crossings {
    /// The nodes of a graph's main network where no rule holds.
    pub(super) fn of(graph: &Graph, ruled: &[bool]) -> Crossings {
        let touched = touched(graph, ruled);
        let mut nodes = Vec::new();
        let mut vertex = |node: usize, there: bool| {
            nodes.extend(there.then_some(node as u32));
            if there { nodes.len() as u32 - 1 } else { NO_VERTEX }
        };
        let faces = (0..graph.nodes as usize).map(|node| Faces {
            start: vertex(node, touched[node] & PRIVATE != 0),
            public: vertex(node, touched[node] & PUBLIC != 0),
            goal: vertex(node, touched[node] & PRIVATE != 0),
        });
        Crossings { faces: faces.collect(), nodes }
    }

    /// How many vertices there would be.
    pub(super) fn vertices_in(graph: &Graph, ruled: &[bool]) -> usize {
        let faces = |touched: u8| usize::from(touched & PUBLIC) + usize::from(touched & PRIVATE);
        touched(graph, ruled).into_iter().map(faces).sum()
    }

    /// Whether one may turn as one likes at a node of the main network.
    pub(super) fn is_free(&self, node: u32) -> bool {
        let Faces { start, public, .. } = self.faces[node as usize];
        [start, public] != [NO_VERTEX; 2]
    }

    /// The steps between the faces of each node.
    pub(super) fn changes(&self, through_ms: u32, mut arc: impl FnMut(u32, Arc)) {
        self.faces.iter().for_each(|faces| faces.change(through_ms, &mut arc));
    }

    /// The steps between the faces of one node.
    pub(super) fn changes_at(&self, node: u32, through_ms: u32, arc: impl FnMut(u32, Arc)) {
        self.faces[node as usize].change(through_ms, arc);
    }

    /// The faces a lane may be taken from, each with the lane as it is then travelled.
    pub(super) fn outsets(
        &self,
        graph: &Graph,
        lane: Lane,
    ) -> impl Iterator<Item = (Vertex, u32)> + use<> {
        let edge = graph.edge(lane);
        let Faces { start, public, goal } = self.faces[lane.start(edge) as usize];
        let faces = if edge.has(Edge::RESTRICTED) { [start, goal] } else { [public, NO_VERTEX] };
        let travelled = [Vertex::starting(lane), Vertex { goal: true, ..Vertex::starting(lane) }];
        travelled.into_iter().zip(faces).filter(|(_, face)| *face != NO_VERTEX)
    }

    /// The face one comes to by a lane; none if the node at its end has rules.
    pub(super) fn arrival(&self, graph: &Graph, by: Vertex) -> Option<u32> {
        let edge = graph.edge(by.lane);
        let Faces { start, public, goal } = self.faces[by.lane.end(edge) as usize];
        let face = match (edge.has(Edge::RESTRICTED), by.goal) {
            (false, _) => public,
            (true, false) => start,
            (true, true) => goal,
        };
        (face != NO_VERTEX).then_some(face)
    }
}

/// One face for public ground, and two for private.
const PUBLIC: u8 = 1;
const PRIVATE: u8 = 2;

/// By which ground each free node is touched, as a sum.
fn touched(graph: &Graph, ruled: &[bool]) -> Vec<u8> {
    let mut touched = vec![0; graph.nodes as usize];
    for edge in graph.edges.iter().filter(|edge| edge.has(Edge::MAIN)) {
        let ground = if edge.has(Edge::RESTRICTED) { PRIVATE } else { PUBLIC };
        for node in [edge.tail, edge.head].into_iter().filter(|node| !ruled[*node as usize]) {
            touched[node as usize] |= ground;
        }
    }
    touched
}
