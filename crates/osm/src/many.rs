//! Time and way between many places: one search from each place over the network, stopped when the
//! last of the others is settled. A search compares one number, milliseconds above decimetres, so
//! that the length is that of the chosen way and equal times are decided by it. Rows do not share
//! anything: the table is the same for any number of threads.
//!
//! A leg counts from door to door: the stretch between door and road is walked at 5 km/h, as the
//! crow flies, at both ends. Places joined to the very same spot of road are no way apart.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use hjemrute_travel::{Leg, Table};
use rayon::prelude::*;

use crate::core::Core;
use crate::graph::{Arc, CLOSED, Edge, Graph, Lane, Network};
use crate::key::Key;
use crate::snap::Snap;

/// The table between places; one that is joined to no road has no way to or from it.
pub(crate) fn table(graph: &Graph, network: &Network, places: &[Option<Snap>]) -> Table {
    let doors = Doors::of(graph, network, places);
    let rows: Vec<Vec<Option<Leg>>> = (0..places.len())
        .into_par_iter()
        .map_init(|| Search::over(&doors), |search, from| search.row(graph, places, from))
        .collect();
    Table::from_fn(places.len(), |from, to| rows[from.index()][to.index()])
}

/// The walk between door and road, at 5 km/h.
fn walk(place: &Snap) -> Key {
    let ms = u64::from(place.off_mm) * 18 / 25;
    Key::of(ms as u32, (place.off_mm + 50) / 100)
}

/// The times along an edge, told from a spot on it.
struct Spot<'a> {
    edge: &'a Edge,
    along_dm: u32,
}

impl<'a> Spot<'a> {
    fn of(graph: &'a Graph, place: &Snap) -> Spot<'a> {
        Spot { edge: &graph.edges[place.edge as usize], along_dm: place.along_dm }
    }

    /// The part of a time that falls to the stretch between tail and spot.
    fn share(&self, ms: u32) -> u32 {
        let length = u64::from(self.edge.length_dm.max(1));
        (u64::from(ms) * u64::from(self.along_dm) / length) as u32
    }

    /// What is left of each open lane.
    fn ways_out(&self, edge: u32) -> impl Iterator<Item = (Lane, Key)> + use<> {
        let at = *self.edge;
        let (forth, back) = (self.share(at.forward_ms), self.share(at.backward_ms));
        let (along, rest) = (self.along_dm, at.length_dm - self.along_dm);
        let forward = (at.forward_ms != CLOSED)
            .then(|| (Lane::of(edge, false), Key::of(at.forward_ms - forth, rest)));
        let backward =
            (at.backward_ms != CLOSED).then(|| (Lane::of(edge, true), Key::of(back, along)));
        forward.into_iter().chain(backward)
    }

    /// What of each open lane lies before the spot.
    fn ways_in(&self, edge: u32) -> impl Iterator<Item = (Lane, Key)> + use<> {
        let at = *self.edge;
        let (forth, back) = (self.share(at.forward_ms), self.share(at.backward_ms));
        let (along, rest) = (self.along_dm, at.length_dm - self.along_dm);
        let forward =
            (at.forward_ms != CLOSED).then(|| (Lane::of(edge, false), Key::of(forth, along)));
        let backward = (at.backward_ms != CLOSED)
            .then(|| (Lane::of(edge, true), Key::of(at.backward_ms - back, rest)));
        forward.into_iter().chain(backward)
    }

    /// The way to another spot of the same edge that does not leave it.
    fn along(&self, to: &Spot) -> Key {
        let edge = self.edge;
        let forth = to.share(edge.forward_ms).checked_sub(self.share(edge.forward_ms));
        let back = self.share(edge.backward_ms).checked_sub(to.share(edge.backward_ms));
        match (to.along_dm.checked_sub(self.along_dm), forth, back) {
            (Some(dm), Some(ms), _) if edge.forward_ms != CLOSED => Key::of(ms, dm),
            (None, _, Some(ms)) if edge.backward_ms != CLOSED => {
                Key::of(ms, self.along_dm - to.along_dm)
            }
            _ => Key::NEVER,
        }
    }
}

/// Where the places are left and entered, on the shrunken network.
struct Doors {
    core: Core,
    /// For each place the vertices it is left by.
    leaving: Vec<Vec<(u32, Key)>>,
    /// For each place the vertices it is entered by.
    entering: Vec<Vec<(u32, Key)>>,
    /// Whether a vertex must be settled before a search may stop.
    wanted: Vec<bool>,
    count: usize,
}

impl Doors {
    fn of(graph: &Graph, network: &Network, places: &[Option<Snap>]) -> Doors {
        let each = |doors: fn(&Network, &Graph, &Snap) -> Vec<Arc>| -> Vec<Vec<_>> {
            let doors =
                |place: &Option<Snap>| place.as_ref().map(|place| doors(network, graph, place));
            places.iter().map(|place| doors(place).unwrap_or_default()).collect()
        };
        let (mut leaving, mut entering) = (each(leaving), each(entering));
        let all = leaving.iter().chain(&entering).flatten().map(|(vertex, _)| *vertex);
        let core = Core::of(graph, network, all);
        for (vertex, _) in leaving.iter_mut().chain(&mut entering).flatten() {
            *vertex = core.id(*vertex);
        }
        let mut wanted = vec![false; core.out.len()];
        entering.iter().flatten().for_each(|(vertex, _)| wanted[*vertex as usize] = true);
        let count = wanted.iter().filter(|wanted| **wanted).count();
        Doors { core, leaving, entering, wanted, count }
    }
}

/// The vertices a place is left by, with what it takes from the door.
fn leaving(network: &Network, graph: &Graph, place: &Snap) -> Vec<Arc> {
    let ways = Spot::of(graph, place).ways_out(place.edge);
    ways.flat_map(|(lane, rest)| network.leaving(graph, lane, rest.and(walk(place)))).collect()
}

/// The vertices a place is entered by, with what it takes to the door.
fn entering(network: &Network, graph: &Graph, place: &Snap) -> Vec<Arc> {
    let ways = Spot::of(graph, place).ways_in(place.edge);
    ways.flat_map(|(lane, along)| network.entering(graph, lane, along.and(walk(place)))).collect()
}

/// The scratch of one thread.
struct Search<'a> {
    doors: &'a Doors,
    keys: Vec<Key>,
    queue: BinaryHeap<Reverse<(Key, u32)>>,
}

