//! Which lanes a sign at a junction speaks of: finds the stretches of its ways and puts them in a
//! row. A sign whose ways do not meet, or of which a part is closed to the mode, says nothing.

use std::collections::BTreeMap;

use hjemrute_travel::Band;

use super::bands::ALWAYS;
use super::{CLOSED, Graph, Lane};
use crate::pbf::{Extract, Restriction};
use crate::profile::{Clock, Demand, Profile};
use crate::tags::Tags;

/// Where the things of the map are in a graph.
pub(super) struct Places {
    /// The edges of each way a sign speaks of, along it.
    pub(super) ways: BTreeMap<i64, Vec<u32>>,
    /// The nodes of the graph, by those of the map.
    pub(super) nodes: BTreeMap<u32, u32>,
}

/// The rows of lanes that may not be travelled, each with its end mark, and the bands in which each
/// of them holds.
pub(super) fn bans(
    extract: &Extract,
    profile: &Profile,
    graph: &Graph,
    places: &Places,
) -> (Vec<Lane>, Vec<u32>) {
    let (mut bans, mut bands) = (Vec::new(), Vec::new());
    let clock = Clock::of_norway();
    let mut exits: BTreeMap<u32, Vec<Lane>> = BTreeMap::new();
    for lane in graph.lanes() {
        exits.entry(lane.start(graph.edge(lane))).or_default().push(lane);
    }
    for restriction in &extract.restrictions {
        let pairs = restriction
            .from
            .iter()
            .flat_map(|from| restriction.to.iter().map(move |to| (from, to)));
        let rows = pairs.filter_map(|(from, to)| places.row(graph, restriction, *from, *to));
        let rows: Vec<Vec<Lane>> = rows.collect();
        for (demand, when) in demands(profile, clock, &restriction.tags) {
            for (last, before) in rows.iter().filter_map(|row| row.split_last()) {
                let all = &exits[&last.start(graph.edge(*last))];
                let banned = all.iter().filter(|lane| (demand == Demand::No) == (*lane == last));
                for lane in banned {
                    bans.extend(before.iter().chain([lane, &Graph::END_OF_BAN]));
                    bands.push(when);
                }
            }
        }
    }
    (bans, bands)
}

/// What a sign demands, and in which bands.
fn demands(profile: &Profile, clock: &Clock, tags: &Tags) -> Vec<(Demand, u32)> {
    if let Some(demand) = profile.demand(tags) {
        return vec![(demand, ALWAYS)];
    }
    let when = |demand: Demand| {
        let holds = |band: &Band| profile.demand_at(tags, clock.middle(*band)) == Some(demand);
        let bands = Band::all().filter(holds).fold(0, |bands, band| bands | 1 << band.index());
        (demand, bands)
    };
    [Demand::No, Demand::Only].map(when).into_iter().filter(|(_, bands)| *bands != 0).collect()
}

impl Places {
    /// The lanes from one way over what lies between to another, all of them open.
    fn row(&self, graph: &Graph, sign: &Restriction, from: i64, to: i64) -> Option<Vec<Lane>> {
        let (from, to) = (self.ways.get(&from)?, self.ways.get(&to)?);
        let starts = match self.nodes.get(&sign.node) {
            Some(node) if sign.over.is_empty() => vec![*node],
            _ => ends(graph, from).to_vec(),
        };
        let mut rows = starts.iter().filter_map(|start| {
            let mut row = vec![inward(graph, from, *start)?];
            let at = self.over(graph, *start, &sign.over, &mut row)?;
            row.push(outward(graph, to, at)?);
            Some(row)
        });
        rows.next().filter(|row| row.iter().all(|lane| is_open(graph, *lane)))
    }

    /// Adds the lanes of all these ways, in whatever order they meet; the node they lead to.
    fn over(&self, graph: &Graph, at: u32, ways: &[i64], row: &mut Vec<Lane>) -> Option<u32> {
        if ways.is_empty() {
            return Some(at);
        }
        (0..ways.len()).find_map(|next| {
            let lanes = along(graph, self.ways.get(&ways[next])?, at)?;
            let beyond = lanes.last().map(|lane| lane.end(graph.edge(*lane)))?;
            let left = [&ways[..next], &ways[next + 1..]].concat();
            let known = row.len();
            row.extend(lanes);
            let end = self.over(graph, beyond, &left, row);
            if end.is_none() {
                row.truncate(known);
            }
            end
        })
    }
}

fn is_open(graph: &Graph, lane: Lane) -> bool {
    lane.ms(graph.edge(lane)) != CLOSED
}

/// The nodes at both ends of a way.
fn ends(graph: &Graph, edges: &[u32]) -> [u32; 2] {
    let [first, last] = [edges[0], edges[edges.len() - 1]].map(|edge| graph.edges[edge as usize]);
    [first.tail, last.head]
}

/// The first lane of a way from a node.
fn outward(graph: &Graph, edges: &[u32], node: u32) -> Option<Lane> {
    let [tail, head] = ends(graph, edges);
    match node {
        _ if node == tail => Some(Lane::of(edges[0], false)),
        _ if node == head => Some(Lane::of(edges[edges.len() - 1], true)),
        _ => only_open(graph, edges, |lane| lane.start(graph.edge(lane)) == node),
    }
}

/// The last lane of a way to a node.
fn inward(graph: &Graph, edges: &[u32], node: u32) -> Option<Lane> {
    if ends(graph, edges).contains(&node) {
        return outward(graph, edges, node).map(Lane::back);
    }
    only_open(graph, edges, |lane| lane.end(graph.edge(lane)) == node)
}

/// The open lane of a way that is meant where the way goes on beyond the node of a sign; none if
/// there are several, as where it is open in both directions.
fn only_open(graph: &Graph, edges: &[u32], meant: impl Fn(Lane) -> bool) -> Option<Lane> {
    let lanes = edges.iter().flat_map(|edge| [false, true].map(|back| Lane::of(*edge, back)));
    let mut lanes = lanes.filter(|lane| is_open(graph, *lane) && meant(*lane));
    lanes.next().filter(|_| lanes.next().is_none())
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
