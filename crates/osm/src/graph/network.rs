//! What a search runs over: the main network as compressed rows. A node that private ground touches
//! has up to three faces: `start` (private, and so far nothing else), `public`, and `goal` (private
//! after public). From `goal` back to `public` costs what passing through private ground costs; so
//! private ground is free at both ends of a way and dear in the middle.

use super::{Edge, Graph};

/// The face a node does not have.
const NO_VERTEX: u32 = u32::MAX;

/// Rows of different length in one array.
#[derive(Clone, Debug)]
pub(crate) struct Csr<T> {
    first: Vec<u32>,
    items: Vec<T>,
}

impl<T: Copy + Default> Csr<T> {
    /// Sorts pairs of (row, item) into rows, keeping their order.
    pub(crate) fn of(rows: u32, pairs: &[(u32, T)]) -> Csr<T> {
        let mut first = vec![0u32; rows as usize + 1];
        pairs.iter().for_each(|(row, _)| first[*row as usize + 1] += 1);
        for row in 0..rows as usize {
            first[row + 1] += first[row];
        }
        let mut next = first.clone();
        let mut items = vec![T::default(); pairs.len()];
        for (row, item) in pairs {
            items[next[*row as usize] as usize] = *item;
            next[*row as usize] += 1;
        }
        Csr { first, items }
    }

    /// How many rows.
    pub(crate) fn len(&self) -> usize {
        self.first.len() - 1
    }

    /// One row.
    #[inline]
    pub(crate) fn row(&self, row: usize) -> &[T] {
        &self.items[self.first[row] as usize..self.first[row + 1] as usize]
    }
}

/// A step of the search.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Arc {
    /// The vertex it leads to.
    pub(crate) head: u32,
    /// Milliseconds.
    pub(crate) ms: u32,
    /// Decimetres.
    pub(crate) dm: u32,
}

/// The main network of one mode.
#[derive(Clone, Debug)]
pub(crate) struct Network {
    /// The arcs out of each vertex.
    pub(crate) out: Csr<Arc>,
    faces: Vec<Faces>,
}

/// The vertices of one node.
#[derive(Clone, Copy, Debug)]
struct Faces {
    start: u32,
    public: u32,
    goal: u32,
}

impl Network {
    /// The main network of a graph.
    pub(crate) fn of(graph: &Graph) -> Network {
        let (faces, vertices) = faces(graph);
        let mut arcs = Vec::new();
        for edge in graph.edges.iter().filter(|edge| edge.has(Edge::MAIN)) {
            for (from, to, ms) in edge.directions() {
                let (from, to) = (faces[from as usize], faces[to as usize]);
                let mut arc = |from, head| arcs.push((from, Arc { head, ms, dm: edge.length_dm }));
                if edge.has(Edge::RESTRICTED) {
                    arc(from.start, to.start);
                    arc(from.goal, to.goal);
                } else {
                    arc(from.public, to.public);
                }
            }
        }
        let both = |face: &&Faces| face.public != NO_VERTEX && face.start != NO_VERTEX;
        for face in faces.iter().filter(both) {
            let turn = |head, ms| Arc { head, ms, dm: 0 };
            arcs.push((face.start, turn(face.public, 0)));
            arcs.push((face.public, turn(face.goal, 0)));
            arcs.push((face.goal, turn(face.public, graph.through_ms)));
        }
        Network { out: Csr::of(vertices, &arcs), faces }
    }

    /// The vertex where a way from an edge goes on at one of its nodes.
    pub(crate) fn leaving(&self, node: u32, edge: &Edge) -> u32 {
        let face = self.faces[node as usize];
        if edge.has(Edge::RESTRICTED) { face.start } else { face.public }
    }

    /// The vertices from which a way may enter an edge at one of its nodes.
    pub(crate) fn entering(&self, node: u32, edge: &Edge) -> impl Iterator<Item = u32> {
        let face = self.faces[node as usize];
        let restricted = edge.has(Edge::RESTRICTED);
        let faces = if restricted { [face.goal, face.start] } else { [face.public, NO_VERTEX] };
        faces.into_iter().filter(|vertex| *vertex != NO_VERTEX)
    }
}

/// The faces of each node, and how many vertices that makes.
fn faces(graph: &Graph) -> (Vec<Faces>, u32) {
    let (mut public, mut private) =
        (vec![false; graph.nodes as usize], vec![false; graph.nodes as usize]);
    for edge in graph.edges.iter().filter(|edge| edge.has(Edge::MAIN)) {
        let side = if edge.has(Edge::RESTRICTED) { &mut private } else { &mut public };
        side[edge.tail as usize] = true;
        side[edge.head as usize] = true;
    }
    let mut vertices = 0;
    let mut vertex = |there: bool| {
        vertices += u32::from(there);
        if there { vertices - 1 } else { NO_VERTEX }
    };
    let faces = public.iter().zip(&private).map(|(&public, &private)| Faces {
        start: vertex(private),
        public: vertex(public),
        goal: vertex(private),
    });
    let faces = faces.collect();
    (faces, vertices)
}
