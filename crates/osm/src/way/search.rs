//! Finds the pieces of a least way. What is left to the goal is asked of the hierarchy, exactly and
//! only where one comes by; so each step of the way can be told from the others by arithmetic, and no
//! shortcut need be unpacked.
//!
//! After B. Strasser, T. Zeitz, A fast and tight heuristic for A* in road networks, 2021,
//! doi:10.4230/LIPIcs.SEA.2021.6.

use std::collections::BTreeSet;

use super::{Piece, Ways};
use crate::graph::{Arc, Lane, Step};
use crate::hierarchy::Hierarchy;
use crate::key::Key;
use crate::many::{Spot, direct, walk};
use crate::snap::Snap;

/// The least key from door to door, and the pieces it is made of besides the walks at both ends;
/// `None` if there is no way. Places at the very same spot are no pieces apart.
pub(super) fn least(ways: &Ways<'_>, from: &Snap, to: &Snap) -> Option<(Key, Vec<Piece>)> {
    let (starts, goals) = (starts(ways, from), goals(ways, to));
    let mut rest = Rest::to(ways.hierarchy, &goals);
    let around = |start: &Door| start.key.and(rest_of(ways, &mut rest, start.vertex));
    let keys: Vec<Key> = starts.iter().map(around).collect();
    let best = (0..starts.len()).min_by_key(|start| keys[*start]);
    let around = best.map_or(Key::NEVER, |best| keys[best]);
    let straight = direct(ways.graph, from, to);
    if straight == Key::NEVER && around == Key::NEVER {
        return None;
    }
    if straight <= around {
        let along = straight.less(walk(from)).and_then(|key| key.less(walk(to)));
        let (from_dm, to_dm) = (from.along_dm, to.along_dm);
        let piece = along.map(|key| Piece { edge: Some(from.edge), from_dm, to_dm, key });
        return Some((straight, piece.filter(|_| from_dm != to_dm).into_iter().collect()));
    }
    let start = &starts[best?];
    let left = around.less(start.key)?;
    let first = Piece { key: start.key.less(walk(from))?, ..start.piece };
    let mut pieces = vec![first];
    let goal = follow(ways, &mut rest, &goals, start.vertex, left, &mut pieces)?;
    pieces.push(Piece { key: goal.key.less(walk(to))?, ..goal.piece });
    Some((around, pieces))
}

/// A vertex a place is left or entered by, what it takes with the walk, and the stretch between.
struct Door {
    vertex: u32,
    key: Key,
    piece: Piece,
}

fn starts(ways: &Ways<'_>, place: &Snap) -> Vec<Door> {
    let (graph, edge) = (ways.graph, place.edge);
    let lanes = Spot::of(graph, place).ways_out(edge);
    let doors = lanes.flat_map(|(lane, rest)| {
        let to_dm = if lane.against() { 0 } else { graph.edges[edge as usize].length_dm };
        let piece = part(edge, place.along_dm, to_dm);
        let arcs = ways.network.leaving(graph, lane, rest.and(walk(place))).into_iter();
        arcs.map(move |(vertex, key)| Door { vertex, key, piece })
    });
    doors.collect()
}

fn goals(ways: &Ways<'_>, place: &Snap) -> Vec<Door> {
    let (graph, edge) = (ways.graph, place.edge);
    let lanes = Spot::of(graph, place).ways_in(edge);
    let doors = lanes.flat_map(|(lane, along)| {
        let from_dm = if lane.against() { graph.edges[edge as usize].length_dm } else { 0 };
        let piece = part(edge, from_dm, place.along_dm);
        let arcs = ways.network.entering(graph, lane, along.and(walk(place))).into_iter();
        arcs.map(move |(vertex, key)| Door { vertex, key, piece })
    });
    doors.collect()
}

fn part(edge: u32, from_dm: u32, to_dm: u32) -> Piece {
    Piece { edge: Some(edge), from_dm, to_dm, key: Key::ZERO }
}

fn rest_of(ways: &Ways<'_>, rest: &mut Rest<'_>, vertex: u32) -> Key {
    rest.of(ways.hierarchy.ranks[vertex as usize])
}

