//! Nodes where one may turn as one likes: a vertex is a node. A node that private ground touches has
//! up to three faces: `start` (private, and so far nothing else), `public`, and `goal` (private
//! after public). From `goal` back to `public` costs what passing through private ground costs; so
//! private ground is free at both ends of a way and dear in the middle.

use super::nodes::{Nodes, PRIVATE, PUBLIC};
use super::turns::Vertex;
use super::{Edge, Graph, Lane, Passage};

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
    fn change(self, through_ms: u32, mut tell: impl FnMut(u32, u32, Passage)) {
        if self.public != NO_VERTEX && self.start != NO_VERTEX {
            tell(self.start, self.public, Passage::standing(0));
            tell(self.public, self.goal, Passage::standing(0));
            tell(self.goal, self.public, Passage::standing(through_ms));
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
    /// The nodes of the main network where no rule holds.
    pub(super) fn of(nodes: &Nodes) -> Crossings {
        let mut vertices = Vec::with_capacity(Crossings::vertices_in(nodes));
        let mut vertex = |node: u32, there: bool| {
            vertices.extend(there.then_some(node));
            if there { vertices.len() as u32 - 1 } else { NO_VERTEX }
        };
        let faces = (0..).zip(nodes.free()).map(|(node, ground)| Faces {
            start: vertex(node, ground & PRIVATE != 0),
            public: vertex(node, ground & PUBLIC != 0),
            goal: vertex(node, ground & PRIVATE != 0),
        });
        Crossings { faces: faces.collect(), nodes: vertices }
    }

    /// How many vertices there would be: one face for public ground, and two for private.
    pub(super) fn vertices_in(nodes: &Nodes) -> usize {
        const FACES: [usize; 4] = [0, 1, 2, 3];
        nodes.free().map(|ground| FACES[usize::from(ground)]).sum()
    }

    /// Whether one may turn as one likes at a node of the main network.
    pub(super) fn is_free(&self, node: u32) -> bool {
        let Faces { start, public, .. } = self.faces[node as usize];
        [start, public] != [NO_VERTEX; 2]
    }

    /// The steps between the faces of each node.
    pub(super) fn changes(&self, through_ms: u32, mut tell: impl FnMut(u32, u32, Passage)) {
        self.faces.iter().for_each(|faces| faces.change(through_ms, &mut tell));
    }

    /// The steps between the faces of one node.
    pub(super) fn changes_at(
        &self,
        node: u32,
        through_ms: u32,
        tell: impl FnMut(u32, u32, Passage),
    ) {
        self.faces[node as usize].change(through_ms, tell);
    }

    /// The faces a lane may be taken from, each with the lane as it is then travelled.
    pub(super) fn outsets(
        &self,
        graph: &Graph,
        lane: Lane,
    ) -> impl Iterator<Item = (Vertex, u32)> + use<> {
        let edge = graph.edge(lane);
        let Faces { start, public, goal } = self.faces[lane.start(edge) as usize];
        let (first, goal) =
            if edge.has(Edge::RESTRICTED) { (start, goal) } else { (public, NO_VERTEX) };
        let there = |goal: bool, face: u32| {
            let travelled = Vertex { goal, ..Vertex::starting(lane) };
            (face != NO_VERTEX).then_some((travelled, face))
        };
        there(false, first).into_iter().chain(there(true, goal))
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
