//! The roads of one mode as arrays: stretches of road between junctions, each with its time both
//! ways, its length and its shape. Whole milliseconds and decimetres. Knows nothing of tags (that
//! was `profile`) and nothing of addresses.

mod bands;
mod bans;
mod build;
mod components;
mod crossings;
mod csr;
mod lane;
mod network;
mod nodes;
mod passage;
mod signs;
mod turns;

use bytemuck::{Pod, Zeroable};

use crate::array::Array;
use crate::geometry::Point;
use crate::strings::Strings;

#[cfg(test)]
pub(crate) use bands::ALWAYS;
pub(crate) use bands::{Bands, Exception};
pub(crate) use build::build;
pub(crate) use csr::Csr;
pub(crate) use lane::Lane;
pub(crate) use network::{Arc, Home, Network, Step};
pub(crate) use passage::Passage;

/// The time of a direction that is closed.
pub(crate) const CLOSED: u32 = u32::MAX;

/// A stretch of road between two nodes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Pod, Zeroable)]
#[repr(C)]
pub(crate) struct Edge {
    /// The node it starts at.
    pub(crate) tail: u32,
    /// The node it ends at.
    pub(crate) head: u32,
    /// Milliseconds from tail to head, or [`CLOSED`].
    pub(crate) forward_ms: u32,
    /// Milliseconds from head to tail, or [`CLOSED`].
    pub(crate) backward_ms: u32,
    /// Milliseconds lost at the tail before setting out forward.
    pub(crate) tail_ms: u32,
    /// Milliseconds lost at the head before setting out backward.
    pub(crate) head_ms: u32,
    /// Decimetres.
    pub(crate) length_dm: u32,
    /// Where its shape starts among the points.
    pub(crate) first_point: u32,
    /// Its folded name.
    pub(crate) name: u32,
    /// A sum of the flags below.
    pub(crate) flags: u32,
}

impl Edge {
    /// Private ground: for getting to a door only.
    pub(crate) const RESTRICTED: u32 = 1;
    /// An address may be joined to it.
    pub(crate) const SNAP: u32 = 2;
    /// Part of a network that is kept: every place of it can be reached from every other, and left.
    pub(crate) const MAIN: u32 = 4;
    /// Where three of these meet, turning is a matter of rules.
    pub(crate) const ROAD: u32 = 32;
    /// Private at other hours only: leaving it for public ground costs nothing now.
    pub(crate) const OPEN_NOW: u32 = 128;
    /// Rules for turning hold at its tail.
    pub(crate) const RULED_TAIL: u32 = 16;
    /// Rules for turning hold at its head.
    pub(crate) const RULED_HEAD: u32 = 64;
    /// Of those, part of a network that is not the greatest one, and not connected with it.
    pub(crate) const APART: u32 = 8;

    /// Whether a flag is set.
    pub(crate) fn has(&self, flag: u32) -> bool {
        self.flags & flag != 0
    }
}

/// All roads of one mode.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Graph {
    /// How many nodes there are.
    pub(crate) nodes: u32,
    /// Milliseconds lost by passing through private ground.
    pub(crate) through_ms: u32,
    /// The stretches, by tail.
    pub(crate) edges: Array<Edge>,
    /// Their shapes, one after the other, from tail to head.
    pub(crate) points: Array<Point>,
    /// Milliseconds lost by turning left, right and back; `None` if one may turn freely.
    pub(crate) turns_ms: Option<[u32; 3]>,
    /// Rows of lanes that may not be travelled one after the other, each closed by
    /// [`Graph::END_OF_BAN`].
    pub(crate) bans: Array<Lane>,
    /// The bands in which each of those rows holds, as a sum of bits.
    pub(crate) ban_bands: Array<u32>,
    /// What is different in other bands.
    pub(crate) bands: Bands,
}

/// Decimetres of road in one graph. The shortest way takes a road at most once in each direction,
/// before and after it was on public ground: four times this fits 32 bits.
const LENGTH_LIMIT_DM: u64 = 1_000_000_000;

