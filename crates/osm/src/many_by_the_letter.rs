//! Tables against an oracle that shares nothing with them: every node has all three faces, both
//! places are nodes of their own, nothing is shrunk, and somebody else's Dijkstra searches.

use hjemrute_travel::{Mode, PlaceId};
use petgraph::graph::{DiGraph, NodeIndex};
use proptest::prelude::*;

use super::*;

const NODES: u32 = 7;

fn an_edge() -> impl Strategy<Value = Edge> {
    let time = || prop_oneof![1 => Just(CLOSED), 4 => (0u32..50).prop_map(|n| n * 700)];
    let lost = || prop_oneof![2 => Just(0u32), 1 => (0u32..20).prop_map(|n| n * 700)];
    let length = (0u32..40).prop_map(|n| n * 70);
    ((0..NODES, 0..NODES), (time(), time()), (lost(), lost()), length, any::<bool>()).prop_map(
        |((tail, head), (forward_ms, backward_ms), (tail_ms, head_ms), length_dm, private)| {
            let flags = Edge::MAIN | if private { Edge::RESTRICTED } else { 0 };
            let (first_point, name) = (0, 0);
            Edge {
                tail,
                head,
                forward_ms,
                backward_ms,
                tail_ms,
                head_ms,
                length_dm,
                first_point,
                name,
                flags,
            }
        },
    )
}

fn a_town() -> impl Strategy<Value = (Graph, Vec<Option<Snap>>)> {
    let edges = prop::collection::vec(an_edge(), 1..14);
    let places = prop::collection::vec((any::<u32>(), any::<u32>(), 0u32..30_000, 0..9), 1..9);
    let through = (0u32..60).prop_map(|n| n * 700);
    (edges, through, places).prop_map(|(edges, through_ms, places)| {
        let place = |(edge, along, off_mm, there): (u32, u32, u32, i32)| {
            let edge = edge % edges.len() as u32;
            let along_dm = along % (edges[edge as usize].length_dm + 1);
            (there > 0).then_some(Snap { mode: Mode::Car, edge, along_dm, off_mm })
        };
        let places = places.into_iter().map(place).collect();
        (Graph { nodes: NODES, through_ms, edges, points: vec![] }, places)
    })
}

/// One direction of an edge.
struct Lane {
    edge: u32,
    start: u32,
    end: u32,
    ms: u32,
    lost_ms: u32,
    length_dm: u32,
    turned: bool,
    private: bool,
}

impl Lane {
    fn of(graph: &Graph) -> Vec<Lane> {
        let both = |(index, edge): (usize, &Edge)| {
            let lane = |start, end, ms, lost_ms, turned| Lane {
                edge: index as u32,
                start,
                end,
                ms,
                lost_ms,
                length_dm: edge.length_dm,
                turned,
                private: edge.has(Edge::RESTRICTED),
            };
            [
                lane(edge.tail, edge.head, edge.forward_ms, edge.tail_ms, false),
                lane(edge.head, edge.tail, edge.backward_ms, edge.head_ms, true),
            ]
        };
        let lanes = graph.edges.iter().enumerate().flat_map(both);
        lanes.filter(|lane| lane.ms != CLOSED).collect()
    }

    /// Milliseconds and decimetres from the start of the lane to a place, if it is on it. From the
    /// tail they are cut down to whole ones, whichever way one goes.
    fn until(&self, place: &Snap) -> Option<(u32, u32)> {
        let share = self.ms * place.along_dm / self.length_dm.max(1);
        let there = place.edge == self.edge;
        there.then(|| match self.turned {
            true => (self.ms - share, self.length_dm - place.along_dm),
            false => (share, place.along_dm),
        })
    }

    fn faces(&self) -> &'static [u32] {
        if self.private { &[0, 2] } else { &[1] }
    }
}

fn number(ms: u32, dm: u32) -> u64 {
    u64::from(ms) << 32 | u64::from(dm)
}

fn on_foot(place: &Snap) -> u64 {
    number(place.off_mm * 18 / 25, (place.off_mm + 50) / 100)
}

fn by_the_letter(graph: &Graph, from: &Snap, to: &Snap) -> Option<Leg> {
    if (from.edge, from.along_dm) == (to.edge, to.along_dm) {
        return Some(Leg::NONE);
    }
    let mut all = DiGraph::<(), u64>::new();
    let nodes: Vec<NodeIndex> = (0..3 * NODES + 2).map(|_| all.add_node(())).collect();
    let face = |face: u32, node: u32| nodes[(face * NODES + node) as usize];
    let [source, target] = [nodes[3 * NODES as usize], nodes[3 * NODES as usize + 1]];
    for node in 0..NODES {
        all.add_edge(face(0, node), face(1, node), 0);
        all.add_edge(face(1, node), face(2, node), 0);
        all.add_edge(face(2, node), face(1, node), number(graph.through_ms, 0));
    }
    for lane in Lane::of(graph) {
        let whole = number(lane.lost_ms + lane.ms, lane.length_dm);
        let (gone, goal) = (lane.until(from), lane.until(to));
        for &side in lane.faces() {
            all.add_edge(face(side, lane.start), face(side, lane.end), whole);
            if let Some((ms, dm)) = goal {
                let part = number(lane.lost_ms + ms, dm) + on_foot(to);
                all.add_edge(face(side, lane.start), target, part);
            }
        }
        if let Some((ms, dm)) = gone {
            let rest = number(lane.ms - ms, lane.length_dm - dm) + on_foot(from);
            all.add_edge(source, face(lane.faces()[0], lane.end), rest);
        }
        if let (Some((from_ms, from_dm)), Some((to_ms, to_dm))) = (gone, goal)
            && to_dm > from_dm
        {
            let between = number(to_ms - from_ms, to_dm - from_dm);
            all.add_edge(source, target, between + on_foot(from) + on_foot(to));
        }
    }
    let keys = petgraph::algo::dijkstra(&all, source, Some(target), |edge| *edge.weight());
    keys.get(&target).and_then(|key| Key::of((key >> 32) as u32, *key as u32).leg())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn the_table_is_right_by_the_letter((graph, places) in a_town()) {
        let table = table(&graph, &Network::of(&graph), &places);
        for (i, from) in places.iter().enumerate() {
            for (j, to) in places.iter().enumerate().filter(|(j, _)| *j != i) {
                let leg = table.leg(PlaceId(i as u32), PlaceId(j as u32));
                let expected = from.zip(*to).and_then(|(from, to)| by_the_letter(&graph, &from, &to));
                prop_assert_eq!(leg, expected, "{} to {}", i, j);
            }
        }
    }
}
