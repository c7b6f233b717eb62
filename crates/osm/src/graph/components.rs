//! Which roads belong together: two nodes do if each can be reached from the other. The greatest
//! such set by length of road is the main network; an address is joined to nothing else, so that
//! every address can be reached and left. Islands with a ferry belong to the mainland by themselves.
//!
//! R. Tarjan, Depth-first search and linear graph algorithms, 1972, doi:10.1137/0201010.

use super::{Csr, Edge, Graph, Network};

/// Sets the flag on every edge of the main network: first as if one could turn freely, so that it
/// is known what is a dead end; then of what is left, and now with all rules for turning, what
/// belongs together still.
pub(crate) fn mark_main(graph: &mut Graph) {
    let arcs = graph.lanes().map(|lane| {
        let edge = graph.edge(lane);
        (lane.start(edge), lane.end(edge))
    });
    let arcs: Vec<(u32, u32)> = arcs.collect();
    let component = components(Csr::of(graph.nodes as usize, &arcs));
    let of = |edge: &Edge| {
        let (tail, head) = (component[edge.tail as usize], component[edge.head as usize]);
        (tail == head).then_some(tail)
    };
    let parts: Vec<(u32, u32)> = (0..)
        .zip(graph.edges.iter())
        .filter_map(|(number, edge)| Some((of(edge)?, number)))
        .collect();
    mark_longest(graph, parts);
    if graph.turns_ms.is_some() {
        let network = Network::of(graph);
        let (mut arcs, mut lanes) = (Vec::new(), Vec::new());
        network.steps(graph, |lane, from, (to, _)| {
            arcs.push((from, to));
            lanes.extend(lane.map(|lane| (from, to, lane.edge())));
        });
        let component = components(Csr::of(network.vertices(), &arcs));
        let of = |vertex: u32| component[vertex as usize];
        let inside = lanes.into_iter().filter(|(from, to, _)| of(*from) == of(*to));
        mark_longest(graph, inside.map(|(from, _, edge)| (of(from), edge)).collect());
    }
}

/// Sets the flag on the edges of the longest of several parts, given as (part, edge), and takes it
/// from all others.
fn mark_longest(graph: &mut Graph, mut parts: Vec<(u32, u32)>) {
    parts.sort_unstable();
    parts.dedup();
    let mut lengths = vec![0u64; parts.last().map_or(0, |(part, _)| *part as usize + 1)];
    for (part, edge) in &parts {
        lengths[*part as usize] += u64::from(graph.edges[*edge as usize].length_dm);
    }
    let longest = (0..lengths.len()).rev().max_by_key(|part| lengths[*part]);
    graph.edges.iter_mut().for_each(|edge| edge.flags &= !Edge::MAIN);
    for (_, edge) in parts.iter().filter(|(part, _)| Some(*part as usize) == longest) {
        graph.edges[*edge as usize].flags |= Edge::MAIN;
    }
}

const NEW: u32 = u32::MAX;

/// The number of each node's component.
fn components(out: Csr<u32>) -> Vec<u32> {
    let nodes = out.len() as u32;
    let mut search = Search::over(out);
    for node in 0..nodes {
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
        Graph {
            nodes,
            edges: arcs.iter().enumerate().map(edge).collect::<Vec<_>>().into(),
            ..Graph::default()
        }
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
            let component = components(Csr::of(9, &arcs));
            for a in 0..9 {
                for b in 0..9 {
                    prop_assert_eq!(component[a] == component[b], reach[a][b] && reach[b][a]);
                }
            }
        }
    }
}