impl Graph {
    /// What closes a row of [`Graph::bans`].
    pub(crate) const END_OF_BAN: Lane = Lane(u32::MAX);

    /// The shape of an edge, at least two points.
    pub(crate) fn shape(&self, edge: usize) -> &[Point] {
        let start = self.edges[edge].first_point as usize;
        let end =
            self.edges.get(edge + 1).map_or(self.points.len(), |next| next.first_point as usize);
        &self.points[start..end]
    }

    /// Decimetres of road, of which in the greatest network, of which in others that are kept.
    pub(crate) fn length_dm(&self) -> [u64; 3] {
        self.edges.iter().fold([0; 3], |[all, main, apart], edge| {
            let length = u64::from(edge.length_dm);
            match (edge.has(Edge::MAIN), edge.has(Edge::APART)) {
                (false, _) => [all + length, main, apart],
                (true, false) => [all + length, main + length, apart],
                (true, true) => [all + length, main, apart + length],
            }
        })
    }

    /// Whether all lengths fit.
    pub(crate) fn fits(&self) -> bool {
        self.length_dm()[0] <= LENGTH_LIMIT_DM
    }

    /// Whether every index leads somewhere; what is wrong otherwise.
    pub(crate) fn check(&self, strings: &Strings) -> Result<(), &'static str> {
        if self.nodes as usize > 2 * self.edges.len() {
            return Err("there are more nodes than roads can lead to");
        }
        let points = self.points.len() as u64;
        let (mut leads, mut named, mut shaped) = (true, true, true);
        // One pass without a way out: this is a good part of opening a map.
        let mut next = 0;
        for edge in self.edges.iter() {
            let first = u64::from(edge.first_point);
            leads &= (edge.tail < self.nodes) & (edge.head < self.nodes);
            named &= strings.knows(edge.name);
            shaped &= if next == 0 { first == 0 } else { first >= next };
            next = first + 2;
        }
        if !leads {
            return Err("a road leads to a node that is not there");
        }
        if !named {
            return Err("a road has a name that is not there");
        }
        if !shaped || next > points || (next == 0 && points > 0) {
            return Err("a road has no shape");
        }
        let known =
            |lane: &Lane| *lane == Graph::END_OF_BAN || (lane.0 as usize) < 2 * self.edges.len();
        if !self.bans.iter().all(known) {
            return Err("a sign speaks of a road that is not there");
        }
        let rows = self.bans.iter().filter(|lane| **lane == Graph::END_OF_BAN).count();
        if rows != self.ban_bands.len() {
            return Err("a sign has no hours");
        }
        self.bands.check(self.edges.len())?;
        if !self.fits() {
            return Err("the roads are longer than can be");
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sound() -> Graph {
        let edge = Edge { head: 1, ..Edge::zeroed() };
        let edges = vec![edge, Edge { first_point: 2, ..edge }];
        Graph {
            nodes: 2,
            edges: edges.into(),
            points: vec![Point::default(); 5].into(),
            ..Graph::default()
        }
    }

    #[test]
    fn an_index_that_leads_nowhere_is_found() {
        let strings = Strings::of([String::from("gata")].into());
        assert_eq!(sound().check(&strings), Ok(()));
        assert_eq!(sound().shape(1).len(), 3);
        assert_eq!(Graph::default().check(&strings), Ok(()));
        let faults: [fn(&mut Graph); 9] = [
            |graph| graph.edges[1].tail = 2,
            |graph| graph.edges[0].head = u32::MAX,
            |graph| graph.edges[0].name = 1,
            |graph| graph.edges[0].first_point = 1,
            |graph| graph.edges[1].first_point = 1,
            |graph| graph.edges[1].first_point = 4,
            |graph| graph.nodes = u32::MAX,
            |graph| graph.edges[0].length_dm = u32::MAX,
            |graph| graph.bans = vec![Lane(1), Graph::END_OF_BAN].into(),
        ];
        for (number, fault) in faults.iter().enumerate() {
            let mut graph = sound();
            fault(&mut graph);
            assert!(graph.check(&strings).is_err(), "fault {number}");
        }
    }
}
