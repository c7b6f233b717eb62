//! The vertices of a network in an order, and for each the steps up to later ones, so that a least
//! way goes up and then down and nowhere else. Made once for a map and stored with it. A vertex goes
//! by its rank here; knows nothing of places and tables.

mod bisect;
mod customize;
mod order;

use crate::graph::{Arc, Csr, Graph, Network};
use crate::key::Key;

/// The network of one mode, ordered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Hierarchy {
    /// The rank of each vertex of the network.
    pub(crate) ranks: Vec<u32>,
    /// From each rank: the higher ones one can go to.
    pub(crate) up: Csr<Arc>,
    /// From each rank: the higher ones one can come from.
    pub(crate) down: Csr<Arc>,
}

impl Hierarchy {
    /// Orders a network.
    pub(crate) fn of(graph: &Graph, network: &Network) -> Hierarchy {
        let order = order::order(graph, network);
        let mut ranks = vec![0; order.len()];
        for (rank, vertex) in (0..).zip(&order) {
            ranks[*vertex as usize] = rank;
        }
        let rank = |vertex: u32| ranks[vertex as usize];
        let arcs = network.arcs(graph).into_iter();
        let arcs: Vec<(u32, Arc)> =
            arcs.map(|(from, (to, key))| (rank(from), (rank(to), key))).collect();
        let [up, down] = customize::customize(ranks.len(), &arcs);
        Hierarchy { ranks, up, down }
    }

    /// Whether every rank is one and every step goes up; what is wrong otherwise.
    pub(crate) fn check(&self, vertices: usize) -> Result<(), &'static str> {
        let mut seen = vec![false; vertices];
        for rank in &self.ranks {
            match seen.get_mut(*rank as usize) {
                Some(seen) if !*seen => *seen = true,
                _ => return Err("a road has no rank of its own"),
            }
        }
        if [self.ranks.len(), self.up.len(), self.down.len()] != [vertices; 3] {
            return Err("there are not as many ranks as roads");
        }
        let rises = |steps: &Csr<Arc>| {
            (0..vertices).all(|low| {
                let sound = |(high, key): &Arc| {
                    (low + 1..vertices).contains(&(*high as usize)) && *key < Key::NEVER
                };
                steps.row(low).iter().all(sound)
            })
        };
        match rises(&self.up) && rises(&self.down) {
            true => Ok(()),
            false => Err("a step does not go up"),
        }
    }
}
