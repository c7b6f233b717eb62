//! Which roads belong together: two nodes do if each can be reached from the other. The greatest
//! such set by length of road is the mainland; others that are large enough for people to live and
//! drive there are kept apart (an island without a bridge). An address is joined to nothing else, so
//! that it can be reached and left again. Islands with a ferry belong to the mainland by themselves.
//!
//! R. Tarjan, Depth-first search and linear graph algorithms, 1972, doi:10.1137/0201010.

use super::{Csr, Edge, Graph, Network};
use crate::key::Key;

/// Roads apart from the mainland are kept from this length on, if they are also so many stretches:
/// less is a yard behind a gate, or what a clip left over.
const KEPT_DM: u64 = 20_000;
const KEPT_STRETCHES: usize = 10;

/// Sets the flags on every edge of the networks that are kept: first as if one could turn freely, so
/// that it is known what is a dead end; then of what is left, and now with all rules for turning,
/// what belongs together still.
pub(crate) fn mark_kept(graph: &mut Graph) {
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
    mark(graph, parts);
    if graph.turns_ms.is_some() {
        let network = Network::of(graph);
        let (mut arcs, mut lanes) = (Vec::new(), Vec::new());
        network.each_step(graph, |lane, from, (to, key)| {
            if key != Key::NEVER {
                arcs.push((from, to));
                lanes.extend(lane.map(|lane| (from, to, lane.edge())));
            }
        });
        let component = components(Csr::of(network.vertices(), &arcs));
        let of = |vertex: u32| component[vertex as usize];
        let inside = lanes.into_iter().filter(|(from, to, _)| of(*from) == of(*to));
        mark(graph, inside.map(|(from, _, edge)| (of(from), edge)).collect());
    }
}

/// Sets the flags on the edges of those of several parts, given as (part, edge), that are kept, and
/// takes them from all others. Where both directions of a ring belong to different parts, the
/// mainland has it.
fn mark(graph: &mut Graph, mut parts: Vec<(u32, u32)>) {
    parts.sort_unstable();
    parts.dedup();
    let length = |part: &[(u32, u32)]| -> u64 {
        part.iter().map(|(_, edge)| u64::from(graph.edges[*edge as usize].length_dm)).sum()
    };
    let parts: Vec<&[(u32, u32)]> = parts.chunk_by(|a, b| a.0 == b.0).collect();
    let lengths: Vec<u64> = parts.iter().map(|part| length(part)).collect();
    let longest = (0..parts.len()).rev().max_by_key(|part| lengths[*part]);
    graph.edges.iter_mut().for_each(|edge| edge.flags &= !(Edge::MAIN | Edge::APART));
    for (number, part) in parts.iter().enumerate().filter(|(number, _)| Some(*number) != longest) {
        if lengths[number] >= KEPT_DM && part.len() >= KEPT_STRETCHES {
            for (_, edge) in *part {
                graph.edges[*edge as usize].flags |= Edge::MAIN | Edge::APART;
            }
        }
    }
    for (_, edge) in longest.map(|longest| parts[longest]).unwrap_or_default() {
        let flags = &mut graph.edges[*edge as usize].flags;
        *flags = (*flags | Edge::MAIN) & !Edge::APART;
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
        mark_kept(&mut graph);
        let main: Vec<bool> = graph.edges.iter().map(|edge| edge.has(Edge::MAIN)).collect();
        assert_eq!(main, [false, false, false, true, true, true]);
    }

    #[test]
    fn a_large_island_is_kept_and_a_small_one_is_not() {
        let ring = |from: u32, to: u32| {
            (from..to).map(move |node| (node, if node + 1 == to { from } else { node + 1 }))
        };
        let arcs: Vec<(u32, u32)> =
            ring(0, 20).chain(ring(20, 30)).chain(ring(30, 39)).chain([(0, 20)]).collect();
        let mut graph = graph(39, &arcs);
        graph.edges.iter_mut().for_each(|edge| edge.length_dm = 2_500);
        mark_kept(&mut graph);
        let kept: Vec<u32> = graph.edges.iter().map(|edge| edge.flags).collect();
        let (mainland, island) = (Edge::MAIN, Edge::MAIN | Edge::APART);
        assert_eq!(kept, [&[mainland; 20][..], &[island; 10], &[0; 9], &[0]].concat());
        graph.edges.iter_mut().for_each(|edge| edge.length_dm = 1_500);
        mark_kept(&mut graph);
        assert!(graph.edges[20..].iter().all(|edge| edge.flags == 0));
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
