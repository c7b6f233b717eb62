//! What the roads that meet at a node make of it: on which ground it lies, whether rules for turning
//! hold there, and whether so many roads meet that there is a turn to make. One pass over the roads
//! tells it all, because a map is opened by it. Knows nothing of vertices.

use super::{Edge, Graph};

/// What is known of each node of a graph.
#[derive(Clone, Debug)]
pub(super) struct Nodes {
    marks: Vec<u8>,
}

/// Public and private roads of the main network meet there.
pub(super) const PUBLIC: u8 = 1;
pub(super) const PRIVATE: u8 = 2;
/// Rules for turning hold.
const RULED: u8 = 4;
/// One road of the main network, and as many as are counted.
const ROAD: u8 = 8;
const MANY: u8 = 3 * ROAD;

impl Nodes {
    /// The nodes of a graph. Rules hold where an edge says so, and in the middle of what a sign speaks
    /// of; elsewhere one turns, and turns back, as one likes.
    pub(super) fn of(graph: &Graph) -> Nodes {
        let mut nodes = Nodes { marks: vec![0; graph.nodes as usize] };
        let rules = graph.turns_ms.is_some();
        for edge in graph.edges.iter() {
            let ground = match (edge.has(Edge::MAIN), edge.has(Edge::RESTRICTED)) {
                (false, _) => 0,
                (true, false) => PUBLIC,
                (true, true) => PRIVATE,
            };
            nodes.touch(edge.tail, ground, rules && edge.has(Edge::RULED_TAIL));
            nodes.touch(edge.head, ground, rules && edge.has(Edge::RULED_HEAD));
        }
        if rules {
            for ban in graph.bans.split(|lane| *lane == Graph::END_OF_BAN) {
                for lane in ban.iter().skip(1) {
                    nodes.marks[lane.start(graph.edge(*lane)) as usize] |= RULED;
                }
            }
        }
        nodes
    }

    #[inline]
    fn touch(&mut self, node: u32, ground: u8, ruled: bool) {
        let mark = &mut self.marks[node as usize];
        let road = if ground != 0 && *mark & MANY != MANY { ROAD } else { 0 };
        *mark = (*mark | ground | if ruled { RULED } else { 0 }) + road;
    }

    /// Whether rules for turning hold at a node.
    #[inline]
    pub(super) fn is_ruled(&self, node: u32) -> bool {
        self.marks[node as usize] & RULED != 0
    }

    /// Whether three roads of the main network or more meet at a node.
    #[inline]
    pub(super) fn is_junction(&self, node: u32) -> bool {
        self.marks[node as usize] & MANY == MANY
    }

    /// The ground of each node where one turns as one likes, as a sum; of the others none.
    pub(super) fn free(&self) -> impl Iterator<Item = u8> {
        let ground = |mark: &u8| if mark & RULED != 0 { 0 } else { mark & (PUBLIC | PRIVATE) };
        self.marks.iter().map(ground)
    }
}
