//! The vertices of a network in an order, and for each the steps up to later ones, so that a least
//! way goes up and then down and nowhere else. The order and the steps of the standard metric are
//! made once for a map and stored with it; the skeleton that other metrics need is made from the
//! order when first asked for. A vertex goes by its rank here; knows nothing of places and tables.

mod bisect;
mod customize;
mod order;
mod skeleton;
mod steps;

use std::sync::OnceLock;

use crate::array::Array;
use crate::graph::{Graph, Network};
use customize::Lifted;
use skeleton::{Arc, Skeleton};

pub(crate) use steps::{Growing, Rows, Steps};

/// The network of one mode, ordered.
#[derive(Debug)]
pub(crate) struct Hierarchy {
    /// The rank of each vertex of the network.
    pub(crate) ranks: Array<u32>,
    /// The steps at the standard times.
    pub(crate) standard: Metric,
    skeleton: OnceLock<Skeleton>,
}

/// What the steps take at one time of the day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Metric {
    /// From each rank: the higher ones one can go to.
    pub(crate) up: Steps,
    /// From each rank: the higher ones one can come from.
    pub(crate) down: Steps,
}

impl Hierarchy {
    /// Orders a network.
    pub(crate) fn of(graph: &Graph, network: &Network) -> Hierarchy {
        let order = order::order(graph, network);
        let mut ranks = vec![0; order.len()];
        for (rank, vertex) in (0..).zip(&order) {
            ranks[*vertex as usize] = rank;
        }
        let skeleton = Skeleton::of(ranks.len(), &arcs(&ranks, graph, network));
        let standard = Lifted::of(&skeleton, graph).needed();
        Hierarchy { ranks: ranks.into(), standard, skeleton: OnceLock::new() }
    }

    /// What was stored of one.
    pub(crate) fn stored(ranks: Array<u32>, standard: Metric) -> Hierarchy {
        Hierarchy { ranks, standard, skeleton: OnceLock::new() }
    }

    /// What the steps take in another band of the same graph.
    pub(crate) fn customized(&self, graph: &Graph, network: &Network) -> Metric {
        let skeleton = self
            .skeleton
            .get_or_init(|| Skeleton::of(self.ranks.len(), &arcs(&self.ranks, graph, network)));
        Lifted::of(skeleton, graph).all()
    }

    /// Whether every rank is one and every step goes up; what is wrong otherwise.
    pub(crate) fn check(&self, vertices: usize) -> Result<(), &'static str> {
        let mut seen = vec![false; vertices];
        for rank in self.ranks.iter() {
            match seen.get_mut(*rank as usize) {
                Some(seen) if !*seen => *seen = true,
                _ => return Err("a road has no rank of its own"),
            }
        }
        if self.ranks.len() != vertices {
            return Err("there are not as many ranks as roads");
        }
        let Metric { up, down } = &self.standard;
        match up.rise(vertices) && down.rise(vertices) {
            true => Ok(()),
            false => Err("a step does not go up"),
        }
    }
}

/// The arcs of a network between ranks.
fn arcs(ranks: &[u32], graph: &Graph, network: &Network) -> Vec<(u32, Arc)> {
    let rank = |vertex: u32| ranks[vertex as usize];
    let mut arcs = Vec::with_capacity(4 * ranks.len());
    network.each_passage(graph, |from, to, passage| {
        if let Some(arc) = Arc::between(rank(from), rank(to), passage) {
            arcs.push(arc);
        }
    });
    arcs
}
