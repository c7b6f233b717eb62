//! Which roads belong together: two nodes do if each can be reached from the other. The greatest
//! such set by length of road is the main network; an address is joined to nothing else, so that
//! every address can be reached and left. Islands with a ferry belong to the mainland by themselves.
//!
//! R. Tarjan, Depth-first search and linear graph algorithms, 1972, doi:10.1137/0201010.

use super::network::Csr;
use super::{Edge, Graph};

/// Sets the flag on every edge of the main network.
pub(crate) fn mark_main(graph: &mut Graph) {
    let component = components(graph);
    let of = |edge: &Edge| {
        let (tail, head) = (component[edge.tail as usize], component[edge.head as usize]);
        (tail == head).then_some(tail as usize)
    };
    let mut lengths = vec![0u64; graph.nodes as usize];
    for edge in &graph.edges {
        if let Some(component) = of(edge) {
            lengths[component] += u64::from(edge.length_dm);
        }
    }
    let greatest = (0..lengths.len()).rev().max_by_key(|component| lengths[*component]);
    for edge in &mut graph.edges {
        if of(edge).is_some() && of(edge) == greatest {
            edge.flags |= Edge::MAIN;
        }
    }
}

const NEW: u32 = u32::MAX;

/// The number of each node's component.
fn components(graph: &Graph) -> Vec<u32> {
    let arcs =
        graph.edges.iter().flat_map(|edge| edge.directions().map(|(from, to, _)| (from, to)));
    let arcs: Vec<(u32, u32)> = arcs.collect();
    let mut search = Search::over(Csr::of(graph.nodes, &arcs));
    for node in 0..graph.nodes {
        if search.order[node as usize] == NEW {
            search.explore(node);
        }
    }
    search.component
}

struct Search {
    out: Csr<u32>,
    /// When each node was first seen.
    order: Vec<u32>,
    /// The earliest seen node of the same component that is known to be reached.
    low: Vec<u32>,
    component: Vec<u32>,
    seen: u32,
    found: u32,
    /// Nodes whose component is not complete.
    open: Vec<u32>,
    /// The path being explored: node, and the arc to look at next.
    path: Vec<(u32, u32)>,
}

impl Search {
    fn over(out: Csr<u32>) -> Search {
        let nodes = out.len();
        Search {
            out,
            order: vec![NEW; nodes],
            low: vec![NEW; nodes],
            component: vec![NEW; nodes],
            seen: 0,
            found: 0,
            open: Vec::new(),
            path: Vec::new(),
        }
    }

    fn explore(&mut self, root: u32) {
        self.enter(root);
        while let Some((node, arc)) = self.path.last_mut() {
            let node = *node as usize;
            let next = self.out.row(node).get(*arc as usize).copied();
            *arc += 1;
            match next {
                Some(next) if self.order[next as usize] == NEW => self.enter(next),
                Some(next) if self.component[next as usize] == NEW => {
                    self.low[node] = self.low[node].min(self.order[next as usize]);
                }
                Some(_) => {}
                None => self.leave(node),
            }
        }
    }

    fn enter(&mut self, node: u32) {
        self.order[node as usize] = self.seen;
        self.low[node as usize] = self.seen;
        self.seen += 1;
        self.open.push(node);
        self.path.push((node, 0));
    }

    fn leave(&mut self, node: usize) {
        self.path.pop();
        if let Some((before, _)) = self.path.last() {
            let before = *before as usize;
            self.low[before] = self.low[before].min(self.low[node]);
        }
        if self.low[node] == self.order[node] {
            while let Some(member) = self.open.pop() {
                self.component[member as usize] = self.found;
                if member as usize == node {
                    break;
                }
            }
            self.found += 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn graph(nodes: u32, arcs: &[(u32, u32)]) -> Graph {
        let edge = |(number, &(tail, head)): (usize, &(u32, u32))| Edge {
            tail,
            head,
            backward_ms: super::super::CLOSED,
            length_dm: 1 + number as u32,
            ..bytemuck::Zeroable::zeroed()
        };
        Graph { nodes, edges: arcs.iter().enumerate().map(edge).collect(), ..Graph::default() }
    }

    #[test]
    fn the_longer_ring_is_the_main_one() {
        let mut graph = graph(5, &[(0, 1), (1, 0), (1, 2), (2, 3), (3, 4), (4, 2)]);
        mark_main(&mut graph);
        let main: Vec<bool> = graph.edges.iter().map(|edge| edge.has(Edge::MAIN)).collect();
        assert_eq!(main, [false, false, false, true, true, true]);
    }

    proptest! {
        #[test]
        fn same_component_is_reachable_both_ways(
            arcs in prop::collection::vec((0u32..9, 0u32..9), 0..30)
        ) {
            let mut reach = [[false; 9]; 9];
            (0..9).for_each(|node| reach[node][node] = true);
            arcs.iter().for_each(|&(a, b)| reach[a as usize][b as usize] = true);
            for via in 0..9 {
                for from in 0..9 {
                    for to in 0..9 {
                        reach[from][to] |= reach[from][via] && reach[via][to];
                    }
                }
            }
            let component = components(&graph(9, &arcs));
            for a in 0..9 {
                for b in 0..9 {
                    prop_assert_eq!(component[a] == component[b], reach[a][b] && reach[b][a]);
                }
            }
        }
    }
}
