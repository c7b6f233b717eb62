//! In which order vertices are taken out: the graph is cut in two, the parts are ordered by
//! themselves, and what the cut went through comes last. It is nodes that are cut apart, also where
//! vertices are lanes, because that cuts better than the lanes by themselves would: of each cut road
//! one end comes last if it is a vertex, and else its lanes do.
//!
//! J. Dibbelt, B. Strasser, D. Wagner, Customizable contraction hierarchies, 2016,
//! doi:10.1145/2886843; with lanes, V. Buchhold et al., 2020, doi:10.4230/LIPIcs.ATMOS.2020.9.

use super::bisect::bisect;
use crate::geometry::Point;
use crate::graph::{Edge, Graph, Home, Network};

/// The vertices in the order they are taken out.
pub(super) fn order(graph: &Graph, network: &Network) -> Vec<u32> {
    let number = |home: &Home| match *home {
        Home::Node(node) => node,
        Home::Edge(edge) => graph.nodes + edge,
    };
    let mut place = vec![0u32; graph.nodes as usize + graph.edges.len()];
    for (at, home) in (0..).zip(&Part::whole(graph, network).order()) {
        place[number(home) as usize] = at;
    }
    let homes = network.homes(graph);
    let mut vertices: Vec<u32> = (0..homes.len() as u32).collect();
    vertices.sort_by_key(|vertex| place[number(&homes[*vertex as usize]) as usize]);
    vertices
}

/// A part of the main network: nodes, and the roads between them.
#[derive(Default)]
struct Part {
    nodes: Vec<u32>,
    points: Vec<Point>,
    /// Whether the node is a vertex.
    free: Vec<bool>,
    /// The ends, counted among the nodes of the part, and the number of each road.
    lines: Vec<[u32; 2]>,
    edges: Vec<u32>,
}

/// Parts of more nodes than this are ordered side by side.
const WORTH_A_THREAD: usize = 2000;

impl Part {
    fn whole(graph: &Graph, network: &Network) -> Part {
        let mut points = vec![Point::default(); graph.nodes as usize];
        let mut used = vec![false; graph.nodes as usize];
        let main = (0..).zip(graph.edges.iter()).filter(|(_, edge)| edge.has(Edge::MAIN));
        let main: Vec<(u32, &Edge)> = main.collect();
        for (number, edge) in &main {
            let shape = graph.shape(*number as usize);
            for (node, point) in [(edge.tail, shape[0]), (edge.head, shape[shape.len() - 1])] {
                used[node as usize] = true;
                points[node as usize] = point;
            }
        }
        let all = Part {
            nodes: (0..graph.nodes).collect(),
            points,
            free: (0..graph.nodes).map(|node| network.is_free(node)).collect(),
            lines: main.iter().map(|(_, edge)| [edge.tail, edge.head]).collect(),
            edges: main.iter().map(|(number, _)| *number).collect(),
        };
        all.only(|node| used[node as usize])
    }

    /// What is to be ordered, in its order.
    fn order(self) -> Vec<Home> {
        if self.nodes.len() < 2 {
            let loops = self.edges.into_iter().map(Home::Edge);
            return self.nodes.into_iter().map(Home::Node).chain(loops).collect();
        }
        let far = bisect(&self.points, &self.lines);
        let Border { mut nodes, edges } = self.border(&far);
        let mut taken = vec![false; self.nodes.len()];
        nodes.iter().for_each(|node| taken[*node as usize] = true);
        nodes.iter_mut().for_each(|node| *node = self.nodes[*node as usize]);
        let [near, far] = [false, true]
            .map(|side| self.only(|node| far[node as usize] == side && !taken[node as usize]));
        let (near, far) = match self.nodes.len() {
            WORTH_A_THREAD.. => rayon::join(|| near.order(), || far.order()),
            _ => (near.order(), far.order()),
        };
        let last = nodes.into_iter().map(Home::Node).chain(edges.into_iter().map(Home::Edge));
        near.into_iter().chain(far).chain(last).collect()
    }

    /// What to take out so that nothing joins the two sides any more.
    fn border(&self, far: &[bool]) -> Border {
        let [near, far] = [false, true].map(|side| self.border_on(far, side));
        if far.weight() < near.weight() { far } else { near }
    }

    /// A border of nodes on one side where those are vertices, or else on the other, or else roads.
    fn border_on(&self, far: &[bool], side: bool) -> Border {
        let mut border = Border::default();
        let free = |node: &u32| self.free[*node as usize];
        for (ends, edge) in self.lines.iter().zip(&self.edges) {
            let [here, there] = ends.map(|node| far[node as usize] == side);
            if here == there {
                continue;
            }
            let [mine, other] = if here { *ends } else { [ends[1], ends[0]] };
            match [mine, other].into_iter().find(free) {
                Some(node) => border.nodes.push(node),
                None => border.edges.push(*edge),
            }
        }
        border.nodes.sort_unstable();
        border.nodes.dedup();
        border
    }

    /// The part made of some of the nodes and the roads among them.
    fn only(&self, kept: impl Fn(u32) -> bool) -> Part {
        let mut numbers = vec![u32::MAX; self.nodes.len()];
        let mut part = Part::default();
        for node in (0..self.nodes.len()).filter(|node| kept(*node as u32)) {
            numbers[node] = part.nodes.len() as u32;
            part.nodes.push(self.nodes[node]);
            part.points.push(self.points[node]);
            part.free.push(self.free[node]);
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

/// What comes last: nodes that are vertices, and roads whose lanes are.
#[derive(Default)]
struct Border {
    nodes: Vec<u32>,
    edges: Vec<u32>,
}

impl Border {
    fn weight(&self) -> usize {
        self.nodes.len() + 2 * self.edges.len()
    }
}
