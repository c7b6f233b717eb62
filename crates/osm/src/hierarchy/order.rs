//! In which order vertices are taken out: the graph is cut in two, the parts are ordered by
//! themselves, and what the cut went through comes last. Where vertices are lanes, the nodes are cut
//! apart and the lanes of the cut roads come last, which cuts better than the lanes by themselves
//! would; where vertices are nodes, the ends of the cut roads on one side do.
//!
//! J. Dibbelt, B. Strasser, D. Wagner, Customizable contraction hierarchies, 2016,
//! doi:10.1145/2886843; with lanes, V. Buchhold et al., 2020, doi:10.4230/LIPIcs.ATMOS.2020.9.

use super::bisect::bisect;
use crate::geometry::Point;
use crate::graph::{Edge, Graph, Network};

/// The vertices in the order they are taken out.
pub(super) fn order(graph: &Graph, network: &Network) -> Vec<u32> {
    let lanes = matches!(network, Network::Lanes(_));
    let whole = Part::whole(graph, lanes);
    let homes = network.homes();
    let mut place = vec![0u32; graph.edges.len().max(graph.nodes as usize)];
    for (at, home) in (0..).zip(whole.order()) {
        place[home as usize] = at;
    }
    let mut vertices: Vec<u32> = (0..homes.len() as u32).collect();
    vertices.sort_by_key(|vertex| place[homes[*vertex as usize] as usize]);
    vertices
}

/// A part of the main network: nodes, and the roads between them.
struct Part {
    /// Whether it is the roads that are to be ordered, and not the nodes.
    roads: bool,
    nodes: Vec<u32>,
    points: Vec<Point>,
    /// The ends, counted among the nodes of the part, and the number of each road.
    lines: Vec<[u32; 2]>,
    edges: Vec<u32>,
}

/// Parts of more nodes than this are ordered side by side.
const WORTH_A_THREAD: usize = 2000;

impl Part {
    fn whole(graph: &Graph, roads: bool) -> Part {
        let mut points = vec![Point::default(); graph.nodes as usize];
        let mut used = vec![false; graph.nodes as usize];
        let main = (0..).zip(&graph.edges).filter(|(_, edge)| edge.has(Edge::MAIN));
        let main: Vec<(u32, &Edge)> = main.collect();
        for (number, edge) in &main {
            let shape = graph.shape(*number as usize);
            for (node, point) in [(edge.tail, shape[0]), (edge.head, shape[shape.len() - 1])] {
                used[node as usize] = true;
                points[node as usize] = point;
            }
        }
        let all = Part {
            roads,
            nodes: (0..graph.nodes).collect(),
            points,
            lines: main.iter().map(|(_, edge)| [edge.tail, edge.head]).collect(),
            edges: main.iter().map(|(number, _)| *number).collect(),
        };
        all.only(|node| used[node as usize])
    }

    /// What is to be ordered, in its order.
    fn order(self) -> Vec<u32> {
        if self.nodes.len() < 2 {
            return if self.roads { self.edges } else { self.nodes };
        }
        let far = bisect(&self.points, &self.lines);
        let cut = |ends: &[u32; 2]| far[ends[0] as usize] != far[ends[1] as usize];
        let mut last: Vec<u32> = if self.roads {
            let cut = self.lines.iter().zip(&self.edges).filter(|(ends, _)| cut(ends));
            cut.map(|(_, edge)| *edge).collect()
        } else {
            self.border(&far)
        };
        let mut border = vec![false; self.nodes.len()];
        if !self.roads {
            last.iter().for_each(|node| border[*node as usize] = true);
            last.iter_mut().for_each(|node| *node = self.nodes[*node as usize]);
        }
        let [near, far] = [false, true]
            .map(|side| self.only(|node| far[node as usize] == side && !border[node as usize]));
        let (near, far) = match self.nodes.len() {
            WORTH_A_THREAD.. => rayon::join(|| near.order(), || far.order()),
            _ => (near.order(), far.order()),
        };
        [near, far, last].concat()
    }

    /// The ends of the cut roads on the side where they are fewer.
    fn border(&self, far: &[bool]) -> Vec<u32> {
        let cut = self.lines.iter().filter(|[a, b]| far[*a as usize] != far[*b as usize]);
        let mut ends = [Vec::new(), Vec::new()];
        for node in cut.flatten() {
            ends[usize::from(far[*node as usize])].push(*node);
        }
        for side in &mut ends {
            side.sort_unstable();
            side.dedup();
        }
        let [near, far] = ends;
        if far.len() < near.len() { far } else { near }
    }

    /// The part made of some of the nodes and the roads among them.
    fn only(&self, kept: impl Fn(u32) -> bool) -> Part {
        let mut numbers = vec![u32::MAX; self.nodes.len()];
        let mut part =
            Part { roads: self.roads, nodes: vec![], points: vec![], lines: vec![], edges: vec![] };
        for node in (0..self.nodes.len()).filter(|node| kept(*node as u32)) {
            numbers[node] = part.nodes.len() as u32;
            part.nodes.push(self.nodes[node]);
            part.points.push(self.points[node]);
        }
        for (ends, edge) in self.lines.iter().zip(&self.edges) {
            let ends = ends.map(|node| numbers[node as usize]);
            if !ends.contains(&u32::MAX) {
                part.lines.push(ends);
                part.edges.push(*edge);
            }
        }
        part
    }
}