impl<'a> Search<'a> {
    fn over(doors: &'a Doors) -> Search<'a> {
        Search { doors, keys: vec![Key::NEVER; doors.core.out.len()], queue: BinaryHeap::new() }
    }

    fn row(&mut self, graph: &Graph, places: &[Option<Snap>], from: usize) -> Vec<Option<Leg>> {
        self.settle(from);
        let leg = |(to, entering): (usize, &Vec<(u32, Key)>)| {
            let around = entering.iter().map(|(vertex, key)| self.keys[*vertex as usize].and(*key));
            let direct = direct(graph, places[from].as_ref()?, places[to].as_ref()?);
            around.min().unwrap_or(Key::NEVER).min(direct).leg()
        };
        self.doors.entering.iter().enumerate().map(leg).collect()
    }

    /// Finds the least key of every wanted vertex. Dijkstra 1959, doi:10.1007/BF01386390.
    fn settle(&mut self, from: usize) {
        self.keys.fill(Key::NEVER);
        self.queue.clear();
        let doors = self.doors;
        doors.leaving[from].iter().for_each(|(vertex, key)| self.reach(*vertex, *key));
        let mut missing = doors.count;
        while let Some(Reverse((key, vertex))) = self.queue.pop() {
            if key > self.keys[vertex as usize] {
                continue;
            }
            missing -= usize::from(doors.wanted[vertex as usize]);
            if missing == 0 {
                break;
            }
            for (head, step) in doors.core.out.row(vertex as usize) {
                self.reach(*head, key.and(*step));
            }
        }
    }

    #[inline]
    fn reach(&mut self, vertex: u32, key: Key) {
        let known = &mut self.keys[vertex as usize];
        if key < *known {
            *known = key;
            self.queue.push(Reverse((key, vertex)));
        }
    }
}

/// The way between two places of one edge that does not leave it.
fn direct(graph: &Graph, from: &Snap, to: &Snap) -> Key {
    if from.edge != to.edge {
        return Key::NEVER;
    }
    if from.along_dm == to.along_dm {
        return Key::ZERO;
    }
    Spot::of(graph, from).along(&Spot::of(graph, to)).and(walk(from)).and(walk(to))
}

#[cfg(test)]
#[path = "many_by_the_letter.rs"]
mod tests;