/// A vertex that was come to.
struct Stop {
    /// The step that led here; none at the start.
    by: Option<Step>,
    left: Key,
    onward: Vec<Step>,
}

/// Walks from a vertex along steps that take exactly what is left, to a door of the goal; adds the
/// pieces. Steps that take nothing may lead in a ring: no vertex is looked at twice.
fn follow<'d>(
    ways: &Ways<'_>,
    rest: &mut Rest<'_>,
    goals: &'d [Door],
    start: u32,
    left: Key,
    pieces: &mut Vec<Piece>,
) -> Option<&'d Door> {
    let steps = |vertex: u32| ways.network.steps(ways.graph, ways.exits, vertex);
    let at_goal = |vertex: u32, left: Key| {
        goals.iter().find(|goal| (goal.vertex, goal.key) == (vertex, left))
    };
    let mut seen = BTreeSet::from([start]);
    let mut found = at_goal(start, left);
    let mut path = vec![Stop { by: None, left, onward: steps(start) }];
    while found.is_none() {
        let stop = path.last_mut()?;
        let Some((lane, (vertex, key))) = stop.onward.pop() else {
            path.pop();
            continue;
        };
        let Some(left) = stop.left.less(key) else { continue };
        if rest_of(ways, rest, vertex) == left && seen.insert(vertex) {
            found = at_goal(vertex, left);
            path.push(Stop { by: Some((lane, (vertex, key))), left, onward: steps(vertex) });
        }
    }
    pieces.extend(path.iter().filter_map(|stop| stop.by).map(|step| whole(ways, step)));
    found
}

/// The piece of a step: the whole of its lane.
fn whole(ways: &Ways<'_>, (lane, (_, key)): Step) -> Piece {
    let length = |lane: Lane| ways.graph.edge(lane).length_dm;
    let (from_dm, to_dm) = match lane {
        Some(lane) if lane.against() => (length(lane), 0),
        Some(lane) => (0, length(lane)),
        None => (0, 0),
    };
    Piece { edge: lane.map(Lane::edge), from_dm, to_dm, key }
}

/// What is left to the goal from every rank, found when asked for.
struct Rest<'a> {
    hierarchy: &'a Hierarchy,
    /// Going down only, until the rank is settled.
    keys: Vec<Key>,
    settled: Vec<bool>,
}

impl<'a> Rest<'a> {
    fn to(hierarchy: &'a Hierarchy, goals: &[Door]) -> Rest<'a> {
        let ranks = hierarchy.ranks.len();
        let (mut keys, mut open) = (vec![Key::NEVER; ranks], BTreeSet::new());
        let mut improve = |rank: u32, key: Key| {
            let known = &mut keys[rank as usize];
            *known = key.min(*known);
            *known
        };
        for goal in goals {
            let rank = hierarchy.ranks[goal.vertex as usize];
            improve(rank, goal.key);
            open.insert(rank);
        }
        while let Some(low) = open.pop_first() {
            let left = improve(low, Key::NEVER);
            for (high, key) in hierarchy.standard.down.rows().row(low) {
                improve(high, left.and(key));
                open.insert(high);
            }
        }
        Rest { hierarchy, keys, settled: vec![false; ranks] }
    }

    /// The least key from a rank to the goal.
    fn of(&mut self, rank: u32) -> Key {
        if self.settled[rank as usize] {
            return self.keys[rank as usize];
        }
        let (mut unsettled, mut open) = (BTreeSet::from([rank]), vec![rank]);
        while let Some(low) = open.pop() {
            for high in self.hierarchy.standard.up.rows().heads(low) {
                if !self.settled[*high as usize] && unsettled.insert(*high) {
                    open.push(*high);
                }
            }
        }
        // The highest first: what lies above is settled then.
        for low in unsettled.into_iter().rev() {
            let over = |(high, key): Arc| self.keys[high as usize].and(key);
            let up = self.hierarchy.standard.up.rows().row(low).map(over).min();
            let key = &mut self.keys[low as usize];
            *key = up.map_or(*key, |up| up.min(*key));
            self.settled[low as usize] = true;
        }
        self.keys[rank as usize]
    }
}
