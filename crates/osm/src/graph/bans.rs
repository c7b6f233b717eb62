//! Which lanes a sign at a junction speaks of: finds the stretches of its ways and puts them in a
//! row. A sign whose ways do not meet, or of which a part is closed to the mode, says nothing.

use std::collections::BTreeMap;

use super::{CLOSED, Graph, Lane};
use crate::pbf::{Extract, Restriction};
use crate::profile::{Demand, Profile};

/// Where the things of the map are in a graph.
pub(super) struct Places {
    /// The edges of each way a sign speaks of, along it.
    pub(super) ways: BTreeMap<i64, Vec<u32>>,
    /// The nodes of the graph, by those of the map.
    pub(super) nodes: BTreeMap<u32, u32>,
}

/// The rows of lanes that may not be travelled, each with its end mark.
pub(super) fn bans(
    extract: &Extract,
    profile: &Profile,
    graph: &Graph,
    places: &Places,
) -> Vec<Lane> {
    let mut bans = Vec::new();
    let mut exits: BTreeMap<u32, Vec<Lane>> = BTreeMap::new();
    for lane in graph.lanes() {
        exits.entry(lane.start(graph.edge(lane))).or_default().push(lane);
    }
    for restriction in &extract.restrictions {
        let Some(demand) = profile.demand(&restriction.tags) else { continue };
        let pairs = restriction
            .from
            .iter()
            .flat_map(|from| restriction.to.iter().map(move |to| (from, to)));
        let rows = pairs.filter_map(|(from, to)| places.row(graph, restriction, *from, *to));
        for mut row in rows {
            let last = row.pop().expect("a row has at least two lanes");
            let all = &exits[&last.start(graph.edge(last))];
            let banned = all.iter().filter(|lane| (demand == Demand::No) == (**lane == last));
            for lane in banned {
                bans.extend(row.iter().chain([lane, &Graph::END_OF_BAN]));
            }
        }
    }
    bans
}

impl Places {
    /// The lanes from one way over what lies between to another, all of them open.
    fn row(&self, graph: &Graph, sign: &Restriction, from: i64, to: i64) -> Option<Vec<Lane>> {
        let (from, to) = (self.ways.get(&from)?, self.ways.get(&to)?);
        let starts = match self.nodes.get(&sign.node) {
            Some(node) if sign.over.is_empty() => vec![*node],
            _ => ends(graph, from).to_vec(),
        };
        let there = sign.over.clone();
        let back = there.iter().rev().copied().collect();
        let orders = [there, back];
        let mut rows = starts.iter().flat_map(|start| {
            orders.iter().filter_map(|over| self.row_from(graph, *start, from, over, to))
        });
        rows.next().filter(|row| row.iter().all(|lane| lane.ms(graph.edge(*lane)) != CLOSED))
    }

    fn row_from(
        &self,
        graph: &Graph,
        start: u32,
        from: &[u32],
        over: &[i64],
        to: &[u32],
    ) -> Option<Vec<Lane>> {
        let mut row = vec![outward(graph, from, start)?.back()];
        let mut at = start;
        for way in over {
            let lanes = along(graph, self.ways.get(way)?, at)?;
            at = lanes.last().map(|lane| lane.end(graph.edge(*lane)))?;
            row.extend(lanes);
        }
        row.push(outward(graph, to, at)?);
        Some(row)
    }
}

/// The nodes at both ends of a way.
fn ends(graph: &Graph, edges: &[u32]) -> [u32; 2] {
    let [first, last] = [edges[0], edges[edges.len() - 1]].map(|edge| graph.edges[edge as usize]);
    [first.tail, last.head]
}

/// The first lane of a way from one of its ends.
fn outward(graph: &Graph, edges: &[u32], end: u32) -> Option<Lane> {
    let [tail, head] = ends(graph, edges);
    match end {
        _ if end == tail => Some(Lane::of(edges[0], false)),
        _ if end == head => Some(Lane::of(edges[edges.len() - 1], true)),
        _ => None,
    }
}

/// The lanes of a way from one of its ends to the other.
fn along(graph: &Graph, edges: &[u32], end: u32) -> Option<Vec<Lane>> {
    let [tail, head] = ends(graph, edges);
    let lanes: Vec<Lane> = match end {
        _ if end == tail => edges.iter().map(|edge| Lane::of(*edge, false)).collect(),
        _ if end == head => edges.iter().rev().map(|edge| Lane::of(*edge, true)).collect(),
        _ => return None,
    };
    let meet =
        |pair: &[Lane]| pair[0].end(graph.edge(pair[0])) == pair[1].start(graph.edge(pair[1]));
    lanes.windows(2).all(meet).then_some(lanes)
}
