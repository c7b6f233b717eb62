//! One direction of a stretch of road. Lane `2e` runs along edge `e`, lane `2e + 1` against it.

use bytemuck::{Pod, Zeroable};

use super::{CLOSED, Csr, Edge, Graph};
use crate::geometry::Point;
use crate::key::Key;

/// One direction of an edge.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Pod, Zeroable)]
#[repr(transparent)]
pub(crate) struct Lane(pub(crate) u32);

impl Lane {
    /// Along an edge or against it.
    pub(crate) fn of(edge: u32, against: bool) -> Lane {
        Lane(2 * edge + u32::from(against))
    }

    /// The number of its edge.
    pub(crate) fn edge(self) -> u32 {
        self.0 / 2
    }

    /// Whether it runs against its edge.
    pub(crate) fn against(self) -> bool {
        self.0 % 2 == 1
    }

    /// The other direction.
    pub(crate) fn back(self) -> Lane {
        Lane(self.0 ^ 1)
    }

    /// The node it starts at.
    pub(crate) fn start(self, edge: &Edge) -> u32 {
        if self.against() { edge.head } else { edge.tail }
    }

    /// The node it ends at.
    pub(crate) fn end(self, edge: &Edge) -> u32 {
        self.back().start(edge)
    }

    /// Milliseconds from start to end, or [`CLOSED`].
    pub(crate) fn ms(self, edge: &Edge) -> u32 {
        if self.against() { edge.backward_ms } else { edge.forward_ms }
    }

    /// Milliseconds lost before setting out.
    pub(crate) fn lost_ms(self, edge: &Edge) -> u32 {
        if self.against() { edge.head_ms } else { edge.tail_ms }
    }

    /// What the whole of it takes.
    pub(crate) fn key(self, edge: &Edge) -> Key {
        Key::of(self.ms(edge), edge.length_dm)
    }
}

impl Graph {
    /// The open lanes.
    pub(crate) fn lanes(&self) -> impl Iterator<Item = Lane> {
        let all = (0..2 * self.edges.len() as u32).map(Lane);
        all.filter(|lane| lane.ms(self.edge(*lane)) != CLOSED)
    }

    /// The open lanes out of each node.
    pub(crate) fn exits(&self) -> Csr<Lane> {
        let exits = self.lanes().map(|lane| (lane.start(self.edge(lane)), lane));
        Csr::of(self.nodes as usize, &exits.collect::<Vec<_>>())
    }

    /// The edge of a lane.
    pub(crate) fn edge(&self, lane: Lane) -> &Edge {
        &self.edges[lane.edge() as usize]
    }

    /// The first two points of a lane.
    pub(crate) fn outset(&self, lane: Lane) -> [Point; 2] {
        let shape = self.shape(lane.edge() as usize);
        match lane.against() {
            false => [shape[0], shape[1]],
            true => [shape[shape.len() - 1], shape[shape.len() - 2]],
        }
    }
}
